"""What is at stake, added up; and what stays itself while everything else about it changes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import (
    Cause,
    Certainty,
    CurrencyTotal,
    ExposedReport,
    RemedyCode,
    Risk,
    totals,
)
from monitor.core.sync import Imported
from tests.core.builders import UK, US, a_remedy, a_risk, an_exposed_report


def _report(report_id: str, amount: str, currency: str = "USD", who: str = "ana") -> ExposedReport:
    submitter = f"{who}@acme.example"
    return an_exposed_report(
        report_id, amount=Decimal(amount), currency=currency, submitter=submitter
    )


@pytest.mark.parametrize(
    ("reports", "added_up"),
    [
        pytest.param([], [], id="nothing at stake"),
        pytest.param(
            [_report("R1", "812.00"), _report("R2", "0.50", who="bo")],
            [("USD", "812.50", 2, 2)],
            id="one currency is one sum",
        ),
        pytest.param(
            [
                _report("R1", "10", "USD", who="bo"),
                _report("R2", "20", "EUR"),
                _report("R3", "1", "EUR"),
            ],
            [("EUR", "21", 2, 1), ("USD", "10", 1, 1)],
            id="two currencies are never added, and stand in order",
        ),
        pytest.param(
            [_report("R1", "10"), _report("R1", "10")],
            [("USD", "10", 1, 1)],
            id="a report behind two risks counts once",
        ),
        pytest.param(
            [_report("R1", "1", who="ana"), _report("R2", "2", who="ANA")],
            [("USD", "3", 2, 1)],
            id="a submitter counts once, however the address is written",
        ),
        pytest.param(
            [_report("R1", "-5.00"), _report("R2", "5.00")],
            [("USD", "0.00", 2, 1)],
            id="a credit is subtracted",
        ),
    ],
)
def test_reports_are_added_up_by_currency(
    reports: list[ExposedReport], added_up: list[tuple[str, str, int, int]]
) -> None:
    assert totals(tuple(reports)) == tuple(
        CurrencyTotal(currency, Decimal(amount), count, people)
        for currency, amount, count, people in added_up
    )


_REPORTS = st.lists(
    st.builds(
        _report,
        st.sampled_from(["R1", "R2", "R3", "R4"]),
        st.decimals(-1000, 1000, places=2).map(str),
        st.sampled_from(["USD", "EUR"]),
        st.sampled_from(["ana", "bo"]),
    ),
    unique_by=lambda report: report.report_id,
)


@given(reports=_REPORTS, random=st.randoms())
def test_neither_order_nor_repetition_changes_a_sum(
    reports: list[ExposedReport], random: Random
) -> None:
    once = totals(tuple(reports))
    assert totals(tuple(random.sample(reports * 2, len(reports) * 2))) == once
    assert sum(total.reports for total in once) == len(reports)


@pytest.mark.parametrize(
    "changed",
    [
        {"full_name": "Sales : Brand"},
        {"cause": Cause.DELETED},
        {"certainty": Certainty.POSSIBLE},
        {"imported": Imported.YES},
        {"reports": (an_exposed_report("R9", state=ReportState.OPEN),)},
        {"remedy": a_remedy(RemedyCode.RECODE)},
        {"since": None, "changed_by": None, "what_changed": ""},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_risk_stays_itself_whatever_changes_about_it(changed: dict[str, object]) -> None:
    risk = a_risk()
    assert replace(risk, **changed).fingerprint == risk.fingerprint == f"{US}/class:12"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(a_risk(policy_id=UK), id="of another workspace"),
        pytest.param(a_risk(ref=Ref("class", "13")), id="of another id"),
        pytest.param(a_risk(ref=Ref("department", "12")), id="of another kind"),
    ],
)
def test_a_risk_is_another_one(other: Risk) -> None:
    assert other.fingerprint != a_risk().fingerprint


def test_codes_are_what_json_and_the_database_keep() -> None:
    assert [cause.code for cause in Cause] == [
        "deleted",
        "inactive",
        "outside_subsidiary",
        "customer_outside_subsidiary",
        "project_closed_to_expenses",
        "not_a_resource",
        "billable_without_customer",
        "employee_default_broken",
        "employee_unusable",
        "segment_value_deleted",
        "segment_value_inactive",
        "projects_only",
        "employee_default_empty",
        "edited_since_sync",
        "employee_edited_since_sync",
        "sync_failing",
        "unknown_text",
        "new_not_imported",
        "parent_inactive",
        "employee_rule_stale",
    ]
    assert [certainty.code for certainty in sorted(Certainty)] == ["possible", "likely", "certain"]
    assert [code.code for code in RemedyCode] == [
        "sync",
        "sync_and_recode",
        "recode_or_reactivate",
        "recode",
        "restore_subsidiary_or_recode",
        "fix_employee",
        "enable_cross_subsidiary",
        "change_preference",
        "open_project",
        "add_customer",
        "reactivate_parent",
        "rename_duplicate",
        "sync_to_be_sure",
        "fix_connection",
    ]
