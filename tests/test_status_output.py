"""The monitor's own standing, to read and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.adapters.store.outbox import Delivery
from monitor.answers.freshness import Freshness
from monitor.answers.imports import WorkspaceSync
from monitor.answers.laid_over import pairs
from monitor.answers.standing import OpenAlert, Standing
from monitor.answers.witnesses import WitnessView, logins_view, notes_view
from monitor.cli.output.status_json import status_json
from monitor.cli.output.status_text import status_text
from monitor.cli.output.sync_text import sync_lines
from monitor.core.alerts import (
    Alert,
    Matcher,
    Overlay,
    RiskState,
    SourceFreshness,
    TrackedRisk,
)
from monitor.core.alerts import (
    Sort as OverlaySort,
)
from monitor.core.estimate import Estimate
from monitor.core.notes import NotesState
from monitor.core.records import ListReading, ListState, Ref, Snapshot
from monitor.core.reports import ReportState, UnreadReport, Workspace
from monitor.core.risks import Cause, Certainty, ExposedReport, Remedy, RemedyCode, Risk
from monitor.core.sync import Bound, Evidence, Imported, LastSync, Source
from monitor.core.unreflected import Sort, Unreflected

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "status.schema.json").read_text())
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SYNCED_AT = datetime(2026, 11, 22, 2, 12, tzinfo=UTC)
US = Workspace(policy_id="4C67", name="Acme US")
ZONE = "America/New_York"
REPORT = ExposedReport(
    "R1", "Oct", "ana@acme.example", ReportState.APPROVED, Decimal("812.00"), "USD", 1, 1
)
RISK = Risk(
    US.policy_id,
    Ref("class", "12"),
    "Sales : Marketing",
    Cause.INACTIVE,
    Certainty.CERTAIN,
    "NS0831",
    Imported.NO,
    "",
    Remedy(RemedyCode.RECODE, "no"),
    (REPORT,),
)

OPEN = TrackedRisk(RISK, RiskState.OPEN, SYNCED_AT, alert_id=5)


def evidence(bound: Bound = Bound.EXACT, note: str = "") -> Evidence:
    return Evidence("4C67", bound, SYNCED_AT, Source.OPERATOR, NOW, note)


def synced(
    *rows: Evidence,
    not_before: datetime | None = SYNCED_AT,
    not_after: datetime | None = SYNCED_AT,
    contradictions: tuple[str, ...] = (),
) -> WorkspaceSync:
    return WorkspaceSync(US, LastSync("4C67", not_before, not_after, rows, contradictions))


def a_standing(*lists: ListReading, source: SourceFreshness | None = None, **rest: Any) -> Standing:
    good = SourceFreshness("netsuite", last_good_at=NOW - timedelta(minutes=15))
    freshness = Freshness(
        NOW,
        timedelta(minutes=15),
        Snapshot(71, NOW - timedelta(minutes=15)),
        lists or (ListReading("class", ListState.READ, 12),),
        (source or good,),
    )
    return Standing(freshness, time_zone=ZONE, **rest)


FULL = a_standing(
    ListReading("class", ListState.READ, 12),
    ListReading("location", ListState.HELD),
    syncs=(synced(evidence(note="ana")),),
    alerts=(OpenAlert(Alert(5, "4C67", SYNCED_AT), (OPEN,)),),
    risks=(OPEN,),
    delivery=Delivery(1, 2, "invalid_auth", SYNCED_AT),
    self_test=SourceFreshness("channel", SYNCED_AT),
    buttons=SourceFreshness("buttons", SYNCED_AT),
    pending_reports=7,
)


def unpainted(text: str, _color: str) -> str:
    return text


def painted(text: str, color: str) -> str:
    return f"<{color}>{text}</>"


def test_text_says_everything_in_paragraphs() -> None:
    assert status_text(FULL, unpainted).splitlines() == [
        "Sources",
        "  NetSuite: read 15 min ago (2026-11-22 04:45 EST)",
        "",
        "Lists",
        "  class     read  12 records",
        "  location  held  0 records   run `monitor accept-deletions location` if it is real",
        "",
        "Last sync",
        "  Acme US: last sync 2026-11-21 21:12 EST",
        "    at 2026-11-22 05:00 EST the last sync was that of 2026-11-21 21:12 EST "
        "(somebody read it on Expensify's accounting page, ana)",
        "",
        "Open alerts",
        "  alert 5 of Acme US, open since 2026-11-21 21:12 EST: class:12 Sales : Marketing "
        "(USD 812.00 in 1 report)",
        "",
        "Delivery",
        "  1 message waiting for Slack",
        "  2 messages refused by Slack for good: invalid_auth",
        "  last message sent 2026-11-21 21:12 EST",
        "  channel self-test passed 2026-11-21 21:12 EST",
        "  buttons connected 2026-11-21 21:12 EST",
        "",
        "Counts",
        "  newest snapshot @71 of 2026-11-22 04:45 EST",
        "  7 pending reports",
        "  risks: 1 open, 0 watched, 0 blind",
    ]


def test_text_of_a_database_that_knows_nothing_says_what_to_do() -> None:
    freshness = Freshness(NOW, timedelta(minutes=15), None, sources=(SourceFreshness("netsuite"),))
    text = status_text(Standing(freshness), unpainted)
    assert "NetSuite: never read" in text
    assert "monitor run --once" in text
    assert "Open alerts\n  none" in text
    assert "nothing waits for Slack" in text


@pytest.mark.parametrize(
    ("number", "shown", "rest"),
    [
        pytest.param(5, 5, "", id="five are all named"),
        pytest.param(7, 5, "and 2 more", id="of more than five the rest is counted"),
    ],
)
def test_of_reports_that_cannot_be_read_the_first_are_named(
    number: int, shown: int, rest: str
) -> None:
    unread = tuple(
        (UnreadReport(f"R{n}", US.policy_id, "it has no 'policy'"), NOW) for n in range(number)
    )
    text = status_text(a_standing(unread=unread), painted)
    assert text.count("cannot be read (it has no 'policy')") == shown
    assert [one for one in text.splitlines() if " more" in one] == (
        [f"  {painted(rest, 'red')}"] if rest else []
    )


def test_what_is_watched_or_blind_is_said_in_plain_words() -> None:
    watched = replace(OPEN, state=RiskState.WATCH, alert_id=None)
    blind = replace(OPEN, state=RiskState.BLIND)
    text = status_text(a_standing(risks=(watched, watched, blind)), unpainted)
    assert text.partition("  risks: ")[2].splitlines() == [
        "0 open, 2 watched, 1 blind",
        "    watched: NetSuite would refuse the record, but no pending report uses it, or drafts "
        "only; nobody is told",
        "    blind: as last seen, because a source cannot be read",
    ]


def test_the_monitors_own_blindness_is_an_alert_without_risks() -> None:
    standing = a_standing(alerts=(OpenAlert(Alert(6, "", SYNCED_AT)),))
    assert "alert 6, open since 2026-11-21 21:12 EST: the monitor cannot see" in status_text(
        standing, unpainted
    )
    assert json.loads(status_json(standing))["alerts"][0]["policy_id"] is None


FAILING = SourceFreshness("netsuite", NOW, NOW - timedelta(minutes=20), "NetSuite says 403")


@pytest.mark.parametrize(
    ("standing", "red"),
    [
        pytest.param(
            a_standing(source=FAILING), "failing, first noticed 20 min ago", id="a failing source"
        ),
        pytest.param(
            a_standing(source=SourceFreshness("netsuite", NOW - timedelta(hours=1))),
            "read 1 h ago (2026-11-22 04:00 EST)",
            id="an old source",
        ),
        pytest.param(a_standing(ListReading("class", ListState.BLIND)), "blind", id="a blind list"),
        pytest.param(a_standing(ListReading("class", ListState.HELD)), "held", id="a held list"),
        pytest.param(
            a_standing(delivery=Delivery(0, 1, "", None)),
            "1 message refused by Slack for good",
            id="a dead message",
        ),
        pytest.param(
            a_standing(self_test=SourceFreshness("channel", None, SYNCED_AT, "missing_scope")),
            "channel self-test fails since 2026-11-21 21:12 EST: missing_scope",
            id="a channel that failed its test of itself",
        ),
        pytest.param(
            a_standing(buttons=SourceFreshness("buttons", None, SYNCED_AT, "token_revoked")),
            "buttons do nothing since 2026-11-21 21:12 EST: token_revoked",
            id="buttons that nobody serves",
        ),
    ],
)
def test_what_needs_a_person_is_red(standing: Standing, red: str) -> None:
    assert f"<red>{red}</>" in status_text(standing, painted)


def test_what_is_well_is_not_red() -> None:
    assert "<red>" not in status_text(a_standing(), painted)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        pytest.param(synced(), "last sync 2026-11-21 21:12 EST", id="exact"),
        pytest.param(
            synced(not_after=NOW),
            "last sync between 2026-11-21 21:12 EST and 2026-11-22 05:00 EST",
            id="an interval",
        ),
        pytest.param(synced(not_after=None), "last sync 2026-11-21 21:12 EST or later", id="after"),
        pytest.param(synced(not_before=None), "last sync 2026-11-21 21:12 EST or earlier", id="by"),
        pytest.param(
            synced(not_before=None, not_after=None),
            "nobody knows when Expensify last synced (tell it with `monitor synced`)",
            id="unknown",
        ),
    ],
)
def test_a_last_sync_is_said_as_far_as_it_is_known(known: WorkspaceSync, said: str) -> None:
    assert list(sync_lines(known, ZONE)) == [f"Acme US: {said}"]


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (Bound.NOT_BEFORE, "a sync started after 2026-11-21 21:12 EST"),
        (Bound.NONE_SINCE, "no sync started between 2026-11-21 21:12 EST and 2026-11-22 05:00 EST"),
        (Bound.FAILED, "a sync failed at 2026-11-21 21:12 EST"),
    ],
)
def test_each_piece_of_evidence_is_a_sentence(bound: Bound, said: str) -> None:
    lines = list(sync_lines(synced(evidence(bound)), ZONE))
    assert lines[1:] == [f"  {said} (somebody read it on Expensify's accounting page)"]


def test_a_failure_since_the_last_sync_is_said_and_kept_apart() -> None:
    known = replace(synced(evidence()), failed=(evidence(Bound.FAILED, "login refused"),))
    assert list(sync_lines(known, ZONE))[-1] == (
        "  a sync failed at 2026-11-21 21:12 EST "
        "(somebody read it on Expensify's accounting page, login refused)"
    )
    (answer,) = json.loads(status_json(a_standing(syncs=(known,))))["workspaces"]
    assert [row["bound"] for row in answer["last_sync"]["failed"]] == ["failed"]


def test_contradictions_are_said() -> None:
    lines = list(sync_lines(synced(contradictions=("Two readings disagree.",)), ZONE))
    assert lines[1:] == ["  contradiction: Two readings disagree."]


def test_the_next_sync_is_said_as_the_estimate_it_is() -> None:
    known = replace(synced(), next_sync=Estimate(NOW, timedelta(minutes=9, seconds=40), 5))
    assert list(sync_lines(known, ZONE))[-1] == (
        "  next auto-sync about 2026-11-22 05:00 EST, give or take 9 min "
        "(an estimate from 5 past syncs)"
    )
    told = json.loads(status_json(a_standing(syncs=(known,))))
    Draft202012Validator(SCHEMA).validate(told)
    assert told["workspaces"][0]["next_sync_estimate"] == {
        "about": "2026-11-22T10:00:00Z",
        "spread_minutes": 10,
        "past_syncs": 5,
    }


def test_a_list_that_is_not_believed_is_said_once() -> None:
    doubt = Unreflected("4C67", Sort("location", "inactivated"), NOW, "location:1 was still there")
    known = replace(synced(), doubted=(doubt,))
    assert list(sync_lines(known, ZONE))[1:] == [
        "  Expensify's list of location records does not show when one was inactivated "
        "(location:1 was still there): whether such a change was imported is told by the last sync "
        "alone"
    ]
    told = json.loads(status_json(a_standing(syncs=(known,))))
    Draft202012Validator(SCHEMA).validate(told)
    assert told["workspaces"][0]["unreflected"] == [
        {"kind": "location", "change": "inactivated", "since": "2026-11-22T10:00:00Z"}
    ]


@pytest.mark.parametrize(
    ("view", "line"),
    [
        pytest.param(
            logins_view("Expensify Connect", is_off=False),
            "  login audit: shows the logins of Expensify Connect",
            id="the login audit",
        ),
        pytest.param(
            logins_view("Grant it.", is_off=True), "  login audit: <cyan>Grant it.</>", id="off"
        ),
        pytest.param(
            notes_view(frozenset({"Dana", "Omar"}), is_off=False),
            "  system notes: who edited a record is known",
            id="the system notes",
        ),
        pytest.param(
            notes_view(frozenset({"Dana"}), is_off=False),
            f"  system notes: <cyan>{NotesState.ONE_AUTHOR}</>",
            id="notes by one author only",
        ),
        pytest.param(
            notes_view(frozenset(), is_off=False),
            f"  system notes: <cyan>{NotesState.NONE}</>",
            id="no notes at all",
        ),
        pytest.param(
            notes_view(frozenset(), is_off=True),
            f"  system notes: <cyan>{NotesState.OFF}</>",
            id="notes that are not shown",
        ),
    ],
)
def test_what_testifies_beside_the_lists_is_said(view: WitnessView, line: str) -> None:
    standing = a_standing(witnesses=(view,))
    assert line in status_text(standing, painted).splitlines()
    told = json.loads(status_json(standing))
    Draft202012Validator(SCHEMA).validate(told)
    assert told["witnesses"] == [{"name": view.name, "state": view.state, "detail": view.sentence}]


def test_json_says_everything() -> None:
    answer = json.loads(status_json(FULL))
    Draft202012Validator(SCHEMA).validate(answer)
    assert answer["lists"][1] == {
        "kind": "location",
        "state": "held",
        "rows": 0,
        "detail": None,
    }
    assert answer["workspaces"] == [
        {
            "workspace": "Acme US",
            "policy_id": "4C67",
            "last_sync": {
                "not_before": "2026-11-22T02:12:00Z",
                "not_after": "2026-11-22T02:12:00Z",
                "evidence": [
                    {
                        "bound": "exact",
                        "moment": "2026-11-22T02:12:00Z",
                        "source": "operator",
                        "observed_at": "2026-11-22T10:00:00Z",
                        "note": "ana",
                    }
                ],
                "failed": [],
                "contradictions": [],
            },
            "next_sync_estimate": None,
            "unreflected": [],
        }
    ]
    assert answer["alerts"] == [
        {
            "id": 5,
            "policy_id": "4C67",
            "opened_at": "2026-11-22T02:12:00Z",
            "risks": ["4C67/class:12"],
            "totals": [{"currency": "USD", "amount": "812.00", "reports": 1, "submitters": 1}],
            "lost_lists": [],
        }
    ]
    assert answer["delivery"] == {
        "queued": 1,
        "dead": 2,
        "last_error": "invalid_auth",
        "last_sent_at": "2026-11-22T02:12:00Z",
        "shadow": False,
        "held": 0,
        "held_until": None,
        "self_test": {"passed_at": "2026-11-22T02:12:00Z", "failing_since": None, "error": None},
        "buttons": {"connected_at": "2026-11-22T02:12:00Z", "failing_since": None, "error": None},
    }
    assert answer["counts"] == {
        "pending_reports": 7,
        "risks": {"open": 1, "watch": 0, "blind": 0},
    }


def test_json_of_nothing_is_still_whole() -> None:
    freshness = replace(FULL.freshness, newest=None, lists=(), sources=())
    Draft202012Validator(SCHEMA).validate(json.loads(status_json(Standing(freshness))))


LAID = pairs(
    (
        Overlay(1, OverlaySort.ACK, "Dana", "on it", SYNCED_AT, NOW, alert_id=5),
        Overlay(
            2,
            OverlaySort.SNOOZE,
            "omar",
            "",
            SYNCED_AT,
            NOW,
            fingerprint="4C67/class:12",
            is_until_worse=True,
        ),
        Overlay(
            13,
            OverlaySort.SILENCE,
            "omar",
            "old\nones",
            SYNCED_AT,
            NOW,
            matcher=Matcher("class", "zz-*", "4C67"),
        ),
        Overlay(14, OverlaySort.SILENCE, "omar", "", SYNCED_AT, NOW, matcher=Matcher("class")),
        Overlay(15, OverlaySort.SILENCE, "omar", "", SYNCED_AT, NOW, matcher=Matcher("", "zz?")),
        Overlay(
            16, OverlaySort.SILENCE, "omar", "", SYNCED_AT, NOW, matcher=Matcher("", "", "9D11")
        ),
    ),
    (OPEN, replace(OPEN, risk=replace(RISK, ref=Ref("class", "13")), state=RiskState.WATCH)),
)


def test_what_people_laid_over_alerts_is_listed_with_who_why_and_until_when() -> None:
    text = status_text(a_standing(syncs=(synced(),), laid=LAID), unpainted)
    _, _, after = text.partition("Acknowledged, snoozed or silenced\n")
    rows = after.partition("\n\n")[0].splitlines()
    assert [" ".join(row.split()) for row in rows] == [
        "1 acknowledged alert 5 by Dana until 2026-11-22 05:00 EST about 2 risks on it",
        "2 snoozed 4C67/class:12 by omar until it gets worse, or until 2026-11-22 05:00 EST "
        "hides 1 risk now",
        "13 silenced class “zz-*” of Acme US by omar until 2026-11-22 05:00 EST "
        "hides 0 risks now old\ufffdones",
        "14 silenced classes by omar until 2026-11-22 05:00 EST hides 1 risk now",
        "15 silenced every “zz?” by omar until 2026-11-22 05:00 EST hides 0 risks now",
        "16 silenced everything of 9D11 by omar until 2026-11-22 05:00 EST hides 0 risks now",
    ]


def test_json_has_the_same_under_overlays() -> None:
    answer = json.loads(status_json(a_standing(laid=LAID)))
    Draft202012Validator(SCHEMA).validate(answer)
    assert [(one["id"], one["sort"], one["hides"], one["risks"]) for one in answer["overlays"]] == [
        (1, "ack", 0, ["4C67/class:12", "4C67/class:13"]),
        (2, "snooze", 1, ["4C67/class:12"]),
        (13, "silence", 0, []),
        (14, "silence", 1, ["4C67/class:12", "4C67/class:13"]),
        (15, "silence", 0, []),
        (16, "silence", 0, []),
    ]


def test_where_nothing_is_laid_nothing_is_said_of_it() -> None:
    assert "silenced" not in status_text(a_standing(), unpainted)
