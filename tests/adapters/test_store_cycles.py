"""How cycles ended is remembered: the last of each sort, and how many there were."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.adapters.store.cycles import CYCLES_TABLE, Cycles
from monitor.core.cycles import Cycle, CycleEnd

BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)


def a_cycle(end: CycleEnd = CycleEnd.GOOD, *, minutes: int = 0, detail: str = "") -> Cycle:
    return Cycle(BEGIN + timedelta(minutes=minutes), timedelta(seconds=2.5), end, detail)


def test_before_the_first_nothing_is_known(tmp_path: Path) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        assert (store.cycles.last(), store.cycles.last_that_read()) == (None, None)
        assert store.cycles.counts() == dict.fromkeys(CycleEnd, 0)


cycles = st.lists(
    # the clock may be set back between two of them
    st.builds(a_cycle, st.sampled_from(CycleEnd), minutes=st.integers(-999, 999), detail=st.text())
)


@given(cycles)
def test_the_last_of_each_sort_is_kept_and_all_are_counted(ended: list[Cycle]) -> None:
    db = sqlite3.connect(":memory:")
    for statement in CYCLES_TABLE:
        db.execute(statement)
    kept = Cycles(db)
    for cycle in ended:
        kept.record(cycle)
    reading = [one for one in ended if one.end in (CycleEnd.GOOD, CycleEnd.UNTOLD)]
    assert kept.last() == (ended[-1] if ended else None)
    assert kept.last_that_read() == (reading[-1] if reading else None)
    assert kept.counts() == {end: sum(one.end is end for one in ended) for end in CycleEnd}
    (rows,) = db.execute("select count(*) from cycle").fetchone()
    assert rows <= len(CycleEnd), "years of cycles take no more room than a day of them"
    db.close()
