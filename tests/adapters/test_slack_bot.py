"""The bot's channel over real sockets: what is posted, edited and found, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from traceback import format_exception
from typing import Any

import pytest

from monitor.adapters.slack.blocks import blocks_of, text_of
from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.examining import Examined
from monitor.core.message import Section
from monitor.errors import DeliveryError
from tests.adapters.slack_channel import NINE, Simulated, a_message, a_slack


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def refused(call: Any, *arguments: Any, **named: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        call(*arguments, **named)
    return caught.value


def keyed(key: str) -> dict[str, Any]:
    return {"event_type": "sync_drift", "event_payload": {"key": key}}


def test_a_post_says_all_of_the_message_once_and_unfurls_nothing(simulated: Simulated) -> None:
    message = a_message()
    place = simulated.bot.post("alert-1", message)
    (posted,) = simulated.slack.messages
    assert place == Place("C0123456789", posted["ts"])
    assert {name: posted.get(name) for name in (*posted, "thread_ts")} == {
        "ts": place.ts,
        "edits": 0,
        "user": "U0SYNCDRIFT",
        "channel": "C0123456789",
        "text": text_of(message),
        "blocks": blocks_of(message),
        "metadata": keyed("alert-1"),
        "parse": "none",
        "unfurl_links": False,
        "unfurl_media": False,
        "thread_ts": None,
    }


def test_a_channel_may_be_named_and_its_id_comes_back(simulated: Simulated) -> None:
    bot = simulated.a_bot(channel="#netsuite-exports")
    assert bot.post("alert-1", a_message()).channel == "C0123456789"


def test_a_named_channel_finds_what_it_has_just_posted(simulated: Simulated) -> None:
    bot = simulated.a_bot(channel="#netsuite-exports")
    assert refused(bot.find, "alert-1", since=NINE).code == "channel_not_found", "by its id only"
    place = bot.post("alert-1", a_message())
    assert bot.find("alert-1", since=NINE) == place


def test_a_note_stands_above_the_message_where_people_look(simulated: Simulated) -> None:
    simulated.bot.post("alert-1", a_message(), note="(may be a repeat)")
    (posted,) = simulated.slack.messages
    assert posted["blocks"][0]["elements"][0]["text"] == "(may be a repeat)"
    assert posted["text"].startswith("(may be a repeat)\nExports at risk")


def test_a_reply_stands_in_its_thread(simulated: Simulated) -> None:
    parent = simulated.bot.post("alert-1", a_message())
    reply = simulated.bot.post("alert-1-reply", a_message("all is well"), thread=parent.ts)
    assert [one["ts"] for one in simulated.slack.replies(parent.ts)] == [reply.ts]
    assert len(simulated.slack.parents()) == 1


def test_an_edit_takes_the_place_of_text_blocks_and_key(simulated: Simulated) -> None:
    place = simulated.bot.post("alert-1", a_message())
    newer = a_message("2 reports will fail")
    simulated.bot.edit(place, "alert-1-changed", newer)
    (message,) = simulated.slack.messages
    assert (message["text"], message["blocks"]) == (text_of(newer), blocks_of(newer))
    assert (message["metadata"], message["edits"]) == (keyed("alert-1-changed"), 1)
    assert message["parse"] == "none", "an edit's default is another than a post's"


@pytest.mark.parametrize("name", ["<!channel>", "@channel", "<@U0PERSON>", "<!subteam^S1>"])
def test_a_name_mentions_nobody_neither_in_blocks_nor_as_text(
    simulated: Simulated, name: str
) -> None:
    message = a_message(name, sections=(Section(name, (name,)),), footer=name)
    place = simulated.bot.post("alert-1", message, note=name)
    simulated.bot.edit(place, "alert-1-changed", message)
    for method in ("chat.postMessage", "chat.update"):
        simulated.slack.faults.next("invalid_blocks", match=method)
    place = simulated.bot.post("alert-2", message, note=name)
    simulated.bot.edit(place, "alert-2-changed", message)
    assert len(simulated.slack.messages) == 2
    assert simulated.slack.mentioned() == []


WORDS_OF_BLOCKS = ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"]


@pytest.mark.parametrize("word", WORDS_OF_BLOCKS)
def test_a_message_refused_as_blocks_goes_as_text(simulated: Simulated, word: str) -> None:
    message = a_message()
    simulated.slack.faults.next(word)
    place = simulated.bot.post("alert-1", message, note="(may be a repeat)")
    (posted,) = simulated.slack.messages
    assert "blocks" not in posted
    assert posted["text"] == text_of(message, "(may be a repeat)")
    simulated.bot.edit(place, "alert-1-changed", message)
    assert posted["blocks"] == blocks_of(message)
    simulated.slack.faults.next(word)
    simulated.bot.edit(place, "alert-1-changed-2", message)
    assert posted["blocks"] == [], "the earlier blocks would hide the text"


@pytest.mark.parametrize("word", WORDS_OF_BLOCKS)
def test_only_when_the_text_is_refused_too_it_is_for_ever(simulated: Simulated, word: str) -> None:
    simulated.slack.faults.next(word, times=2)
    assert refused(simulated.bot.post, "alert-1", a_message()).is_permanent
    assert simulated.slack.calls == ["chat.postMessage"] * 2
    assert simulated.slack.messages == []


def test_another_refusal_is_not_tried_as_text(simulated: Simulated) -> None:
    simulated.slack.faults.next("not_in_channel")
    assert refused(simulated.bot.post, "alert-1", a_message()).code == "not_in_channel"
    assert simulated.slack.messages == []


@pytest.mark.parametrize(
    ("fault", "code", "is_there"),
    [
        pytest.param("500", "unknown_outcome", False, id="a server error"),
        pytest.param("html", "unknown_outcome", False, id="somebody else's page"),
        pytest.param("drop", "unknown_outcome", False, id="dropped before Slack took it"),
        pytest.param("cut", "unknown_outcome", False, id="half an answer"),
        pytest.param("internal_error", "unknown_outcome", False, id="Slack itself is not sure"),
        pytest.param("fatal_error", "unknown_outcome", False, id="Slack fell over"),
        pytest.param("service_unavailable", "unknown_outcome", False, id="a word under 503"),
        pytest.param("accept-then-drop", "unknown_outcome", True, id="dropped after it"),
        pytest.param("accept-then-cut", "unknown_outcome", True, id="half an answer after it"),
        pytest.param("accept-then-500", "unknown_outcome", True, id="a server error after it"),
        pytest.param("accept-then-html", "unknown_outcome", True, id="a page after it"),
        pytest.param("some_new_word", "some_new_word", False, id="a word we do not know"),
    ],
)
def test_no_clear_answer_is_no_refusal_and_nothing_is_sent_again(
    simulated: Simulated, fault: str, code: str, is_there: bool
) -> None:
    simulated.slack.faults.next(fault)
    error = refused(simulated.bot.post, "alert-1", a_message())
    assert (error.code, error.is_permanent, error.retry_after) == (code, False, None)
    assert simulated.slack.calls == ["chat.postMessage"], "the outbox decides what is repeated"
    assert len(simulated.slack.messages) == is_there


def test_too_much_at_once_says_how_long_to_wait(simulated: Simulated) -> None:
    simulated.slack.faults.next("429", detail="7")
    error = refused(simulated.bot.post, "alert-1", a_message())
    assert (error.code, error.is_permanent) == ("ratelimited", False)
    assert error.retry_after == timedelta(seconds=7)


def test_a_slack_that_nobody_serves_is_known_to_have_got_nothing() -> None:
    with a_slack() as simulated:
        bot = simulated.bot
    error = refused(bot.post, "alert-1", a_message())
    assert (error.code, error.is_permanent) == ("unreachable", False)
    assert "check the network" in str(error)


@pytest.mark.parametrize("fault", ["invalid_auth", "500", "html", "drop", "cut", "429", "xoxb_1"])
def test_no_error_repeats_the_token_or_the_message(simulated: Simulated, fault: str) -> None:
    simulated.slack.faults.next(fault)
    error = refused(simulated.bot.post, "alert-1", a_message("a private headline"))
    printed = "".join(format_exception(error))
    assert "DeliveryError" in printed
    assert "xoxb-simulated" not in printed
    assert "private headline" not in printed


def test_a_message_is_found_by_its_key(simulated: Simulated) -> None:
    bot = simulated.bot
    bot.post("alert-1", a_message())
    place = bot.post("alert-2", a_message())
    reply = bot.post("alert-2-reply", a_message(), thread=place.ts)
    simulated.slack.says("alert-2")
    assert bot.find("alert-2", since=NINE) == place
    assert bot.find("alert-2-reply", since=NINE, thread=place.ts) == reply
    assert bot.find("alert-2-reply", since=NINE) is None, "a reply stands in its thread"
    assert bot.find("alert-3", since=NINE) is None


def test_a_message_is_looked_for_since_a_little_before_it_was_promised(
    simulated: Simulated,
) -> None:
    simulated.bot.post("alert-1", a_message())
    assert simulated.bot.find("alert-1", since=NINE + timedelta(minutes=4)) is not None
    assert simulated.bot.find("alert-1", since=NINE + timedelta(minutes=6)) is None


@pytest.mark.parametrize("thread", [False, True], ids=["in the channel", "in a thread"])
def test_a_message_is_found_on_a_later_page(simulated: Simulated, thread: bool) -> None:
    bot = simulated.bot
    parent = bot.post("alert-1", a_message())
    for number in range(900):
        chatter = {"text": "lunch?", "metadata": None, "user": "U0PERSON", "edits": 0}
        chatter |= {"thread_ts": parent.ts} if thread else {}
        simulated.slack.messages.append({"ts": f"{NINE.timestamp():.0f}.1{number:05d}", **chatter})
    place = bot.post("alert-2", a_message(), thread=parent.ts if thread else None)
    simulated.slack.calls.clear()
    found = bot.find(
        "alert-2" if thread else "alert-1", since=NINE, thread=parent.ts if thread else None
    )
    assert found == (place if thread else parent)
    assert len(simulated.slack.calls) == 5


def test_a_history_without_end_is_not_read_for_ever(simulated: Simulated) -> None:
    simulated.bot.post("alert-1", a_message())
    for number in range(3_000):
        ts = f"{NINE.timestamp():.0f}.1{number:05d}"
        simulated.slack.messages.append({"ts": ts, "text": "lunch?", "user": "U0PERSON"})
    error = refused(simulated.bot.find, "alert-1", since=NINE)
    assert (error.code, error.is_permanent) == ("too_much_history", False)
    assert simulated.slack.calls.count("conversations.history") == 10


def test_without_the_scope_the_history_is_closed_and_the_error_names_the_scope(
    simulated: Simulated,
) -> None:
    simulated.slack.scopes.remove("channels:history")
    error = refused(simulated.bot.find, "alert-1", since=NINE)
    assert error.code == "missing_scope"
    assert "lacks the scope channels:history" in str(error)


def test_the_bot_knows_its_channel_s_messages(simulated: Simulated) -> None:
    named = simulated.a_bot(channel="#netsuite-exports")
    assert simulated.bot.holds(Place("C0123456789", "1.2"))
    assert not simulated.bot.holds(Place("C9", "1.2")), "the channel was changed since"
    assert not simulated.bot.holds(Place("", "")), "a webhook posted it"
    assert named.holds(Place("C9", "1.2")), "of a name it cannot be told"
    assert not named.holds(Place("", ""))


def test_a_message_has_an_address_while_it_is_there(simulated: Simulated) -> None:
    place = simulated.bot.post("alert-1", a_message())
    address = f"https://simulated.slack.com/archives/C0123456789/p{place.ts.replace('.', '')}"
    assert simulated.bot.link(place) == address
    simulated.slack.delete(place.ts)
    assert simulated.bot.link(place) == ""


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        pytest.param({"token": "xoxb-new"}, "invalid_auth", id="another token"),
        pytest.param({"channel": "C9"}, "channel_not_found", id="no such channel"),
    ],
)
def test_what_slack_does_not_know_cannot_be_examined(
    simulated: Simulated, settings: dict[str, Any], word: str
) -> None:
    for name, value in settings.items():
        setattr(simulated.slack, name, value)
    assert refused(simulated.a_bot(channel="C0123456789").examine).code == word


@pytest.mark.parametrize(
    ("is_private", "scope"),
    [(False, "groups:read"), (True, "channels:read")],
    ids=["public", "private"],
)
def test_a_channel_that_the_token_may_not_look_at_is_no_failure(
    simulated: Simulated, is_private: bool, scope: str
) -> None:
    simulated.slack.is_private, simulated.slack.scopes = is_private, {scope}
    assert simulated.bot.examine() == Examined("sync-drift monitor", frozenset({scope}), None)


def test_a_redirect_is_not_followed_and_the_token_stays_here(simulated: Simulated) -> None:
    with a_slack() as elsewhere:
        simulated.slack.faults.next("302", detail=f"{elsewhere.api_url}chat.postMessage")
        error = refused(simulated.bot.post, "alert-1", a_message())
        assert elsewhere.slack.calls == []
    assert (error.code, error.is_permanent) == ("redirected", True)
    assert str(error) == (
        "Slack's address answers that it moved (HTTP 302), which is not followed: "
        "check the addresses in [slack] and the proxy"
    )
