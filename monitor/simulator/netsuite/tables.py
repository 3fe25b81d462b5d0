"""NetSuite's lists in a real SQLite database, changed with the verbs people use."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from monitor.simulator.netsuite.trail import Trail

DATE = "D:"
"""Marks a moment among texts: what a query does not format is shown in the user's format."""

_TREE = (
    "id integer primary key, name, fullname, parent integer, isinactive, includechildren, "
    "subsidiary, externalid, lastmodifieddate"
)
_ENTITY = (
    "id integer primary key, entityid, altname, companyname, firstname, lastname, "
    "isinactive, parent integer, externalid, lastmodifieddate"
)

SCHEMA = (
    f"create table classification({_TREE})",
    f"create table department({_TREE})",
    f"create table location({_TREE})",
    "create table subsidiary(id integer primary key, name, fullname, parent integer, isinactive, "
    "externalid, lastmodifieddate)",
    f"create table job({_ENTITY}, customer integer, allowexpenses, limittimetoassignees, "
    "subsidiary)",
    f"create table customer({_ENTITY})",
    "create table employee(id integer primary key, entityid, firstname, lastname, email, "
    "isinactive, class integer, department integer, location integer, subsidiary integer, "
    "externalid, hiredate, releasedate, lastmodifieddate)",
    "create table classificationsubsidiarymap(classification integer, subsidiary integer)",
    "create table departmentsubsidiarymap(department integer, subsidiary integer)",
    "create table locationsubsidiarymap(location integer, subsidiary integer)",
    "create table jobresources(project integer, jobresource integer)",
    "create table customersubsidiaryrelationship(id integer primary key, entity integer, "
    "subsidiary integer, isprimarysub)",
    "create table deletedrecord(recordid, recordtypeid, name, deleteddate, scriptid)",
    "create table dual(dummy)",
    "insert into dual values ('X')",
)

TABLES = {
    "class": "classification",
    "department": "department",
    "location": "location",
    "subsidiary": "subsidiary",
    "project": "job",
    "customer": "customer",
    "employee": "employee",
}
_TYPES = {
    "class": "-101",
    "department": "-102",
    "location": "-103",
    "subsidiary": "-117",
    "project": "-7",
    "customer": "-2",
    "employee": "-4",
}
_MAPS = {
    "class": ("classificationsubsidiarymap", "classification"),
    "department": ("departmentsubsidiarymap", "department"),
    "location": ("locationsubsidiarymap", "location"),
}
_PAIRS = {
    **_MAPS,
    "project": ("jobresources", "project"),
    "customer": ("customersubsidiaryrelationship", "entity"),
}
ONE_WORLD_TABLES = frozenset(
    {"subsidiary", "customersubsidiaryrelationship", *(table for table, _ in _MAPS.values())}
)


