"""Slack: which scopes are wanting or too much, and whether the channel takes messages."""

from __future__ import annotations

import pytest

from monitor.adapters.slack.examining import Examined, Room
from monitor.checking.findings import Finding, bad, fine, note
from monitor.checking.slack import channel, scopes
from tests.adapters.slack_channel import Simulated, a_slack

ENOUGH = frozenset({"chat:write", "channels:history", "channels:read", "files:write"})
PRIVATE = frozenset({"chat:write", "groups:history", "groups:read", "files:write"})
EXPORTS = Room("exports")
ADD = "add {} to the app's bot scopes and install it again"
REMOVE = "remove what is too much from the app's bot scopes and install it again"
IN_ORDER = fine("Slack scopes", "channels:history, channels:read, chat:write, files:write")
TOO_MUCH = "the token may do more than is needed: "


def an_app(scopes: frozenset[str] | None = ENOUGH, room: Room | None = EXPORTS) -> Examined:
    return Examined("sync-drift monitor", scopes, room)


@pytest.mark.parametrize(
    ("app", "found"),
    [
        pytest.param(an_app(), [IN_ORDER], id="all of them and no more"),
        pytest.param(
            an_app(None),
            [
                note(
                    "Slack scopes",
                    "Slack does not tell which scopes the token has",
                    "send a sample: `monitor test-alert`",
                )
            ],
            id="Slack does not tell them",
        ),
        pytest.param(
            an_app(ENOUGH - {"chat:write"}),
            [
                bad(
                    "Slack scopes",
                    "without chat:write: nothing can be posted",
                    ADD.format("chat:write"),
                )
            ],
            id="it may not post",
        ),
        pytest.param(
            an_app(ENOUGH - {"channels:history"}),
            [
                note(
                    "Slack scopes",
                    "without channels:history: after a crash a message may be said twice, marked "
                    "as a repeat",
                    ADD.format("channels:history"),
                ),
                fine("Slack scopes", "channels:read, chat:write, files:write"),
            ],
            id="it may not read the channel",
        ),
        pytest.param(
            an_app(ENOUGH - {"files:write"}),
            [
                note(
                    "Slack scopes",
                    "without files:write: long lists are told in words, not as a file",
                    ADD.format("files:write"),
                ),
                fine("Slack scopes", "channels:history, channels:read, chat:write"),
            ],
            id="it may not share files",
        ),
        pytest.param(
            an_app(ENOUGH - {"channels:read"}, None),
            [
                note(
                    "Slack scopes",
                    "without channels:read or groups:read: whether the channel is archived or the "
                    "app in it, nobody can tell beforehand",
                    ADD.format("channels:read or groups:read"),
                ),
                fine("Slack scopes", "channels:history, chat:write, files:write"),
            ],
            id="it may not look at the channel, so its kind is not known",
        ),
        pytest.param(
            an_app(PRIVATE, Room("exports", is_private=True)),
            [fine("Slack scopes", "chat:write, files:write, groups:history, groups:read")],
            id="a private channel has scopes of its own",
        ),
        pytest.param(
            an_app(ENOUGH | PRIVATE, Room("exports", is_private=True)),
            [note("Slack scopes", f"{TOO_MUCH}channels:history, channels:read", REMOVE)],
            id="those of public ones are too much for it",
        ),
        pytest.param(
            an_app(ENOUGH | PRIVATE, None),
            [fine("Slack scopes", ", ".join(sorted(ENOUGH | PRIVATE)))],
            id="both are in order while its kind is not known",
        ),
        pytest.param(
            an_app(ENOUGH | {"users:read", "chat:write.public"}),
            [note("Slack scopes", f"{TOO_MUCH}chat:write.public, users:read", REMOVE)],
            id="more than is needed",
        ),
        pytest.param(
            an_app(ENOUGH | {"chat:write.public"}, Room("exports", is_member=False)),
            [
                fine(
                    "Slack scopes",
                    "channels:history, channels:read, chat:write, chat:write.public, files:write",
                )
            ],
            id="posting anywhere is needed where the app is not in the channel",
        ),
    ],
)
def test_scopes_are_told_with_what_is_lost_without_them(
    app: Examined, found: list[Finding]
) -> None:
    assert list(scopes(app)) == found


@pytest.mark.parametrize(
    ("app", "name", "found"),
    [
        pytest.param(
            an_app(),
            "C1",
            [fine("Slack channel", "#exports (public), and the app is in it")],
            id="in order",
        ),
        pytest.param(
            an_app(PRIVATE, Room("exports", is_private=True)),
            "C1",
            [fine("Slack channel", "#exports (private), and the app is in it")],
            id="a private one",
        ),
        pytest.param(
            an_app(room=Room("exports", is_archived=True, is_member=False)),
            "C1",
            [
                bad(
                    "Slack channel",
                    "#exports is archived",
                    "choose another one in [slack] channel",
                )
            ],
            id="archived",
        ),
        pytest.param(
            an_app(room=Room("exports", is_member=False)),
            "C1",
            [bad("Slack channel", "the app is not in #exports", "/invite it there")],
            id="never invited",
        ),
        pytest.param(
            an_app(ENOUGH | {"chat:write.public"}, Room("exports", is_member=False)),
            "C1",
            [
                note(
                    "Slack channel",
                    "the app is not in #exports: it may post there, but find nothing again",
                    "/invite it there",
                )
            ],
            id="never invited, but it may post anywhere",
        ),
        pytest.param(
            an_app(
                PRIVATE | {"chat:write.public"},
                Room("exports", is_member=False, is_private=True),
            ),
            "C1",
            [bad("Slack channel", "the app is not in #exports", "/invite it there")],
            id="anywhere means public channels",
        ),
        pytest.param(
            an_app(room=Room("exports", is_shared=True)),
            "C1",
            [
                fine("Slack channel", "#exports (public), and the app is in it"),
                note(
                    "Slack channel",
                    "people of other organizations read #exports, and with it names and amounts",
                    "choose another one in [slack] channel, or set alerts.mask_people = true",
                ),
            ],
            id="shared with others",
        ),
        pytest.param(
            an_app(room=None),
            "C1",
            [fine("Slack channel", "C1 (the token may not look at it)")],
            id="not to be looked at",
        ),
        pytest.param(
            an_app(room=None),
            "#exports",
            [
                note(
                    "Slack channel",
                    "#exports is a name, so nothing is known of it beforehand, and after a crash a "
                    "message may be said twice",
                    "write the channel's id, which stands at the end of its details: C…",
                )
            ],
            id="only a name",
        ),
    ],
)
def test_the_channel_is_told_as_it_takes_messages(
    app: Examined, name: str, found: list[Finding]
) -> None:
    assert list(channel(app, name)) == found


def test_what_slack_tells_is_what_is_judged() -> None:
    with a_slack() as simulated:
        assert simulated.bot.examine() == an_app(room=Room("netsuite-exports"))
        simulated.slack.scopes = set(PRIVATE)
        simulated.slack.is_private = simulated.slack.is_shared = True
        simulated.slack.is_archived, simulated.slack.is_member = True, False
        assert simulated.bot.examine() == an_app(
            PRIVATE,
            Room(
                "netsuite-exports",
                is_archived=True,
                is_member=False,
                is_private=True,
                is_shared=True,
            ),
        )
        assert _by_name(simulated) == an_app(PRIVATE, None)
        assert simulated.slack.messages == [], "nothing is posted"


def _by_name(simulated: Simulated) -> Examined:
    return simulated.a_bot(channel="#netsuite-exports").examine()
