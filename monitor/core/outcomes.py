"""What became of exports, held against what was predicted of them: one label each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from monitor.core.attempts import Attempt
from monitor.core.predictions import MODELLED, Prediction
from monitor.core.records import Ref
from monitor.core.reports import Failure
from monitor.core.risks import Cause


class Label(StrEnum):
    """How an export ended, next to what was predicted."""

    FAILED_AS_PREDICTED = "failed as predicted"
    FAILED_OTHERWISE = "failed otherwise"
    CODE_UNKNOWN = "failed, code unknown"
    EXPORTED = "exported"
    """Though it was predicted to fail, and nobody had fixed anything: a false alarm."""
    FIXED_FIRST = "fixed first"
    NOT_TESTED = "not tested"
    MISSED = "missed"
    """It failed as one of the rules says, and none had said so."""


class Outcome(NamedTuple):
    """One label for one export and at most one prediction; a miss may have been a mere guess."""

    report_id: str
    policy_id: str
    at: datetime
    label: Label
    code: str = ""
    words: str = ""
    prediction: Prediction | None = None
    lacking: str = ""
    """Of a miss: what the monitor would have needed."""

    @property
    def lead_seconds(self) -> float | None:
        """How long before the failure it was predicted; None where it was not."""
        if self.prediction is None or self.label is not Label.FAILED_AS_PREDICTED:
            return None
        return (self.at - self.prediction.since).total_seconds()


class Look(NamedTuple):
    """What the reading that saw the outcome knew besides."""

    baseline: datetime
    """When the monitor first read Expensify."""
    still_wrong: Collection[tuple[str, Ref, Cause]] | None = ()
    """Report, record and cause: what the rules still say of the exported reports, though nothing
    changed since; None when NetSuite could not be read.
    """
    unread: Sequence[str] = ()
    """Lists that cannot be read."""


def outcomes_of(
    attempt: Attempt, predictions: Iterable[Prediction], look: Look
) -> tuple[Outcome, ...]:
    """The labels of everything new in the report's history. One failure confirms at most one risk.

    A prediction made after the failure is none.
    """
    known, report = sorted(predictions, key=_surest_first), attempt.after
    lacking = _lacking(attempt, look)
    labels = [
        outcome
        for failure in attempt.failures(look.baseline)
        for outcome in judge_failure(report.report_id, report.policy_id, failure, known, lacking)
    ]
    labels += _after_export(attempt, known, look)
    return tuple(labels)


def judge_failure(
    report_id: str,
    policy_id: str,
    failure: Failure,
    predictions: Iterable[Prediction],
    lacking: str,
) -> Iterator[Outcome]:
    """Hold one failure against the predictions that stood when it happened, the surest first."""
    stood = [one for one in predictions if _stood(one, failure.at)]
    standing = [one for one in stood if one.is_said]
    hit = next((one for one in standing if one.foretells(failure)), None)
    made = Outcome(
        report_id,
        policy_id,
        failure.at,
        Label.FAILED_OTHERWISE,
        failure.code,
        failure.text,
    )
    if hit is not None:
        yield made._replace(label=Label.FAILED_AS_PREDICTED, prediction=hit)
    elif not failure.code:
        yield made._replace(label=Label.CODE_UNKNOWN)
    elif failure.code in MODELLED:
        yield _miss(made, failure, stood, lacking)
    else:
        yield made
    for one in standing:
        if one is not hit:
            yield made._replace(label=Label.NOT_TESTED, prediction=one)


def judge_export(
    report_id: str,
    policy_id: str,
    at: datetime,
    predictions: Iterable[Prediction],
    *,
    read_at: datetime,
) -> Iterator[Outcome]:
    """Hold an export that somebody else tells of against what was predicted of the report.

    `read_at`: when Expensify was last read. A prediction that stood unchanged after the export was
    a false alarm; one that ended after it may have been right until somebody fixed it.
    """
    made = Outcome(report_id, policy_id, at, Label.FIXED_FIRST)
    for one in predictions:
        if not one.is_said or one.is_settled or one.since >= at:
            continue
        if one.until is None or one.until > at:
            is_false_alarm = one.until is None and read_at > at
            label = Label.EXPORTED if is_false_alarm else Label.NOT_TESTED
            yield made._replace(label=label, prediction=one)
        else:
            yield made._replace(prediction=one)


def _after_export(
    attempt: Attempt, predictions: Iterable[Prediction], look: Look
) -> Iterator[Outcome]:
    """What was said of the part that has reached NetSuite; the rest only once all has."""
    part, whole_at = attempt.settled(), attempt.exported_at
    at = part[1] if part else whole_at
    if at is None or at <= look.baseline:
        return
    report = attempt.after
    made = Outcome(report.report_id, report.policy_id, at, Label.FIXED_FIRST)
    for one in predictions:
        if not one.is_said or one.is_settled or one.since >= at:
            continue
        label = _of_export(attempt, one, look)
        if label is Label.EXPORTED or whole_at is not None:
            yield made._replace(label=label, prediction=one)


def _of_export(attempt: Attempt, one: Prediction, look: Look) -> Label:
    if one.until is not None or not attempt.is_same_coding:
        return Label.FIXED_FIRST
    # A failing sync only stands for risks that it hides.
    if look.still_wrong is None or one.cause is Cause.SYNC_FAILING:
        return Label.NOT_TESTED
    is_wrong = (one.report_id, one.ref, one.cause) in look.still_wrong
    return Label.EXPORTED if is_wrong else Label.FIXED_FIRST


def _miss(made: Outcome, failure: Failure, stood: Iterable[Prediction], lacking: str) -> Outcome:
    """Nobody foretold the failure: a rule was too timid, or something was lacking."""
    guess = next((one for one in stood if not one.is_said and one.foretells(failure)), None)
    if guess is None:
        return made._replace(label=Label.MISSED, lacking=lacking)
    words = f"it was only called possible: {guess.ref} {guess.cause}"
    return made._replace(label=Label.MISSED, lacking=words, prediction=guess)


def _lacking(attempt: Attempt, look: Look) -> str:
    if attempt.before is None:
        return "the report was first read after it had failed"
    if look.unread:
        return f"cannot be read: {', '.join(sorted(look.unread))}"
    return "no rule saw it in what the monitor reads"


def _stood(one: Prediction, at: datetime) -> bool:
    return one.since < at and (one.until is None or one.until > at)


def _surest_first(one: Prediction) -> tuple[int, int, Ref]:
    return -one.certainty, _STRENGTH[one.cause], one.ref


_STRENGTH = {cause: strength for strength, cause in enumerate(Cause)}
