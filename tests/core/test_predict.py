"""The rules as a table of sentences: who would fail, how sure that is, and what fixes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts.track import is_worth_telling
from monitor.core.match import RecordBook
from monitor.core.predict import Situation, predict
from monitor.core.records import Change, Kind, Record, Ref
from monitor.core.reports import CodedText, Coding, Export, PendingReport, Route, Workspace
from monitor.core.risks import BadText, Cause, Certainty, ExposedReport, RemedyCode, Risk
from monitor.core.sync import MARGIN, Imported, SyncFailure
from tests.core.builders import (
    NOW,
    UK,
    US,
    a_change,
    a_class,
    a_drift,
    a_failure,
    a_last_sync,
    a_line,
    a_record,
    a_report,
    a_situation,
    a_tree,
    a_workspace,
    an_exposed_report,
    at,
    hours,
)

YES, NO, UNKNOWN = Imported.YES, Imported.NO, Imported.UNKNOWN
INSTANT = timedelta(microseconds=1)

ACTIVE, INACTIVE = a_class(), a_class(is_inactive=True)
ELSEWHERE = a_class(subsidiary_ids=("2",))
DISPUTED = a_class(mapped_subsidiary_ids=("2",))
BRAND = a_class(path="Sales : Brand")
MOVED = a_class(path="Ops : Marketing", parent_id="9")


def _risk(situation: Situation) -> Risk:
    """The one risk of the situation."""
    (risk,) = predict(situation)
    return risk


def _changed(before: Record, after: Record | None, imported: Imported, **fields: Any) -> Situation:
    """One approved report uses a record that changed since the last sync."""
    present, gone = ([after], []) if after else ([], [before])
    return a_situation(
        a_report(),
        **{
            "present": present,
            "former": [before],
            "gone": gone,
            "drift": a_drift(a_change(before, after), imported=imported),
            **fields,
        },
    )


def _verdict(risk: Risk) -> tuple[str, str, str | None, str, str, str]:
    return (
        risk.cause.code,
        risk.certainty.code,
        risk.likely_code,
        risk.imported.value,
        risk.remedy.code.code,
        risk.remedy.sync_helps,
    )


@pytest.mark.parametrize(
    ("situation", "verdict"),
    [
        pytest.param(
            _changed(ACTIVE, None, YES),
            ("deleted", "certain", "NS0831", "yes", "recode", "no"),
            id="deleted, imported: recode",
        ),
        pytest.param(
            _changed(ACTIVE, None, NO),
            ("deleted", "certain", "NS0831", "no", "recode", "partly"),
            id="deleted, not imported: recode, Sync helps new expenses",
        ),
        pytest.param(
            _changed(ACTIVE, None, UNKNOWN),
            ("deleted", "certain", "NS0831", "unknown", "recode", "unknown"),
            id="deleted, import unknown: recode",
        ),
        pytest.param(
            _changed(ACTIVE, INACTIVE, YES),
            ("inactive", "certain", "NS0831", "yes", "recode_or_reactivate", "no"),
            id="inactivated, imported: Sync does not help",
        ),
        pytest.param(
            _changed(ACTIVE, INACTIVE, NO),
            ("inactive", "certain", "NS0831", "no", "sync_and_recode", "partly"),
            id="inactivated, not imported: Sync helps new expenses",
        ),
        pytest.param(
            _changed(ACTIVE, INACTIVE, UNKNOWN),
            ("inactive", "certain", "NS0831", "unknown", "sync_and_recode", "unknown"),
            id="inactivated, import unknown: a certain cause keeps its remedy",
        ),
        pytest.param(
            _changed(ACTIVE, ELSEWHERE, YES),
            (
                "outside_subsidiary", "certain", "NS0831", "yes",
                "restore_subsidiary_or_recode", "no",
            ),
            id="lost its subsidiary, imported",
        ),
        pytest.param(
            _changed(ACTIVE, ELSEWHERE, NO),
            ("outside_subsidiary", "certain", "NS0831", "no", "restore_subsidiary_or_recode", "no"),
            id="lost its subsidiary, not imported",
        ),
        pytest.param(
            _changed(ACTIVE, ELSEWHERE, UNKNOWN),
            (
                "outside_subsidiary", "certain", "NS0831", "unknown",
                "restore_subsidiary_or_recode", "no",
            ),
            id="lost its subsidiary, import unknown",
        ),
        pytest.param(
            a_situation(a_report(), present=[ELSEWHERE]),
            (
                "outside_subsidiary", "likely", "NS0831", "unknown",
                "restore_subsidiary_or_recode", "no",
            ),
            id="never had the subsidiary: only likely",
        ),
        pytest.param(
            a_situation(a_report(), present=[DISPUTED], former=[ACTIVE]),
            (
                "outside_subsidiary", "possible", "NS0831", "unknown",
                "restore_subsidiary_or_recode", "no",
            ),
            id="NetSuite's two readings disagree: only possible",
        ),
        pytest.param(
            _changed(INACTIVE, ACTIVE, NO),
            ("edited_since_sync", "likely", "NS0831", "no", "sync", "yes"),
            id="reactivated, not imported: Sync fixes it",
        ),
        pytest.param(
            _changed(INACTIVE, ACTIVE, UNKNOWN),
            ("edited_since_sync", "likely", "NS0831", "unknown", "sync_to_be_sure", "unknown"),
            id="reactivated, import unknown: Sync to be sure",
        ),
        pytest.param(
            _changed(ELSEWHERE, ACTIVE, NO),
            ("edited_since_sync", "likely", "NS0831", "no", "sync", "yes"),
            id="given the subsidiary, not imported: Sync fixes it",
        ),
        pytest.param(
            _changed(ELSEWHERE, ACTIVE, UNKNOWN),
            ("edited_since_sync", "likely", "NS0831", "unknown", "sync_to_be_sure", "unknown"),
            id="given the subsidiary, import unknown: Sync to be sure",
        ),
        pytest.param(
            _changed(ACTIVE, BRAND, NO),
            ("edited_since_sync", "possible", "NS0831", "no", "sync_to_be_sure", "unknown"),
            id="renamed, not imported: possible",
        ),
        pytest.param(
            _changed(ACTIVE, BRAND, UNKNOWN),
            ("edited_since_sync", "possible", "NS0831", "unknown", "sync_to_be_sure", "unknown"),
            id="renamed, import unknown: possible",
        ),
        pytest.param(
            _changed(ACTIVE, MOVED, NO),
            ("edited_since_sync", "possible", "NS0831", "no", "sync_to_be_sure", "unknown"),
            id="moved, not imported: possible",
        ),
        pytest.param(
            _changed(ACTIVE, a_class(path="Revenue : Marketing"), NO),
            ("edited_since_sync", "possible", "NS0831", "no", "sync_to_be_sure", "unknown"),
            id="its parent renamed, not imported: possible",
        ),
        pytest.param(
            _changed(INACTIVE, a_class(path="Sales : Brand"), NO),
            ("edited_since_sync", "likely", "NS0831", "no", "sync", "yes"),
            id="reactivated under another name: likely",
        ),
        pytest.param(
            _changed(INACTIVE, a_class(path="Sales : Brand", is_inactive=True), NO),
            ("inactive", "certain", "NS0831", "unknown", "sync_and_recode", "unknown"),
            id="renamed while inactive: the rename is not what made it so",
        ),
    ],
)  # fmt: skip
def test_would_fail(situation: Situation, verdict: tuple[str, ...]) -> None:
    assert _verdict(_risk(situation)) == verdict


@pytest.mark.parametrize(
    "situation",
    [
        pytest.param(a_situation(a_report(), present=[ACTIVE]), id="a record that is in order"),
        pytest.param(_changed(INACTIVE, ACTIVE, YES), id="reactivated and imported"),
        pytest.param(_changed(ELSEWHERE, ACTIVE, YES), id="given the subsidiary and imported"),
        pytest.param(_changed(ACTIVE, BRAND, YES), id="renamed and imported"),
        pytest.param(
            _changed(ACTIVE, a_class(external_id="X"), NO), id="edited where no export looks"
        ),
        pytest.param(
            _changed(ACTIVE, a_class(subsidiary_ids=("1", "2")), NO),
            id="allowed to more than before",
        ),
        pytest.param(
            a_situation(
                a_report(), present=[ACTIVE],
                drift=a_drift(a_change(None, ACTIVE), imported=YES),
            ),
            id="added since the last sync, and imported",
        ),
        pytest.param(
            a_situation(
                a_report(), present=[a_class(subsidiary_ids=("1",), include_children=True)],
                workspaces=(a_workspace(subsidiary="3"),),
            ),
            id="allowed through a parent that includes its children",
        ),
        pytest.param(
            a_situation(a_report(), present=[a_class(subsidiary_ids=())], former=[ACTIVE]),
            id="an empty list of subsidiaries",
        ),
        pytest.param(
            a_situation(a_report(), present=[ELSEWHERE], former=[ACTIVE], tree=a_tree("2")),
            id="a subsidiary the role does not see",
        ),
        pytest.param(
            a_situation(
                a_report(), present=[ELSEWHERE], workspaces=(a_workspace(subsidiary=None),)
            ),
            id="an account without subsidiaries",
        ),
        pytest.param(a_situation(present=[INACTIVE]), id="no pending report"),
    ],
)  # fmt: skip
def test_nothing_is_said_of(situation: Situation) -> None:
    assert predict(situation) == ()


def test_an_inactive_project_has_a_code_of_its_own() -> None:
    project = a_record("project", "8", "Website", is_inactive=True)
    workspace = a_workspace(coding=(Coding("project", "tag:1"),))
    report = a_report("R1", a_line("Website"))
    risk = _risk(a_situation(report, present=[project], workspaces=(workspace,)))
    assert (risk.cause, risk.certainty, risk.likely_code) == (
        Cause.INACTIVE,
        Certainty.CERTAIN,
        "NS0770",
    )


def test_a_risk_says_everything() -> None:
    inactive = a_class(is_inactive=True, modified_at=at("09:05"))
    change = a_change(ACTIVE, inactive, modified_by="Dana Lee")
    report = a_report(
        "R1",
        a_line("Sales:Marketing", line_id="l1"),
        a_line("Marketing", line_id="l2"),
        a_line("", "Legal", line_id="l3"),
        failures=(a_failure(at("10:00")),),
    )
    risk = _risk(a_situation(report, present=[inactive], drift=a_drift(change)))
    assert risk == Risk(
        policy_id=US,
        ref=Ref("class", "12"),
        full_name="Sales : Marketing",
        cause=Cause.INACTIVE,
        certainty=Certainty.CERTAIN,
        likely_code="NS0831",
        imported=NO,
        import_sentence="the last known sync was before it",
        remedy=risk.remedy,
        reports=(
            an_exposed_report(
                "R1",
                lines=2,
                total_lines=3,
                bad_texts=(
                    BadText(CodedText("tag:1", "Marketing"), 1, "leaf"),
                    BadText(CodedText("tag:1", "Sales:Marketing"), 1, "full_path"),
                ),
                has_failed=True,
            ),
        ),
        since=at("09:05"),
        changed_by="Dana Lee",
        what_changed="class “Sales : Marketing” was inactivated",
    )
    assert (risk.remedy.code, risk.remedy.also) == (RemedyCode.SYNC_AND_RECODE, ("then_export",))
    assert risk.fingerprint == f"{US}/class:12"


def test_one_record_is_one_risk_and_the_strongest_cause_speaks() -> None:
    before, after = (
        a_class(),
        a_class(path="Sales : Brand", is_inactive=True, subsidiary_ids=("2",)),
    )
    risk = _risk(_changed(before, after, NO))
    assert (risk.cause, risk.other_causes) == (
        Cause.INACTIVE,
        (Cause.OUTSIDE_SUBSIDIARY, Cause.EDITED_SINCE_SYNC),
    )


def test_a_surer_cause_comes_before_a_stronger_word() -> None:
    disputed_and_active = a_class(mapped_subsidiary_ids=("2",))
    risk = _risk(_changed(INACTIVE, disputed_and_active, NO))
    assert (risk.cause, risk.certainty, risk.other_causes) == (
        Cause.EDITED_SINCE_SYNC,
        Certainty.LIKELY,
        (Cause.OUTSIDE_SUBSIDIARY,),
    )


def test_what_is_gone_is_only_gone() -> None:
    gone = a_class(is_inactive=True, subsidiary_ids=("2",))
    risk = _risk(a_situation(a_report(), gone=[gone]))
    assert (risk.cause, risk.other_causes) == (Cause.DELETED, ())


@pytest.mark.parametrize(
    ("later", "certainty"),
    [
        pytest.param(hours(26), Certainty.LIKELY, id="26 hours after NetSuite's edit time"),
        pytest.param(hours(26) + INSTANT, Certainty.POSSIBLE, id="an instant more"),
    ],
)
@pytest.mark.parametrize("before", [INACTIVE, ELSEWHERE], ids=["reactivated", "re-scoped"])
def test_an_unknown_import_is_likely_to_be_missing_for_26_hours(
    before: Record, later: timedelta, certainty: Certainty
) -> None:
    """However young the snapshot is that first showed it."""
    after = a_class(modified_at=at("09:00"))
    change = a_change(before, after, seen=(at("08:00"), at("08:00") + hours(30)))
    situation = a_situation(
        a_report(),
        present=[after],
        drift=a_drift(change, imported=UNKNOWN),
        now=at("09:00") + later,
    )
    assert _risk(situation).certainty is certainty
    known = replace(situation, drift={US: a_drift(change, imported=NO)})
    assert _risk(known).certainty is Certainty.LIKELY


def test_without_an_edit_time_the_26_hours_run_from_the_snapshot_that_showed_it() -> None:
    change = a_change(INACTIVE, ACTIVE, seen=(at("08:00"), at("09:00")))
    drift = a_drift(change, imported=UNKNOWN)
    situation = a_situation(a_report(), present=[ACTIVE], drift=drift, now=at("09:00") + hours(26))
    assert _risk(situation).certainty is Certainty.LIKELY
    later = replace(situation, now=situation.now + INSTANT)
    assert _risk(later).certainty is Certainty.POSSIBLE


@pytest.mark.parametrize(
    "unsure",
    [
        pytest.param({"unsure_subsidiaries": {"1"}}, id="its own subsidiary is out of sight"),
        pytest.param({"unreadable": {Kind.SUBSIDIARY}}, id="nobody can read the subsidiaries"),
        pytest.param(
            {
                "unsure_subsidiaries": {"1"},
                "tree": a_tree("2", _1="2"),
            },
            id="though it has a parent in sight",
        ),
        pytest.param(
            {"unsure_subsidiaries": {"2"}, "tree": a_tree("2", _1="2")},
            id="a subsidiary above it is out of sight",
        ),
    ],
)
def test_where_the_role_may_see_less_nothing_is_said_of_subsidiaries(
    unsure: dict[str, Any],
) -> None:
    assert predict(_changed(ACTIVE, ELSEWHERE, NO, **unsure)) == ()
    assert predict(_changed(ELSEWHERE, ACTIVE, NO, **unsure)) == ()
    assert _risk(_changed(INACTIVE, ACTIVE, NO, **unsure)).cause is Cause.EDITED_SINCE_SYNC
    assert _risk(_changed(ACTIVE, INACTIVE, NO, **unsure)).cause is Cause.INACTIVE
    assert _risk(_changed(ACTIVE, BRAND, NO, **unsure)).cause is Cause.EDITED_SINCE_SYNC


def test_another_subsidiary_out_of_sight_changes_nothing() -> None:
    situation = _changed(ACTIVE, ELSEWHERE, NO, unsure_subsidiaries={"2", "3"})
    assert _risk(situation).cause is Cause.OUTSIDE_SUBSIDIARY


def test_without_a_subsidiary_there_is_nothing_to_be_unsure_of() -> None:
    workspace = a_workspace(subsidiary=None)
    situation = a_situation(workspaces=(workspace,), unreadable={Kind.SUBSIDIARY})
    assert not situation.is_unsure_of_subsidiary(workspace)


GHOST = a_class("40", "Sales : Marketing", is_inactive=True)


def test_where_several_records_fit_everything_is_at_most_possible() -> None:
    risk = _risk(a_situation(a_report(), present=[INACTIVE, GHOST]))
    assert (risk.ref.id, risk.certainty, risk.is_ambiguous) == ("12", Certainty.POSSIBLE, True)
    assert risk.remedy.code is RemedyCode.RENAME_DUPLICATE


def test_of_an_active_and_an_inactive_one_the_active_one_is_meant() -> None:
    assert predict(a_situation(a_report(), present=[ACTIVE, GHOST])) == ()


def test_guesses_neither_weaken_nor_join_what_is_sure() -> None:
    other = a_class("13", "Ops : Marketing", is_inactive=True)
    sure = a_report("R1", a_line("Sales : Marketing"))
    guess = a_report("R2", a_line("Marketing"))
    risk = _risk(a_situation(sure, guess, present=[INACTIVE, other]))
    assert (risk.certainty, risk.is_ambiguous) == (Certainty.CERTAIN, False)
    assert [report.report_id for report in risk.reports] == ["R1"]
    guessed = _risk(a_situation(guess, present=[INACTIVE, other]))
    assert (guessed.certainty, guessed.is_ambiguous) == (Certainty.POSSIBLE, True)
    assert [report.report_id for report in guessed.reports] == ["R2"]


def test_what_changed_and_nobody_uses_is_watched() -> None:
    watched = _risk(_changed(ACTIVE, INACTIVE, NO, reports=()))
    assert (watched.cause, watched.reports) == (Cause.INACTIVE, ())


@pytest.mark.parametrize(
    "unwatched",
    [
        pytest.param({"unreadable": {"class"}}, id="its list cannot be read"),
        pytest.param(
            {"workspaces": (a_workspace(coding=(Coding("department", "tag:1"),)),)},
            id="its kind is coded nowhere",
        ),
        pytest.param(
            {"workspaces": (a_workspace(coding=(Coding("class", "employee_default"),)),)},
            id="its kind comes from the employee",
        ),
        pytest.param({"present": [], "former": []}, id="the book does not know it"),
    ],
)
def test_what_changed_is_not_watched_where(unwatched: dict[str, Any]) -> None:
    assert predict(_changed(ACTIVE, INACTIVE, NO, **{"reports": (), **unwatched})) == ()


def test_what_is_wrong_and_did_not_change_is_not_watched() -> None:
    legal = a_class("13", "Legal")
    drift = a_drift(a_change(legal, legal._replace(external_id="X")))
    assert predict(a_situation(present=[INACTIVE, legal], drift=drift)) == ()


def test_the_rules_of_an_unreadable_list_are_off() -> None:
    assert predict(a_situation(a_report(), present=[INACTIVE], unreadable={"class"})) == ()


UK_WORKSPACE = a_workspace(UK, subsidiary="2")


def test_every_workspace_judges_for_itself() -> None:
    us, uk = a_report("R1"), a_report("R2", policy_id=UK)
    both = (UK_WORKSPACE, a_workspace())
    situation = a_situation(us, uk, present=[ELSEWHERE], former=[ACTIVE], workspaces=both)
    assert _risk(situation).fingerprint == f"{US}/class:12"
    inactive = replace(situation, book=RecordBook([INACTIVE]))
    assert [(risk.fingerprint, risk.reports[0].report_id) for risk in predict(inactive)] == [
        (f"{US}/class:12", "R1"),
        (f"{UK}/class:12", "R2"),
    ]


def test_a_report_of_no_configured_workspace_backs_nothing() -> None:
    assert predict(a_situation(a_report(policy_id="GONE"), present=[INACTIVE])) == ()


def test_risks_are_ordered_by_fingerprint() -> None:
    lines = a_line("Legal", line_id="l1"), a_line("Sales : Marketing", line_id="l2")
    present = [INACTIVE, a_class("101", "Legal", is_inactive=True)]
    fingerprints = [
        risk.fingerprint for risk in predict(a_situation(a_report("R1", *lines), present=present))
    ]
    assert fingerprints == [f"{US}/class:101", f"{US}/class:12"]


def test_reports_are_ordered_by_id() -> None:
    reports = a_report("R2"), a_report("R10"), a_report("R1")
    risk = _risk(a_situation(*reports, present=[INACTIVE]))
    assert [report.report_id for report in risk.reports] == ["R1", "R10", "R2"]


@pytest.mark.parametrize(
    ("report", "lines", "bad_texts"),
    [
        pytest.param(
            a_report("R1", a_line("Marketing", line_id="l1"), a_line("", line_id="l2")),
            1,
            {("tag:1", "Marketing"): 1},
            id="only the lines that use it",
        ),
        pytest.param(
            a_report("R1", a_line("Marketing", "Sales : Marketing")),
            1,
            {("tag:1", "Marketing"): 1, ("tag:2", "Sales : Marketing"): 1},
            id="a line that uses it twice is one line",
        ),
        pytest.param(
            a_report(
                "R1",
                a_line(line_id="l1"),
                a_line(line_id="l2"),
                fields=(CodedText("report_field:Class", "Marketing"),),
            ),
            2,
            {("report_field:Class", "Marketing"): 2},
            id="a report field holds for every line",
        ),
    ],
)
def test_how_many_lines_are_at_risk(
    report: PendingReport, lines: int, bad_texts: dict[tuple[str, str], int]
) -> None:
    everywhere = ("tag:1", "tag:2", "report_field:Class")
    workspace = a_workspace(coding=tuple(Coding("class", place) for place in everywhere))
    (exposed,) = _risk(a_situation(report, present=[INACTIVE], workspaces=(workspace,))).reports
    assert exposed.lines == lines
    assert {tuple(bad.coded): bad.lines for bad in exposed.bad_texts} == bad_texts
    assert exposed.total_lines == len(report.lines)


def test_text_at_another_place_means_nothing() -> None:
    assert predict(a_situation(a_report("R1", a_line("", "Marketing")), present=[INACTIVE])) == ()


ENTITIES = (Coding("class", "tag:1"), Coding("project", "tag:2"), Coding("customer", "tag:2"))


@pytest.mark.parametrize(
    ("workspace", "line", "kinds"),
    [
        pytest.param({}, {}, ["class", "project"], id="on expense reports both count"),
        pytest.param(
            {"reimbursable_export": Route.JOURNAL_ENTRY},
            {},
            ["class"],
            id="journal entries carry no project",
        ),
        pytest.param(
            {"company_card_export": Route.JOURNAL_ENTRY},
            {"is_reimbursable": False},
            ["class"],
            id="nor do cards that are exported so",
        ),
        pytest.param(
            {"company_card_export": Route.JOURNAL_ENTRY},
            {},
            ["class", "project"],
            id="cash goes its own way",
        ),
        pytest.param(
            {"journal_cards": ("Expensify Card",)},
            {"card": "Expensify Card", "is_reimbursable": False},
            ["class"],
            id="some cards always become journal entries",
        ),
        pytest.param(
            {"reimbursable_export": Route.VENDOR_BILL},
            {},
            ["class", "project"],
            id="vendor bills carry both",
        ),
    ],
)
def test_the_route_decides_what_is_exported(
    workspace: dict[str, Any], line: dict[str, Any], kinds: list[str]
) -> None:
    report = a_report("R1", a_line("Sales : Marketing", "Website", **line))
    project = a_record("project", "8", "Website", is_inactive=True)
    situation = a_situation(
        report,
        present=[INACTIVE, project],
        workspaces=(a_workspace(coding=ENTITIES, **workspace),),
    )
    assert [risk.ref.kind for risk in predict(situation)] == kinds


def test_a_customer_is_not_exported_on_a_journal_entry_either() -> None:
    customer = a_record("customer", "3", "Globex", is_inactive=True)
    workspace = a_workspace(coding=ENTITIES, reimbursable_export=Route.JOURNAL_ENTRY)
    report = a_report("R1", a_line("", "Globex"))
    assert predict(a_situation(report, present=[customer], workspaces=(workspace,))) == ()


@pytest.mark.parametrize(
    ("fields", "waiting_since"),
    [
        pytest.param({}, at("08:00", day=22), id="its approval"),
        pytest.param({"approved_at": None}, at("08:00", day=21), id="else its submission"),
        pytest.param(
            {"approved_at": None, "submitted_at": None}, at("08:00", day=20), id="else its making"
        ),
    ],
)
def test_a_report_waits_since(fields: dict[str, Any], waiting_since: datetime) -> None:
    (exposed,) = _risk(a_situation(a_report(**fields), present=[INACTIVE])).reports
    assert exposed.waiting_since == waiting_since


SYNCED = a_last_sync(not_before=at("08:00"))


@pytest.mark.parametrize(
    ("record", "drift", "imported", "sentence"),
    [
        pytest.param(
            INACTIVE,
            None,
            UNKNOWN,
            "it was so when the monitor began, and no sync since then is known",
            id="no sync is known",
        ),
        pytest.param(
            INACTIVE,
            a_drift(last=SYNCED),
            YES,
            "it was so before Expensify last synced",
            id="it has not changed since the last sync",
        ),
        pytest.param(
            INACTIVE,
            replace(a_drift(last=SYNCED), since=at("08:00")),
            YES,
            "it was so before Expensify last synced",
            id="the monitor watched when it synced",
        ),
        pytest.param(
            INACTIVE,
            replace(a_drift(last=SYNCED), since=at("08:00") + INSTANT),
            UNKNOWN,
            "it was so when the monitor began, after the last sync it knows of",
            id="the monitor began after that sync: who knows what was before",
        ),
        pytest.param(
            INACTIVE._replace(modified_at=at("08:00") - MARGIN - INSTANT),
            replace(a_drift(last=SYNCED), since=at("09:00")),
            YES,
            "NetSuite last edited it before Expensify last synced",
            id="unless NetSuite says that it was edited before",
        ),
        pytest.param(
            INACTIVE._replace(modified_at=at("08:00") - MARGIN),
            replace(a_drift(last=SYNCED), since=at("09:00")),
            UNKNOWN,
            "it was so when the monitor began, after the last sync it knows of",
            id="clearly before",
        ),
        pytest.param(
            INACTIVE._replace(modified_at=at("08:00") + INSTANT),
            replace(a_drift(last=SYNCED), since=at("07:00")),
            UNKNOWN,
            "NetSuite last edited it after the last sync that the monitor knows",
            id="NetSuite says that it was edited after that sync",
        ),
        pytest.param(
            INACTIVE._replace(modified_at=at("08:00")),
            replace(a_drift(last=SYNCED), since=at("07:00")),
            YES,
            "it was so before Expensify last synced",
            id="not after it",
        ),
    ],
)
def test_whether_what_did_not_change_was_imported(
    record: Record, drift: Any, imported: Imported, sentence: str
) -> None:
    risk = _risk(a_situation(a_report(), present=[record], drift=drift))
    assert (risk.imported, risk.import_sentence) == (imported, sentence)
    assert (risk.since, risk.what_changed) == (record.modified_at, "")


@pytest.mark.parametrize(
    ("first_read", "imported", "sentence"),
    [
        pytest.param(
            {"class": at("08:00")}, YES, "it was so before Expensify last synced", id="by then"
        ),
        pytest.param(
            {"class": at("08:00") + INSTANT},
            UNKNOWN,
            "it was so when the monitor first read that list, after the last sync it knows of",
            id="only after the sync: nobody saw the record at that time",
        ),
        pytest.param(
            {"location": at("09:00")},
            YES,
            "it was so before Expensify last synced",
            id="another list was read later: that says nothing of this one",
        ),
    ],
)
@pytest.mark.parametrize("since", [None, at("07:00")])
def test_what_did_not_change_was_imported_if_its_list_was_read_when_it_synced(
    since: datetime | None, first_read: dict[str, datetime], imported: Imported, sentence: str
) -> None:
    drift = replace(a_drift(last=SYNCED), since=since)
    risk = _risk(a_situation(a_report(), present=[INACTIVE], drift=drift, first_read=first_read))
    assert (risk.imported, risk.import_sentence) == (imported, sentence)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            a_change(INACTIVE, a_class(path="Sales : Brand", is_inactive=True)),
            id="renamed while inactive",
        ),
        pytest.param(
            a_change(ELSEWHERE, a_class(path="Sales : Brand", subsidiary_ids=("2",))),
            id="renamed while outside the subsidiary",
        ),
    ],
)
def test_another_edit_is_not_told_as_the_reason(change: Change) -> None:
    after = change.after
    assert after is not None
    drift = a_drift(change, imported=NO, last=SYNCED)
    edited = after._replace(modified_at=at("09:10"))
    report = a_report("R1", a_line("Sales : Brand"))
    risk = _risk(a_situation(report, present=[edited], drift=drift))
    assert (risk.imported, risk.import_sentence) == (YES, "it was so before Expensify last synced")
    assert (risk.what_changed, risk.since, risk.changed_by) == ("", None, None)


@pytest.mark.parametrize(
    ("record", "failing", "cause"),
    [
        pytest.param(INACTIVE, {}, Cause.INACTIVE, id="certain for others"),
        pytest.param(ACTIVE, {}, Cause.EDITED_SINCE_SYNC, id="likely for others"),
        pytest.param(
            ACTIVE,
            {US: SyncFailure(US, at("07:00"), "login refused")},
            Cause.SYNC_FAILING,
            id="behind a sync that fails",
        ),
    ],
)
def test_exported_by_nobody_knows_which_route_is_listed_and_never_worth_telling(
    record: Record, failing: dict[str, SyncFailure], cause: Cause
) -> None:
    cash = a_line("Sales : Marketing")
    unclear = a_report("R1", cash, CARD, exports=(Export(at("11:00")),))
    drift = a_drift(a_change(INACTIVE, ACTIVE))
    (risk,) = predict(a_situation(unclear, present=[record], drift=drift, failing=failing))
    (exposed,) = risk.reports
    assert (risk.cause, exposed.report_id, exposed.lines) == (cause, "R1", 2)
    assert (exposed.is_export_unclear, exposed.certainty) == (True, Certainty.POSSIBLE)
    assert not is_worth_telling(risk)


CARD = a_line("Sales : Marketing", line_id="card", is_reimbursable=False)


@pytest.mark.parametrize(
    ("edited_at", "earliest_at", "since"),
    [
        pytest.param(None, at("09:00"), at("09:15"), id="between two snapshots"),
        pytest.param(at("09:10"), None, at("09:10"), id="when NetSuite says"),
    ],
)
def test_since_when_it_is_so(
    edited_at: datetime | None, earliest_at: datetime | None, since: datetime
) -> None:
    change = a_change(ACTIVE, INACTIVE._replace(modified_at=edited_at))
    risk = _risk(a_situation(a_report(), present=[INACTIVE], drift=a_drift(change)))
    assert (risk.earliest_at, risk.since) == (earliest_at, since)


def test_of_what_is_gone_the_last_edit_is_not_told() -> None:
    gone = a_class(modified_at=at("09:00"))
    assert _risk(a_situation(a_report(), gone=[gone])).since is None


WIDER = a_class(subsidiary_ids=("1", "2"), external_id="X")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param(ACTIVE, INACTIVE, "was inactivated", id="inactivated"),
        pytest.param(ACTIVE, None, "was deleted", id="deleted"),
        pytest.param(INACTIVE, ACTIVE, "was reactivated", id="reactivated"),
        pytest.param(ACTIVE, BRAND, "was renamed to “Sales : Brand”", id="renamed"),
        pytest.param(ACTIVE, MOVED, "was moved to “Ops : Marketing”", id="moved"),
        pytest.param(
            WIDER,
            ELSEWHERE,
            "was edited: its subsidiaries, from 1, 2 to 2; its external id",
            id="edited, field by field",
        ),
        pytest.param(
            a_class(subsidiary_ids=()),
            ELSEWHERE,
            "was edited: its subsidiaries, from none to 2",
            id="nothing listed is none",
        ),
        pytest.param(
            a_class(subsidiary_ids=("2",), include_children=False),
            a_class(include_children=True),
            "was edited: its subsidiaries, from 2 to 1; "
            "whether it includes the children of its subsidiaries",
            id="opened",
        ),
    ],
)
def test_what_somebody_did_is_said_in_words(
    before: Record, after: Record | None, words: str
) -> None:
    risk = _risk(_changed(before, after, NO))
    assert risk.what_changed == f"class “Sales : Marketing” {words}"


def test_a_renamed_parent_is_said_as_such() -> None:
    risk = _risk(_changed(ACTIVE, a_class(path="Revenue : Marketing"), NO))
    assert risk.what_changed == (
        "class “Revenue : Marketing” was edited: its path, which was “Sales : Marketing” "
        "(a record above it was renamed or moved)"
    )


_TEXTS = st.sampled_from(["Sales : Marketing", "Marketing", "Legal", "Sales:Legal", "Nobody", ""])
_SHUFFLE = Callable[[list[Any]], list[Any]]


@st.composite
def _classes(draw: st.DrawFn) -> list[Record]:
    """Up to six classes, some of them namesakes."""
    named = st.sampled_from(["Sales : Marketing", "Sales : Legal", "Legal"])
    paths = draw(st.lists(named, max_size=6))
    return [
        a_class(
            str(number),
            path,
            is_inactive=draw(st.booleans()),
            subsidiary_ids=draw(st.sampled_from([("1",), ("2",), ("1", "2")])),
        )
        for number, path in enumerate(paths, 9)
    ]


_REPORTS = st.lists(
    st.tuples(st.lists(_TEXTS, max_size=4), st.sampled_from([US, UK])), max_size=5
).map(
    lambda coded: [
        a_report(
            f"R{number}",
            policy_id=policy_id,
            lines=tuple(a_line(text, line_id=f"l{n}") for n, text in enumerate(texts)),
        )
        for number, (texts, policy_id) in enumerate(coded)
    ]
)


@given(
    present=_classes(),
    gone=_classes().map(lambda classes: [one._replace(id=f"5{one.id}") for one in classes]),
    reports=_REPORTS,
    random=st.randoms(use_true_random=False),
)
def test_the_order_of_reports_records_and_workspaces_says_nothing(
    present: list[Record], gone: list[Record], reports: list[PendingReport], random: Random
) -> None:
    drift = a_drift(*(a_change(one._replace(is_inactive=True), one) for one in present))

    def risks(arrange: _SHUFFLE) -> tuple[Risk, ...]:
        workspaces: list[Workspace] = arrange([a_workspace(), UK_WORKSPACE])
        changes = dict(arrange(list(drift.changes.items())))
        return predict(
            a_situation(
                *arrange(reports),
                present=arrange(present),
                gone=arrange(gone),
                workspaces=tuple(workspaces),
                drift=replace(drift, changes=changes),
            )
        )

    once = risks(list)
    assert risks(list) == once
    assert risks(lambda values: random.sample(values, len(values))) == once
    assert [risk.fingerprint for risk in once] == sorted({risk.fingerprint for risk in once})


@given(present=_classes(), reports=_REPORTS)
def test_every_exposed_line_is_a_line_of_its_report(
    present: list[Record], reports: list[PendingReport]
) -> None:
    def is_sane(exposed: ExposedReport) -> bool:
        texts = sum(bad.lines for bad in exposed.bad_texts)
        return 1 <= exposed.lines == texts <= exposed.total_lines

    situation = a_situation(*reports, present=present, now=NOW)
    assert all(is_sane(report) for risk in predict(situation) for report in risk.reports)
