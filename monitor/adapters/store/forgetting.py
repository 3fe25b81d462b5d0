"""Takes a person out of everything that is stored; a stable pseudonym stands in their place."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from monitor.adapters.store.given import packed, unpacked
from monitor.adapters.store.schema import OPEN
from monitor.core.employees import EmployeeFound
from monitor.core.predict.usage import employee_ref
from monitor.core.records import Kind, Ref

_SHARED = ("version", "offered_value", "list_reading")
"""What may be called like a person and is another thing: there only the address is replaced."""
_ESCAPED = r"(?<=\\[nrtbf])|(?<=\\u[0-9a-f]{4})"
"""Within JSON a line break is written with a letter, which is no part of the word after it."""
_COLUMNS = """select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like '\\_%' escape '\\' and c.type in ('TEXT', 'BLOB')
    order by m.name, c.cid"""
_OF_EMPLOYEES = f"kind = (select number from kind where name = '{Kind.EMPLOYEE.value}')"


class Touched(NamedTuple):
    """How many rows of one table named the person."""

    table: str
    rows: int


class Forgotten(NamedTuple):
    """What was replaced, and what will be read again."""

    pseudonym: str
    touched: tuple[Touched, ...]
    employees: tuple[Ref, ...]
    """Those that NetSuite still listed with the address at the last look."""
    report_ids: tuple[str, ...]
    """The reports that wait and named the person."""
    other_addresses: tuple[str, ...]
    """What the same employees were called besides."""


def pseudonym_of(address: str) -> str:
    """The same for the same address, whenever it is forgotten."""
    digest = sha256(f"forgotten {_folded(address)}".encode()).hexdigest()
    return f"forgotten-{digest[:8]}"


def forget(
    db: sqlite3.Connection, address: str, names: Iterable[str] = (), *, is_only_said: bool = False
) -> Forgotten:
    """Replace the address and the names of whoever had it, wherever they are stored. In a
    transaction, unless it is only said what would be replaced.

    `names`: further ones that NetSuite's employees do not tell. What was overwritten is zeroed in
    the file.
    """
    person = _find(db, address, names)
    for name, function, arguments in (
        ("is_named", person.is_named, -1),
        ("without_address", person.without_address, 1),
        ("without_person", person.without_person, 1),
    ):
        db.create_function(name, arguments, function, deterministic=True)
    listed, waiting = _listed(db, person), _waiting(db)
    if is_only_said:
        touched = _named(db, person)
    else:
        db.execute("pragma secure_delete = on").fetchall()
        touched = [Touched("version", _replace_versions(db, person)), *_replace(db)]
    rows: dict[str, int] = {}
    for one in touched:
        rows[one.table] = rows.get(one.table, 0) + one.rows
    found = tuple(Touched(table, count) for table, count in rows.items() if count)
    return Forgotten(person.pseudonym, found, listed, waiting, person.other_addresses)


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom to forget, as they may be written."""

    pseudonym: str
    employee_ids: tuple[int, ...]
    other_addresses: tuple[str, ...]
    address: re.Pattern[str]
    name: re.Pattern[str]
    ids: tuple[str, str]
    """What names a submitter whom NetSuite does not know: before, and from now on."""

    def is_named(self, table: str, *values: Any) -> bool:
        """Whether any of a row's values names the person."""
        replaced = self.without_address if table in _SHARED else self.without_person
        return any(replaced(value) != value for value in values)

    def without_address(self, value: Any) -> Any:
        """The value with the pseudonym for the address."""
        return self._replaced(value, lambda text: self.address.sub(self.pseudonym, text))

    def without_person(self, value: Any) -> Any:
        """The value with the pseudonym for the address and the names."""
        return self._replaced(
            value,
            lambda text: self.name.sub(self.pseudonym, self.address.sub(self.pseudonym, text)),
        )

    def _replaced(self, value: Any, replace: Callable[[str], str]) -> Any:
        if isinstance(value, bytes):
            text = unpacked(value)
            new = replace(text.replace(*self.ids))
            return value if new == text else packed(new)
        return replace(value.replace(*self.ids)) if isinstance(value, str) else value


