"""What is promised of predictions, and how well it is kept: misses, false certainty, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.core.risks import Cause, Certainty, Risk
from monitor.simulator.refusals import Refusal

CAUSE_OF = {
    "deleted": Cause.DELETED,
    "inactive": Cause.INACTIVE,
    "outside_subsidiary": Cause.OUTSIDE_SUBSIDIARY,
    "foreign_customer": Cause.CUSTOMER_OUTSIDE_SUBSIDIARY,
    "closed_project": Cause.PROJECT_CLOSED_TO_EXPENSES,
    "not_a_resource": Cause.NOT_A_RESOURCE,
    "billable_without_customer": Cause.BILLABLE_WITHOUT_CUSTOMER,
    "default_broken": Cause.EMPLOYEE_DEFAULT_BROKEN,
    "default_missing": Cause.EMPLOYEE_DEFAULT_EMPTY,
    "employee_unusable": Cause.EMPLOYEE_UNUSABLE,
    "projects_only": Cause.PROJECTS_ONLY,
    "stale_import": Cause.EDITED_SINCE_SYNC,
    "stale_default": Cause.EMPLOYEE_EDITED_SINCE_SYNC,
    "stale_employee": Cause.EMPLOYEE_EDITED_SINCE_SYNC,
    "unknown_text": Cause.UNKNOWN_TEXT,
    "new_not_imported": Cause.NEW_NOT_IMPORTED,
    "parent_inactive": Cause.PARENT_INACTIVE,
    "default_parent_inactive": Cause.PARENT_INACTIVE,
}
"""NetSuite's reasons, as the simulation knows them, in the monitor's words. A reason that is not
here is one the monitor does not claim to foresee; the figures name it all the same.
"""

MODELLED = (
    Cause.DELETED,
    Cause.INACTIVE,
    Cause.OUTSIDE_SUBSIDIARY,
    Cause.CUSTOMER_OUTSIDE_SUBSIDIARY,
    Cause.PROJECT_CLOSED_TO_EXPENSES,
    Cause.NOT_A_RESOURCE,
    Cause.BILLABLE_WITHOUT_CUSTOMER,
    Cause.EMPLOYEE_DEFAULT_BROKEN,
    Cause.EMPLOYEE_UNUSABLE,
    Cause.PROJECTS_ONLY,
    Cause.EMPLOYEE_DEFAULT_EMPTY,
    Cause.EDITED_SINCE_SYNC,
    Cause.EMPLOYEE_EDITED_SINCE_SYNC,
    Cause.UNKNOWN_TEXT,
    Cause.NEW_NOT_IMPORTED,
    Cause.PARENT_INACTIVE,
)
"""The causes for which the laws hold."""


EXACT = (
    Cause.OUTSIDE_SUBSIDIARY,
    Cause.EMPLOYEE_DEFAULT_BROKEN,
    Cause.EMPLOYEE_UNUSABLE,
    Cause.EMPLOYEE_DEFAULT_EMPTY,
    Cause.PROJECTS_ONLY,
    Cause.UNKNOWN_TEXT,
)
"""Causes called only likely that these worlds hide nothing of: here they must come true."""

_OF_EDITS = (Cause.EDITED_SINCE_SYNC, Cause.EMPLOYEE_EDITED_SINCE_SYNC)
"""Causes called likely of edits that Expensify is not known to have imported."""

_SAME_AS = {
    Cause.NEW_NOT_IMPORTED: (Cause.EDITED_SINCE_SYNC,),
    Cause.EDITED_SINCE_SYNC: (Cause.NEW_NOT_IMPORTED,),
}
"""What waits to be imported: whether it was there at an earlier sync, unusable or by another name,
is known to the monitor only as far as it knows that sync.
"""


class Foretold(NamedTuple):
    """One cause that the monitor gives for one report and one record."""

    report_id: str
    ref: tuple[str, str]
    cause: Cause
    certainty: Certainty
    is_main: bool
    """The strongest cause of its risk: the certainty is its own."""
    texts: frozenset[str] = frozenset()
    """What the report's expenses say that the monitor takes for it."""


