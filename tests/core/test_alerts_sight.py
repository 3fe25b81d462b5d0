"""Could not look is never "is fine": what freezes, and when blindness and sight are told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.core.alerts import AlertPolicy, Endings, Sight, SourceFreshness, UnsureView
from monitor.core.alerts.beside import told_of
from monitor.core.records import Kind, Ref
from monitor.core.risks import Risk
from tests.core.alert_builders import (
    WHOLE,
    Desk,
    a_draft,
    a_failed,
    a_submitted,
    as_seen_from,
    failing,
    of_class,
    outside,
    reactivated,
)
from tests.core.builders import NOW, UK, US, a_risk, an_exposed_report, at, hours

OPENED = ["1 opened post"]
BLIND = ["1 blind edit", "1 blind reply"]
LESS = ["1 sighted edit"]
SIGHTED = ["1 sighted edit", "1 sighted reply"]
RESOLVED = ["1 resolved edit", "1 resolved reply"]
OWN = ["1 blind post"]
QUARTER = timedelta(minutes=15)
WHY = "the role sees fewer subsidiaries than before: give it back the right to see all"
UNSURE = Sight(is_whole=True, unsure_policies=(UnsureView(US, WHY),))
NO_CLASSES = Sight(
    is_whole=True, blind_kinds=(("class", "the role may not see classes: grant Lists > Classes"),)
)
VANISHED = (("class", "40 of 50 classes vanished at once: not believed yet"),)


def held(read_at: datetime) -> Sight:
    """So many classes vanished at once that their absence is held back."""
    return Sight(
        is_whole=True,
        blind_kinds=VANISHED,
        held_kinds=frozenset({"class"}),
        kinds_read_at={"class": read_at},
    )


def at_once(*sights: Sight) -> Sight:
    """All that these cannot see."""
    return Sight(
        sources=tuple(source for one in sights for source in one.sources),
        blind_kinds=tuple(kind for one in sights for kind in one.blind_kinds),
        held_kinds=frozenset(kind for one in sights for kind in one.held_kinds),
        kinds_read_at={kind: read for one in sights for kind, read in one.kinds_read_at.items()},
    )


def no_classes_since(read_at: datetime) -> Sight:
    """The role lost its right to see classes."""
    return Sight(
        is_whole=True, blind_kinds=NO_CLASSES.blind_kinds, kinds_read_at={"class": read_at}
    )


def a_department() -> Risk:
    """A risk of another kind."""
    return a_risk(ref=Ref("department", "3"), full_name="Commercial")


@pytest.mark.parametrize(
    "sight",
    [
        pytest.param(failing(NOW), id="netsuite cannot be read"),
        pytest.param(failing(NOW, "expensify"), id="expensify cannot be read"),
        pytest.param(Sight(), id="the cycle was not whole"),
        pytest.param(NO_CLASSES, id="the list of the record's kind is blind"),
    ],
)
@pytest.mark.parametrize(
    "present",
    [
        pytest.param((), id="the risk is not found"),
        pytest.param((a_risk(reports=()),), id="no report seems to use it"),
        pytest.param((a_risk(a_draft()),), id="its reports seem to be drafts"),
    ],
)
def test_nothing_resolves_that_could_not_be_looked_at(
    sight: Sight, present: tuple[Risk, ...]
) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    told = desk.cycle(*present, sight=sight)
    assert "resolved" not in " ".join(told)
    (one,) = desk.living
    assert (one.state, one.risk, one.alert_id) == ("blind", a_risk(), 1)
    assert "1 resolved reply" in desk.cycle(*present)


def test_a_blind_list_freezes_only_its_own_kind() -> None:
    desk = Desk()
    desk.cycle(a_risk(), a_department())
    told = desk.cycle(sight=NO_CLASSES)
    assert desk.states == {"class:12": "blind"}
    assert "1 resolved reply" in told


def test_what_is_frozen_and_seen_again_goes_on_without_a_word() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(sight=failing(desk.now), is_read=False)
    assert desk.cycle(a_risk()) == []
    assert desk.states == {"class:12": "open"}


def test_a_watched_risk_is_not_blind_but_watched_on() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_draft()))
    desk.cycle(sight=failing(desk.now), is_read=False)
    assert desk.states == {"class:12": "watch"}


def test_a_failed_report_waits_also_through_blindness() -> None:
    desk = Desk()
    waits = Endings({}, still_failed={"R1"})
    desk.cycle(a_risk(a_failed()))
    desk.cycle(endings=waits)
    desk.cycle(sight=failing(desk.now), is_read=False)
    assert desk.cycle(endings=waits) == []
    assert desk.cycle() == RESOLVED


# -- the subsidiary view of one workspace ---------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "present", "state"),
    [
        pytest.param(outside(), [], "blind", id="a lost subsidiary seems to be back: frozen"),
        pytest.param(
            outside(), [outside()], "blind", id="it still seems lost: frozen all the same"
        ),
        pytest.param(a_risk(), [outside()], "blind", id="another cause became this one: frozen"),
        pytest.param(reactivated(), [], "blind", id="an edit seems to be imported: frozen"),
        pytest.param(reactivated(), [reactivated()], "open", id="an edit still stands: open"),
        pytest.param(a_risk(), [a_risk()], "open", id="inactive rests on no subsidiary: open"),
    ],
)
def test_what_rests_on_an_unsure_subsidiary_freezes(
    told: Risk, present: list[Risk], state: str
) -> None:
    desk = Desk()
    desk.cycle(told)
    assert desk.cycle(*present, sight=UNSURE) == BLIND
    assert desk.states == {"class:12": state}
    assert [told_of(one.risk) for one in desk.living] == [told]


def test_inactive_resolves_although_the_subsidiary_is_unsure() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    assert desk.cycle(sight=UNSURE) == [*RESOLVED, "2 blind post"]


def test_a_subsidiary_is_not_told_lost_by_a_view_that_shrank() -> None:
    desk = Desk(AlertPolicy(blind_after=hours(9)))
    sight = Sight(is_whole=True, unsure_policies=(UnsureView(US, WHY, since=NOW),))
    assert desk.cycle(outside(), sight=sight) == []
    assert desk.cycle(outside(), sight=sight) == []
    assert desk.states == {"class:12": "watch"}
    assert desk.cycle(outside()) == OPENED


def test_an_unsure_workspace_is_told_on_its_own_alerts_only() -> None:
    desk = Desk()
    desk.cycle(a_risk(), as_seen_from(a_risk(), UK))
    risks = (a_risk(), as_seen_from(a_risk(), UK))
    assert desk.cycle(*risks, sight=UNSURE) == BLIND
    assert "What belongs to the subsidiary of Acme US: the role sees fewer" in desk.said()
    assert desk.cycle(*risks) == SIGHTED


def test_an_unsure_workspace_without_an_alert_gets_a_message_of_its_own() -> None:
    desk = Desk()
    other = as_seen_from(a_risk(), UK)
    desk.cycle(other)
    sight = Sight(is_whole=True, unsure_policies=(UnsureView(US, WHY, since=desk.now),))
    assert desk.cycle(other, sight=sight) == []
    assert desk.cycle(other, sight=sight, after=hours(1)) == ["2 blind post"]
    assert desk.cycle(other, sight=sight) == []
    assert desk.cycle(other) == ["2 sighted edit", "2 sighted reply"]


def test_a_blind_list_of_subsidiaries_makes_every_subsidiary_unsure() -> None:
    desk = Desk()
    desk.cycle(outside(), of_class(13))
    sight = Sight(is_whole=True, blind_kinds=((Kind.SUBSIDIARY, "the role may not see them"),))
    desk.cycle(sight=sight)
    assert desk.states == {"class:12": "blind"}


# -- when blindness is told -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sight", "told"),
    [
        pytest.param(
            failing(at("12:15"), is_permanent=True), BLIND, id="a permanent cause: at once"
        ),
        pytest.param(failing(at("12:15")), [], id="a passing cause: not yet"),
        pytest.param(
            failing(at("11:45")), BLIND, id="a passing cause, an hour after the last good reading"
        ),
        pytest.param(
            failing(at("11:45") + timedelta(seconds=1)), [], id="a second less than an hour"
        ),
        pytest.param(
            Sight(sources=(SourceFreshness("expensify", None, at("11:30"), "HTTP 500"),)),
            BLIND,
            id="never read at all: an hour after the first failure",
        ),
        pytest.param(NO_CLASSES, BLIND, id="a list is gone: at once"),
        pytest.param(held(at("12:15")), [], id="a mass disappearance is held: not yet"),
        pytest.param(held(at("11:30")), BLIND, id="held for an hour"),
    ],
)
def test_open_alerts_hear_of_blindness(sight: Sight, told: list[str]) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    is_read = bool(sight.blind_kinds)
    assert desk.cycle(sight=sight, is_read=is_read) == told


@pytest.mark.parametrize(
    ("sight", "told"),
    [
        pytest.param(failing(at("12:15"), is_permanent=True), [], id="a permanent cause waits too"),
        pytest.param(failing(at("11:30"), is_permanent=True), OWN, id="it lasts for an hour"),
        pytest.param(failing(at("11:30")), OWN, id="a passing cause that lasts"),
        pytest.param(no_classes_since(at("12:00")), [], id="a list is gone: not yet"),
        pytest.param(no_classes_since(at("11:15")), OWN, id="gone for an hour"),
        pytest.param(NO_CLASSES, OWN, id="gone, and nobody knows since when"),
        pytest.param(held(at("12:00")), [], id="held back: not yet"),
        pytest.param(held(at("11:15")), OWN, id="held back for an hour"),
    ],
)
def test_with_nothing_open_blindness_is_a_message_of_its_own(sight: Sight, told: list[str]) -> None:
    desk = Desk()
    assert desk.cycle(sight=sight, is_read=False) == told


def test_blindness_is_told_once_and_sight_is_told_once() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    down = failing(desk.now, is_permanent=True)
    assert desk.cycle(sight=down, is_read=False) == BLIND
    assert desk.cycle(sight=down, is_read=False) == []
    assert desk.cycle(sight=down, is_read=False, after=hours(30)) == []
    assert desk.cycle(a_risk()) == SIGHTED
    assert desk.cycle(a_risk()) == []


def test_a_message_of_its_own_is_told_once_and_ends_with_sight() -> None:
    desk = Desk()
    down = failing(NOW)
    assert desk.cycle(sight=down, is_read=False, after=hours(1)) == OWN
    assert desk.cycle(sight=down, is_read=False) == []
    assert desk.cycle() == SIGHTED
    assert desk.open_alerts == []
    assert desk.cycle() == []


def test_a_blindness_that_was_never_told_needs_no_sight() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(sight=failing(desk.now), is_read=False)
    assert desk.cycle(a_risk()) == []


def test_every_open_alert_hears_of_a_source_that_fails() -> None:
    desk = Desk()
    risks = (a_risk(), as_seen_from(a_risk(), UK))
    desk.cycle(*risks)
    down = failing(desk.now, is_permanent=True)
    assert desk.cycle(sight=down, is_read=False) == [*BLIND, "2 blind edit", "2 blind reply"]


def test_a_second_cause_is_told_once_it_is_tellable_and_only_then() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    first = failing(desk.now, is_permanent=True)
    desk.cycle(sight=first, is_read=False)
    both = at_once(first, failing(desk.now, "expensify"))
    assert desk.cycle(sight=both, is_read=False, after=QUARTER) == []
    assert desk.cycle(sight=both, is_read=False, after=hours(2)) == BLIND
    assert "cannot see: NetSuite and Expensify." in desk.said()
    assert "Expensify: the role" in desk.said(-2), "the parent names both"
    assert desk.cycle(sight=both, is_read=False, after=hours(30)) == []
    assert desk.cycle(a_risk()) == SIGHTED


def test_a_second_cause_after_the_first_is_told_although_nothing_was_sighted() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(sight=failing(desk.now, is_permanent=True), is_read=False)
    second = failing(desk.now, "expensify", is_permanent=True)
    assert desk.cycle(a_risk(), sight=second) == BLIND
    assert "NetSuite: the role" not in desk.said(-2)
    assert "Expensify: the role" in desk.said(-2)
    assert desk.cycle(a_risk(), sight=second, after=hours(30)) == []
    assert desk.cycle(a_risk()) == SIGHTED


def test_while_one_of_two_causes_lasts_the_parent_names_it_alone() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    down = failing(desk.now, is_permanent=True)
    second = failing(desk.now, "expensify", is_permanent=True)
    desk.cycle(sight=at_once(down, second), is_read=False)
    assert desk.cycle(a_risk(), sight=second) == LESS
    assert "Expensify: the role" in desk.said()
    assert "NetSuite: the role" not in desk.said()
    assert desk.cycle(a_risk(), sight=second) == []
    assert desk.cycle(a_risk()) == SIGHTED


def test_what_was_told_and_is_over_is_not_left_standing_for_a_passing_cause() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(sight=failing(desk.now, is_permanent=True), is_read=False)
    passing = failing(desk.now, "expensify")
    assert desk.cycle(a_risk(), sight=passing) == LESS
    assert "NetSuite: the role" not in desk.said()
    assert desk.cycle(a_risk(), sight=passing) == []
    assert desk.cycle(a_risk(), sight=passing, after=hours(1)) == BLIND
    assert desk.cycle(a_risk()) == SIGHTED


def test_a_passing_cause_beside_a_told_one_is_not_shown() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    down = failing(desk.now, "expensify", is_permanent=True)
    desk.cycle(a_risk(), sight=down)
    both = at_once(down, held(desk.now))
    assert desk.cycle(a_risk(), of_class(13), sight=both) == ["1 joined edit"]
    assert "classes vanished" not in desk.said()
    assert "Expensify: the role" in desk.said()


def test_its_own_message_follows_what_cannot_be_seen() -> None:
    desk = Desk()
    down = failing(NOW)
    assert desk.cycle(sight=down, is_read=False, after=hours(1)) == OWN
    second = failing(desk.now, "expensify", is_permanent=True)
    assert desk.cycle(sight=at_once(down, second), is_read=False) == BLIND
    assert "NetSuite and Expensify" in desk.said()
    assert desk.cycle(sight=at_once(down, second), is_read=False) == []
    assert desk.cycle(sight=second) == LESS
    assert "NetSuite: the role" not in desk.said()
    assert desk.cycle(sight=second, after=hours(30)) == []
    assert desk.cycle() == SIGHTED
    assert desk.open_alerts == []


def test_its_own_message_names_a_passing_cause_that_is_left_and_tells_it_when_it_lasts() -> None:
    desk = Desk()
    desk.cycle(sight=failing(NOW), is_read=False, after=hours(1))
    passing = failing(desk.now, "expensify")
    assert desk.cycle(sight=passing) == LESS
    assert "Expensify: the role" in desk.said()
    assert desk.cycle(sight=passing, after=hours(1)) == BLIND
    assert desk.cycle() == SIGHTED


def test_an_alert_that_opens_in_blindness_says_so_in_its_first_message() -> None:
    desk = Desk()
    down = failing(NOW, "expensify", is_permanent=True)
    assert desk.cycle(a_risk(), sight=down) == OPENED
    assert "The monitor cannot see everything now" in desk.said()
    assert desk.cycle(a_risk(), sight=down) == []
    assert desk.cycle(a_risk()) == SIGHTED


@pytest.mark.parametrize(
    ("risks", "told"),
    [
        pytest.param(
            [a_risk(an_exposed_report("R1"), a_submitted("R2"))],
            ["1 changed edit"],
            id="changed",
        ),
        pytest.param([a_risk(), of_class(13)], ["1 joined edit"], id="joined"),
    ],
)
def test_an_edit_in_blindness_keeps_saying_so(risks: list[Risk], told: list[str]) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    down = failing(desk.now, "expensify", is_permanent=True)
    desk.cycle(a_risk(), sight=down)
    assert desk.cycle(*risks, sight=down) == told
    assert "The monitor cannot see everything now" in desk.said()


def test_sight_takes_the_note_away() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(a_risk(), sight=failing(desk.now, "expensify", is_permanent=True))
    desk.cycle(a_risk())
    assert "cannot see" not in desk.said(-2)


def test_news_and_blindness_at_once_are_one_edit() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    down = failing(desk.now, "expensify", is_permanent=True)
    told = desk.cycle(a_risk(), of_class(13), sight=down)
    assert told == ["1 joined edit", "1 blind reply"]
    assert "The monitor cannot see everything now" in desk.said(-2)


def test_sight_and_an_ending_at_once_are_told_in_that_order() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(sight=failing(desk.now, is_permanent=True), is_read=False)
    assert desk.cycle() == ["1 resolved edit", "1 sighted reply", "1 resolved reply"]


def test_when_its_alert_closes_a_lasting_blindness_gets_a_message_of_its_own() -> None:
    desk = Desk()
    desk.cycle(a_department())
    desk.cycle(a_department(), sight=NO_CLASSES)
    assert desk.cycle(sight=NO_CLASSES) == [*RESOLVED, "2 blind post"]
    assert desk.cycle() == ["2 sighted edit", "2 sighted reply"]


def test_how_long_it_was_blind_counts_from_the_last_good_reading() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    down = failing(at("12:15"), is_permanent=True)
    desk.cycle(sight=down, is_read=False)
    desk.cycle(a_risk(), sight=WHOLE, after=hours(1))
    assert "after 1 h 30 min" in desk.said()


def test_its_own_message_never_names_a_passing_cause_that_made_way_for_another() -> None:
    desk = Desk()
    desk.cycle(sight=NO_CLASSES)
    assert desk.cycle(sight=failing(desk.now), is_read=False) == LESS
    assert desk.cycle(sight=failing(desk.now, "expensify")) == LESS
    assert "NetSuite: the role" not in desk.said()
