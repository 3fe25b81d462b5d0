"""What is news and what is not: one cycle after another, and what each of them tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.alerts import Alert, AlertPolicy, Endings, Memory, decide
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, Risk
from monitor.core.sync import Imported
from tests.core.alert_builders import (
    NOTHING_ENDED,
    VOICE,
    WHOLE,
    Desk,
    a_draft,
    a_submitted,
    as_seen_from,
    ended_so,
    failing,
    of_class,
    reactivated,
)
from tests.core.builders import NOW, UK, a_remedy, a_risk, an_exposed_report, at

OPENED = ["1 opened post"]
RESOLVED = ["1 resolved edit", "1 resolved reply"]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("risk", "told"),
    [
        pytest.param(a_risk(), OPENED, id="an approved report will fail: a new alert"),
        pytest.param(a_risk(a_submitted()), OPENED, id="a submitted report is enough"),
        pytest.param(
            a_risk(an_exposed_report(state=ReportState.ARCHIVED)),
            OPENED,
            id="so is one that waits after its reimbursement",
        ),
        pytest.param(a_risk(a_draft()), [], id="drafts alone wake nobody"),
        pytest.param(a_risk(reports=()), [], id="a record that nobody uses wakes nobody"),
        pytest.param(
            a_risk(certainty=Certainty.POSSIBLE), [], id="what is only possible wakes nobody"
        ),
        pytest.param(reactivated(), OPENED, id="what is likely is told"),
        pytest.param(
            a_risk(a_draft("R1"), a_submitted("R2")), OPENED, id="one submitted among drafts: told"
        ),
    ],
)
def test_who_wakes_whom(risk: Risk, told: list[str]) -> None:
    desk = Desk()
    assert desk.cycle(risk) == told
    assert desk.states == {"class:12": "open" if told else "watch"}
    assert desk.cycle(risk) == []


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param([a_risk()], [a_risk()], [], id="nothing changed: silence"),
        pytest.param([], [], [], id="still nothing: silence"),
        pytest.param([], [a_risk()], OPENED, id="a first risk: a new message"),
        pytest.param([a_risk()], [], RESOLVED, id="the risk is gone: resolved, and closed"),
        pytest.param(
            [a_risk()], [a_risk(), of_class(13)], ["1 joined edit"], id="a second one soon: joined"
        ),
        pytest.param(
            [a_risk()],
            [a_risk(an_exposed_report("R1"), a_submitted("R2"))],
            ["1 changed edit"],
            id="another report: the parent is edited, the thread is not disturbed",
        ),
        pytest.param(
            [a_risk()],
            [reactivated()],
            ["1 changed edit"],
            id="another cause: the same risk goes on",
        ),
        pytest.param(
            [a_risk()],
            [a_risk(import_sentence="somebody read it", since=at("09:20"))],
            [],
            id="other words for the same facts: silence",
        ),
        pytest.param(
            [a_risk(), of_class(13)],
            [of_class(13)],
            RESOLVED,
            id="one of two is gone: said, and the alert goes on",
        ),
        pytest.param(
            [a_risk()],
            [of_class(13)],
            ["1 joined edit", "1 resolved reply"],
            id="one goes as another joins: the edit is news for a channel without edits too",
        ),
        pytest.param(
            [a_risk()], [a_risk(reports=())], RESOLVED, id="no report uses it any more: resolved"
        ),
        pytest.param(
            [a_risk()], [a_risk(a_draft())], RESOLVED, id="its reports are drafts again: resolved"
        ),
        pytest.param(
            [a_risk()],
            [a_risk(), as_seen_from(a_risk(), UK)],
            ["2 opened post"],
            id="the same class in another workspace: an alert of its own",
        ),
    ],
)
def test_what_the_second_cycle_tells(before: list[Risk], now: list[Risk], told: list[str]) -> None:
    desk = Desk()
    desk.cycle(*before)
    assert desk.cycle(*now) == told
    assert desk.cycle(*now) == []


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param({"full_name": "Sales : Ads"}, id="the record's name"),
        pytest.param({"cause": Cause.DELETED}, id="the cause"),
        pytest.param({"certainty": Certainty.LIKELY}, id="how sure it is"),
        pytest.param({"imported": Imported.YES}, id="whether Expensify has imported it"),
        pytest.param({"remedy": a_remedy(sync_helps="no")}, id="the remedy"),
        pytest.param({"changed_by": "Omar Haddad"}, id="who changed it"),
        pytest.param({"reports": (an_exposed_report("R2"),)}, id="the reports"),
    ],
)
def test_every_fact_that_the_parent_shows_edits_it(fact: dict[str, Any]) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(**fact)) == ["1 changed edit"]


@pytest.mark.parametrize(
    ("later", "told"),
    [
        pytest.param(40 * MINUTE - timedelta(seconds=1), ["1 joined edit"], id="39:59: it joins"),
        pytest.param(40 * MINUTE, ["2 opened post"], id="40:00: the window is over, a new alert"),
    ],
)
def test_the_join_window_is_fixed_from_the_first_risk_on(later: timedelta, told: list[str]) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(), of_class(13), after=later) == told


def test_joining_does_not_stretch_the_window() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(a_risk(), of_class(13), after=30 * MINUTE)
    assert desk.cycle(a_risk(), of_class(13), of_class(14), after=30 * MINUTE) == ["2 opened post"]


def test_the_window_is_the_configured_one() -> None:
    desk = Desk(AlertPolicy(join_window=timedelta(0)))
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(), of_class(13), after=MINUTE) == ["2 opened post"]


def test_a_bulk_edit_is_one_message() -> None:
    assert Desk().cycle(*(of_class(number) for number in range(30))) == OPENED


def test_one_edit_that_hits_two_workspaces_is_one_alert_each_posted_together() -> None:
    risk = a_risk()
    assert Desk().cycle(risk, as_seen_from(risk, UK)) == ["1 opened post", "2 opened post"]


def test_the_message_of_an_alert_lists_and_counts_a_draft_too() -> None:
    desk = Desk()
    assert desk.cycle(a_risk(an_exposed_report("R1"), a_draft("R2"))) == OPENED
    assert "1 more not yet approved" in desk.said()
    assert "(R2)" in desk.said()


def test_a_draft_that_is_submitted_opens_the_watched_risk() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_draft()))
    assert desk.cycle(a_risk(a_submitted())) == OPENED
    (one,) = desk.living
    assert (one.alert_id, one.opened_at) == (1, NOW + 15 * MINUTE)


def test_what_comes_back_while_its_alert_is_open_is_said_there() -> None:
    desk = Desk()
    desk.cycle(a_risk(), of_class(13))
    desk.cycle(a_risk(a_draft()), of_class(13))
    told = desk.cycle(a_risk(), of_class(13))
    assert told == ["1 reopened edit", "1 reopened reply"]
    assert desk.cycle() == RESOLVED
    assert desk.said(-2).count("“Sales : Marketing”") == 1


def test_the_same_decision_twice_makes_the_same_letters() -> None:
    desk = Desk()
    assert desk.decide([a_risk()]) == desk.decide([a_risk()])


def test_without_a_reading_of_netsuite_nothing_is_news() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    sight = failing(desk.now)
    assert desk.cycle(sight=sight, is_read=False) == []
    assert desk.states == {"class:12": "blind"}
    assert desk.cycle(a_risk()) == []
    assert desk.states == {"class:12": "open"}


def test_with_expensify_down_netsuite_still_opens_risks_on_the_last_known_reports() -> None:
    desk = Desk()
    assert desk.cycle(a_risk(), sight=failing(NOW, "expensify")) == OPENED


def test_a_partly_ended_alert_says_what_stays_open() -> None:
    desk = Desk()
    desk.cycle(a_risk(), of_class(13), of_class(14))
    desk.cycle(of_class(13), of_class(14), endings=ended_so("it is active again in NetSuite"))
    assert "The alert stays open: 2 other records are still at risk." in desk.said()
    assert "Class “Sales : Marketing”" not in desk.said(-2)


def test_the_last_edit_tells_of_every_risk_the_alert_ever_held() -> None:
    desk = Desk()
    desk.cycle(a_risk(), of_class(13))
    desk.cycle(of_class(13), endings=ended_so("it is active again in NetSuite"))
    desk.cycle(endings=ended_so("it is back in NetSuite", of_class(13)))
    assert desk.letters[-2].method == "edit"
    assert "How it ended: it is active again in NetSuite." in desk.said(-2)
    assert "How it ended: it is back in NetSuite." in desk.said(-2)
    assert "Marketing" not in desk.said(-1)


def test_an_alert_without_any_risk_is_closed_without_a_word() -> None:
    alert = Alert(4, "a workspace", opened_at=NOW)
    outcome = decide(
        (),
        Memory(alerts=(alert,), next_alert_id=5),
        sight=WHOLE,
        endings=NOTHING_ENDED,
        now=NOW,
        policy=AlertPolicy(),
        voice=VOICE,
    )
    assert outcome.letters == ()
    assert [one.is_open for one in outcome.alerts] == [False]


def test_a_failed_report_keeps_its_risk_open_until_it_is_exported() -> None:
    desk = Desk()
    waits = Endings({}, still_failed={"R1"})
    desk.cycle(a_risk(an_exposed_report("R1"), an_exposed_report("R2")))
    told = desk.cycle(endings=waits)
    assert told == ["1 failed_for_real edit", "1 failed_for_real reply"]
    assert desk.cycle(endings=waits) == []
    assert desk.states == {"class:12": "open"}
    assert desk.cycle(endings=ended_so("R1 was exported to NetSuite")) == RESOLVED


# -- a parent that never reached Slack ------------------------------------------------------------


class UnheardDesk(Desk):
    """A desk whose alerts, as the outbox knows, reached nobody."""

    def memory(self) -> Memory:
        memory = super().memory()
        return replace(memory, unheard=frozenset(alert.alert_id for alert in memory.alerts))


def test_an_alert_that_nobody_heard_of_is_posted_anew_with_all_there_is_now() -> None:
    desk = UnheardDesk()
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(), of_class(13)) == ["1 opened post"]
    assert "Class 13" in desk.said()
    assert len({letter.key for letter in desk.letters}) == 2


def test_an_alert_that_nobody_heard_of_is_posted_also_while_a_source_is_down() -> None:
    desk = UnheardDesk()
    desk.cycle(a_risk())
    assert desk.cycle(sight=failing(desk.now), is_read=False) == ["1 opened post"]


def test_other_news_of_an_alert_that_nobody_heard_of_follows_its_post() -> None:
    desk = UnheardDesk()
    desk.cycle(a_risk(), of_class(13))
    assert desk.cycle(a_risk()) == ["1 opened post", "1 resolved reply"]
    assert desk.cycle() == ["1 resolved edit", "1 resolved reply"]


def test_a_blindness_that_nobody_heard_of_is_posted_anew_until_it_is_over() -> None:
    desk = UnheardDesk()
    down = failing(desk.now)
    assert desk.cycle(sight=down, is_read=False, after=timedelta(hours=1)) == ["1 blind post"]
    assert desk.cycle(sight=down, is_read=False) == ["1 blind post"]
    assert desk.cycle() == ["1 sighted edit", "1 sighted reply"]
    assert desk.cycle() == []


def test_in_shadow_mode_nothing_is_promised_anew() -> None:
    desk = UnheardDesk(AlertPolicy(is_shadow=True))
    desk.cycle(a_risk())
    assert desk.cycle(a_risk()) == []
    desk.cycle()
    down = failing(desk.now)
    assert desk.cycle(sight=down, is_read=False, after=timedelta(hours=1)) == ["2 blind post"]
    assert desk.cycle(sight=down, is_read=False) == []


def test_what_came_and_went_unheard_and_comes_back_is_posted_anew() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle()
    memory = replace(desk.memory(), unheard=frozenset({1}))
    outcome = desk.decide([a_risk()], memory=memory)
    assert [(one.alert_id, one.reason.code, one.method) for one in outcome.letters] == [
        (1, "opened", "post")
    ]
    desk.keep(outcome)
    assert desk.cycle(a_risk()) == []


# -- a parent that does not show what it was to show ----------------------------------------------


class UnshownDesk(Desk):
    """A desk whose last edits, as the outbox knows, were refused."""

    def memory(self) -> Memory:
        memory = super().memory()
        return replace(memory, unshown=frozenset(alert.alert_id for alert in memory.alerts))


def test_an_edit_that_was_refused_is_promised_again() -> None:
    desk = UnshownDesk()
    desk.cycle(a_risk())
    assert desk.cycle(a_risk()) == ["1 changed edit"]
    assert desk.cycle() == RESOLVED


def test_in_shadow_mode_no_refused_edit_is_promised_again() -> None:
    desk = UnshownDesk(AlertPolicy(is_shadow=True))
    desk.cycle(a_risk())
    assert desk.cycle(a_risk()) == []


# -- clocks ---------------------------------------------------------------------------------------


def test_on_a_clock_that_jumped_back_an_old_alert_is_not_young_again() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(), of_class(13), after=-60 * MINUTE) == ["2 opened post"]
