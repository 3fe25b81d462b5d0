"""How the coded texts matched when they were last looked at, and what the operator is asked."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from monitor.core.places import HealthBefore, PlaceHealth, SetUpQuestion, trusted_after
from monitor.core.workspace import Workspace

PLACES_TABLES = (
    # How the texts at one place matched when they were last looked at; trusted: the share when
    # they were last in order, null when they never were. kinds: what was configured there.
    """create table place_health(
        policy_id text not null, place text not null, kinds text not null, texts integer not null,
        matched integer not null, is_healthy integer not null, trusted real,
        primary key(policy_id, place)) strict, without rowid""",
    # What the last cycle asks the operator, in its order.
    """create table set_up_question(
        id integer primary key, policy_id text not null, place text not null,
        sentence text not null) strict""",
)
"""What a migration adds for them."""


class Places:
    """The newest look at every place, and the newest questions."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def before(self, workspaces: Iterable[Workspace]) -> dict[tuple[str, str], HealthBefore]:
        """How each place stood at the last look, unless something else is configured there now."""
        by_policy = {workspace.policy_id: workspace for workspace in workspaces}
        rows = self._db.execute(
            "select policy_id, place, kinds, is_healthy, trusted from place_health"
        )
        return {
            (policy_id, place): HealthBefore(bool(is_healthy), trusted)
            for policy_id, place, kinds, is_healthy, trusted in rows
            if policy_id in by_policy and kinds == _kinds(by_policy[policy_id], place)
        }

    def record(
        self,
        health: Iterable[PlaceHealth],
        before: Mapping[tuple[str, str], HealthBefore],
        workspaces: Iterable[Workspace],
    ) -> None:
        """Remember a look. Of a place that nobody could look at the last one stands. In a
        transaction.
        """
        by_policy = {workspace.policy_id: workspace for workspace in workspaces}
        self._db.executemany(
            "insert or replace into place_health values (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    one.policy_id,
                    one.place,
                    _kinds(by_policy[one.policy_id], one.place),
                    one.texts,
                    one.matched,
                    one.is_healthy,
                    trusted_after(one, before.get((one.policy_id, one.place))),
                )
                for one in health
            ],
        )

    def ask(self, questions: Iterable[SetUpQuestion]) -> None:
        """What is asked from now on. In a transaction."""
        self._db.execute("delete from set_up_question")
        self._db.executemany(
            "insert into set_up_question(policy_id, place, sentence) values (?, ?, ?)", questions
        )

    def questions(self) -> tuple[SetUpQuestion, ...]:
        """What the last cycle that could predict found to ask."""
        rows = self._db.execute(
            "select policy_id, place, sentence from set_up_question order by id"
        )
        return tuple(SetUpQuestion(*row) for row in rows)


def _kinds(workspace: Workspace, place: str) -> str:
    return json.dumps(sorted(workspace.kinds_at(place)))
