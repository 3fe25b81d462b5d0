"""Golden texts of news in a thread, of long lists, and of what stands beside an alert's records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from monitor.core.alerts import Overlay, Sort
from monitor.core.message import Message
from monitor.core.message.listing import list_message
from monitor.core.message.news import (
    failed_message,
    reminder_message,
    reopened_message,
    same_edit_words,
    worse_message,
)
from monitor.core.message.parent import parent_message
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty, Risk
from tests.core.builders import NOW, US, a_bad_text, at
from tests.core.golden_builders import DANA, INES, OMAR, VOICE, events, failed, marketing

ACK = Overlay(
    1, Sort.ACK, "Dana Lee", "we are on it", NOW, expires_at=at("14:15", day=25), alert_id=1
)
SNOOZE = Overlay(
    2,
    Sort.SNOOZE,
    "omar.haddad@acme.example",
    "waits for the new cost centers",
    NOW,
    fingerprint=f"{US}/class:13",
    is_until_worse=True,
)


def worse_approved() -> Message:
    why = ("R-1041 was approved: it would be exported next.",)
    return worse_message((marketing(DANA, INES),), 1, VOICE, now=NOW, why=why)


def worse_of_several() -> Message:
    why = ("It is certain now: class “Sales : Marketing” is inactive in NetSuite.",)
    risks = (events(OMAR), marketing(DANA))
    return worse_message(risks, 1, VOICE, now=NOW, why=why)


def failed_for_real() -> Message:
    why = ("R-1041 on Nov 24, 2026 06:50 EST: NS0831, the class is not available.",)
    risks = (marketing(failed(DANA), OMAR, INES),)
    return failed_message(risks, 1, VOICE, now=NOW, why=why)


def reopened_again() -> Message:
    why = ("Alert 1 was over on Nov 23, 2026 11:00 EST: it was active again in NetSuite.",)
    return reopened_message((marketing(DANA),), 1, VOICE, now=NOW, why=why)


def reminder_after_a_day() -> Message:
    why = ("Open for 1 day 3 h, and nobody has acknowledged it.",)
    return reminder_message((marketing(DANA, OMAR),), 1, VOICE, now=NOW, why=why)


def opened_with_overlays_and_another_workspace() -> Message:
    return parent_message(
        (marketing(DANA), events(OMAR)),
        1,
        VOICE,
        now=NOW,
        overlays=(ACK, SNOOZE),
        why=(same_edit_words(["Acme UK"]),),
    )


def below(name: str, number: int, *, cause: Cause = Cause.INACTIVE) -> Risk:
    """A class below Marketing, inactivated with it by the same edit."""
    report = replace(DANA, report_id=f"R-{number}", bad_texts=(a_bad_text(name, lines=3),))
    return marketing(
        report,
        ref=Ref("class", str(number)),
        full_name=f"Sales : Marketing : {name}",
        cause=cause,
        certainty=Certainty.CERTAIN if cause is Cause.INACTIVE else Certainty.POSSIBLE,
        what_changed=f"class “Sales : Marketing : {name}” was inactivated",
    )


def opened_parent_above_children() -> Message:
    children = [below(name, 4001 + number) for number, name in enumerate(("Ads", "Fairs", "Web"))]
    lies_below = below("Print", 4009, cause=Cause.PARENT_INACTIVE)
    return parent_message((marketing(DANA), *children, lies_below, events(OMAR)), 1, VOICE, now=NOW)


def list_of_thirty_reports() -> Message:
    reports = (
        replace(DANA, report_id=f"R-{number}", waiting_since=NOW - timedelta(days=number - 2000))
        for number in range(2001, 2031)
    )
    message = list_message((marketing(*reports),), 1, VOICE, now=NOW)
    assert message is not None
    return message


MESSAGES: tuple[Callable[[], Message], ...] = (
    worse_approved,
    worse_of_several,
    failed_for_real,
    reopened_again,
    reminder_after_a_day,
    opened_with_overlays_and_another_workspace,
    opened_parent_above_children,
    list_of_thirty_reports,
)
