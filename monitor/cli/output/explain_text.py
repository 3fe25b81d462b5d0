"""An explanation as text: from what was seen to what would end it, one paragraph a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.answers.explained import Case, Explanation
from monitor.cli.output.risks_text import COLORS, VERDICTS, own_report_row, stake, what_to_do
from monitor.cli.output.sync_text import sync_lines
from monitor.cli.output.words import IMPORTED, Paint, local, plain, table
from monitor.core.message.words import counted
from monitor.core.predict import Matched, RuleState, RuleVerdict
from monitor.core.records import Change
from monitor.core.risks import Risk, totals

_BASES = {
    "full_path": "by its full path",
    "former_name": "by a former name",
    "leaf": "by its last name",
    "none": "matches nothing",
}
_STATES = {
    RuleState.FIRED: "red",
    RuleState.NOT_FIRED: "green",
    RuleState.OFF: "cyan",
    RuleState.REFUTED: "yellow",
}


def explain_text(explanation: Explanation, paint: Paint) -> str:
    """One paragraph a record, then what no rule knows; empty when nothing is used."""
    zone = explanation.time_zone
    newest = explanation.freshness.newest
    seen = f"@{newest.id} of {local(newest.taken_at, zone)}" if newest else "none"
    paragraphs = ["\n".join(_case(case, seen, zone, paint)) for case in explanation.cases]
    syncs = {case.workspace.policy_id: case.sync for case in explanation.cases}
    known = [line for sync in syncs.values() for line in sync_lines(sync, zone)]
    if known:
        paragraphs.append("\n".join(_titled("Last sync", known, indent="")))
    reasons = (reason for case in explanation.cases for reason in case.examination.not_modelled)
    unknown = list(dict.fromkeys(reasons))
    if unknown:
        paragraphs.append(f"Known and not modelled: {'; '.join(unknown)}.")
    return "\n\n".join(paragraphs)


def _case(case: Case, seen: str, zone: str, paint: Paint) -> Iterator[str]:
    found = case.examination
    name = f"{found.ref} “{plain(found.full_name)}”"
    gone = " (gone from NetSuite)" if found.is_gone else ""
    yield f"{plain(case.workspace.name)}: {name}{gone}  [{found.policy_id}/{found.ref}]"
    yield f"  {_verdict(case, paint)}"
    begin = case.begin
    since = f"; changes counted from @{begin.id} of {local(begin.taken_at, zone)}" if begin else ""
    yield f"  Rests on snapshot {seen}{since}."
    yield from _titled("Matches", _matches(found.matched))
    yield from _titled("Rules", _rules(found.verdicts, paint))
    yield from _titled("Was it imported?", _import(case, zone))
    if case.risk is not None:
        yield from (f"  {line}" for line in what_to_do(case.risk.remedy))
        yield from _titled("Reports", _reports(case.risk))
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
    verdict = paint(f"{VERDICTS[risk.certainty]}{code}", COLORS[risk.certainty])
    return f"It {risk.cause.value}: {verdict}; {_stake(risk)}{_alert(case)}."


def _harmless(case: Case, paint: Paint) -> str:
    if not case.fired:
        return paint("Nothing speaks against it.", "green")
    if case.is_sync_failing and case.is_used:
        return "Not told: the workspace cannot sync, and that comes first."
    return "No pending report uses it; one that did would be refused."


def _stake(risk: Risk) -> str:
    return "; ".join(map(stake, totals(risk.reports))) or "no pending report uses it"


def _alert(case: Case) -> str:
    if case.tracked is None:
        return " (no cycle has recorded that yet)"
    alert = case.tracked.alert_id
    return f" (alert {alert})" if alert is not None else " (nobody was told)"


def _reports(risk: Risk) -> list[str]:
    return table([own_report_row(risk, one) for one in risk.reports]) if risk.reports else []


def _matches(matched: Iterable[Matched]) -> list[str]:
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
    return table(rows) if rows else []


def _rules(verdicts: Iterable[RuleVerdict], paint: Paint) -> list[str]:
    rows = [_rule(one, paint) for one in verdicts]
    return table(rows) if rows else []


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
