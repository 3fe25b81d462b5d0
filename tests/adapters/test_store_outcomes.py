"""Predictions, outcomes and counter-evidence survive as they were, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.core.attempts import Attempt
from monitor.core.outcomes import Label, Outcome
from monitor.core.predictions import Prediction
from monitor.core.records import Ref
from monitor.core.refutations import Cap, Counter, Refutation, Trust
from monitor.core.reports import PendingReport, Route
from monitor.core.risks import Cause, Certainty
from tests.adapters.store_memory import in_memory
from tests.core.builders import US, a_failure, a_line, a_report, at

CLASS = Ref("class", "12")


@pytest.fixture
def store() -> Iterator[Store]:
    with in_memory() as store:
        yield store


def a_prediction(since: datetime, report_id: str = "R1", **fields: Any) -> Prediction:
    return Prediction(
        **{
            "report_id": report_id,
            "policy_id": US,
            "ref": CLASS,
            "cause": Cause.INACTIVE,
            "certainty": Certainty.CERTAIN,
            "code": "NS0831",
            "since": since,
            **fields,
        }
    )


def predict(store: Store, moment: datetime, *reports: str, **fields: Any) -> None:
    """A cycle at that moment predicts the same of these reports."""
    with store.immediate():
        made = [a_prediction(moment, report_id, **fields) for report_id in reports]
        store.outcomes.predict(made, moment)


def known(store: Store, report_id: str = "R1") -> tuple[Prediction, ...]:
    return store.outcomes.predictions([report_id]).get(report_id, ())


def test_what_stands_goes_on_and_what_does_not_ends(store: Store) -> None:
    predict(store, at("09:00"), "R1", "R2")
    predict(store, at("09:15"), "R1")
    assert known(store) == (a_prediction(at("09:00")),)
    assert known(store, "R2") == (a_prediction(at("09:00"), "R2", until=at("09:15")),)


def test_what_comes_again_is_a_prediction_of_its_own(store: Store) -> None:
    predict(store, at("09:00"), "R1")
    predict(store, at("09:15"))
    predict(store, at("09:30"), "R1")
    assert known(store) == (
        a_prediction(at("09:00"), until=at("09:15")),
        a_prediction(at("09:30")),
    )


@pytest.mark.parametrize(
    ("before", "after", "since"),
    [
        pytest.param(
            {"certainty": Certainty.LIKELY},
            {"certainty": Certainty.CERTAIN},
            at("09:00"),
            id="surer: it goes on",
        ),
        pytest.param(
            {"certainty": Certainty.POSSIBLE},
            {"certainty": Certainty.LIKELY},
            at("09:15"),
            id="a mere guess until now: it begins now",
        ),
        pytest.param({}, {"cause": Cause.DELETED}, at("09:15"), id="another cause: it begins now"),
    ],
)
def test_since_when_it_was_said(
    store: Store, before: dict[str, Any], after: dict[str, Any], since: datetime
) -> None:
    predict(store, at("09:00"), "R1", **before)
    predict(store, at("09:15"), "R1", **after)
    assert known(store)[-1] == a_prediction(since, **after)


def an_outcome(label: Label = Label.FAILED_AS_PREDICTED, **fields: Any) -> Outcome:
    made = {"prediction": a_prediction(at("09:00")), "code": "NS0831", "words": "refused", **fields}
    return Outcome("R1", US, at("10:00"), label, **made)


def test_an_outcome_is_kept_once_and_found_from_its_moment_on(store: Store) -> None:
    missed = an_outcome(Label.MISSED, prediction=None, lacking="no rule saw it")
    with store.immediate():
        assert store.outcomes.add([an_outcome(), missed]) == 2
        assert store.outcomes.add([an_outcome(Label.EXPORTED), missed]) == 0
    assert store.outcomes.since(at("10:00")) == (missed, an_outcome())
    assert store.outcomes.since(at("10:01")) == ()


@pytest.mark.parametrize(
    ("label", "is_settled"),
    [
        pytest.param(Label.FAILED_AS_PREDICTED, True, id="it failed as it said"),
        pytest.param(Label.EXPORTED, True, id="it was a false alarm"),
        pytest.param(Label.NOT_TESTED, False, id="something else failed"),
    ],
)
def test_a_prediction_is_settled_by_an_export_that_tested_it(
    store: Store, label: Label, is_settled: bool
) -> None:
    predict(store, at("09:00"), "R1")
    with store.immediate():
        store.outcomes.add([an_outcome(label)])
    predict(store, at("11:00"))
    predict(store, at("12:00"), "R1")
    assert [one.is_settled for one in known(store)] == [is_settled, False]


def read(store: Store, moment: datetime, *reports: PendingReport) -> None:
    gone = set(store.reports.pending_ids()) - {report.report_id for report in reports}
    with store.immediate():
        reading = store.reports.new_reading(moment)
        store.reports.record(reading, reports, dict.fromkeys(gone, "was deleted"))


RECODED = a_report("R1", a_line("Sales : Retail"))
FAILED = replace(RECODED, failures=(a_failure(at("10:00")),))


def test_an_attempt_shows_the_report_as_it_was_and_since_when_it_is_coded_so(store: Store) -> None:
    read(store, at("08:00"), a_report())
    read(store, at("09:00"), RECODED)
    read(store, at("09:15"), replace(RECODED, name="Trip to Berlin"))
    before = replace(RECODED, name="Trip to Berlin")
    assert store.outcomes.attempts({"R1": FAILED}) == (Attempt(before, FAILED, at("09:00")),)


@pytest.mark.parametrize(
    "readings",
    [
        pytest.param([], id="never read"),
        pytest.param([(a_report(),), ()], id="it had departed"),
    ],
)
def test_a_report_that_was_not_pending_has_nothing_before(
    store: Store, readings: list[tuple[PendingReport, ...]]
) -> None:
    for number, reports in enumerate(readings):
        read(store, at(f"0{number}:00"), *reports)
    assert store.outcomes.attempts({"R1": FAILED}) == (Attempt(None, FAILED),)


def test_a_coding_that_was_never_another_has_no_beginning(store: Store) -> None:
    read(store, at("08:00"), RECODED)
    read(store, at("09:00"), replace(RECODED, name="Trip to Berlin"))
    (attempt,) = store.outcomes.attempts({"R1": FAILED})
    assert attempt.coded_since is None


def test_the_baseline_is_the_first_reading(store: Store) -> None:
    assert store.outcomes.baseline() is None
    read(store, at("08:00"), RECODED)
    read(store, at("09:00"))
    assert store.outcomes.baseline() == at("08:00")
    assert store.outcomes.policy_of("R1") == US
    assert store.outcomes.policy_of("R2") is None


def a_refutation(report_id: str, **fields: Any) -> Refutation:
    return Refutation(
        Cause.INACTIVE,
        CLASS,
        "1",
        Route.EXPENSE_REPORT,
        report_id,
        **{"exported_at": at("10:00"), **fields},
    )


def test_counter_evidence_is_kept_once_and_a_person_lifts_the_cap(store: Store) -> None:
    assert store.lessons.known() is None
    with store.immediate():
        store.lessons.add([a_refutation("R1"), a_refutation("R2")])
        store.lessons.add([a_refutation("R1"), a_refutation("R3", is_lesson=False)])
    known = store.lessons.known({US: "1"})
    assert known is not None
    assert known.caps() == (Cap(Cause.INACTIVE, ("R1", "R2"), at("10:00")),)
    here = Cause.INACTIVE, CLASS, US, Route.EXPENSE_REPORT, None
    assert known.verdict(*here) == Counter(
        is_capped=False, sentence="reports R1, R2, R3 exported all the same"
    )
    lifted = Trust(Cause.INACTIVE, at("11:00"), "dana", "opened for an hour")
    with store.immediate():
        store.lessons.trust(lifted)
    assert store.lessons.trusts() == (lifted,)
    trusted = store.lessons.known({US: "1"})
    assert trusted is not None and trusted.caps() == ()
