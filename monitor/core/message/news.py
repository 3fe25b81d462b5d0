"""What the thread of a living alert says when there is news of it: worse, failed, again, still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from monitor.core.message.cures import cures, shared_cures
from monitor.core.message.discreet import discreet
from monitor.core.message.facts import title_of, urgency, what_was
from monitor.core.message.foot import all_ids, footer
from monitor.core.message.headline import headline, once
from monitor.core.message.parent import MOST_RECORDS
from monitor.core.message.values import Message, Section, Tone
from monitor.core.message.words import Voice, counted_reports, length, listed
from monitor.core.risks import Risk


def worse_message(
    risks: tuple[Risk, ...], alert_id: int, voice: Voice, *, now: datetime, why: tuple[str, ...]
) -> Message:
    """It got worse: what stands now, in what way it is worse, and what to do."""
    ordered = _ordered(risks, voice)
    sections = (Section("What got worse", why), *_to_do(ordered))
    return _reply(Tone.WORSE, headline(ordered), sections, ordered, alert_id, voice)


def failed_message(
    risks: tuple[Risk, ...], alert_id: int, voice: Voice, *, now: datetime, why: tuple[str, ...]
) -> Message:
    """NetSuite refused some of its reports: which, and what to do."""
    ordered = _ordered(risks, voice)
    sections = (Section("What happened", why), *_to_do(ordered))
    return _reply(Tone.FAILED, _refused(ordered), sections, ordered, alert_id, voice)


def reopened_message(
    risks: tuple[Risk, ...], alert_id: int, voice: Voice, *, now: datetime, why: tuple[str, ...]
) -> Message:
    """What was over is at risk again: what happened this time, and what to do."""
    ordered = _ordered(risks, voice)
    again = (what_was(risk, voice) for risk in ordered[:MOST_RECORDS])
    sections = (*_if_any("How it ended the last time", why), *again, *_to_do(ordered))
    return _reply(Tone.REOPENED, headline(ordered), sections, ordered, alert_id, voice)


def reminder_message(
    risks: tuple[Risk, ...], alert_id: int, voice: Voice, *, now: datetime, why: tuple[str, ...]
) -> Message:
    """Nothing new, and it still stands: for how long, and what is left to do."""
    ordered = _ordered(risks, voice)
    again = (*why, *_longest_wait(ordered, now))
    sections = (*_if_any("Why this comes up again", again), *_to_do(ordered))
    return _reply(Tone.REMINDER, headline(ordered), sections, ordered, alert_id, voice)


def same_edit_words(workspaces: Iterable[str]) -> str:
    """The other workspaces that one NetSuite edit hits: The same edit also hits Acme UK."""
    return f"The same edit also hits {listed(workspaces)}."


def _ordered(risks: Iterable[Risk], voice: Voice) -> tuple[Risk, ...]:
    return tuple(sorted((discreet(risk, voice) for risk in risks), key=urgency))


def _reply(
    tone: Tone,
    words: str,
    sections: tuple[Section, ...],
    risks: tuple[Risk, ...],
    alert_id: int,
    voice: Voice,
) -> Message:
    ids = all_ids(once(risks))
    return Message(
        tone, words, sections, footer=f"{footer(alert_id, risks[0].policy_id, voice)}\n{ids}"
    )


def _if_any(title: str, lines: tuple[str, ...]) -> Iterator[Section]:
    if lines:
        yield Section(title, lines)


def _to_do(risks: tuple[Risk, ...]) -> Iterator[Section]:
    """The cure of each of the first records; what holds for all of them is said once."""
    spelled = risks[:MOST_RECORDS]
    if len(risks) == 1:
        yield Section("What to do", cures(risks[0]))
        return
    shared = shared_cures(spelled)
    for risk in spelled:
        own = tuple(line for line in cures(risk) if line not in shared)
        yield from _if_any(title_of(risk), own)
    yield from _if_any("What to do about all of them", shared)
    if len(risks) > len(spelled):
        yield Section("", ("The first message of this thread names the other records.",))


def _refused(risks: tuple[Risk, ...]) -> str:
    """How many NetSuite refused, and how many more are in the same danger."""
    reports = once(risks)
    failed = [report for report in reports if report.has_failed]
    if not failed:
        return headline(risks)
    was_or_were = "was" if len(failed) == 1 else "were"
    said = f"{counted_reports(failed)} {was_or_were} refused by NetSuite, automatic export paused"
    left = len(reports) - len(failed)
    return f"{said} · {left} more still at risk" if left else said


def _longest_wait(risks: tuple[Risk, ...], now: datetime) -> Iterator[str]:
    """Which report has waited longest, and for how long."""
    waiting = [(one.waiting_since, one.report_id) for one in once(risks) if one.waiting_since]
    if waiting:
        since, report_id = min(waiting)
        yield f"{report_id} has waited longest: {length(now - since)}."
