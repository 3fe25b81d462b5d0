"""The whole page: its head, its parts in the order people ask for them, and its looks."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

from monitor import __version__
from monitor.answers.review import Review
from monitor.cli.output.page.alerts import alerts, open_alerts
from monitor.cli.output.page.blindness import blindness
from monitor.cli.output.page.changes import changes
from monitor.cli.output.page.freshness import freshness
from monitor.cli.output.page.masked import Mask
from monitor.cli.output.page.pieces import Part, bullets, moment, paragraph
from monitor.cli.output.page.risks import risks
from monitor.cli.output.page.score import score
from monitor.cli.output.page.tree import Element, Node, element, reworded, written
from monitor.cli.output.risks_text import money
from monitor.core.message.words import Voice, counted
from monitor.when import zone_named

PAGE_BEGINS = b"<!doctype html"
"""How to know an older page by."""
_TITLE = "Sync drift report"
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def page(review: Review) -> str:
    """The page as HTML: no script, nothing loaded, everything that was read escaped."""
    body = _body(review)
    title: Node = f"{_TITLE}: NetSuite {review.account}, {review.generated_at:%Y-%m-%d}"
    if review.people is not None:
        words = Mask(review.people).words
        body, title = tuple(reworded(one, words) for one in body), reworded(title, words)
    style = files("monitor.cli.output.page").joinpath("page.css").read_text(encoding="utf-8")
    return _HEAD.format(
        policy=_policy(style),
        title=written(title),
        style=style,
        body="\n".join(map(written, body)),
    )


def _policy(style: str) -> str:
    """Nothing may be loaded or run, and only this style counts."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _body(review: Review) -> tuple[Node, ...]:
    voice = Voice(
        zone=zone_named(review.time_zone),
        mask_people=review.people is not None,
        experiences={one.policy_id: one.experience for one in review.workspaces},
    )
    parts = (
        freshness(review),
        risks(review, voice),
        alerts(review),
        changes(review),
        blindness(review),
        *score(review),
    )
    bodies = (part.body for part in parts)
    main = element("main", *_warning(review), _summary(review), *bodies)
    return (_header(review), _contents(parts), main, _footer(review))


def _header(review: Review) -> Element:
    zone = review.time_zone
    facts: tuple[tuple[str, Node], ...] = (
        ("NetSuite account", review.account),
        ("Workspaces", ", ".join(one.name for one in review.workspaces)),
        ("Written", moment(review.generated_at, zone)),
        (
            "Time told of",
            element("span", moment(review.since, zone), " to ", moment(review.generated_at, zone)),
        ),
        ("Time zone", zone),
    )
    entries = (element("div", element("dt", term), element("dd", fact)) for term, fact in facts)
    return element("header", element("h1", _TITLE), element("dl", *entries))


def _contents(parts: tuple[Part, ...]) -> Element:
    links = (element("li", element("a", one.title, href=f"#{one.name}")) for one in parts)
    return element("nav", element("ul", *links), aria_label="On this page")


def _warning(review: Review) -> Iterator[Element]:
    """In front of everything: why this may be no picture of the present."""
    if review.doubts:
        yield element(
            "aside",
            element("p", element("strong", "This page may not show how things stand now.")),
            bullets(review.doubts),
            class_="warning",
            aria_label="Warning",
        )


def _summary(review: Review) -> Element:
    exposure = review.exposure
    reports = {report.report_id for one in exposure.risks for report in one.risk.reports}
    amounts = " + ".join(money(total) for total in exposure.totals) or "nothing"
    counts = (
        (counted(len(exposure.risks), "risk"), "now"),
        (counted(len(reports), "report"), "would fail"),
        (amounts, "is at stake"),
        (counted(sum(1 for _ in open_alerts(review)), "alert"), "open"),
        (counted(len(review.difference.changes), "change"), "in NetSuite in this time"),
    )
    return element(
        "ul",
        *(element("li", element("strong", number), " ", what) for number, what in counts),
        class_="summary",
        aria_label="In short",
    )


def _footer(review: Review) -> Element:
    whose = "names and amounts" if review.people is None else "amounts"
    made = f"Written by sync-drift monitor {__version__} from its database alone."
    return element("footer", paragraph(f"{made} It holds {whose}: pass it on with care."))
