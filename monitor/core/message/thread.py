"""What is said once, in the thread: resolved, blind, sighted, uncertain; and the sample."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.core.message.parent import footer
from monitor.core.message.values import Message, Section, Tone
from monitor.core.message.words import Voice, counted, length, money
from monitor.core.risks import Risk, totals


def resolved_reply(
    ended: Iterable[tuple[Risk, str]], alert_id: int, voice: Voice, *, lived: timedelta
) -> Message:
    """How each risk ended, and how long the alert has lived."""
    ended = tuple(ended)
    lines = tuple(f"{risk.ref.kind.capitalize()} “{risk.full_name}”: {how}." for risk, how in ended)
    return Message(
        Tone.RESOLVED,
        f"{counted(len(ended), 'risk')} ended after {length(lived)}",
        (Section("How it ended", lines),),
        footer=footer(alert_id, voice.workspace(ended[0][0].policy_id), voice),
    )


def resolved_parent(
    ended: Iterable[tuple[Risk, str]], alert_id: int, voice: Voice, *, lived: timedelta
) -> Message:
    """The alert when all is over: what it was, how long, and how it ended."""
    ended = tuple(ended)
    reports = tuple(report for risk, _ in ended for report in risk.reports)
    count = len({report.report_id for report in reports})
    at_stake = f" ({money(totals(reports))})" if reports else ""
    lines = tuple(f"{risk.ref.kind.capitalize()} “{risk.full_name}”: {how}." for risk, how in ended)
    return Message(
        Tone.RESOLVED,
        f"{counted(count, 'report')}{at_stake} no longer at risk, after {length(lived)}",
        (Section("How it ended", lines),),
        footer=footer(alert_id, voice.workspace(ended[0][0].policy_id), voice),
    )


def uncertain_reply(risks: Iterable[Risk], alert_id: int, voice: Voice) -> Message:
    """A daily sync was due, and nothing shows whether it came."""
    risks = tuple(risks)
    lines = tuple(f"{risk.ref.kind} “{risk.full_name}”" for risk in risks)
    return Message(
        Tone.BLIND,
        "Cannot tell whether Expensify has imported the change; a daily sync was due by now. "
        "Sync to be sure",
        (Section("", lines),),
        footer=footer(alert_id, voice.workspace(risks[0].policy_id), voice),
    )


def blind_message(causes: Iterable[str], alert_id: int, voice: Voice) -> Message:
    """What cannot be seen, since when, and that nothing is called fine meanwhile."""
    return Message(
        Tone.BLIND,
        "The monitor cannot see everything: until it does, nothing is called resolved",
        (Section("What cannot be read", tuple(causes)),),
        footer=footer(alert_id, "", voice),
    )


def sighted_message(alert_id: int, voice: Voice, *, blind_for: timedelta | None) -> Message:
    """Everything can be read again."""
    span = f" after {length(blind_for)}" if blind_for is not None else ""
    return Message(
        Tone.SIGHTED,
        f"NetSuite and Expensify can be read again{span}",
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
                    f"Sent at {voice.moment(now)}.",
                ),
            ),
        ),
    )
