"""The alerts of the range: a picture of when each was open, and a table that says the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.answers.history import PastAlert
from monitor.answers.review import Review
from monitor.answers.waiting import SHADOW_MODE
from monitor.cli.output.page.pieces import (
    Column,
    Part,
    badge,
    left_out,
    moment,
    paragraph,
    part,
    table,
)
from monitor.cli.output.page.tree import Element, Node, element
from monitor.cli.output.words import NOTHING, iso
from monitor.core.message.words import counted, length
from monitor.core.volume import Volume

MOST_ALERTS = 200
MOST_BARS = 30
_WIDTH = 1000
_HEIGHT = 12
_THINNEST = 6
"""So that what was over in a minute is seen, too."""
_COLUMNS = (
    Column("Alert", is_number=True),
    Column("Workspace"),
    Column("Opened"),
    Column("Resolved"),
    Column("Was open"),
    Column("Risks", is_number=True),
    Column("Reports", is_number=True),
    Column("Messages", is_number=True),
    Column("What its message said last"),
)


def alerts(review: Review) -> Part:
    """Newest first."""
    newest = review.alerts[::-1]
    said: list[Node] = []
    if review.standing.waiting.is_shadow:
        said.append(paragraph(f"In force: {SHADOW_MODE}."))
    said += _undelivered(review)
    if newest:
        rows = (_row(one, review) for one in newest[:MOST_ALERTS])
        said += [_picture(newest[:MOST_BARS], review), table("Alerts", _COLUMNS, rows)]
    else:
        said.append(paragraph("No alert was open in this time."))
    over = len(newest) - MOST_ALERTS
    since = f"monitor alerts --since {iso(review.since)}"
    return part("alerts", "Alerts", *said, *left_out(over, "alerts are", since))


def _undelivered(review: Review) -> Iterator[Element]:
    """What nobody was told, or not yet."""
    delivery = review.standing.delivery
    if delivery.dead:
        why = f": {delivery.last_error}" if delivery.last_error else ""
        yield paragraph(f"{counted(delivery.dead, 'message')} refused by Slack for good{why}")
    if delivery.waiting:
        yield paragraph(f"{counted(delivery.waiting, 'message')} not told yet.")


def _picture(alerts: tuple[PastAlert, ...], review: Review) -> Element:
    """A bar an alert; a reader without eyes gets the table alone."""
    begin, end = review.since, review.generated_at
    axis = element(
        "div",
        moment(begin, review.time_zone),
        moment(end, review.time_zone),
        class_="axis",
    )
    bars = (_bar(one, begin, end) for one in alerts)
    caption = element("figcaption", "When each alert was open (the table below says the same)")
    return element("figure", caption, axis, *bars, class_="timeline", aria_hidden="true")


def _bar(one: PastAlert, begin: datetime, end: datetime) -> Element:
    opened, closed = max(one.alert.opened_at, begin), one.alert.closed_at
    span = max((end - begin).total_seconds(), 1)
    left = round((opened - begin).total_seconds() / span * _WIDTH)
    right = round(((closed or end) - begin).total_seconds() / span * _WIDTH)
    left = min(left, _WIDTH - _THINNEST)
    state = "resolved" if closed else "open"
    track = element("rect", x="0", y="5", width=str(_WIDTH), height="2", class_="track")
    bar = element(
        "rect",
        x=str(left),
        y="0",
        width=str(max(right - left, _THINNEST)),
        height=str(_HEIGHT),
        class_=state,
    )
    picture = element(
        "svg", track, bar, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", preserveAspectRatio="none"
    )
    label = element("div", f"Alert {one.alert.alert_id} · {one.workspace} · {state}")
    return element("div", label, picture, class_="bar")


def _row(one: PastAlert, review: Review) -> tuple[Node, ...]:
    alert, zone, sent = one.alert, review.time_zone, one.sent
    closed = badge("open", "bad") if alert.closed_at is None else moment(alert.closed_at, zone)
    return (
        str(alert.alert_id),
        one.workspace,
        moment(alert.opened_at, zone),
        closed,
        length((alert.closed_at or review.generated_at) - alert.opened_at),
        str(one.risks),
        str(one.reports),
        str(sent.count(Volume.CHANNEL) + sent.count(Volume.THREAD)),
        one.headline or NOTHING,
    )


def open_alerts(review: Review) -> Iterator[PastAlert]:
    """Those that are open still."""
    return (one for one in review.alerts if one.alert.closed_at is None)
