"""Expensify: its workspaces held against [[workspace]], and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import App
from monitor.checking.expensify import expensify
from monitor.checking.findings import Finding, State, bad, fine, note
from monitor.config.load import load
from monitor.simulator.sample import UK, US
from tests.scenarios.story import Story, a_story

ADMIN = "make the credential's owner an admin of it, in Expensify"
IN_ORDER = [
    fine("Expensify", "the credential is accepted"),
    fine("workspace Acme US", "seen as “Acme US” (admin)"),
    fine("workspace Acme UK", "seen as “Acme UK” (admin)"),
    fine("Expensify clock", "agrees with this machine's to the minute"),
]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as story:
        yield story


def found(story: Story) -> list[Finding]:
    return list(expensify(App(load(story.config), story.clock)))


def amiss(story: Story) -> list[Finding]:
    """All that is not in order."""
    return [one for one in found(story) if one.state is not State.OK]


def test_where_all_is_in_order_nothing_is_to_be_done(story: Story) -> None:
    assert found(story) == IN_ORDER
    assert story.office.asked == [{"type": "get", "inputSettings": {"type": "policyList"}}]


@pytest.mark.parametrize(
    ("role", "told"),
    [
        pytest.param(
            "user",
            bad(
                "workspace Acme UK",
                "seen as “Acme UK” (user): Expensify shows a user no reports but their own",
                ADMIN,
            ),
            id="a user",
        ),
        pytest.param(
            "auditor",
            note(
                "workspace Acme UK",
                "seen as “Acme UK” (auditor): who is no admin may be shown too little",
                ADMIN,
            ),
            id="something between",
        ),
        pytest.param(
            "",
            note(
                "workspace Acme UK",
                "seen as “Acme UK” (role not told): who is no admin may be shown too little",
                ADMIN,
            ),
            id="not told",
        ),
    ],
)
def test_who_is_no_admin_of_a_workspace_is_told(story: Story, role: str, told: Finding) -> None:
    story.office.policies[UK].role = role
    assert amiss(story) == [told]


def test_a_workspace_that_is_not_seen_is_told(story: Story) -> None:
    del story.office.policies[UK]
    assert amiss(story) == [
        bad(
            "workspace Acme UK",
            f"the credential does not see {UK}",
            f"check policy_id in [[workspace]], and {ADMIN}",
        )
    ]


def test_a_watched_workspace_whose_connections_are_off_is_told(story: Story) -> None:
    story.office.policies[US].has_connections = False
    assert amiss(story) == [
        note(
            "workspace Acme US",
            "seen as “Acme US” (admin), but its connections are switched off",
            "check that policy_id names the workspace that exports to NetSuite",
        )
    ]


FORGOTTEN = note(
    "Expensify",
    "the credential also sees “Acme DE” (P3), which no [[workspace]] names",
    "if it exports to this NetSuite account, add it as a [[workspace]]; if not, use a credential "
    "whose owner is not in it",
)
TOO_MUCH = note(
    "Expensify",
    "the credential's owner is also an admin of “Acme DE” (P3), which has no connections: that is "
    "more than the monitor needs",
    "use a credential whose owner is an admin of the watched workspaces only",
)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({}, [FORGOTTEN], id="it has connections: perhaps forgotten"),
        pytest.param({"has_connections": None}, [FORGOTTEN], id="nobody knows whether it has"),
        pytest.param({"has_connections": False}, [TOO_MUCH], id="it has none: too much"),
        pytest.param(
            {"has_connections": False, "role": "user"}, [], id="it has none, and little is seen"
        ),
        pytest.param({"sort": "personal"}, [], id="a person's own"),
        pytest.param({"sort": "personalPolicy"}, [], id="a person's own, as others say"),
    ],
)
def test_a_workspace_that_nobody_names_is_told(
    story: Story, fields: dict[str, Any], told: list[Finding]
) -> None:
    story.office.add_policy("P3", "Acme DE", **fields)
    assert amiss(story) == told


def test_a_clock_that_is_off_is_told_with_its_direction(story: Story) -> None:
    ours = story.clock.now
    story.office.now = lambda: ours() - timedelta(seconds=95)
    (told,) = amiss(story)
    assert (told.subject, told.sentence) == (
        "Expensify clock",
        "this machine's clock is 95 s ahead of Expensify's",
    )


def test_where_the_credential_is_refused_the_clock_is_told_all_the_same(story: Story) -> None:
    story.world.expensify.faults.always("401")
    refused, clock = found(story)
    assert (refused.state, refused.subject) == (State.BAD, "Expensify")
    assert refused.do.startswith("check [expensify] partner_user_id and partner_user_secret")
    assert clock == IN_ORDER[-1]
