"""A whole prediction: every pending line held against every record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from monitor.adapters.store import Store
from monitor.core.records import Kind, Record
from monitor.core.reports import CodedText, PendingReport, ReportLine, ReportState
from tests.benchmarks.account import Account
from tests.benchmarks.figures import Figure, Measured, costs
from tests.benchmarks.runs import Command, by_turns, monitor, python_module
from tests.benchmarks.scale import Bench
from tests.benchmarks.shapes import POLICY_ID, write_two_readings

_LINES_A_REPORT = 10
_CARELESS = 0.02
"""The share of texts that mean any record, in order or not, or none at all."""


def measure(bench: Bench) -> Measured:
    """Fill a database with reports, then predict from it in a fresh process each time."""
    database = bench.folder / "predict.db"
    write_two_readings(bench.before, bench.after, database)
    _write_reports(bench.before, bench.scale.lines, database)
    command = Command("predict", python_module("predict", str(database)))
    status = Command("monitor status", monitor(database, "status"))
    runs = by_turns([command, status], bench.rounds, bench.folder)
    told = [json.loads(run.out) for run in runs[command.name]]
    stages = [stage for name in told[0]["stages"] for stage in _stage(name, told)]
    whole = [
        tuple(sum(stage[gauge] for stage in one["stages"].values()) for one in told)
        for gauge in ("wall", "cpu")
    ]
    above = tuple(one["peak_mb"] - one["idle_mb"] for one in told)
    return Measured(
        f"predict: {told[0]['lines']:,} pending lines, {bench.scale.records:,} records, "
        f"{told[0]['risks']:,} risks",
        (
            *stages,
            Figure("all of it", "s wall", whole[0]),
            Figure("", "s CPU", whole[1]),
            Figure("", "MB more", above, note=f"than {told[0]['idle_mb']:.0f} MB idle"),
            *costs(status.name, runs[status.name]),
        ),
    )


def _stage(name: str, told: Sequence[Mapping[str, Any]]) -> tuple[Figure, ...]:
    return (
        Figure(name, "s wall", tuple(one["stages"][name]["wall"] for one in told)),
        Figure("", "s CPU", tuple(one["stages"][name]["cpu"] for one in told)),
    )


def _write_reports(account: Account, lines: int, database: Path) -> None:
    chance = Random(42)
    texts = _Texts(account, chance)
    reports = [_report(number, texts, chance) for number in range(max(1, lines // _LINES_A_REPORT))]
    with Store.open(database) as store, store.immediate():
        reading = store.reports.new_reading(datetime.now(UTC))
        store.reports.record(reading, reports, {})


def _report(number: int, texts: _Texts, chance: Random) -> PendingReport:
    created_at = datetime.now(UTC) - timedelta(days=chance.randint(2, 60))
    return PendingReport(
        f"R{number:07}",
        POLICY_ID,
        name=f"Trip {number}",
        submitter=f"person{number % 700}@acme.example",
        state=chance.choice(list(ReportState)[:3]),
        total=Decimal(chance.randint(1000, 500_000)) / 100,
        currency="USD",
        created_at=created_at,
        submitted_at=created_at + timedelta(days=1),
        fields=(CodedText("report_field:Department", texts.of(Kind.DEPARTMENT)),),
        lines=tuple(_line(f"{number}-{place}", texts, chance) for place in range(_LINES_A_REPORT)),
    )


def _line(line_id: str, texts: _Texts, chance: Random) -> ReportLine:
    kind = Kind.PROJECT if chance.random() < 0.7 else Kind.CUSTOMER
    coded = (CodedText("tag:1", texts.of(Kind.CLASS)), CodedText("tag:2", texts.of(kind)))
    return ReportLine(line_id, coded, category="Travel", is_billable=False)


class _Texts:
    """What people pick: nearly always a record that is in order for the workspace."""

    def __init__(self, account: Account, chance: Random) -> None:
        self._chance = chance
        self._all: dict[str, Sequence[Record]] = {
            kind: list(account.records(kind)) for kind in account.rows
        }
        self._good = {kind: [*filter(_is_in_order, rows)] for kind, rows in self._all.items()}

    def of(self, kind: str) -> str:
        roll = self._chance.random()
        if roll < _CARELESS / 10:
            return f"nobody knows {roll}"
        chosen = self._all if roll < _CARELESS else self._good
        return self._chance.choice(chosen[kind] or self._all[kind]).full_name


def _is_in_order(record: Record) -> bool:
    return not record.is_inactive and "1" in (record.subsidiary_ids or ("1",))
