"""The message that stands in the channel while an alert lives: numbers first, then the cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from monitor.core.message.values import Message, ReportRow, Section, Tone
from monitor.core.message.words import (
    STATE_WORDS,
    Voice,
    counted,
    length,
    money,
    people_of,
    place_word,
)
from monitor.core.risks import Certainty, ExposedReport, Risk, totals
from monitor.core.sync import Imported

MOST_ROWS = 10

_IMPORTED = {
    Imported.YES: "Expensify has already imported the change",
    Imported.NO: "Expensify has not imported the change yet",
    Imported.UNKNOWN: "It is not known whether Expensify has imported the change",
}


def parent_message(
    risks: tuple[Risk, ...], alert_id: int, voice: Voice, *, now: datetime, note: str = ""
) -> Message:
    """The open alert in words; `note` is what stands above all else (blindness)."""
    policy_id = risks[0].policy_id
    reports = _once(risks)
    sections = [Section("", (note,))] if note else []
    sections += [_what_happened(risk, voice) for risk in risks]
    sections += [Section("What to do", tuple(_cures(risks)))]
    return Message(
        tone=Tone.AT_RISK,
        headline=headline(risks),
        sections=tuple(sections),
        reports=tuple(_row(report, risks, voice, now) for report in reports[:MOST_ROWS]),
        more_reports=max(0, len(reports) - MOST_ROWS),
        footer=footer(alert_id, voice.workspace(policy_id), voice),
    )


def headline(risks: tuple[Risk, ...]) -> str:
    """Numbers first; parts that are zero are left out, a report counts once."""
    reports = _once(risks)
    certain = {
        r.report_id for risk in risks if risk.certainty is Certainty.CERTAIN for r in risk.reports
    }
    codes = sorted({risk.likely_code for risk in risks if risk.likely_code})
    code = f" with {'/'.join(codes)}" if codes else ""
    failed = [r for r in reports if r.has_failed]
    ready = [r for r in reports if r.state.is_approved and not r.has_failed]
    will = [r for r in ready if r.report_id in certain]
    may = [r for r in ready if r.report_id not in certain]
    waiting = [r for r in reports if not r.state.is_approved and not r.has_failed]
    parts = [
        f"{_counted(will)} ready to export will fail{code}" if will else "",
        f"{_counted(may)} ready to export {_is_or_are(may)} expected to fail{code}" if may else "",
        f"{len(failed)} already failed, export paused" if failed else "",
        _not_yet_approved(waiting, code, is_more=bool(ready or failed)),
    ]
    return " · ".join(part for part in parts if part)


def footer(alert_id: int, workspace: str, voice: Voice) -> str:
    """The freshness line: the oldest data time."""
    read = f"Data as of {voice.moment(voice.read_at)}" if voice.read_at else "Nothing was read yet"
    return " · ".join(part for part in (f"Alert {alert_id}", workspace, read) if part)


def _once(risks: tuple[Risk, ...]) -> list[ExposedReport]:
    """Each report once; what would export first, first."""
    by_id = {report.report_id: report for risk in risks for report in risk.reports}
    return sorted(
        by_id.values(), key=lambda r: (not r.has_failed, not r.state.is_approved, r.report_id)
    )


def _counted(reports: list[ExposedReport]) -> str:
    return (
        f"{counted(len(reports), 'report')} "
        f"({money(totals(tuple(reports)))}, {counted(people_of(reports), 'person')})"
    )


def _is_or_are(reports: list[ExposedReport]) -> str:
    return "is" if len(reports) == 1 else "are"


def _not_yet_approved(waiting: list[ExposedReport], code: str, *, is_more: bool) -> str:
    if not waiting:
        return ""
    if is_more:
        return f"{len(waiting)} more not yet approved"
    return f"{_counted(waiting)} not yet approved would fail{code}"


def _what_happened(risk: Risk, voice: Voice) -> Section:
    return Section(
        f"{risk.ref.kind.capitalize()} “{risk.full_name}” {risk.cause}", tuple(_facts(risk, voice))
    )


def _facts(risk: Risk, voice: Voice) -> Iterator[str]:
    when = f" ({voice.moment(risk.since)})" if risk.since else ""
    who = risk.changed_by or "unknown, NetSuite does not tell the monitor's role"
    if risk.what_changed:
        yield f"In NetSuite {risk.what_changed}{when}; by whom: {who}."
    elif risk.since:
        yield f"NetSuite last edited it at {voice.moment(risk.since)}; by whom: {who}."
    if risk.certainty is Certainty.LIKELY:
        yield "Likely, not certain: the monitor cannot see everything NetSuite checks."
    if risk.is_ambiguous:
        yield "Several NetSuite records have this name, so this is a guess."
    yield f"{_IMPORTED[risk.imported]}: {risk.import_sentence}."


def _cures(risks: Iterable[Risk]) -> Iterator[str]:
    """Each distinct cure once: what stands on several records is not said for each."""
    seen: set[str] = set()
    for risk in risks:
        for line in (f"{risk.remedy.code}.", *risk.remedy.steps):
            if line not in seen:
                seen.add(line)
                yield line


def _row(report: ExposedReport, risks: tuple[Risk, ...], voice: Voice, now: datetime) -> ReportRow:
    bad = [
        f"{place_word(text.coded.place, [risk.ref.kind])} “{text.coded.text}” "
        f"on {text.lines} of {counted(report_of.total_lines, 'line')}"
        for risk in risks
        for report_of in risk.reports
        if report_of.report_id == report.report_id
        for text in report_of.bad_texts
    ]
    state = "export failed, paused" if report.has_failed else STATE_WORDS[report.state]
    age = f" for {length(now - report.waiting_since)}" if report.waiting_since else ""
    return ReportRow(
        f"{report.name or 'Report'} ({report.report_id}) · {voice.person(report.submitter)} · "
        f"{report.currency} {report.amount:,.2f} · {state}{age} · {'; '.join(bad)}"
    )