def _find(db: sqlite3.Connection, address: str, names: Iterable[str]) -> _Person:
    rows = db.execute(
        f"select id, name, full_name, other_names, email from version where {_OF_EMPLOYEES}"
    ).fetchall()
    folded, pseudonym = _folded(address), pseudonym_of(address)
    ids = {row[0] for row in rows if row[4] and _folded(row[4]) == folded}
    theirs = [row for row in rows if row[0] in ids]
    known = {name for row in theirs for name in (*row[1:3], *json.loads(row[3] or "[]"))}
    # One word alone may be anybody's, or a class's.
    full = {name.strip() for name in known if len(name.split()) > 1} | {*names}
    emails = {_folded(row[4]) for row in theirs if row[4]} - {folded, pseudonym}
    return _Person(
        pseudonym,
        tuple(sorted(ids)),
        tuple(sorted(one for one in emails if "@" in one)),
        _written([folded], before=r"[\w.+%-]", after=r"(?![\w-])(?!\.\w)"),
        _written(full - {""}, before=r"\w", after=r"(?!\w)"),
        (_nobody(folded), _nobody(pseudonym)),
    )


def _written(texts: Iterable[str], *, before: str, after: str) -> re.Pattern[str]:
    """Finds any of the texts, also as JSON writes them; finds nothing where there is none."""
    ways = {
        way
        for text in texts
        for way in (
            text,
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
        )
    }
    longest_first = sorted(map(re.escape, ways), key=len, reverse=True)
    if not longest_first:
        return re.compile(r"(?!)")
    return re.compile(
        f"(?:(?<!{before})|{_ESCAPED})(?:{'|'.join(longest_first)}){after}", re.IGNORECASE
    )


def _replace_versions(db: sqlite3.Connection, person: _Person) -> int:
    """The employee's own record in all its versions, whatever it is called."""
    return db.execute(
        "update version set name = ?1, full_name = ?1, "
        "other_names = case other_names when '' then '' else json_array(?1) end, "
        "email = case when email is null then null else ?1 end "
        f"where {_OF_EMPLOYEES} and id in (select value from json_each(?2)) and name <> ?1",
        (person.pseudonym, json.dumps(person.employee_ids)),
    ).rowcount


def _replace(db: sqlite3.Connection) -> list[Touched]:
    touched = []
    for table, columns in _texts(db).items():
        without = "without_address" if table in _SHARED else "without_person"
        changes = ", ".join(f"{column} = {without}({column})" for column in columns)
        # A row that says the same of a person twice forgotten gives way.
        cursor = db.execute(
            f"update or replace {table} set {changes} "
            f"where is_named('{table}', {', '.join(columns)})"
        )
        touched.append(Touched(table, cursor.rowcount))
    return touched


def _named(db: sqlite3.Connection, person: _Person) -> list[Touched]:
    named = []
    for table, columns in _texts(db).items():
        where = f"is_named('{table}', {', '.join(columns)})"
        if table == "version":
            theirs = ", ".join(map(str, person.employee_ids))
            where = f"{where} or {_OF_EMPLOYEES} and id in ({theirs})"
        (rows,) = db.execute(f"select count(*) from {table} where {where}").fetchone()
        named.append(Touched(table, rows))
    return named


def _texts(db: sqlite3.Connection) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for table, column in db.execute(_COLUMNS):
        columns.setdefault(table, []).append(f'"{column}"')
    return columns


def _listed(db: sqlite3.Connection, person: _Person) -> tuple[Ref, ...]:
    rows = db.execute(
        f"select id, email from version where vto = {OPEN} and email is not null "
        f"and {_OF_EMPLOYEES} order by id"
    )
    return tuple(
        Ref(Kind.EMPLOYEE.value, str(record_id))
        for record_id, email in rows
        if person.is_named("version", email)
    )


def _waiting(db: sqlite3.Connection) -> tuple[str, ...]:
    rows = db.execute(
        "select report_id from report where last is null and is_named('report', body) order by 1"
    )
    return tuple(report_id for (report_id,) in rows)


def _nobody(address: str) -> str:
    return employee_ref(EmployeeFound(address)).id


def _folded(address: str) -> str:
    return address.strip().casefold()
