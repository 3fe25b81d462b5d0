"""Whatever fails and whoever is killed in whatever order: each alert is told, once, to its end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
