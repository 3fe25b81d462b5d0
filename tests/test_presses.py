"""A press does what its button says, to an alert that is open, and says so in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.adapters.slack.pressing import Action, Press
from monitor.adapters.slack.socket_mode import LONGEST_ANSWER, NOT_OURS
from monitor.adapters.store import Store
from monitor.adapters.store.sources import BUTTONS
from monitor.cli.demo.clock import StoryClock
from monitor.core.alerts import Alert, Outcome, Overlay, RiskState, Sort, TrackedRisk
from monitor.core.freshness import SourceFreshness
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.errors import DeliveryError, StoreError, UsageError
from monitor.presses import NO_RISK, NOT_NOW, Presses, forget_buttons
from tests.core.builders import NOW, US, a_risk

DAY = timedelta(hours=24)


@dataclass(slots=True)
class Office:
    """Alert 7 is open with two risks, alert 8 without any, alert 6 is closed."""

    path: Path
    explain: Callable[[str, datetime], str] = lambda name, now: f"about {name} at {now:%H:%M}"

    def laid(self) -> tuple[Overlay, ...]:
        with Store.open(self.path) as store:
            return store.overlays.all()

    def presses(self, minutes: int = 0) -> Presses:
        """So long after the beginning."""
        return Presses(
            self.path,
            StoryClock(NOW + timedelta(minutes=minutes)),
            Voice(),
            self.explain,
            every=timedelta(minutes=20),
        )

    def press(self, action: str, alert_id: int = 7) -> str:
        press = Press(Action[action], alert_id, "Dana Lee", "C0123456789", "1.5")
        return self.presses().answer(press)

    def buttons(self) -> SourceFreshness:
        with Store.open(self.path) as store:
            return store.sources.freshness(BUTTONS)


def a_tracked(record_id: str, alert_id: int | None = 7) -> TrackedRisk:
    risk = a_risk(ref=Ref("class", record_id))
    return TrackedRisk(risk, RiskState.OPEN, NOW, alert_id)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    path = tmp_path / "monitor.db"
    alerts = (
        Alert(6, US, opened_at=NOW - DAY, closed_at=NOW),
        Alert(7, US, opened_at=NOW),
        Alert(8, US, opened_at=NOW),
    )
    risks = (a_tracked("12"), a_tracked("13"), a_tracked("14", None))
    with Store.open(path) as store, store.immediate():
        store.alerts.apply(Outcome(alerts=alerts, tracked=risks), NOW)
    yield Office(path)


def test_acknowledge_holds_for_a_day_in_the_name_of_who_pressed(office: Office) -> None:
    said = office.press("ACK")
    assert said == (
        "Alert 7 is acknowledged until Nov 25, 2026 12:00 UTC: "
        "no reminders until then; worse news and its end are still told. "
        "Its message shows it after the next cycle, within 20 min."
    )
    assert office.laid() == (
        Overlay(1, Sort.ACK, "Dana Lee", "by its button in Slack", NOW, NOW + DAY, alert_id=7),
    )


def test_snooze_holds_for_a_day_in_the_name_of_who_pressed(office: Office) -> None:
    said = office.press("SNOOZE")
    assert said == (
        "Alert 7 is snoozed until Nov 25, 2026 12:00 UTC: "
        "its message is kept up to date, and only its end is told. "
        "Its message shows it after the next cycle, within 20 min."
    )
    assert office.laid() == (
        Overlay(1, Sort.SNOOZE, "Dana Lee", "by its button in Slack", NOW, NOW + DAY, alert_id=7),
    )


def test_explain_tells_of_every_risk_of_the_alert_and_changes_nothing(office: Office) -> None:
    assert office.press("EXPLAIN") == (
        f"about {US}/class:12 at 12:00\n\nabout {US}/class:13 at 12:00"
    )
    assert office.laid() == ()


def test_an_alert_without_a_risk_is_explained_in_a_sentence(office: Office) -> None:
    assert office.press("EXPLAIN", 8) == NO_RISK


@pytest.mark.parametrize(
    ("length", "names"),
    [
        pytest.param(10_000, "12", id="the first is longer than a message"),
        pytest.param(2_990, "13", id="the second begins where a message ends"),
        pytest.param(1_600, "13", id="the second does not fit whole"),
    ],
)
def test_an_explanation_ends_where_a_message_does_and_names_the_command_for_the_rest(
    office: Office, length: int, names: str
) -> None:
    office.explain = lambda _name, _now: "x" * length
    said = office.press("EXPLAIN")
    ending = f"… all of it: monitor explain {US}/class:{names}"
    assert (len(said), said.splitlines()[-1]) == (LONGEST_ANSWER, ending)


def test_explanations_that_just_fit_are_told_whole(office: Office) -> None:
    office.explain = lambda _name, _now: "x" * 1_499
    assert office.press("EXPLAIN") == "x" * 1_499 + "\n\n" + "x" * 1_499


@pytest.mark.parametrize("action", [action.name for action in Action])
@pytest.mark.parametrize(
    "alert_id", [pytest.param(6, id="a closed alert"), pytest.param(99, id="an unknown alert")]
)
def test_a_stale_button_changes_nothing_says_so_and_is_recorded(
    office: Office, action: str, alert_id: int
) -> None:
    with capture_logs() as logs:
        assert office.press(action, alert_id) == NOT_OURS
    assert office.laid() == ()
    assert [(line["event"], line["alert"]) for line in logs] == [("press_refused", alert_id)]


@pytest.mark.parametrize(
    ("error", "said", "event"),
    [
        pytest.param(UsageError("no such alert"), NOT_OURS, "press_refused", id="closed meanwhile"),
        pytest.param(StoreError("the disk is full"), NOT_NOW, "press_failed", id="a full disk"),
    ],
)
def test_what_cannot_be_done_is_said_to_the_person_and_to_the_log(
    office: Office, error: Exception, said: str, event: str
) -> None:
    def explain(_name: str, _now: datetime) -> str:
        raise error

    office.explain = explain
    with capture_logs() as logs:
        assert office.press("EXPLAIN") == said
    assert [line["event"] for line in logs] == [event]


@pytest.mark.parametrize("action", [action.name for action in Action])
def test_what_was_done_is_logged_with_who_pressed(office: Office, action: str) -> None:
    with capture_logs() as logs:
        office.press(action)
    what = {"action": Action[action].value, "alert": 7, "by": "Dana Lee"}
    assert logs == [{"event": "pressed", "log_level": "info", **what}]


def test_a_database_that_cannot_be_opened_is_no_end_of_the_buttons(office: Office) -> None:
    office.path.write_bytes(b"this is no database" * 99)
    assert office.press("EXPLAIN") == NOT_NOW


def test_presses_beside_a_cycle_that_reads_do_not_wait_for_it(office: Office) -> None:
    with Store.open(office.path) as cycle:
        cycle.alerts.open()
        thread = threading.Thread(target=office.press, args=("ACK",), name="press")
        thread.start()
        thread.join()
        assert [one.sort for one in office.laid()] == [Sort.ACK]


REVOKED = DeliveryError("the app token was revoked", code="token_revoked", is_permanent=True)


def test_it_is_remembered_since_when_no_press_comes_and_that_presses_come_again(
    office: Office,
) -> None:
    office.presses().stands(None)
    assert office.buttons() == SourceFreshness(BUTTONS, NOW)
    office.presses(minutes=5).stands(DeliveryError("no way", code="unreachable"))
    office.presses(minutes=10).stands(REVOKED)
    since = NOW + timedelta(minutes=5)
    assert office.buttons() == SourceFreshness(BUTTONS, NOW, since, str(REVOKED), True)
    office.presses(minutes=15).stands(None)
    assert office.buttons() == SourceFreshness(BUTTONS, NOW + timedelta(minutes=15))


def test_what_cannot_be_remembered_is_said_and_ends_nothing(office: Office) -> None:
    office.path.write_bytes(b"this is no database" * 99)
    with capture_logs() as logs:
        office.presses().stands(REVOKED)
    assert [line["event"] for line in logs] == ["buttons_not_remembered"]


def test_without_a_socket_its_old_trouble_is_nobodys(office: Office) -> None:
    office.presses().stands(REVOKED)
    with Store.open(office.path) as store:
        forget_buttons(store)
    assert office.buttons() == SourceFreshness(BUTTONS)
