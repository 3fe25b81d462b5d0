"""Slack's words: which are for ever, what the operator can do, and what is only for now."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta
from urllib.error import URLError

import pytest

from monitor.adapters.slack.refusals import is_word, no_answer, no_sense, rate_limited, refusal

PERMANENT = [
    "invalid_auth",
    "token_revoked",
    "account_inactive",
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "missing_scope",
    "invalid_blocks",
    "msg_too_long",
    "msg_blocks_too_long",
]
BESIDES = [
    "not_authed",
    "not_allowed_token_type",
    "token_expired",
    "no_permission",
    "restricted_action",
    "team_access_not_granted",
    "invalid_blocks_format",
    "invalid_payload",
]
OF_WEBHOOKS = [
    "action_prohibited",
    "channel_is_archived",
    "channel_not_found",
    "invalid_token",
    "no_active_hooks",
    "no_service",
    "no_team",
    "posting_to_general_channel_denied",
    "team_disabled",
]
PASSING = ["ratelimited", "internal_error", "fatal_error", "service_unavailable", "some_new_word"]


@pytest.mark.parametrize(
    ("word", "is_webhook"),
    [
        *((word, False) for word in (*PERMANENT, *BESIDES)),
        *((word, True) for word in (*PERMANENT, *OF_WEBHOOKS)),
    ],
)
def test_a_permanent_refusal_names_its_word_and_a_cure(word: str, is_webhook: bool) -> None:
    error = refusal(word, is_webhook=is_webhook)
    assert (error.code, error.is_permanent, error.retry_after) == (word, True, None)
    assert str(error).startswith(f"Slack refused ({word}): ")
    assert len(str(error)) > len(f"Slack refused ({word}): ") + 15


@pytest.mark.parametrize("word", OF_WEBHOOKS)
def test_a_webhook_s_cure_names_the_webhook_and_no_setting_of_a_bot(word: str) -> None:
    said = str(refusal(word, is_webhook=True))
    assert "webhook" in said
    assert "[slack] channel" not in said and "bot" not in said


@pytest.mark.parametrize("word", PASSING)
def test_any_other_word_may_pass(word: str) -> None:
    assert not refusal(word).is_permanent
    assert not refusal(word, is_webhook=True).is_permanent


@pytest.mark.parametrize("word", [*PERMANENT, *BESIDES, *PASSING])
def test_no_sentence_promises_what_only_the_outbox_does(word: str) -> None:
    sentences = [refusal(word), no_sense(502), no_answer(TimeoutError()), rate_limited({})]
    assert not any("again later" in str(one) or "tried again" in str(one) for one in sentences)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7), ("3600", 3600), ("", 30), ("soon", 30), ("-5", 30), ("9" * 5000, 30), ("٣", 30)],
    ids=["seconds", "an hour", "nothing", "a word", "the past", "for ever", "other digits"],
)
def test_how_long_slack_asks_to_wait(asked: str, seconds: int) -> None:
    error = rate_limited({"Retry-After": asked} if asked else {})
    assert (error.code, error.is_permanent) == ("ratelimited", False)
    assert error.retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize("word", ["ratelimited", "rate_limited"])
def test_too_much_at_once_is_the_same_under_any_status(word: str) -> None:
    error = refusal(word)
    assert (error.code, error.retry_after) == ("ratelimited", timedelta(seconds=30))


def test_a_missing_scope_is_named() -> None:
    assert "lacks the scope chat:write:" in str(refusal("missing_scope"))
    needed = refusal("missing_scope", needed="channels:history")
    assert "lacks the scope channels:history:" in str(needed)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(URLError(ConnectionRefusedError()), "unreachable", id="refused"),
        pytest.param(URLError(socket.gaierror()), "unreachable", id="no such name"),
        pytest.param(
            URLError(ssl.SSLCertVerificationError()), "unreachable", id="not Slack's certificate"
        ),
        pytest.param(URLError(ConnectionResetError()), "unknown_outcome", id="reset"),
        pytest.param(URLError("odd"), "unknown_outcome", id="nobody knows"),
        pytest.param(TimeoutError(), "unknown_outcome", id="no answer in time"),
    ],
)
def test_only_what_never_left_this_machine_is_known_not_to_have_arrived(
    error: Exception, code: str
) -> None:
    assert (no_answer(error).code, no_answer(error).is_permanent) == (code, False)


def test_slack_s_words_are_told_from_pages() -> None:
    assert all(map(is_word, [*PERMANENT, *BESIDES, *OF_WEBHOOKS, *PASSING]))
    assert not any(map(is_word, ["<!DOCTYPE html>", "Not found", "", "x" * 61, None, 5]))
