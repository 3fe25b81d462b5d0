"""What the configuration means once it is accepted: normalised, complete, and frozen."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.config.duration import format_duration, parse_duration
from monitor.config.stored import StoredSettings
from monitor.core.alerts import AlertPolicy, QuietHours
from monitor.core.reports import Coding, Route, Workspace
from tests.configuration import ENVIRON, GONE, problems_of, settings_of


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        pytest.param({"slack.channel": "#netsuite-exports"}, (), id="a channel's name will do"),
        pytest.param({"slack.channel": "#buchhaltung-münchen"}, (), id="in any language"),
        pytest.param(
            {"slack": {"webhook_url": "env:SLACK_WEBHOOK_URL"}}, (), id="a webhook needs no channel"
        ),
        pytest.param({"netsuite.base_url": "http://127.0.0.1:8080"}, (), id="http on loopback"),
        pytest.param({"netsuite.base_url": "http://[::1]:8080"}, (), id="http on IPv6 loopback"),
        pytest.param(
            {"slack.base_url": "http://127.0.0.1.evil.example/"},
            ("slack.base_url: write https://: credentials never travel unencrypted",),
            id="a name that only looks like loopback is none",
        ),
        pytest.param(
            {"workspace.0.coding": {"class": "report_field:Cost Center", "project": "tag:12"}},
            (),
            id="report fields may have blanks",
        ),
        pytest.param(
            {
                "netsuite.custom_segments": ["customrecord_cseg_region"],
                "workspace.0.coding": {"segment:customrecord_cseg_region": "tag:3"},
                "workspace.0.required": ["segment:customrecord_cseg_region"],
            },
            (),
            id="a custom segment is a kind",
        ),
    ],
)
def test_what_is_meant_is_accepted(changes: dict[str, Any], problems: tuple[str, ...]) -> None:
    assert problems_of(changes) == problems


@pytest.mark.parametrize("spelling", ["1234567_SB1", "1234567-sb1", "1234567_sb1", "1234567-SB1"])
def test_every_spelling_of_the_account_leads_to_the_same_host(spelling: str) -> None:
    netsuite = settings_of({"netsuite.account": spelling}).netsuite
    assert (netsuite.account, netsuite.url) == (
        "1234567_SB1",
        "https://1234567-sb1.suitetalk.api.netsuite.com",
    )


def test_another_address_replaces_the_accounts_own() -> None:
    assert settings_of({"netsuite.base_url": "http://127.0.0.1:80/"}).netsuite.url == (
        "http://127.0.0.1:80"
    )


def test_slacks_address_ends_with_the_slash_its_client_needs() -> None:
    settings = settings_of({"slack.base_url": "https://slack.example/api"})
    assert settings.slack.base_url == "https://slack.example/api/"
    assert settings_of().slack.base_url == "https://slack.com/api/"


@pytest.mark.parametrize(
    ("schedule", "deadline"),
    [
        pytest.param({}, timedelta(minutes=12), id="by itself it is 12 minutes"),
        pytest.param({"every": "10s"}, timedelta(seconds=10), id="the default is capped"),
        pytest.param(
            {"every": "5m", "cycle_deadline": "1h"}, timedelta(minutes=5), id="what is set, too"
        ),
        pytest.param(
            {"every": "6h", "cycle_deadline": "1h"}, timedelta(hours=1), id="shorter stays"
        ),
    ],
)
def test_a_cycle_never_has_longer_than_its_interval(
    schedule: dict[str, str], deadline: timedelta
) -> None:
    assert settings_of({"schedule": schedule}).schedule.cycle_deadline == deadline


@given(st.integers(1, 999_999), st.sampled_from("smhd"))
def test_a_length_of_time_is_written_as_it_is_read(count: int, unit: str) -> None:
    length = parse_duration(f"{count}{unit}")
    assert parse_duration(format_duration(length)) == length


@pytest.mark.parametrize("text", ["90s", "15m", "24h", "6h", "2d", "60d", "1s"])
def test_usual_lengths_are_shown_as_people_write_them(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


def test_a_workspace_reaches_the_core_as_it_was_described() -> None:
    settings = settings_of(
        {
            "netsuite.custom_segments": ["customrecord_x"],
            "workspace": [
                {
                    "policy_id": "P1",
                    "name": "Acme US",
                    "subsidiary": "1",
                    "reimbursable_export": "vendor_bill",
                    "company_card_export": "journal_entry",
                    "cross_subsidiary_customers": True,
                    "journal_cards": ["Expensify Card"],
                    "required": ["department"],
                    "auto_create": True,
                    "aliases": {"dana@old.example": "dana.lee@acme.example"},
                    "experience": "classic",
                    "coding": {"class": "tag:1", "segment:customrecord_x": "report_field:Region"},
                },
                {"policy_id": "P2"},
            ],
        }
    )
    assert settings.workspaces == (
        Workspace(
            policy_id="P1",
            name="Acme US",
            subsidiary="1",
            reimbursable_export=Route.VENDOR_BILL,
            company_card_export=Route.JOURNAL_ENTRY,
            cross_subsidiary_customers=True,
            journal_cards=("Expensify Card",),
            required=("department",),
            auto_create=True,
            aliases=(("dana@old.example", "dana.lee@acme.example"),),
            experience="classic",
            coding=(
                Coding("class", "tag:1"),
                Coding("segment:customrecord_x", "report_field:Region"),
            ),
        ),
        Workspace(policy_id="P2", name="P2"),
    )


def test_the_alert_policy_reaches_the_core() -> None:
    settings = settings_of(
        {
            "schedule.time_zone": "Europe/Berlin",
            "alerts": {
                "join_window": "10m",
                "blind_after": "2h",
                "mask_people": True,
                "remind_every": "12h",
                "quiet_hours": "20:00-07:30",
                "quiet_hours_allow_certain": True,
                "digest_at": "09:05",
            },
        }
    )
    assert settings.policy() == AlertPolicy(
        join_window=timedelta(minutes=10),
        blind_after=timedelta(hours=2),
        mask_people=True,
        remind_every=timedelta(hours=12),
        quiet_hours=QuietHours(time(20), time(7, 30), ZoneInfo("Europe/Berlin")),
        quiet_hours_allow_certain=True,
        digest_at=time(9, 5),
    )


def test_by_default_an_alert_is_repeated_after_a_day_at_any_hour() -> None:
    assert settings_of().policy() == AlertPolicy(remind_every=timedelta(hours=24))


def test_what_the_database_keeps_is_enough_to_read_it_without_the_file() -> None:
    settings = settings_of({"workspace": [{"policy_id": "P1", "coding": {"class": "tag:1"}}]})
    assert StoredSettings.read(settings.public()) == StoredSettings(
        account="1234567_SB1",
        every=timedelta(minutes=15),
        time_zone="America/New_York",
        workspaces=settings.workspaces,
        kinds=("class", "department", "location", "project", "customer", "employee"),
        preferences={"show_projects_only": "unknown"},
    )


def test_what_the_database_keeps_holds_no_secret_and_no_reference() -> None:
    tba = {
        "method": "tba",
        "consumer_key": "env:NETSUITE_CONSUMER_KEY",
        "consumer_secret": "env:NETSUITE_CONSUMER_SECRET",
        "token_id": "env:NETSUITE_TOKEN_ID",
        "token_secret": "env:NETSUITE_TOKEN_SECRET",
    }
    kept = str(settings_of({"netsuite.auth": tba}).public())
    assert [text for text in (*ENVIRON, *ENVIRON.values()) if text in kept] == []


def test_settings_show_and_print_references_only() -> None:
    settings = settings_of({"slack.app_token": "env:SLACK_APP_TOKEN"})
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    assert "env:SLACK_APP_TOKEN" in shown
    assert [secret for secret in ENVIRON.values() if secret in shown] == []
    assert settings.slack.app_token is not None
    assert settings.slack.app_token.reveal() == "xapp-0001-app"


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        settings_of().alerts.shadow = True


def test_a_secrets_file_may_lie_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "slack.token").write_text("xoxb-from-the-file\n")
    (tmp_path / "slack.token").chmod(0o600)
    settings = settings_of({"slack.token": "file:slack.token"}, tmp_path)
    assert settings.slack.token is not None
    assert settings.slack.token.reveal() == "xoxb-from-the-file"


def test_the_database_is_the_one_named_else_where_systemd_keeps_state(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings_of({"store": {"path": "/var/acme.db"}}).database == Path("/var/acme.db")
    assert settings_of({"store": {}}).database == Path("monitor.db")
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/sync-drift-monitor:/var/lib/other")
    assert settings_of().database == Path("/var/lib/sync-drift-monitor/monitor.db")


def test_a_repeated_list_is_read_once() -> None:
    assert settings_of({"netsuite.lists": ["class", "class"]}).netsuite.lists == ("class",)


def test_leaving_out_the_sign_in_method_means_oauth2() -> None:
    assert settings_of({"netsuite.auth.certificate_id": "k"}).netsuite.auth.method == "oauth2"
    assert problems_of({"netsuite.auth": GONE}) == (
        "netsuite.auth: is missing: write auth = … (How to sign in to NetSuite.)",
    )
