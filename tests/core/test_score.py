"""How good the predictions were: shares with their counts, and what was missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.outcomes import Label, Outcome
from monitor.core.predictions import Prediction
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty
from monitor.core.score import Score, Share, score
from tests.core.builders import US, at


def an_outcome(label: Label, cause: Cause | None = Cause.INACTIVE, **fields: Any) -> Outcome:
    """R1 was tried at ten; the prediction is of nine."""
    prediction = None
    if cause is not None:
        ref = Ref("class", "12")
        prediction = Prediction("R1", US, ref, cause, Certainty.LIKELY, "NS0831", at("09:00"))
    return Outcome(
        "R1", US, at("10:00"), label, **{"code": "NS0831", "prediction": prediction, **fields}
    )


HIT, ALARM = an_outcome(Label.FAILED_AS_PREDICTED), an_outcome(Label.EXPORTED)
MISS = an_outcome(Label.MISSED, None, lacking="no rule saw it in what the monitor reads")


@pytest.mark.parametrize(
    ("outcomes", "precision", "recall"),
    [
        pytest.param([], Share(0, 0), Share(0, 0), id="nothing was tried"),
        pytest.param([HIT], Share(1, 1), Share(1, 1), id="right"),
        pytest.param([HIT, ALARM, ALARM], Share(1, 3), Share(1, 1), id="two false alarms"),
        pytest.param([HIT, MISS], Share(1, 1), Share(1, 2), id="a miss"),
        pytest.param(
            [
                HIT,
                an_outcome(Label.FIXED_FIRST),
                an_outcome(Label.NOT_TESTED),
                an_outcome(Label.FAILED_OTHERWISE, None),
                an_outcome(Label.CODE_UNKNOWN, None),
            ],
            Share(1, 1),
            Share(1, 1),
            id="what was fixed, not tested or is nobody's counts neither for nor against",
        ),
    ],
)
def test_precision_and_recall_of_all(
    outcomes: list[Outcome], precision: Share, recall: Share
) -> None:
    whole = score(outcomes).whole
    assert (whole.precision, whole.recall) == (precision, recall)


def test_each_cause_has_its_own_score_the_strongest_first() -> None:
    guess = an_outcome(Label.MISSED, Cause.PARENT_INACTIVE)
    found = score([guess, HIT, MISS, an_outcome(Label.EXPORTED, Cause.DELETED)])
    assert [(one.cause, one.precision, one.recall) for one in found.causes] == [
        (Cause.DELETED, Share(0, 1), Share(0, 0)),
        (Cause.INACTIVE, Share(1, 1), Share(1, 1)),
        (Cause.PARENT_INACTIVE, Share(0, 0), Share(0, 1)),
    ]
    assert found.whole.recall == Share(1, 3)
    assert found.misses == (MISS, guess)


@pytest.mark.parametrize(
    ("share", "value", "is_enough"),
    [
        pytest.param(Share(0, 0), None, False, id="of nothing: no value"),
        pytest.param(Share(3, 4), 0.75, False, id="n=4: too few to judge"),
        pytest.param(Share(3, 5), 0.6, True, id="n=5: enough"),
    ],
)
def test_a_share_of_few_cases_says_so(share: Share, value: float | None, is_enough: bool) -> None:
    assert (share.value, share.is_enough) == (value, is_enough)


def test_the_lead_is_the_median_of_the_confirmed_ones() -> None:
    outcomes = [HIT, HIT._replace(at=at("11:00")), HIT._replace(at=at("19:00")), ALARM]
    found = score(outcomes)
    assert found.whole.lead == found.causes[0].lead == timedelta(hours=2)
    assert score([ALARM]).whole.lead is None


@given(st.permutations([HIT, ALARM, MISS, an_outcome(Label.MISSED, Cause.DELETED)]))
def test_the_order_of_the_outcomes_makes_no_difference(order: list[Outcome]) -> None:
    straight: Score = score([HIT, ALARM, MISS, an_outcome(Label.MISSED, Cause.DELETED)])
    assert score(order) == straight
