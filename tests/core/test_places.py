"""When the texts at a place are what the operator says, and what is asked when they are not."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.match import RecordBook
from monitor.core.places import HealthBefore, SetUpQuestion, health_of, trusted_after
from monitor.core.predict import (
    Situation,
    is_blind_to,
    is_place_unclear,
    place_health,
    predict,
    set_up_questions,
)
from monitor.core.records import Record, Ref
from monitor.core.reports import CodedText, Coding, PendingReport, Route
from monitor.core.risks import Cause
from tests.core.builders import (
    UK,
    US,
    a_bad_text,
    a_class,
    a_line,
    a_record,
    a_report,
    a_risk,
    a_situation,
    a_workspace,
    an_exposed_report,
)
from tests.core.rule_builders import a_customer, by_default, coded


@pytest.mark.parametrize(
    ("texts", "matched", "is_healthy"),
    [
        pytest.param(0, 0, True, id="nothing is coded there"),
        pytest.param(1, 0, True, id="the only one matches nothing: that is a text, not a place"),
        pytest.param(2, 0, False, id="two of two"),
        pytest.param(19, 18, True, id="one of nineteen"),
        pytest.param(19, 17, False, id="two of nineteen"),
        pytest.param(20, 19, True, id="of twenty, 95 %"),
        pytest.param(40, 38, True, id="two of forty: 95 %"),
        pytest.param(100, 94, False, id="94 %"),
    ],
)
def test_a_place_is_healthy(texts: int, matched: int, is_healthy: bool) -> None:
    assert health_of(US, "tag:1", texts, matched).is_healthy is is_healthy


def test_the_share_of_an_empty_place_is_whole() -> None:
    assert (health_of(US, "tag:1", 0, 0).share, health_of(US, "tag:1", 4, 3).share) == (1.0, 0.75)


@pytest.mark.parametrize(
    ("before", "texts", "matched", "is_healthy"),
    [
        pytest.param(None, 2, 1, True, id="nobody looked before: one stray text is a text"),
        pytest.param((True, 1.0), 2, 1, True, id="a trusted place: one stray text, though 50 %"),
        pytest.param((True, 1.0), 4, 2, False, id="a trusted place: half of the texts"),
        pytest.param((False, 1.0), 2, 1, False, id="doubted, 50 %: not healed by being few"),
        pytest.param((False, 1.0), 10, 9, True, id="doubted, 90 %: near what it was"),
        pytest.param((False, 1.0), 2, 2, True, id="doubted, and all texts match again"),
        pytest.param((False, 0.6), 2, 1, True, id="doubted, and as it was when it was trusted"),
        pytest.param((False, None), 2, 1, True, id="doubted from the first look: judged by itself"),
        pytest.param((False, 0.5), 4, 2, False, id="doubted: the low share heals nothing"),
    ],
)
def test_a_doubted_place_heals_only_near_what_it_was(
    before: tuple[bool, float | None] | None, texts: int, matched: int, is_healthy: bool
) -> None:
    last = HealthBefore(*before) if before else None
    assert health_of(US, "tag:1", texts, matched, last).is_healthy is is_healthy


def test_a_place_that_fell_stays_doubted_look_after_look() -> None:
    last, seen = None, []
    for texts, matched in ((6, 6), (6, 3), (2, 1), (2, 1), (5, 4)):
        health = health_of(US, "tag:1", texts, matched, last)
        last = HealthBefore(health.is_healthy, trusted_after(health, last))
        seen.append(health.is_healthy)
    assert seen == [True, False, False, False, True]
    assert last == HealthBefore(is_healthy=True, trusted=0.8)


def test_what_was_doubted_at_the_last_look_is_not_predicted_from() -> None:
    reports, present = _reports("Marketing", "Dept 1"), [a_class(is_inactive=True)]
    assert predict(a_situation(*reports, present=present)) != ()
    doubted = HealthBefore(is_healthy=False, trusted=1.0)
    before = {(US, "tag:1"): doubted, (UK, "tag:2"): doubted}
    assert predict(a_situation(*reports, present=present, health_before=before)) == ()


def _reports(*texts: str) -> list[PendingReport]:
    return [a_report(f"R{n}", a_line(text)) for n, text in enumerate(texts)]


def _departments() -> list[Record]:
    return [a_record("department", str(n), f"Dept {n}") for n in range(1, 4)]


def _re_mapped(**fields: Any) -> Situation:
    """Tag 1 holds classes, as the configuration says; the texts are departments' names."""
    present = [a_class(is_inactive=True), *_departments()]
    reports = _reports("Marketing", "Dept 1", "Dept 2", "Dept 3")
    return a_situation(*reports, present=present, **fields)


