"""NetSuite's own list of deletions: what it names there is gone for certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.adapters.netsuite.segments import table_of
from monitor.adapters.netsuite.specs import RECORD_TYPES
from monitor.adapters.netsuite.suiteql import SuiteQL
from monitor.errors import SourceError

_MOST_IN_LIST = 100


def named_as_deleted(suiteql: SuiteQL, kind: str, ids: Sequence[str]) -> frozenset[str]:
    """Which of these ids NetSuite's DeletedRecord names; none when it cannot be read.

    A segment's values are known there by the name of their table.
    """
    table = table_of(kind)
    condition = "UPPER(d.scriptid) = ?" if table else "d.recordtypeid = ?"
    named = table.upper() if table else RECORD_TYPES[kind]
    found: frozenset[str] = frozenset()
    try:
        for batch in _batches(ids, min(_MOST_IN_LIST, suiteql.page_size)):
            slots = ", ".join("?" * len(batch))
            rows = suiteql.rows(
                "SELECT d.recordid AS recordid FROM deletedrecord d "
                f"WHERE {condition} AND d.recordid IN ({slots}) ORDER BY d.recordid",
                [named, *batch],
            )
            found |= {str(row.get("recordid")) for row in rows}
    except SourceError:
        # It only confirms; without it a second complete look decides.
        return frozenset()
    return found & frozenset(ids)


def _batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for begin in range(0, len(ids), size):
        yield ids[begin : begin + size]
