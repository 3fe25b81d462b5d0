"""The simulated Slack takes files, buttons and broadcasts as strictly as the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from monitor.simulator.slack.reading import objection
from tests.adapters.slack_channel import Simulated, a_message, a_slack
from tests.adapters.test_slack_simulator import HERE, asked


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def begun(simulated: Simulated, length: int = 2) -> tuple[str, str]:
    """A file that is announced: its id, and where its bytes go."""
    answer = asked(simulated, "files.getUploadURLExternal", filename="a.csv", length=length)
    return answer["file_id"], answer["upload_url"]


def uploaded(url: str, content: bytes) -> int:
    try:
        with urlopen(Request(url, content, method="POST"), timeout=5) as answer:
            return int(answer.status)
    except OSError as error:
        return int(getattr(error, "code", 0))


def completed(simulated: Simulated, file_id: str, **arguments: Any) -> dict[str, Any]:
    files = json.dumps([{"id": file_id, "title": "Reports"}])
    asked_for = {"files": files, "channel_id": HERE, **arguments}
    return asked(simulated, "files.completeUploadExternal", **asked_for)


def test_a_file_is_shared_once_it_was_uploaded(simulated: Simulated) -> None:
    parent = simulated.bot.post("alert-1", a_message())
    file_id, url = begun(simulated)
    assert completed(simulated, file_id) == {"error": "file_not_found"}
    assert uploaded(url, b"ab") == 200
    shared = [{"id": file_id, "name": "a.csv", "title": "Reports"}]
    said = {"thread_ts": parent.ts, "initial_comment": "all of them"}
    assert completed(simulated, file_id, **said) == {"files": shared}
    (reply,) = simulated.slack.replies(parent.ts)
    assert (reply["text"], reply["files"]) == ("all of them", shared)


def test_bytes_of_another_length_or_of_no_file_are_refused(simulated: Simulated) -> None:
    _, url = begun(simulated, length=3)
    assert uploaded(url, b"ab") == 400
    assert uploaded(f"{url}9", b"abc") == 400
    assert simulated.slack.files.contents == {}


@pytest.mark.parametrize(
    ("setting", "arguments", "word"),
    [
        ({}, {"channel_id": "#netsuite-exports"}, "channel_not_found"),
        ({}, {"thread_ts": "1.2"}, "thread_not_found"),
        ({"is_archived": True}, {}, "is_archived"),
        ({"is_member": False}, {}, "not_in_channel"),
    ],
)
def test_a_file_is_not_shared_where_a_message_would_be_refused(
    simulated: Simulated, setting: dict[str, bool], arguments: dict[str, str], word: str
) -> None:
    file_id, url = begun(simulated)
    uploaded(url, b"ab")
    for name, value in setting.items():
        setattr(simulated.slack, name, value)
    assert completed(simulated, file_id, **arguments) == {"error": word}
    assert simulated.slack.messages == []


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_files_need_a_scope_of_their_own(simulated: Simulated, method: str) -> None:
    simulated.slack.scopes.discard("files:write")
    answer = asked(simulated, method, filename="a.csv", length=2)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "files:write")


def a_button(**changes: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Acknowledge"}
    return {"type": "button", "text": text, "action_id": "sync_drift.ack", "value": "7", **changes}


@pytest.mark.parametrize(
    ("elements", "word"),
    [
        pytest.param([a_button()], "", id="a button"),
        pytest.param([a_button(value=None)], "", id="without a value"),
        pytest.param([], "invalid_blocks", id="none"),
        pytest.param([a_button()] * 2, "invalid_blocks", id="two of one action"),
        pytest.param(
            [a_button(action_id=str(number)) for number in range(26)], "invalid_blocks", id="26"
        ),
        pytest.param([a_button(type="text")], "invalid_blocks", id="another element"),
        pytest.param([a_button(action_id="")], "invalid_blocks", id="no action"),
        pytest.param([a_button(value="7" * 2_001)], "invalid_blocks", id="a long value"),
        pytest.param(
            [a_button(text={"type": "mrkdwn", "text": "x"})], "invalid_blocks", id="mrkdwn"
        ),
        pytest.param(
            [a_button(text={"type": "plain_text", "text": "x" * 76})],
            "invalid_blocks",
            id="76 characters",
        ),
    ],
)
def test_buttons_are_looked_at(elements: list[dict[str, Any]], word: str) -> None:
    assert objection({"blocks": [{"type": "actions", "elements": elements}]}) == word


def test_a_broadcast_is_in_the_channels_history_and_a_reply_is_not(simulated: Simulated) -> None:
    place = simulated.bot.post("alert-1", a_message("parent"))
    simulated.bot.post("quiet", a_message("quiet"), thread=place.ts)
    loud = simulated.bot.post("loud", a_message("loud"), thread=place.ts, is_broadcast=True)
    history = asked(simulated, "conversations.history", channel=HERE)["messages"]
    assert [one["ts"] for one in history] == [loud.ts, place.ts]
