"""An alert that nobody heard of and somebody snoozed: it is told whole when the snooze is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.alerts import Sort
from monitor.core.risks import Risk
from tests.core.alert_builders import Desk, a_submitted, of_class
from tests.core.builders import a_risk

QUIET = a_risk(a_submitted())


def an_unheard_alert(**snooze: object) -> Desk:
    """Its post was refused, or shadow mode kept it; then it was snoozed for a day."""
    desk = Desk()
    desk.cycle(QUIET)
    desk.lay(Sort.SNOOZE, **snooze)
    return desk


def next_cycle(
    desk: Desk, *risks: Risk, after: timedelta = timedelta(minutes=15)
) -> list[tuple[str, str]]:
    """What is told while the channel still shows nothing of the alert."""
    desk.now += after
    memory = replace(desk.memory(), unheard=frozenset({1}))
    outcome = desk.decide(risks, memory=memory)
    desk.keep(outcome)
    return [(letter.reason.code, letter.method.value) for letter in outcome.letters]


def test_a_snoozed_alert_that_nobody_heard_of_is_told_when_the_snooze_is_over() -> None:
    desk = an_unheard_alert()
    assert next_cycle(desk, QUIET) == []
    assert next_cycle(desk, a_risk(), of_class(13)) == [], "nor what joins or gets worse"
    opened = [("opened", "post")]
    assert next_cycle(desk, a_risk(), of_class(13), after=timedelta(days=1)) == opened
    assert desk.cycle(a_risk(), of_class(13)) == [], "and it is told once"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param(QUIET, [], id="it stands as it did"),
        pytest.param(a_risk(), [("opened", "post")], id="it got worse: the snooze is broken"),
    ],
)
def test_a_snooze_until_worse_keeps_it_back_until_it_is_worse(
    now: Risk, told: list[tuple[str, str]]
) -> None:
    assert next_cycle(an_unheard_alert(expires_at=None, is_until_worse=True), now) == told


def test_what_is_only_snoozed_in_part_is_told() -> None:
    desk = an_unheard_alert(fingerprint=QUIET.fingerprint)
    assert next_cycle(desk, QUIET, of_class(13)) == [("opened", "post")]
