"""What is said once, in the thread or when all is over; the monitor's own blindness; the sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.message.discreet import discreet
from monitor.core.message.facts import called, capital, changes, what_changed
from monitor.core.message.foot import all_ids, footer
from monitor.core.message.headline import once
from monitor.core.message.values import Message, Section, Tone
from monitor.core.message.words import Voice, counted, length, listed, money, sentence
from monitor.core.reports import ReportState
from monitor.core.risks import ExposedReport, Risk, totals


class Ended(NamedTuple):
    """A risk that people were told of, as it last was, and how it ended."""

    risk: Risk
    how: str
    still: tuple[ExposedReport, ...] = ()
    """Reports that use its record all the same: drafts, or a failure is only possible now."""
    is_uncertain: bool = False


def resolved_message(
    ended: Iterable[Ended], alert_id: int, voice: Voice, *, lived: timedelta, rest: int = 0
) -> Message:
    """What stays in the channel as the record: what it was, how each risk ended, what had failed,
    and what is left (`rest` risks).
    """
    ended = tuple(_discreet(one, voice) for one in ended)
    spelled, others = ended[:_MOST_NAMES], ended[_MOST_NAMES:]
    rest_of_it = (*_ways(others), *_failures(ended), *_left(rest))
    footing = footer(alert_id, ended[0].risk.policy_id, voice)
    return Message(
        Tone.RESOLVED,
        f"{_what_is_over(ended)}, after {length(lived)}",
        (*(_record_of(one, voice) for one in spelled), Section("In all", rest_of_it)),
        footer=f"{footing}\n{all_ids(once(one.risk for one in ended))}",
    )


def resolved_reply(
    ended: Iterable[Ended], alert_id: int, voice: Voice, *, lived: timedelta, rest: int = 0
) -> Message:
    """The same in short, for the thread: how long it took, how it ended, what had failed."""
    ended = tuple(_discreet(one, voice) for one in ended)
    lines = (*_ways(ended), *_failures(ended), *_left(rest))
    return Message(
        Tone.RESOLVED,
        f"{_what_is_over(ended)}, after {length(lived)}",
        (Section("", lines),),
        footer=footer(alert_id, ended[0].risk.policy_id, voice),
    )


def uncertain_message(ended: Iterable[Ended], alert_id: int, voice: Voice) -> Message:
    """A daily sync was due, and nothing shows whether it came: never called resolved."""
    ended = tuple(_discreet(one, voice) for one in ended)
    steps = dict.fromkeys(step for one in ended for step in one.risk.remedy.steps)
    return Message(
        Tone.BLIND,
        "whether Expensify has imported the change; a daily sync was due by now",
        (
            Section("What may still fail", tuple(_may_fail(one, voice) for one in ended)),
            Section("What to do", (*steps, _SPEAKS_AGAIN)),
        ),
        footer=footer(alert_id, ended[0].risk.policy_id, voice),
    )


_SPEAKS_AGAIN = "The monitor goes on watching, and speaks again if it sees the change missing."


def blind_message(
    subjects: Iterable[str], sentences: Iterable[str], alert_id: int, voice: Voice
) -> Message:
    """What cannot be seen, since when, and that nothing is called fine meanwhile."""
    return Message(
        Tone.BLIND,
        f"{listed(subjects)}. Until it can, nothing that rests on it is called resolved, "
        "and new risks may go unnoticed",
        (Section("What cannot be read", tuple(sentences)),),
        footer=footer(alert_id, "", voice),
    )


def sighted_message(alert_id: int, voice: Voice, *, blind_for: timedelta) -> Message:
    """Everything can be read again."""
    return Message(
        Tone.SIGHTED,
        f"NetSuite and Expensify were read in full, after {length(blind_for)}; "
        "what stands here is up to date",
        footer=footer(alert_id, "", voice),
    )


def sample_message(voice: Voice, *, now: datetime) -> Message:
    """A message that nobody can take for a real one."""
    return Message(
        Tone.SAMPLE,
        "This is a test of the sync-drift monitor: nothing is wrong, nothing needs to be done",
        (
            Section(
                "What a real message says here",
                (
                    "Which reports would fail to export, why, and what fixes it.",
                    f"Sent on {voice.moment(now)}.",
                ),
            ),
        ),
    )


def _what_is_over(ended: tuple[Ended, ...]) -> str:
    """What is out of danger, and what is not: only a report that left or is right again is."""
    doubtful = once_of(report for one in ended if one.is_uncertain for report in one.still)
    watched = once_of(report for one in ended if not one.is_uncertain for report in one.still)
    kept = {report.report_id for report in (*doubtful, *watched)}
    over = [report for report in once(one.risk for one in ended) if report.report_id not in kept]
    parts = [f"{_amount(over)} no longer at risk"] if over else []
    parts += [_watched(watched)] if watched else []
    parts += [f"{_amount(doubtful)} may still fail"] if doubtful else []
    return " · ".join(parts)


def _watched(reports: tuple[ExposedReport, ...]) -> str:
    if all(report.state is ReportState.OPEN for report in reports):
        return f"{_amount(reports)} in draft again, only watched now"
    return f"{_amount(reports)} only watched now"


def _amount(reports: Iterable[ExposedReport]) -> str:
    reports = tuple(reports)
    return f"{counted(len(reports), 'report')} ({money(totals(reports))})"


def once_of(reports: Iterable[ExposedReport]) -> tuple[ExposedReport, ...]:
    """Each report once."""
    return tuple({report.report_id: report for report in reports}.values())


def _discreet(one: Ended, voice: Voice) -> Ended:
    return one._replace(risk=discreet(one.risk, voice))


def _ways(ended: tuple[Ended, ...]) -> Iterator[str]:
    """How it ended, once for all records that ended alike."""
    alike: dict[str, list[Ended]] = {}
    for one in ended:
        alike.setdefault(one.how, []).append(one)
    for how, several in alike.items():
        names = listed(called(one.risk) for one in several)
        whom = names if len(several) <= _MOST_NAMES else counted(len(several), "record")
        yield sentence(f"{whom}: {how}")


_MOST_NAMES = 3


def _record_of(one: Ended, voice: Voice) -> Section:
    """What had happened to the record, and how it ended."""
    lines = (*changes(one.risk, voice), sentence(f"How it ended: {one.how}"))
    return Section(capital(called(one.risk)), lines)


def _left(rest: int) -> Iterator[str]:
    """That it is not all over."""
    if rest:
        is_or_are = "is" if rest == 1 else "are"
        yield f"The alert stays open: {counted(rest, 'other record')} {is_or_are} still at risk."


def _failures(ended: tuple[Ended, ...]) -> Iterator[str]:
    """What failed before, or that nothing did."""
    failed = [report.report_id for report in once(one.risk for one in ended) if report.has_failed]
    if failed:
        yield f"Exports that had failed: {', '.join(failed)}."
    else:
        yield "No export had failed."


def _may_fail(one: Ended, voice: Voice) -> str:
    reports = one.still or one.risk.reports
    ids = ", ".join(report.report_id for report in reports)
    words = sentence(f"{called(one.risk)}: {_amount(reports)}, {ids}")
    return f"{words} {what_changed(one.risk, voice)}"