class Tables:
    """The account's records. Every verb stamps lastmodifieddate as an edit by a person would."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self._now = now
        for statement in SCHEMA:
            self.db.execute(statement)
        self.trail = Trail(self.db, self.stamp)
        self._segments: list[str] = []

    def add(self, kind: str, record_id: int | str, **columns: Any) -> None:
        """A new record; columns as NetSuite calls them. `subsidiary` is a list of ids, a day is
        "2026-03-31".
        """
        edited = {self._edited(kind): self.stamp()}
        row = {"id": int(record_id), "isinactive": "F", **edited, **columns}
        self._spell(kind, int(record_id), row)
        names = ", ".join(row)
        slots = ", ".join("?" * len(row))
        with self.lock:
            self.db.execute(
                f"insert into {self._table(kind)}({names}) values ({slots})", tuple(row.values())
            )
            self._rename_paths(kind)

    def edit(self, kind: str, record_id: int | str, **columns: Any) -> None:
        """Somebody edits fields of a record."""
        row = {**columns, self._edited(kind): self.stamp()}
        self._spell(kind, int(record_id), row)
        before = self.get(kind, record_id) or {}
        assignments = ", ".join(f"{name} = ?" for name in row)
        with self.lock:
            self.db.execute(
                f"update {self._table(kind)} set {assignments} where id = ?",
                (*row.values(), int(record_id)),
            )
            self.trail.note_edit(self._table(kind), self._type(kind), int(record_id), before, row)
            self._rename_paths(kind)

    def add_segment(self, table: str) -> None:
        """A custom segment; its values are the kind "segment:TABLE"."""
        with self.lock:
            self.db.execute(
                f"create table {table}(id integer primary key, name, parent integer, isinactive, "
                "fullname, externalid, lastmodified)"
            )
        self._segments.append(table)

    def inactivate(self, kind: str, record_id: int | str) -> None:
        self.edit(kind, record_id, isinactive="T")

    def reactivate(self, kind: str, record_id: int | str) -> None:
        self.edit(kind, record_id, isinactive="F")

    def rename(self, kind: str, record_id: int | str, name: str) -> None:
        self.edit(kind, record_id, name=name)

    def move(self, kind: str, record_id: int | str, parent: int | str | None) -> None:
        self.edit(kind, record_id, parent=None if parent is None else int(parent))

    def set_subsidiaries(self, kind: str, record_id: int | str, ids: Iterable[int | str]) -> None:
        self.edit(kind, record_id, subsidiary=[int(one) for one in ids])

    def delete(self, kind: str, record_id: int | str, *, is_logged: bool = True) -> None:
        """The record is gone; `is_logged`: NetSuite's DeletedRecord knows of it."""
        with self.lock:
            self.db.execute(f"delete from {self._table(kind)} where id = ?", (int(record_id),))
            if is_logged:
                self.db.execute(
                    "insert into deletedrecord values (?, ?, '', ?, ?)",
                    (str(record_id), self._type(kind), self.stamp(), self._script_id(kind)),
                )
            if kind in _PAIRS:
                table, owner = _PAIRS[kind]
                self.db.execute(f"delete from {table} where {owner} = ?", (int(record_id),))

    def add_resource(self, project: int | str, employee: int | str) -> None:
        """The employee works on the project; twice in two roles."""
        with self.lock:
            self.db.execute(
                "insert into jobresources(project, jobresource) values (?, ?)",
                (int(project), int(employee)),
            )

    def remove_resource(self, project: int | str, employee: int | str) -> None:
        """The employee works on the project no more."""
        with self.lock:
            self.db.execute(
                "delete from jobresources where project = ? and jobresource = ?",
                (int(project), int(employee)),
            )

    def relate(
        self, customer: int | str, subsidiary: int | str, *, is_primary: bool = False
    ) -> None:
        """The customer may trade with the subsidiary."""
        with self.lock:
            self.db.execute(
                "insert into customersubsidiaryrelationship(entity, subsidiary, isprimarysub) "
                "values (?, ?, ?)",
                (int(customer), int(subsidiary), "T" if is_primary else "F"),
            )

    def get(self, kind: str, record_id: int | str) -> dict[str, Any] | None:
        """The record's columns, None when it is gone."""
        with self.lock:
            row = self.db.execute(
                f"select * from {self._table(kind)} where id = ?", (int(record_id),)
            ).fetchone()
        return None if row is None else dict(row)

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All records of a kind, by id."""
        with self.lock:
            return [
                dict(row)
                for row in self.db.execute(f"select * from {self._table(kind)} order by id")
            ]

    def _table(self, kind: str) -> str:
        return TABLES.get(kind) or kind.removeprefix("segment:")

    def _type(self, kind: str) -> str:
        """NetSuite numbers its own record types below zero, those of an account above."""
        return _TYPES.get(kind) or str(100 + self._segments.index(self._table(kind)))

    def _script_id(self, kind: str) -> str | None:
        return None if kind in TABLES else self._table(kind).upper()

    def _edited(self, kind: str) -> str:
        return "lastmodifieddate" if kind in TABLES else "lastmodified"

    def stamp(self) -> str:
        return f"{DATE}{self._now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _spell(self, kind: str, record_id: int, row: dict[str, Any]) -> None:
        """Lists and days as the tables keep them."""
        if kind in _MAPS and isinstance(row.get("subsidiary"), list | tuple):
            self._map(kind, record_id, row["subsidiary"])
            row["subsidiary"] = ", ".join(map(str, row["subsidiary"])) or None
        for day in ("hiredate", "releasedate"):
            if row.get(day):
                row[day] = f"{DATE}{row[day]}"

    def _map(self, kind: str, record_id: int, subsidiaries: Iterable[int | str]) -> None:
        table, owner = _MAPS[kind]
        with self.lock:
            self.db.execute(f"delete from {table} where {owner} = ?", (record_id,))
            self.db.executemany(
                f"insert into {table} values (?, ?)",
                [(record_id, int(one)) for one in subsidiaries],
            )

    def _rename_paths(self, kind: str) -> None:
        """Full names follow the parents; a child's lastmodifieddate does not."""
        if kind not in (*_MAPS, "subsidiary") and kind in TABLES:
            return
        self.db.execute(
            f"with recursive path(id, fullname) as (select id, name from {self._table(kind)} t "
            "where parent is null "
            f"or not exists (select 1 from {self._table(kind)} p where p.id = t.parent) "
            f"union all select c.id, path.fullname || ' : ' || c.name from {self._table(kind)} c "
            "join path on c.parent = path.id) "
            f"update {self._table(kind)} set fullname = (select fullname from path "
            f"where path.id = {self._table(kind)}.id)"
        )
