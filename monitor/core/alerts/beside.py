"""What stands beside a told risk of the same record: merely possible, seen by all, told to none."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.risks import Certainty, ExposedReport, Risk


def with_present(told: Risk, present: Risk) -> Risk:
    """What was told, and beside it what the rules say now: every report with its own cause.

    A told risk that cannot be judged, or that waits only for failed reports, hides nothing. A
    report that only waits for its export gives way to what is said of it now.
    """
    reports = {report.report_id: report for report in told.reports}
    for report in present.reports:
        known = reports.get(report.report_id)
        if known is None or known.lines == 0:
            reports[report.report_id] = _as_possible(report, present, is_beside=known is None)
    known_causes = (told.cause, *told.other_causes)
    causes = (present.cause, *present.other_causes)
    beside = tuple(cause for cause in causes if cause not in known_causes)
    return replace(
        told,
        reports=tuple(reports[report_id] for report_id in sorted(reports)),
        other_causes=(*told.other_causes, *beside),
        beside=beside,
    )


def told_of(risk: Risk) -> Risk:
    """The risk as it was told, without what stands beside it."""
    reports = tuple(report for report in risk.reports if not report.is_beside)
    causes = tuple(cause for cause in risk.other_causes if cause not in risk.beside)
    return replace(risk, reports=reports, other_causes=causes, beside=())


def _as_possible(report: ExposedReport, present: Risk, *, is_beside: bool) -> ExposedReport:
    return replace(
        report,
        cause=report.cause or present.cause,
        certainty=Certainty.POSSIBLE,
        is_beside=is_beside,
    )
