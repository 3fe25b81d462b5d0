"""An alert whose parent Slack refused: not forgotten, and told once the cause is mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.app import App
from monitor.config.load import load
from monitor.core.alerts import Alert, Outcome
from monitor.delivery import DeliveryResult, keep_to_itself
from monitor.simulator.sample import MARKETING
from tests.adapters.slack_channel import NINE, Desk, a_desk
from tests.scenarios.story import Story, a_story

REFUSED = ("not_in_channel", "invalid_auth")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def unheard(desk: Desk) -> set[int]:
    with Store.open(desk.path) as store:
        return set(store.alerts.memory(desk.now).unheard)


def run_once(story: Story, time: str) -> int:
    """The exit code of `monitor run --once` at that time."""
    story.at(time)
    return App(load(story.config), story.clock).run_once()


def refuses(story: Story, fault: str) -> None:
    story.world.slack.faults.always(fault, match="chat.")


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refused_alert_is_told_once_when_the_cause_is_mended(tmp_path: Path, fault: str) -> None:
    with a_story(tmp_path) as story:
        assert run_once(story, "08:00") == 0
        refuses(story, fault)
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert [run_once(story, time) for time in ("09:15", "09:30")] == [4, 4]
        story.world.slack.faults.clear()
        story.office.recode("R-1041", "Sales : Marketing", "Sales : Field Sales")
        assert run_once(story, "09:45") == 0
        (message,) = story.channel
        assert "1 report (USD 1,300.50, 1 person)" in message["text"], "as it is now"
        assert run_once(story, "10:00") == 0
        assert len(story.world.slack.messages) == 1
        with story.store() as store:
            assert store.outbox.delivery()[:3] == (0, 0, "")


def test_a_refused_blindness_of_its_own_is_told_once_when_the_cause_is_mended(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.netsuite.faults.always("500")
        refuses(story, "not_in_channel")
        for time in ("09:15", "09:30"):
            assert story.told(story.at(time).cycle()) == ["blind post"]
        story.world.slack.faults.clear()
        assert story.told(story.at("09:45").cycle()) == ["blind post"]
        assert story.told(story.at("10:00").cycle()) == []
        assert len(story.world.slack.messages) == 1


def test_a_refused_alert_that_ends_came_and_went(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        refuses(story, "not_in_channel")
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        story.world.slack.faults.clear()
        story.tables.reactivate("class", MARKETING)
        assert story.told(story.at("09:30").cycle()) == ["resolved edit", "resolved reply"]
        assert story.channel == []
        with story.store() as store:
            assert store.digests.came_and_went_since(NINE) == 1


def test_an_alert_is_unheard_from_its_refusal_until_its_parent_is_on_its_way(desk: Desk) -> None:
    desk.promise("opened post 1")
    assert unheard(desk) == set(), "it waits"
    desk.simulated.slack.faults.always("not_in_channel")
    desk.deliver()
    assert unheard(desk) == {1}
    desk.promise("blind reply news")
    assert unheard(desk) == {1}, "a reply is no parent"
    desk.promise("joined edit 2")
    assert unheard(desk) == set(), "an edit without its parent becomes it"
    desk.deliver()
    assert unheard(desk) == {1}
    desk.simulated.slack.faults.clear()
    desk.promise("opened post 3", "blind reply news")
    assert desk.deliver().error == ""
    assert unheard(desk) == set()


def test_a_closed_alert_is_never_unheard(desk: Desk) -> None:
    desk.simulated.slack.faults.always("not_in_channel")
    desk.promise("opened post 1")
    desk.deliver()
    with Store.open(desk.path) as store, store.immediate():
        closed = Alert(1, "P1", opened_at=NINE, closed_at=NINE + timedelta(hours=1))
        store.alerts.apply(Outcome(alerts=(closed,)), desk.now)
    assert unheard(desk) == set()
    assert desk.deliver().error == ""


def test_a_round_that_sends_nothing_still_says_that_an_alert_is_unheard(desk: Desk) -> None:
    desk.simulated.slack.faults.next("not_in_channel")
    desk.promise("opened post 1")
    first = desk.deliver().error
    assert first
    assert desk.deliver() == DeliveryResult(sent=0, waiting=0, dead=1, error=first)


def test_what_was_refused_before_the_last_good_letter_is_over(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next("msg_too_long", times=2)
    desk.promise("blind reply news")
    assert desk.deliver().dead == 1
    desk.promise("sighted reply news")
    assert desk.deliver() == DeliveryResult(sent=1, waiting=0, dead=0, error="")
    with Store.open(desk.path) as store:
        assert store.outbox.delivery().last_error == ""


# --- what the channel refused, and takes again


def closes(desk: Desk) -> None:
    with Store.open(desk.path) as store, store.immediate():
        closed = Alert(1, "P1", opened_at=NINE, closed_at=desk.now)
        store.alerts.apply(Outcome(alerts=(closed,)), desk.now)


def refused_news(desk: Desk, word: str) -> None:
    """An alert stands, and what is to be said of it next is refused for good."""
    desk.promise("opened post 1", alert=1)
    desk.deliver()
    desk.promise("worse edit 2", "worse reply approved", alert=1)
    desk.simulated.slack.faults.always(word, match="chat.")
    desk.deliver()
    desk.simulated.slack.faults.clear()
    assert desk.states() == ["sent", "dead", "dead"]


@pytest.mark.parametrize("word", ["not_in_channel", "is_archived", "token_revoked"])
def test_news_that_the_channel_refused_is_told_when_it_takes_letters_again(
    desk: Desk, word: str
) -> None:
    refused_news(desk, word)
    desk.promise("opened post another", alert=2)
    assert desk.passes(hours=1).deliver().sent == 2
    assert desk.channel() == ["1", "  approved", "another"], "a later edit shows the rest"


def test_how_a_closed_alert_ended_is_shown_as_well(desk: Desk) -> None:
    refused_news(desk, "not_in_channel")
    closes(desk)
    desk.promise("opened post another", alert=2)
    desk.deliver()
    assert desk.channel() == ["2", "  approved", "another"]


def test_what_the_channel_refused_is_told_although_there_is_no_other_news(desk: Desk) -> None:
    refused_news(desk, "token_revoked")
    assert desk.passes(minutes=15).deliver().sent == 1
    assert desk.channel() == ["1", "  approved"]


def test_of_all_that_is_refused_one_letter_is_tried_again_by_each_cycle(desk: Desk) -> None:
    refused_news(desk, "token_revoked")
    closes(desk)
    desk.simulated.slack.faults.always("token_revoked", match="chat.")
    for cycles in (1, 2):
        desk.simulated.slack.calls.clear()
        assert "token was revoked" in desk.passes(minutes=15 * cycles).deliver().error
        assert len(desk.simulated.slack.calls) == 1


def test_of_the_lists_of_an_alert_only_the_newest_is_told(desk: Desk) -> None:
    for number in (1, 2):
        desk.promise(f"opened post {number}", f"opened reply list {number}")
        if number == 1:
            desk.simulated.slack.faults.always("invalid_auth", match="chat.")
            desk.deliver()
            desk.simulated.slack.faults.clear()
    for _ in range(2):
        desk.passes(minutes=15).deliver()
    assert desk.channel() == ["2", "  list 2"]


def test_the_newest_summary_of_a_day_is_told_late_and_an_older_one_never(desk: Desk) -> None:
    for day in ("monday", "tuesday"):
        desk.promise(f"digest post {day}", alert=None)
        desk.simulated.slack.faults.always("invalid_auth", match="chat.")
        desk.deliver()
        desk.simulated.slack.faults.clear()
    desk.promise("opened post another", alert=2)
    desk.deliver()
    assert desk.channel() == ["tuesday", "another"]


def test_news_that_is_refused_for_its_words_stays_refused(desk: Desk) -> None:
    refused_news(desk, "msg_too_long")
    desk.promise("opened post another", alert=2)
    for _ in range(2):
        desk.passes(minutes=15).deliver()
    assert desk.channel() == ["1", "another"]


def test_news_of_more_than_a_day_ago_is_not_told_again(desk: Desk) -> None:
    refused_news(desk, "not_in_channel")
    desk.passes(hours=24, minutes=1).promise("opened post another", alert=2)
    for _ in range(2):
        desk.passes(minutes=15).deliver()
    assert desk.channel() == ["1", "another"]


# --- shadow mode


def test_the_shadow_drops_what_nobody_can_have_heard_of_and_keeps_the_rest(desk: Desk) -> None:
    desk.promise("opened post told", alert=1)
    desk.deliver()
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post in doubt", alert=2)
    desk.deliver()
    desk.promise("resolved edit over", alert=1)
    desk.promise("resolved edit over", alert=2)
    desk.promise("opened post never sent", "blind reply", alert=3)
    with Store.open(desk.path) as store:
        assert keep_to_itself(store, desk.simulated.clock) == DeliveryResult()
    assert desk.states() == ["sent", "sending", "queued", "queued", "dropped", "dropped"]
    assert unheard(desk) == {3}


@pytest.mark.parametrize(
    ("is_shadow", "channel"),
    [
        pytest.param(True, ["3", "  sees again"], id="what waited in the shadow is one reply"),
        pytest.param(False, ["3", "  cannot see", "  sees again"], id="what just waited is not"),
    ],
)
def test_what_waited_for_the_end_of_the_shadow_is_told_as_one(
    desk: Desk, *, is_shadow: bool, channel: list[str]
) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    for letters in (("blind edit 2", "blind reply cannot see"), ("sighted edit 3",)):
        desk.passes(minutes=15).promise(*letters)
    desk.promise("sighted reply sees again")
    if is_shadow:
        with Store.open(desk.path) as store:
            keep_to_itself(store, desk.simulated.clock)
    desk.passes(minutes=15).deliver()
    assert desk.channel() == channel
