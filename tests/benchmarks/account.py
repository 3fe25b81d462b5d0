"""A seeded NetSuite account: rows as SuiteQL sends them, the edits of one day, and their truth."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from monitor.adapters.netsuite.lists import SPECS, parser
from monitor.core.records import Kind, Record

Row = dict[str, object]

_PARTS = {
    Kind.SUBSIDIARY: 0.0,
    Kind.CLASS: 0.04,
    Kind.DEPARTMENT: 0.01,
    Kind.LOCATION: 0.01,
    Kind.EMPLOYEE: 0.14,
    Kind.CUSTOMER: 0.50,
    Kind.PROJECT: 0.30,
}
"""How a large account's records are spread over its lists; the few subsidiaries come on top."""
_SUBSIDIARIES = 8
_TREES = (Kind.CLASS, Kind.DEPARTMENT, Kind.LOCATION)
_WORDS = (
    *("North", "South", "East", "West", "Retail", "Wholesale", "Field", "Online", "Growth"),
    *("Brand", "Events", "Partner", "Research", "Design", "Platform", "Support", "Logistics"),
    *("Finance", "Legal", "People", "Summit", "Harbor", "Cedar", "Granite", "Willow"),
)


class Edit(NamedTuple):
    """One thing that happened to a record, and the fields that show it (none: came or went)."""

    what: str
    """added, removed or changed."""
    id: int
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Account:
    """Rows by kind and id, ids ascending; ids are unique over all lists, so that tools whose key is
    one column can take part. `attached` are the values of the tables of pairs, by owner.
    """

    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    attached: dict[str, dict[int, tuple[str, ...]]] = field(default_factory=dict)
    last_id: int = 0

    def copy(self) -> Account:
        return copy.deepcopy(self)

    def records(self, kind: str) -> Iterator[Record]:
        """The records of one list, as the monitor's own parser reads them."""
        for record_id in self.rows[kind]:
            yield self.record(kind, record_id)

    def record(self, kind: str, record_id: int) -> Record:
        """One record, as the monitor's own parser reads it."""
        spec = SPECS[kind]
        parse = parser(spec, frozenset(spec.columns), has_attached=spec.attached is not None)
        values = self.attached[kind].get(record_id)
        return parse(self.rows[kind][record_id], {str(record_id): values} if values else {})


def an_account(size: int, seed: int = 831) -> Account:
    """An account of about so many records; the same seed makes the same account."""
    chance, account = Random(seed), Account()
    for kind, part in _PARTS.items():
        account.rows[kind], account.attached[kind] = {}, {}
        for _ in range(_SUBSIDIARIES if kind == Kind.SUBSIDIARY else max(2, round(size * part))):
            _add(account, kind, chance)
    return account


def edit(account: Account, count: int, chance: Random) -> list[Edit]:
    """Do what people do, in place: of ten edits six edit, two (in)activate, one adds, one removes.

    No record is edited twice, so every edit is a difference.
    """
    edits: list[Edit] = []
    touched: set[int] = set()
    for number in range(count):
        kind = chance.choices(list(_PARTS), list(_PARTS.values()))[0]
        if number % 10 == 8:
            edits.append(Edit("added", _add(account, kind, chance)))
            touched.add(account.last_id)
            continue
        record_id = _untouched(account, kind, touched, chance)
        if number % 10 == 9:
            del account.rows[kind][record_id]
            account.attached[kind].pop(record_id, None)
            edits.append(Edit("removed", record_id))
            continue
        row = account.rows[kind][record_id]
        fields = _flip(row) if number % 10 in (3, 7) else _rewrite(row, kind, account, chance)
        row["lastmodified_utc"] = _moment(chance)
        edits.append(Edit("changed", record_id, fields))
    return edits


def _untouched(account: Account, kind: str, touched: set[int], chance: Random) -> int:
    ids = list(account.rows[kind])
    while (record_id := chance.choice(ids)) in touched:
        pass
    touched.add(record_id)
    return record_id


def _flip(row: Row) -> tuple[str, ...]:
    row["isinactive"] = "F" if row["isinactive"] == "T" else "T"
    return ("is_inactive",)


def _rewrite(row: Row, kind: str, account: Account, chance: Random) -> tuple[str, ...]:
    if kind == Kind.EMPLOYEE:
        row["email"] = f"new.{chance.randrange(10**9)}@acme.example"
        return ("email",)
    if kind == Kind.PROJECT:
        others = [one for one in _some(account, Kind.CUSTOMER, chance) if one != row["customer"]]
        row["customer"] = others[0]
        return ("customer_id",)
    name = f"{_name(chance)} {chance.randrange(10**9)}"
    if kind == Kind.CUSTOMER:
        row["companyname"] = name
    else:
        path = str(row["fullname"]).rpartition(" : ")[0]
        row |= {"name": name, "fullname": f"{path} : {name}" if path else name}
    return ("full_name", "name")


