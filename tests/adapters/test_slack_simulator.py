"""The simulated Slack is as strict as the real one where the monitor relies on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from monitor.simulator.slack import Slack
from monitor.simulator.slack.reading import mentions, objection
from tests.adapters.slack_channel import Simulated, a_slack

METADATA = {"event_type": "sync_drift", "event_payload": {"key": "k"}}


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def client_of(simulated: Simulated, token: str = "xoxb-simulated") -> WebClient:
    return WebClient(token, simulated.api_url, retry_handlers=[])


def asked(simulated: Simulated, method: str, **arguments: Any) -> dict[str, Any]:
    """What Slack answers, without `ok`; its refusal as `error`."""
    try:
        answer = client_of(simulated).api_call(method, json=arguments)
    except SlackApiError as error:
        answer = error.response
    assert isinstance(answer.data, dict)
    return {name: value for name, value in answer.data.items() if name != "ok"}


def change(**settings: Any) -> Callable[[Slack], None]:
    def apply(slack: Slack) -> None:
        for name, value in settings.items():
            setattr(slack, name, value)

    return apply


def nothing(slack: Slack) -> None:
    """Slack as it is."""


HERE = "C0123456789"


@pytest.mark.parametrize(
    ("prepare", "method", "arguments", "word"),
    [
        pytest.param(
            nothing,
            "chat.postMessage",
            {"channel": "C9", "text": "x"},
            "channel_not_found",
            id="post into another channel",
        ),
        pytest.param(
            nothing, "chat.postMessage", {"channel": HERE}, "no_text", id="post without words"
        ),
        pytest.param(
            nothing,
            "chat.postMessage",
            {"channel": HERE, "text": "x", "thread_ts": "1.2"},
            "thread_not_found",
            id="reply to nothing",
        ),
        pytest.param(
            nothing,
            "chat.postMessage",
            {"channel": HERE, "text": "x", "metadata": {"event_type": "x"}},
            "invalid_metadata_format",
            id="metadata without a payload",
        ),
        pytest.param(
            change(is_archived=True),
            "chat.postMessage",
            {"channel": HERE, "text": "x"},
            "is_archived",
            id="post into an archived channel",
        ),
        pytest.param(
            change(is_member=False),
            "chat.postMessage",
            {"channel": HERE, "text": "x"},
            "not_in_channel",
            id="post where the app was not invited",
        ),
        pytest.param(
            change(scopes={"channels:history"}),
            "chat.postMessage",
            {"channel": HERE, "text": "x"},
            "missing_scope",
            id="post without the scope",
        ),
        pytest.param(
            nothing,
            "chat.update",
            {"channel": HERE, "ts": "1.2", "text": "x"},
            "message_not_found",
            id="edit nothing",
        ),
        pytest.param(
            nothing,
            "chat.update",
            {"channel": "#netsuite-exports", "ts": "1.2", "text": "x"},
            "channel_not_found",
            id="edit by the channel's name",
        ),
        pytest.param(
            nothing,
            "conversations.history",
            {"channel": ""},
            "channel_not_found",
            id="read another channel",
        ),
        pytest.param(
            nothing,
            "conversations.replies",
            {"channel": HERE, "ts": "1.2"},
            "thread_not_found",
            id="read no thread",
        ),
        pytest.param(
            nothing,
            "chat.getPermalink",
            {"channel": HERE, "message_ts": "1.2"},
            "message_not_found",
            id="link to nothing",
        ),
        pytest.param(nothing, "chat.shout", {}, "unknown_method", id="another method"),
    ],
)
def test_slack_refuses(
    simulated: Simulated,
    prepare: Callable[[Slack], None],
    method: str,
    arguments: dict[str, Any],
    word: str,
) -> None:
    prepare(simulated.slack)
    assert asked(simulated, method, **arguments)["error"] == word
    assert simulated.slack.messages == []


def test_a_missing_scope_is_named(simulated: Simulated) -> None:
    simulated.slack.scopes = {"chat:write"}
    assert asked(simulated, "conversations.history", channel=HERE) == {
        "error": "missing_scope",
        "needed": "channels:history",
        "provided": "chat:write",
    }


def test_another_token_is_refused(simulated: Simulated) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        client_of(simulated, "xoxb-another").auth_test()


@pytest.mark.parametrize(
    ("blocks", "word"),
    [
        pytest.param([{"type": "divider"}] * 51, "invalid_blocks", id="51 blocks"),
        pytest.param([{"type": "carousel"}], "invalid_blocks", id="an unknown block"),
        pytest.param(["divider"], "invalid_blocks", id="no block at all"),
        pytest.param(
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}],
            "invalid_blocks",
            id="a section of 3,001 characters",
        ),
        pytest.param(
            [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
            "invalid_blocks",
            id="a section without words",
        ),
        pytest.param(
            [{"type": "context", "elements": []}], "invalid_blocks", id="an empty context"
        ),
        pytest.param(
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5,
            "msg_blocks_too_long",
            id="too much in all",
        ),
        pytest.param(
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 4,
            "",
            id="as much as it takes",
        ),
    ],
)
def test_blocks_have_limits(blocks: list[Any], word: str) -> None:
    assert objection({"blocks": blocks, "text": "x"}) == word


def test_text_has_a_limit_too() -> None:
    assert objection({"text": "x" * 40_001}) == "msg_too_long"
    assert objection({"text": "x" * 40_000}) == ""


@pytest.mark.parametrize(
    ("message", "mentioned"),
    [
        ({"text": "<!channel> <@U1|dana> <!subteam^S1> <!here|x>"}, 4),
        ({"text": "&lt;!channel&gt; @channel <https://x.example|@here>"}, 0),
        ({"text": "@channel", "parse": "full"}, 1),
        ({"text": "@channel", "blocks": [{"text": {"type": "mrkdwn", "text": "hello"}}]}, 0),
        ({"blocks": [{"text": {"type": "mrkdwn", "text": "@here"}}]}, 1),
        ({"blocks": [{"text": {"type": "mrkdwn", "text": "@here", "verbatim": True}}]}, 0),
        ({"blocks": [{"text": {"type": "plain_text", "text": "<!here>"}}]}, 0),
    ],
)
def test_slack_mentions_who_is_written_or_typed(message: dict[str, Any], mentioned: int) -> None:
    assert len(mentions(message)) == mentioned


def test_a_person_s_message_cannot_be_edited_and_a_deleted_one_is_gone(
    simulated: Simulated,
) -> None:
    theirs = simulated.slack.says("hello")
    assert asked(simulated, "chat.update", channel=HERE, ts=theirs, text="x") == {
        "error": "cant_update_message"
    }
    simulated.slack.delete(theirs)
    assert asked(simulated, "chat.update", channel=HERE, ts=theirs, text="x") == {
        "error": "message_not_found"
    }


def test_an_edit_keeps_what_it_leaves_out(simulated: Simulated) -> None:
    blocks = [{"type": "divider"}]
    ts = asked(simulated, "chat.postMessage", channel=HERE, text="x", blocks=blocks)["ts"]
    asked(simulated, "chat.update", channel=HERE, ts=ts, text="y")
    (message,) = simulated.slack.messages
    assert (message["text"], message["blocks"], message["edits"]) == ("y", blocks, 1)
    asked(simulated, "chat.update", channel=HERE, ts=ts, text="y", blocks=[])
    assert message["blocks"] == []


def test_an_edit_parses_what_is_typed_unless_it_says_otherwise(simulated: Simulated) -> None:
    ts = asked(simulated, "chat.postMessage", channel=HERE, text="x", parse="none")["ts"]
    asked(simulated, "chat.update", channel=HERE, ts=ts, text="@here", parse="none")
    assert simulated.slack.mentioned() == []
    asked(simulated, "chat.update", channel=HERE, ts=ts, text="@here")
    assert simulated.slack.mentioned() == ["@here"]


def test_history_comes_in_pages_newest_first_without_replies(simulated: Simulated) -> None:
    sent = []
    for number in range(5):
        simulated.clock.sleep(1)
        sent.append(asked(simulated, "chat.postMessage", channel=HERE, text=str(number))["ts"])
    asked(simulated, "chat.postMessage", channel=HERE, text="reply", thread_ts=sent[0])
    pages, cursor = [], ""
    while True:
        page = asked(simulated, "conversations.history", channel=HERE, limit=2, cursor=cursor)
        pages.append([message["ts"] for message in page["messages"]])
        cursor = page["response_metadata"]["next_cursor"]
        assert page["has_more"] == bool(cursor)
        if not cursor:
            break
    assert pages == [[sent[4], sent[3]], [sent[2], sent[1]], [sent[0]]]
    newer = asked(simulated, "conversations.history", channel=HERE, oldest=sent[2])
    assert [message["text"] for message in newer["messages"]] == ["4", "3"]
    thread = asked(simulated, "conversations.replies", channel=HERE, ts=sent[0])
    assert [message["text"] for message in thread["messages"]] == ["0", "reply"]


def test_metadata_is_shown_only_to_who_asks_for_it(simulated: Simulated) -> None:
    asked(simulated, "chat.postMessage", channel=HERE, text="x", metadata=METADATA)
    client = client_of(simulated)
    (without,) = client.conversations_history(channel=HERE)["messages"]
    (with_it,) = client.conversations_history(channel=HERE, include_all_metadata=True)["messages"]
    assert "metadata" not in without
    assert with_it["metadata"] == METADATA


def test_more_than_one_message_a_second_is_refused_when_switched_on(simulated: Simulated) -> None:
    simulated.slack.limits_rate = True
    posted = []
    for seconds in (0, 0.5, 0.5):
        simulated.clock.sleep(seconds)
        posted.append(asked(simulated, "chat.postMessage", channel=HERE, text="x").get("error"))
    assert posted == [None, "ratelimited", None]


@pytest.mark.parametrize(
    ("prepare", "body", "answer"),
    [
        pytest.param(nothing, {"text": "x"}, (200, "ok"), id="taken"),
        pytest.param(nothing, {"text": " "}, (400, "no_text"), id="no words"),
        pytest.param(
            nothing, {"text": "x", "blocks": [{}]}, (400, "invalid_blocks"), id="bad blocks"
        ),
        pytest.param(
            change(is_archived=True), {"text": "x"}, (410, "channel_is_archived"), id="archived"
        ),
    ],
)
def test_the_webhook_answers_with_a_word(
    simulated: Simulated,
    prepare: Callable[[Slack], None],
    body: dict[str, Any],
    answer: tuple[int, str],
) -> None:
    prepare(simulated.slack)
    sent = WebhookClient(simulated.webhook_url, retry_handlers=[]).send_dict(body)
    assert (sent.status_code, sent.body) == answer
    assert len(simulated.slack.messages) == (answer[0] == 200)


def test_another_webhook_is_not_there(simulated: Simulated) -> None:
    sent = WebhookClient(simulated.webhook_url + "x", retry_handlers=[]).send(text="x")
    assert (sent.status_code, sent.body) == (404, "no_service")
