"""What people laid over an alert, as its message shows it: who, until when, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.core.message.words import Voice, kind_word, sentence
from monitor.core.risks import Risk

if TYPE_CHECKING:  # decisions import these words
    from monitor.core.alerts.overlays import Overlay


def overlay_lines(
    overlays: Iterable[Overlay], risks: Iterable[Risk], voice: Voice
) -> tuple[str, ...]:
    """One line each: Acknowledged by Dana Lee until Nov 25, 2026 09:15 EST: we are on it."""
    called = {risk.fingerprint: f"{kind_word(risk.ref.kind)} “{risk.full_name}”" for risk in risks}
    return tuple(_line(one, called.get(one.fingerprint, ""), voice) for one in overlays)


def _line(overlay: Overlay, record: str, voice: Voice) -> str:
    whom = f"{record}: " if record else ""
    author = voice.person(overlay.author)
    said = f"{whom}{overlay.sort.done} by {author}{until(overlay, voice)}"
    return sentence(f"{said}: {overlay.reason}" if overlay.reason else said)


def until(overlay: Overlay, voice: Voice) -> str:
    """How long it holds: until a moment, until it gets worse, or whichever comes first."""
    ends = [f"until {voice.moment(overlay.expires_at)}"] if overlay.expires_at else []
    worse = ["until it gets worse"] if overlay.is_until_worse else []
    words = ", or ".join([*worse, *ends]) if worse else "".join(ends)
    return f" {words}" if words else ""