def test_where_too_many_texts_match_nothing_nothing_is_predicted() -> None:
    situation = _re_mapped()
    assert predict(situation) == ()
    assert place_health(situation) == (health_of(US, "tag:1", 4, 1),)


def test_one_text_that_matches_nothing_is_a_risk_and_no_question() -> None:
    situation = a_situation(*_reports("Marketing", "Markting"), present=[a_class()])
    assert [risk.cause for risk in predict(situation)] == [Cause.UNKNOWN_TEXT]
    assert set_up_questions(situation) == ()


def test_texts_count_once_however_often_they_are_coded() -> None:
    situation = a_situation(*_reports("Nobody", "Nobody", "Marketing"), present=[a_class()])
    assert place_health(situation) == (health_of(US, "tag:1", 2, 1),)


def test_blank_texts_do_not_count() -> None:
    situation = a_situation(*_reports(" ", "Marketing"), present=[a_class()])
    assert place_health(situation) == (health_of(US, "tag:1", 1, 1),)


def test_former_names_and_deleted_records_are_matches() -> None:
    former, gone = [a_class(path="Brand")], [a_class("13", "Ops")]
    reports = _reports("Brand", "Ops", "Marketing")
    situation = a_situation(*reports, present=[a_class()], former=former, gone=gone)
    assert place_health(situation) == (health_of(US, "tag:1", 3, 3),)


def test_a_place_of_a_kind_that_cannot_be_read_is_not_judged() -> None:
    situation = _re_mapped(unreadable={"class"})
    assert (place_health(situation), set_up_questions(situation), predict(situation)) == (
        (),
        (),
        (),
    )


def test_a_place_of_a_kind_that_nothing_is_known_of_is_not_judged() -> None:
    situation = a_situation(*_reports("Marketing"), present=_departments())
    assert (place_health(situation), predict(situation)) == ((), ())


def _sentences(situation: Situation) -> list[str]:
    return [question.sentence for question in set_up_questions(situation)]


def test_a_place_is_asked_about_with_the_kind_that_matches_better() -> None:
    reports = _reports("Dept 1", "Dept 2", "Dept 3")
    situation = a_situation(*reports, present=[a_class(), *_departments()])
    assert set_up_questions(situation) == (
        SetUpQuestion(
            US,
            "tag:1",
            "none of the 3 texts at tag:1 match a class: nothing is predicted there. They match "
            'department records: is [workspace.coding] department = "tag:1" meant?',
        ),
    )


def test_without_a_better_kind_it_is_only_asked_what_is_kept_there() -> None:
    assert _sentences(_re_mapped()) == [
        "only 1 of 4 texts at tag:1 match a class: nothing is predicted there. What does Expensify "
        "keep there?"
    ]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param(
            1.0,
            ", and 100% did when the place was last in order (were the tags mapped anew?):",
            id="fell",
        ),
        pytest.param(0.44, "match a class: nothing", id="was hardly better"),
        pytest.param(None, "match a class: nothing", id="was never in order"),
    ],
)
def test_a_fall_since_the_texts_were_in_order_is_said(before: float | None, said: str) -> None:
    before_it = HealthBefore(is_healthy=False, trusted=before)
    (sentence,) = _sentences(_re_mapped(health_before={(US, "tag:1"): before_it}))
    assert said in sentence