def _add(account: Account, kind: str, chance: Random) -> int:
    account.last_id += 1
    record_id = account.last_id
    row: Row = {
        "id": str(record_id),
        "isinactive": "T" if chance.random() < 0.05 else "F",
        "externalid": f"ext-{record_id}" if chance.random() < 0.3 else None,
        "lastmodified_utc": _moment(chance),
    }
    if kind == Kind.SUBSIDIARY:
        row |= {"name": f"Acme {record_id}", "fullname": f"Acme {record_id}", "isinactive": "F"}
    elif kind in _TREES:
        row |= _tree_row(account, kind, chance)
    elif kind == Kind.EMPLOYEE:
        row |= _employee_row(record_id, account, chance)
    else:
        row |= _entity_row(record_id, kind, account, chance)
    # SuiteQL leaves a null column out
    account.rows[kind][record_id] = {name: one for name, one in row.items() if one is not None}
    if values := _attached(kind, row, account, chance):
        account.attached[kind][record_id] = values
    return record_id


def _tree_row(account: Account, kind: str, chance: Random) -> Row:
    name = f"{_name(chance)} {account.last_id}"
    row: Row = {"name": name, "fullname": name, "includechildren": chance.choice("TF")}
    if account.rows[kind] and chance.random() < 0.8:
        parent = _some(account, kind, chance)[0]
        path = account.rows[kind][int(parent)]["fullname"]
        if str(path).count(" : ") < 2:
            row |= {"parent": parent, "fullname": f"{path} : {name}"}
    row["subsidiary"] = ", ".join(_subsidiaries(chance))
    return row


def _entity_row(record_id: int, kind: str, account: Account, chance: Random) -> Row:
    name = f"{_name(chance)} {_name(chance)} {record_id}"
    row: Row = {"entityid": f"{kind[:1].upper()}{record_id:06}", "companyname": name}
    if kind == Kind.PROJECT:
        row |= {
            "customer": _some(account, Kind.CUSTOMER, chance)[0],
            "allowexpenses": "F" if chance.random() < 0.1 else "T",
            "limittimetoassignees": "T" if chance.random() < 0.1 else "F",
            "subsidiary": _subsidiaries(chance)[0],
        }
    return row


def _employee_row(record_id: int, account: Account, chance: Random) -> Row:
    first, last = chance.choice(_WORDS), f"{chance.choice(_WORDS)}{record_id}"
    return {
        "entityid": f"{first} {last}",
        "firstname": first,
        "lastname": last,
        "email": f"{first}.{last}@acme.example".lower(),
        **{kind: _some(account, kind, chance)[0] for kind in _TREES},
        "subsidiary": _subsidiaries(chance)[0],
        "releasedate": "2026-03-31" if chance.random() < 0.1 else None,
    }


def _attached(kind: str, row: Row, account: Account, chance: Random) -> tuple[str, ...]:
    """The subsidiaries, also where the row says them; two people of a tenth of the projects."""
    if kind in _TREES:
        return tuple(str(row["subsidiary"]).split(", "))
    if kind == Kind.CUSTOMER:
        return _subsidiaries(chance)
    if kind == Kind.PROJECT and chance.random() < 0.1:
        return tuple(sorted(_some(account, Kind.EMPLOYEE, chance), key=int))
    return ()


def _some(account: Account, kind: str, chance: Random) -> list[str]:
    """Two different ids of the list, where it has so many."""
    rows = account.rows[kind]
    first, last = next(iter(rows)), next(reversed(rows))
    found: list[str] = []
    while len(found) < min(2, len(rows)):
        record_id = chance.randint(first, last)
        if record_id in rows and str(record_id) not in found:
            found.append(str(record_id))
    return found


def _subsidiaries(chance: Random) -> tuple[str, ...]:
    count = 2 if chance.random() < 0.2 else 1
    return tuple(map(str, sorted(chance.sample(range(1, _SUBSIDIARIES + 1), count))))


def _name(chance: Random) -> str:
    return f"{chance.choice(_WORDS)} {chance.choice(_WORDS)}"


def _moment(chance: Random) -> str:
    month, day, hour = chance.randint(1, 9), chance.randint(1, 28), chance.randint(0, 23)
    return f"2026-{month:02}-{day:02}T{hour:02}:15:00Z"
