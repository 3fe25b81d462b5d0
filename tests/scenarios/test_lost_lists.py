"""Expensify loses its tags though nobody touched NetSuite: one message, and no report at risk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.simulator.sample import MARKETING, UK, US
from tests.scenarios.asking import asking
from tests.scenarios.story import Story, a_story

KEPT = ("Sales", "Operations")
BY_HAND = "Christmas party"


def _many_classes(story: Story) -> None:
    """Thirty further classes, and a tag that somebody made by hand in Expensify."""
    for number in range(100, 130):
        story.tables.add(
            "class", number, name=f"Store {number}", parent=30, includechildren="T", subsidiary=[1]
        )
    _sync(story)
    story.office.add_report("R-3001", US, tags=[(BY_HAND, "")])


def _sync(story: Story) -> None:
    """Both workspaces import what NetSuite has; tags made by hand stay."""
    for policy_id in (US, UK):
        story.world.sync(policy_id)
    story.office.policies[US].offered["tag:1"][BY_HAND] = True


def _lose_all(story: Story) -> None:
    story.office.lose(US, "tag:1")


def _lose_most(story: Story) -> None:
    story.office.lose(US, "tag:1", kept=KEPT)


def _switch_off(story: Story) -> None:
    story.office.switch_off(US, "tag:1")


@pytest.mark.parametrize("lose", [_lose_all, _lose_most, _switch_off])
def test_tags_vanish_and_come_back(tmp_path: Path, lose: Callable[[Story], None]) -> None:
    with a_story(tmp_path) as story:
        _many_classes(story)
        story.cycle()
        lose(story)
        assert story.told(story.at("09:15").cycle()) == ["list_lost post"]
        (parent,) = story.channel
        gone = 39 if lose is _lose_most else 41
        assert f"Acme US no longer offers {gone} of 42 classes" in parent["text"]
        for time in ("09:30", "09:45", "16:00"):
            assert story.told(story.at(time).cycle()) == []
        assert (len(story.channel), story.open_risks()) == (1, [])
        _sync(story)
        back = story.told(story.at("16:15").cycle())
        assert back == ["resolved edit", "resolved reply"]
        assert [one["text"][:9] for one in story.channel] == ["Resolved:"]
        assert story.told(story.at("16:30").cycle()) == []


def test_all_lists_of_a_workspace_at_once_are_one_message(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        for place in ("tag:1", "tag:2"):
            story.office.lose(US, place)
        assert story.told(story.at("09:15").cycle()) == ["list_lost post"]
        assert "11 of 11 classes and 1 of 1 projects" in story.channel[0]["text"]


def test_a_list_that_was_thinned_on_purpose_is_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        _many_classes(story)
        story.cycle()
        story.office.lose(US, "tag:1", kept=(*KEPT, BY_HAND))
        story.at("09:15").cycle()
        (parent,) = story.channel
        command = ("accept-deletions", "class", "--workspace", "Acme US")
        assert "monitor accept-deletions class --workspace 'Acme US'" in json.dumps(parent)
        capsys.readouterr()
        monitor = asking(story.app.settings.database, capsys)
        assert monitor(*command, "--by", "Dana Lee") == (
            0,
            "From the next cycle on tag level 1 (classes) of Acme US counts as it is now.\n",
            "",
        )
        told = story.told(story.at("09:30").cycle())
        assert told == ["resolved edit", "resolved reply"]
        (parent,) = story.channel
        assert "tag level 1 (classes) of Acme US was accepted by Dana Lee" in parent["text"]
        assert story.told(story.at("09:45").cycle()) == []
        capsys.readouterr()
        refused = monitor(*command)
        assert (refused.code, "has lost no list of class in Expensify" in refused.err) == (2, True)
        story.office.lose(US, "tag:1")
        story.office.lose(UK, "tag:1")
        assert story.told(story.at("10:00").cycle()) == ["list_lost post", "list_lost post"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["project", "--workspace", US], "has lost no list of project", id="a kind"),
        pytest.param(["class", "--workspace", UK], "has lost no list of class", id="a workspace"),
        pytest.param(["class", "--workspace", "Acme"], "there is no workspace", id="none such"),
        pytest.param(["class"], "the list class is not held", id="NetSuite's own list"),
    ],
)
def test_what_is_not_lost_is_not_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        _lose_all(story)
        story.at("09:15").cycle()
        capsys.readouterr()
        refused = asking(story.app.settings.database, capsys)("accept-deletions", *arguments)
        assert (refused.code, said in refused.err) == (2, True)
        with story.store() as store:
            assert (store.lists.accepted(US), store.lists.accepted(UK)) == ((), ())
        assert story.told(story.at("09:30").cycle()) == []


def test_status_names_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.office.lose(US, "tag:1")
        story.at("09:15").cycle()
        database = str(story.app.settings.database)
    capsys.readouterr()
    assert main(["--db", database, "status"]) == 0
    text = capsys.readouterr().out
    assert "11 of 11 values of tag level 1 (classes) vanished from Expensify" in text
    assert main(["--db", database, "status", "--json"]) == 0
    (alert,) = json.loads(capsys.readouterr().out)["alerts"]
    assert alert["lost_lists"] == [
        {
            "place": "tag:1",
            "kinds": ["class"],
            "gone": 11,
            "before": 11,
            "last_seen_at": "2026-11-24T08:00:00Z",
            "missed_at": "2026-11-24T09:15:00Z",
        }
    ]


def test_that_a_list_is_gone_does_not_read_as_a_sync(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("08:30").tables.inactivate("class", MARKETING)
        assert story.told(story.at("08:45").cycle()) == ["opened post"]
        for policy_id in (US, UK):
            story.office.lose(policy_id, "tag:1")
        assert story.told(story.at("09:15").cycle()) == ["list_lost post", "list_lost post"]
        risk = "Class “Sales : Marketing” is inactive in NetSuite"
        first, *_ = story.channel
        assert risk in first["text"]
        assert "Expensify has not imported the change yet" in first["text"]
        database = str(story.app.settings.database)
    capsys.readouterr()
    assert main(["--db", database, "diff", "--since", "baseline", "--json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert change["imported"] == {US: "no", UK: "no"}


def test_what_netsuite_gave_up_and_a_sync_took_away_is_no_loss(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _many_classes(story)
        story.cycle()
        for number in range(100, 130):
            story.tables.inactivate("class", str(number))
        _sync(story)
        assert story.told(story.at("09:15").cycle()) == []


def test_nothing_is_over_while_netsuite_cannot_be_read(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.office.lose(US, "tag:1")
        story.at("09:15").cycle()
        story.world.netsuite.faults.always("503")
        story.world.sync(US)
        assert story.told(story.at("09:30").cycle()) == []
        story.world.netsuite.faults.clear()
        assert story.told(story.at("09:45").cycle()) == ["resolved edit", "resolved reply"]


def test_a_list_that_netsuite_does_not_show_either_is_no_loss(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.netsuite.suiteql.hidden_tables.add("classification")
        story.office.lose(US, "tag:1")
        assert "list_lost post" not in story.told(story.at("09:15").cycle())


def test_records_that_netsuite_no_longer_shows_are_not_lost(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        for number in range(2001, 2031):
            story.tables.add("project", number, entityid=f"PRJ{number}", customer=900)
        story.cycle()
        story.tables.delete("project", 1001, is_logged=False)
        for policy_id in (US, UK):
            story.office.lose(policy_id, "tag:2")
        assert story.told(story.at("09:15").cycle()) == []


def test_a_project_listed_below_its_customer_is_known(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.office.policies[US].offered["tag:2"] = {"Globex : Atlas": True}
        story.cycle()
        story.office.lose(US, "tag:2")
        assert story.told(story.at("09:15").cycle()) == ["list_lost post"]


def test_a_list_that_the_configuration_drops_is_not_called_back(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.office.lose(US, "tag:1")
        story.at("09:15").cycle()
        text = story.config.read_text()
        story.config.write_text(text.replace('class = "tag:1"', 'class = "none"', 1))
        assert story.told(story.at("09:30").cycle()) == ["resolved edit", "resolved reply"]
        (parent,) = story.channel
        assert "the monitor looks no more at tag level 1 (classes) of Acme US" in parent["text"]
