"""All reports of an alert whose message leaves some out: as lines, and as a table of a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

from monitor.core.message.discreet import discreet
from monitor.core.message.facts import called
from monitor.core.message.foot import footer
from monitor.core.message.headline import once
from monitor.core.message.rows import MOST_ROWS, bad_values, row_of
from monitor.core.message.values import Attachment, Message, Section, Tone
from monitor.core.message.words import STATE_WORDS, Voice, counted
from monitor.core.risks import ExposedReport, Risk
from monitor.core.visible import no_formula

_MOST_LINES = 25
"""So many reports are read in the thread; more of them deserve a file."""
_COLUMNS = (
    "report_id",
    "name",
    "submitter",
    "state",
    "amount",
    "currency",
    "waiting_since",
    "lines_at_risk",
    "lines",
    "records",
    "bad_values",
    "page",
)


def list_message(
    risks: tuple[Risk, ...], alert_id: int, voice: Voice, *, now: datetime
) -> Message | None:
    """All reports of an alert whose first message leaves some out; None when it shows them all."""
    reports = once(risks)
    if len(reports) <= MOST_ROWS:
        return None
    # By its name it is found again in the thread, where an earlier list may stand as well.
    name = f"alert-{alert_id}-reports-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.csv"
    file = Attachment(name, list_csv(risks, voice))
    return Message(
        Tone.AT_RISK,
        f"all {counted(len(reports), 'report')} of this alert as of {voice.moment(now)}, "
        "the most urgent first",
        (Section("", list_lines(risks, voice, now)),),
        footer=footer(alert_id, risks[0].policy_id, voice),
        attachment=file if len(reports) > _MOST_LINES else None,
    )


def list_lines(risks: tuple[Risk, ...], voice: Voice, now: datetime) -> tuple[str, ...]:
    """Every report in a line, as the first message words its rows."""
    risks = tuple(discreet(risk, voice) for risk in risks)
    return tuple(row_of(report, risks, voice, now).text for report in once(risks))


def list_csv(risks: tuple[Risk, ...], voice: Voice) -> str:
    """Every report as a row of a table with a heading. A spreadsheet computes nothing from it."""
    risks = tuple(discreet(risk, voice) for risk in risks)
    file = StringIO()
    table = csv.writer(file)
    table.writerow(_COLUMNS)
    table.writerows(map(no_formula, _cells(report, risks, voice)) for report in once(risks))
    return file.getvalue()


def _cells(report: ExposedReport, risks: tuple[Risk, ...], voice: Voice) -> Iterator[str]:
    mine = [risk for risk in risks if report.report_id in {one.report_id for one in risk.reports}]
    waiting_since = report.waiting_since
    yield report.report_id
    yield voice.report(report.name, report.report_id)
    yield voice.person(report.submitter)
    yield "export failed, paused" if report.has_failed else STATE_WORDS[report.state]
    yield f"{report.amount:.2f}"
    yield report.currency
    yield f"{waiting_since.astimezone(voice.zone):%Y-%m-%d %H:%M %Z}" if waiting_since else ""
    yield str(report.lines)
    yield str(report.total_lines)
    yield "; ".join(f"{called(risk)} {risk.cause}" for risk in mine)
    yield "; ".join(bad_values(report, risks))
    yield voice.report_url(risks[0].policy_id, report.report_id)
