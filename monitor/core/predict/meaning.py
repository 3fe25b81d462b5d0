"""What the coded texts of one workspace mean: every distinct text is matched once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from monitor.core.match import Match, RecordBook, normalise
from monitor.core.places import HealthBefore, PlaceHealth, health_of
from monitor.core.records import Kind, Ref
from monitor.core.reports import CodedText, PendingReport, Workspace, pending_lines
from monitor.core.risks import TEXT

CUSTOMERS = (Kind.CUSTOMER, Kind.PROJECT)
"""Journal entries carry neither (Expensify's help: Configure NetSuite)."""


class Meaning(NamedTuple):
    """What one text stands for: a record, or nothing that NetSuite has or had (`match` None)."""

    ref: Ref
    match: Match | None


class Meanings:
    """Matches each distinct text of a place once, however many lines carry it."""

    def __init__(
        self,
        workspace: Workspace,
        reports: Iterable[PendingReport],
        book: RecordBook,
        unreadable: Collection[str],
        before: Mapping[str, HealthBefore] | None = None,
    ) -> None:
        """`before`: how each place stood at the last look."""
        self._workspace, self._book, self._unreadable = workspace, book, unreadable
        self._before = before or {}
        self._found: dict[CodedText, Match | None] = {}
        self._known: dict[tuple[CodedText, bool], Meaning | None] = {}
        self.texts = _distinct(reports)
        self.health = tuple(
            self._health(place, texts)
            for place, texts in sorted(self.texts.items())
            if self._is_whole(place)
        )
        self.doubted = frozenset(one.place for one in self.health if not one.is_healthy)
        """Places that hold something else than the operator says: nothing is read there."""

    def of(self, coded: CodedText, *, is_journal: bool) -> Meaning | None:
        """What the text means; None where nothing is kept there that an export would carry, or
        nobody can tell.
        """
        key = (coded, is_journal)
        if key not in self._known:
            self._known[key] = self._meaning(coded, is_journal)
        return self._known[key]

    def share_of(self, place: str, kind: str, book: RecordBook) -> float:
        """The share of the place's texts that match a record of the kind in the book."""
        texts = self.texts[place]
        return sum(bool(book.find(text, (kind,))) for text in texts) / len(texts)

    def _meaning(self, coded: CodedText, is_journal: bool) -> Meaning | None:
        kinds = self._kinds(coded.place, is_journal)
        if not kinds or coded.place in self.doubted or not normalise(coded.text):
            return None
        match = self._book.find(coded.text, kinds)
        if match is not None:
            return Meaning(match.ref, match)
        if not self._is_whole(coded.place) or self._find(coded) is not None:
            return None
        return Meaning(text_ref(coded), None)

    def _find(self, coded: CodedText) -> Match | None:
        if coded not in self._found:
            kinds = self._kinds(coded.place, is_journal=False)
            self._found[coded] = self._book.find(coded.text, kinds)
        return self._found[coded]

    def _kinds(self, place: str, is_journal: bool) -> tuple[str, ...]:
        return tuple(
            kind
            for kind in self._workspace.kinds_at(place)
            if kind not in self._unreadable and not (is_journal and kind in CUSTOMERS)
        )

    def _is_whole(self, place: str) -> bool:
        """Whether every kind kept there can be read: else a text may mean what is out of sight."""
        kinds = self._workspace.kinds_at(place)
        is_in_sight = all(kind in self._book.kinds for kind in kinds)
        return bool(kinds) and is_in_sight and not set(kinds) & set(self._unreadable)

    def _health(self, place: str, texts: Collection[str]) -> PlaceHealth:
        matched = sum(self._find(CodedText(place, text)) is not None for text in texts)
        before = self._before.get(place)
        return health_of(self._workspace.policy_id, place, len(texts), matched, before)


def text_ref(coded: CodedText) -> Ref:
    """What names a text that matches no record: its place and what it says, not its spelling."""
    told = f"{coded.place}\n{normalise(coded.text)}"
    return Ref(TEXT, hashlib.sha256(told.encode()).hexdigest()[:12])


def _distinct(reports: Iterable[PendingReport]) -> dict[str, frozenset[str]]:
    """The distinct texts at every place, blank ones left out."""
    coded: set[CodedText] = set()
    for report in reports:
        coded.update(report.fields)
        for line in pending_lines(report):
            coded.update(line.texts)
    by_place: defaultdict[str, set[str]] = defaultdict(set)
    for one in coded:
        if one.text.strip():
            by_place[one.place].add(one.text)
    return {place: frozenset(texts) for place, texts in by_place.items()}
