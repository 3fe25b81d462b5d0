"""A column that a list shows for the first time tells what was so before: it changes no record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from monitor.adapters.store.looks import READ
from monitor.adapters.store.rows import CONTENT
from monitor.adapters.store.schema import OPEN

_FIELDS = {
    "parent": ("parent_id",),
    "includechildren": ("include_children",),
    "externalid": ("external_id",),
    "subsidiary": ("subsidiary_ids", "subsidiary_id"),
    "customer": ("customer_id",),
    "allowexpenses": ("allow_expenses",),
    "limittimetoassignees": ("limit_to_resources",),
    "email": ("email",),
    "class": ("class_id",),
    "department": ("department_id",),
    "location": ("location_id",),
    "hiredate": ("hired_on",),
    "releasedate": ("released_on",),
    "jobresources": ("resource_ids",),
    "customersubsidiaryrelationship": ("subsidiary_ids",),
    "classificationsubsidiarymap": ("mapped_subsidiary_ids",),
    "departmentsubsidiarymap": ("mapped_subsidiary_ids",),
    "locationsubsidiarymap": ("mapped_subsidiary_ids",),
}
"""Which fields of a record each column, or attached table, fills."""


def fill_gained(db: sqlite3.Connection, kind: int, slot: int, columns: Iterable[str]) -> None:
    """Let the versions that hold take from what is staged what they could not know before, and drop
    from what is staged the records that differ in nothing else. In a transaction.

    `columns`: those of the reading that the last one of the list lacked: the role was granted one,
    or an older monitor asked for fewer.
    """
    fields = [field for column in sorted(columns) for field in _FIELDS.get(column, ())]
    if not fields:
        return
    values = ", ".join(
        f"{field} = (select s.{field} from temp.staged s where s.slot = ?1 and s.id = version.id)"
        for field in fields
    )
    db.execute(
        f"update version set {values} where vto = {OPEN} and kind = ?2 "
        "and id in (select id from temp.staged where slot = ?1)",
        (slot, kind),
    )
    db.execute(
        "delete from temp.staged where slot = ?1 and exists (select 1 from version v "
        f"where v.vto = {OPEN} and v.kind = ?2 and v.id = staged.id "
        f"and ({_of('v')}) is ({_of('staged')}))",
        (slot, kind),
    )


def columns_before(db: sqlite3.Connection, kind: int) -> frozenset[str]:
    """What the last reading of the list could see; nothing where it was never read."""
    found = db.execute(
        f"select columns from list_reading where kind = ? and {READ} order by vfrom desc limit 1",
        (kind,),
    ).fetchone()
    return frozenset(filter(None, found[0].split(","))) if found else frozenset()


def _of(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in CONTENT.split(", "))
