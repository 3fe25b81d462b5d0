"""What a cycle finds to ask about the configuration, and what the next ones make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.core.places import SetUpQuestion
from monitor.simulator.sample import MARKETING, US
from tests.scenarios.asking import asking
from tests.scenarios.story import Story, a_story

OPENED = ["opened post"]


def _map_locations(story: Story) -> None:
    """The configuration says that classes' tags are locations."""
    config = story.config.read_text()
    assert 'class = "tag:1"' in config
    story.config.write_text(config.replace('class = "tag:1"', 'location = "tag:1"'))


def test_a_place_that_holds_something_else_is_a_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        _map_locations(story)
        story.cycle()
        monitor = asking(story.app.settings.database, capsys)
    capsys.readouterr()
    questions = monitor("status", "--json").json("status")["set_up_questions"]
    asked = [one for one in questions if one["policy_id"] == US]
    assert [one["place"] for one in asked] == ["tag:1"]
    assert asked[0]["sentence"] == (
        "none of the 4 texts at tag:1 match a location: nothing is predicted there. They match "
        'class records: is [workspace.coding] class = "tag:1" meant?'
    )
    text = monitor("status").out
    assert "To look at in the configuration\n  Acme US: none of " in text
    assert "meant?" not in monitor("risks").out + monitor("risks").err


def test_check_says_what_the_readings_show_of_the_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.at("08:15").cycle()
        _map_locations(story)
        capsys.readouterr()
        assert main(["--config", str(story.config), "check", "--offline", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    asked = [one for one in findings if "is [workspace.coding] class" in one["sentence"]]
    assert {(one["state"], one["subject"]) for one in asked} == {
        ("note", "workspace Acme US"),
        ("note", "workspace Acme UK"),
    }


def test_status_and_check_repeat_what_the_last_cycle_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        with story.store() as store, store.immediate():
            store.places.ask([SetUpQuestion(US, "tag:1", "is this read, and not worked out?")])
        capsys.readouterr()
        assert main(["--db", str(story.app.settings.database), "status"]) == 0
        assert main(["--config", str(story.config), "check", "--offline"]) == 0
    told = capsys.readouterr().out
    assert told.count("is this read, and not worked out?") == 2


def test_what_was_asked_of_another_configuration_is_repeated_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        right = story.config.read_text()
        _map_locations(story)
        story.cycle()
        story.config.write_text(right)
        story.world.netsuite.faults.always("server_error")
        assert story.at("08:15").cycle().snapshot is None
        with story.store() as store:
            assert len(store.places.questions()) == 2, "asked by the first cycle, of both"
        capsys.readouterr()
        assert main(["--db", str(story.app.settings.database), "status"]) == 0
        assert main(["--config", str(story.config), "check", "--offline"]) == 0
    assert "meant?" not in capsys.readouterr().out


def _recode(story: Story, report_id: str, text: str) -> None:
    for line in story.office.reports[report_id]["transactionList"]:
        line["ntag1"] = text


def test_a_place_whose_tags_were_mapped_anew_stays_off_until_its_texts_match_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        _recode(story, "R-1041", "Commercial")
        _recode(story, "R-1043", "Product")
        assert story.told(story.at("08:15").cycle()) == []
        for exported in ("R-1043", "R-1044", "R-1047", "R-1051"):
            del story.office.reports[exported]
        story.tables.inactivate("class", MARKETING)
        for time in ("08:30", "08:45"):
            assert story.told(story.at(time).cycle()) == []
        capsys.readouterr()
        assert main(["--db", str(story.app.settings.database), "status"]) == 0
        assert (
            "Acme US: only 1 of 2 texts at tag:1 match a class, and 100% did when the place was "
            "last in order (were the tags mapped anew?): nothing is predicted there."
        ) in capsys.readouterr().out
        _recode(story, "R-1041", "Sales : Marketing")
        assert story.told(story.at("09:00").cycle()) == OPENED


def test_one_stray_tag_puts_nothing_off(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        for left in ("R-1043", "R-1044", "R-1047", "R-1051"):
            del story.office.reports[left]
        _recode(story, "R-1041", "Commercial")
        story.tables.inactivate("class", MARKETING)
        assert story.told(story.at("08:15").cycle()) == OPENED
