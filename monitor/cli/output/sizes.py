"""How big the database is, and what it gave up, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.cli.output.words import NOTHING, iso_or_none

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.adapters.store.pruning import GivenUp
    from monitor.adapters.store.sizes import DatabaseSize

SCHEMA_VERSION = 1


def bytes_words(count: int) -> str:
    """Such as "812 B", "52 kB" or "1.4 MB"."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def size_text(size: DatabaseSize) -> str:
    """The file in one line, then a line for each table that has rows."""
    since = _day(size.oldest_at)
    lines = [
        f"{bytes_words(size.bytes)}, {bytes_words(size.free_bytes)} of it free; "
        f"the oldest is of {since}.",
        "",
        f"{'table':<20} {'rows':>9} {'size':>9}  since",
    ]
    for one in size.tables:
        if one.rows:
            taken = NOTHING if one.bytes is None else bytes_words(one.bytes)
            lines.append(f"{one.name:<20} {one.rows:>9} {taken:>9}  {_day(one.oldest_at)}")
    return "\n".join(lines)


def size_json(size: DatabaseSize) -> str:
    """The same as one JSON object, with every table."""
    sizes = {
        "schema_version": SCHEMA_VERSION,
        "bytes": size.bytes,
        "free_bytes": size.free_bytes,
        "oldest_at": iso_or_none(size.oldest_at),
        "tables": [
            {**one._asdict(), "oldest_at": iso_or_none(one.oldest_at)} for one in size.tables
        ],
    }
    return json.dumps(sizes, indent=2)


def given_up_text(given_up: Iterable[GivenUp], *, is_only_said: bool) -> str:
    """What was removed, or would be."""
    verb = "Would remove" if is_only_said else "Removed"
    lines = [f"{verb} {one.rows} {one.what}." for one in given_up if one.rows]
    return "\n".join(lines) or "Nothing is old enough to be removed."


def _day(moment: datetime | None) -> str:
    return NOTHING if moment is None else f"{moment:%Y-%m-%d}"
