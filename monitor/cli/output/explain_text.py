"""An explanation as text: from what was seen to what would end it, one paragraph a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.answers.explained import Case, Explanation
from monitor.cli.output.risks_text import (
    COLORS,
    VERDICTS,
    own_report_row,
    stake,
    what_to_do,
)
from monitor.cli.output.sync_text import sync_lines
from monitor.cli.output.tables import table
from monitor.cli.output.words import IMPORTED, Paint, local, plain
from monitor.core.alerts import Reason
from monitor.core.message.words import STATE_WORDS, counted
from monitor.core.predict import Matched, RuleState, RuleVerdict
from monitor.core.records import Change
from monitor.core.reports import PendingReport
from monitor.core.risks import Certainty, Risk, totals
from monitor.core.steps import NO_USE

_BASES = {
    "full_path": "by its full path",
    "former_name": "by a former name",
    "leaf": "by its last name",
    "none": "matches nothing",
}
_INDENTED = 4
"""So far in stand the tables of a case."""
_IF_USED = {
    Certainty.CERTAIN: "would fail",
    Certainty.LIKELY: "would be expected to fail",
    Certainty.POSSIBLE: "might fail",
}
_STATES = {
    RuleState.FIRED: "red",
    RuleState.NOT_FIRED: "green",
    RuleState.OFF: "cyan",
    RuleState.REFUTED: "yellow",
}


def explain_text(explanation: Explanation, paint: Paint, columns: int | None = None) -> str:
    """The report asked about, one paragraph a record, then what no rule knows; empty when there is
    nothing of it. `columns`: how many the terminal has, None = lines of any length.
    """
    room = None if columns is None else columns - _INDENTED
    zone = explanation.time_zone
    newest = explanation.freshness.newest
    seen = f"@{newest.id} of {local(newest.taken_at, zone)}" if newest else "none"
    head = "\n".join(_head(explanation.report, explanation, paint)) if explanation.report else ""
    paragraphs = [head] if head else []
    paragraphs += ["\n".join(_case(case, seen, zone, paint, room)) for case in explanation.cases]
    syncs = {case.workspace.policy_id: case.sync for case in explanation.cases}
    known = [line for sync in syncs.values() for line in sync_lines(sync, zone)]
    if known:
        paragraphs.append("\n".join(_titled("Last sync", known, indent="")))
    reasons = (reason for case in explanation.cases for reason in case.examination.not_modelled)
    unknown = list(dict.fromkeys(reasons))
    if unknown:
        paragraphs.append(f"Known and not modelled: {'; '.join(unknown)}.")
    return "\n\n".join(paragraphs)


def _head(report: PendingReport, explanation: Explanation, paint: Paint) -> Iterator[str]:
    """What the report is, and whether it would export."""
    amount = f"{report.currency} {report.total:,.2f}"
    name = f"{report.report_id} “{plain(report.name)}” of {plain(report.submitter)}"
    yield f"{name}: {amount}, {STATE_WORDS[report.state]}"
    fate = explanation.fate
    if fate is None:
        verdict = paint("would export", "green")
        yield f"  {report.report_id} {verdict}, as far as the monitor can see."
        return
    code = f" with {fate.likely_code}" if fate.likely_code else ""
    verdict = paint(f"{VERDICTS[fate.certainty]}{code}", COLORS[fate.certainty])
    why = f"{fate.ref.kind} “{plain(fate.full_name)}” {fate.cause.value}"
    yield f"  {report.report_id} {verdict}: {why}."


def _case(case: Case, seen: str, zone: str, paint: Paint, room: int | None) -> Iterator[str]:
    found = case.examination
    name = f"{found.ref} “{plain(found.full_name)}”"
    gone = " (gone from NetSuite)" if found.is_gone else ""
    yield f"{plain(case.workspace.name)}: {name}{gone}  [{found.policy_id}/{found.ref}]"
    yield f"  {_verdict(case, paint)}"
    yield from _past(case, zone)
    begin = case.begin
    since = f"; changes counted from @{begin.id} of {local(begin.taken_at, zone)}" if begin else ""
    yield f"  Rests on snapshot {seen}{since}."
    yield from _titled("Matches", _matches(found.matched, room))
    yield from _titled("Rules", _rules(found.verdicts, paint, room))
    yield from _titled("Was it imported?", _import(case, zone))
    if case.risk is not None:
        yield from (f"  {line}" for line in _remedy(case.risk))
        yield from _titled("Reports", _reports(case.risk, room))
    yield from _titled("It is resolved when", _alternatives(case.resolves_when))


def _titled(title: str, lines: Iterable[str], indent: str = "  ") -> Iterator[str]:
    inside = list(lines)
    if inside:
        yield f"{indent}{title}"
        yield from (f"{indent}  {line}" for line in inside)


def _verdict(case: Case, paint: Paint) -> str:
    risk = case.risk
    if risk is None:
        return _harmless(case, paint)
    code = f" with {risk.likely_code}" if risk.likely_code else ""
    words = VERDICTS if risk.reports else _IF_USED
    verdict = paint(f"{words[risk.certainty]}{code}", COLORS[risk.certainty])
    if not risk.reports:
        verdict = f"{verdict} if a report used it"
    return f"It {risk.cause.value}: {verdict}; {_stake(risk)}{_alert(case)}."


def _past(case: Case, zone: str) -> Iterator[str]:
    """What was told of it once; a risk of which an alert tells now has that instead."""
    past = case.told_before
    if past is None or (case.tracked is not None and case.tracked.alert_id is not None):
        return
    how, link = ("closed", ": ") if past.ended == Reason.UNCERTAIN else ("resolved", " because ")
    because = f"{link}{plain(past.ended)}" if past.ended else ""
    yield (
        f"  Alert {past.alert_id} told of it; it was {how} on "
        f"{local(past.resolved_at, zone)}{because}."
    )


def _remedy(risk: Risk) -> Iterator[str]:
    """The steps; without reports there is nothing to recode, only new expenses to code."""
    if risk.reports or not any(step.startswith(NO_USE) for step in risk.remedy.steps):
        yield from what_to_do(risk.remedy)
        return
    yield "What to do for new expenses"
    for number, step in enumerate(risk.remedy.steps, start=1):
        own = step.removeprefix(NO_USE)
        yield f"  {number}. {plain(own[:1].upper() + own[1:])}"


def _harmless(case: Case, paint: Paint) -> str:
    if not case.fired:
        return paint("Nothing speaks against it.", "green")
    if case.is_sync_failing and case.is_used:
        return "Not told: the workspace cannot sync, and that comes first."
    return "No pending report uses it; one that did would be refused."


def _stake(risk: Risk) -> str:
    return "; ".join(map(stake, totals(risk.reports))) or "no pending report does"


def _alert(case: Case) -> str:
    if case.tracked is None:
        return " (no cycle has recorded that yet)"
    alert = case.tracked.alert_id
    if alert is not None:
        return f" (alert {alert})"
    return "" if case.told_before else " (nobody was told)"


def _reports(risk: Risk, room: int | None) -> list[str]:
    rows = [own_report_row(risk, one) for one in risk.reports]
    return table(rows, room=room) if rows else []


def _matches(matched: Iterable[Matched], room: int | None) -> list[str]:
    rows = [
        (
            one.coded.place,
            f"“{plain(one.coded.text)}”",
            _BASES.get(one.basis, one.basis),
            counted(one.lines, "line"),
            ", ".join(one.report_ids),
        )
        for one in matched
    ]
    return table(rows, room=room) if rows else []


def _rules(verdicts: Iterable[RuleVerdict], paint: Paint, room: int | None) -> list[str]:
    rows = [_rule(one, paint) for one in verdicts]
    return table(rows, room=room) if rows else []


def _rule(rule: RuleVerdict, paint: Paint) -> tuple[str, ...]:
    sure = f" ({rule.certainty.code})" if rule.certainty else ""
    return paint(rule.state.value, _STATES[rule.state]), rule.cause.code, plain(rule.why) + sure


def _import(case: Case, zone: str) -> Iterator[str]:
    found = case.examination
    if found.drifted is not None:
        yield _changed(found.drifted.change, zone)
    verdict = found.imported
    source = f" ({verdict.source.value})" if verdict.source else ""
    yield f"{IMPORTED[verdict.imported]}: {plain(verdict.sentence)}{source}"


def _changed(change: Change, zone: str) -> str:
    who = f" by {plain(change.modified_by)}" if change.modified_by else ""
    if change.modified_at is not None:
        return f"{change.change.value} {local(change.modified_at, zone)}{who}"
    begin, end = (local(moment, zone) for moment in change.seen_between)
    return f"{change.change.value} between {begin} and {end}{who}"


def _alternatives(ends: tuple[str, ...]) -> Iterator[str]:
    *causes, last = ends or ("",)
    if causes:
        yield " and ".join(causes)
        yield f"or {last}"
    elif last:
        yield last
