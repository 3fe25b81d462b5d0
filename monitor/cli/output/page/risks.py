"""The risks, worst first: what is wrong, how sure that is, what fixes it, whose reports wait."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.answers.review import Review
from monitor.cli.output.overlays_text import said_of
from monitor.cli.output.page.pieces import (
    Column,
    Part,
    badge,
    bullets,
    command,
    left_out,
    paragraph,
    part,
    steps,
    table,
)
from monitor.cli.output.page.tree import Element, Node, element, link
from monitor.cli.output.risks_text import VERDICTS, money, stake, story
from monitor.cli.output.words import NOTHING
from monitor.core.alerts import RiskState, TrackedRisk
from monitor.core.message.facts import title_of
from monitor.core.message.headline import once
from monitor.core.message.rows import bad_values
from monitor.core.message.words import Voice, sentence, standing_of
from monitor.core.risks import Certainty, ExposedReport, Remedy, Risk, totals

MOST_RISKS = 100
MOST_REPORTS = 25
"""Of one risk."""
KINDS = {
    Certainty.CERTAIN: "bad",
    Certainty.LIKELY: "doubtful",
    Certainty.POSSIBLE: "faint",
}
_REPORTS = (
    Column("Report"),
    Column("Submitter"),
    Column("Stands"),
    Column("Amount", is_number=True),
    Column("What is wrong in it"),
)
_RECORD = r"/app/common/[a-z]+/[a-z]+\.nl\?id=-?\d+"
"""What we write behind the address of NetSuite."""
_NONE = "No pending report would fail, as far as the monitor can see."


def risks(review: Review, voice: Voice) -> Part:
    """One article a risk; the worst hundred of them."""
    found = review.exposure.risks
    amounts = [stake(total) for total in review.exposure.totals]
    names = {one.policy_id: one.name for one in review.workspaces}
    return part(
        "risks",
        "Risks now",
        *([bullets(amounts)] if amounts else [paragraph(_NONE)]),
        *(_risk(one, review, voice, names) for one in found[:MOST_RISKS]),
        *left_out(len(found) - MOST_RISKS, "risks are", "monitor risks"),
    )


def _risk(tracked: TrackedRisk, review: Review, voice: Voice, names: Mapping[str, str]) -> Element:
    risk, zone = tracked.risk, review.time_zone
    code = f" with {risk.likely_code}" if risk.likely_code else ""
    verdict = badge(f"{VERDICTS[risk.certainty]}{code}", KINDS[risk.certainty])
    workspace = names.get(risk.policy_id, risk.policy_id)
    laid = [said_of(one, zone) for one in review.exposure.laid_over(tracked)]
    return element(
        "article",
        element("h3", title_of(risk)),
        element("p", verdict, " ", workspace, " · ", _told(tracked), class_="facts"),
        *(paragraph(sentence(line)) for line in (*laid, *story(risk, zone))),
        *_remedy(risk.remedy, review.netsuite_url),
        *_reports(risk, review, voice),
        element("p", "Evidence: ", command(f"monitor explain {risk.fingerprint}"), class_="faint"),
        class_=f"risk {KINDS[risk.certainty]}",
    )


def _told(tracked: TrackedRisk) -> str:
    if tracked.state is RiskState.BLIND:
        return "as last seen: a source cannot be read"
    if tracked.state is RiskState.WATCH or tracked.alert_id is None:
        return "watched, nobody was told"
    return f"alert {tracked.alert_id}"


def _remedy(remedy: Remedy, netsuite_url: str) -> Iterator[Element]:
    yield element("h4", "What to do")
    yield paragraph(f"{remedy.code.value}.")
    if remedy.steps:
        yield steps(_step(step, netsuite_url) for step in remedy.steps)


def _step(step: str, netsuite_url: str) -> Node:
    """The step, leading to the records that it names in the account's own NetSuite."""
    address = re.escape(netsuite_url) + _RECORD
    nodes = (
        link(text, text) if re.fullmatch(address, text) else text
        for text in re.split(f"({address})", step)
    )
    return element("span", *nodes)


def _reports(risk: Risk, review: Review, voice: Voice) -> Iterator[Element]:
    reports = once([risk])
    yield element("h4", f"Reports: {'; '.join(stake(one) for one in totals(risk.reports))}")
    rows = (_report(risk, one, review, voice) for one in reports[:MOST_REPORTS])
    yield table(f"Reports that use {title_of(risk)}", _REPORTS, rows)
    yield from left_out(len(reports) - MOST_REPORTS, "reports are", "monitor risks")


def _report(risk: Risk, report: ExposedReport, review: Review, voice: Voice) -> tuple[Node, ...]:
    title = f"{report.name or 'Report'} ({report.report_id})"
    url = voice.report_url(risk.policy_id, report.report_id)
    return (
        link(voice.report(title, report.report_id), url),
        voice.person(report.submitter),
        standing_of(report, review.generated_at),
        money(report),
        "; ".join([*bad_values(report, (risk,)), *_otherwise(risk, report)]) or NOTHING,
    )


def _otherwise(risk: Risk, report: ExposedReport) -> Iterator[str]:
    """Where this one would fail otherwise than the risk as a whole, or less surely."""
    cause, certainty = report.cause or risk.cause, report.certainty or risk.certainty
    if (cause, certainty) != (risk.cause, risk.certainty):
        yield f"{VERDICTS[certainty]}: {cause.value}"
    if report.is_export_unclear:
        yield "exported, but not known by which route"
