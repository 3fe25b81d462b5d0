"""How much is measured: the promised sizes, or small ones to see that a benchmark works."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from tests.benchmarks.account import Account, Edit, an_account, edit


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes; the defaults are those of the promises."""

    records: int = 100_000
    edits: int = 100
    """0.1 % between two readings."""
    history_records: int = 10_000
    history_edits: int = 10
    snapshots: int = 1000
    lines: int = 100_000
    """Lines of pending reports."""


SMALL = Scale(100, 10, 60, 2, 8, 100)


class Bench:
    """What the benchmarks of one call share: the sizes, a folder, and the account in two states."""

    def __init__(self, folder: Path, scale: Scale, rounds: int) -> None:
        self.folder = folder
        self.scale = scale
        self.rounds = rounds

    @cached_property
    def before(self) -> Account:
        """The account as first read."""
        return an_account(self.scale.records)

    @cached_property
    def _edited(self) -> tuple[Account, list[Edit]]:
        account = self.before.copy()
        return account, edit(account, self.scale.edits, Random(104))

    @property
    def after(self) -> Account:
        """The account a day later."""
        return self._edited[0]

    @property
    def edits(self) -> list[Edit]:
        """What happened in between."""
        return self._edited[1]
