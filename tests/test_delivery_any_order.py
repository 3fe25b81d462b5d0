"""Whatever fails and whoever is killed in whatever order: each alert is told, once, to its end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.alerts import AlertPolicy
from monitor.core.alerts.hours import QuietHours
from tests.adapters.slack_channel import Desk, a_desk

NO_ANSWERS = [
    *("drop", "cut", "500", "html", "429", "internal_error"),
    *("accept-then-drop", "accept-then-cut", "accept-then-500", "accept-then-html"),
]
REFUSALS = ["some_new_word", "ratelimited"]
NEWS = [
    "changed edit",
    "joined edit",
    "blind edit",
    "blind reply",
    "resolved edit",
    "sighted reply",
]

promises = st.tuples(st.just("promise"), st.integers(1, 3), st.sampled_from(NEWS))
faults = st.one_of(
    st.tuples(
        st.just("fault"), st.sampled_from(NO_ANSWERS), st.sampled_from(["chat.", "conv", ""])
    ),
    st.tuples(st.just("fault"), st.sampled_from(REFUSALS), st.just("chat.")),
)
times = st.tuples(st.just("passes"), st.integers(0, 60), st.none())
deliveries = st.tuples(st.sampled_from(["deliver", "killed"]), st.none(), st.none())
days = st.lists(st.one_of(promises, promises, faults, times, deliveries), max_size=12)


class Model:
    """What was promised, and so must stand in the channel in the end."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.parents: dict[int, str] = {}
        self.replies: dict[int, list[str]] = {}
        self._count = 0

    def promise(self, alert: int, news: str) -> None:
        if alert not in self.parents:
            news = "opened post"
        self._count += 1
        words = f"{alert}/{self._count}"
        self.desk.promise(f"{news} {words}", alert=alert)
        if news.endswith("reply"):
            self.replies.setdefault(alert, []).append(words)
        else:
            self.parents[alert] = words

    def do(self, step: tuple[str, object, object]) -> None:
        match step:
            case ("promise", int(alert), str(news)):
                self.promise(alert, news)
            case ("fault", str(fault), str(match)):
                self.desk.simulated.slack.faults.next(fault, match=match, detail="7")
            case ("passes", int(minutes), _):
                self.desk.passes(minutes=minutes)
            case ("deliver", _, _):
                self.desk.deliver()
            case ("killed", _, _):
                self.desk.is_killed_while_sending()

    def in_the_end(self) -> list[str]:
        """The channel as it must look once Slack works again, whatever came before."""
        return sorted(
            f"{words} <- {self.replies.get(alert, [])}" for alert, words in self.parents.items()
        )

    def now(self) -> list[str]:
        slack = self.desk.simulated.slack
        return sorted(
            f"{spoken(parent)} <- {[spoken(reply) for reply in slack.replies(parent['ts'])]}"
            for parent in slack.parents()
        )


def spoken(message: dict[str, str]) -> str:
    return message["text"].splitlines()[0].removeprefix("Exports at risk: ")


def plays(day: list[tuple[str, object, object]]) -> None:
    with a_desk() as desk:
        model = Model(desk)
        for step in day:
            model.do(step)
        desk.simulated.slack.faults.clear()
        for _ in range(4):
            desk.passes(minutes=30).deliver()
        assert set(desk.states()) <= {"sent", "dropped"}
        assert model.now() == model.in_the_end()


@settings(max_examples=20)
@given(days)
def test_every_alert_is_told_once_and_shows_its_end(
    day: list[tuple[str, object, object]],
) -> None:
    plays(day)


@pytest.mark.slow
@settings(max_examples=400)
@given(days)
def test_every_alert_is_told_once_and_shows_its_end_at_length(
    day: list[tuple[str, object, object]],
) -> None:
    plays(day)


# --- with quiet hours

NIGHT = QuietHours(time(20), time(7), UTC)
SAID_ELSEWHERE = {
    "said together with a later letter",
    "the alert's message says it as it is known now",
}
hours_that_pass = st.tuples(st.just("passes"), st.integers(0, 900), st.none())
nights = st.lists(
    st.one_of(promises, promises, faults, hours_that_pass, hours_that_pass, deliveries),
    max_size=14,
)


def times_said(desk: Desk, words: str) -> int:
    """How often the channel says it, in whatever message."""
    lines = [
        line.strip() for one in desk.simulated.slack.messages for line in one["text"].splitlines()
    ]
    return lines.count(f"Exports at risk: {words}")


def fates(desk: Desk) -> dict[str, str]:
    """Of each letter by its words: sent, or why it was left out."""
    with closing(sqlite3.connect(desk.path)) as db:
        rows = db.execute(
            "select key, case state when 'sent' then state else error end from outbox"
        )
        return {key.removeprefix("letter-"): fate for key, fate in rows}


def plays_through_nights(day: list[tuple[str, object, object]]) -> None:
    with a_desk() as desk:
        desk.policy = AlertPolicy(quiet_hours=NIGHT)
        model = Model(desk)
        for step in day:
            model.do(step)
        desk.simulated.slack.faults.clear()
        while not 7 <= desk.now.hour < 17:
            desk.passes(hours=1)
        for _ in range(4):
            desk.passes(minutes=30).deliver()
        posted = [float(one["ts"].split(".")[0]) for one in desk.simulated.slack.messages]
        moments = [datetime.fromtimestamp(ts, UTC) for ts in posted]
        # A post begins before the hours and may be stamped a second later.
        assert not [at for at in moments if NIGHT.covers(at) and NIGHT.covers(at - A_MOMENT)]
        shown = {spoken(parent) for parent in desk.simulated.slack.parents()}
        assert shown == set(model.parents.values()), "every alert stands once, as it is now"
        letters = fates(desk)
        for words in (words for said in model.replies.values() for words in said):
            fate = letters[words.partition("/")[2]]
            is_shown_by_parent = fate == "the alert's message says it as it is known now"
            assert fate == "sent" or fate in SAID_ELSEWHERE
            assert times_said(desk, words) == (0 if is_shown_by_parent else 1)


A_MOMENT = timedelta(minutes=1)


@settings(max_examples=20)
@given(nights)
def test_nobody_is_disturbed_in_quiet_hours_and_nothing_is_lost(
    day: list[tuple[str, object, object]],
) -> None:
    plays_through_nights(day)


@pytest.mark.slow
@settings(max_examples=400)
@given(nights)
def test_nobody_is_disturbed_in_quiet_hours_and_nothing_is_lost_at_length(
    day: list[tuple[str, object, object]],
) -> None:
    plays_through_nights(day)
