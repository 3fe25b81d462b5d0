"""Slack's words for what is wrong with the channel or the token, and not with a letter."""

from __future__ import annotations

CHANNEL_REFUSALS = frozenset(
    {
        "account_inactive",
        "channel_is_archived",
        "channel_not_found",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "no_service",
        "not_authed",
        "not_in_channel",
        "restricted_action",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Refused for what the channel or the token is, not for what the letter says."""
