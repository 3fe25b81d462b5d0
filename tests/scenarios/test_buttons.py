"""The daemon with Socket Mode: buttons work beside its cycles, and end with it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.adapters.slack.socket_mode import NOT_OURS
from monitor.adapters.store.sources import BUTTONS
from monitor.cli import main
from tests.adapters.slack_socket import TICKET, SlackSide, a_payload, a_socket_of
from tests.scenarios.process import start
from tests.scenarios.story import Story, a_story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A story with an open alert, and with Socket Mode configured."""
    with a_story(tmp_path) as story:
        story.tables.edit("employee", 502, hiredate="2099-01-01")
        story.cycle()
        token = story.config.parent / "app_token"
        token.touch(mode=0o600)
        token.write_text(story.world.slack.app_token)
        # [slack] is the last section
        story.config.write_text(story.config.read_text() + 'app_token = "file:app_token"\n')
        yield story


@pytest.fixture
def side(story: Story) -> Iterator[SlackSide]:
    with a_socket_of(story.world.slack) as side:
        yield side


def read_until(event: str, daemon: subprocess.Popen[str]) -> str:
    """Its log up to the line with the event."""
    assert daemon.stderr is not None
    log = ""
    for line in daemon.stderr:
        log += line
        if event in line:
            return log
    raise AssertionError(f"it ended with {daemon.wait()} and never said {event}:\n{log}")


def standing(story: Story, capsys: pytest.CaptureFixture[str]) -> tuple[bool, bool] | None:
    """Whether `monitor status` knows of a connection, and whether it knows of trouble."""
    capsys.readouterr()
    assert main(["--config", str(story.config), "status", "--json"]) == 0
    buttons = json.loads(capsys.readouterr().out)["delivery"]["buttons"]
    return buttons and (bool(buttons["connected_at"]), bool(buttons["failing_since"]))


def test_a_button_is_served_beside_a_cycle_and_the_daemon_ends_as_asked(
    story: Story, side: SlackSide, capsys: pytest.CaptureFixture[str]
) -> None:
    with story.store() as store:
        alert_id = store.alerts.open()[0].alert_id
    daemon = start("--config", str(story.config), "run")
    log = read_until('"buttons_connected"', daemon)
    side.sends("e1", a_payload("explain", str(alert_id)))
    side.sends("e2", a_payload(actions=[]))
    explained, refused = side.whispers(2)
    assert standing(story, capsys) == (True, False)
    daemon.terminate()
    _, rest = daemon.communicate(timeout=30)
    assert daemon.returncode == 0
    assert "All of it: monitor explain " in explained
    assert refused == NOT_OURS
    side.wait(lambda: side.connections == [])
    assert "daemon_stopped" in rest
    for secret in (TICKET, story.world.slack.app_token, story.world.slack.token):
        assert secret not in log + rest


def test_a_cycle_without_a_socket_forgets_how_the_buttons_stood(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    with story.store() as store, store.immediate():
        store.sources.failed(BUTTONS, story.clock.now(), "revoked", is_permanent=True)
    story.at("08:15").cycle()
    assert standing(story, capsys) == (False, True)
    story.config.write_text(story.config.read_text().replace('app_token = "file:app_token"', ""))
    story.at("08:30").cycle()
    assert standing(story, capsys) is None


def test_buttons_that_cannot_work_are_said_once_and_end_nothing(
    story: Story, side: SlackSide
) -> None:
    story.world.slack.faults.always("token_revoked", match="apps.connections.open")
    daemon = start("--config", str(story.config), "run")
    log = read_until('"buttons_lost"', daemon)
    side.wait_for_calls("apps.connections.open", 2)
    daemon.terminate()
    _, rest = daemon.communicate(timeout=30)
    assert daemon.returncode == 0
    assert "daemon_stopped" in rest
    assert (log + rest).count('"buttons_lost"') == 1
