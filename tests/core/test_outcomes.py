"""What became of an export, held against what was predicted: one label for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.attempts import Attempt
from monitor.core.outcomes import (
    Label,
    Look,
    Outcome,
    judge_export,
    outcomes_of,
)
from monitor.core.predictions import Prediction, foretold_at
from monitor.core.records import Ref
from monitor.core.reports import CodedText, Export, Failure, PendingReport, ReportState
from monitor.core.risks import Cause, Certainty
from tests.core.builders import US, a_line, a_report, at

CLASS = Ref("class", "12")
BASELINE = at("06:00", day=20)
TRIED = at("10:00")
WHOLE = Look(BASELINE)
WRONG = Look(BASELINE, {("R1", CLASS, Cause.INACTIVE)})


def a_prediction(**fields: Any) -> Prediction:
    """Since nine it was certain that R1 fails, because class 12 is inactive."""
    return Prediction(
        **{
            "report_id": "R1",
            "policy_id": US,
            "ref": CLASS,
            "cause": Cause.INACTIVE,
            "certainty": Certainty.CERTAIN,
            "code": "NS0831",
            "since": at("09:00"),
            **fields,
        }
    )


def failed(code: str = "NS0831", moment: datetime = TRIED, words: str = "") -> Failure:
    return Failure(moment, code, words)


def an_attempt(*failures: Failure, before: PendingReport | None = None, **after: Any) -> Attempt:
    """R1 as the last reading showed it, and as it is read now."""
    before = before or a_report()
    return Attempt(before, replace(before, failures=failures, **after))


def exported(*exports: Export, **after: Any) -> Attempt:
    """The same, when it has reached NetSuite at ten."""
    return an_attempt(exports=exports or (Export(TRIED),), **after)


def told(attempt: Attempt, *predictions: Prediction, look: Look = WHOLE) -> list[str]:
    """The labels, each with the prediction it is about."""
    return [
        f"{one.label}: {one.prediction.cause.code}" if one.prediction else str(one.label)
        for one in outcomes_of(attempt, predictions, look)
    ]


PREDICTED = a_prediction()
GUESS = a_prediction(certainty=Certainty.POSSIBLE, cause=Cause.PARENT_INACTIVE)
OTHER = a_prediction(ref=Ref("project", "8"), cause=Cause.NOT_A_RESOURCE, code="NS0024")
LIKELY = a_prediction(
    ref=Ref("class", "13"), cause=Cause.EDITED_SINCE_SYNC, certainty=Certainty.LIKELY
)


@pytest.mark.parametrize(
    ("failure", "predictions", "labels"),
    [
        pytest.param(
            failed(), [PREDICTED], ["failed as predicted: inactive"], id="the code foretold"
        ),
        pytest.param(
            failed(),
            [LIKELY, PREDICTED],
            ["failed as predicted: inactive", "not tested: edited_since_sync"],
            id="one failure confirms one risk, the surest",
        ),
        pytest.param(
            failed("NS0024"),
            [PREDICTED, OTHER],
            ["failed as predicted: not_a_resource", "not tested: inactive"],
            id="the code says which of two",
        ),
        pytest.param(
            failed(words="Invalid class reference key 13 for subsidiary 1."),
            [PREDICTED, LIKELY],
            ["failed as predicted: edited_since_sync", "not tested: inactive"],
            id="NetSuite's own words say which of two",
        ),
        pytest.param(
            failed("", words="Invalid class reference key 12 for subsidiary 1."),
            [PREDICTED],
            ["failed as predicted: inactive"],
            id="the words are enough without a code",
        ),
        pytest.param(
            failed(words="Invalid class reference key 99."),
            [PREDICTED],
            ["missed", "not tested: inactive"],
            id="the words name another class: nobody foretold that",
        ),
        pytest.param(
            failed("NS0109"),
            [PREDICTED],
            ["failed otherwise", "not tested: inactive"],
            id="a code that no rule is about: no miss",
        ),
        pytest.param(
            failed(""),
            [PREDICTED],
            ["failed, code unknown", "not tested: inactive"],
            id="neither code nor words: nobody can tell",
        ),
        pytest.param(failed(), [], ["missed"], id="a code of ours that nobody foretold: a miss"),
        pytest.param(
            failed(), [GUESS], ["missed: parent_inactive"], id="only called possible: a miss of it"
        ),
        pytest.param(
            failed(),
            [a_prediction(since=TRIED)],
            ["missed"],
            id="predicted in the moment it failed: too late",
        ),
        pytest.param(
            failed(), [a_prediction(until=at("09:30"))], ["missed"], id="taken back before: a miss"
        ),
        pytest.param(
            failed(),
            [a_prediction(until=at("10:15"))],
            ["failed as predicted: inactive"],
            id="taken back after it failed: it was right",
        ),
        pytest.param(
            failed("NS0770"),
            [a_prediction(cause=Cause.SYNC_FAILING, code=None, ref=Ref("workspace", US))],
            ["failed as predicted: sync_failing"],
            id="a failing sync stands for the risks that it hides",
        ),
    ],
)
def test_a_failure_is_held_against_what_stood(
    failure: Failure, predictions: list[Prediction], labels: list[str]
) -> None:
    assert told(an_attempt(failure), *predictions) == labels


OLD = failed(moment=at("09:30"))


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(an_attempt(), id="nothing new"),
        pytest.param(an_attempt(OLD, before=a_report(failures=(OLD,))), id="told before"),
        pytest.param(
            an_attempt(OLD, failed(), before=a_report(failures=(OLD,))),
            id="tried again with the same coding and the same code",
        ),
        pytest.param(
            an_attempt(failed(moment=at("07:00", day=22))), id="older than the last approval"
        ),
        pytest.param(an_attempt(failed(moment=at("05:00", day=20))), id="older than the baseline"),
        pytest.param(
            an_attempt(failed(), lines=(a_line("Sales : Retail"),)),
            id="recoded meanwhile: nobody knows which coding failed",
        ),
    ],
)
def test_what_says_nothing_of_a_prediction_has_no_label(attempt: Attempt) -> None:
    assert told(attempt, PREDICTED) == []


def test_after_a_recoding_the_same_code_is_news_again() -> None:
    before = a_report(failures=(OLD,))
    attempt = replace(an_attempt(OLD, failed(), before=before), coded_since=at("09:45"))
    assert told(attempt, PREDICTED) == ["failed as predicted: inactive"]


def test_one_that_failed_before_it_was_ever_read_is_a_miss_that_says_so() -> None:
    report = a_report(failures=(failed(),))
    assert outcomes_of(Attempt(None, report), (), WHOLE) == (
        Outcome(
            "R1",
            US,
            TRIED,
            Label.MISSED,
            "NS0831",
            lacking="the report was first read after it had failed",
        ),
    )


@pytest.mark.parametrize(
    ("predictions", "look", "lacking"),
    [
        pytest.param([], WHOLE, "no rule saw it in what the monitor reads", id="all was read"),
        pytest.param(
            [], Look(BASELINE, (), ["project", "class"]), "cannot be read: class, project", id="off"
        ),
        pytest.param(
            [GUESS],
            WHOLE,
            "it was only called possible: class:12 lies below an inactive record in NetSuite",
            id="too timid",
        ),
    ],
)
def test_a_miss_says_what_was_lacking(
    predictions: list[Prediction], look: Look, lacking: str
) -> None:
    (miss,) = outcomes_of(an_attempt(failed()), predictions, look)
    assert (miss.label, miss.lacking) == (Label.MISSED, lacking)


@pytest.mark.parametrize(
    ("attempt", "predictions", "look", "labels"),
    [
        pytest.param(
            exported(),
            [PREDICTED],
            WRONG,
            ["exported: inactive"],
            id="nothing fixed, the same coding: a false alarm",
        ),
        pytest.param(
            exported(), [PREDICTED], WHOLE, ["fixed first: inactive"], id="the record was fixed"
        ),
        pytest.param(
            exported(lines=(a_line("Sales : Retail"),)),
            [PREDICTED],
            WRONG,
            ["fixed first: inactive"],
            id="the report was recoded",
        ),
        pytest.param(
            exported(),
            [a_prediction(until=at("09:30"))],
            WRONG,
            ["fixed first: inactive"],
            id="the risk had ended before",
        ),
        pytest.param(
            exported(),
            [PREDICTED],
            Look(BASELINE, None),
            ["not tested: inactive"],
            id="NetSuite cannot be read: nobody knows what was fixed",
        ),
        pytest.param(
            exported(),
            [a_prediction(cause=Cause.SYNC_FAILING, ref=Ref("workspace", US), code=None)],
            WRONG,
            ["not tested: sync_failing"],
            id="a failing sync speaks for others, and is not tested by one report",
        ),
        pytest.param(exported(), [GUESS], WRONG, [], id="only called possible: no alarm"),
        pytest.param(
            exported(), [a_prediction(since=TRIED)], WRONG, [], id="predicted after the export"
        ),
        pytest.param(
            exported(),
            [a_prediction(is_settled=True)],
            WRONG,
            [],
            id="it had failed as predicted before: what it says was true",
        ),
        pytest.param(
            exported(Export(TRIED, is_manual=True)), [PREDICTED], WRONG, [], id="marked by a person"
        ),
        pytest.param(
            exported(state=ReportState.SUBMITTED), [PREDICTED], WRONG, [], id="it waits again"
        ),
        pytest.param(
            exported(Export(at("07:00", day=22))), [PREDICTED], WRONG, [], id="before the approval"
        ),
    ],
)
def test_an_export_is_a_false_alarm_only_if_nothing_was_fixed(
    attempt: Attempt, predictions: list[Prediction], look: Look, labels: list[str]
) -> None:
    assert told(attempt, *predictions, look=look) == labels


TWO_ROUTES = a_report(
    "R1",
    a_line("Sales : Marketing", line_id="cash"),
    a_line("Sales : Retail", line_id="card", is_reimbursable=False),
)
CASH, CARD = Export(TRIED, has_reimbursable=True), Export(at("11:00"), has_card=True)


def test_the_part_that_was_exported_is_judged_and_the_rest_waits() -> None:
    half = Attempt(TWO_ROUTES, replace(TWO_ROUTES, exports=(CASH,)))
    assert told(half, PREDICTED, LIKELY, look=WRONG) == ["exported: inactive"]
    part = half.settled()
    assert part is not None
    assert ([line.line_id for line in part[0].lines], part[1]) == (["cash"], TRIED)


def test_a_part_of_a_recoded_report_is_not_the_one_that_was_judged() -> None:
    fields = (CodedText("report_field:Department", "Product"),)
    assert exported(fields=fields).settled() is None
    assert exported(lines=(a_line("Sales : Retail"),)).settled() is None
    assert exported().settled() == (a_report(), TRIED)


@pytest.mark.parametrize(
    ("prediction", "found"),
    [
        pytest.param(PREDICTED, {CLASS: at("09:00")}, id="it stands"),
        pytest.param(GUESS, {}, id="only possible"),
        pytest.param(a_prediction(until=at("10:15")), {}, id="ended since"),
        pytest.param(a_prediction(since=TRIED), {}, id="said in the moment of the export"),
    ],
)
def test_what_an_export_can_refute_had_been_said_before(
    prediction: Prediction, found: dict[Ref, datetime]
) -> None:
    assert foretold_at([prediction], TRIED) == found


def test_what_is_exported_last_ends_the_report() -> None:
    before = replace(TWO_ROUTES, exports=(CASH,))
    rest = Attempt(before, replace(before, exports=(CASH, CARD)))
    settled = a_prediction(is_settled=True)
    assert told(rest, settled, LIKELY, look=WRONG) == ["fixed first: edited_since_sync"]
    part = rest.settled()
    assert part is not None
    assert [line.line_id for line in part[0].lines] == ["card"]


@pytest.mark.parametrize(
    ("prediction", "read_at", "labels"),
    [
        pytest.param(PREDICTED, at("10:15"), [Label.EXPORTED], id="it stood at the next reading"),
        pytest.param(PREDICTED, at("09:45"), [Label.NOT_TESTED], id="not read since"),
        pytest.param(
            a_prediction(until=at("10:15")), at("12:00"), [Label.NOT_TESTED], id="ended after it"
        ),
        pytest.param(
            a_prediction(until=at("09:30")), at("12:00"), [Label.FIXED_FIRST], id="ended before it"
        ),
        pytest.param(GUESS, at("12:00"), [], id="only possible"),
        pytest.param(a_prediction(is_settled=True), at("12:00"), [], id="settled before"),
        pytest.param(a_prediction(since=at("11:00")), at("12:00"), [], id="predicted later"),
    ],
)
def test_an_export_that_somebody_tells_of(
    prediction: Prediction, read_at: datetime, labels: list[Label]
) -> None:
    found = judge_export("R1", US, TRIED, [prediction], read_at=read_at)
    assert [one.label for one in found] == labels


def test_the_lead_is_from_the_prediction_to_the_failure() -> None:
    (outcome,) = outcomes_of(an_attempt(failed()), [PREDICTED], WHOLE)
    assert outcome.lead_seconds == 3600
    (alarm,) = outcomes_of(exported(), [PREDICTED], WRONG)
    assert alarm.lead_seconds is None


@given(st.permutations([PREDICTED, LIKELY, OTHER, GUESS]))
def test_the_order_of_the_predictions_makes_no_difference(order: list[Prediction]) -> None:
    straight = outcomes_of(an_attempt(failed()), [PREDICTED, LIKELY, OTHER, GUESS], WHOLE)
    assert outcomes_of(an_attempt(failed()), order, WHOLE) == straight
    assert sum(one.label is Label.FAILED_AS_PREDICTED for one in straight) == 1
