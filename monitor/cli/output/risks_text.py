"""The risks as text: what is wrong, how sure that is, what fixes it, and whose reports wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.answers.exposure import Exposure
from monitor.answers.freshness import Freshness, ago, source_name
from monitor.cli.output.overlays_text import said_of
from monitor.cli.output.tables import Row, table
from monitor.cli.output.words import IMPORTED, Paint, local, plain
from monitor.core.alerts import RiskState, TrackedRisk
from monitor.core.message.words import STATE_WORDS, counted
from monitor.core.predict import BrokenDefault
from monitor.core.risks import (
    Certainty,
    CurrencyTotal,
    ExposedReport,
    Remedy,
    Risk,
    totals,
)
from monitor.core.sync import Imported

VERDICTS = {
    Certainty.CERTAIN: "will fail",
    Certainty.LIKELY: "is expected to fail",
    Certainty.POSSIBLE: "may fail",
}
COLORS = {Certainty.CERTAIN: "red", Certainty.LIKELY: "yellow", Certainty.POSSIBLE: "cyan"}


def risks_text(exposure: Exposure, paint: Paint, columns: int | None = None) -> str:
    """One paragraph a risk, then the totals, then the employees; empty without any of them.

    `columns`: how many the terminal has, None = lines of any length.
    """
    names = {workspace.policy_id: workspace.name for workspace in exposure.workspaces}
    paragraphs = [
        "\n".join(_paragraph(tracked, exposure, names, paint, columns))
        for tracked in exposure.risks
    ]
    total = "\n".join(f"Total: {stake(total)}" for total in exposure.totals)
    people = "\n".join(_people(exposure.employees or (), names, columns))
    return "\n\n".join(filter(None, [*paragraphs, total, people]))


def age_sentence(freshness: Freshness) -> str:
    """How old the data is: NetSuite was read 5 min ago, Expensify 6 min ago."""
    said = [
        f"{source_name(source.source)} {ago(freshness.now - source.last_good_at)}"
        for source in freshness.sources
        if source.last_good_at is not None
    ]
    return f"Last read: {', '.join(said)}." if said else "Nothing was read yet."


def money(total: CurrencyTotal | ExposedReport) -> str:
    """USD 2,112.50"""
    return f"{total.currency} {total.amount:,.2f}"


def _people(
    employees: Sequence[BrokenDefault], names: Mapping[str, str], columns: int | None
) -> Iterator[str]:
    if not employees:
        return
    yield "Employees whose next report would fail by a default:"
    rows = [
        (
            plain(names.get(one.policy_id, one.policy_id)),
            f"{one.employee} {plain(one.employee_name)}",
            f"{one.default.kind} “{plain(one.default_name)}” {one.cause.value}",
            VERDICTS[one.certainty],
            "has a pending report" if one.has_pending_report else "",
        )
        for one in employees
    ]
    yield from _indented("  ", rows, columns)


def _paragraph(
    tracked: TrackedRisk,
    exposure: Exposure,
    names: Mapping[str, str],
    paint: Paint,
    columns: int | None,
) -> Iterator[str]:
    risk, zone = tracked.risk, exposure.time_zone
    workspace = plain(names.get(risk.policy_id, risk.policy_id))
    what = f"{risk.ref.kind} “{plain(risk.full_name)}” {risk.cause.value}"
    code = f" with {risk.likely_code}" if risk.likely_code else ""
    verdict = paint(f"{VERDICTS[risk.certainty]}{code}", COLORS[risk.certainty])
    yield f"{workspace}: {what}: {verdict}  [{risk.fingerprint}]"
    yield f"  {_exposed(risk)}{_standing(tracked)}"
    yield from (f"  {said_of(one, zone)}" for one in exposure.laid_over(tracked))
    yield from (f"  {sentence}" for sentence in story(risk, zone))
    yield from (f"  {sentence}" for sentence in what_to_do(risk.remedy))
    rows = [own_report_row(risk, report) for report in risk.reports]
    yield from _indented("    ", rows, columns)


def _indented(indent: str, rows: Sequence[Row], columns: int | None) -> Iterator[str]:
    room = None if columns is None else columns - len(indent)
    yield from (f"{indent}{line}" for line in table(rows, room=room))


def _exposed(risk: Risk) -> str:
    return "; ".join(stake(total) for total in totals(risk.reports))


def stake(total: CurrencyTotal) -> str:
    """USD 2,112.50 in 2 reports of 2 people"""
    reports, people = counted(total.reports, "report"), counted(total.submitters, "person")
    return f"{money(total)} in {reports} of {people}"


def _standing(tracked: TrackedRisk) -> str:
    if tracked.state is RiskState.BLIND:
        return " (as last seen: a source cannot be read)"
    if tracked.state is RiskState.WATCH:
        return " (watched: nobody was told)"
    return f" (alert {tracked.alert_id})" if tracked.alert_id is not None else ""


def story(risk: Risk, zone: str) -> Iterator[str]:
    """Since when, by whom, what changed, and whether Expensify has imported it."""
    who = f" by {plain(risk.changed_by)}" if risk.changed_by else ""
    if risk.since is not None:
        yield f"Since {local(risk.since, zone)}{who}."
    if risk.what_changed:
        yield plain(risk.what_changed)
    yield _import(risk)


def _import(risk: Risk) -> str:
    said, how = IMPORTED[risk.imported], plain(risk.import_sentence)
    if risk.imported is Imported.UNKNOWN:
        said, how = how or said, ""
    return said[0].upper() + said[1:] + (f": {how}." if how else ".")


def what_to_do(remedy: Remedy) -> Iterator[str]:
    """The remedy, step by step; what follows the fix is the last step."""
    yield f"What to do: {remedy.code.value}."
    yield from (f"  {number}. {plain(step)}" for number, step in enumerate(remedy.steps, start=1))


def own_report_row(risk: Risk, report: ExposedReport) -> tuple[str, ...]:
    """A report of a risk as a row: it says so where this one would fail otherwise, or less surely.

    "may fail: parent inactive" beside a risk that will fail as a whole.
    """
    cause, certainty = report.cause or risk.cause, report.certainty or risk.certainty
    is_as_told = (cause, certainty) == (risk.cause, risk.certainty)
    verdict = "" if is_as_told else f"{VERDICTS[certainty]}: {cause.value}"
    return (*report_row(report), verdict)


def report_row(report: ExposedReport) -> tuple[str, ...]:
    """A report as a row of a table."""
    lines = f"{report.lines} of {counted(report.total_lines, 'line')}"
    unclear = "export unclear" if report.is_export_unclear else ""
    failed = "already failed" if report.has_failed else unclear
    return (
        report.report_id,
        plain(report.name),
        plain(report.submitter),
        STATE_WORDS[report.state],
        money(report),
        lines,
        failed,
    )
