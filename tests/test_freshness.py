"""How far an answer can be believed: its age, blind lists, sources that fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.answers.freshness import Freshness, ago
from monitor.core.alerts import SourceFreshness
from monitor.core.records import ListReading, ListState, Snapshot

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
EVERY = timedelta(minutes=15)


def a_freshness(
    *lists: ListReading, minutes: float = 5, sources: tuple[SourceFreshness, ...] = ()
) -> Freshness:
    newest = Snapshot(7, NOW - timedelta(minutes=minutes))
    return Freshness(NOW, EVERY, newest, lists, sources)


@pytest.mark.parametrize(
    ("minutes", "doubts"),
    [
        pytest.param(45, 0, id="three cycles old: believed"),
        pytest.param(45.1, 1, id="older than three cycles: doubted"),
    ],
)
def test_a_snapshot_older_than_three_cycles_is_doubted(minutes: float, doubts: int) -> None:
    assert len(a_freshness(minutes=minutes).age_doubts()) == doubts


def test_the_doubt_says_how_old_and_what_to_do() -> None:
    assert a_freshness(minutes=140).age_doubts() == (
        "NetSuite was last read 2 h 20 min ago: is `monitor run` running? "
        "(`monitor status` shows why)",
    )


READ = ListReading("class", ListState.READ, 10)
BLIND = ListReading("department", ListState.BLIND, detail="grant Lists > Departments")
HELD = ListReading("location", ListState.HELD)
OFF = ListReading("project", ListState.OFF, detail="the feature Projects is off")


def test_blind_and_held_lists_are_doubted_each_with_what_to_do() -> None:
    assert a_freshness(READ, BLIND, HELD, OFF).list_doubts() == (
        "the list department is blind, its records are as last seen: grant Lists > Departments",
        "so many location records vanished at once that their absence is not believed yet: "
        "if it is real, run `monitor accept-deletions location`",
    )


def test_a_question_about_other_kinds_is_not_doubted() -> None:
    freshness = a_freshness(READ, BLIND)
    assert freshness.list_doubts({"class"}) == ()
    assert len(freshness.list_doubts({"class", "department"})) == 1


def test_a_list_that_never_was_readable_is_remarked_only_when_asked_for() -> None:
    freshness = a_freshness(READ, OFF)
    assert freshness.off_remarks(()) == ()
    assert freshness.off_remarks({"project"}) == (
        "nothing is known of the list project: the feature Projects is off",
    )


@pytest.mark.parametrize(
    ("source", "doubts"),
    [
        pytest.param(
            SourceFreshness("expensify", last_good_at=NOW - timedelta(minutes=40)), (), id="fresh"
        ),
        pytest.param(
            SourceFreshness("expensify", last_good_at=NOW - timedelta(hours=2)),
            ("Expensify was last read 2 h ago",),
            id="too old",
        ),
        pytest.param(
            SourceFreshness("netsuite"), ("NetSuite was last read never",), id="never read"
        ),
        pytest.param(
            SourceFreshness("netsuite", NOW, NOW - timedelta(minutes=20), "NetSuite says 403"),
            ("NetSuite cannot be read, first noticed 20 min ago: NetSuite says 403",),
            id="failing",
        ),
    ],
)
def test_a_source_is_doubted_when_failing_or_old(
    source: SourceFreshness, doubts: tuple[str, ...]
) -> None:
    assert a_freshness(sources=(source,)).source_doubts() == doubts


def test_how_long_ago_is_said_in_two_units_at_most() -> None:
    assert ago(timedelta(minutes=80, seconds=9)) == "1 h 20 min ago"
    assert ago(timedelta(seconds=-3)) == "less than a minute ago"
