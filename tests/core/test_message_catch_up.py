"""Messages that waited together read as the newest, and tell what led there."""

from __future__ import annotations

from monitor.core.message import Message, ReportRow, Section, Tone
from monitor.core.message.catch_up import catch_up_message

APPROVED = Message(
    Tone.WORSE,
    "1 report was approved",
    (Section("What to do", ("Recode 1 line.",)), Section("", ("It is certain.",))),
    footer="Alert 7 · as of 22:00",
)
BLIND = Message(Tone.BLIND, "NetSuite cannot be read", footer="Alert 7 · as of 23:00")
SIGHTED = Message(
    Tone.SIGHTED,
    "NetSuite can be read again",
    (Section("", ("It was away for 2 hours.",)),),
    (ReportRow("R-1"),),
    footer="Alert 7 · as of 07:00",
)
BEFORE = Section(
    "Before that, oldest first",
    (
        "Worse now: 1 report was approved",
        "What to do",
        "Recode 1 line.",
        "It is certain.",
        "The monitor cannot see: NetSuite cannot be read",
    ),
)
ALL_THREE = Message(
    Tone.SIGHTED,
    "NetSuite can be read again",
    (Section("", ("It was away for 2 hours.",)), BEFORE),
    (ReportRow("R-1"),),
    footer="Alert 7 · as of 07:00",
)


def test_the_newest_holds_and_the_others_stand_below_it_in_their_order() -> None:
    assert catch_up_message((APPROVED, BLIND, SIGHTED)) == ALL_THREE


def test_one_alone_is_itself() -> None:
    assert catch_up_message((APPROVED,)) == APPROVED


def test_what_was_joined_before_keeps_its_order() -> None:
    assert catch_up_message((catch_up_message((APPROVED, BLIND)), SIGHTED)) == ALL_THREE
