"""Edits from after the last sync and before the monitor began: what notes name, and what nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.answers.known import known
from monitor.answers.standing import Standing, standing_of
from monitor.cli.output.status_json import status_json
from monitor.cli.output.status_text import status_text
from monitor.core.sync import Bound, Evidence, Source
from monitor.simulator.sample import MARKETING, UK, US
from tests.scenarios.story import DAY, Story, a_story

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "schemas" / "status.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as one:
        yield one


def is_told_of_the_sync(story: Story) -> None:
    """Somebody read in Expensify that both workspaces synced at 08:00, before the first cycle."""
    synced_at = DAY.replace(hour=8)
    with story.store() as store, store.immediate():
        store.evidence.add(
            Evidence(one, Bound.EXACT, synced_at, Source.OPERATOR, story.clock.now())
            for one in (US, UK)
        )


def risks(story: Story) -> list[str]:
    """What stands, as "kind:id cause certainty imported"."""
    with story.store() as store:
        return sorted(
            f"{one.risk.ref} {one.risk.cause.code} {one.risk.certainty.name.lower()} "
            f"{one.risk.imported}"
            for one in store.alerts.tracked()
            if one.risk.policy_id == US
        )


REACTIVATED = f"class:{MARKETING} edited_since_sync likely no"


def reactivated_after_the_sync(story: Story) -> None:
    """Inactive when Expensify synced at 08:00, active again at 08:30; the monitor begins at 09."""
    story.tables.inactivate("class", MARKETING)
    story.world.sync(US)
    story.at("08:30").tables.reactivate("class", MARKETING)
    story.at("09:00")
    is_told_of_the_sync(story)


def test_a_reactivation_that_notes_name_waits_for_the_next_sync(story: Story) -> None:
    reactivated_after_the_sync(story)
    assert story.told(story.cycle()) == ["opened post"]
    assert risks(story) == [REACTIVATED]
    (message,) = story.channel
    assert "Dana Lee" in str(message)
    assert story.told(story.at("09:15").cycle()) == []
    assert risks(story) == [REACTIVATED]
    story.at("09:20").world.sync(US)
    assert "resolved edit" in story.told(story.at("09:30").cycle())


def test_a_reactivation_that_no_note_names_is_no_risk(story: Story) -> None:
    story.world.netsuite.suiteql.hidden_tables.add("systemnote")
    reactivated_after_the_sync(story)
    assert story.told(story.cycle()) == []
    assert risks(story) == []


def test_an_edit_from_before_the_sync_is_imported(story: Story) -> None:
    story.tables.edit("employee", 501, department=2)
    story.at("09:00")
    is_told_of_the_sync(story)
    story.cycle()
    assert risks(story) == []


@pytest.mark.parametrize(
    ("kind", "record_id", "fields", "risk"),
    [
        pytest.param(
            "class",
            MARKETING,
            {"name": "Brand"},
            f"class:{MARKETING} edited_since_sync possible no",
            id="renamed: the old name on the reports is its own",
        ),
        pytest.param(
            "employee",
            501,
            {"department": 2},
            "employee:501 employee_rule_stale possible no",
            id="a default whose kind is coded",
        ),
    ],
)
def test_what_else_notes_name_is_as_sure_as_if_it_had_been_seen(
    story: Story, kind: str, record_id: str, fields: dict[str, object], risk: str
) -> None:
    story.at("08:30").tables.edit(kind, record_id, **fields)
    story.at("09:00")
    is_told_of_the_sync(story)
    story.cycle()
    assert risks(story) == [risk]


def test_what_follows_the_first_look_is_told_from_before_the_edit(story: Story) -> None:
    reactivated_after_the_sync(story)
    story.cycle()
    story.at("09:10").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()
    assert [risk for risk in risks(story) if "edited_since_sync" in risk] == []
    story.at("09:20").tables.reactivate("class", MARKETING)
    story.at("09:30").cycle()
    assert REACTIVATED in risks(story)


def standing(story: Story) -> Standing:
    """What `monitor status` answers at the story's moment."""
    with known(story.app.settings.database) as database:
        return standing_of(database, now=story.clock.now())


def status(story: Story) -> Any:
    answer = json.loads(status_json(standing(story)))
    Draft202012Validator(SCHEMA).validate(answer)
    return answer["edited_before_the_first_look"]


def test_status_lists_what_nobody_names_until_the_next_sync(story: Story) -> None:
    story.world.netsuite.suiteql.hidden_tables.add("systemnote")
    reactivated_after_the_sync(story)
    story.cycle()
    assert status(story) == [
        {
            "policy_id": policy_id,
            "count": 1,
            "first": [{"record": f"class:{MARKETING}", "full_name": "Sales : Marketing"}],
            "sentence": "1 record edited after the last sync, before the monitor's first look; "
            f"NetSuite does not say which fields: class:{MARKETING} Sales : Marketing",
        }
        for policy_id in (US, UK)
    ]
    text = status_text(standing(story), lambda words, _color: words)
    assert "\n  Acme US: 1 record edited after the last sync, before the" in text
    story.at("09:30")
    with story.store() as store, store.immediate():
        read = Evidence(US, Bound.EXACT, story.clock.now(), Source.OPERATOR, story.clock.now())
        store.evidence.add([read])
    story.cycle()
    assert [one["policy_id"] for one in status(story)] == [UK]


def test_of_many_the_first_few_are_named(story: Story) -> None:
    story.world.netsuite.suiteql.hidden_tables.add("systemnote")
    story.at("08:30")
    for record_id in (10, 11, 12, 13, 14, 20, 21):
        story.tables.edit("class", record_id, externalid="A")
    story.at("09:00")
    is_told_of_the_sync(story)
    story.cycle()
    told = status(story)[0]
    assert (told["count"], len(told["first"])) == (7, 5)
    assert told["sentence"].endswith("class:14 Sales : Partner Sales, 2 more")


def test_status_lists_nothing_where_notes_name_the_fields(story: Story) -> None:
    reactivated_after_the_sync(story)
    story.cycle()
    assert status(story) == []


def test_status_lists_nothing_while_no_sync_is_known(story: Story) -> None:
    story.world.netsuite.suiteql.hidden_tables |= {"systemnote", "loginaudit"}
    story.at("09:00").cycle()
    assert status(story) == []
