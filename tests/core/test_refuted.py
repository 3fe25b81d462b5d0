"""Which rules a clean export speaks against: those that spoke of records left as they were."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from monitor.core.predict import Situation
from monitor.core.predict.refuted import refuted_by
from monitor.core.records import Record, Ref
from monitor.core.refutations import Refutation, Refutations
from monitor.core.reports import Coding, PendingReport, Route
from monitor.core.risks import Cause
from monitor.core.sync import Imported, SyncFailure
from tests.core.builders import (
    NOW,
    US,
    a_change,
    a_class,
    a_drift,
    a_line,
    a_record,
    a_report,
    a_situation,
    a_workspace,
    at,
)

CLASS = Ref("class", "12")
TEN = at("10:00")
INACTIVE = a_class(is_inactive=True)


def a_world(
    before: Record | None = None,
    after: Record | None = INACTIVE,
    *others: Record,
    imported: Imported = Imported.NO,
    **fields: Any,
) -> Situation:
    """Class 12 became something else between nine and a quarter past, by default inactive."""
    before = before or a_class()
    change = a_change(before, after, seen=(at("09:00"), at("09:15")))
    present = [*([after] if after else []), *others]
    return a_situation(
        present=present,
        former=[before],
        drift=a_drift(change, imported=imported),
        **fields,
    )


def refuted(
    situation: Situation,
    *parts: PendingReport,
    exported_at: datetime = TEN,
    foretold: frozenset[tuple[str, Ref]] = frozenset({("R1", CLASS)}),
) -> list[tuple[Cause, Route, bool]]:
    parts = parts or (a_report(),)
    exported = {report.report_id: exported_at for report in parts}
    found = refuted_by(situation, exported, parts, foretold)
    return [(one.cause, one.route, one.is_lesson) for one in found]


THAT = [(Cause.INACTIVE, Route.EXPENSE_REPORT, True)]


def test_what_a_clean_export_says_names_rule_record_subsidiary_route_and_report() -> None:
    exported_at = TEN
    found = refuted_by(a_world(), {"R1": exported_at}, (a_report(),), {("R1", CLASS)})
    assert found == (
        Refutation(Cause.INACTIVE, CLASS, "1", Route.EXPENSE_REPORT, "R1", exported_at),
    )


@pytest.mark.parametrize(
    ("exported_at", "against"),
    [
        pytest.param(at("09:14"), [], id="exported before the change: nothing"),
        pytest.param(at("09:15"), [], id="in the moment it was first seen: nothing"),
        pytest.param(at("09:16"), THAT, id="after the change: refuted"),
    ],
)
def test_only_an_export_after_the_records_last_change_counts(
    exported_at: datetime, against: list[Any]
) -> None:
    assert refuted(a_world(), exported_at=exported_at) == against


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        pytest.param(a_world(after=a_class()), "in order", id="no rule speaks now: nothing"),
        pytest.param(
            a_world(a_class(), INACTIVE, a_class("13", is_inactive=True)),
            "ambiguous",
            id="two records share the name: a guess is not refuted",
        ),
        pytest.param(
            a_world(a_class(path="Sales : Ads"), a_class(), imported=Imported.NO),
            "possible",
            id="a rename is only possible: there is nothing to take back",
        ),
    ],
)
def test_nothing_is_learned_where_nothing_sure_was_said(situation: Situation, why: str) -> None:
    assert refuted(situation) == [], why


def test_what_nobody_had_foretold_is_not_refuted() -> None:
    assert refuted(a_world(), foretold=frozenset()) == []
    assert refuted(a_world(), foretold=frozenset({("R2", CLASS)})) == []


def test_a_failing_sync_is_no_rule_about_a_record() -> None:
    workspace = a_workspace(coding=(Coding("class", "tag:1"), Coding("customer", "tag:2")))
    situation = a_world(
        a_class(),
        INACTIVE,
        a_record("customer", "3", "Globex"),
        workspaces=(workspace,),
        failing={US: SyncFailure(US, at("08:00"), "login refused")},
    )
    billable = a_report("R1", a_line("Sales : Marketing", is_billable=True))
    foretold = frozenset({("R1", Ref("workspace", US))})
    assert refuted(situation, billable, foretold=foretold) == [
        (Cause.BILLABLE_WITHOUT_CUSTOMER, Route.EXPENSE_REPORT, True)
    ]


def test_each_route_is_refuted_by_its_own_lines() -> None:
    card = a_line("Sales : Marketing", line_id="card", card="Expensify Card")
    workspace = a_workspace(journal_cards=("Expensify Card",))
    situation = a_world(workspaces=(workspace,))
    journal = [(Cause.INACTIVE, Route.JOURNAL_ENTRY, True)]
    assert refuted(situation, a_report("R1", card)) == journal
    assert refuted(situation, a_report("R1", card, a_line("Sales : Marketing"))) == THAT + journal


def test_a_rule_that_was_refuted_before_is_refuted_anew() -> None:
    known = Refutations(
        [Refutation(Cause.INACTIVE, CLASS, "1", Route.EXPENSE_REPORT, "R9", at("09:30"))],
        subsidiaries={US: "1"},
    )
    assert refuted(a_world(refutations=known)) == THAT


@pytest.mark.parametrize(
    ("imported", "is_lesson"),
    [
        pytest.param(Imported.NO, True, id="known not to be imported: the rule was wrong"),
        pytest.param(Imported.UNKNOWN, False, id="a sync that nobody saw explains it as well"),
    ],
)
def test_an_edit_since_the_sync_teaches_only_if_no_sync_came(
    imported: Imported, is_lesson: bool
) -> None:
    situation = a_world(INACTIVE, a_class(), imported=imported, now=NOW)
    assert refuted(situation) == [(Cause.EDITED_SINCE_SYNC, Route.EXPENSE_REPORT, is_lesson)]
