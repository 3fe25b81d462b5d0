"""What Slack's refusals mean: which are for ever, and what the operator can do."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta

from monitor.errors import DeliveryError

GONE_PARENT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message to edit is not there, or stays as it is: a new parent is posted."""

GONE_THREAD = frozenset(
    {"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message", "message_not_found"}
)
"""The message to reply to is not there: the reply stands by itself."""

BAD_BLOCKS = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "msg_blocks_too_long",
        "msg_too_long",
    }
)
"""The same words are sent as text instead."""

UNKNOWN_OUTCOME = "unknown_outcome"
"""Slack may or may not have done what was asked."""
UNREACHABLE = "unreachable"
"""Nothing reached Slack."""
RATE_LIMITED = "ratelimited"
NOT_NOW = frozenset({UNKNOWN_OUTCOME, UNREACHABLE, RATE_LIMITED})
"""It says nothing of what was asked: the same may be taken a while later."""

_PERHAPS_DONE = frozenset({"fatal_error", "internal_error"})
"""Slack's own words for: some of it may have happened."""
_USUAL_WAIT = timedelta(seconds=30)
_NEVER_SENT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)

_NEW_TOKEN = "install the app again and store its new token"
_NEW_WEBHOOK = "create a new webhook and store its address"
_CURES = {
    "invalid_auth": "the bot token is wrong: put the right one where [slack] token points",
    "not_authed": "the bot token is empty: put the right one where [slack] token points",
    "not_allowed_token_type": "the token is no bot token (xoxb-…): store the app's bot token",
    "token_revoked": f"the bot token was revoked: {_NEW_TOKEN}",
    "token_expired": f"the bot token expired: {_NEW_TOKEN}",
    "account_inactive": "the bot's account was deactivated: install the app again",
    "not_in_channel": "the bot is not in the channel: /invite it there",
    "channel_not_found": "there is no such channel the bot may see: check [slack] channel",
    "is_archived": "the channel is archived: choose another one in [slack] channel",
    "missing_scope": "the app lacks the scope {needed}: add it and install the app again",
    "no_permission": "the app may not post there: check its permissions",
    "restricted_action": "posting is restricted there: ask the workspace's administrator",
    "team_access_not_granted": "the app may not act in this workspace: ask its administrator",
    "invalid_blocks": "Slack cannot read the message",
    "invalid_blocks_format": "Slack cannot read the message",
    "invalid_payload": "Slack cannot read the message",
    "msg_too_long": "the message is too long for Slack",
    "msg_blocks_too_long": "the message is too long for Slack",
}


_CURES_OF_WEBHOOKS = _CURES | {
    "channel_is_archived": f"the webhook's channel is archived: {_NEW_WEBHOOK} for another one",
    "channel_not_found": f"the webhook's channel is gone: {_NEW_WEBHOOK} for another one",
    "no_service": f"the webhook was removed: {_NEW_WEBHOOK}",
    "no_active_hooks": f"the webhook was switched off: {_NEW_WEBHOOK}",
    "no_team": "the webhook's workspace is gone: check where [slack] webhook_url points",
    "team_disabled": "the webhook's workspace is disabled: ask its administrator",
    "invalid_token": "the webhook's address is wrong: copy it again",
    "action_prohibited": "the workspace forbids the webhook: ask its administrator",
    "posting_to_general_channel_denied": "the workspace forbids the webhook its general channel: "
    f"{_NEW_WEBHOOK} for another one",
}


def refusal(word: str, *, needed: str = "chat:write", is_webhook: bool = False) -> DeliveryError:
    """The error behind one of Slack's words; an unknown word may be different next time.

    `needed` is the scope that is missing, when Slack named it.
    """
    if word in _PERHAPS_DONE:
        return _unknown_outcome(word)
    if word in (RATE_LIMITED, "rate_limited"):
        return rate_limited({})
    cures = _CURES_OF_WEBHOOKS if is_webhook else _CURES
    cure = cures.get(word, "").format(needed=needed)
    advice = cure or "Slack's documentation of chat.postMessage says what it means; it may pass"
    return DeliveryError(f"Slack refused ({word}): {advice}", code=word, is_permanent=bool(cure))


def rate_limited(headers: Mapping[str, object]) -> DeliveryError:
    """Too much at once; the error says how long Slack asks to wait."""
    said = header(headers, "retry-after")
    is_length = re.fullmatch("[0-9]{1,6}", said) is not None
    wait = timedelta(seconds=int(said)) if is_length else _USUAL_WAIT
    return DeliveryError(
        f"Slack asks to wait {wait.total_seconds():.0f} s: too many messages at once",
        code=RATE_LIMITED,
        retry_after=wait,
    )


def no_sense(status: int) -> DeliveryError:
    """An answer that is none of Slack's: a proxy, a maintenance page, a server error."""
    return _unknown_outcome(f"HTTP {status}")


def redirected(status: int) -> DeliveryError:
    """An answer that points elsewhere: it is not followed, for the token would go along."""
    return DeliveryError(
        f"Slack's address answers that it moved (HTTP {status}), which is not followed: "
        "check the addresses in [slack] and the proxy",
        code="redirected",
        is_permanent=True,
    )


def no_answer(error: BaseException) -> DeliveryError:
    """The connection failed, before anything was sent or at an unknown moment."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, _NEVER_SENT):
        return DeliveryError(
            f"Slack cannot be reached ({type(reason).__name__}): "
            "check the network, the proxy and the addresses in [slack]",
            code=UNREACHABLE,
        )
    return _unknown_outcome(type(reason).__name__)


def header(headers: Mapping[str, object], name: str) -> str:
    """A header by its name in lower case; empty when it is not there."""
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


def is_word(text: object) -> bool:
    """Whether it can be one of Slack's words, and not a page of somebody else."""
    return isinstance(text, str) and re.fullmatch("[a-z0-9_]{2,60}", text) is not None


def _unknown_outcome(why: str) -> DeliveryError:
    return DeliveryError(
        f"Slack gave no clear answer ({why}), so it may or may not have done what was asked: "
        "check the network, the proxy and https://slack-status.com",
        code=UNKNOWN_OUTCOME,
    )
