"""What changed in NetSuite, day by day, and whether Expensify has imported it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby

from monitor.answers.difference import DriftedChange
from monitor.answers.review import Review
from monitor.cli.output.page.pieces import (
    Column,
    Part,
    badge,
    bullets,
    left_out,
    moment,
    paragraph,
    part,
    table,
)
from monitor.cli.output.page.tree import Element, Node, element
from monitor.cli.output.words import NOTHING, field_word, iso, value
from monitor.core.message.words import kind_word, sentence
from monitor.core.records import Change, ChangeWord
from monitor.core.sync import Imported
from monitor.when import zone_named

MOST_CHANGES = 500
_BAD = (ChangeWord.DELETED, ChangeWord.INACTIVATED)
_COLUMNS = (
    Column("Record"),
    Column("Change"),
    Column("Field: old → new"),
    Column("Who"),
    Column("When"),
    Column("Imported by Expensify?"),
)


def changes(review: Review) -> Part:
    """The newest five hundred steps, newest first; the last days' come first."""
    found = sorted(review.difference.changes, key=_moment_of, reverse=True)
    names = {one.policy_id: one.name for one in review.workspaces}
    shown = found[:MOST_CHANGES]
    days = (
        piece
        for day, rows in groupby(shown, lambda row: _day_of(row, review.time_zone))
        for piece in _day(day, rows, names, review.time_zone)
    )
    since = f"monitor diff --each --since {iso(review.since)}"
    return part(
        "changes",
        "Changes in NetSuite",
        *([] if found else [paragraph("Nothing changed in NetSuite's lists in this time.")]),
        *(paragraph(sentence(remark), "faint") for remark in review.difference.remarks),
        *days,
        *left_out(len(found) - len(shown), "changes, all older, are", since),
    )


def _day(
    day: date, rows: Iterable[DriftedChange], names: Mapping[str, str], zone: str
) -> Iterator[Element]:
    title = f"{day:%A}, {day.isoformat()}"
    yield element("h3", title)
    yield table(f"Changes of {title}", _COLUMNS, (_row(row, names, zone) for row in rows))


def _row(row: DriftedChange, names: Mapping[str, str], zone: str) -> tuple[Node, ...]:
    change = row.change
    called = f"{kind_word(change.kind)} “{change.full_name}”"
    return (
        element("span", called, " ", element("small", str(change.ref))),
        badge(change.change.value, "bad" if change.change in _BAD else "plain"),
        _fields(change),
        change.modified_by or NOTHING,
        _when(change, zone),
        _imported(row.imported, names),
    )


def _fields(change: Change) -> Node:
    said = [
        f"{field_word(one.field)}: {value(one.old)} → {value(one.new)}" for one in change.fields
    ]
    return bullets(said) if len(said) > 1 else "".join(said)


def _when(change: Change, zone: str) -> Node:
    if change.modified_at is not None:
        return moment(change.modified_at, zone)
    begin, end = (moment(at, zone) for at in change.seen_between)
    return element("span", "between ", begin, " and ", end)


def _imported(imported: Mapping[str, Imported], names: Mapping[str, str]) -> Node:
    """One word where all workspaces are alike, else each word with its workspaces."""
    verdicts = dict.fromkeys(imported.values())
    if len(verdicts) == 1:
        return next(iter(verdicts)).value
    whose = {
        verdict: ", ".join(
            names.get(policy, policy) for policy in imported if imported[policy] is verdict
        )
        for verdict in verdicts
    }
    return bullets(f"{verdict.value}: {named}" for verdict, named in whose.items())


def _moment_of(row: DriftedChange) -> datetime:
    return row.change.modified_at or row.change.seen_between[1]


def _day_of(row: DriftedChange, zone: str) -> date:
    return _moment_of(row).astimezone(zone_named(zone)).date()
