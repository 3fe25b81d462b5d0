"""What Slack's refusals mean: which are for ever, and what the operator can do."""

from __future__ import annotations

from datetime import timedelta

from monitor.errors import DeliveryError

GONE_PARENT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message to edit is not there: a new parent is posted."""

BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
"""The same words are sent as text instead."""

_CURES = {
    "invalid_auth": "the bot token is wrong: put the right one where [slack] token points",
    "not_authed": "the bot token is empty: put the right one where [slack] token points",
    "token_revoked": "the bot token was revoked: install the app again and store its new token",
    "token_expired": "the bot token expired: install the app again and store its new token",
    "account_inactive": "the bot's account was deactivated: install the app again",
    "not_in_channel": "the bot is not in the channel: /invite it there",
    "channel_not_found": "there is no such channel the bot may see: check [slack] channel",
    "is_archived": "the channel is archived: choose another one in [slack] channel",
    "missing_scope": "the app lacks the scope chat:write: add it and install the app again",
    "no_permission": "the app may not post there: check its permissions",
    "no_service": "the webhook was removed: create a new one",
    "invalid_token": "the webhook address is wrong: copy it again",
    "action_prohibited": "the workspace forbids the webhook: ask its administrator",
    "invalid_blocks": "Slack refuses the message's blocks",
    "msg_too_long": "the message is too long for Slack",
    "msg_blocks_too_long": "the message is too long for Slack",
}


def refusal(code: str, *, retry_after: timedelta | None = None) -> DeliveryError:
    """The error behind one of Slack's words; an unknown word may be different next time."""
    cure = _CURES.get(code)
    said = f"Slack refused the message ({code})"
    return DeliveryError(
        f"{said}: {cure}" if cure else f"{said}: it is tried again",
        code=code,
        is_permanent=cure is not None,
        retry_after=retry_after,
    )


def unknown_outcome(why: str) -> DeliveryError:
    """The connection broke: Slack may or may not have taken the message."""
    return DeliveryError(f"Slack did not answer ({why}): it is tried again", code="unknown_outcome")
