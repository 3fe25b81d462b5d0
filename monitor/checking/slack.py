"""Slack: the token and its scopes, the channel, and the buttons."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.adapters.slack.bot import BotChannel
from monitor.adapters.slack.examining import Examined, Room
from monitor.app import App
from monitor.checking.findings import Finding, bad, fine, note

_POST, _POST_ANYWHERE, _FILES = "chat:write", "chat:write.public", "files:write"
_HISTORY, _LOOK = "history", "read"
_ADD = "add {} to the app's bot scopes and install it again"
_LOST = {
    _HISTORY: "after a crash a message may be said twice, marked as a repeat",
    _LOOK: "whether the channel is archived or the app in it, nobody can tell beforehand",
    _FILES: "long lists are told in words, not as a file",
}
_NO_APP_TOKEN = (
    "create one with the scope connections:write "
    "(api.slack.com/apps > Basic Information > App-Level Tokens)"
)


def slack(app: App) -> Iterator[Finding]:
    """Whether messages would arrive, as far as that can be known without sending one."""
    if not isinstance(app.channel, BotChannel):
        yield from _webhook()
        return
    examined = app.channel.examine()
    name = app.channel.name
    yield fine("Slack", f"signed in as {examined.bot}")
    yield from scopes(examined)
    yield from channel(examined, name)


def scopes(examined: Examined) -> Iterator[Finding]:
    """The token's scopes: what it must have, what is lost without, and what is too much."""
    has = examined.scopes
    if has is None:
        yield note(
            "Slack scopes",
            "Slack does not tell which scopes the token has",
            "send a sample: `monitor test-alert`",
        )
        return
    if _POST not in has:
        yield bad("Slack scopes", f"without {_POST}: nothing can be posted", _ADD.format(_POST))
    families = _families(examined.room)
    for use, lost in _LOST.items():
        wanted = {use} if use == _FILES else {f"{family}:{use}" for family in families}
        if not has & wanted:
            one = " or ".join(sorted(wanted))
            yield note("Slack scopes", f"without {one}: {lost}", _ADD.format(one))
    yield from _too_much(has, examined.room)


def channel(examined: Examined, name: str) -> Iterator[Finding]:
    """The channel, as far as it is known."""
    room, subject = examined.room, "Slack channel"
    if name.startswith("#"):
        yield note(
            subject,
            f"{name} is a name, so nothing is known of it beforehand, and after a crash a "
            "message may be said twice",
            "write the channel's id, which stands at the end of its details: C…",
        )
    elif room is None:
        yield fine(subject, f"{name} (the token may not look at it)")
    elif room.is_archived:
        yield bad(subject, f"#{room.name} is archived", "choose another one in [slack] channel")
    elif not room.is_member and not _may_post_anywhere(examined):
        yield bad(subject, f"the app is not in #{room.name}", "/invite it there")
    else:
        yield from _open(room, subject)


def _open(room: Room, subject: str) -> Iterator[Finding]:
    kind = "private" if room.is_private else "public"
    if room.is_member:
        yield fine(subject, f"#{room.name} ({kind}), and the app is in it")
    else:
        yield note(
            subject,
            f"the app is not in #{room.name}: it may post there, but find nothing again",
            "/invite it there",
        )
    if room.is_shared:
        yield note(
            subject,
            f"people of other organizations read #{room.name}, and with it names and amounts",
            "choose another one in [slack] channel, or set alerts.mask_people = true",
        )


def _too_much(has: frozenset[str], room: Room | None) -> Iterator[Finding]:
    needed = {_POST, _FILES}
    needed |= {f"{family}:{use}" for family in _families(room) for use in (_HISTORY, _LOOK)}
    if room is None or not room.is_member:
        needed.add(_POST_ANYWHERE)
    if more := sorted(has - needed):
        yield note(
            "Slack scopes",
            f"the token may do more than is needed: {', '.join(more)}",
            "remove what is too much from the app's bot scopes and install it again",
        )
    elif _POST in has:
        yield fine("Slack scopes", ", ".join(sorted(has)))


def _families(room: Room | None) -> tuple[str, ...]:
    """How Slack calls the channel's kind in its scopes: both, while it is not known."""
    if room is None:
        return ("channels", "groups")
    return ("groups",) if room.is_private else ("channels",)


def _may_post_anywhere(examined: Examined) -> bool:
    is_public = examined.room is not None and not examined.room.is_private
    return is_public and examined.scopes is not None and _POST_ANYWHERE in examined.scopes


def _webhook() -> Iterator[Finding]:
    yield fine("Slack", "a webhook cannot be tried without posting: use `monitor test-alert`")
    yield note(
        "Slack",
        "a webhook can only add messages: nothing is edited, so figures that merely change are "
        "not told; there are no threads, no lists of more than ten reports, and no buttons",
        "give [slack] token and channel for all that",
    )


def buttons(app: App, *, is_offline: bool) -> Iterator[Finding]:
    """Whether people can press them; nothing where nobody asked for any."""
    settings = app.settings.slack
    if settings.app_token is None:
        return
    if settings.has_idle_app_token:
        yield note("buttons", "a webhook's messages have no buttons", "remove app_token")
    elif not settings.app_token.reveal().startswith("xapp-"):
        yield bad(
            "buttons",
            "[slack] app_token leads to no app-level token, which begins with xapp-",
            _NO_APP_TOKEN,
        )
    elif is_offline:
        yield fine("buttons", "there is an app token (nobody was asked)")
    else:
        app.try_buttons()
        yield fine("buttons", "Slack lets the app connect; they work under `monitor run`")
