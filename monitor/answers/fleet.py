"""The answer of `monitor fleet` as a value: how many instances stand, each by its own database."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from monitor.answers.exposure import listed
from monitor.answers.freshness import Freshness
from monitor.answers.health import Health, Verdict, health_of
from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import Known, known
from monitor.core.risks import Certainty, CurrencyTotal, totals
from monitor.errors import MonitorError

_PATIENCE = timedelta(seconds=3)
"""A database that is locked for longer is one row: the others are not waited for as long."""
_WORST_FIRST = (2, 78, 3, 4, 1, 0)
"""Exit codes, of which the view ends with the first that applies to any database."""
_UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,  # a moment beyond all calendars
    RecursionError,
)
"""What another hand wrote into one database must not hide all the others."""
_DOUBTFUL, _REFUSED, _AT_RISK, _WELL = 3, 4, 1, 0


@dataclass(frozen=True, slots=True)
class Instance:
    """One database that was read: what it says of its instance."""

    path: Path
    account: str
    """Empty before the first cycle."""
    time_zone: str
    freshness: Freshness
    health: Health
    syncs: tuple[WorkspaceSync, ...] = ()
    alerts: int = 0
    """How many are open."""
    risks: Mapping[Certainty, int] = field(default_factory=dict)
    """Those that pending reports hit, by how sure they are."""
    totals: tuple[CurrencyTotal, ...] = ()
    is_shadow: bool = False

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the risks may be out of date, beside what the verdict says."""
        return (*self.freshness.source_doubts(), *self.freshness.list_doubts())

    @property
    def needs(self) -> tuple[str, ...]:
        """Why it needs a person, sentence by sentence; nothing of one that is well. How old the
        readings are is no reason of its own beside a verdict that says so.
        """
        is_well = self.health.verdict is Verdict.HEALTHY
        is_failing = any(one.failing_since is not None for one in self.freshness.sources)
        sources = self.freshness.source_doubts() if is_well or is_failing else ()
        doubts = (*sources, *self.freshness.list_doubts())
        said = self.health.sentence
        return (*(() if is_well else (said,)), *(one for one in doubts if one not in said))

    @property
    def code(self) -> int:
        """What a command that is asked for its code would end with on this database alone."""
        if self.health.verdict is Verdict.UNHEALTHY or self.doubts:
            return _DOUBTFUL
        if self.health.verdict is Verdict.REFUSED:
            return _REFUSED
        return _AT_RISK if self.risks else _WELL


@dataclass(frozen=True, slots=True)
class Unread:
    """A database that could not be read, and the sentence that says why."""

    path: Path
    sentence: str
    code: int
    account: str = ""


class Amount(NamedTuple):
    """What is at stake in one currency, over all accounts."""

    currency: str
    amount: Decimal
    reports: int


@dataclass(frozen=True, slots=True)
class Fleet:
    """All databases asked for, the worst first and otherwise as they were named."""

    now: datetime
    members: tuple[Instance | Unread, ...]

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Those that could be read."""
        return tuple(one for one in self.members if isinstance(one, Instance))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The others; they come first."""
        return tuple(one for one in self.members if isinstance(one, Unread))

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """What is at stake, currency by currency; accounts share no report."""
        every = [total for one in self.instances for total in one.totals]
        return tuple(
            Amount(
                currency,
                sum((one.amount for one in every if one.currency == currency), Decimal()),
                sum(one.reports for one in every if one.currency == currency),
            )
            for currency in sorted({one.currency for one in every})
        )

    def name(self, member: Instance | Unread) -> str:
        """What people call it: its account, and its path where that names it alone."""
        if not member.account:
            return str(member.path)
        shared = sum(one.account == member.account for one in self.members) > 1
        return f"{member.account} ({member.path})" if shared else member.account

    def exit_code(self, *, is_asked: bool) -> int:
        """What could not be read counts always, how the others stand only when asked for."""
        codes = {one.code for one in (self.members if is_asked else self.unread)}
        return next(code for code in _WORST_FIRST if code in codes or code == _WELL)


def fleet_of(paths: Iterable[Path], *, now: datetime, patience: timedelta = _PATIENCE) -> Fleet:
    """Read each database once, one after the other; what cannot be read ends nothing."""
    members = [_member(path, now, patience) for path in _once_each(paths)]
    return Fleet(now, tuple(sorted(members, key=_badness)))


def _once_each(paths: Iterable[Path]) -> Iterator[Path]:
    """A folder means the monitor.db in it; a file that is named twice is one instance."""
    met: set[str] = set()
    for path in paths:
        file = path / "monitor.db" if _is_folder(path) else path
        place = os.path.realpath(file)  # never fails, also not on a link that leads to itself
        if place not in met:
            met.add(place)
            yield file


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # opening it says why


def _member(path: Path, now: datetime, patience: timedelta) -> Instance | Unread:
    try:
        with known(path, patience=patience) as database:
            return _instance(path, database, now)
    except MonitorError as error:
        return Unread(path, str(error), error.exit_code)
    except _UNREADABLE as error:
        said = f"{path} holds what cannot be read ({type(error).__name__}: {error})"
        return Unread(path, f"{said}: run `monitor --db {path} db check`", MonitorError.exit_code)


def _instance(path: Path, database: Known, now: datetime) -> Instance:
    store, settings = database.store, database.settings
    risks = listed(store.alerts.tracked(), (one.policy_id for one in settings.workspaces))
    return Instance(
        path=path,
        account=settings.account,
        time_zone=settings.time_zone,
        freshness=database.freshness(now),
        health=health_of(database, now=now),
        syncs=tuple(WorkspaceSync.of(store, one, now=now) for one in settings.workspaces),
        alerts=len(store.alerts.open()),
        risks=Counter(one.risk.certainty for one in risks),
        totals=totals(tuple(report for one in risks for report in one.risk.reports)),
        is_shadow=settings.is_shadow,
    )


def _badness(member: Instance | Unread) -> tuple[int, bool, bool]:
    """What is not even known comes first, then what is unhealthy, then what is in doubt."""
    is_read = isinstance(member, Instance)
    is_healthy = isinstance(member, Instance) and member.health.verdict is Verdict.HEALTHY
    return _WORST_FIRST.index(member.code), is_read, is_healthy
