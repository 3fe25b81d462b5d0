"""Why a risk would fail, in the few lines that fit into a message: `monitor explain` tells all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from monitor.answers.explained import Case, explain
from monitor.answers.known import known
from monitor.core.message.words import Voice, counted_reports
from monitor.core.records import Kind
from monitor.core.risks import Certainty, Remedy, Risk

_HOW_SURE = {
    Certainty.CERTAIN: "will fail",
    Certainty.LIKELY: "is expected to fail",
    Certainty.POSSIBLE: "may fail",
}


def told_in_short(database: Path, voice: Voice, fingerprint: str, now: datetime) -> str:
    """What is known of a risk, without names where people are masked; raises MonitorError."""
    with known(database) as opened:
        cases = explain(opened, fingerprint, None, now=now).cases
    paragraphs = ("\n".join(_lines(case, voice)) for case in cases)
    return _masked("\n\n".join(paragraphs), cases, voice)


def _lines(case: Case, voice: Voice) -> Iterator[str]:
    found, risk = case.examination, case.risk
    name = f"{case.workspace.name}: {found.ref} “{found.full_name}”"
    if risk is None:
        yield f"{name}: nothing would fail by it as things stand."
        return
    code = f" with {risk.likely_code}" if risk.likely_code else ""
    yield f"{name} {risk.cause.value}: {_HOW_SURE[risk.certainty]}{code}."
    yield f"At stake: {counted_reports(risk.reports)}."
    yield from (f"Why: {rule.why}" for rule in case.fired)
    yield from _change(risk, voice)
    yield f"Was it imported? {found.imported.sentence}"
    yield from _what_to_do(risk.remedy)
    if case.resolves_when:
        yield f"It is resolved when {_alternatives(case.resolves_when)}."
    yield f"All of it: monitor explain {risk.fingerprint}"


def _change(risk: Risk, voice: Voice) -> Iterator[str]:
    if risk.what_changed:
        when = f", {voice.moment(risk.since)}" if risk.since else ""
        by = f", by {risk.changed_by}" if risk.changed_by else ""
        yield f"What changed: {risk.what_changed}{when}{by}"


def _what_to_do(remedy: Remedy) -> Iterator[str]:
    yield f"What to do: {remedy.code.value}."
    yield from (f"  {number}. {step}" for number, step in enumerate(remedy.steps, start=1))


def _alternatives(ends: tuple[str, ...]) -> str:
    *causes, last = ends
    return f"{' and '.join(causes)}, or {last}" if causes else last


def _masked(text: str, cases: tuple[Case, ...], voice: Voice) -> str:
    """With initials for every name that the facts speak of, wherever it stands."""
    for name in sorted(set(_people(cases)), key=len, reverse=True):
        text = text.replace(name, voice.person(name))
    return text


def _people(cases: tuple[Case, ...]) -> Iterator[str]:
    for case in cases:
        names = [report.submitter for report in case.risk.reports] if case.risk else []
        if case.risk is not None:
            names.append(case.risk.changed_by or "")
        if case.examination.ref.kind == Kind.EMPLOYEE:
            names.append(case.examination.full_name)
        yield from (name for name in names if name.strip())
