"""What is laid over alerts and risks as text: number, what, by whom, until when, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.answers.laid_over import InForce
from monitor.cli.output.tables import headed, table
from monitor.cli.output.words import local, plain
from monitor.core.alerts import Matcher, Overlay, Sort
from monitor.core.message.words import counted, kind_plural, kind_word

_MEANS = {
    Sort.ACK: "No reminders until then; worse news and its end are still told",
    Sort.SNOOZE: "Its message is kept up to date, and only its end is told",
    Sort.SILENCE: "What matches is not told; if it still stands afterwards, it is told then",
}
_HEAD = ("number", "what", "of what", "by whom", "how long", "risks", "why")
_BROKEN = "Its message is kept up to date, and only worse news and its end are told"


def overlays_text(
    found: Iterable[InForce], names: Mapping[str, str], zone: str, room: int | None = None
) -> str:
    """One line each, under a heading; `names` of workspaces by policy id."""
    return "\n".join(headed(_HEAD, [_row(one, names, zone) for one in found], room=room))


def overlay_lines(
    found: Iterable[InForce], names: Mapping[str, str], zone: str, room: int | None = None
) -> list[str]:
    """The same without a heading, for where a title stands above."""
    return table([_row(one, names, zone) for one in found], room=room)


def _row(one: InForce, names: Mapping[str, str], zone: str) -> tuple[str, ...]:
    return (
        str(one.overlay.overlay_id),
        one.overlay.sort.done,
        subject(one.overlay, names),
        f"by {plain(one.overlay.author)}",
        until(one.overlay, zone),
        _weight(one),
        plain(one.overlay.reason),
    )


def laid_sentence(found: InForce, names: Mapping[str, str], zone: str) -> str:
    """What was done, what that means, and how to take it back."""
    one = found.overlay
    means = _BROKEN if one.is_until_worse else _MEANS[one.sort]
    return (
        f"{one.sort.done.capitalize()} {until(one, zone)}: {subject(one, names)}. {means}.\n"
        f"{_weight(found).capitalize()}. To lift it: monitor unsilence {one.overlay_id}"
    )


def before_sentence(one: Overlay, zone: str) -> str:
    """Whose place it took: Before: dana, until 2026-11-26 04:45 EST: mine."""
    why = f": {plain(one.reason)}" if one.reason else ""
    return f"Before: {plain(one.author)}, {until(one, zone)}{why}"


def lifted_sentence(one: Overlay, names: Mapping[str, str]) -> str:
    """What holds no more."""
    return f"No longer {one.sort.done}, from the next cycle on: {subject(one, names)}."


def said_of(one: Overlay, zone: str) -> str:
    """Acknowledged by dana until 2026-11-26 04:45 EST: we are on it."""
    why = f": {plain(one.reason)}" if one.reason else ""
    return f"{one.sort.done.capitalize()} by {plain(one.author)} {until(one, zone)}{why}"


def subject(one: Overlay, names: Mapping[str, str]) -> str:
    """What it is about: an alert, a risk, or all that matches."""
    if one.matcher is not None:
        return _matching(one.matcher, names)
    return plain(one.fingerprint) if one.fingerprint else f"alert {one.alert_id}"


def until(one: Overlay, zone: str) -> str:
    """How long it holds."""
    end = f"until {local(one.expires_at, zone)}" if one.expires_at is not None else ""
    if not one.is_until_worse:
        return end
    return f"until it gets worse, or {end}" if end else "until it gets worse"


def _matching(matcher: Matcher, names: Mapping[str, str]) -> str:
    what = kind_plural(kind_word(matcher.kind)) if matcher.kind else "everything"
    if matcher.pattern:
        whose = kind_word(matcher.kind) if matcher.kind else "every"
        what = f"{whose} “{plain(matcher.pattern)}”"
    where = plain(names.get(matcher.policy_id, matcher.policy_id))
    return f"{what} of {where}" if where else what


def _weight(found: InForce) -> str:
    if found.overlay.is_mute:
        return f"hides {counted(found.hides, 'risk')} now"
    return f"about {counted(len(found.risks), 'risk')}"
