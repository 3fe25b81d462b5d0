"""One record of one workspace, held against every rule: what fired, what did not, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from monitor.core.drift import DriftedChange
from monitor.core.imported import ImportVerdict
from monitor.core.predict.rules import Judged, Subject, judge
from monitor.core.predict.situation import Situation
from monitor.core.predict.story import story_of
from monitor.core.predict.subjects import subject_of
from monitor.core.records import Record, Ref
from monitor.core.reports import CodedText, Workspace
from monitor.core.risks import Cause, Certainty


class RuleState(StrEnum):
    """What became of one rule."""

    FIRED = "fired"
    NOT_FIRED = "not fired"
    OFF = "off"
    REFUTED = "refuted"


class RuleVerdict(NamedTuple):
    """What one rule says of the record, and why."""

    cause: Cause
    state: RuleState
    why: str
    certainty: Certainty | None = None
    """How sure it is where it fired."""
    report_ids: tuple[str, ...] = ()
    """The reports it fired for."""


class Matched(NamedTuple):
    """A text that means the record, how it was recognised, and who uses it."""

    coded: CodedText
    basis: str
    lines: int
    report_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """All that is known of one record for one workspace."""

    ref: Ref
    full_name: str
    policy_id: str
    record: Record | None
    """As it is, or as it last was."""
    is_gone: bool
    verdicts: tuple[RuleVerdict, ...]
    """Every rule about such a record, the strongest cause first."""
    matched: tuple[Matched, ...]
    is_ambiguous: bool
    drifted: DriftedChange | None
    """What changed since the last sync, and whether that was imported."""
    imported: ImportVerdict
    """Of the strongest rule that fired, else of the change since the last sync."""
    not_modelled: tuple[str, ...]
    """Reasons to refuse it that no rule knows."""


NOT_MODELLED = (
    "the integration role's own class, department and location restrictions",
    "closed accounting periods",
    "the currency of the employee or vendor",
    "tax groups",
    "the vendor's subsidiary",
    "the supervisor",
    "expense categories",
)
"""Known reasons for a failed export that the monitor does not look at."""


def examine(situation: Situation, ref: Ref, workspace: Workspace) -> Examination:
    """Hold one record against every rule that is about such records."""
    subject = subject_of(ref, workspace, situation)
    unread = _unread(subject)
    verdicts = tuple(
        RuleVerdict(one.rule.cause, RuleState.OFF, unread) if unread else _verdict(one, subject)
        for one in judge(subject)
    )
    fired = [one.cause for one in verdicts if one.state is RuleState.FIRED]
    return Examination(
        ref=ref,
        full_name=subject.name,
        policy_id=workspace.policy_id,
        record=subject.record,
        is_gone=subject.is_gone,
        verdicts=verdicts,
        matched=_matched(subject),
        is_ambiguous=subject.use.is_ambiguous,
        drifted=subject.drifted,
        imported=_imported(fired, subject),
        not_modelled=NOT_MODELLED,
    )


def _unread(subject: Subject) -> str:
    """Why no rule can say anything of the record, "" when they can."""
    if subject.ref.kind in subject.situation.unreadable:
        return f"the list of its kind ({subject.ref.kind}) cannot be read now"
    place = subject.workspace.place_of(subject.ref.kind)
    if place in subject.usage.meanings.doubted:
        return f"too many texts at {place} match nothing: nothing is predicted there"
    return ""


def _verdict(judged: Judged, subject: Subject) -> RuleVerdict:
    cause = judged.rule.cause
    if judged.off is not None:
        return RuleVerdict(cause, RuleState.OFF, judged.off.why)
    against = "; ".join(dict.fromkeys(one.sentence for one in judged.refuted))
    if not judged.findings:
        if judged.refuted:
            return RuleVerdict(cause, RuleState.REFUTED, against)
        return RuleVerdict(cause, RuleState.NOT_FIRED, judged.rule.otherwise)
    report_ids = frozenset[str]().union(*(one.report_ids for one in judged.findings))
    certainty = max(finding.certainty for finding in judged.findings)
    if subject.use.is_ambiguous:
        certainty = Certainty.POSSIBLE
        against = "; ".join(filter(None, (against, "several records share the name")))
    why = f"it {cause}" + (f" (but {against})" if against else "")
    return RuleVerdict(cause, RuleState.FIRED, why, certainty, tuple(sorted(report_ids)))


def _matched(subject: Subject) -> tuple[Matched, ...]:
    lines: defaultdict[tuple[CodedText, str], int] = defaultdict(int)
    reports: defaultdict[tuple[CodedText, str], set[str]] = defaultdict(set)
    for cell, texts in subject.use.texts.items():
        for key, number in texts.items():
            lines[key] += number
            reports[key].add(cell.report_id)
    return tuple(
        Matched(coded, basis, lines[coded, basis], tuple(sorted(reports[coded, basis])))
        for coded, basis in sorted(lines)
    )


def _imported(fired: list[Cause], subject: Subject) -> ImportVerdict:
    if not fired and subject.drifted is not None:
        return subject.drifted.verdict
    return story_of(fired[0] if fired else Cause.INACTIVE, subject).verdict
