"""`monitor check` of what is told: shadow mode, and the buttons with their token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.cli import main
from tests.adapters.slack_socket import TICKET, a_socket_of
from tests.scenarios.story import Story, a_story

Row = tuple[str, str, str | None]
"""State, sentence, and what to do."""
Check = Callable[..., tuple[int, dict[str, Row]]]
BUTTONS_WORK = ("ok", "Slack lets the app connect; they work under `monitor run`", None)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as story:
        yield story


@pytest.fixture
def check(story: Story, capsys: pytest.CaptureFixture[str]) -> Check:
    """How it ended, and what it found by subject."""

    def run(*options: str) -> tuple[int, dict[str, Row]]:
        capsys.readouterr()
        code = main(["--config", str(story.config), "check", "--json", *options])
        rows = json.loads(capsys.readouterr().out)["findings"]
        return code, {row["subject"]: (row["state"], row["sentence"], row["do"]) for row in rows}

    return run


def _with_app_token(story: Story, token: str) -> None:
    secret = story.config.parent / "app_token"
    secret.touch(mode=0o600)
    secret.write_text(token)
    # [slack] is the last section
    story.config.write_text(story.config.read_text() + 'app_token = "file:app_token"\n')


def test_shadow_mode_is_remarked_with_what_to_do(story: Story, check: Check) -> None:
    assert "alerts" not in check("--offline")[1]
    story.config.write_text(story.config.read_text() + "\n[alerts]\nshadow = true\n")
    code, found = check("--offline")
    assert (code, found["alerts"]) == (
        0,
        (
            "note",
            "shadow mode is on, so nobody is told",
            "see `monitor alerts --shadow`, then write shadow = false in [alerts]",
        ),
    )


def test_without_an_app_token_nothing_is_said_of_buttons(check: Check) -> None:
    assert "buttons" not in check()[1]


@pytest.mark.parametrize("options", [(), ("--offline",)], ids=["online", "offline"])
def test_another_token_in_its_place_is_named(
    story: Story, check: Check, options: tuple[str, ...]
) -> None:
    _with_app_token(story, "xoxb-another-0001")
    code, found = check(*options)
    assert (code, found["buttons"]) == (
        2,
        (
            "bad",
            "[slack] app_token leads to no app-level token, which begins with xapp-",
            "create one with the scope connections:write "
            "(api.slack.com/apps > Basic Information > App-Level Tokens)",
        ),
    )
    assert "xoxb" not in str(found)
    assert _asked_for_sockets(story) == 0


def test_an_app_token_is_tried(story: Story, check: Check) -> None:
    _with_app_token(story, story.world.slack.app_token)
    with a_socket_of(story.world.slack):
        _, found = check()
    assert found["buttons"] == BUTTONS_WORK
    assert _asked_for_sockets(story) == 1
    assert TICKET not in str(found)


def test_an_app_token_that_slack_refuses_is_told_with_its_cure(story: Story, check: Check) -> None:
    _with_app_token(story, "xapp-another-0001")
    _, found = check()
    state, sentence, do = found["buttons"]
    assert state == "bad"
    assert sentence == "Slack refused (invalid_auth): the app token is wrong"
    assert str(do).startswith("create one with the scope connections:write")
    assert found["Slack"][0] == "ok"


def test_offline_nobody_is_asked_for_a_socket(story: Story, check: Check) -> None:
    _with_app_token(story, story.world.slack.app_token)
    code, found = check("--offline")
    assert (code, found["buttons"]) == (0, ("ok", "there is an app token (nobody was asked)", None))
    assert _asked_for_sockets(story) == 0


def test_a_webhook_has_no_buttons(story: Story, check: Check) -> None:
    _with_app_token(story, story.world.slack.app_token)
    hook = story.config.parent / "hook"
    hook.touch(mode=0o600)
    hook.write_text("https://hooks.slack.example/services/T/B/0001")
    head, _, _ = story.config.read_text().partition("[slack]")
    story.config.write_text(
        f'{head}[slack]\nwebhook_url = "file:hook"\napp_token = "file:app_token"\n'
    )
    code, found = check("--offline")
    said = ("note", "a webhook's messages have no buttons", "remove app_token")
    assert (code, found["buttons"]) == (0, said)


def _asked_for_sockets(story: Story) -> int:
    return sum("apps.connections.open" in str(call) for call in story.world.slack.calls)
