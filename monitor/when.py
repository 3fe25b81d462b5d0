"""The ways people say when: a text -> a moment or a snapshot, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from monitor.core.moments import plausible
from monitor.errors import UsageError

EXAMPLES = (
    "last-sync, baseline, @42 (a snapshot), @-1 (the newest), 2026-11-20T09:30:00Z, 2026-11-20, "
    "90m, 6h, 3d, 2w, 1y, today, yesterday or now"
)
MOMENT_EXAMPLES = (
    "2026-11-20T09:30:00Z, 2026-11-20T09:30 (in [schedule] time_zone), 2026-11-20, "
    "90m, 6h, 3d, 2w, 1y, today, yesterday or now"
)

FUTURE_EXAMPLES = (
    "today, tomorrow or 2026-11-30 (until that day ends), "
    "2026-11-30T09:30 (in [schedule] time_zone) or 2026-11-30T09:30:00Z"
)


@dataclass(frozen=True, slots=True)
class AtLastSync:
    """When Expensify last synced."""


@dataclass(frozen=True, slots=True)
class AtBaseline:
    """The first snapshot."""


@dataclass(frozen=True, slots=True)
class AtSnapshot:
    """The snapshot with this id."""

    id: int


@dataclass(frozen=True, slots=True)
class AtNewest:
    """The n-th newest snapshot; 1 is the newest."""

    back: int


@dataclass(frozen=True, slots=True)
class AtMoment:
    """A moment, aware UTC. `through` is the last moment still meant: a text in whole seconds
    means the whole second, because what is stored is in milliseconds and shown in seconds.
    """

    moment: datetime
    through: datetime


When = AtLastSync | AtBaseline | AtSnapshot | AtNewest | AtMoment

_SNAPSHOT = re.compile(r"@(-?)(\d{1,15})", re.ASCII)
_AGO = re.compile(r"(\d{1,9})\s*([smhdwy])(?:\s+ago)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(?P<fraction>[.,]\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)?",
    re.ASCII,
)
_DAYS_BACK = {"today": 0, "yesterday": 1}
_DAYS_ON = {"yesterday": -1, "today": 0, "tomorrow": 1}
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
_REST_OF_SECOND = timedelta(milliseconds=999)


def read_when(text: str, *, now: datetime, time_zone: str) -> When:
    """Read any WHEN text; a time without a zone is in `time_zone` (an IANA name).

    Raises UsageError, with examples, for what is unknown, lies in the future, or is no single
    moment because clocks were changed.
    """
    said = text.strip()
    words: dict[str, When] = {"last-sync": AtLastSync(), "baseline": AtBaseline()}
    if said.lower() in words:
        return words[said.lower()]
    if said.startswith("@"):
        return _snapshot(said)
    return _moment(said, now, time_zone, EXAMPLES)


def read_moment(text: str, *, now: datetime, time_zone: str) -> AtMoment:
    """Read a WHEN text that must be a moment of the past or now; raises UsageError as read_when."""
    return _moment(text.strip(), now, time_zone, MOMENT_EXAMPLES)


def read_future(text: str, *, now: datetime, time_zone: str) -> datetime:
    """Read a WHEN text that must be a moment still to come; a day means its last second. Raises
    UsageError as read_when.
    """
    said = text.strip()
    try:
        at = _coming_moment(said, now, time_zone)
        if at is not None:
            plausible(at.moment)
    except (ValueError, OverflowError) as error:
        raise _unknown(said, FUTURE_EXAMPLES) from error
    if at is None:
        raise _unknown(said, FUTURE_EXAMPLES)
    if at.moment <= now:
        raise UsageError(
            f"{said!r} lies in the past: write a moment to come, such as {FUTURE_EXAMPLES}"
        )
    return at.moment


def zone_named(time_zone: str) -> tzinfo:
    """The zone of an IANA name; raises UsageError when this machine does not know it."""
    if time_zone == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # costs every command that needs no local time

    try:
        return ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"this machine does not know the time zone {time_zone!r}: install the package tzdata, "
            "or correct [schedule] time_zone"
        ) from error


def local(moment: datetime, time_zone: str, *, has_seconds: bool = False) -> str:
    """The moment for people, in their zone: 2026-11-22 04:45 EST."""
    try:
        zone = zone_named(time_zone)
    except UsageError:  # showing UTC beats showing nothing
        zone = UTC
    seconds = ":%S" if has_seconds else ""
    return moment.astimezone(zone).strftime(f"%Y-%m-%d %H:%M{seconds} %Z")


def _snapshot(said: str) -> When:
    found = _SNAPSHOT.fullmatch(said)
    if found is None or int(found[2]) == 0:
        raise _unknown(said, EXAMPLES)
    number = int(found[2])
    return AtNewest(number) if found[1] else AtSnapshot(number)


def _moment(said: str, now: datetime, time_zone: str, examples: str) -> AtMoment:
    try:
        at = _said_moment(said, now, time_zone)
        if at is not None:
            plausible(at.moment)
    except (ValueError, OverflowError) as error:
        if _DATE.match(said) and not _is_day(said[:10]):
            raise UsageError(
                f"{said!r}: there is no such day, write one like 2026-11-20"
            ) from error
        raise _unknown(said, examples) from error
    if at is None:
        raise _unknown(said, examples)
    if at.moment > now:
        raise UsageError(f"{said!r} is in the future: write a past moment, such as {examples}")
    return at


def _said_moment(said: str, now: datetime, time_zone: str) -> AtMoment | None:
    lower = said.lower()
    if lower == "now":
        return AtMoment(now, now)
    if lower in _DAYS_BACK:
        return _start_of_day(_midnight(now, time_zone, days=-_DAYS_BACK[lower]), time_zone)
    if ago := _AGO.fullmatch(lower):
        moment = now - int(ago[1]) * _UNITS[ago[2]]
        return AtMoment(moment, moment)
    return _written_moment(said, time_zone)


def _coming_moment(said: str, now: datetime, time_zone: str) -> AtMoment | None:
    lower = said.lower()
    if lower == "now":
        return AtMoment(now, now)
    if lower in _DAYS_ON:
        return _end_of_day(_midnight(now, time_zone, days=_DAYS_ON[lower]), time_zone)
    if _DATE.fullmatch(said):
        return _end_of_day(datetime.fromisoformat(said), time_zone)
    return _written_moment(said, time_zone)


def _written_moment(said: str, time_zone: str) -> AtMoment | None:
    if _DATE.fullmatch(said):
        return _start_of_day(datetime.fromisoformat(said), time_zone)
    if iso := _ISO.fullmatch(said):
        moment = _absolute(datetime.fromisoformat(said.upper()), said, time_zone)
        return AtMoment(moment, moment if iso["fraction"] else moment + _REST_OF_SECOND)
    return None


def _midnight(now: datetime, time_zone: str, *, days: int) -> datetime:
    today = now.astimezone(zone_named(time_zone)).date()
    return datetime.combine(today + timedelta(days=days), time())


def _is_day(date: str) -> bool:
    try:
        datetime.fromisoformat(date)
    except ValueError:
        return False
    return True


def _start_of_day(midnight: datetime, time_zone: str) -> AtMoment:
    # fold=0: where clocks change at midnight, this is the day's first moment
    moment = midnight.replace(tzinfo=zone_named(time_zone), fold=0).astimezone(UTC)
    return AtMoment(moment, moment)


def _end_of_day(midnight: datetime, time_zone: str) -> AtMoment:
    next_day = _start_of_day(midnight + timedelta(days=1), time_zone).moment
    return AtMoment(next_day - timedelta(seconds=1), next_day)


def _absolute(read: datetime, said: str, time_zone: str) -> datetime:
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    zone = zone_named(time_zone)
    first, second = (read.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    # Where clocks change the two folds differ: a time that was skipped does not survive the way
    # to UTC and back, a time that came twice does.
    readings = sorted(fold.astimezone(UTC) for fold in (first, second))
    was_skipped = readings[0].astimezone(zone).replace(tzinfo=None) != read
    what = "did not exist" if was_skipped else "came twice"
    earlier, later = (reading.astimezone(zone).isoformat() for reading in readings)
    raise UsageError(
        f"{said!r} {what} in {time_zone}, because clocks were changed: write {earlier} or {later}"
    )


def _unknown(said: str, examples: str) -> UsageError:
    return UsageError(f"{said!r} is no moment the monitor understands: write {examples}")
