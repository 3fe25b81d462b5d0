"""What a cycle asks the operator, and how well the coded texts matched: kept for the next one."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.adapters.store import Store
from monitor.core.places import SetUpQuestion
from monitor.core.predict import Situation, is_place_unclear, place_health, set_up_questions
from monitor.situation import books_of, content_of


def remember_places(store: Store, situation: Situation, kinds: Iterable[str]) -> None:
    """Keep what the situation says of every place, and what it makes the monitor ask; `kinds`: all
    that are read. In a transaction.
    """
    store.places.record(place_health(situation), situation.health_before, situation.workspaces)
    store.places.ask(questions_about(store, situation, kinds))


def questions_about(
    store: Store, situation: Situation, kinds: Iterable[str]
) -> tuple[SetUpQuestion, ...]:
    """What is to be asked of the situation. A place may hold a kind that nobody named: the records
    of those are read only when some place is unclear.
    """
    if not is_place_unclear(situation):
        return set_up_questions(situation)
    rest = [kind for kind in kinds if kind not in situation.book.kinds]
    others, _ = books_of(content_of(store, (), rest), situation.now)
    return set_up_questions(situation, others)
