"""Which subsidiaries may use a record: as listed, and down the tree through include-children."""

from __future__ import annotations

from collections import defaultdict
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
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        self._known: set[str] = set()
        for subsidiary in subsidiaries:
            self._known.add(subsidiary.id)
            if subsidiary.parent_id is not None:
                self._children[subsidiary.parent_id].append(subsidiary.id)

    def expanded(self, ids: Iterable[str]) -> frozenset[str]:
        """These subsidiaries and everything below them."""
        found: set[str] = set()
        waiting = list(ids)
        while waiting:
            subsidiary = waiting.pop()
            if subsidiary not in found:
                found.add(subsidiary)
                waiting += self._children[subsidiary]
        return frozenset(found)

    def access(self, record: Record, subsidiary: str | None) -> Access:
        """Whether the subsidiary may use the record.

        No verdict where the account has no subsidiaries, the role does not see this one, or the
        record's list is empty or unreadable: whether empty means "all" is not documented.
        """
        if subsidiary is None or subsidiary not in self._known:
            return Access.UNKNOWN
        readings = [
            self._is_listed(record, subsidiary, listed)
            for listed in (record.subsidiary_ids, record.mapped_subsidiary_ids)
            if listed
        ]
        if not readings:
            return Access.UNKNOWN
        if all(readings):
            return Access.ALLOWED
        return Access.DISPUTED if any(readings) else Access.REFUSED

    def _is_listed(self, record: Record, subsidiary: str, listed: tuple[str, ...]) -> bool:
        if subsidiary in listed:
            return True
        return bool(record.include_children) and subsidiary in self.expanded(listed)
