"""A press does what its button says, to an alert that is open, and says so in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.adapters.slack.pressing import Action, Press
from monitor.adapters.slack.socket_mode import LONGEST_ANSWER, NOT_OURS
from monitor.adapters.store import Store
from monitor.cli.demo.clock import StoryClock
from monitor.core.alerts import Alert, Outcome, RiskState, TrackedRisk
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.errors import StoreError, UsageError
from monitor.presses import NO_RISK, NOT_NOW, Presses
from tests.core.builders import NOW, US, a_risk

DAY = timedelta(hours=24)


@dataclass(slots=True)
class Controls:
    """What acknowledging and snoozing were asked for, with the database they were given."""

    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    fails: Exception | None = None

    def acknowledge(self, store: Store, target: str, **how: Any) -> None:
        self._note("ack", store, target, how)

    def snooze(self, store: Store, target: str, **how: Any) -> None:
        self._note("snooze", store, target, how)

    def _note(self, word: str, store: Store, target: str, how: dict[str, Any]) -> None:
        with store.immediate():  # the database can be written
            self.asked.append((word, target, how))
        self.threads.add(threading.current_thread().name)
        if self.fails is not None:
            raise self.fails


@dataclass(slots=True)
class Office:
    """Alert 7 is open with two risks, alert 8 without any, alert 6 is closed."""

    path: Path
    controls: Controls = field(default_factory=Controls)
    explain: Callable[[str, datetime], str] = lambda name, now: f"about {name} at {now:%H:%M}"

    def press(self, action: str, alert_id: int = 7) -> str:
        presses = Presses(
            self.path,
            StoryClock(NOW),
            Voice(),
            self.controls.acknowledge,
            self.controls.snooze,
            self.explain,
            every=timedelta(minutes=20),
        )
        return presses.answer(Press(Action[action], alert_id, "Dana Lee", "C0123456789", "1.5"))


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
    how = {"author": "Dana Lee", "reason": "by its button in Slack", "now": NOW, "for_": DAY}
    assert office.controls.asked == [("ack", "7", how)]


def test_snooze_holds_for_a_day_in_the_name_of_who_pressed(office: Office) -> None:
    said = office.press("SNOOZE")
    assert said == (
        "Alert 7 is snoozed until Nov 25, 2026 12:00 UTC: "
        "its message is kept up to date, and only its end is told. "
        "Its message shows it after the next cycle, within 20 min."
    )
    how = {"author": "Dana Lee", "reason": "by its button in Slack", "now": NOW, "for_": DAY}
    assert office.controls.asked == [("snooze", "7", {**how, "until_worse": False})]


def test_explain_tells_of_every_risk_of_the_alert_and_changes_nothing(office: Office) -> None:
    assert office.press("EXPLAIN") == (
        f"about {US}/class:12 at 12:00\n\nabout {US}/class:13 at 12:00"
    )
    assert office.controls.asked == []


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
    assert office.controls.asked == []
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
    office.controls.fails = error
    with capture_logs() as logs:
        assert office.press("ACK") == said
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
    assert office.controls.threads == {"press"}
