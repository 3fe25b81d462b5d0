"""A workspace that cannot sync speaks for the reports of all it hides, and for no others."""

from __future__ import annotations

from typing import Any

from monitor.core.predict import Situation, predict
from monitor.core.reports import Coding, Export, PendingReport
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from monitor.core.sync import SyncFailure
from tests.core.builders import US, a_class, a_line, a_report, a_situation, a_workspace, at
from tests.core.rule_builders import a_customer

FAILING = {US: SyncFailure(US, at("07:00"), "login refused")}
OPS = a_class("13", "Ops", subsidiary_ids=("2",))
BOTH = a_workspace(coding=(Coding("class", "tag:1"), Coding("customer", "tag:2")))


def failing(*reports: PendingReport, **fields: Any) -> Situation:
    """Class Ops is likely to be refused, and nothing syncs."""
    present = [a_class(), OPS, a_customer()]
    fields = {"workspaces": (BOTH,), "present": present, "failing": FAILING, **fields}
    return a_situation(*reports, **fields)


def of_workspace(situation: Situation) -> Risk:
    (risk,) = predict(situation)
    assert risk.ref.kind == "workspace"
    return risk


def said(report: ExposedReport) -> tuple[str, Cause | None, Certainty | None]:
    return report.report_id, report.cause, report.certainty


def test_it_stands_for_every_report_that_it_hides() -> None:
    reports = (a_report(f"R{n}", a_line("Ops")) for n in (1, 2, 3))
    risk = of_workspace(failing(*reports))
    assert risk.cause is Cause.SYNC_FAILING
    assert [said(one) for one in risk.reports] == [(f"R{n}", None, None) for n in (1, 2, 3)]


def test_beside_a_stronger_cause_what_it_hides_is_said_to_be_likely() -> None:
    reports = a_report("R1", a_line("", is_billable=True)), a_report("R2", a_line("Ops"))
    risk = of_workspace(failing(*reports))
    assert (risk.cause, risk.other_causes) == (
        Cause.BILLABLE_WITHOUT_CUSTOMER,
        (Cause.SYNC_FAILING,),
    )
    assert [said(one) for one in risk.reports] == [
        ("R1", None, None),
        ("R2", Cause.SYNC_FAILING, Certainty.LIKELY),
    ]


def test_of_a_report_that_went_nobody_knows_how_it_says_only_possible() -> None:
    card = a_line("Ops", line_id="card", is_reimbursable=False)
    unclear = a_report("R2", a_line("Ops"), card, exports=(Export(at("11:00")),))
    risk = of_workspace(failing(a_report("R1", a_line("Ops")), unclear))
    assert [said(one) for one in risk.reports] == [
        ("R1", None, None),
        ("R2", None, Certainty.POSSIBLE),
    ]


def test_where_nothing_is_billable_no_customer_is_missing() -> None:
    risk = of_workspace(failing(a_report("R1", a_line("Marketing"))))
    assert (risk.cause, risk.other_causes, risk.reports) == (Cause.SYNC_FAILING, (), ())
