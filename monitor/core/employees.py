"""NetSuite's employees by e-mail: who a submitter is for one workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from monitor.core.records import Record, Ref
from monitor.core.workspace import Workspace

_FURTHEST_WEST, _FURTHEST_EAST = timedelta(hours=-12), timedelta(hours=14)
"""The zones in which a day ends last and begins first. An account keeps days of its own zone, which
nobody tells the monitor.
"""
_ENOUGH_SUBMITTERS = 5
_MOST_UNKNOWN = 0.2


class EmployeeFound(NamedTuple):
    """Who a submitter is: one employee, none, or several of whom nobody knows which."""

    address: str
    """As NetSuite would know it: trimmed, case-folded, through the aliases."""
    record: Record | None = None
    is_several: bool = False
    is_usable: bool = False
    """Active, and hired by now and not released somewhere on earth."""
    is_known: bool = False
    """Some employee has the address or once had it, in whatever subsidiary and state."""


class EmployeeBook:
    """The account's employees by e-mail. Built once a cycle and not changed afterwards."""

    def __init__(
        self,
        records: Iterable[Record] = (),
        *,
        former: Iterable[Record] = (),
        gone: Iterable[Record] = (),
        now: datetime | None = None,
    ) -> None:
        self._days = _days_at(now) if now else None
        self._by_ref: dict[Ref, Record] = {}
        self._by_address: defaultdict[str, list[Record]] = defaultdict(list)
        self._told: set[str] = set()
        for record in records:
            self._by_ref[record.ref] = record
            self._told.update(name for name in DEFAULTS.values() if getattr(record, name))
            if record.email and record.email.strip():
                self._by_address[_folded(record.email)].append(record)
        self._once = {_folded(one.email) for one in (*former, *gone) if one.email}

    @property
    def is_readable(self) -> bool:
        """Whether NetSuite tells any employee's e-mail at all."""
        return bool(self._by_address)

    @property
    def everybody(self) -> Iterable[Record]:
        """All employees there are."""
        return self._by_ref.values()

    def get(self, ref: Ref) -> Record | None:
        """The employee, None when there is none."""
        return self._by_ref.get(ref)

    def tells(self, kind: str) -> bool:
        """Whether NetSuite tells the employees' default of this kind: somebody has one."""
        return DEFAULTS.get(kind, "") in self._told

    def find(self, workspace: Workspace, address: str) -> EmployeeFound:
        """The employee of the workspace's subsidiary with the submitter's address.

        Of several the usable one. An employee of whom NetSuite names no subsidiary is taken only
        where nobody else fits.
        """
        meant = _meant(workspace, address)
        is_known = meant in self._by_address or meant in self._once
        fitting = self._fitting(workspace, meant)
        usable = [record for record in fitting if self.is_usable(record)]
        if len(usable) > 1:
            return EmployeeFound(meant, is_several=True, is_known=is_known)
        one = next(iter(usable or sorted(fitting, key=lambda record: int(record.id))), None)
        return EmployeeFound(meant, one, is_usable=bool(usable), is_known=is_known)

    def usable_with(self, workspace: Workspace, address: str) -> tuple[Record, ...]:
        """Everybody whom an export could take for the submitter, ordered by id."""
        fitting = self._fitting(workspace, _meant(workspace, address))
        usable = (record for record in fitting if self.is_usable(record))
        return tuple(sorted(usable, key=lambda record: int(record.id)))

    def _fitting(self, workspace: Workspace, meant: str) -> list[Record]:
        return _of_subsidiary(self._by_address.get(meant, []), workspace.subsidiary)

    def is_usable(self, employee: Record) -> bool:
        """Active, and neither before the first day nor after the last, as far as NetSuite tells
        them. In whose zone it counts these days is not known: only what is so in every zone on
        earth makes somebody unusable.
        """
        if employee.is_inactive or self._days is None:
            return not employee.is_inactive
        earliest, latest = self._days
        return (employee.hired_on or latest) <= latest and earliest <= (
            employee.released_on or earliest
        )

    def is_trustworthy(self, workspace: Workspace, addresses: Collection[str]) -> bool:
        """Whether e-mails tell who submits: too many strangers mean that they do not."""
        if not self.is_readable:
            return False
        meant = {_meant(workspace, address) for address in addresses}
        unknown = sum(address not in self._by_address for address in meant)
        return len(meant) < _ENOUGH_SUBMITTERS or unknown <= _MOST_UNKNOWN * len(meant)


DEFAULTS = {"class": "class_id", "department": "department_id", "location": "location_id"}
"""The employee's field that holds the default of each kind."""


def default_of(employee: Record, kind: str) -> str | None:
    """The id of the employee's default of this kind."""
    value: str | None = getattr(employee, DEFAULTS[kind]) if kind in DEFAULTS else None
    return value


def _days_at(now: datetime) -> tuple[str, str]:
    """The earliest and the latest day that a calendar on earth shows at the moment."""
    utc = now.astimezone(UTC)
    return (utc + _FURTHEST_WEST).date().isoformat(), (utc + _FURTHEST_EAST).date().isoformat()


def _of_subsidiary(employees: list[Record], subsidiary: str | None) -> list[Record]:
    if subsidiary is None:
        return employees
    sure = [one for one in employees if one.subsidiary_id == subsidiary]
    return sure or [one for one in employees if one.subsidiary_id is None]


def _folded(address: str) -> str:
    return address.strip().casefold()


def _meant(workspace: Workspace, address: str) -> str:
    folded = _folded(address)
    aliases = {_folded(old): _folded(new) for old, new in workspace.aliases}
    return aliases.get(folded, folded)