class Disagreement(NamedTuple):
    """One report of which NetSuite and the monitor thought differently."""

    law: str
    seed: int
    hour: int
    report_id: str
    refused: tuple[str, ...]
    foretold: tuple[str, ...]

    def __str__(self) -> str:
        refused = "; ".join(self.refused) or "nothing"
        foretold = "; ".join(self.foretold) or "nothing"
        return (
            f"{self.law}: seed {self.seed}, hour {self.hour}, {self.report_id}: "
            f"NetSuite refused {refused}; foretold was {foretold}"
        )


@dataclass(slots=True)
class Tally:
    """How the predictions of all worlds did, by cause; the same report counts at every look."""

    refused: Counter[Cause] = field(default_factory=Counter)
    foreseen: Counter[Cause] = field(default_factory=Counter)
    told: Counter[Cause] = field(default_factory=Counter)
    came_true: Counter[Cause] = field(default_factory=Counter)
    certain: Counter[Cause] = field(default_factory=Counter)
    unmodelled: Counter[str] = field(default_factory=Counter)
    spared: Counter[str] = field(default_factory=Counter)
    """What a stricter account would have refused besides."""
    taken_back: Counter[Cause] = field(default_factory=Counter)
    """Worlds in which enough clean exports spoke against the cause."""
    disagreements: list[Disagreement] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    """What happened in the world that was lived last."""

    def add(self, other: Tally) -> None:
        for name in _COUNTED:
            getattr(self, name).update(getattr(other, name))
        self.disagreements += other.disagreements
        self.story = other.story


_COUNTED = (
    "refused",
    "foreseen",
    "told",
    "came_true",
    "certain",
    "unmodelled",
    "spared",
    "taken_back",
)


