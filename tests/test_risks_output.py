"""The risks in their two forms: paragraphs to read, JSON to rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.answers.exposure import Exposure, listed
from monitor.answers.freshness import Freshness
from monitor.cli.output.risks_json import risks_json
from monitor.cli.output.risks_text import age_sentence, risks_text
from monitor.core.alerts import Matcher, Overlay, RiskState, Sort, SourceFreshness, TrackedRisk
from monitor.core.records import Ref, Snapshot
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import ReportState, Workspace
from monitor.core.risks import (
    THEN_EXPORT,
    Cause,
    Certainty,
    ExposedReport,
    Remedy,
    RemedyCode,
    Risk,
)
from monitor.core.sync import Imported

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "risks.schema.json").read_text())
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
US = Workspace(policy_id="4C67", name="Acme US")


def a_report(
    report_id: str = "R1", state: ReportState = ReportState.APPROVED, **changes: Any
) -> ExposedReport:
    report = ExposedReport(
        report_id=report_id,
        name="October travel",
        submitter="ana@acme.example",
        state=state,
        amount=Decimal("812.00"),
        currency="USD",
        lines=3,
        total_lines=14,
    )
    return replace(report, **changes)


def a_risk(*reports: ExposedReport, **changes: Any) -> Risk:
    risk = Risk(
        policy_id=US.policy_id,
        ref=Ref("class", "12"),
        full_name="Sales : Marketing",
        cause=Cause.INACTIVE,
        certainty=Certainty.CERTAIN,
        likely_code="NS0831",
        imported=Imported.NO,
        import_sentence="its own list still shows it",
        remedy=Remedy(RemedyCode.SYNC_AND_RECODE, "partly", ("Recode the lines.", "Sync now.")),
        reports=reports or (a_report(),),
        since=datetime(2026, 11, 22, 9, 31, 7, tzinfo=UTC),
        changed_by="Dana Lee",
        what_changed="Dana Lee made it inactive.",
    )
    return replace(risk, **changes)


def tracked(
    risk: Risk | None = None, state: RiskState = RiskState.OPEN, alert_id: int | None = 5
) -> TrackedRisk:
    return TrackedRisk(risk or a_risk(), state, opened_at=NOW, alert_id=alert_id)


FRESH = Freshness(
    NOW,
    timedelta(minutes=15),
    Snapshot(71, datetime(2026, 11, 22, 9, 45, 0, 500_000, tzinfo=UTC)),
    sources=(
        SourceFreshness("netsuite", last_good_at=NOW - timedelta(minutes=15)),
        SourceFreshness("expensify", last_good_at=NOW - timedelta(minutes=16)),
    ),
)


def an_exposure(*risks: TrackedRisk, doubts: tuple[str, ...] = ()) -> Exposure:
    return Exposure(FRESH, risks, (US,), "America/New_York", doubts)


def as_json(exposure: Exposure) -> Any:
    answer = json.loads(risks_json(exposure))
    Draft202012Validator(SCHEMA).validate(answer)
    return answer


def test_json_says_everything_under_the_promised_keys() -> None:
    assert as_json(an_exposure(tracked())) == {
        "schema_version": 1,
        "generated_at": "2026-11-22T10:00:00Z",
        "freshness": {
            "snapshot": {"id": 71, "taken_at": "2026-11-22T09:45:00Z"},
            "sources": {
                "netsuite": {
                    "last_good_at": "2026-11-22T09:45:00Z",
                    "failing_since": None,
                    "error": None,
                },
                "expensify": {
                    "last_good_at": "2026-11-22T09:44:00Z",
                    "failing_since": None,
                    "error": None,
                },
            },
            "is_fresh": True,
            "doubts": [],
        },
        "totals": [{"currency": "USD", "amount": "812.00", "reports": 1, "submitters": 1}],
        "risks": [
            {
                "id": "4C67/class:12",
                "workspace": "Acme US",
                "policy_id": "4C67",
                "record": {"kind": "class", "id": "12", "full_name": "Sales : Marketing"},
                "cause": "inactive",
                "likely_code": "NS0831",
                "certainty": "certain",
                "state": "open",
                "alert": 5,
                "imported": "no",
                "sync_helps": "partly",
                "remedy": {
                    "code": "sync_and_recode",
                    "sync_helps": "partly",
                    "steps": ["Recode the lines.", "Sync now."],
                    "also": [],
                },
                "since": "2026-11-22T09:31:07Z",
                "earliest_at": None,
                "changed_by": "Dana Lee",
                "other_causes": [],
                "overlays": [],
                "reports": [
                    {
                        "report_id": "R1",
                        "name": "October travel",
                        "submitter": "ana@acme.example",
                        "state": "APPROVED",
                        "amount": "812.00",
                        "currency": "USD",
                        "lines": 3,
                        "cause": "inactive",
                        "certainty": "certain",
                        "has_failed": False,
                        "export_unclear": False,
                    }
                ],
            }
        ],
        "employees": None,
        "rules_off": [],
    }


def test_json_of_nothing_keeps_every_key() -> None:
    answer = as_json(an_exposure())
    assert (answer["totals"], answer["risks"]) == ([], [])


def test_json_says_why_it_may_be_wrong() -> None:
    freshness = as_json(an_exposure(doubts=("NetSuite was last read 2 h ago",)))["freshness"]
    assert (freshness["is_fresh"], freshness["doubts"]) == (
        False,
        ["NetSuite was last read 2 h ago"],
    )


def test_a_report_behind_two_risks_counts_once_and_currencies_stay_apart() -> None:
    shared, euro = a_report("R1"), a_report("R2", currency="EUR", amount=Decimal("1000"))
    other = a_risk(shared, euro, ref=Ref("department", "4"))
    assert as_json(an_exposure(tracked(a_risk(shared)), tracked(other)))["totals"] == [
        {"currency": "EUR", "amount": "1000", "reports": 1, "submitters": 1},
        {"currency": "USD", "amount": "812.00", "reports": 1, "submitters": 1},
    ]


def test_unknowns_are_null() -> None:
    risk = a_risk(since=None, changed_by=None, likely_code=None)
    (answer,) = as_json(an_exposure(tracked(risk)))["risks"]
    assert [answer[key] for key in ("since", "changed_by", "likely_code")] == [None] * 3


def test_a_risk_of_drafts_only_has_no_alert() -> None:
    drafts = a_risk(a_report(state=ReportState.OPEN))
    (answer,) = as_json(an_exposure(tracked(drafts, RiskState.WATCH)))["risks"]
    assert (answer["state"], answer["alert"]) == ("watch", None)


def test_what_follows_the_fix_stands_beside_the_remedy() -> None:
    remedy = Remedy(RemedyCode.RECODE, "no", (), (THEN_EXPORT,))
    (answer,) = as_json(an_exposure(tracked(a_risk(remedy=remedy))))["risks"]
    assert answer["remedy"]["also"] == ["then_export"]


EMPTY = replace(a_risk(), reports=())
OTHERS = a_risk(policy_id="9D11")
LIKELY = a_risk(certainty=Certainty.LIKELY, ref=Ref("class", "1"))
DRAFTS = a_risk(a_report(state=ReportState.OPEN), ref=Ref("class", "2"))
TWO = a_risk(a_report("R1"), a_report("R2"), ref=Ref("class", "3"))


@pytest.mark.parametrize(
    ("risks", "shown"),
    [
        pytest.param([tracked(EMPTY, RiskState.WATCH)], [], id="watched without reports: no"),
        pytest.param([tracked(state=RiskState.RESOLVED)], [], id="resolved: no"),
        pytest.param([tracked(OTHERS)], [], id="another workspace's: no"),
        pytest.param([tracked(state=RiskState.BLIND)], ["12"], id="blind: yes"),
        pytest.param([tracked(DRAFTS, RiskState.WATCH)], ["2"], id="drafts only: yes"),
        pytest.param(
            [tracked(LIKELY), tracked(DRAFTS), tracked(), tracked(TWO)],
            ["3", "12", "2", "1"],
            id="surest first, then those with most reports ready to export",
        ),
    ],
)
def test_people_see_living_risks_with_reports(risks: list[TrackedRisk], shown: list[str]) -> None:
    assert [one.risk.ref.id for one in listed(risks, [US.policy_id])] == shown


def unpainted(text: str, _color: str) -> str:
    return text


def test_text_tells_the_whole_story_of_a_risk() -> None:
    failed = a_report("R2", ReportState.ARCHIVED, amount=Decimal("1300.50"), has_failed=True)
    risk = a_risk(a_report(), replace(failed, submitter="bo@acme.example", total_lines=1, lines=1))
    assert risks_text(an_exposure(tracked(risk)), unpainted).splitlines() == [
        "Acme US: class “Sales : Marketing” is inactive in NetSuite: will fail with NS0831"
        "  [4C67/class:12]",
        "  USD 2,112.50 in 2 reports of 2 people (alert 5)",
        "  Since 2026-11-22 04:31 EST by Dana Lee.",
        "  Dana Lee made it inactive.",
        "  Expensify has not imported it: its own list still shows it.",
        "  What to do: Recode the lines, or reactivate the record; "
        "Sync so that new expenses stop using it.",
        "    1. Recode the lines.",
        "    2. Sync now.",
        "    R1  October travel  ana@acme.example  approved  USD 812.00    3 of 14 lines",
        "    R2  October travel  bo@acme.example   closed    USD 1,300.50  1 of 1 line"
        "    already failed",
        "",
        "Total: USD 2,112.50 in 2 reports of 2 people",
    ]


WEAKER = a_report("R2", cause=Cause.PARENT_INACTIVE, certainty=Certainty.POSSIBLE)


def test_json_says_of_each_report_why_and_how_surely_it_would_fail() -> None:
    (answer,) = as_json(an_exposure(tracked(a_risk(a_report(), WEAKER))))["risks"]
    assert [(one["cause"], one["certainty"]) for one in answer["reports"]] == [
        ("inactive", "certain"),
        ("parent_inactive", "possible"),
    ]


def test_text_says_it_beside_a_report_that_would_fail_otherwise_only() -> None:
    text = risks_text(an_exposure(tracked(a_risk(a_report(), WEAKER))), unpainted)
    one, other = (row for row in text.splitlines() if "October travel" in row)
    assert one.endswith("3 of 14 lines")
    assert other.endswith("  may fail: " + Cause.PARENT_INACTIVE.value)


def test_text_marks_a_report_whose_export_names_no_route() -> None:
    risk = a_risk(replace(a_report(), is_export_unclear=True))
    text = risks_text(an_exposure(tracked(risk)), unpainted)
    assert "USD 812.00  3 of 14 lines  export unclear\n" in text


@pytest.mark.parametrize(
    ("one", "said"),
    [
        pytest.param(
            tracked(a_risk(certainty=Certainty.LIKELY)), "is expected to fail", id="likely"
        ),
        pytest.param(tracked(a_risk(certainty=Certainty.POSSIBLE)), "may fail", id="possible"),
        pytest.param(tracked(state=RiskState.BLIND), "as last seen", id="blind"),
        pytest.param(tracked(state=RiskState.WATCH), "nobody was told", id="watched"),
        pytest.param(tracked(a_risk(full_name="A\nB")), "“A\ufffdB”", id="a name breaks no line"),
    ],
)
def test_text_says_how_sure_and_how_it_stands(one: TrackedRisk, said: str) -> None:
    assert said in risks_text(an_exposure(one), unpainted)


@pytest.mark.parametrize(
    ("imported", "sentence", "said"),
    [
        (Imported.NO, "", "  Expensify has not imported it."),
        (Imported.YES, "it synced later", "  Expensify has imported it: it synced later."),
        (Imported.UNKNOWN, "", "  Cannot tell whether Expensify has imported it."),
        (Imported.UNKNOWN, "cannot tell; Sync to be sure", "  Cannot tell; Sync to be sure."),
    ],
)
def test_text_says_whether_it_was_imported_and_how_we_know(
    imported: Imported, sentence: str, said: str
) -> None:
    risk = a_risk(imported=imported, import_sentence=sentence)
    assert said in risks_text(an_exposure(tracked(risk)), unpainted).splitlines()


def test_text_of_nothing_is_empty() -> None:
    assert risks_text(an_exposure(), unpainted) == ""


def test_the_age_of_both_sources_is_said() -> None:
    assert age_sentence(FRESH) == "Last read: NetSuite 15 min ago, Expensify 16 min ago."
    assert age_sentence(replace(FRESH, sources=())) == "Nothing was read yet."


TAKEN = Overlay(
    3,
    Sort.ACK,
    "Dana Lee",
    "recoding them",
    NOW,
    NOW + timedelta(days=1),
    fingerprint="4C67/class:12",
)
HIDDEN = Overlay(
    4, Sort.SILENCE, "omar", "", NOW, NOW + timedelta(hours=2), matcher=Matcher("class")
)
FOREIGN = Overlay(5, Sort.SNOOZE, "omar", "", NOW, alert_id=6, is_until_worse=True)
MUTED = replace(FOREIGN, overlay_id=6, alert_id=5)


def laid(*overlays: Overlay) -> Exposure:
    return replace(an_exposure(tracked()), overlays=overlays)


def test_text_says_who_took_a_risk_and_who_hid_it() -> None:
    lines = risks_text(laid(TAKEN, HIDDEN, FOREIGN, MUTED), unpainted).splitlines()
    assert lines[2:6] == [
        "  Acknowledged by Dana Lee until 2026-11-23 05:00 EST: recoding them",
        "  Silenced by omar until 2026-11-22 07:00 EST",
        "  Snoozed by omar until it gets worse",
        "  Since 2026-11-22 04:31 EST by Dana Lee.",
    ]


def test_json_lists_what_is_laid_over_a_risk_and_keeps_its_alert() -> None:
    (answer,) = as_json(laid(TAKEN, HIDDEN, FOREIGN))["risks"]
    assert answer["alert"] == 5
    assert answer["overlays"] == [
        {
            "id": 3,
            "sort": "ack",
            "alert": None,
            "risk": "4C67/class:12",
            "matcher": None,
            "author": "Dana Lee",
            "reason": "recoding them",
            "created_at": "2026-11-22T10:00:00Z",
            "expires_at": "2026-11-23T10:00:00Z",
            "until_worse": False,
            "lifted_at": None,
        },
        {
            "id": 4,
            "sort": "silence",
            "alert": None,
            "risk": None,
            "matcher": {"kind": "class", "match": None, "policy_id": None},
            "author": "omar",
            "reason": None,
            "created_at": "2026-11-22T10:00:00Z",
            "expires_at": "2026-11-22T12:00:00Z",
            "until_worse": False,
            "lifted_at": None,
        },
    ]


def test_that_automatic_export_is_paused_is_said_once() -> None:
    failed = a_report(has_failed=True)
    case = Case(Cause.INACTIVE, Imported.NO, Ref("class", "12"), "Sales : Marketing", US, (failed,))
    text = risks_text(an_exposure(tracked(a_risk(failed, remedy=remedy_for(case)))), unpainted)
    assert text.count("Automatic export of the failed reports is paused") == 1
    assert text.lower().count("by hand") == 1
