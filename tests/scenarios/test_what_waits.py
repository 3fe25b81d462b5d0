"""What waits on purpose says why and until when: quiet hours, shadow mode, figures that follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.answers.history import past_alert
from monitor.answers.known import known
from monitor.answers.standing import standing_of
from monitor.cli.output.alerts_text import alert_text
from monitor.cli.output.status_json import status_json
from monitor.cli.output.status_text import status_text
from monitor.simulator.sample import MARKETING
from tests.scenarios.story import Story, a_story

QUIET = 'quiet_hours = "08:30-11:00"\n'
NEW_YORK = "America/New_York"


def _write(story: Story, alerts: str) -> None:
    story.config.write_text(f"{story.config.read_text()}\n[alerts]\n{alerts}")


def _tell(story: Story) -> None:
    """Marketing is inactivated after nine, and a cycle sees it."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()


def _status(story: Story, zone: str = "UTC") -> tuple[list[str], dict[str, Any]]:
    """The paragraph about delivery, and the same as JSON."""
    with known(story.app.settings.database, time_zone=zone) as database:
        standing = standing_of(database, now=story.clock.now())
    text = status_text(standing, lambda text, _color: text)
    paragraph = text.partition("\nDelivery\n")[2].partition("\n\n")[0]
    delivery = json.loads(status_json(standing))["delivery"]
    return [line.strip() for line in paragraph.splitlines()], delivery


def _letters(story: Story, zone: str = "UTC") -> list[str]:
    """The head of every letter of the first alert."""
    with known(story.app.settings.database, time_zone=zone) as database:
        found = past_alert(database, 1, now=story.clock.now())
        text = alert_text(found, zone, lambda text, _color: text)
    return [line for line in text.splitlines() if line.startswith("2026-11-24 ")]


def test_quiet_hours_say_until_when_they_hold(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _write(story, QUIET)
        _tell(story)
        text, delivery = _status(story)
        assert text[0] == "1 message waiting for Slack, held by quiet hours until 11:00 UTC"
        assert (delivery["held"], delivery["held_until"]) == (1, "2026-11-24T11:00:00Z")
        assert _letters(story) == [
            "2026-11-24 09:15 UTC  alert 1 opened (message): "
            "waiting, held by quiet hours until 11:00 UTC"
        ]
        story.at("11:00")
        text, delivery = _status(story)
        assert text[0] == "1 message waiting for Slack", "the next cycle takes it"
        assert (delivery["held"], delivery["held_until"]) == (0, None)


def test_the_end_is_said_in_the_zone_that_the_hours_are_in(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _write(story, 'quiet_hours = "20:00-07:00"\n')
        spoken = story.config.read_text()
        assert 'time_zone = "UTC"' in spoken
        story.config.write_text(spoken.replace('time_zone = "UTC"', f'time_zone = "{NEW_YORK}"'))
        _tell(story)
        text, _ = _status(story, NEW_YORK)
        assert text[0].endswith("held by quiet hours until 07:00 EST")


def test_what_may_go_in_quiet_hours_is_not_called_held(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _write(story, f"{QUIET}quiet_hours_allow_certain = true\n")
        story.world.slack.faults.always("fatal_error")
        _tell(story)
        text, delivery = _status(story)
        assert "held" not in text[0]
        assert (delivery["queued"], delivery["held"]) == (1, 0)
        assert "fatal_error" in _letters(story)[0]


@pytest.mark.parametrize(("shadow", "is_on"), [("true", True), ("false", False)])
def test_shadow_mode_is_said(tmp_path: Path, shadow: str, is_on: bool) -> None:
    with a_story(tmp_path) as story:
        _write(story, f"{QUIET}shadow = {shadow}\n")
        story.cycle()
        text, delivery = _status(story)
        said = "shadow mode: decided and recorded, told to nobody"
        assert (text[0] == said, delivery["shadow"]) == (is_on, is_on)


def test_in_shadow_mode_what_waits_waits_for_its_end(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _tell(story)
        _write(story, f"{QUIET}shadow = true\n")
        story.office.recode("R-1041", "Sales : Marketing", "Sales : Field Sales")
        story.at("09:30").cycle()
        text, delivery = _status(story)
        assert text[1] == "1 message waiting for the end of shadow mode"
        assert (delivery["shadow"], delivery["held"]) == (True, 0)
        assert _letters(story)[-1].endswith(": waits for the end of shadow mode")


def test_a_silent_edit_says_why_it_waits(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _tell(story)
        story.office.recode("R-1041", "Sales : Marketing", "Sales : Field Sales")
        story.cycle()
        assert _letters(story)[-1] == (
            "2026-11-24 09:15 UTC  alert 1 changed (silent edit): "
            "waiting, a silent edit waits up to a minute after the last"
        )
