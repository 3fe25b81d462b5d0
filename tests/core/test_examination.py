"""What explains a record: every rule with what became of it, the texts, and the import."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.imported import ImportVerdict
from monitor.core.predict import (
    Examination,
    Matched,
    RuleState,
    RuleVerdict,
    Situation,
    examine,
)
from monitor.core.records import Ref
from monitor.core.reports import CodedText, Route
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported, SyncFailure
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_drift,
    a_line,
    a_report,
    a_situation,
    a_verdict,
    a_workspace,
    at,
)
from tests.core.rule_builders import a_customer, a_project, a_staff, a_trip, an_employee, coded

OFF = a_class(is_inactive=True)
MARKETING = Ref("class", "12")


def _examined(situation: Situation, ref: Ref = MARKETING) -> Examination:
    return examine(situation, ref, situation.workspaces[0])


def _states(examination: Examination) -> dict[str, str]:
    return {one.cause.code: one.state.value for one in examination.verdicts}


def _why(examination: Examination, cause: Cause) -> str:
    return next(one.why for one in examination.verdicts if one.cause is cause)


def _inactivated() -> Situation:
    lines = (
        a_line("Marketing", line_id="l1"),
        a_line("Sales : Marketing", line_id="l2"),
        a_line("Marketing", line_id="l3"),
    )
    drift = a_drift(a_change(a_class(), OFF), imported=Imported.NO)
    return a_situation(a_report("R1", *lines), present=[OFF], drift=drift)


def test_a_record_is_held_against_every_rule_about_its_kind() -> None:
    situation = _inactivated()
    examination = _examined(situation)
    assert examination == Examination(
        ref=MARKETING,
        full_name="Sales : Marketing",
        policy_id=US,
        record=OFF,
        is_gone=False,
        verdicts=(
            RuleVerdict(Cause.DELETED, RuleState.NOT_FIRED, "it exists in NetSuite"),
            RuleVerdict(
                Cause.INACTIVE,
                RuleState.FIRED,
                "it is inactive in NetSuite",
                Certainty.CERTAIN,
                ("R1",),
            ),
            RuleVerdict(
                Cause.OUTSIDE_SUBSIDIARY,
                RuleState.NOT_FIRED,
                "the workspace's subsidiary may use it",
            ),
            RuleVerdict(
                Cause.EMPLOYEE_DEFAULT_BROKEN,
                RuleState.NOT_FIRED,
                "it is no submitter's default, or NetSuite takes it as one",
            ),
            RuleVerdict(
                Cause.EDITED_SINCE_SYNC,
                RuleState.NOT_FIRED,
                "no edit that matters waits to be imported",
            ),
            RuleVerdict(Cause.PARENT_INACTIVE, RuleState.NOT_FIRED, "nothing above it is inactive"),
        ),
        matched=(
            Matched(CodedText("tag:1", "Marketing"), "leaf", 2, ("R1",)),
            Matched(CodedText("tag:1", "Sales : Marketing"), "full_path", 1, ("R1",)),
        ),
        is_ambiguous=False,
        drifted=situation.drift[US].changes[MARKETING],
        imported=a_verdict(),
        not_modelled=examination.not_modelled,
    )
    assert "closed accounting periods" in examination.not_modelled


@pytest.mark.parametrize(
    ("fields", "ref", "cause", "why"),
    [
        pytest.param(
            {"workspaces": (a_workspace(subsidiary=None),)}, MARKETING, Cause.OUTSIDE_SUBSIDIARY,
            "the workspace has no subsidiary in the monitor's configuration",
            id="no subsidiary is configured",
        ),
        pytest.param(
            {"unsure_subsidiaries": {"1"}}, MARKETING, Cause.OUTSIDE_SUBSIDIARY,
            "the monitor's role may see less of subsidiary 1 than there is",
            id="the role's view has shrunk",
        ),
        pytest.param(
            {"workspaces": (a_workspace(subsidiary="8"),)}, MARKETING, Cause.OUTSIDE_SUBSIDIARY,
            "the monitor's role sees no subsidiary 8", id="the subsidiary is out of sight",
        ),
        pytest.param(
            {"present": [a_class(subsidiary_ids=())]}, MARKETING, Cause.OUTSIDE_SUBSIDIARY,
            "NetSuite does not say which subsidiaries may use it", id="its list is empty",
        ),
        pytest.param(
            {"unreadable": {"class"}}, MARKETING, Cause.INACTIVE,
            "the list of its kind (class) cannot be read now", id="its list is blind",
        ),
        pytest.param(
            {"present": [a_customer()], "workspaces": (coded("tag:1", "customer"),)},
            Ref("customer", "3"), Cause.PROJECTS_ONLY,
            "netsuite.preferences.show_projects_only is unknown", id="a preference nobody told",
        ),
        pytest.param(
            {"present": [a_customer(subsidiary_ids=None)]}, Ref("customer", "3"),
            Cause.CUSTOMER_OUTSIDE_SUBSIDIARY,
            "NetSuite does not say which subsidiaries it belongs to", id="a customer's are unknown",
        ),
        pytest.param(
            {"present": [a_project(allow_expenses=None)]}, Ref("project", "8"),
            Cause.PROJECT_CLOSED_TO_EXPENSES,
            "NetSuite does not say whether it allows expenses", id="a box that cannot be seen",
        ),
        pytest.param(
            {"present": [a_project(limit_to_resources=True)]}, Ref("project", "8"),
            Cause.NOT_A_RESOURCE,
            "the employees or their e-mails cannot be read", id="nobody knows who submits",
        ),
        pytest.param(
            {
                "present": [a_project(limit_to_resources=None)],
                "employees": a_staff(an_employee()),
            },
            Ref("project", "8"), Cause.NOT_A_RESOURCE,
            "NetSuite does not say who its resources are", id="nobody knows its resources",
        ),
        pytest.param(
            {}, Ref("workspace", US), Cause.BILLABLE_WITHOUT_CUSTOMER,
            "the customers or projects, or the texts that name them, cannot be read",
            id="no customers to look for",
        ),
    ],
)  # fmt: skip
def test_a_rule_is_off(fields: dict[str, Any], ref: Ref, cause: Cause, why: str) -> None:
    situation = a_situation(a_trip("Marketing"), **{"present": [a_class()], **fields})
    examination = _examined(situation, ref)
    assert _states(examination)[cause.code] == "off"
    assert _why(examination, cause) == why


def test_an_employee_rule_is_off_while_addresses_tell_nothing() -> None:
    reports = [a_report(f"R{n}", submitter=f"s{n}@x.example") for n in range(5)]
    staff = a_staff(an_employee("9", "bo@x.example"))
    situation = a_situation(*reports, present=[a_class()], employees=staff)
    ref = next(ref for ref in situation.uses(a_workspace()) if ref.kind == "employee")
    examination = _examined(situation, ref)
    assert _states(examination)["employee_unusable"] == "off"
    assert examination.full_name.endswith("@x.example")


def test_at_a_doubted_place_every_rule_is_off() -> None:
    reports = [a_report(f"R{n}", a_line(text)) for n, text in enumerate(("A", "B", "Marketing"))]
    examination = _examined(a_situation(*reports, present=[OFF]))
    assert set(_states(examination).values()) == {"off"}
    assert "too many texts at tag:1 match nothing" in examination.verdicts[0].why


class _Refuted:
    is_capped = False
    sentence = "R9 was exported with it"


class _Refutations:
    def verdict(self, cause: Cause, *_: object) -> _Refuted | None:
        return _Refuted() if cause is Cause.INACTIVE else None


class _Capped(_Refutations):
    def verdict(self, cause: Cause, *_: object) -> _Refuted | None:
        capped = _Refuted()
        capped.is_capped = True
        return capped


def test_a_rule_that_an_export_refuted_names_the_report() -> None:
    examination = _examined(replace(_inactivated(), refutations=_Refutations()))
    assert examination.verdicts[1] == RuleVerdict(
        Cause.INACTIVE, RuleState.REFUTED, "R9 was exported with it"
    )


def test_a_rule_that_was_refuted_too_often_still_fires_and_says_so() -> None:
    examination = _examined(replace(_inactivated(), refutations=_Capped()))
    assert examination.verdicts[1] == RuleVerdict(
        Cause.INACTIVE,
        RuleState.FIRED,
        "it is inactive in NetSuite (but R9 was exported with it)",
        Certainty.POSSIBLE,
        ("R1",),
    )


def test_several_records_of_one_name_make_everything_possible() -> None:
    ghost = a_class("13", "Sales : Marketing", is_inactive=True)
    examination = _examined(a_situation(a_report(), present=[OFF, ghost]))
    fired = examination.verdicts[1]
    assert (examination.is_ambiguous, fired.certainty, fired.why) == (
        True,
        Certainty.POSSIBLE,
        "it is inactive in NetSuite (but several records share the name)",
    )


def test_where_nothing_fires_the_change_says_whether_it_was_imported() -> None:
    drift = a_drift(a_change(OFF, a_class()), imported=Imported.YES)
    examination = _examined(a_situation(a_trip("Marketing"), present=[a_class()], drift=drift))
    assert examination.imported.imported is Imported.YES


def test_where_nothing_changed_it_is_said_what_is_known_of_the_import() -> None:
    examination = _examined(a_situation(a_trip("Marketing"), present=[a_class()]))
    assert examination.imported == ImportVerdict(
        Imported.UNKNOWN, "it was so when the monitor began, and no sync since then is known"
    )


def test_a_failing_workspace_is_examined_like_a_record() -> None:
    failing = {US: SyncFailure(US, at("07:00"), "login refused")}
    situation = a_situation(a_trip("Marketing"), present=[a_class()], failing=failing)
    examination = _examined(situation, Ref("workspace", US))
    assert (examination.full_name, _states(examination)["sync_failing"]) == ("Acme US", "fired")
    assert examination.imported.sentence == "login refused"


def test_a_record_that_nobody_knows_is_examined_too() -> None:
    examination = _examined(a_situation(present=[a_class()]), Ref("class", "99"))
    assert (examination.record, examination.matched) == (None, ())
    assert "fired" not in _states(examination).values()


def test_a_route_without_the_kind_matches_nothing() -> None:
    workspace = coded("tag:1", "customer", reimbursable_export=Route.JOURNAL_ENTRY)
    situation = a_situation(a_trip("Globex"), present=[a_customer()], workspaces=(workspace,))
    assert _examined(situation, Ref("customer", "3")).matched == ()
