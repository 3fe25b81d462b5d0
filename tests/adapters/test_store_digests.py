"""What a summary asks of the database: the last one, what was sent since, and what nobody heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.digests import SentDigest
from monitor.adapters.store.outbox import CAME_AND_WENT, Standing
from monitor.core.alerts import Alert, Letter, Method, Outcome, Reason
from tests.adapters.slack_channel import a_message
from tests.core.builders import at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "monitor.db") as store:
        yield store


def promise(store: Store, key: str, moment: datetime, *, alert: int | None = None) -> int:
    """A letter in the outbox: a summary, or of an alert; its row."""
    reason = Reason.DIGEST if alert is None else Reason.OPENED
    letter = Letter(key, reason, Method.POST, alert, a_message(key))
    alerts = () if alert is None else (Alert(alert, "P1", opened_at=moment),)
    with store.immediate():
        store.alerts.apply(Outcome(alerts=alerts, letters=(letter,)), moment)
    return store.outbox.undelivered()[-1].row


def sent(store: Store, row: int, moment: datetime) -> None:
    with store.immediate():
        store.outbox.sent(row, moment, Standing("C1", f"{row}.0"), method=Method.POST)


def test_a_summary_is_known_by_its_key_from_its_promise_on(store: Store) -> None:
    day = "digest-2026-11-24"
    assert store.digests.last_made_at(before=day) is None
    assert store.digests.free_key(day, is_shadow=False) == day
    promise(store, "digest-2026-11-23", at("09:00", day=23))
    promise(store, "digest-2026-11-24", at("09:00"))
    promise(store, "alert-1", at("10:00"), alert=1)
    assert store.digests.last_made_at(before=day) == at("09:00", day=23)
    assert store.digests.last_made_at(before="digest-2026-11-25") == at("09:00")
    assert store.digests.free_key(day, is_shadow=False) is None
    assert store.digests.free_key("digest-2026-11-25", is_shadow=True) == "digest-2026-11-25"


@pytest.mark.parametrize(
    ("why", "is_shadow", "key"),
    [
        pytest.param("shadow mode: told nobody", True, None, id="in the shadow once a day"),
        pytest.param("shadow mode: told nobody", False, "digest-2026-11-24-2", id="due again"),
        pytest.param("this channel has none", False, None, id="dropped for another reason"),
    ],
)
def test_a_summary_that_was_kept_back_is_due_again_after_the_shadow(
    store: Store, why: str, is_shadow: bool, key: str | None
) -> None:
    day = "digest-2026-11-24"
    row = promise(store, day, at("09:00"))
    store.outbox.dropped(row, why, at("09:01"))
    assert store.digests.free_key(day, is_shadow=is_shadow) == key
    if key is not None:
        promise(store, key, at("09:15"))
        assert store.digests.free_key(day, is_shadow=False) is None


def test_the_newest_summary_is_the_last_that_slack_took(store: Store) -> None:
    assert store.digests.newest_sent() is None
    row = promise(store, "digest-2026-11-23", at("09:00", day=23))
    sent(store, row, at("09:01", day=23))
    promise(store, "digest-2026-11-24", at("09:00"))
    sent(store, promise(store, "alert-1", at("10:00"), alert=1), at("10:00"))
    key, message = "digest-2026-11-23", a_message("digest-2026-11-23")
    assert store.digests.newest_sent() == SentDigest(
        key, "C1", f"{row}.0", message, at("09:00", day=23), at("09:01", day=23)
    )


def test_letters_are_counted_from_when_slack_took_them(store: Store) -> None:
    for minute, key in (("08:59", "early"), ("09:00", "at"), ("09:01", "late")):
        sent(store, promise(store, key, at("08:00")), at(minute))
    promise(store, "waits", at("09:30"))
    assert store.digests.sent_since(at("09:00")) == 2


def test_alerts_that_came_and_went_count_once_and_by_when_that_was_known(store: Store) -> None:
    rows = [promise(store, f"one-{n}", at("06:30"), alert=1) for n in (1, 2)]
    rows.append(promise(store, "two", at("06:30"), alert=2))
    other = promise(store, "three", at("06:30"), alert=3)
    with store.immediate():
        for row in rows:
            store.outbox.dropped(row, CAME_AND_WENT, at("08:00"))
        store.outbox.dropped(other, "a newer letter says it", at("08:00"))
    assert store.digests.came_and_went_since(at("08:00")) == 2, "promised before, dropped since"
    assert store.digests.came_and_went_since(at("08:01")) == 0


def test_exports_are_known_until_the_last_reading_before_the_moment(store: Store) -> None:
    assert store.digests.exports_known_until(at("09:00")) is None
    with store.immediate():
        for clock in ("08:00", "08:45", "09:15"):
            store.reports.new_reading(at(clock))
    assert store.digests.exports_known_until(at("09:00")) == at("08:45")
    assert store.digests.exports_known_until(at("09:15")) == at("09:15")
