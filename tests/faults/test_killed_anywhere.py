"""Killed at any commit and around any call of Slack: after a restart all is said, and said once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from monitor.adapters.slack.tell import REPEAT
from tests.faults.day import Look, Taken, looks

Kills = tuple[int | None, ...]

SAMPLED = {
    f"{when} {what}"
    for when in ("before", "after")
    for what in ("commit", "commit of letters", "chat.postMessage", "chat.update")
} | {"after files.completeUploadExternal"}
"""What the short form tries at the least; the long form tries every point."""


def test_whatever_the_point_each_message_is_there_once(tmp_path: Path) -> None:
    calm = tuple(looks(tmp_path / "calm", reads_history=True))
    days = _spread(calm, 2)
    assert _tried(calm, days).keys() >= SAMPLED
    _live(tmp_path, calm, days, reads_history=True)


def test_without_its_history_each_message_is_there_once_or_marked(tmp_path: Path) -> None:
    calm = tuple(looks(tmp_path / "calm", reads_history=False))
    _live(tmp_path, calm, [_after_a_post(calm)], reads_history=False)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("reads_history", [True, False], ids=["history", "no history"])
def test_at_every_single_point(tmp_path: Path, *, reads_history: bool) -> None:
    calm = tuple(looks(tmp_path / "calm", reads_history=reads_history))
    most = max(len(look.points) for look in calm)
    days = [
        tuple(point if point < len(look.points) else None for look in calm) for point in range(most)
    ]
    assert sum(_tried(calm, days).values()) == sum(len(look.points) for look in calm)
    _live(tmp_path, calm, days, reads_history=reads_history)


def _live(
    folder: Path, calm: Sequence[Look], days: Sequence[Kills], *, reads_history: bool
) -> None:
    """Live through each day with its kills, and hold the channel after each cycle to the calm."""
    print(f"{sum(_tried(calm, days).values())} points: {_tried(calm, days)}")
    compare = _is_the_same if reads_history else _is_the_same_but_for_marked_repeats
    for number, kills in enumerate(days):
        day = looks(folder / str(number), reads_history=reads_history, kills=kills)
        with closing(day):
            for undisturbed, look in zip(calm, day, strict=True):
                point = "" if look.died_at is None else undisturbed.points[look.died_at]
                where = f"killed at {look.time}, point {look.died_at}: {point}"
                assert look.ended["code"] == undisturbed.ended["code"], where
                compare(undisturbed, look, where)


def _is_the_same(calm: Look, look: Look, where: str) -> None:
    assert {key: len(texts) for key, texts in look.posted.items()} == dict.fromkeys(
        calm.posted, 1
    ), where
    assert _ageless(look.standing) == _ageless(calm.standing), where


def _is_the_same_but_for_marked_repeats(calm: Look, look: Look, where: str) -> None:
    assert look.posted.keys() == calm.posted.keys(), where
    for key, (text,) in calm.posted.items():
        first, *again = look.posted[key]
        # Killed before the call it did not arrive, but nobody knows: a first may be marked, too.
        assert _spanless(_unmarked(first)) == _spanless(text), where
        assert len(again) <= 1, where
        assert all(REPEAT in one for one in again), where
        assert all(_spanless(_unmarked(one)) == _spanless(text) for one in again), where
    repeats = sum(len(texts) - 1 for texts in look.posted.values())
    newest = {one.key: one._replace(text=_unmarked(one.text)) for one in look.standing}
    found = [newest[one.key] for one in calm.standing if one.key in newest]
    assert _ageless(found) == _ageless(calm.standing), where
    assert len(look.standing) == len(calm.standing) + repeats, where


def _ageless(taken: Iterable[Taken]) -> list[Taken]:
    return [one._replace(text=_spanless(one.text)) for one in taken]


def _spanless(text: str) -> str:
    """A restart takes seconds of the story, and a length of time may round the other way."""
    return re.sub(r"after (\d+ h )?\d+ min", "after a while", text)


def _unmarked(text: str) -> str:
    return text.replace(REPEAT, "").strip()


def _spread(calm: Sequence[Look], days: int) -> list[Kills]:
    """One point a cycle, always of the kind that was tried least; other ones every day."""
    tried: Counter[str] = Counter()
    taken: set[tuple[str, int]] = set()
    plan: list[Kills] = []
    for _ in range(days):
        kills: list[int | None] = []
        for look in calm:
            left = [at for at in range(len(look.points)) if (look.time, at) not in taken]
            at = min(reversed(left), key=lambda at: tried[look.points[at]])
            tried[look.points[at]] += 1
            taken.add((look.time, at))
            kills.append(at)
        plan.append(tuple(kills))
    return plan


def _after_a_post(calm: Iterable[Look]) -> Kills:
    """Where Slack has taken a message and nobody has noted it."""
    told = ("after chat.postMessage", "after files.completeUploadExternal")
    return tuple(
        max((at for at, point in enumerate(look.points) if point in told), default=None)
        for look in calm
    )


def _tried(calm: Sequence[Look], days: Iterable[Kills]) -> Counter[str]:
    return Counter(
        look.points[at]
        for kills in days
        for look, at in zip(calm, kills, strict=True)
        if at is not None
    )
