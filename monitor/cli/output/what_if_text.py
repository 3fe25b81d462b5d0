"""A rehearsal as text: what would change, which reports would break, which would be cured."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.answers.fates import Fate
from monitor.answers.rehearsal import Rehearsal
from monitor.cli.output.risks_text import COLORS, VERDICTS, money, stake
from monitor.cli.output.tables import table
from monitor.cli.output.words import Paint, field_word, plain, value
from monitor.core.changes import fields_of
from monitor.core.message.words import STATE_WORDS
from monitor.core.supposed import Changed

_MOST_RECORDS = 20
_INDENT = "  "


def what_if_text(rehearsal: Rehearsal, paint: Paint, columns: int | None = None) -> str:
    """One paragraph a sort of report; empty when nothing would be otherwise.

    `columns`: how many the terminal has, None = lines of any length.
    """
    room = None if columns is None else columns - len(_INDENT)
    paragraphs = [
        _titled("Would change in NetSuite", list(_changes(rehearsal.changed))),
        _titled("Would break", _fates(rehearsal.broken, rehearsal, paint, room)),
        _titled("May break", _fates(rehearsal.doubtful, rehearsal, paint, room)),
        _titled("Would be cured", _cured(rehearsal.cured, rehearsal, room)),
        _titled(
            "Would be cured by a Sync after it", _cured(rehearsal.cured_by_sync, rehearsal, room)
        ),
        "\n".join(_totals(rehearsal)),
    ]
    return "\n\n".join(filter(None, paragraphs))


def _totals(rehearsal: Rehearsal) -> Iterator[str]:
    yield from (f"Total that would break: {stake(total)}" for total in rehearsal.totals)
    yield from (f"Total that may break: {stake(total)}" for total in rehearsal.doubtful_totals)


def _titled(title: str, lines: list[str]) -> str:
    return "\n".join([title, *(f"{_INDENT}{line}" for line in lines)]) if lines else ""


def _changes(changed: tuple[Changed, ...]) -> Iterator[str]:
    for one in changed[:_MOST_RECORDS]:
        yield f"{one.before.ref} {plain(one.before.full_name)}: {_how(one)}"
    if len(changed) > _MOST_RECORDS:
        yield f"and {len(changed) - _MOST_RECORDS} more"


def _how(one: Changed) -> str:
    if one.after is None:
        return "deleted"
    return "; ".join(
        f"{field_word(change.field)}: {value(change.old)} → {value(change.new)}"
        for change in fields_of(one.before, one.after)
    )


def _fates(
    fates: tuple[Fate, ...], rehearsal: Rehearsal, paint: Paint, room: int | None
) -> list[str]:
    rows = []
    for fate in fates:
        code = f" with {fate.likely_code}" if fate.likely_code else ""
        verdict = paint(f"{VERDICTS[fate.certainty]}{code}", COLORS[fate.certainty])
        rows.append((*_report(fate, rehearsal), verdict, _why(fate)))
    return table(rows, room=room) if rows else []


def _cured(fates: tuple[Fate, ...], rehearsal: Rehearsal, room: int | None) -> list[str]:
    rows = [(*_report(fate, rehearsal), f"now: {_why(fate)}") for fate in fates]
    return table(rows, room=room) if rows else []


def _report(fate: Fate, rehearsal: Rehearsal) -> tuple[str, ...]:
    names = {workspace.policy_id: workspace.name for workspace in rehearsal.workspaces}
    report = fate.report
    return (
        report.report_id,
        plain(report.name),
        plain(report.submitter),
        STATE_WORDS[report.state],
        money(report),
        plain(names.get(fate.policy_id, fate.policy_id)),
    )


def _why(fate: Fate) -> str:
    return f"{fate.ref.kind} “{plain(fate.full_name)}” {fate.cause.value}"
