"""Custom segments: each is a record table of its own, and its values are a list like any other."""

from __future__ import annotations

from monitor.adapters.netsuite.specs import SPECS, ListSpec

SEGMENT = "segment:"
_UTC = 'TO_CHAR(SYS_EXTRACT_UTC(t.lastmodified),\'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
_COLUMNS = ("name", "fullname", "parent", "isinactive", "externalid")


def spec_of(kind: str) -> ListSpec:
    """How the list of the kind is read; raises KeyError for a kind that there is not."""
    table = table_of(kind)
    if not table:
        return SPECS[kind]
    return ListSpec(
        kind,
        table,
        "Lists > Custom Record Entries (View)",
        {**{name: f"t.{name}" for name in _COLUMNS}, "lastmodified_utc": _UTC},
    )


def table_of(kind: str) -> str:
    """The record table of a segment's values; "" for any other kind."""
    return kind.removeprefix(SEGMENT) if kind.startswith(SEGMENT) else ""
