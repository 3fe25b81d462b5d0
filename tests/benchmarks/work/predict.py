"""One whole prediction over what a database holds: `predict DB`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import monitor.app  # noqa: F401  what the waiting daemon has in memory
from monitor.adapters.store import Store
from monitor.config.stored import StoredSettings
from monitor.core.drift import Drift, drift_of
from monitor.core.match import RecordBook
from monitor.core.predict import Situation, predict
from monitor.core.records import Kind
from monitor.core.reports import Workspace
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import last_sync
from tests.benchmarks.shapes import settings
from tests.benchmarks.work.gauges import Stopwatch, memory_mb, peak_mb

Value = TypeVar("Value")


class Stages:
    """How long each stage took."""

    def __init__(self) -> None:
        self.spent: dict[str, dict[str, float]] = {}

    def __call__(self, name: str, make: Callable[[], Value]) -> Value:
        watch = Stopwatch()
        value = make()
        self.spent[name] = watch.spent()
        return value


def main() -> None:
    """Print what every stage took, how many risks there are, and the memory beyond idle."""
    now, stages, idle = datetime.now(UTC), Stages(), memory_mb()
    (workspace,) = StoredSettings.read(settings()).workspaces
    kinds = tuple(coding.kind for coding in workspace.coding)
    with Store.open(Path(sys.argv[1]), read_only=True) as store:
        book = stages("records, every name they had", lambda: _book(store, kinds))
        reports = stages("pending reports", store.reports.pending)
        drift = stages("drift since the sync", lambda: _drift(store, workspace, now))
        tree = SubsidiaryTree(store.records.current((Kind.SUBSIDIARY,)))
    situation = Situation(
        now,
        book,
        (workspace,),
        reports,
        {workspace.policy_id: drift},
        tree,
        netsuite_url="https://x",
    )
    risks = stages("predict", lambda: predict(situation))
    answer = {
        "stages": stages.spent,
        "risks": len(risks),
        "lines": sum(len(report.lines) for report in reports),
        "idle_mb": idle,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(answer))


def _book(store: Store, kinds: tuple[str, ...]) -> RecordBook:
    return RecordBook(
        store.records.current(kinds),
        former=store.records.former(kinds),
        gone=store.records.deleted(kinds),
    )


def _drift(store: Store, workspace: Workspace, now: datetime) -> Drift:
    policy_id = workspace.policy_id
    evidence = store.evidence.all(policy_id)
    net, steps = store.changes.between(1, 2), store.changes.each(1, 2)
    last = last_sync(policy_id, evidence, as_of=now)
    return drift_of(workspace, net, steps, store.lists.history(policy_id), last)


if __name__ == "__main__":
    main()
