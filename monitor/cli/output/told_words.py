"""How much was said, as a table reason by reason: shared by `alerts` and `replay`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from monitor.cli.output.tables import table
from monitor.cli.output.words import NOTHING
from monitor.core.alerts import Reason
from monitor.core.volume import Tally, Volume


class Column(NamedTuple):
    """One tally under its title."""

    title: str
    tally: Tally


def tally_lines(columns: Sequence[Column], length: timedelta, room: int | None = None) -> list[str]:
    """Messages that the channel sees by reason, all of them, a day; then what disturbs fewer."""
    reasons = [one for one in Reason if any(one in column.tally.reasons for column in columns)]
    rows = [
        ("in the channel", *(column.title for column in columns)),
        *(_row(f"  {reason.code}", columns, Volume.CHANNEL, reason) for reason in reasons),
        _row("  all", columns, Volume.CHANNEL),
        ("  a day", *(f"{column.tally.a_day(length):.1f}" for column in columns)),
        _row("in threads only", columns, Volume.THREAD),
        _row("silent edits", columns, Volume.SILENT),
    ]
    said = [row for row in rows if set(row[1:]) != {NOTHING} or not row[0].startswith("  ")]
    return table(said, room=room)


def tally_json(tally: Tally, length: timedelta) -> dict[str, Any]:
    """The same for programs."""
    return {
        "channel": tally.count(Volume.CHANNEL),
        "thread": tally.count(Volume.THREAD),
        "silent": tally.count(Volume.SILENT),
        "channel_a_day": round(tally.a_day(length), 2),
        "reasons": {reason.code: dict(_volumes(tally, reason)) for reason in tally.reasons},
    }


def _volumes(tally: Tally, reason: Reason) -> Iterator[tuple[str, int]]:
    for volume in Volume:
        yield volume.code, tally.count(volume, reason)


def _row(
    title: str, columns: Sequence[Column], volume: Volume, reason: Reason | None = None
) -> tuple[str, ...]:
    counts = [column.tally.count(volume, reason) for column in columns]
    return (title, *(str(count) if count or reason is None else NOTHING for count in counts))


def days(length: timedelta) -> str:
    """How long, as people say it: 30 days, 1 day, 5 hours, 40 minutes."""
    for unit, size in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if length >= size:
            whole = round(length / size)
            return f"{whole} {unit}{'' if whole == 1 else 's'}"
    return f"{round(length / timedelta(minutes=1))} minutes"
