"""`monitor alerts`, through the real command, over a real day and a day in the shadow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.simulator.sample import MARKETING
from tests.scenarios.asking import Run, asking
from tests.scenarios.memory import Memory
from tests.scenarios.story import Story, a_story

SINCE = ("--since", "2026-11-24")
_SHADOW = "\n[alerts]\nshadow = true\n"


def tell(story: Story) -> None:
    """Marketing is inactive, one report is recoded, Marketing is active again."""
    story.at("09:00").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()
    story.office.recode("R-1041", "Sales : Marketing", "Sales : Field Sales")
    story.at("09:30").cycle()
    story.tables.reactivate("class", MARKETING)
    story.at("10:00").cycle()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with a_story(tmp_path_factory.mktemp("told")) as story:
        story.cycle()
        tell(story)
        yield story


@pytest.fixture(scope="module")
def shadowed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with a_story(tmp_path_factory.mktemp("shadowed")) as story:
        spoken = story.config.read_text()
        story.config.write_text(spoken + _SHADOW)
        story.cycle()
        tell(story)
        story.config.write_text(spoken)
        story.at("12:00").cycle()
        yield story


@pytest.fixture
def monitor(told: Story, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(told.app.settings.database, capsys)


@pytest.fixture
def in_shadow(shadowed: Story, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(shadowed.app.settings.database, capsys)


def test_every_alert_is_one_line_with_what_it_held_and_what_was_said(monitor: Run) -> None:
    head, line = monitor("alerts", *SINCE).out.splitlines()
    assert head.split() == [
        *("alert", "workspace", "opened", "closed", "risks", "reports", "told", "headline")
    ]
    assert line.split(maxsplit=15)[:15] == [
        *("1", "Acme", "US", "2026-11-24", "09:15", "UTC", "2026-11-24", "10:00", "UTC"),
        *("1", "2", "2", "messages,", "2", "edits"),
    ]
    assert line.endswith("2 reports (USD 1,524.50) no longer at risk, after 45 min")


def test_one_alert_is_told_letter_by_letter(monitor: Run) -> None:
    out = monitor("alerts", "1").out
    heads = [line for line in out.splitlines() if line.startswith("2026-11-24 ")]
    assert [line.partition("  ")[2].partition(" 2026")[0] for line in heads] == [
        "alert 1 opened (message): sent",
        "alert 1 changed (silent edit): sent",
        "alert 1 resolved (silent edit): sent",
        "alert 1 resolved (reply): sent",
    ]
    assert out.startswith(
        "Alert 1 of Acme US: opened 2026-11-24 09:15 UTC, closed 2026-11-24 10:00 UTC; "
        "2 messages, 2 edits\n"
    )
    assert "  Class “Sales : Marketing”: it is active again in NetSuite." in out
    assert monitor("alerts", "#1").out == out


def test_json_is_as_its_schema_says(monitor: Run) -> None:
    found = monitor("alerts", *SINCE, "--json").json("alerts")
    assert [one["sent"] for one in found["alerts"]] == [{"channel": 1, "thread": 1, "silent": 2}]
    letters = monitor("alerts", "1", "--json").json("alerts")["letters"]
    assert [one["reason"] for one in letters] == ["opened", "changed", "resolved", "resolved"]


def test_a_letter_that_waits_or_was_refused_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.slack.faults.always("channel_not_found")
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        capsys.readouterr()
        out = asking(story.app.settings.database, capsys)("alerts", "1").out
    head = out.splitlines()[2]
    assert "alert 1 opened (message): refused, " in head
    assert "channel_not_found" in head


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("99",), "there is no alert 99", id="an alert that never was"),
        pytest.param(("class:12",), "is no alert: write its number", id="no number"),
        pytest.param(("1", "--shadow"), "not both", id="one alert, and the shadow"),
        pytest.param(("--since", "soon"), "is no moment", id="no moment"),
    ],
)
def test_what_cannot_be_understood_ends_two(
    monitor: Run, arguments: tuple[str, ...], said: str
) -> None:
    ended = monitor("alerts", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_no_alert_is_said_on_stderr_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db")
    memory.knows_settings()
    ended = asking(memory.path, capsys)("alerts")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "No alert was open since 7d.\n"


def test_a_shadow_tells_how_much_would_have_been_said(in_shadow: Run) -> None:
    ended = in_shadow("alerts", "--shadow", *SINCE)
    assert ended.code == 0
    assert ended.out.splitlines()[:8] == [
        "Shadow mode was on for 4 hours between 2026-11-24 08:00 UTC and 2026-11-24 12:00 UTC. "
        "It would have told:",
        "",
        "in the channel",
        "  opened         1",
        "  all            1",
        "  a day          1.0",
        "in threads only  1",
        "silent edits     2",
    ]


def test_the_words_of_a_shadow_are_shown_when_asked_for(in_shadow: Run) -> None:
    words = "Class “Sales : Marketing” is inactive in NetSuite"
    assert words in in_shadow("alerts", "--shadow", *SINCE, "-v").out
    assert words not in in_shadow("alerts", "--shadow", *SINCE).out


def test_a_shadow_as_json_names_its_time_and_every_letter(in_shadow: Run) -> None:
    found = in_shadow("alerts", "--shadow", *SINCE, "--json").json("alerts")
    assert found["shadow"] == [{"from": "2026-11-24T08:00:00Z", "to": "2026-11-24T12:00:00Z"}]
    assert {one["state"] for one in found["letters"]} == {"dropped"}
    assert found["would_have_told"]["channel"] == 1


def test_no_shadow_in_that_time_cannot_be_answered(in_shadow: Run, monitor: Run) -> None:
    assert monitor("alerts", "--shadow", *SINCE).code == 3
    ended = in_shadow("alerts", "--shadow", "--since", "2026-11-24T13:00:00Z")
    assert (ended.code, ended.out) == (3, "")
    assert "shadow mode was not on in that time" in ended.err
