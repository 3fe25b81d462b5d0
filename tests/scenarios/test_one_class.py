"""One class is inactivated: what Slack hears, what it does not, and how it ends."""

from __future__ import annotations

from pathlib import Path

from monitor.simulator.sample import MARKETING, US
from tests.scenarios.story import a_story

USING = ("R-1041", "R-1043", "R-1050")


def test_exactly_one_message_names_all_that_somebody_needs(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        assert story.told(story.cycle()) == []
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == ["opened post"]
        (message,) = story.channel
    for said in (
        "2 reports (USD 2,112.50, 2 people) ready to export will fail with NS0831",
        "Class “Sales : Marketing” is inactive in NetSuite",
        "R-1041",
        "dana.lee@acme.example",
        "USD 812.00",
        "Expensify has not imported the change yet",
        "Recode 6 lines",
    ):
        assert said in message["text"]
        assert said in str(message["blocks"])


def test_a_restart_with_nothing_changed_says_nothing(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        # every cycle of a story is made anew from the files, as after a restart
        assert story.told(story.at("09:30").cycle()) == []
        assert len(story.world.slack.messages) == 1


def test_after_recoding_the_message_is_edited_to_resolved(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        for report_id in USING:
            story.office.recode(report_id, "Sales : Marketing", "Sales : Field Sales")
        assert story.told(story.at("09:30").cycle()) == ["resolved edit", "resolved reply"]
        (parent,) = story.channel
        assert "Resolved: 3 reports (USD 2,336.50) no longer at risk" in parent["text"]
        assert "R-1041, R-1043, R-1050 were recoded" in parent["text"]
        assert len(story.world.slack.replies(parent["ts"])) == 1
        assert story.told(story.at("09:45").cycle()) == []


def test_after_reactivation_it_waits_for_the_sync_when_expensify_lost_the_class(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:05").world.sync(US)
        story.at("09:15").cycle()
        story.at("09:20").tables.reactivate("class", MARKETING)
        assert story.told(story.at("09:30").cycle()) == ["changed edit"]
        assert "Sync now fixes it" in story.channel[0]["text"]
        story.at("09:40").world.sync(US)
        assert story.told(story.at("09:45").cycle()) == ["resolved edit", "resolved reply"]
        assert "Expensify has imported the change" in story.channel[0]["text"]


def test_reactivated_before_any_sync_it_is_over_at_once(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        story.at("09:20").tables.reactivate("class", MARKETING)
        assert story.told(story.at("09:30").cycle()) == ["resolved edit", "resolved reply"]
        assert "active again" in story.channel[0]["text"]


def test_a_class_nobody_uses_leads_to_no_message(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", 32)
        assert story.told(story.at("09:15").cycle()) == []
        assert story.channel == []


def test_an_exported_report_ends_the_risk_and_says_so(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", 21)
        assert story.told(story.at("09:15").cycle()) == ["opened post"]
        story.at("09:20").tables.reactivate("class", 21)
        assert story.world.export("R-1044") == ""
        story.tables.inactivate("class", 21)
        assert story.told(story.at("09:30").cycle()) == ["resolved edit", "resolved reply"]
        assert "R-1044 was exported to NetSuite" in story.channel[0]["text"]


def test_the_simulated_netsuite_refuses_what_was_predicted(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        assert [story.world.export(one) for one in ("R-1041", "R-1043", "R-1044")] == [
            "NS0831",
            "NS0831",
            "",
        ]
        story.at("09:30").cycle()
        assert "2 already failed, export paused" in story.channel[0]["text"]
        # recoded, but the failed ones still wait for somebody to export them by hand
        for report_id in USING:
            story.office.recode(report_id, "Sales : Marketing", "Sales : Field Sales")
        story.at("09:45").cycle()
        assert story.open_risks() == [f"{US}/class:12"]
        for report_id in ("R-1041", "R-1043"):
            assert story.world.export(report_id) == ""
        assert story.told(story.at("10:00").cycle()) == ["resolved edit", "resolved reply"]
