"""What the monitor cannot see or does not predict, and when in the range it could not look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.adapters.store.unseen_times import UnreadList
from monitor.answers.freshness import source_name
from monitor.answers.review import Review
from monitor.cli.output.page.pieces import (
    Column,
    Part,
    bullets,
    left_out,
    moment,
    paragraph,
    part,
    table,
)
from monitor.cli.output.page.tree import Node, element
from monitor.core.message.words import length

MOST_SPELLS = 100
_COLUMNS = (Column("What"), Column("From"), Column("Until"), Column("How long"), Column("Why"))
_NO_READING = "no complete reading"


def blindness(review: Review) -> Part:
    """What is not seen now, then when it was not in the range."""
    now = [*_now(review)]
    spells = sorted(_spells(review), key=lambda row: row[0], reverse=True)
    rows = [cells for _, cells in spells]
    return part(
        "blindness",
        "What the monitor cannot see",
        element("h3", "Now"),
        bullets(now) if now else paragraph("Every rule is on, and every list it needs is read."),
        element("h3", "In this time"),
        table("Times without sight", _COLUMNS, rows[:MOST_SPELLS])
        if rows
        else paragraph("Both sources were read all the time, and every list with them."),
        *left_out(len(rows) - MOST_SPELLS, "older times are", "monitor report --since WHEN"),
    )


def _now(review: Review) -> Iterator[str]:
    standing = review.standing
    yield from (off.sentence for off in standing.rules_off)
    yield from (f"rule {cap.cause.code}: {cap.sentence}" for cap in standing.caps)
    yield from (f"{one.workspace.name}: {one.sentence}" for one in standing.untold)
    yield from (report.sentence for report, _ in standing.unread)
    names = {one.policy_id: one.name for one in review.workspaces}
    for one in standing.questions:
        yield f"{names.get(one.policy_id, one.policy_id)}: {one.sentence}"


def _spells(review: Review) -> Iterator[tuple[datetime, tuple[Node, ...]]]:
    for one in review.unread:
        name = source_name(one.source)
        yield one.begin, _row(name, one.begin, one.end, _NO_READING, review)
    for unread in review.unread_lists:
        yield unread.begin, _row(_list(unread), unread.begin, unread.end, unread.why, review)


def _list(unread: UnreadList) -> str:
    return f"the list {unread.kind} ({unread.state.value})"


def _row(
    what: str, begin: datetime, end: datetime | None, why: str, review: Review
) -> tuple[Node, ...]:
    zone = review.time_zone
    return (
        what,
        moment(begin, zone),
        moment(end, zone) if end else "it goes on",
        length((end or review.generated_at) - begin),
        why,
    )
