"""The message that stands in the channel while an alert lives: numbers first, then the cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.core.message.cures import cures, shared_cures
from monitor.core.message.discreet import discreet
from monitor.core.message.facts import called, capital, what_was
from monitor.core.message.folding import Family, families
from monitor.core.message.foot import all_ids, footer
from monitor.core.message.headline import headline, once
from monitor.core.message.overlaid import overlay_lines
from monitor.core.message.rows import MOST_ROWS, row_of
from monitor.core.message.values import Message, Section, Tone
from monitor.core.message.words import Voice, counted, sentence
from monitor.core.risks import Risk

if TYPE_CHECKING:  # decisions import these words
    from monitor.core.alerts.overlays import Overlay

MOST_RECORDS = 3
_MOST_NAMES = 12


def parent_message(
    risks: tuple[Risk, ...],
    alert_id: int,
    voice: Voice,
    *,
    now: datetime,
    unseen: tuple[str, ...] = (),
    gone: Mapping[str, str] | None = None,
    overlays: tuple[Overlay, ...] = (),
    why: tuple[str, ...] = (),
) -> Message:
    """The open alert in words. `unseen`: what cannot be seen at the moment, and stands above all
    else. `gone`: risks whose cause is over (how, by fingerprint) while failed reports still wait.
    `overlays`: what people laid over it. `why`: what else is to be known, one sentence each.
    """
    gone = gone or {}
    risks = tuple(discreet(risk, voice) for risk in risks)
    ordered = families(risks, apart=gone)
    spelled, rest = ordered[:MOST_RECORDS], ordered[MOST_RECORDS:]
    reports = once(risks)
    return Message(
        tone=Tone.AT_RISK,
        headline=headline(risks),
        sections=(
            *_unseen(unseen),
            *_untitled((*overlay_lines(overlays, risks, voice), *why)),
            *_records(spelled, voice, gone),
            *_unspelled(rest),
        ),
        reports=tuple(row_of(report, risks, voice, now) for report in reports[:MOST_ROWS]),
        more_reports=max(0, len(reports) - MOST_ROWS),
        footer=f"{footer(alert_id, risks[0].policy_id, voice)}\n{all_ids(reports)}",
    )


def _unseen(sentences: tuple[str, ...]) -> Iterator[Section]:
    if sentences:
        title = "The monitor cannot see everything now; this is how it last was"
        yield Section(title, sentences)


def _untitled(lines: tuple[str, ...]) -> Iterator[Section]:
    if lines:
        yield Section("", lines)


def _records(several: list[Family], voice: Voice, gone: Mapping[str, str]) -> Iterator[Section]:
    """What happened to each record and what to do; what holds for all of them is said once."""
    told = [_what_happened(one, voice, gone) for one in several]
    if len(several) == 1:
        yield from (*told, Section("What to do", cures(several[0].head)))
        return
    heads = [one.head for one in several]
    shared = shared_cures(heads)
    for risk, section in zip(heads, told, strict=True):
        own = (line for line in cures(risk) if line not in shared)
        yield section._replace(lines=(*section.lines, *own))
    if shared:
        yield Section("What to do about all of them", shared)


def _what_happened(one: Family, voice: Voice, gone: Mapping[str, str]) -> Section:
    how = gone.get(one.head.fingerprint)
    if how:
        title = capital(f"{called(one.head)}: {_ONLY_THE_EXPORT}")
        return Section(title, (sentence(how),))
    section = what_was(one.head, voice)
    return section._replace(lines=(*section.lines, *one.words()))


_ONLY_THE_EXPORT = "the cause is gone, but failed reports still wait for their export"


def _unspelled(rest: list[Family]) -> Iterator[Section]:
    """A bulk edit is one message: beyond the first few, records are only named."""
    risks = [risk for one in rest for risk in one.members]
    if not risks:
        return
    names = ", ".join(called(risk) for risk in risks[:_MOST_NAMES])
    more = len(risks) - _MOST_NAMES
    names += f" and {more} more" if more > 0 else ""
    title = f"The same alert holds {counted(len(risks), 'more record')}"
    yield Section(title, (sentence(names), "`monitor risks` tells what to do about each."))