def foretold_by(risks: Iterable[Risk]) -> dict[str, list[Foretold]]:
    """What the risks say of each report, but not of one that waits to be exported by hand.

    A weaker cause of its own speaks for a report of which the risk's own cause does not hold.
    """
    found: dict[str, list[Foretold]] = {}
    for risk in risks:
        for report in risk.reports:
            if report.lines == 0:
                continue
            main = report.cause or risk.cause
            texts = frozenset(bad.coded.text for bad in report.bad_texts)
            certainty = report.certainty or risk.certainty
            for cause in (risk.cause, *risk.other_causes):
                if cause is risk.cause and cause is not main:
                    continue
                ref = (risk.ref.kind, risk.ref.id)
                one = Foretold(report.report_id, ref, cause, certainty, cause is main, texts)
                found.setdefault(report.report_id, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """One report at one moment: what NetSuite would refuse it for, and what the monitor says."""

    seed: int
    hour: int
    report_id: str
    refusals: tuple[Refusal, ...]
    foretold: tuple[Foretold, ...]
    forgiven: frozenset[Cause] = frozenset()
    """Causes that NetSuite does not heed here, and of which the monitor cannot know it yet."""
    renamed: Collection[str] = ()
    """Former names whose end Expensify has imported: of those nothing is claimed."""
    spared: tuple[Refusal, ...] = ()
    """For what a stricter account would refuse it besides."""
    imported: Collection[tuple[str, str]] = ()
    """Records of which the monitor has been told that Expensify has them as they are now."""

    def weigh(self, tally: Tally) -> None:
        """Count everything, and note where a law is broken."""
        for refusal in self.refusals:
            self._weigh_refusal(refusal, tally)
        for one in self.foretold:
            if one.is_main and one.cause in MODELLED:
                self._weigh_word(one, tally)

    def _weigh_refusal(self, refusal: Refusal, tally: Tally) -> None:
        cause = CAUSE_OF.get(refusal.why)
        if cause not in MODELLED:
            tally.unmodelled[refusal.why] += 1
            return
        if cause is Cause.UNKNOWN_TEXT and _text_of(refusal) in self.renamed:
            tally.unmodelled["former_name"] += 1
            return
        tally.refused[cause] += 1
        if self._is_foreseen(refusal, cause):
            tally.foreseen[cause] += 1
        else:
            tally.disagreements.append(self._disagreement(f"a miss of {cause.code}"))

    def _weigh_word(self, one: Foretold, tally: Tally) -> None:
        came_true = self._came_true(one, self.refusals)
        is_certain = one.certainty is Certainty.CERTAIN
        tally.told[one.cause] += 1
        tally.came_true[one.cause] += came_true
        tally.certain[one.cause] += is_certain
        is_sure = one.certainty > Certainty.POSSIBLE
        is_claim = is_certain or (is_sure and one.cause in EXACT)
        if is_claim and not came_true and one.cause not in self.forgiven:
            law = "false certainty" if is_certain else "a false alarm"
            tally.disagreements.append(self._disagreement(f"{law} of {one.cause.code}"))
        if self._is_over_nothing(one):
            law = f"an alarm over nothing, of {one.cause.code}"
            tally.disagreements.append(self._disagreement(law))

    def _is_over_nothing(self, one: Foretold) -> bool:
        """Said with its doubt, but what it rests on is not so."""
        if one.cause is Cause.PARENT_INACTIVE:
            return not self._came_true(one, (*self.refusals, *self.spared))
        is_sure = one.certainty > Certainty.POSSIBLE
        return is_sure and one.cause in _OF_EDITS and one.ref in self.imported

    def _is_foreseen(self, refusal: Refusal, cause: Cause) -> bool:
        """A text that nobody imported is foreseen by whatever it is taken for: the monitor may
        remember which record once had that name.
        """
        if cause is Cause.UNKNOWN_TEXT:
            return any(_text_of(refusal) in one.texts for one in self.foretold)
        causes = (cause, *_SAME_AS.get(cause, ()))
        return any(one.cause in causes and _is_about(refusal, one) for one in self.foretold)

    def _came_true(self, one: Foretold, refusals: Iterable[Refusal]) -> bool:
        """Refused for that reason; or for a text that Expensify takes for no record at all."""
        return any(
            (refusal.why == "unknown_text" and _text_of(refusal) in one.texts)
            or (CAUSE_OF.get(refusal.why) is one.cause and _is_about(refusal, one))
            for refusal in refusals
        )

    def _disagreement(self, law: str) -> Disagreement:
        return Disagreement(
            law,
            self.seed,
            self.hour,
            self.report_id,
            tuple(f"{r.why} {r.kind}:{r.record_id} ({r.code} {r.text})" for r in self.refusals),
            tuple(
                f"{one.cause.code} {':'.join(one.ref)} ({one.certainty.code})"
                for one in self.foretold
            ),
        )


def _is_about(refusal: Refusal, one: Foretold) -> bool:
    """The same record, or the same text; where neither is at fault the cause alone names it."""
    if one.ref[0] == "text":
        return _text_of(refusal) in one.texts
    return not refusal.record_id or one.ref == (refusal.kind, refusal.record_id)


def _text_of(refusal: Refusal) -> str:
    """What the expense says, where Expensify has no record of that name to send."""
    return refusal.text.partition(" is in no list")[0]


def figures(tally: Tally) -> Iterator[str]:
    """Precision and recall, cause by cause; then the refusals that nobody claims to foresee."""
    yield f"{'cause':<28}{'refused':>8}{'recall':>8}{'told':>8}{'precision':>10}{'certain':>9}"
    for cause in MODELLED:
        yield (
            f"{cause.code:<28}{tally.refused[cause]:>8}"
            f"{_share(tally.foreseen, tally.refused, cause):>8}{tally.told[cause]:>8}"
            f"{_share(tally.came_true, tally.told, cause):>10}{tally.certain[cause]:>9}"
        )
    for why, times in sorted(tally.unmodelled.items()):
        yield f"not claimed: {why} ({times} times)"


def _share(part: Mapping[Cause, int], whole: Mapping[Cause, int], cause: Cause) -> str:
    return f"{part[cause] / whole[cause]:.3f}" if whole[cause] else "–"
