"""News of a living alert in its thread: what is new, what stands now, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.core.message import Message, Tone
from monitor.core.message.news import (
    failed_message,
    reminder_message,
    reopened_message,
    same_edit_words,
    worse_message,
)
from monitor.core.message.words import Voice
from monitor.core.records import Kind, Ref
from tests.core.alert_builders import a_draft, a_failed, a_submitted, of_class, reactivated
from tests.core.builders import NOW, US, a_risk, an_exposed_report, at

VOICE = Voice(names={US: "Acme US"})
WHY = ("R1 was approved.",)
Say = Callable[..., Message]
NEWS = [
    pytest.param(worse_message, Tone.WORSE, id="worse"),
    pytest.param(failed_message, Tone.FAILED, id="failed"),
    pytest.param(reopened_message, Tone.REOPENED, id="reopened"),
    pytest.param(reminder_message, Tone.REMINDER, id="reminder"),
]


def lines(message: Message) -> list[str]:
    return [line for section in message.sections for line in section.lines]


@pytest.mark.parametrize(("say", "tone"), NEWS)
def test_each_says_in_its_tone_why_what_to_do_and_which_reports(say: Say, tone: Tone) -> None:
    message = say((a_risk(),), 7, VOICE, now=NOW, why=WHY)
    assert message.tone is tone
    assert WHY[0] in lines(message)
    assert message.sections[-1].title == "What to do"
    assert message.footer.startswith("Alert 7 · Acme US · ")
    assert message.footer.endswith("\nReport ids: R1")
    assert message.reports == (), "the first message of the thread lists them"


@pytest.mark.parametrize(("say", "tone"), NEWS)
def test_people_are_masked_in_each(say: Say, tone: Tone) -> None:
    employee = a_risk(ref=Ref(Kind.EMPLOYEE, "7"), full_name="Priya Nair", what_changed="")
    message = say((employee,), 7, Voice(mask_people=True), now=NOW, why=WHY)
    assert "Priya" not in f"{message}"


@pytest.mark.parametrize(("say", "tone"), NEWS[:1] + NEWS[2:])
def test_what_is_surest_comes_first_and_numbers_stand_in_the_headline(say: Say, tone: Tone) -> None:
    risks = (reactivated(an_exposed_report("R2")), of_class(13))
    message = say(risks, 7, VOICE, now=NOW, why=WHY)
    assert message.headline == (
        "1 report (USD 812.00, 1 person) ready to export will fail with NS0831 · "
        "1 report (USD 812.00, 1 person) ready to export is expected to fail with NS0831"
    )
    titles = [section.title for section in message.sections if section.title.startswith("Class")]
    assert titles[0].startswith("Class “Sales : Class 13”")


def test_beyond_three_records_the_thread_points_to_its_first_message() -> None:
    risks = tuple(of_class(number) for number in range(13, 17))
    said = lines(worse_message(risks, 7, VOICE, now=NOW, why=WHY))
    assert "The first message of this thread names the other records." in said
    said = lines(worse_message(risks[:3], 7, VOICE, now=NOW, why=WHY))
    assert "The first message of this thread names the other records." not in said


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        pytest.param(
            [a_failed("R1")],
            "1 report (USD 812.00, 1 person) was refused by NetSuite, automatic export paused",
            id="one",
        ),
        pytest.param(
            [a_failed("R1"), a_failed("R2"), a_submitted("R3"), a_draft("R4")],
            "2 reports (USD 1,624.00, 1 person) were refused by NetSuite, automatic export paused "
            "· 2 more still at risk",
            id="two, and two more in the same danger",
        ),
        pytest.param(
            [an_exposed_report("R1")],
            "1 report (USD 812.00, 1 person) ready to export will fail with NS0831",
            id="none that still stands as failed: what stands",
        ),
    ],
)
def test_what_was_refused(reports: list[object], words: str) -> None:
    message = failed_message((a_risk(*reports),), 7, VOICE, now=NOW, why=WHY)  # type: ignore[arg-type]
    assert message.headline == words


def test_a_reminder_names_the_report_that_has_waited_longest() -> None:
    young = an_exposed_report("R1", waiting_since=at("11:00"))
    old = an_exposed_report("R2", waiting_since=at("09:00"))
    never = an_exposed_report("R3", waiting_since=None)
    said = lines(reminder_message((a_risk(young, old, never),), 7, VOICE, now=NOW, why=()))
    assert said[0] == "R2 has waited longest: 3 h."
    alone = reminder_message((a_risk(never),), 7, VOICE, now=NOW, why=())
    assert [section.title for section in alone.sections] == ["What to do"]


def test_what_comes_back_tells_what_happened_this_time() -> None:
    message = reopened_message((a_risk(),), 7, VOICE, now=NOW, why=())
    assert message.sections[0].title == "Class “Sales : Marketing” is inactive in NetSuite"
    assert message.sections[0].lines[0].startswith("It was inactivated (Nov 24, 2026 09:15 UTC")


def test_one_edit_in_several_workspaces_is_named() -> None:
    assert same_edit_words(["Acme UK"]) == "The same edit also hits Acme UK."
    words = "The same edit also hits Acme UK, Acme DE and Acme FR."
    assert same_edit_words(["Acme UK", "Acme DE", "Acme FR"]) == words
