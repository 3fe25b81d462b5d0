"""The last alert that told of a risk and saw it end is remembered."""

from __future__ import annotations

from monitor.adapters.store import Store
from monitor.adapters.store.lives import PastAlert
from monitor.core.alerts import Alert, Outcome, RiskState, TrackedRisk
from tests.adapters.store_memory import in_memory, moment
from tests.adapters.test_store_alerts import US, tracked


def a_life(begun: int, ended: int, alert_id: int | None, record_id: str = "12") -> TrackedRisk:
    """A life of the risk that is over."""
    return tracked(
        record_id,
        state=RiskState.RESOLVED,
        opened_at=moment(begun),
        alert_id=alert_id,
        resolved_at=moment(ended),
        ended=f"it ended at {ended}",
    )


def remembering(*lives: TrackedRisk) -> Store:
    store = in_memory()
    alerts = (Alert(1, US, moment(1)), Alert(2, US, moment(1)))
    with store.immediate():
        store.alerts.apply(Outcome(lives, alerts, ()), moment(9))
    return store


def test_the_newest_that_was_told_is_the_last() -> None:
    """Another record's, one that nobody was told of, and one that lives are none of it."""
    alive = tracked(opened_at=moment(8))
    told = (a_life(1, 2, 1), a_life(3, 4, 2), a_life(5, 6, None), a_life(1, 7, 1, "13"), alive)
    with remembering(*told) as store:
        assert store.lives.last_told(f"{US}/class:12") == PastAlert(2, moment(4), "it ended at 4")


def test_without_an_end_that_was_told_there_is_none() -> None:
    with remembering(tracked(), a_life(3, 4, None)) as store:
        assert store.lives.last_told(f"{US}/class:12") is None