@pytest.mark.parametrize(
    ("texts", "is_unclear"),
    [
        pytest.param(("Marketing",), False, id="all is clear"),
        pytest.param(("Dept 1", "Dept 2"), True, id="a place that is doubted"),
    ],
)
def test_other_kinds_matter_only_where_a_place_is_unclear(
    texts: tuple[str, ...], is_unclear: bool
) -> None:
    assert is_place_unclear(a_situation(*_reports(*texts), present=[a_class()])) is is_unclear


def test_a_place_that_nobody_named_is_unclear() -> None:
    report = a_report("R1", a_line("Marketing", "Blue"))
    assert is_place_unclear(a_situation(report, present=[a_class()]))


def test_a_place_may_hold_a_kind_that_nobody_codes() -> None:
    reports = _reports("Dept 1", "Dept 2")
    situation = a_situation(*reports, present=[a_class()])
    (question,) = set_up_questions(situation, RecordBook(_departments()))
    assert 'is [workspace.coding] department = "tag:1" meant?' in question.sentence


def test_a_level_that_the_configuration_does_not_name_is_asked_about() -> None:
    report = a_report("R1", a_line("Marketing", "Dept 1"))
    assert _sentences(a_situation(report, present=[a_class(), *_departments()])) == [
        "the texts at tag:2 match department records, and the configuration names nothing there: "
        'is [workspace.coding] department = "tag:2" meant?'
    ]


def test_a_tag_deeper_than_the_configured_levels_is_said_though_nobody_knows_what_it_is() -> None:
    report = a_report("R1", *(a_line("Marketing", text) for text in ("Blue", "Red", "Green", "X")))
    assert _sentences(a_situation(report, present=[a_class()])) == [
        "expenses carry tags at tag:2 (“Blue”, “Green”, “Red” and 1 more), deeper than any level "
        "that [workspace.coding] names: they are not looked at; if NetSuite gets them, name their "
        "kind"
    ]


@pytest.mark.parametrize("place", ["tag:2", "report_field:Class"])
def test_a_level_above_a_coded_one_or_beside_none_is_nobodys_question(place: str) -> None:
    report = a_report("R1", a_line("Blue"))
    situation = a_situation(report, present=[a_class()], workspaces=[coded(place, "class")])
    assert _sentences(situation) == []


@pytest.mark.parametrize(
    ("workspace", "is_asked"),
    [
        pytest.param(by_default("class", company_card_export=Route.VENDOR_BILL), True, id="bills"),
        pytest.param(by_default("class"), False, id="no bills"),
        pytest.param(
            coded("tag:1", "class", company_card_export=Route.VENDOR_BILL), False, id="a tag"
        ),
    ],
)
def test_a_default_of_the_employee_on_a_vendor_bill_is_asked_about(
    workspace: Any, is_asked: bool
) -> None:
    questions = set_up_questions(a_situation(workspaces=(workspace,)))
    assert [one.place for one in questions] == (["employee_default"] if is_asked else [])


def test_at_a_doubted_place_risks_are_frozen() -> None:
    risk = a_risk(an_exposed_report(bad_texts=(a_bad_text("Marketing"),)))
    assert is_blind_to(risk, _re_mapped())
    elsewhere = a_risk(an_exposed_report(bad_texts=(a_bad_text("Marketing", place="tag:9"),)))
    assert not is_blind_to(elsewhere, _re_mapped())


def test_two_kinds_share_a_place() -> None:
    workspace = a_workspace(coding=(Coding("class", "tag:1"), Coding("customer", "tag:1")))
    situation = a_situation(
        *_reports("Marketing", "Globex"), present=[a_class(), a_customer()], workspaces=(workspace,)
    )
    assert place_health(situation) == (health_of(US, "tag:1", 2, 2),)


def test_a_report_field_is_a_place_too() -> None:
    field = CodedText("report_field:Class", "Markting")
    situation = a_situation(
        a_report("R1", fields=(field,)),
        present=[a_class()],
        workspaces=(coded("report_field:Class", "class"),),
    )
    (risk,) = predict(situation)
    assert (risk.cause, risk.ref.kind) == (Cause.UNKNOWN_TEXT, Ref("text", "").kind)
