"""Every row of the table of decisions, as a person sees it who looks at the channel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.telling import Tale, a_tale

USING = ("R-1041", "R-1043", "R-1050")
LONG_QUIET = 'remind_every = "7d"'


@pytest.fixture
def tale(tmp_path: Path) -> Iterator[Tale]:
    """A quiet look at eight; nothing is at risk yet."""
    with a_tale(tmp_path, LONG_QUIET) as tale:
        yield tale


def opened(tale: Tale) -> Tale:
    """Marketing goes at nine: two approved reports will fail, a submitted one too."""
    tale.at("09:00").inactivate("class:12")
    return tale.at("09:15").expect("opened", reports=3)


def submitted_only(tale: Tale) -> Tale:
    """Field Sales goes at nine: one report uses it, which nobody has approved yet."""
    tale.at("09:00").inactivate("class:11")
    return tale.at("09:15").expect("opened", reports=1)


def test_opened_the_first_risks_post_the_parent(tale: Tale) -> None:
    opened(tale)
    tale.at("09:30").expect_nothing()


def test_joined_another_risk_inside_the_window_edits_the_parent(tale: Tale) -> None:
    opened(tale).at("09:40").inactivate("class:21")
    tale.at("09:45").expect("edited", says="3 reports", reports=4)


def test_after_the_window_another_risk_is_an_alert_of_its_own(tale: Tale) -> None:
    opened(tale).at("10:00").inactivate("class:21")
    tale.at("10:15").expect("opened", says="Alert 2", reports=1)


def test_changed_exposure_edits_the_parent_and_disturbs_nobody(tale: Tale) -> None:
    opened(tale).recode("R-1043")
    tale.at("09:30").expect("edited", says="1 report (USD 812.00", reports=2)


def test_worse_the_first_report_is_approved(tale: Tale) -> None:
    submitted_only(tale).approve("R-1047")
    tale.at("09:30").expect("edited", "LOUD worse", says="R-1047 is approved")
    tale.approve("R-1041").at("09:45").expect_nothing()


def test_worse_a_likely_failure_is_certain_now_and_no_sync_helps_any_more(tale: Tale) -> None:
    opened(tale).sync().reactivate("class:12").at("09:30")
    tale.expect("edited", says="Sync now fixes it").inactivate("class:12").at("09:45")
    tale.expect("edited", "LOUD worse", says="likely to fail, and are certain to fail now")
    assert "Sync alone does not fix it any more" in tale.fresh[-1]["text"]


def test_worse_twice_as_many_are_ready_but_only_once_a_day(tale: Tale) -> None:
    opened(tale).spend("R-1101").spend("R-1102")
    tale.at("09:30").expect("edited", "LOUD worse", says="4 now, 2 when that was last news")
    for number in range(3, 9):
        tale.spend(f"R-110{number}")
    tale.at("09:45").expect("edited")
    told = ("edited", "listed", "LOUD worse")
    tale.at("09:45", days=1).expect(*told, says="10 now, 4 when")


def test_failed_for_real_is_told_in_the_thread(tale: Tale) -> None:
    opened(tale).fail("R-1041")
    tale.at("09:30").expect("edited", "failed_for_real", says="R-1041: NetSuite refused its export")
    tale.at("09:45").expect_nothing()


def test_blind_a_passing_cause_is_told_after_an_hour_and_once(tale: Tale) -> None:
    opened(tale).blind("netsuite", "500")
    for time in ("09:30", "10:00"):
        tale.at(time).expect_nothing()
    tale.at("10:30").expect("edited", "blind")
    tale.at("10:45").expect_nothing()


@pytest.mark.parametrize("source", ["netsuite", "expensify"])
def test_blind_a_lasting_cause_is_told_at_once_and_sighted_when_it_is_over(
    tale: Tale, source: str
) -> None:
    opened(tale).blind(source, {"netsuite": "403", "expensify": "401"}[source])
    tale.at("09:30").expect("edited", "blind")
    tale.at("09:45").expect_nothing()
    tale.sight().at("10:00").expect("edited", "sighted")


def test_blind_with_no_alert_open_speaks_alone_after_an_hour(tale: Tale) -> None:
    tale.blind("netsuite", "403").at("08:15").expect_nothing()
    tale.at("09:01").expect("blind_alone")
    tale.at("09:15").expect_nothing()
    tale.sight().at("09:30").look()
    assert {one["text"].partition(":")[0] for one in tale.fresh} == {"The monitor sees again"}


def test_sighted_says_nothing_of_a_blindness_that_nobody_was_told(tale: Tale) -> None:
    opened(tale).blind("netsuite", "500").at("09:30").expect_nothing()
    tale.sight().at("09:45").expect_nothing()


def test_resolved_turns_the_parent_green_and_says_how_it_ended(tale: Tale) -> None:
    opened(tale).recode(*USING)
    tale.at("09:30").expect("green", "resolved", says="R-1050 were recoded")
    tale.at("09:45").expect_nothing()


def test_closed_is_part_of_the_last_resolved(tale: Tale) -> None:
    opened(tale).inactivate("class:21")
    tale.at("09:30").expect("edited", reports=4)
    tale.reactivate("class:21").at("09:45")
    tale.expect("edited", "resolved", says="The alert stays open: 1 other record")
    tale.reactivate("class:12").at("10:00").expect("green", "resolved")
    with tale.store() as store:
        assert store.alerts.open() == ()


def test_uncertain_an_import_that_stayed_unknown_is_never_called_resolved(tale: Tale) -> None:
    tale.world.netsuite.suiteql.hidden_tables.add("loginaudit")
    tale.at("09:00").scope("class:12", 2).at("09:15").expect("opened", reports=3)
    tale.at("09:20").sync().is_told_of_the_sync()
    tale.at("09:25").scope("class:12", 1).at("09:30").expect("edited", says="Sync")
    tale.at("11:15", days=1).expect_nothing()
    tale.at("11:30", days=1).expect("blind_edit", "uncertain", says="a daily sync was due")
    assert not any("Resolved" in one["text"] for one in tale.world.slack.messages)


def test_reopened_the_same_risk_within_a_week_returns_to_its_thread(tale: Tale) -> None:
    opened(tale).recode(*USING).at("09:30").expect("green", "resolved")
    tale.at("09:00", days=6).recode("R-1041", to="12")
    tale.at("09:15", days=6).expect("edited", "LOUD reopened")
    assert len(tale.channel) == 1


def test_after_a_week_the_same_risk_is_a_new_alert(tale: Tale) -> None:
    opened(tale).recode(*USING).at("09:30").expect("green", "resolved")
    tale.at("09:45", days=7).recode("R-1041", to="12").expect("opened", says="Alert 2")


def test_reminder_is_ever_more_seldom_up_to_a_week(tale: Tale) -> None:
    opened(tale).configure('remind_every = "2d"')
    for days, minutes in ((2, 20), (6, 25), (13, 30), (20, 35)):
        tale.at("09:10", days=days).expect_nothing()
        tale.at(f"09:{minutes}", days=days).expect("LOUD reminder")


def test_came_and_went_before_delivery_is_said_only_in_the_summary(tale: Tale) -> None:
    tale.configure('digest_at = "10:00"').slack_is("429").at("09:00").inactivate("class:12")
    tale.at("09:15").expect_nothing()
    tale.reactivate("class:12").at("09:30").expect_nothing()
    tale.slack_is("").at("09:45").expect_nothing()
    tale.at("10:00").look()
    assert [one["text"].partition(":")[0] for one in tale.channel] == ["Daily summary"]
    assert "1 alert came and went" in tale.channel[0]["text"]


def test_quiet_hours_hold_what_is_said_but_not_what_is_seen(tale: Tale) -> None:
    tale.configure('quiet_hours = "08:30-12:00"').at("09:00").inactivate("class:12")
    tale.at("09:15").expect_nothing()
    assert len(tale.open_risks()) == 1
    tale.recode("R-1043").at("09:30").expect_nothing()
    tale.fail("R-1041").at("09:45").expect_nothing()
    tale.at("12:00").expect("opened", says="1 already failed", reports=2)


def test_quiet_hours_let_pass_what_is_certain_when_they_are_told_to(tale: Tale) -> None:
    lines = ('quiet_hours = "08:30-12:00"', "quiet_hours_allow_certain = true")
    tale.configure(*lines).at("09:00").inactivate("class:11")
    tale.at("09:15").expect_nothing()  # nobody has approved its report
    tale.inactivate("class:12").at("10:00").expect("opened", reports=3)


def test_the_summary_comes_once_a_day_whatever_stands(tale: Tale) -> None:
    tale.configure('digest_at = "09:30"')
    opened(tale).at("09:30").look()
    assert [one["text"].partition(":")[0] for one in tale.fresh] == ["Daily summary"]
    assert "1 open alert" in tale.fresh[0]["text"]
    tale.at("09:45").expect_nothing()
