"""Where a rule must keep silent, or say something else, though much speaks for it."""

from __future__ import annotations

from monitor.core.predict import RuleState, examine, predict
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported
from tests.core.builders import a_change, a_class, a_drift, a_situation
from tests.core.rule_builders import (
    a_project,
    a_staff,
    a_trip,
    an_employee,
    by_default,
    coded,
)


def test_an_edit_that_leaves_the_record_refused_is_no_edit_that_sync_would_fix() -> None:
    before = a_class(is_inactive=True, subsidiary_ids=("2",))
    after = a_class(subsidiary_ids=("2",))
    drift = a_drift(a_change(before, after), imported=Imported.NO)
    (risk,) = predict(a_situation(a_trip("Marketing"), present=[after], drift=drift))
    assert (risk.cause, risk.other_causes) == (Cause.OUTSIDE_SUBSIDIARY, ())


def test_reactivated_under_another_name_is_one_finding_and_as_likely() -> None:
    before, after = a_class(is_inactive=True), a_class(path="Sales : Brand")
    drift = a_drift(a_change(before, after), imported=Imported.NO)
    situation = a_situation(a_trip("Brand"), present=[after], drift=drift)
    (risk,) = predict(situation)
    assert (risk.certainty, risk.reports[0].certainty) == (Certainty.LIKELY, None)


def test_an_unknown_class_on_a_billable_line_is_no_missing_customer() -> None:
    (risk,) = predict(a_situation(a_trip("Markting", is_billable=True), present=[a_class()]))
    assert (risk.cause, risk.likely_code) == (Cause.UNKNOWN_TEXT, "NS0831")


def test_a_default_below_an_inactive_record_counts() -> None:
    present = [a_class(parent_id="1"), a_class("1", "Sales", is_inactive=True)]
    (risk,) = predict(
        a_situation(
            a_trip(),
            present=present,
            workspaces=(by_default("class"),),
            employees=a_staff(an_employee(class_id="12")),
        )
    )
    assert (risk.cause, [one.lines for one in risk.reports]) == (Cause.PARENT_INACTIVE, [1])


def test_a_project_that_is_open_to_all_needs_no_list_of_resources() -> None:
    workspace = coded("tag:1", "project")
    situation = a_situation(a_trip("Website"), present=[a_project()], workspaces=(workspace,))
    verdicts = examine(situation, Ref("project", "8"), workspace).verdicts
    states = {one.cause: one.state for one in verdicts}
    assert states[Cause.NOT_A_RESOURCE] is RuleState.NOT_FIRED


def test_of_somebody_who_has_left_only_that_is_said() -> None:
    left = an_employee(is_inactive=True)
    staff = a_staff(left, an_employee("9", "bo@acme.example", class_id="12"))
    workspace = by_default("class", required=("class",))
    (risk,) = predict(
        a_situation(a_trip(), present=[a_class()], workspaces=(workspace,), employees=staff)
    )
    assert (risk.cause, risk.other_causes) == (Cause.EMPLOYEE_UNUSABLE, ())


def test_the_defaults_of_somebody_who_has_left_are_not_said() -> None:
    left = an_employee(is_inactive=True, class_id="12")
    situation = a_situation(
        a_trip(),
        present=[a_class(is_inactive=True)],
        workspaces=(by_default("class"),),
        employees=a_staff(left),
    )
    assert [risk.cause for risk in predict(situation)] == [Cause.EMPLOYEE_UNUSABLE]
