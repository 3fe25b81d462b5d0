"""Every mistake in the configuration is told at once: which key, and what to write."""

from __future__ import annotations

from typing import Any

import pytest

from tests.configuration import GONE, problems_of

_NO_SECRETS_HERE = (
    "secrets never stand in the configuration: write env:NAME, file:PATH or credential:NAME"
)
_PLACES = 'write "tag:1" (a tag level), "report_field:NAME", "employee_default" or "none"'
_LENGTH = "write a length of time like 90s, 15m, 6h or 2d"
_ROUTES = 'write "expense_report", "vendor_bill" or "journal_entry"'
_CHANNEL = 'write the channel\'s id ("C0123456789") or its name ("#netsuite-exports")'


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"schedule.every": "15"}, f"schedule.every: {_LENGTH}", id="length: unit"),
        pytest.param({"schedule.every": 15}, f"schedule.every: {_LENGTH}", id="length: a number"),
        pytest.param({"schedule.every": "0s"}, f"schedule.every: {_LENGTH}", id="length: zero"),
        pytest.param(
            {"schedule.time_zone": "America/New_Yrok"},
            "schedule.time_zone: 'America/New_Yrok' is no time zone: did you mean "
            "America/New_York?",
            id="a misspelt time zone is named with the one that was meant",
        ),
        pytest.param(
            {"schedule.time_zone": "../etc/passwd"},
            "schedule.time_zone: '../etc/passwd' is no time zone: write one like America/New_York",
            id="a time zone is no path",
        ),
        pytest.param(
            {"expensify.pending_since": "2y"}, f"expensify.pending_since: {_LENGTH}", id="no years"
        ),
        pytest.param(
            {"expensify.pending_since": "365d"},
            "expensify.pending_since: Expensify exports at most a year at once: write 364d or less",
            id="Expensify looks back a year at most",
        ),
        pytest.param(
            {"netsuite.lists": ["clas"]},
            "netsuite.lists[0]: unknown kind `clas`: did you mean `class`?",
            id="a list is a known kind",
        ),
        pytest.param(
            {"netsuite.lists": "class"},
            'netsuite.lists: write a list: ["…", "…"]',
            id="a single text is no list",
        ),
        pytest.param(
            {"netsuite.page_size": 1001},
            "netsuite.page_size: write a number up to 1000",
            id="NetSuite gives no larger page",
        ),
        pytest.param(
            {"netsuite.concurrency": 0},
            "netsuite.concurrency: write a number from 1 on",
            id="at least one request is in flight",
        ),
        pytest.param(
            {"netsuite.page_size": "1000"},
            "netsuite.page_size: write a whole number, without quotes",
            id="a number in quotes is no number",
        ),
        pytest.param(
            {"netsuite.account": "Acme Inc."},
            'netsuite.account: write the account id, like "1234567_SB1"',
            id="a company's name is no account id",
        ),
        pytest.param(
            {"netsuite.base_url": "http://netsuite.example"},
            "netsuite.base_url: write https://: credentials never travel unencrypted",
            id="plain http is for this machine only",
        ),
        pytest.param(
            {"expensify.base_url": "https://me:pw@expensify.example"},
            "expensify.base_url: write the address without a user name or password",
            id="an address holds no password",
        ),
        pytest.param(
            {"slack.base_url": "slack.example"},
            "slack.base_url: write an address that begins with https://",
            id="an address has a scheme",
        ),
        pytest.param(
            {"workspace.0.policy_id": 7},
            "workspace[0].policy_id: write text in quotes",
            id="an id is text",
        ),
        pytest.param(
            {"workspace.0.auto_create": "yes"},
            "workspace[0].auto_create: write true or false, without quotes",
            id="a truth is no text",
        ),
        pytest.param(
            {"workspace.0.reimbursable_export": "bill"},
            f"workspace[0].reimbursable_export: {_ROUTES}",
            id="a route is one of three",
        ),
        pytest.param(
            {"workspace": [{"policy_id": "P1"}, {"policy_id": "P2"}, {"policy_id": "P1"}]},
            "workspace[2].policy_id: workspace[0] has the same: each stands once",
            id="a workspace stands once",
        ),
        pytest.param(
            {"workspace.0.coding.clas": "tag:1"},
            "workspace[0].coding.clas: unknown kind `clas`: did you mean `class`?",
            id="only known kinds are coded",
        ),
        *(
            pytest.param(
                {"workspace.0.coding.class": place},
                f"workspace[0].coding.class: {_PLACES}",
                id=f"no place: {place!r}",
            )
            for place in ("tag:0", "tag:", "tag:x", "report_field:", "Tag:1", "", "report_field: ")
        ),
        pytest.param(
            {"netsuite.lists": ["class"], "workspace.0.coding.department": "tag:1"},
            'workspace[0].coding.department: is not read: add "department" to netsuite.lists',
            id="a kind that is coded must be read",
        ),
        pytest.param(
            {"workspace.0.coding": {"segment:customrecord_x": "tag:1"}},
            "workspace[0].coding.segment:customrecord_x: is not read: add "
            '"customrecord_x" to netsuite.custom_segments',
            id="a segment that is coded must be read",
        ),
        pytest.param(
            {"workspace.0.aliases": {"dana": "dana@acme.example"}},
            'workspace[0].aliases.dana: write e-mail addresses: "old@acme.example" = '
            '"new@acme.example"',
            id="an alias is an address",
        ),
        pytest.param({"slack.channel": "exports"}, f"slack.channel: {_CHANNEL}", id="channel: #"),
        pytest.param({"slack.channel": "#Exports"}, f"slack.channel: {_CHANNEL}", id="channel: X"),
        pytest.param(
            {"slack.channel": GONE},
            'slack.channel: is missing: write the channel\'s id, like "C0123456789"',
            id="a bot needs a channel",
        ),
        pytest.param(
            {"slack.token": GONE},
            'slack: token is missing: write token = "env:SLACK_BOT_TOKEN"',
            id="somebody must be told",
        ),
        pytest.param(
            {"slack.webhook_url": "env:SLACK_WEBHOOK_URL"},
            "slack: write token or webhook_url, not both",
            id="there is one way to Slack",
        ),
        pytest.param(
            {"alerts": {"quiet_hours": "20:00-24:00"}},
            'alerts.quiet_hours: write two times like "20:00-07:00", or "" for none',
            id="quiet hours are two times of day",
        ),
        pytest.param(
            {"alerts": {"quiet_hours": "07:00-07:00"}},
            'alerts.quiet_hours: begins and ends at one time: write two, or "" for none',
            id="quiet hours that end as they begin are none or all day",
        ),
        pytest.param(
            {"alerts": {"digest_at": "9:00"}},
            'alerts.digest_at: write a time like "09:00", or "" for none',
            id="the digest has a time of day",
        ),
        pytest.param(
            {"alerts": {"mentions": {"ana@acme.example": "@ana"}}},
            'alerts.mentions."ana@acme.example": write a Slack user id, like "U0123ABC"',
            id="a mention is a user id",
        ),
        pytest.param(
            {"alerts": {"mentions": {"ana": "U0123ABC"}}},
            'alerts.mentions.ana: write the submitter\'s e-mail address: "ana@acme.example" = '
            '"U0123ABC"',
            id="who is mentioned is known by an address",
        ),
        pytest.param(
            {"alerts": {"mentions": ["U0123ABC"]}},
            'alerts.mentions: write a table: { "…" = "…" }',
            id="mentions say whose user id it is",
        ),
        pytest.param(
            {"alerts": 3}, "alerts: write a section [alerts] with keys", id="a section has keys"
        ),
        pytest.param(
            {"health": {"metrics": "9469"}},
            'health.metrics: write HOST:PORT like "127.0.0.1:9469", or "" for none',
            id="metrics need a host and a port",
        ),
        pytest.param(
            {"health": {"metrics": "127.0.0.1:70000"}},
            "health.metrics: write a port up to 65535",
            id="a port that no host has",
        ),
        pytest.param(
            {"health": {"ping_url": "http://hc.example/1"}},
            "health.ping_url: write https://: credentials never travel unencrypted",
            id="a ping in the clear",
        ),
        pytest.param(
            {"health": {"ping_url": "https://hc.example/1#part"}},
            "health.ping_url: write the address without #",
            id="what follows # is never sent",
        ),
        pytest.param(
            {"health": {"ping_url": "[secret]"}},
            "health.ping_url: write the address itself: `monitor config show` leaves it out",
            id="what the configuration in force shows instead of the ping's address",
        ),
    ],
)
def test_a_mistake_is_told_with_its_key_and_its_cure(changes: dict[str, Any], problem: str) -> None:
    assert problems_of(changes) == (problem,)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"slack.token": "xoxb-12345-literal"},
            f"slack.token: {_NO_SECRETS_HERE}",
            id="a literal token is refused, and not repeated",
        ),
        pytest.param(
            {"slack.token": "env:xoxb-12345-literal"},
            "slack.token: what follows env: is no variable's name: write env:NAME",
            id="nor when it hides behind env:",
        ),
        pytest.param(
            {"slack.token": 12345},
            'slack.token: write a reference in quotes, like "env:NAME"',
            id="a number is no reference",
        ),
        pytest.param(
            {"slack.token": "env:NOBODY_SET_THIS"},
            "slack.token: env:NOBODY_SET_THIS is not set: set the environment variable "
            "NOBODY_SET_THIS",
            id="a variable that is not set is named",
        ),
        pytest.param(
            {"netsuite.auth.private_key": "env:SLACK_BOT_TOKEN"},
            "netsuite.auth.private_key: env:SLACK_BOT_TOKEN holds no PEM key: one begins with "
            "-----BEGIN PRIVATE KEY",
            id="a private key is PEM",
        ),
        pytest.param(
            {"slack": {"webhook_url": "env:SLACK_BOT_TOKEN"}},
            "slack.webhook_url: env:SLACK_BOT_TOKEN holds no webhook address: write an address "
            "that begins with https://",
            id="a webhook is an address",
        ),
    ],
)
def test_a_wrong_secret_is_told_without_its_value(changes: dict[str, Any], problem: str) -> None:
    assert problems_of(changes) == (problem,)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    problems = problems_of(
        {
            "schedule.every": "soon",
            "netsuite.auth.private_key": "env:MISSING_KEY",
            "expensify.partner_user_secret": "a-literal-secret",
            "workspace": [{"policy_id": "P1", "auto_create": 1}, {"policy_id": "P1"}],
            "slack.chanel": "C1",
            "slack.token": GONE,
        }
    )
    assert problems == (
        f"schedule.every: {_LENGTH}",
        "netsuite.auth.private_key: env:MISSING_KEY is not set: set the environment variable "
        "MISSING_KEY",
        f"expensify.partner_user_secret: {_NO_SECRETS_HERE}",
        "workspace[0].auto_create: write true or false, without quotes",
        "unknown key `chanel` in [slack]: did you mean `channel`?",
        'slack: token is missing: write token = "env:SLACK_BOT_TOKEN"',
        "workspace[1].policy_id: workspace[0] has the same: each stands once",
    )
