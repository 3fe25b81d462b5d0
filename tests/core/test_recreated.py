"""Deleted, and made again under the same name: the old risk stays until the new one is imported."""

from __future__ import annotations

from datetime import datetime

import pytest

from monitor.core.match import Basis, Match, RecordBook
from monitor.core.predict import Situation, ending_of, predict
from monitor.core.records import Record, Ref
from monitor.core.risks import Cause, Certainty, Risk
from monitor.core.sync import Imported
from tests.core.builders import (
    NOW,
    a_change,
    a_class,
    a_drift,
    a_line,
    a_report,
    a_situation,
    hours,
)

OLD, NEW = a_class("12"), a_class("40")
REPORT = a_report("R1", a_line("Sales : Marketing"))


def made_again(
    imported: Imported, *, new: Record = NEW, now: datetime = NOW, gone: tuple[Record, ...] = (OLD,)
) -> Situation:
    """Marketing is gone, and a new class has its name."""
    drift = a_drift(a_change(None, new), imported=imported)
    return a_situation(REPORT, present=(new,), gone=gone, drift=drift, now=now)


def old_risk(situation: Situation) -> Risk | None:
    return next((risk for risk in predict(situation) if risk.ref == OLD.ref), None)


@pytest.mark.parametrize(
    ("imported", "after", "said"),
    [
        pytest.param(
            Imported.NO, 0, "certain sync yes", id="not imported: Expensify sends the deleted id"
        ),
        pytest.param(
            Imported.NO, 30, "certain sync yes", id="not imported for a day: it still sends it"
        ),
        pytest.param(
            Imported.UNKNOWN, 0, "likely sync_to_be_sure unknown", id="nobody knows: likely"
        ),
        pytest.param(
            Imported.UNKNOWN,
            30,
            "possible sync_to_be_sure unknown",
            id="a daily sync was due: only possible, and not over",
        ),
        pytest.param(Imported.YES, 0, "", id="imported: Expensify sends the new id"),
    ],
)
def test_the_deleted_risk_stays_until_the_new_record_is_imported(
    imported: Imported, after: int, said: str
) -> None:
    risk = old_risk(made_again(imported, now=NOW + hours(after)))
    told = risk and f"{risk.certainty.code} {risk.remedy.code.code} {risk.remedy.sync_helps}"
    assert (told or "") == said
    assert risk is None or (risk.cause, risk.imported) == (Cause.DELETED, imported)


def test_what_happened_names_the_new_record() -> None:
    risk = old_risk(made_again(Imported.NO))
    assert risk is not None
    assert (
        risk.what_changed == "class “Sales : Marketing” was added, with the name of a deleted one"
    )


def test_it_ends_because_the_text_means_another_record_now() -> None:
    risk = old_risk(made_again(Imported.NO))
    assert risk is not None
    assert ending_of(risk, made_again(Imported.YES), {}) == (
        "no pending report uses it any more: "
        "R1 has the same text, which no longer means this record"
    )


def test_what_is_wrong_with_the_new_record_is_only_possible_until_then() -> None:
    outside = a_class("40", subsidiary_ids=("9",), is_inactive=True)
    found = {
        imported: [
            (risk.cause, risk.certainty)
            for risk in predict(made_again(imported, new=outside))
            if risk.ref == NEW.ref
        ]
        for imported in (Imported.NO, Imported.YES)
    }
    assert found == {
        Imported.NO: [(Cause.INACTIVE, Certainty.POSSIBLE)],
        Imported.YES: [(Cause.INACTIVE, Certainty.CERTAIN)],
    }


def test_a_line_by_another_name_of_the_deleted_record_fails_whatever_is_imported() -> None:
    called_so = a_class("12", "Sales : Brand")
    drift = a_drift(a_change(None, NEW), imported=Imported.UNKNOWN)
    reports = (REPORT, a_report("R2", a_line("Sales : Brand")))
    situation = a_situation(*reports, present=(NEW,), gone=(OLD,), former=(called_so,), drift=drift)
    risk = old_risk(situation)
    assert risk is not None
    assert {report.report_id: report.certainty or risk.certainty for report in risk.reports} == {
        "R1": Certainty.LIKELY,
        "R2": Certainty.CERTAIN,
    }


def test_of_several_deleted_records_the_newest_is_meant_and_its_end_is_certain() -> None:
    book = RecordBook((), gone=(a_class("12"), a_class("40")))
    assert book.find("Sales : Marketing", ("class",)) == Match(
        Ref("class", "40"), Basis.FORMER_NAME
    )
    both = RecordBook((a_class("50"),), gone=(a_class("12"), a_class("40")))
    assert both.predecessor("sales:marketing", Ref("class", "50")) == Ref("class", "40")
    assert both.predecessor("Sales : Other", Ref("class", "50")) is None
