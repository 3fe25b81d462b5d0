"""One report as a row of the list: whose, how much, where it stands, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.core.message.values import ReportRow
from monitor.core.message.words import Voice, counted, place_word, standing_of
from monitor.core.risks import ExposedReport, Risk

MOST_ROWS = 10
"""Of the list in the first message; the rest is in its thread."""


def row_of(
    report: ExposedReport, risks: tuple[Risk, ...], voice: Voice, now: datetime
) -> ReportRow:
    """The report in words, with its page in Expensify."""
    title = f"{report.name or 'Report'} ({report.report_id})"
    parts = (
        voice.report(title, report.report_id),
        voice.person(report.submitter),
        f"{report.currency} {report.amount:,.2f}",
        standing_of(report, now),
        "exported, but not known by which route" if report.is_export_unclear else "",
        "; ".join(bad_values(report, risks)),
    )
    url = voice.report_url(risks[0].policy_id, report.report_id)
    # Whoever is masked is not mentioned either.
    person = "" if voice.mask_people else report.submitter
    return ReportRow(" · ".join(part for part in parts if part), url, person)


def bad_values(report: ExposedReport, risks: tuple[Risk, ...]) -> Iterator[str]:
    """Where the bad values sit: Class tag “Sales : Marketing” on 3 of 14 lines."""
    for risk in risks:
        for same in risk.reports:
            if same.report_id != report.report_id:
                continue
            for bad in same.bad_texts:
                place = place_word(bad.coded.place, risk.ref.kind)
                where = f" on {bad.lines} of {counted(same.total_lines, 'line')}"
                is_of_all = bad.coded.place.startswith("report_field:")
                yield f"{place} “{bad.coded.text}”{'' if is_of_all else where}"
