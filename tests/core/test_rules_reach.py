"""For which lines of which reports a rule holds: routes, submitters, billable lines, evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from monitor.core.employees import EmployeeBook
from monitor.core.predict import Situation, predict
from monitor.core.records import Ref
from monitor.core.reports import Coding, PendingReport, ReportState, Route
from monitor.core.risks import Cause, Certainty, Risk
from monitor.core.sync import Imported, SyncFailure
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_drift,
    a_history,
    a_line,
    a_record,
    a_report,
    a_situation,
    a_tree,
    a_value,
    a_workspace,
    at,
)
from tests.core.rule_builders import (
    a_customer,
    a_project,
    a_staff,
    a_trip,
    an_employee,
    by_default,
    coded,
)

OFF = a_class(is_inactive=True)
LIMITED = a_project(limit_to_resources=True, resource_ids=("9",))
FOREIGN = a_customer(subsidiary_ids=("2",))
BO = "bo@acme.example"
BOTH = a_staff(an_employee(), an_employee("9", BO))
BILL, JOURNAL, EXPENSES = Route.VENDOR_BILL, Route.JOURNAL_ENTRY, Route.EXPENSE_REPORT


def said(situation: Situation) -> dict[str, list[str]]:
    """Every cause and the reports behind it."""
    return {risk.cause.code: [one.report_id for one in risk.reports] for risk in predict(situation)}


def one_risk(situation: Situation) -> Risk:
    (risk,) = predict(situation)
    return risk


def by(route: Route) -> dict[str, Any]:
    return {"reimbursable_export": route, "company_card_export": route}


def on_route(route: Route, cause: Cause) -> Situation:
    """One report on the route with all that the cause needs."""
    project, customer = (
        coded("tag:1", "project", **by(route)),
        coded("tag:1", "customer", **by(route)),
    )
    default = by_default("class", **by(route))
    leaver = a_staff(an_employee(is_inactive=True))
    worlds: dict[Cause, dict[str, Any]] = {
        Cause.INACTIVE: {"present": [OFF], "workspaces": (coded("tag:1", "class", **by(route)),)},
        Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: {"present": [FOREIGN], "workspaces": (customer,)},
        Cause.PROJECTS_ONLY: {
            "present": [a_customer()], "workspaces": (customer,), "show_projects_only": "yes",
        },
        Cause.PROJECT_CLOSED_TO_EXPENSES: {
            "present": [a_project(allow_expenses=False)], "workspaces": (project,),
        },
        Cause.NOT_A_RESOURCE: {"present": [LIMITED], "workspaces": (project,), "employees": BOTH},
        Cause.BILLABLE_WITHOUT_CUSTOMER: {"present": [a_customer()], "workspaces": (customer,)},
        Cause.EMPLOYEE_UNUSABLE: {
            "present": [a_class()], "workspaces": (default,), "employees": leaver,
        },
        Cause.EMPLOYEE_DEFAULT_BROKEN: {
            "present": [OFF], "workspaces": (default,),
            "employees": a_staff(an_employee(class_id="12")),
        },
    }  # fmt: skip
    texts = {Cause.INACTIVE: "Marketing", Cause.PROJECT_CLOSED_TO_EXPENSES: "Website"}
    texts |= {Cause.NOT_A_RESOURCE: "Website", Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: "Globex"}
    texts |= {Cause.PROJECTS_ONLY: "Globex"}
    is_billable = cause is Cause.BILLABLE_WITHOUT_CUSTOMER
    return a_situation(a_trip(texts.get(cause, ""), is_billable=is_billable), **worlds[cause])


@pytest.mark.parametrize(
    ("cause", "routes"),
    [
        pytest.param(Cause.INACTIVE, {EXPENSES, BILL, JOURNAL}, id="a coded record: everywhere"),
        pytest.param(
            Cause.CUSTOMER_OUTSIDE_SUBSIDIARY, {EXPENSES, BILL}, id="journals carry no customers"
        ),
        pytest.param(Cause.PROJECTS_ONLY, {EXPENSES, BILL}, id="nor is one missing there"),
        pytest.param(
            Cause.PROJECT_CLOSED_TO_EXPENSES, {EXPENSES, BILL}, id="journals carry no projects"
        ),
        pytest.param(Cause.NOT_A_RESOURCE, {EXPENSES}, id="only an expense report has an employee"),
        pytest.param(
            Cause.BILLABLE_WITHOUT_CUSTOMER, {EXPENSES, BILL}, id="on journals nothing is billable"
        ),
        pytest.param(
            Cause.EMPLOYEE_UNUSABLE, {EXPENSES, JOURNAL}, id="vendor bills know no employee"
        ),
        pytest.param(
            Cause.EMPLOYEE_DEFAULT_BROKEN, {EXPENSES, JOURNAL}, id="vendor bills read no default"
        ),
    ],
)
def test_on_which_routes(cause: Cause, routes: set[Route]) -> None:
    assert {route for route in Route if cause.code in said(on_route(route, cause))} == routes


def test_on_a_journal_the_default_matters_though_the_kind_is_a_tag() -> None:
    tagged = coded("tag:1", "class", **by(JOURNAL))
    staff = a_staff(an_employee(class_id="13"))
    present = [a_class(), a_class("13", "Ops", is_inactive=True)]
    situation = a_situation(
        a_trip("Marketing"), present=present, workspaces=(tagged,), employees=staff
    )
    assert said(situation) == {"employee_default_broken": ["R1"]}
    as_expenses = replace(situation, workspaces=(coded("tag:1", "class"),))
    assert said(as_expenses) == {}


def test_a_card_makes_a_journal_of_its_line_alone() -> None:
    workspace = coded("tag:1", "customer", journal_cards=("Expensify Card",))
    lines = (
        a_line("Globex", line_id="l1", card="Expensify Card"),
        a_line("Globex", line_id="l2"),
    )
    situation = a_situation(a_report("R1", *lines), present=[FOREIGN], workspaces=(workspace,))
    (report,) = one_risk(situation).reports
    assert (report.lines, report.total_lines) == (1, 2)


def test_only_the_submitters_who_are_no_resource_are_at_risk() -> None:
    reports = a_trip("Website"), a_report("R2", a_line("Website"), submitter=BO)
    situation = a_situation(
        *reports, present=[LIMITED], workspaces=(coded("tag:1", "project"),), employees=BOTH
    )
    assert said(situation) == {"not_a_resource": ["R1"]}


def test_the_switch_helps_all_but_billable_lines() -> None:
    reports = (
        a_report(
            "R1", a_line("Globex", line_id="l1"), a_line("Globex", line_id="l2", is_billable=True)
        ),
        a_report("R2", a_line("Globex")),
    )
    workspace = coded("tag:1", "customer", cross_subsidiary_customers=True)
    risk = one_risk(a_situation(*reports, present=[FOREIGN], workspaces=(workspace,)))
    assert [(one.report_id, one.lines) for one in risk.reports] == [("R1", 1)]
    assert risk.remedy.code.code == "restore_subsidiary_or_recode"


def test_a_project_without_subsidiary_has_those_of_its_customer() -> None:
    project = a_project(subsidiary_ids=None, customer_id="3")
    world = {"workspaces": (coded("tag:1", "project"),)}
    assert said(a_situation(a_trip("Website"), present=[project, FOREIGN], **world)) == {
        "customer_outside_subsidiary": ["R1"]
    }
    assert said(a_situation(a_trip("Website"), present=[project, a_customer()], **world)) == {}


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(a_customer(subsidiary_ids=None), id="no row of its subsidiaries"),
        pytest.param(a_customer(subsidiary_ids=()), id="an empty list"),
    ],
)
def test_a_customer_of_unknown_subsidiaries_is_not_judged(record: Any) -> None:
    world = {"workspaces": (coded("tag:1", "customer"),)}
    assert said(a_situation(a_trip("Globex"), present=[record], **world)) == {}


def test_a_project_of_unknown_resources_is_not_judged() -> None:
    project = a_project(limit_to_resources=True, resource_ids=None)
    world = {"workspaces": (coded("tag:1", "project"),), "employees": BOTH}
    assert said(a_situation(a_trip("Website"), present=[project], **world)) == {}


@pytest.mark.parametrize(
    "staff",
    [
        pytest.param(a_staff(), id="nobody can be read"),
        pytest.param(a_staff(an_employee("9", BO)), id="the submitter is unknown"),
        pytest.param(a_staff(an_employee("7"), an_employee("8")), id="two have the address"),
        pytest.param(a_staff(an_employee(is_inactive=True)), id="the submitter has left"),
    ],
)
def test_of_an_unknown_submitter_nobody_says_that_they_are_no_resource(staff: EmployeeBook) -> None:
    world = {"workspaces": (coded("tag:1", "project"),), "employees": staff}
    assert "not_a_resource" not in said(a_situation(a_trip("Website"), present=[LIMITED], **world))


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"employees": a_staff(an_employee("7"), an_employee("8"))}, id="several fit"),
        pytest.param({"employees": a_staff(an_employee(email=None))}, id="e-mails are unreadable"),
        pytest.param({"unreadable": {"employee"}}, id="the list of employees is blind"),
        pytest.param({"workspaces": (a_workspace(auto_create=True),)}, id="Expensify creates them"),
        pytest.param(
            {"reports": tuple(a_report(f"R{n}", submitter=f"s{n}@x.example") for n in range(5))},
            id="nobody is known at all: addresses tell nothing",
        ),
    ],
)
def test_a_missing_employee_is_not_said(fields: dict[str, Any]) -> None:
    situation = a_situation(
        a_trip("Marketing"), present=[a_class()], employees=a_staff(an_employee("9", BO))
    )
    assert "employee_unusable" in said(situation)
    assert "employee_unusable" not in said(replace(situation, **fields))


def test_an_employee_of_an_inactive_record_is_said_though_others_are_created() -> None:
    staff = a_staff(an_employee(is_inactive=True))
    workspaces = (a_workspace(auto_create=True),)
    situation = a_situation(
        a_trip("Marketing"), present=[a_class()], employees=staff, workspaces=workspaces
    )
    assert said(situation) == {"employee_unusable": ["R1"]}


def test_a_missing_employee_is_named_by_a_hash_of_the_address() -> None:
    situation = a_situation(
        a_trip("Marketing", submitter=" Ana@Acme.Example"),
        present=[a_class()],
        employees=a_staff(an_employee("9", BO)),
    )
    risk = one_risk(situation)
    assert (risk.ref, risk.full_name) == (
        Ref("employee", "email:bb03ba1becc0"),
        " Ana@Acme.Example",
    )


def test_a_text_is_named_by_a_hash_of_its_place_and_what_it_says() -> None:
    one = one_risk(a_situation(a_trip("Markting"), present=[a_class()]))
    other = one_risk(a_situation(a_trip(" MARKTING "), present=[a_class()]))
    assert one.ref == other.ref
    assert (one.ref.kind, len(one.ref.id), one.full_name) == ("text", 12, "Markting")


def test_an_empty_default_is_said_only_where_the_form_requires_it() -> None:
    staff = a_staff(an_employee(), an_employee("9", BO, class_id="12"))
    world = {"present": [a_class()], "employees": staff}
    needed = by_default("class", required=("class",))
    assert said(a_situation(a_trip(), workspaces=(needed,), **world)) == {
        "employee_default_empty": ["R1"]
    }
    assert said(a_situation(a_trip(), workspaces=(by_default("class"),), **world)) == {}
    untold = {**world, "employees": a_staff(an_employee())}
    assert said(a_situation(a_trip(), workspaces=(needed,), **untold)) == {}


def test_every_report_says_its_own_cause_where_the_record_has_two() -> None:
    """Ana is no resource, which is certain; that the parent is inactive holds for both."""
    parent = a_project("1", "Web", is_inactive=True)
    limited = LIMITED._replace(parent_id="1")
    reports = a_trip("Website"), a_report("R2", a_line("Website"), submitter=BO)
    risk = one_risk(
        a_situation(
            *reports,
            present=[limited, parent],
            workspaces=(coded("tag:1", "project"),),
            employees=BOTH,
        )
    )
    assert (risk.cause, risk.certainty) == (Cause.NOT_A_RESOURCE, Certainty.CERTAIN)
    assert risk.other_causes == (Cause.PARENT_INACTIVE,)
    assert [(one.report_id, one.cause, one.certainty) for one in risk.reports] == [
        ("R1", None, None),
        ("R2", Cause.PARENT_INACTIVE, Certainty.POSSIBLE),
    ]


def test_an_unknown_text_is_likely_only_for_reports_that_are_approved() -> None:
    draft = a_report("R2", a_line("Markting"), state=ReportState.OPEN)
    lists = {US: a_history(a_value())}
    risk = one_risk(a_situation(a_trip("Markting"), draft, present=[a_class()], lists=lists))
    assert risk.certainty is Certainty.LIKELY
    assert [(one.report_id, one.certainty) for one in risk.reports] == [
        ("R1", None),
        ("R2", Certainty.POSSIBLE),
    ]


@pytest.mark.parametrize(
    ("lists", "certainty"),
    [
        pytest.param({}, Certainty.POSSIBLE, id="nobody looked at Expensify's list"),
        pytest.param({US: a_history()}, Certainty.POSSIBLE, id="its list is empty there"),
        pytest.param(
            {US: a_history(a_value(), a_value("markting"))}, Certainty.POSSIBLE,
            id="Expensify offers it",
        ),
        pytest.param(
            {US: a_history(a_value(), a_value("Markting", is_enabled=False))}, Certainty.LIKELY,
            id="Expensify has it disabled",
        ),
        pytest.param(
            {US: a_history(a_value(), a_value("Markting", gone=at("09:00")))}, Certainty.LIKELY,
            id="Expensify offered it once",
        ),
    ],
)  # fmt: skip
def test_what_expensify_itself_offers(lists: Any, certainty: Certainty) -> None:
    situation = a_situation(a_trip("Markting"), present=[a_class()], lists=lists)
    assert one_risk(situation).certainty is certainty


def _two_kinds(*texts: str) -> Situation:
    """A billable line where classes and customers share a place."""
    return a_situation(
        a_trip(*texts, is_billable=True),
        present=[a_class(), a_customer()],
        workspaces=(a_workspace(coding=(Coding("class", "tag:1"), Coding("customer", "tag:1"))),),
    )


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        pytest.param("", ["billable_without_customer"], id="nothing is coded"),
        pytest.param("Marketing", ["billable_without_customer"], id="a class is no customer"),
        pytest.param("Globex", [], id="a customer"),
        pytest.param("Globx", ["unknown_text"], id="a text that may mean one is another rule's"),
    ],
)
def test_a_billable_line_needs_a_customer(text: str, causes: list[str]) -> None:
    assert list(said(_two_kinds(text))) == causes


def test_a_billable_line_is_not_judged_while_customers_cannot_be_read() -> None:
    assert said(replace(_two_kinds("Marketing"), unreadable={"customer"})) == {}


def test_a_failing_sync_hides_what_is_not_certain() -> None:
    likely = a_class("13", "Ops", subsidiary_ids=("2",))
    reports = a_trip("Marketing"), a_report("R2", a_line("Ops"))
    situation = a_situation(*reports, present=[OFF, likely])
    assert said(situation) == {"inactive": ["R1"], "outside_subsidiary": ["R2"]}
    failing = replace(situation, failing={US: SyncFailure(US, at("07:00"), "login refused")})
    assert said(failing) == {"inactive": ["R1"], "sync_failing": ["R2"]}
    failure = next(one for one in predict(failing) if one.cause is Cause.SYNC_FAILING)
    assert (failure.ref, failure.since, failure.import_sentence) == (
        Ref("workspace", US),
        at("07:00"),
        "login refused",
    )


class Counter(NamedTuple):
    sentence: str
    is_capped: bool = False


@dataclass
class Exported:
    """What exports have shown: one cause on one route."""

    cause: Cause
    route: Route
    answer: Counter
    asked: list[tuple[Ref, str, datetime | None]] = field(default_factory=list)

    def verdict(
        self, cause: Cause, ref: Ref, policy_id: str, route: Route, changed_at: datetime | None
    ) -> Counter | None:
        if (cause, route) != (self.cause, self.route):
            return None
        self.asked.append((ref, policy_id, changed_at))
        return self.answer


def _exported_all_the_same(answer: Counter, route: Route = EXPENSES) -> tuple[Situation, Exported]:
    """Of two reports with an inactive class, one goes as a bill."""
    bill = a_line("Marketing", is_reimbursable=False)
    change = a_change(a_class(), OFF, modified_at=at("09:05"))
    evidence = Exported(Cause.INACTIVE, route, answer)
    situation = a_situation(
        a_trip("Marketing"),
        a_report("R2", bill),
        present=[OFF],
        workspaces=(a_workspace(company_card_export=BILL),),
        drift=a_drift(change, imported=Imported.YES),
        refutations=evidence,
    )
    return situation, evidence


def test_an_export_that_went_well_takes_the_rule_back_on_its_route() -> None:
    situation, evidence = _exported_all_the_same(Counter("R9 was exported"))
    assert said(situation) == {"inactive": ["R2"]}
    assert set(evidence.asked) == {(Ref("class", "12"), US, at("09:05"))}


def test_a_rule_that_was_refuted_too_often_says_only_possible() -> None:
    situation, _ = _exported_all_the_same(Counter("R8 and R9", is_capped=True))
    risk = one_risk(situation)
    assert risk.certainty is Certainty.CERTAIN
    assert [(one.report_id, one.certainty) for one in risk.reports] == [
        ("R1", Certainty.POSSIBLE),
        ("R2", None),
    ]


def test_without_oneworld_no_rule_asks_for_subsidiaries() -> None:
    world: dict[str, Any] = {
        "tree": a_tree("9"),
        "workspaces": (coded("tag:1", "customer", subsidiary=None),),
    }
    assert said(a_situation(a_trip("Globex"), present=[FOREIGN], **world)) == {}


def _ancestry(*parents: str | None) -> list[Any]:
    """Marketing (12) below these, the topmost last; each is inactive but Marketing."""
    ids = ["12", *[str(n) for n in range(1, len(parents) + 1)]]
    return [
        a_class(
            ids[n],
            "Sales : Marketing" if n == 0 else f"Above {n}",
            parent_id=parent,
            is_inactive=n > 1,
        )
        for n, parent in enumerate((*parents, None))
    ]


def test_an_inactive_record_two_levels_above_counts() -> None:
    assert said(a_situation(a_trip("Marketing"), present=_ancestry("1", "2"))) == {
        "parent_inactive": ["R1"]
    }


def test_a_circle_of_parents_comes_to_an_end() -> None:
    circle = [a_class(parent_id="13"), a_record("class", "13", "Ops", parent_id="12")]
    assert said(a_situation(a_trip("Marketing"), present=circle)) == {}


def test_employees_of_other_subsidiaries_are_not_watched() -> None:
    before, after = an_employee(class_id="13"), an_employee(class_id="12")
    drift = a_drift(a_change(before, after))
    situation = a_situation(
        present=[a_class()],
        workspaces=(by_default("class"),),
        drift=drift,
        employees=a_staff(after),
    )
    assert said(situation) == {"employee_edited_since_sync": []}
    elsewhere = a_staff(after._replace(subsidiary_id="2"))
    assert said(replace(situation, employees=elsewhere)) == {}


def test_reports_come_by_id() -> None:
    reports: list[PendingReport] = [a_trip("Marketing"), a_report("R2", a_line("Marketing"))]
    situation = a_situation(*reports, present=[OFF])
    assert situation.reports_by_id == {"R1": reports[0], "R2": reports[1]}
