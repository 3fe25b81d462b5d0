"""Golden texts of news in a thread, of long lists, and of what stands beside an alert's records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from monitor.core.alerts import AlertPolicy, Endings, Overlay, Sort
from monitor.core.message import Message
from monitor.core.message.listing import list_message
from monitor.core.message.news import same_edit_words
from monitor.core.message.parent import parent_message
from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, Risk
from tests.core.alert_builders import Desk
from tests.core.builders import NOW, US, a_bad_text, at, hours
from tests.core.golden_builders import (
    DANA,
    INES,
    OMAR,
    VOICE,
    events,
    failed,
    marketing,
    opened,
    said,
)

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
    desk = opened(marketing(INES))
    desk.cycle(marketing(replace(INES, state=ReportState.APPROVED)))
    return said(desk, "worse", "reply")


def worse_surer_and_one_of_two() -> Message:
    desk = opened(marketing(DANA, cause=Cause.EDITED_SINCE_SYNC, certainty=Certainty.LIKELY))
    desk.cycle(marketing(DANA), events(OMAR))
    return said(desk, "worse", "reply")


def failed_for_real() -> Message:
    desk = opened(marketing(DANA, OMAR, INES))
    desk.cycle(marketing(failed(DANA), OMAR, INES))
    return said(desk, "failed_for_real", "reply")


def reopened_again() -> Message:
    desk = opened(marketing(DANA))
    desk.cycle(endings=Endings({marketing().fingerprint: "it is active again in NetSuite"}))
    desk.cycle(marketing(DANA), after=hours(20))
    return said(desk, "reopened", "reply")


def reminder_after_a_day() -> Message:
    desk = Desk(AlertPolicy(remind_every=timedelta(days=1)), VOICE)
    desk.cycle(marketing(DANA, OMAR))
    desk.cycle(marketing(DANA, OMAR), after=hours(25))
    return said(desk, "reminder", "reply")


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
    worse_surer_and_one_of_two,
    failed_for_real,
    reopened_again,
    reminder_after_a_day,
    opened_with_overlays_and_another_workspace,
    opened_parent_above_children,
    list_of_thirty_reports,
)
