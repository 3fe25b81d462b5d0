"""A replay as text: what would have been told beside what was, and every message if asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from monitor.answers.replayed import Replayed
from monitor.cli.output.told_words import Column, days, tally_lines
from monitor.cli.output.words import local, plain
from monitor.core.message.words import counted
from monitor.core.pretended import Fate, Said
from monitor.core.volume import Tally, Volume, volume_of


def replay_text(
    found: Replayed,
    policy: Mapping[str, Any],
    time_zone: str,
    *,
    is_each: bool,
    is_other: bool,
    room: int | None = None,
) -> str:
    """The whole answer; its last paragraph is the one sentence to decide by. `is_other`: the policy
    is not the one that the monitor runs with.
    """
    paragraphs = (
        _head(found, time_zone),
        "\n".join(tally_lines(list(_columns(found)), found.length, room)),
        "\n".join(_each(found, time_zone)) if is_each else "",
        "\n".join(_notes(found)),
        _verdict(found, policy, is_other=is_other),
    )
    return "\n\n".join(filter(None, paragraphs))


def _head(found: Replayed, time_zone: str) -> str:
    span = f"{local(found.begin, time_zone)} to {local(found.end, time_zone)}"
    cycles = f"{counted(found.cycles, 'cycle')} in {days(found.length)}, decided again"
    return f"{span}: {cycles} (time zone {time_zone})"


def _columns(found: Replayed) -> Iterator[Column]:
    yield Column("replayed", found.replayed)
    yield Column("really told", found.really)
    if found.in_shadow.counts:
        yield Column("kept back by shadow mode", found.in_shadow)


def _each(found: Replayed, time_zone: str) -> Iterator[str]:
    """Every message with its moment, oldest first; edits notify nobody and are left out."""
    for one in found.said:
        if _volume(one) is Volume.SILENT:
            continue
        yield f"{local(one.promised_at, time_zone)}  {_about(one)}{_became(one, time_zone)}"
        yield f"  {plain(one.letter.message.headline)}"


def _about(one: Said) -> str:
    alert = "" if one.letter.alert_id is None else f"alert {one.letter.alert_id} "
    where = "" if _volume(one) is Volume.CHANNEL else ", in the thread"
    old = ", stood already" if one.is_old else ""
    return f"{alert}{one.letter.reason.code}{where}{old}"


def _became(one: Said, time_zone: str) -> str:
    if one.fate is Fate.TOLD:
        is_later = one.at is not None and one.at > one.promised_at
        return f": told {local(one.at, time_zone)}" if is_later and one.at else ""
    return f": {one.fate}"


def _volume(one: Said) -> Volume:
    return volume_of(one.letter.method, is_broadcast=one.letter.is_broadcast)


def _notes(found: Replayed) -> Iterator[str]:
    if found.old:
        messages = counted(found.old, "message")
        yield f"Not counted: {messages} about what stood already when the replay began."
    if gone := found.alerts_with(Fate.CAME_AND_WENT):
        yield f"Never told: {counted(gone, 'alert')}, over before the quiet hours were."
    if waiting := found.alerts_with(Fate.WAITING):
        yield f"Not told yet: {counted(waiting, 'alert')}, until the quiet hours are over."


def _verdict(found: Replayed, policy: Mapping[str, Any], *, is_other: bool) -> str:
    settings = ", ".join(f"{key} = {_written(value)}" for key, value in policy.items())
    under = settings or "the default [alerts]"
    if not is_other:
        under = "the [alerts] of your configuration" + (f" ({settings})" if settings else "")
    new, old = (_a_day(tally, found.length) for tally in (found.replayed, found.really))
    return f"With {under}: {new} messages a day in the channel instead of {old}."


def _written(value: object) -> str:
    """As the file has it: true, not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _a_day(tally: Tally, length: timedelta) -> str:
    return f"{tally.a_day(length):.1f}"
