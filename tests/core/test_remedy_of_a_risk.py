"""The remedy that a predicted risk carries: made for this record, these lines, this workspace."""

from __future__ import annotations

import pytest

from monitor.core.predict import Situation, predict
from monitor.core.records import Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import PendingReport
from monitor.core.risks import Cause, Remedy, RemedyCode
from monitor.core.sync import Imported
from tests.core.builders import (
    NETSUITE_URL,
    a_change,
    a_class,
    a_drift,
    a_line,
    a_report,
    a_situation,
    a_workspace,
    an_exposed_report,
)
from tests.core.rule_builders import a_customer, a_trip, coded

ADMIN = (
    "a workspace admin can recode an approved report, "
    "or unapprove it (it then needs approval again)"
)
FOREIGN = a_customer(subsidiary_ids=("2",))


def remedy_in(situation: Situation) -> Remedy:
    (risk,) = predict(situation)
    return risk.remedy


def test_it_names_the_record_and_where_it_opens() -> None:
    after = a_class(is_inactive=True)
    drift = a_drift(a_change(a_class(), after), imported=Imported.YES)
    situation = a_situation(a_report(), present=[after], drift=drift, netsuite_url=NETSUITE_URL)
    assert remedy_in(situation).steps[:2] == (
        f"Recode 1 line to another class: {ADMIN}.",
        "Or a NetSuite administrator makes class “Sales : Marketing” active again until the "
        f"reports are exported ({NETSUITE_URL}/app/common/otherlists/classtype.nl?id=12); ask "
        "first who inactivated it.",
    )


def test_a_text_is_recoded_to_what_is_kept_at_its_place() -> None:
    situation = a_situation(
        a_trip("Markting"),
        present=[a_class(), a_class(record_id="5", path="Ops")._replace(kind="department")],
        workspaces=(coded("tag:1", "class", "department"),),
    )
    assert remedy_in(situation).steps == (
        f"Recode 1 line to another class or department: {ADMIN}.",
    )


def test_a_text_whose_place_holds_nothing_any_more_is_recoded_to_a_value() -> None:
    case = Case(
        Cause.UNKNOWN_TEXT,
        Imported.UNKNOWN,
        Ref("text", "ab"),
        "Markting",
        a_workspace(),
        (an_exposed_report(),),
        place="tag:9",
    )
    assert remedy_for(case).steps == (f"Recode 1 line to another value: {ADMIN}.",)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        pytest.param(
            a_trip("Globex"), RemedyCode.ENABLE_CROSS_SUBSIDIARY, id="the switch would help"
        ),
        pytest.param(
            a_trip("Globex", is_billable=True),
            RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE,
            id="billable lines are refused all the same",
        ),
        pytest.param(
            a_report("R1", a_line("Globex"), a_line("Globex", line_id="l2", is_billable=True)),
            RemedyCode.ENABLE_CROSS_SUBSIDIARY,
            id="it would help some of the lines",
        ),
    ],
)
def test_the_switch_for_customers_is_named_where_it_helps(
    report: PendingReport, code: RemedyCode
) -> None:
    situation = a_situation(report, present=[FOREIGN], workspaces=(coded("tag:1", "customer"),))
    remedy = remedy_in(situation)
    assert (remedy.code, remedy.sync_helps) == (code, "no")


def test_a_sync_alone_helps_no_name_that_two_records_share() -> None:
    ghosts = [a_class(is_inactive=True), a_class("13", is_inactive=True)]
    remedy = remedy_in(a_situation(a_report(), present=ghosts))
    assert (remedy.code, remedy.sync_helps) == (RemedyCode.RENAME_DUPLICATE, "no")


@pytest.mark.parametrize(
    ("record_id", "is_linked"),
    [("-5", True), ("12", True), ("12-", False), ("email:0a", False)],
)
def test_records_that_netsuite_brings_itself_have_ids_below_zero(
    record_id: str, is_linked: bool
) -> None:
    case = Case(
        Cause.EMPLOYEE_DEFAULT_EMPTY,
        Imported.UNKNOWN,
        Ref("employee", record_id),
        "Ana Lee",
        a_workspace(),
        netsuite_url=NETSUITE_URL,
    )
    page = f" ({NETSUITE_URL}/app/common/entity/employee.nl?id={record_id})" if is_linked else ""
    assert remedy_for(case).steps[0] == (
        f"A NetSuite administrator fills in the missing default of employee “Ana Lee”{page}."
    )
