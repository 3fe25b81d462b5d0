"""What people lay over alerts: acknowledged, snoozed, silenced, and what is told all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.core.alerts import AlertPolicy, Matcher, Overlay, Reason, Sort
from monitor.core.message.plain import as_text
from monitor.core.risks import Certainty, Risk
from tests.core.alert_builders import (
    WHOLE,
    Desk,
    a_failed,
    a_submitted,
    as_seen_from,
    failing,
    of_class,
)
from tests.core.builders import NOW, UK, US, a_risk, an_exposed_report, hours

OPENED, REMINDED = ["1 opened post"], ["1 reminder reply"]
EDITED = ["1 changed edit"]
RESOLVED = ["1 resolved edit", "1 resolved reply"]
WORSE = ["1 worse edit", "1 worse reply"]
FAILED = ["1 failed_for_real edit", "1 failed_for_real reply"]
DAILY = AlertPolicy(remind_every=hours(24))
QUIET = a_risk(a_submitted())
"""A risk that can still get worse."""
ALL_CLASSES = Matcher(kind="class")


def told_of(*risks: Risk) -> Desk:
    """A desk that reminds daily, and told of these risks (default: one)."""
    desk = Desk(DAILY)
    desk.cycle(*(risks or [QUIET]))
    return desk


@pytest.mark.parametrize(
    "laid",
    [
        pytest.param({"sort": Sort.ACK}, id="acknowledged"),
        pytest.param({"sort": Sort.SNOOZE}, id="snoozed"),
        pytest.param({"sort": Sort.SILENCE, "matcher": ALL_CLASSES}, id="silenced"),
        pytest.param(
            {"sort": Sort.ACK, "fingerprint": QUIET.fingerprint}, id="the risk acknowledged"
        ),
        pytest.param({"sort": Sort.SNOOZE, "fingerprint": QUIET.fingerprint}, id="it snoozed"),
    ],
)
def test_an_overlay_shows_in_the_message_and_reminds_nobody(laid: dict[str, Any]) -> None:
    desk = told_of()
    desk.lay(**laid, expires_at=desk.now + hours(200))
    assert desk.cycle(QUIET) == EDITED
    assert "by Dana Lee until" in desk.said()
    assert desk.cycle(QUIET, after=hours(100)) == []
    assert desk.cycle() == RESOLVED


@pytest.mark.parametrize("sort", [Sort.ACK, Sort.SNOOZE])
@pytest.mark.parametrize("whom", [{"alert_id": 1}, {"fingerprint": QUIET.fingerprint}])
def test_what_is_laid_ends_with_its_alert_and_what_comes_again_is_told(
    sort: Sort, whom: dict[str, Any]
) -> None:
    desk = told_of()
    desk.lay(sort, **whom)
    desk.cycle(QUIET)
    assert [one.lifted_at for one in desk.overlays] == [None]
    assert desk.cycle() == RESOLVED
    assert [one.lifted_at for one in desk.overlays] == [desk.now]
    assert desk.cycle(QUIET) == ["1 reopened edit", "1 reopened reply"]
    assert "Dana Lee until" not in desk.said()


def test_an_overlay_that_is_lifted_leaves_the_message() -> None:
    desk = told_of()
    desk.lay(Sort.ACK)
    desk.cycle(QUIET)
    desk.overlays = [replace(one, lifted_at=desk.now) for one in desk.overlays]
    assert desk.cycle(QUIET) == EDITED
    assert "Dana Lee until" not in desk.said()
    assert desk.cycle(QUIET) == []


@pytest.mark.parametrize(
    ("laid", "now", "told"),
    [
        pytest.param(Sort.ACK, a_risk(), WORSE, id="acknowledged: what is worse is told"),
        pytest.param(
            Sort.ACK, a_risk(a_failed()), [WORSE[0], WORSE[1], FAILED[1]], id="and a refusal"
        ),
        pytest.param(Sort.SNOOZE, a_risk(), EDITED, id="snoozed: what is worse is only shown"),
        pytest.param(Sort.SNOOZE, a_risk(a_failed()), EDITED, id="and so is a refusal"),
    ],
)
def test_what_is_told_under_an_overlay(laid: Sort, now: Risk, told: list[str]) -> None:
    desk = told_of()
    desk.lay(laid)
    desk.cycle(QUIET)
    assert desk.cycle(now) == told
    assert desk.cycle(now) == []


@pytest.mark.parametrize("laid", [Sort.ACK, Sort.SNOOZE])
def test_the_end_is_told_under_any_overlay(laid: Sort) -> None:
    desk = told_of()
    desk.lay(laid)
    desk.cycle(QUIET)
    assert desk.cycle() == RESOLVED


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param(a_risk(), WORSE, id="worse"),
        pytest.param(a_risk(a_failed(state=QUIET.reports[0].state)), FAILED, id="failed for real"),
    ],
)
def test_a_snooze_until_it_gets_worse_is_broken(now: Risk, told: list[str]) -> None:
    desk = told_of()
    snooze = desk.lay(Sort.SNOOZE, is_until_worse=True, expires_at=None)
    assert desk.cycle(QUIET) == EDITED
    assert desk.cycle(QUIET, after=hours(500)) == []
    assert desk.cycle(now) == told
    assert [one.overlay_id for one in desk.overlays if one.lifted_at] == [snooze.overlay_id]
    assert desk.cycle(now, after=hours(24)) == REMINDED


def test_a_snooze_that_nothing_worse_breaks_is_not_lifted() -> None:
    desk = told_of()
    desk.lay(Sort.SNOOZE, is_until_worse=True, expires_at=None)
    desk.cycle(QUIET)
    desk.cycle(a_risk(a_submitted(), full_name="Sales : Ads"))
    assert [one.lifted_at for one in desk.overlays] == [None]


def test_a_silence_is_broken_by_nothing() -> None:
    desk = told_of()
    desk.lay(Sort.SILENCE, matcher=ALL_CLASSES, is_until_worse=True)
    desk.cycle(QUIET)
    assert desk.cycle(a_risk()) == EDITED
    assert [one.lifted_at for one in desk.overlays] == [None]


def test_what_opens_under_a_snooze_until_it_gets_worse_is_told_whole() -> None:
    desk = Desk(DAILY)
    desk.lay(Sort.SNOOZE, fingerprint=a_risk().fingerprint, is_until_worse=True)
    loud = of_class(13, a_submitted("R2"))
    assert desk.cycle(a_risk(), loud) == OPENED
    assert desk.cycle(a_risk(), loud) == []
    assert [one.lifted_at for one in desk.overlays] == [None]


def test_another_snooze_still_mutes_when_one_is_broken() -> None:
    desk = told_of()
    desk.lay(Sort.SNOOZE, is_until_worse=True, expires_at=None)
    desk.lay(Sort.SNOOZE)
    desk.cycle(QUIET)
    assert desk.cycle(a_risk()) == EDITED
    assert [one.lifted_at for one in desk.overlays] == [None, None]


# -- a snooze runs out ----------------------------------------------------------------------------


def test_a_snooze_that_runs_out_on_a_living_alert_is_one_reminder() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.lay(Sort.SNOOZE, expires_at=desk.now + hours(2))
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(), after=hours(2)) == ["1 changed edit", "1 reminder reply"]
    assert "The time for which it was snoozed is over" in desk.said()
    assert desk.cycle(a_risk(), after=hours(500)) == []


@pytest.mark.parametrize(
    ("laid", "said"),
    [
        pytest.param([(Sort.SNOOZE, 1)], "snoozed", id="a snooze"),
        pytest.param([(Sort.SILENCE, 1)], "silenced", id="a silence"),
        pytest.param([(Sort.SNOOZE, 1), (Sort.SILENCE, 2)], "silenced", id="a longer silence"),
        pytest.param([(Sort.SILENCE, 1), (Sort.SNOOZE, 2)], "snoozed", id="a longer snooze"),
    ],
)
@pytest.mark.parametrize("is_blind", [True, False])
def test_its_end_says_what_it_was(
    laid: list[tuple[Sort, int]], said: str, *, is_blind: bool
) -> None:
    desk = Desk()
    desk.cycle(QUIET)
    for sort, last in laid:
        whom = {"matcher": ALL_CLASSES} if sort is Sort.SILENCE else {}
        desk.lay(sort, expires_at=desk.now + hours(last), **whom)
    desk.cycle(QUIET)
    if is_blind:
        desk.cycle(sight=failing(desk.now), is_read=False, after=hours(3))
        desk.cycle(QUIET)
    desk.cycle(QUIET, after=hours(3))
    reminders = [one.message for one in desk.letters if one.reason is Reason.REMINDER]
    assert len(reminders) == 1
    assert f"The time for which it was {said} is over" in as_text(reminders[0])


@pytest.mark.parametrize(
    ("before", "under_it"),
    [
        pytest.param(
            a_risk(a_submitted(), certainty=Certainty.LIKELY), QUIET, id="it became certain"
        ),
        pytest.param(QUIET, a_risk(), id="its first report was approved"),
        pytest.param(QUIET, a_risk(a_failed()), id="NetSuite refused a report"),
        pytest.param(
            a_risk(), a_risk(a_failed("R1"), a_failed("R2")), id="twice as many were approved"
        ),
    ],
)
def test_its_end_says_once_what_happened_under_it(before: Risk, under_it: Risk) -> None:
    desk = told_of(before)
    desk.lay(Sort.SNOOZE, expires_at=desk.now + hours(2))
    assert desk.cycle(under_it) == EDITED
    assert desk.cycle(under_it, after=hours(2)) == [*EDITED, *REMINDED]
    assert desk.cycle(under_it, after=hours(1)) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"lifted": True}, id="somebody lifted it: whoever did knows"),
        pytest.param({"acknowledged": True}, id="somebody acknowledged it meanwhile"),
        pytest.param({"gone": True}, id="the alert is over"),
    ],
)
def test_a_snooze_that_is_no_reminder(fields: dict[str, bool]) -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.lay(Sort.SNOOZE, expires_at=desk.now + hours(2))
    desk.cycle(a_risk())
    if "lifted" in fields:
        desk.overlays = [replace(one, lifted_at=desk.now) for one in desk.overlays]
        desk.cycle(a_risk())
    if "acknowledged" in fields:
        desk.lay(Sort.ACK)
    risks = [] if "gone" in fields else [a_risk()]
    told = [one for _ in range(3) for one in desk.cycle(*risks, after=hours(2))]
    assert not [one for one in told if "reminder" in one]


def test_a_snooze_that_runs_out_in_blindness_reminds_when_it_can_be_seen_again() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.lay(Sort.SNOOZE, expires_at=desk.now + hours(1))
    desk.cycle(a_risk())
    sight = failing(desk.now)
    assert "1 reminder reply" not in desk.cycle(sight=sight, is_read=False, after=hours(2))
    assert "1 reminder reply" in [*desk.cycle(a_risk()), *desk.cycle(a_risk())]


def test_a_clock_that_jumps_back_into_a_snooze_does_not_repeat_its_end() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    desk.lay(Sort.SNOOZE, expires_at=desk.now + hours(2))
    desk.cycle(a_risk())
    desk.cycle(a_risk(), after=hours(2))
    assert desk.cycle(a_risk(), after=-hours(2)) == EDITED
    assert desk.cycle(a_risk(), after=hours(2)) == EDITED


# -- one of several -------------------------------------------------------------------------------


def test_a_snoozed_record_mutes_only_itself() -> None:
    loud = of_class(13, a_submitted("R2"))
    desk = told_of(QUIET, loud)
    desk.lay(Sort.SNOOZE, fingerprint=QUIET.fingerprint)
    desk.cycle(QUIET, loud)
    assert desk.cycle(a_risk(), loud) == EDITED
    assert desk.cycle(a_risk(), of_class(13, a_failed("R2"))) == [*WORSE, FAILED[1]]
    assert "R1" not in desk.said()


def test_what_is_approved_under_a_snooze_of_one_record_is_not_told_of_the_other() -> None:
    loud = of_class(13, a_submitted("R2"))
    desk = told_of(QUIET, loud)
    desk.lay(Sort.SNOOZE, fingerprint=QUIET.fingerprint)
    desk.cycle(QUIET, loud)
    assert desk.cycle(a_risk(), loud) == EDITED
    assert desk.cycle(a_risk(), of_class(13, an_exposed_report("R2"))) == WORSE
    assert "R2 is approved" in desk.said()


def test_an_acknowledged_record_is_left_out_of_the_reminder() -> None:
    loud = of_class(13, a_submitted("R2"))
    desk = told_of(QUIET, loud)
    desk.lay(Sort.ACK, fingerprint=QUIET.fingerprint, expires_at=desk.now + hours(100))
    desk.cycle(QUIET, loud)
    assert desk.cycle(QUIET, loud, after=hours(24)) == REMINDED
    assert "R2" in desk.said()
    assert "R1" not in desk.said()


def test_a_muted_alert_shows_blindness_and_leaves_telling_it_to_a_message_of_its_own() -> None:
    desk = told_of()
    desk.lay(Sort.SNOOZE, expires_at=desk.now + hours(100))
    desk.cycle(QUIET)
    down = failing(desk.now)
    assert desk.cycle(sight=down, is_read=False, after=hours(1)) == ["1 blind edit", "2 blind post"]
    assert desk.cycle(QUIET) == ["1 sighted edit", "2 sighted edit", "2 sighted reply"]


def test_what_comes_back_while_it_is_snoozed_is_only_shown() -> None:
    desk = told_of()
    desk.cycle()
    desk.lay(Sort.SNOOZE)
    assert desk.cycle(QUIET) == ["1 reopened edit"]
    assert desk.open_alerts == [1]


# -- silence --------------------------------------------------------------------------------------


def silenced(matcher: Matcher = ALL_CLASSES, *, until: datetime | None = None) -> Desk:
    """A desk on which somebody silenced something before anything was at risk, for a day."""
    desk = Desk(DAILY)
    desk.lay(Sort.SILENCE, matcher=matcher, expires_at=until or NOW + hours(24))
    return desk


@pytest.mark.parametrize(
    ("matcher", "is_silent"),
    [
        pytest.param(Matcher(), True, id="no condition: everything"),
        pytest.param(Matcher("class"), True, id="the kind"),
        pytest.param(Matcher("department"), False, id="another kind"),
        pytest.param(Matcher(policy_id=US), True, id="the workspace"),
        pytest.param(Matcher(policy_id=UK), False, id="another workspace"),
        pytest.param(Matcher(pattern="Sales : Marketing"), True, id="the full name"),
        pytest.param(Matcher(pattern="marketing"), True, id="its last part, in any case"),
        pytest.param(Matcher(pattern="mark*"), True, id="a glob over the last part"),
        pytest.param(Matcher(pattern="sales : *"), True, id="a glob over the full name"),
        pytest.param(Matcher(pattern="Sales"), False, id="a part that is not the last"),
        pytest.param(Matcher(pattern="arket"), False, id="a piece of the name"),
        pytest.param(Matcher("class", "zz-*", US), False, id="all conditions must hold"),
    ],
)
def test_which_risks_a_silence_is_about(matcher: Matcher, *, is_silent: bool) -> None:
    assert silenced(matcher).cycle(a_risk()) == ([] if is_silent else OPENED)


def test_a_silenced_risk_stands_without_an_alert_until_the_silence_ends() -> None:
    desk = silenced(until=NOW + hours(2))
    assert desk.cycle(a_risk()) == []
    assert [(one.state.value, one.alert_id) for one in desk.living] == [("open", None)]
    assert desk.cycle(a_risk(a_failed()), after=hours(1)) == []
    assert desk.cycle(a_risk(a_failed()), after=hours(1)) == OPENED


def test_a_silenced_risk_that_ends_is_never_told() -> None:
    desk = silenced(until=NOW + hours(1))
    desk.cycle(a_risk())
    assert desk.cycle() == []
    assert desk.cycle(after=hours(2)) == []
    assert desk.open_alerts == []


def test_what_is_not_silenced_opens_an_alert_without_what_is() -> None:
    desk = silenced(Matcher(pattern="marketing"))
    assert desk.cycle(a_risk(), of_class(13)) == OPENED
    assert "Class “Sales : Marketing”" not in desk.said()


def test_a_silence_over_what_was_told_is_a_snooze() -> None:
    desk = told_of()
    desk.lay(Sort.SILENCE, matcher=ALL_CLASSES, expires_at=desk.now + hours(2))
    assert desk.cycle(QUIET) == EDITED
    assert desk.cycle(a_risk()) == EDITED
    assert desk.cycle(a_risk(), after=hours(2)) == [*EDITED, *REMINDED]
    assert desk.cycle(a_risk(), after=hours(1)) == []


def test_a_silence_keeps_an_old_alert_closed_until_it_ends() -> None:
    desk = told_of()
    desk.cycle()
    desk.lay(Sort.SILENCE, matcher=ALL_CLASSES, expires_at=desk.now + hours(2))
    assert desk.cycle(QUIET) == []
    assert desk.cycle(QUIET, after=hours(2)) == ["1 reopened edit", "1 reopened reply"]


def test_a_silence_of_another_workspace_shows_nowhere() -> None:
    desk = silenced(Matcher(policy_id=UK))
    assert desk.cycle(a_risk(), as_seen_from(a_risk(), UK)) == OPENED
    assert "Silenced" not in desk.said()


@pytest.mark.parametrize(
    ("overlay", "at", "is_active"),
    [
        pytest.param({}, hours(1), True, id="within its time"),
        pytest.param({}, hours(24), False, id="at its end"),
        pytest.param({"lifted_at": NOW}, hours(1), False, id="lifted"),
        pytest.param({"expires_at": None}, hours(9_999), True, id="without an end"),
    ],
)
def test_when_an_overlay_holds(overlay: dict[str, Any], at: timedelta, *, is_active: bool) -> None:
    laid = Overlay(1, Sort.ACK, "Dana Lee", "", NOW, **{"expires_at": NOW + hours(24), **overlay})
    assert laid.is_active(NOW + at) is is_active


def test_an_overlay_that_has_run_out_counts_for_nothing_even_if_it_is_handed_in() -> None:
    desk = told_of()
    desk.lay(Sort.SNOOZE, expires_at=desk.now - hours(1))
    memory = replace(desk.memory(), overlays=tuple(desk.overlays))
    assert desk.decide([QUIET], sight=WHOLE, memory=memory).letters == ()
