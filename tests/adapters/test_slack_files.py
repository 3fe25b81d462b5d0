"""A long list goes into its thread as a file, or as words where Slack takes none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.files import is_slacks
from monitor.adapters.slack.tell import Doubt, tell
from monitor.core.alerts import Letter, Method, Reason
from monitor.core.message import Message, Section
from monitor.core.message.values import Attachment
from monitor.errors import DeliveryError
from tests.adapters.slack_channel import NINE, Simulated, a_message, a_slack

NAME = "alert-1-reports.csv"
TABLE = "report_id,name\r\nR-1,Zoë\r\n"
UPLOADED = ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def a_list(headline: str = "all 40 reports of this alert") -> Message:
    return a_message(
        headline, sections=(Section("", ("R-1", "R-2")),), attachment=Attachment(NAME, TABLE)
    )


def tells(simulated: Simulated, *, doubt: Doubt | None = None) -> list[str]:
    """The calls of a list that goes into the thread of a parent that stands."""
    parents = simulated.slack.parents()
    ts = parents[0]["ts"] if parents else simulated.bot.post("alert-1", a_message()).ts
    simulated.slack.calls.clear()
    letter = Letter("alert-1-list", Reason.OPENED, Method.REPLY, 1, a_list())
    tell(simulated.bot, letter, Place(simulated.slack.channel, ts), doubt)
    return simulated.slack.calls


def in_thread(simulated: Simulated) -> list[str]:
    """What stands in the thread: the names of files, or words."""
    (parent,) = simulated.slack.parents()
    return [
        reply["files"][0]["name"] if reply.get("files") else reply["text"].splitlines()[0]
        for reply in simulated.slack.replies(parent["ts"])
    ]


def test_the_list_is_a_file_in_the_thread_with_its_headline_beside_it(
    simulated: Simulated,
) -> None:
    assert tells(simulated) == UPLOADED
    (parent, reply) = simulated.slack.messages
    assert reply["thread_ts"] == parent["ts"]
    assert reply["text"] == "Exports at risk: all 40 reports of this alert"
    assert reply["files"] == [{"id": "F000001", "name": NAME, "title": NAME}]
    assert simulated.slack.files.contents == {"F000001": TABLE.encode()}


@pytest.mark.parametrize("name", ["<!channel>", "<@U0PERSON>"])
def test_the_headline_beside_a_file_mentions_nobody(simulated: Simulated, name: str) -> None:
    parent = simulated.bot.post("alert-1", a_message())
    simulated.bot.attach(parent, a_list(name))
    assert simulated.slack.mentioned() == []


@pytest.mark.parametrize(
    ("fault", "match"),
    [
        pytest.param("missing_scope", "files.", id="the scope is missing"),
        pytest.param("file_uploads_disabled", "files.get", id="files are switched off"),
        pytest.param("storage_limit_reached", "files.complete", id="there is no room"),
        pytest.param("302", "upload", id="the upload is redirected"),
    ],
)
def test_a_list_that_slack_takes_not_as_a_file_is_told_in_words(
    simulated: Simulated, fault: str, match: str
) -> None:
    simulated.slack.faults.always(fault, match=match, detail="http://127.0.0.1:1/elsewhere")
    assert tells(simulated)[-1] == "chat.postMessage"
    assert in_thread(simulated) == ["Exports at risk: all 40 reports of this alert"]
    assert "R-2" in simulated.slack.messages[-1]["text"]


def test_an_app_without_the_scope_tells_it_in_words(simulated: Simulated) -> None:
    simulated.slack.scopes.discard("files:write")
    assert tells(simulated) == ["files.getUploadURLExternal", "chat.postMessage"]


def test_the_file_goes_to_no_address_but_slacks(simulated: Simulated) -> None:
    simulated.slack.files.origin = "http://127.0.0.1:1"
    assert tells(simulated) == ["files.getUploadURLExternal", "chat.postMessage"]


@pytest.mark.parametrize(
    ("fault", "match"),
    [
        pytest.param("500", "upload", id="the upload fails"),
        pytest.param("drop", "upload", id="the upload is cut off"),
        pytest.param("429", "files.get", id="too much at once"),
        pytest.param("429", "upload", id="too many uploads at once"),
        pytest.param("500", "files.complete", id="no clear answer"),
    ],
)
def test_a_list_that_fails_for_now_is_tried_again_and_stands_once(
    simulated: Simulated, fault: str, match: str
) -> None:
    simulated.slack.faults.next(fault, match=match)
    with pytest.raises(DeliveryError) as failed:
        tells(simulated)
    assert not failed.value.is_permanent
    tells(simulated, doubt=Doubt(NINE, 1))
    assert in_thread(simulated) == [NAME]


def test_a_file_that_slack_took_without_saying_so_is_found_by_its_name(
    simulated: Simulated,
) -> None:
    simulated.slack.faults.next("accept-then-drop", match="files.complete")
    with pytest.raises(DeliveryError):
        tells(simulated)
    assert tells(simulated, doubt=Doubt(NINE, 1)) == ["conversations.replies"]
    assert in_thread(simulated) == [NAME]


def test_a_list_that_went_out_in_words_is_found_by_its_key(simulated: Simulated) -> None:
    simulated.slack.scopes.discard("files:write")
    tells(simulated)
    assert tells(simulated, doubt=Doubt(NINE, 1)) == ["conversations.replies"]


def test_where_history_cannot_be_read_a_repeated_file_says_so(simulated: Simulated) -> None:
    simulated.slack.faults.next("accept-then-drop", match="files.complete")
    with pytest.raises(DeliveryError):
        tells(simulated)
    simulated.slack.scopes.discard("channels:history")
    tells(simulated, doubt=Doubt(NINE, 1))
    assert in_thread(simulated) == [NAME, NAME]
    assert simulated.slack.messages[-1]["text"].startswith("(may be a repeat) Exports at risk")


def test_a_file_without_a_thread_is_told_in_words(simulated: Simulated) -> None:
    letter = Letter("alert-1-list", Reason.OPENED, Method.REPLY, 1, a_list())
    tell(simulated.bot, letter, None, None)
    assert simulated.slack.calls == ["chat.postMessage"]


def test_a_file_whose_thread_is_gone_is_told_in_words_and_by_itself(
    simulated: Simulated,
) -> None:
    gone = simulated.bot.post("alert-1", a_message())
    simulated.slack.delete(gone.ts)
    letter = Letter("alert-1-list", Reason.OPENED, Method.REPLY, 1, a_list())
    tell(simulated.bot, letter, gone, None)
    (message,) = simulated.slack.parents()
    assert message["text"].startswith("Exports at risk: all 40 reports")


def test_a_file_of_more_than_slack_should_get_is_told_in_words(simulated: Simulated) -> None:
    parent = simulated.bot.post("alert-1", a_message())
    huge = a_message(attachment=Attachment(NAME, "é" * 2_500_001))
    tell(simulated.bot, Letter("k", Reason.OPENED, Method.REPLY, 1, huge), parent, None)
    assert simulated.slack.calls == ["chat.postMessage"] * 2


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://files.slack.com/upload/v1/ABC", True),
        ("https://slack.com/upload", True),
        ("https://files.slack.com:443/upload", True),
        ("https://files.slack.com:8443/upload", False),
        ("http://files.slack.com/upload", False),
        ("https://files.slack.com.evil.example/upload", False),
        ("https://evilslack.com/upload", False),
        ("https://files.slack.com@evil.example/upload", False),
        ("https://evil.example@files.slack.com/upload", False),
        ("https://files.slack.com:port/upload", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_an_upload_goes_to_slack_encrypted(url: str, is_taken: bool) -> None:
    assert is_slacks(url, "https://slack.com/api/") is is_taken


def test_an_upload_may_go_where_the_api_itself_is() -> None:
    assert is_slacks("http://127.0.0.1:8080/upload/v1/F1", "http://127.0.0.1:8080/api/")
    assert not is_slacks("http://127.0.0.1:8081/upload/v1/F1", "http://127.0.0.1:8080/api/")
