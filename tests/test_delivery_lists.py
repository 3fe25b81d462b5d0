"""The list in an alert's thread while letters wait: the newest, and only where it is needed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.adapters.store import Store
from monitor.core.alerts import Alert, Letter, Method, Outcome, Reason
from tests.adapters.slack_channel import NINE, Desk, a_desk, a_message


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def shows(desk: Desk, reason: Reason, method: Method, count: int) -> None:
    """A cycle promises the alert's message with so many reports, of which it shows ten at most."""
    message = a_message(f"{count} reports", more_reports=max(0, count - 10))
    letter = Letter(f"{method}-{count}", reason, method, 1, message)
    with Store.open(desk.path) as store, store.immediate():
        alerts = (Alert(1, "P1", opened_at=NINE),)
        store.alerts.apply(Outcome(alerts=alerts, letters=(letter,)), desk.now)


def opens(desk: Desk, count: int) -> None:
    shows(desk, Reason.OPENED, Method.POST, count)
    desk.promise(f"opened reply list of {count}")


def grows(desk: Desk, count: int) -> None:
    shows(desk.passes(minutes=15), Reason.JOINED, Method.EDIT, count)


@pytest.mark.parametrize("hours", [1, 25])
def test_of_two_lists_that_wait_the_newer_is_enough(desk: Desk, hours: int) -> None:
    opens(desk, 12)
    grows(desk, 30)
    desk.promise("opened reply list of 30")
    desk.passes(hours=hours).deliver()
    assert desk.channel() == ["30 reports", "  list of 30"]


@pytest.mark.parametrize(
    ("count", "channel"),
    [
        pytest.param(9, ["9 reports"], id="its message shows all of them by now"),
        pytest.param(11, ["11 reports", "  list of 12"], id="its message still leaves some out"),
    ],
)
@pytest.mark.parametrize("stands", [True, False])
def test_a_list_goes_out_late_only_where_it_is_needed(
    desk: Desk, count: int, channel: list[str], *, stands: bool
) -> None:
    if stands:
        desk.promise("opened post 1 report")
        desk.deliver()
        grows(desk, 12)
        desk.promise("opened reply list of 12")
    else:
        opens(desk, 12)
    shows(desk.passes(minutes=15), Reason.CHANGED, Method.EDIT, count)
    desk.passes(hours=25).deliver()
    assert desk.channel() == channel
