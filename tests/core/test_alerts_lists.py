"""The list of all reports in an alert's thread: there when it is needed, and never a stale one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.adapters.store.bodies import from_body
from monitor.core.alerts import Reason, Sort, Told
from monitor.core.risks import ExposedReport, Risk
from tests.core.alert_builders import Desk, of_class
from tests.core.builders import a_risk, an_exposed_report

LISTED = "1 opened reply"


def some(count: int, first: int = 1) -> tuple[ExposedReport, ...]:
    """Approved reports, numbered from `first` on."""
    return tuple(an_exposed_report(f"R{first + number}") for number in range(count))


@pytest.mark.parametrize(
    ("before", "joining", "told"),
    [
        pytest.param(1, 30, ["1 joined edit", LISTED], id="one report and thirty more are listed"),
        pytest.param(12, 1, ["1 joined edit", LISTED], id="twelve reports and one are listed anew"),
        pytest.param(1, 2, ["1 joined edit"], id="three reports stand in the message"),
        pytest.param(12, 0, ["1 joined edit"], id="the same twelve reports are listed already"),
    ],
)
def test_an_alert_that_grows_by_joining_gets_its_list(
    before: int, joining: int, told: list[str]
) -> None:
    desk = Desk()
    desk.cycle(a_risk(*some(before)))
    joined = of_class(13, *(some(joining, first=before + 1) or some(before)))
    assert [one for one in desk.cycle(a_risk(*some(before)), joined) if "worse" not in one] == told
    if LISTED in told:
        listed = next(one for one in desk.letters[::-1] if one.reason is Reason.OPENED)
        assert listed.message.headline.startswith(f"all {before + joining} reports of this alert")
    assert desk.cycle(a_risk(*some(before)), joined) == []


@pytest.mark.parametrize(
    ("now", "is_listed"),
    [
        pytest.param(30, True, id="twice the reports are listed anew"),
        pytest.param(14, False, id="a few more reports are not"),
    ],
)
def test_an_alert_that_doubles_gets_its_list_anew(now: int, *, is_listed: bool) -> None:
    desk = Desk()
    desk.cycle(a_risk(*some(12)))
    assert (LISTED in desk.cycle(a_risk(*some(now)))) is is_listed


def grown_under_a_snooze() -> tuple[Desk, Risk, Risk]:
    """An alert of one report, snoozed for a day, that thirty more reports join."""
    desk = Desk()
    desk.cycle(a_risk(*some(1)))
    desk.lay(Sort.SNOOZE)
    return desk, a_risk(*some(1)), of_class(13, *some(30, first=2))


def test_what_joins_under_a_snooze_is_listed_when_it_is_over() -> None:
    desk, known, joined = grown_under_a_snooze()
    assert LISTED not in desk.cycle(known, joined)
    assert LISTED in desk.cycle(known, joined, after=timedelta(days=1))


def test_an_alert_of_an_earlier_version_knows_of_no_list() -> None:
    assert from_body(Told, '{"said":3}') == Told(said=3)
