"""Which subsidiaries may use a record: as listed, and down the tree through include-children."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from monitor.core.records import Record


class Access(Enum):
    """Whether a subsidiary may use a record."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    DISPUTED = "NetSuite's two readings of the record's subsidiaries disagree"
    UNKNOWN = "unknown"


class SubsidiaryTree:
    """The account's subsidiaries; empty without OneWorld, or when the role cannot read them."""

    def __init__(self, subsidiaries: Iterable[Record] = ()) -> None:
        self._parents = {subsidiary.id: subsidiary.parent_id for subsidiary in subsidiaries}

    def __contains__(self, subsidiary: object) -> bool:
        return subsidiary in self._parents

    def lineage(self, subsidiary: str) -> tuple[str, ...]:
        """The subsidiary and all above it, nearest first; the last one may be out of sight."""
        found: dict[str, None] = {}
        above: str | None = subsidiary
        while above is not None and above not in found:
            found[above] = None
            above = self._parents.get(above)
        return tuple(found)

    def access(self, record: Record, subsidiary: str | None) -> Access:
        """Whether the subsidiary may use the record.

        No verdict where the account has no subsidiaries, the role does not see this one, the
        record's list is empty or unreadable (whether empty means "all" is not documented), or it
        may be allowed through a parent of which NetSuite does not say enough.
        """
        if subsidiary is None or subsidiary not in self._parents:
            return Access.UNKNOWN
        readings = [
            reading
            for listed in (record.subsidiary_ids, record.mapped_subsidiary_ids)
            if listed and (reading := self._reading(record, subsidiary, listed)) is not None
        ]
        if not readings:
            return Access.UNKNOWN
        if all(readings):
            return Access.ALLOWED
        return Access.DISPUTED if any(readings) else Access.REFUSED

    def _reading(self, record: Record, subsidiary: str, listed: tuple[str, ...]) -> bool | None:
        """Whether one reading allows it; None when it depends on what NetSuite does not say."""
        if subsidiary in listed:
            return True
        if record.include_children is False:
            return False
        lineage = self.lineage(subsidiary)
        if not set(lineage).isdisjoint(listed):
            return record.include_children
        is_cut_off = lineage[-1] not in self._parents
        return None if is_cut_off else False
