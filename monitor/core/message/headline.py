"""The headline of an open alert: numbers first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.core.message.words import counted_reports
from monitor.core.risks import Certainty, ExposedReport, Risk


def once(risks: Iterable[Risk]) -> tuple[ExposedReport, ...]:
    """Each report once, as its worst risk sees it; what failed first, then what would export."""
    by_id: dict[str, ExposedReport] = {}
    for risk in risks:
        for report in risk.reports:
            known = by_id.get(report.report_id)
            if known is None or report.lines > known.lines:
                by_id[report.report_id] = report
    return tuple(
        sorted(
            by_id.values(), key=lambda r: (not r.has_failed, not r.state.is_approved, r.report_id)
        )
    )


def headline(risks: tuple[Risk, ...]) -> str:
    """What will fail, what failed already, what is not approved yet; parts that are zero are left
    out, and a report counts once.
    """
    reports = once(risks)
    failed = [report for report in reports if report.has_failed]
    others = [report for report in reports if not report.has_failed]
    ready = [report for report in others if report.state.is_approved]
    waiting = [report for report in others if not report.state.is_approved]
    if ready:
        more = "more " if waiting else ""
        tail = [(failed, "already failed, export paused"), (waiting, f"{more}not yet approved")]
        parts = [*_verdicts(ready, "ready to export", "will", risks)]
        parts += [f"{len(some)} {words}" for some, words in tail if some]
        return " · ".join(parts)
    if not failed:
        return " · ".join(_verdicts(waiting, "not yet approved", "would", risks))
    if not waiting:
        return f"{counted_reports(failed)} already failed, export paused"
    return (
        f"{counted_reports(reports)}: {len(failed)} already failed, export paused · "
        f"{len(waiting)} not yet approved"
    )


def _verdicts(
    reports: list[ExposedReport], standing: str, verb: str, risks: tuple[Risk, ...]
) -> Iterator[str]:
    """Only what is certain will fail; what is likely is expected to, what is possible might."""
    certain = [risk for risk in risks if risk.certainty is Certainty.CERTAIN]
    ids = {
        report.report_id
        for risk in certain
        for report in risk.reports
        if report.certainty in (None, Certainty.CERTAIN)
    }
    surely = [report for report in reports if report.report_id in ids]
    maybe = [report for report in reports if report.report_id not in ids]
    if surely:
        yield f"{counted_reports(surely)} {standing} {verb} fail{_codes(surely, certain)}"
    likely = {
        report.report_id
        for risk in risks
        for report in risk.reports
        if (report.certainty or risk.certainty) > Certainty.POSSIBLE
    }
    expected = [report for report in maybe if report.report_id in likely]
    guessed = [report for report in maybe if report.report_id not in likely]
    if expected:
        is_or_are = "is" if len(expected) == 1 else "are"
        code = _codes(expected, risks)
        yield f"{counted_reports(expected)} {standing} {is_or_are} expected to fail{code}"
    if guessed:
        yield f"{counted_reports(guessed)} {standing} might fail{_codes(guessed, risks)}"


def _codes(reports: Iterable[ExposedReport], risks: Iterable[Risk]) -> str:
    ids = {report.report_id for report in reports}
    codes = {
        risk.likely_code
        for risk in risks
        if risk.likely_code and ids & {report.report_id for report in risk.reports}
    }
    return f" with {'/'.join(sorted(codes))}" if codes else ""
