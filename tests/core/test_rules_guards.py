"""What a rule makes of a world that shows it less, or more, than it would like."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pytest

from monitor.core.employees import EmployeeBook
from monitor.core.match import RecordBook
from monitor.core.predict import RuleState, Situation, examine, is_blind_to, predict
from monitor.core.records import Record, Ref
from monitor.core.reports import Route
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_drift,
    a_line,
    a_report,
    a_risk,
    a_situation,
    a_workspace,
    an_exposed_report,
    at,
)
from tests.core.rule_builders import (
    a_customer,
    a_project,
    a_staff,
    a_trip,
    an_employee,
    by_default,
    changed,
    coded,
)

NO = Imported.NO
PROJECTS = coded("tag:1", "project")


def causes(situation: Situation) -> list[Cause]:
    return [risk.cause for risk in predict(situation)]


def test_a_project_with_subsidiaries_of_its_own_does_not_take_its_customers() -> None:
    present = [a_customer(subsidiary_ids=("2",)), a_project(customer_id="3")]
    situation = a_situation(a_trip("Website"), present=present, workspaces=(PROJECTS,))
    assert causes(situation) == []


def test_a_project_without_any_whose_customer_nobody_sees_is_not_judged() -> None:
    project = a_project(subsidiary_ids=(), customer_id="3")
    situation = a_situation(a_trip("Website"), present=[project], workspaces=(PROJECTS,))
    verdicts = examine(situation, project.ref, PROJECTS).verdicts
    (outside,) = (one for one in verdicts if one.cause is Cause.CUSTOMER_OUTSIDE_SUBSIDIARY)
    assert (causes(situation), outside.state) == ([], RuleState.OFF)


@pytest.mark.parametrize(
    ("subsidiary", "is_blind"),
    [
        pytest.param("1", True, id="NetSuite tells no subsidiary of the customer: it may be so"),
        pytest.param(None, False, id="the workspace names none: nobody asks any more"),
    ],
)
def test_whether_the_end_of_a_foreign_customer_can_be_seen(
    subsidiary: str | None, is_blind: bool
) -> None:
    situation = a_situation(
        a_trip("Globex"),
        present=[a_customer(subsidiary_ids=())],
        workspaces=(coded("tag:1", "customer", subsidiary=subsidiary),),
    )
    told = a_risk(
        an_exposed_report(bad_texts=()),
        ref=Ref("customer", "3"),
        cause=Cause.CUSTOMER_OUTSIDE_SUBSIDIARY,
    )
    assert is_blind_to(told, situation) is is_blind


def test_a_limited_project_that_nobody_codes_is_watched_without_its_people() -> None:
    limited = {"limit_to_resources": True, "resource_ids": ("9",)}
    before, after = a_project(is_inactive=True, **limited), a_project(**limited)
    situation = a_situation(
        present=[after],
        former=[before],
        drift=a_drift(a_change(before, after)),
        workspaces=(PROJECTS,),
        employees=a_staff(an_employee()),
    )
    (risk,) = predict(situation)
    assert (risk.cause, risk.reports) == (Cause.EDITED_SINCE_SYNC, ())


def test_one_edit_out_of_sight_leaves_the_others_watched() -> None:
    customer, project = a_customer(is_inactive=True), a_project(is_inactive=True)
    edits = (a_change(record._replace(is_inactive=False), record) for record in (customer, project))
    situation = a_situation(
        present=[customer, project],
        drift=a_drift(*edits),
        workspaces=(coded("tag:1", "customer", "project"),),
        unreadable={"customer"},
    )
    assert [risk.ref for risk in predict(situation)] == [project.ref]


@pytest.mark.parametrize(
    "above",
    [
        pytest.param([a_class("2", parent_id="3"), a_class("3", parent_id="2")], id="in a circle"),
        pytest.param([a_class("2", parent_id="99")], id="and above that, nothing in sight"),
    ],
)
def test_what_cannot_be_seen_above_a_record_is_not_called_inactive(above: list[Record]) -> None:
    record = a_class(parent_id="2", path="Garden")
    assert causes(a_situation(a_trip("Garden"), present=[record, *above])) == []


def test_who_came_since_the_sync_was_not_edited() -> None:
    situation = changed(None, an_employee(class_id="12"), NO, a_trip())
    assert causes(situation) == []


def test_of_somebody_edited_who_has_left_no_edit_is_said() -> None:
    before, after = an_employee(), an_employee(class_id="12", is_inactive=True)
    situation = changed(before, after, NO, a_trip(), workspaces=(by_default("class"),))
    assert Cause.EMPLOYEE_EDITED_SINCE_SYNC not in _all_causes(situation)


def test_another_subsidiary_alone_leaves_no_rule_for_tags_stale() -> None:
    before, after = an_employee(subsidiary_id="2"), an_employee()
    situation = changed(before, after, NO, a_trip(), workspaces=(coded("tag:1", "class"),))
    assert _all_causes(situation) == {Cause.EMPLOYEE_EDITED_SINCE_SYNC}


def _all_causes(situation: Situation) -> set[Cause]:
    return {cause for risk in predict(situation) for cause in (risk.cause, *risk.other_causes)}


@pytest.mark.parametrize(
    ("situation", "cause", "why"),
    [
        pytest.param(
            a_situation(
                *(a_report(f"R{n}", submitter=f"{n}@acme.example") for n in range(5)),
                employees=a_staff(an_employee(is_inactive=True)),
            ),
            Cause.EMPLOYEE_UNUSABLE,
            "too many submitters have an e-mail that no employee has",
            id="strangers",
        ),
        pytest.param(
            a_situation(
                a_trip(),
                workspaces=(a_workspace(auto_create=True),),
                employees=a_staff(an_employee(email="bo@acme.example")),
            ),
            Cause.EMPLOYEE_UNUSABLE,
            "Expensify creates employees that are missing (auto_create)",
            id="who is missing will be made",
        ),
        pytest.param(
            a_situation(
                a_trip(),
                workspaces=(by_default("class", required=("class",)),),
                employees=a_staff(an_employee()),
            ),
            Cause.EMPLOYEE_DEFAULT_EMPTY,
            "NetSuite does not tell the employees' defaults",
            id="nobody's default is told",
        ),
    ],
)
def test_a_rule_about_people_says_why_it_is_off(
    situation: Situation, cause: Cause, why: str
) -> None:
    (workspace,) = situation.workspaces
    (ref, *_) = (ref for ref in situation.uses(workspace) if ref.kind == "employee")
    verdicts = examine(situation, ref, workspace).verdicts
    (judged,) = (one for one in verdicts if one.cause is cause)
    assert (judged.state, judged.why) == (RuleState.OFF, why)


class Counter(NamedTuple):
    sentence: str = "R9 was exported with it"
    is_capped: bool = False


class Exported:
    """Some routes have taken what a rule refuses; it remembers which change it was asked of."""

    def __init__(self, *routes: Route, answer: Counter | None = None) -> None:
        self.routes, self.answer = routes, answer or Counter()
        self.asked: set[datetime | None] = set()

    def verdict(
        self, cause: Cause, ref: Ref, policy_id: str, route: Route, changed_at: datetime | None
    ) -> Counter | None:
        self.asked.add(changed_at)
        return self.answer if route in self.routes else None


TWO_ROUTES = a_workspace(company_card_export=Route.VENDOR_BILL)


@pytest.mark.parametrize(
    ("route", "left"),
    [
        (Route.EXPENSE_REPORT, ["R2"]),
        (Route.VENDOR_BILL, ["R1"]),
        (Route.JOURNAL_ENTRY, ["R1", "R2"]),
    ],
)
def test_an_export_takes_a_rule_back_for_its_own_route(route: Route, left: list[str]) -> None:
    situation = a_situation(
        a_trip("Marketing"),
        a_report("R2", a_line("Marketing", is_reimbursable=False)),
        present=[a_class(is_inactive=True)],
        workspaces=(TWO_ROUTES,),
        refutations=Exported(route),
    )
    (risk,) = predict(situation)
    assert [report.report_id for report in risk.reports] == left


def test_a_guess_stays_a_guess_whatever_was_exported() -> None:
    present = [a_class(mapped_subsidiary_ids=("2",))]
    situation = a_situation(a_trip("Marketing"), present=present, refutations=Exported(*Route))
    (risk,) = predict(situation)
    assert (risk.cause, risk.certainty) == (Cause.OUTSIDE_SUBSIDIARY, Certainty.POSSIBLE)


def test_an_export_is_weighed_against_the_moment_of_the_records_last_edit() -> None:
    exported = Exported()
    record = a_class(is_inactive=True, modified_at=at("08:00"))
    predict(a_situation(a_trip("Marketing"), present=[record], refutations=exported))
    assert exported.asked == {at("08:00")}


def test_both_exports_are_named_where_two_speak_against_a_rule() -> None:
    class ByRoute:
        def verdict(self, *asked: object) -> Counter:
            return Counter(f"{asked[3]} went well")

    situation = a_situation(
        a_trip("Marketing"),
        a_report("R2", a_line("Marketing", is_reimbursable=False)),
        present=[a_class(is_inactive=True)],
        workspaces=(TWO_ROUTES,),
        refutations=ByRoute(),
    )
    (inactive,) = (
        one
        for one in examine(situation, Ref("class", "12"), TWO_ROUTES).verdicts
        if one.cause is Cause.INACTIVE
    )
    assert (inactive.state, inactive.why) == (
        RuleState.REFUTED,
        "expense_report went well; vendor_bill went well",
    )


def test_a_name_that_two_share_and_an_export_are_both_said() -> None:
    ghosts = [a_class(is_inactive=True), a_class("13", is_inactive=True)]
    capped = Exported(*Route, answer=Counter(is_capped=True))
    situation = a_situation(a_report(), present=ghosts, refutations=capped)
    fired = [
        one.why
        for one in examine(situation, Ref("class", "12"), a_workspace()).verdicts
        if one.state is RuleState.FIRED
    ]
    assert fired == [
        "it is inactive in NetSuite (but R9 was exported with it; several records share the name)"
    ]


def test_the_lines_of_all_reports_that_carry_a_text_are_added_up() -> None:
    situation = a_situation(
        a_trip("Marketing"),
        a_report("R2", a_line("Marketing"), a_line("Marketing", line_id="l2")),
        present=[a_class()],
    )
    (matched,) = examine(situation, Ref("class", "12"), a_workspace()).matched
    assert (matched.lines, matched.report_ids) == (3, ("R1", "R2"))


def test_where_nothing_fires_the_changes_own_import_is_told() -> None:
    after = a_class(path="Brand")
    drift = a_drift(a_change(a_class(), after), imported=Imported.YES)
    situation = a_situation(a_trip("Brand"), present=[after], drift=drift)
    examined = examine(situation, after.ref, a_workspace())
    assert examined.imported == drift.changes[after.ref].verdict


def test_where_something_fires_its_own_import_is_told() -> None:
    before = a_class(is_inactive=True)
    after = before._replace(external_id="X")
    drift = a_drift(a_change(before, after), imported=NO)
    situation = a_situation(a_trip("Marketing"), present=[after], drift=drift)
    imported = examine(situation, after.ref, a_workspace()).imported
    assert imported.sentence.startswith("it was so when the monitor began")


@pytest.mark.parametrize(
    ("situation", "cause", "sentence"),
    [
        pytest.param(
            a_situation(a_trip("Markting"), present=[a_class()]),
            Cause.UNKNOWN_TEXT,
            "NetSuite has nothing of that name that could be imported",
            id="a text",
        ),
        pytest.param(
            a_situation(
                a_report("R1", a_line(is_billable=True)),
                present=[a_customer()],
                workspaces=(coded("tag:1", "customer"),),
            ),
            Cause.BILLABLE_WITHOUT_CUSTOMER,
            "no sync adds a customer or project to an expense",
            id="billable to nobody",
        ),
    ],
)
def test_of_what_no_import_could_change_that_is_said(
    situation: Situation, cause: Cause, sentence: str
) -> None:
    (risk,) = predict(situation)
    assert (risk.cause, risk.import_sentence) == (cause, sentence)


@pytest.mark.parametrize(
    ("record_id", "meant"),
    [pytest.param("9", "9", id="9 before 12"), pytest.param("100", "12", id="12 before 100")],
)
def test_of_several_active_records_the_oldest_is_meant(record_id: str, meant: str) -> None:
    book = RecordBook([a_class(), a_class(record_id)])
    found = book.find("Sales : Marketing", ("class",))
    assert found is not None
    assert (found.ref.id, found.is_ambiguous) == (meant, True)


def test_while_nobody_can_be_read_nobody_is_a_stranger_to_a_project() -> None:
    limited = {"limit_to_resources": True, "resource_ids": ("9",)}
    before, after = a_project(is_inactive=True, **limited), a_project(**limited)
    situation = changed(
        before, after, NO, a_trip("Website"), workspaces=(PROJECTS,), employees=EmployeeBook()
    )
    (risk,) = predict(situation)
    assert (risk.cause, risk.policy_id) == (Cause.EDITED_SINCE_SYNC, US)
