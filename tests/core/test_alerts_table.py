"""The table of decisions: what was told, what stands now, and what of that is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.core.alerts import Endings, Sight
from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Certainty, ExposedReport, RemedyCode, Risk
from tests.core.alert_builders import (
    Desk,
    a_draft,
    a_failed,
    a_submitted,
    as_seen_from,
    ended_so,
    not_sure,
    of_class,
    reactivated,
)
from tests.core.builders import NOW, UK, a_remedy, a_risk, an_exposed_report, at, hours

WORSE = ["1 worse edit", "1 worse reply"]
FAILED = ["1 failed_for_real edit", "1 failed_for_real reply"]
CHANGED = ["1 changed edit"]
REOPENED = ["1 reopened edit", "1 reopened reply"]


def approved(*numbers: int) -> tuple[ExposedReport, ...]:
    """Reports that wait for their export only."""
    return tuple(an_exposed_report(f"R{number}") for number in numbers)


def sync_cures(*reports: ExposedReport, code: RemedyCode = RemedyCode.SYNC) -> Risk:
    """A risk that Sync alone ends."""
    return a_risk(*reports, remedy=a_remedy(code, sync_helps="yes"))


def sync_is_no_cure(code: RemedyCode = RemedyCode.RECODE_OR_REACTIVATE) -> Risk:
    """A risk that Sync does not end."""
    return a_risk(remedy=a_remedy(code, sync_helps="no"))


@pytest.mark.parametrize(
    ("before", "now", "told", "words"),
    [
        pytest.param(
            a_risk(a_submitted()),
            a_risk(),
            WORSE,
            "R1 is approved: the next export would try it.",
            id="the first report is approved: worse",
        ),
        pytest.param(
            a_risk(a_submitted("R1"), a_submitted("R2")),
            a_risk(*approved(1, 2)),
            WORSE,
            "R1 and R2 are approved: the next export would try them.",
            id="two at once are approved first: both are named",
        ),
        pytest.param(
            a_risk(*map(a_submitted, ["R1", "R2", "R3", "R4", "R5", "R6", "R7"])),
            a_risk(*approved(1, 2, 3, 4, 5, 6, 7)),
            WORSE,
            "R1, R2, R3, R4, R5 and 2 more are approved",
            id="of many that are approved first, five are named",
        ),
        pytest.param(
            a_risk(a_submitted()),
            a_risk(an_exposed_report(state=ReportState.REIMBURSED)),
            WORSE,
            "R1 is approved",
            id="reimbursed is later than approved, and worse all the same",
        ),
        pytest.param(
            a_risk(a_submitted("R1"), a_submitted("R2")),
            a_risk(a_submitted("R1"), an_exposed_report("R2", certainty=Certainty.POSSIBLE)),
            CHANGED,
            "",
            id="approved, but its failure is merely possible: no news",
        ),
        pytest.param(
            a_risk(a_submitted("R1"), a_submitted("R2")),
            a_risk(a_submitted("R1"), an_exposed_report("R2", is_export_unclear=True)),
            CHANGED,
            "",
            id="approved, but perhaps exported already: no news",
        ),
        pytest.param(
            a_risk(*approved(1, 2)),
            a_risk(*approved(1, 2, 3)),
            CHANGED,
            "",
            id="one more approved report, less than twice as many: only the figures",
        ),
        pytest.param(
            a_risk(*approved(1, 2)),
            a_risk(*approved(1, 2, 3, 4)),
            WORSE,
            "Reports that are ready to export: 4 now, 2 when that was last news.",
            id="twice as many approved reports: worse",
        ),
        pytest.param(
            a_risk(*approved(1)),
            a_risk(*approved(1), a_submitted("R2"), a_submitted("R3")),
            CHANGED,
            "",
            id="more reports that are not approved yet: only the figures",
        ),
        pytest.param(
            a_risk(a_submitted(), certainty=Certainty.LIKELY),
            a_risk(a_submitted()),
            WORSE,
            "Marketing”: its exports were likely to fail, and are certain to fail now.",
            id="what was likely is certain: worse",
        ),
        pytest.param(
            a_risk(),
            a_risk(certainty=Certainty.LIKELY),
            CHANGED,
            "",
            id="what was certain is only likely: no news",
        ),
        pytest.param(
            sync_cures(),
            sync_is_no_cure(),
            WORSE,
            "Class “Sales : Marketing”: Sync alone does not fix it any more.",
            id="Sync was the cure and is none any more: the remedy flipped",
        ),
        pytest.param(
            sync_cures(code=RemedyCode.SYNC_TO_BE_SURE),
            sync_is_no_cure(RemedyCode.FIX_CONNECTION),
            WORSE,
            "Sync alone does not fix it any more.",
            id="Sync was to make sure, and the connection is broken: the remedy flipped",
        ),
        pytest.param(
            sync_is_no_cure(),
            sync_cures(),
            CHANGED,
            "",
            id="Sync has become the cure: better, so no news",
        ),
        pytest.param(
            sync_cures(),
            sync_cures(code=RemedyCode.SYNC_TO_BE_SURE),
            CHANGED,
            "",
            id="Sync stays the cure: no flip",
        ),
        pytest.param(
            a_risk(),
            a_risk(a_failed()),
            FAILED,
            "R1: NetSuite refused its export; automatic export of it is paused.",
            id="NetSuite refused a report: said as that, and not as worse",
        ),
        pytest.param(
            a_risk(*approved(1, 2)),
            a_risk(a_failed("R1"), a_failed("R2")),
            FAILED,
            "R1 and R2: NetSuite refused their export; automatic export of them is paused.",
            id="NetSuite refused two: one reply",
        ),
        pytest.param(
            a_risk(a_failed()),
            a_risk(a_failed(), a_submitted("R2")),
            CHANGED,
            "",
            id="it had failed before the alert opened: the first message told it",
        ),
        pytest.param(
            a_risk(a_submitted("R1"), certainty=Certainty.LIKELY),
            a_risk(a_failed("R1")),
            [*WORSE, FAILED[1]],
            "",
            id="worse and failed at once: each has its reply, the message is edited once",
        ),
    ],
)
def test_what_is_worse_than_was_told(before: Risk, now: Risk, told: list[str], words: str) -> None:
    desk = Desk()
    desk.cycle(before)
    assert desk.cycle(now) == told
    assert words in desk.said()
    assert desk.cycle(now) == []


@pytest.mark.parametrize(
    ("risks", "told"),
    [
        pytest.param(
            [a_submitted("R2")], ["1 joined edit"], id="one that is not approved: only joined"
        ),
        pytest.param(
            approved(2),
            ["1 joined edit", "1 worse reply"],
            id="the first approved report comes with it: the whole channel hears",
        ),
        pytest.param(
            [a_failed("R2", state=ReportState.SUBMITTED)],
            ["1 joined edit", "1 failed_for_real reply"],
            id="a refused report comes with it: said",
        ),
    ],
)
def test_what_another_risk_brings_with_it(risks: Sequence[ExposedReport], told: list[str]) -> None:
    desk = Desk()
    first = a_risk(a_submitted("R1"))
    desk.cycle(first)
    assert desk.cycle(first, of_class(13, *risks)) == told
    assert desk.cycle(first, of_class(13, *risks)) == []


def test_reports_that_come_with_another_risk_are_no_doubling() -> None:
    desk = Desk()
    desk.cycle(a_risk(*approved(1, 2)))
    joined = of_class(13, *approved(3, 4))
    assert desk.cycle(a_risk(*approved(1, 2)), joined) == ["1 joined edit"]
    assert desk.cycle(a_risk(*approved(1, 2, 5, 6)), joined) == CHANGED
    assert desk.cycle(a_risk(*approved(1, 2, 5, 6, 7, 8)), joined) == WORSE
    assert "8 now, 2 when" not in desk.said()


@pytest.mark.parametrize(
    ("after", "told"),
    [
        pytest.param(hours(24) - timedelta(seconds=1), CHANGED, id="within a day: not again"),
        pytest.param(hours(24), WORSE, id="a day later: again"),
        pytest.param(-hours(3), CHANGED, id="the clock jumped back three hours: not again"),
        pytest.param(-hours(48), WORSE, id="the clock jumped back two days: nothing is lost"),
    ],
)
def test_doubling_is_told_at_most_once_a_day(after: timedelta, told: list[str]) -> None:
    desk = Desk()
    desk.cycle(a_risk(*approved(1)))
    assert desk.cycle(a_risk(*approved(1, 2))) == WORSE
    assert desk.cycle(a_risk(*approved(1, 2, 3, 4)), after=after) == told
    assert desk.cycle(a_risk(*approved(1, 2, 3, 4)), after=timedelta(0)) == []


def test_a_doubling_that_had_to_wait_is_told_when_the_day_is_over() -> None:
    desk = Desk()
    desk.cycle(a_risk(*approved(1)))
    desk.cycle(a_risk(*approved(1, 2)))
    desk.cycle(a_risk(*approved(1, 2, 3, 4)))
    assert desk.cycle(a_risk(*approved(1, 2, 3, 4)), after=hours(24)) == WORSE
    assert "4 now, 2 when" in desk.said()


def test_the_first_approval_is_told_once_in_the_life_of_an_alert() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_submitted()))
    assert desk.cycle(a_risk()) == WORSE
    assert desk.cycle(a_risk(a_submitted())) == CHANGED
    assert desk.cycle(a_risk()) == CHANGED


def test_what_fades_and_comes_back_as_sure_as_it_was_told_is_no_news() -> None:
    desk = Desk()
    submitted = a_submitted()
    desk.cycle(a_risk(submitted, certainty=Certainty.LIKELY))
    desk.cycle(a_risk(submitted, certainty=Certainty.POSSIBLE))
    assert desk.cycle(a_risk(submitted, certainty=Certainty.LIKELY)) == CHANGED
    assert desk.cycle(a_risk(submitted)) == WORSE


def test_certain_likely_and_certain_again_are_two_changes() -> None:
    desk = Desk()
    desk.cycle(a_risk(certainty=Certainty.LIKELY))
    assert desk.cycle(a_risk()) == WORSE
    assert desk.cycle(a_risk(certainty=Certainty.LIKELY)) == CHANGED
    assert desk.cycle(a_risk()) == WORSE


def test_a_report_that_fails_again_after_a_good_export_is_told_again() -> None:
    desk = Desk()
    desk.cycle(a_risk(*approved(1, 2)))
    failed = a_risk(a_failed("R1"), *approved(2))
    assert desk.cycle(failed) == FAILED
    assert desk.cycle(a_risk(*approved(2))) == CHANGED
    assert desk.cycle(failed) == FAILED


def test_a_report_whose_cause_went_as_it_failed_is_told_as_failed() -> None:
    desk = Desk()
    waits = Endings({}, still_failed={"R1"})
    desk.cycle(a_risk())
    assert desk.cycle(endings=waits) == FAILED
    assert desk.cycle(endings=waits) == []


def test_an_alert_of_a_version_that_kept_nothing_of_this_says_nothing_of_it() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_submitted()))
    desk.forget_what_was_told(1)
    assert desk.cycle(a_risk(a_failed())) == CHANGED
    assert desk.cycle(a_risk(*approved(1, 2))) == WORSE


# -- the same risk again --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "told"),
    [
        pytest.param(timedelta(minutes=15), REOPENED, id="soon: the old alert opens again"),
        pytest.param(timedelta(days=7), REOPENED, id="seven days later: still the old one"),
        pytest.param(
            timedelta(days=7, seconds=1), ["2 opened post"], id="later than that: a new one"
        ),
        pytest.param(-hours(3), REOPENED, id="the clock jumped back: the old one"),
    ],
)
def test_the_same_risk_again_belongs_to_its_old_alert(later: timedelta, told: list[str]) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(endings=ended_so("it is active again in NetSuite"))
    assert desk.open_alerts == []
    assert desk.cycle(a_risk(), after=later) == told
    assert desk.open_alerts == [int(told[0][0])]
    assert desk.cycle(a_risk()) == []


def test_what_is_back_says_when_it_was_over_and_how() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(endings=ended_so("it is active again in NetSuite"))
    desk.cycle(a_risk())
    over = "Class “Sales : Marketing” (Nov 24, 2026 12:30 UTC): it is active again in NetSuite."
    assert over in desk.said()
    assert desk.letters[-1].is_broadcast


def test_what_is_back_ends_after_its_new_life_not_after_all_of_them() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(after=hours(1))
    desk.cycle(a_risk(), after=hours(100))
    desk.cycle(after=hours(2))
    assert [letter.message.headline for letter in desk.letters[-2:]] == [
        "1 report (USD 812.00) no longer at risk, after 2 h"
    ] * 2


def test_what_is_back_says_all_there_is_at_once() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_submitted(), certainty=Certainty.LIKELY))
    desk.cycle()
    assert desk.cycle(a_risk(a_failed())) == REOPENED
    assert desk.cycle(a_risk(a_failed())) == []


def test_in_the_new_life_of_an_alert_the_first_approval_is_news_again() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle()
    assert desk.cycle(a_risk(a_submitted())) == REOPENED
    assert desk.cycle(a_risk()) == WORSE


def test_in_the_new_life_of_an_alert_its_old_blindness_is_no_news() -> None:
    desk = Desk()
    department = a_risk(ref=Ref("department", "3"), full_name="Travel")
    no_classes = Sight(is_whole=True, blind_kinds=(("class", "the role may not see classes"),))
    desk.cycle(department)
    assert desk.cycle(department, sight=no_classes) == ["1 blind edit", "1 blind reply"]
    desk.cycle(sight=no_classes)
    assert desk.open_alerts == [2]
    assert desk.cycle(department) == ["2 sighted edit", "2 sighted reply", *REOPENED]


def test_what_comes_back_beside_what_stands_is_said_as_that_alone() -> None:
    desk = Desk()
    stands = of_class(13, a_submitted("R2"))
    desk.cycle(a_risk(a_submitted()), stands)
    desk.cycle(stands)
    assert desk.cycle(a_risk(a_failed()), stands) == REOPENED


def test_what_comes_back_with_many_reports_lists_them_all() -> None:
    desk = Desk()
    many = a_risk(*approved(*range(11)))
    desk.cycle(many)
    desk.cycle()
    assert desk.cycle(many) == [REOPENED[0], "1 opened reply", REOPENED[1]]


def test_what_is_worth_no_message_reopens_nothing() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle()
    assert desk.cycle(a_risk(a_draft())) == []
    assert desk.open_alerts == []


def test_what_ended_unknown_and_is_seen_to_be_missing_is_said_in_its_old_alert() -> None:
    desk = Desk()
    desk.cycle(reactivated())
    desk.cycle(not_sure(), after=hours(27))
    assert desk.cycle(reactivated()) == REOPENED


def test_several_that_come_back_to_one_alert_are_one_reply() -> None:
    desk = Desk()
    several = [a_risk(), of_class(13)]
    desk.cycle(*several)
    desk.cycle()
    assert desk.cycle(*several) == REOPENED


def test_what_is_new_beside_what_is_back_has_an_alert_of_its_own() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.cycle(after=hours(1))
    assert desk.cycle(a_risk(), of_class(13)) == [*REOPENED, "2 opened post"]


def test_an_alert_that_opened_again_is_closed_with_all_it_ever_held() -> None:
    desk = Desk()
    desk.cycle(a_risk(), of_class(13))
    desk.cycle()
    desk.cycle(a_risk())
    assert desk.cycle() == ["1 resolved edit", "1 resolved reply"]
    assert "Class 13" in desk.said(-2)
    assert desk.open_alerts == []


# -- one edit, several workspaces -----------------------------------------------------------------


def test_alerts_of_one_edit_stand_next_to_each_other_and_name_each_other() -> None:
    desk = Desk()
    between = as_seen_from(of_class(13), "DE")
    told = desk.cycle(a_risk(), between, as_seen_from(a_risk(), UK))
    assert told == ["1 opened post", "3 opened post", "2 opened post"]
    assert "The same edit also hits Acme UK." in desk.said(0)
    assert "The same edit also hits Acme US." in desk.said(1)
    assert "also hits" not in desk.said(2)


def test_the_same_record_edited_at_another_time_is_another_edit() -> None:
    desk = Desk()
    desk.cycle(a_risk(), as_seen_from(a_risk(since=at("07:00")), UK))
    assert "also hits" not in desk.said(-1) + desk.said(-2)


def test_what_no_edit_is_known_of_is_no_edit_of_several_workspaces() -> None:
    desk = Desk()
    timeless = a_risk(since=None)
    desk.cycle(timeless, as_seen_from(timeless, UK))
    assert "also hits" not in desk.said(-1) + desk.said(-2)


# -- keys -----------------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_makes_no_key_twice() -> None:
    desk = Desk()
    for reports in (approved(1, 2), approved(1, 2, 3), approved(1, 2), approved(1, 2, 3)):
        desk.now = NOW
        desk.cycle(a_risk(*reports))
    keys = [letter.key for letter in desk.letters]
    assert keys == ["alert-1-opened-post-0", *(f"alert-1-changed-edit-{n}" for n in (1, 2, 3))]
