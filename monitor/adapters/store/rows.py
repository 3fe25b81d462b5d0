"""Records as rows: the one place where a set becomes a text and a moment becomes milliseconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.records import CONTENT_FIELDS, FieldValue, Record

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

COLUMN_TYPES = {
    "is_inactive": "integer not null",
    "include_children": "integer",
    "allow_expenses": "integer",
    "limit_to_resources": "integer",
    "name": "text not null",
    "full_name": "text not null",
    "other_names": "text not null",
}
"""Everything else is text, or null where NetSuite does not say."""

CONTENT = ", ".join(CONTENT_FIELDS)


def content_row(record: Record) -> Row:
    """The record's content in the order of CONTENT_FIELDS, as SQLite keeps it."""
    values: list[Any] = list(record[2:-1])
    for position, encode in _ENCODED:
        value = values[position]
        if value is not None:
            values[position] = encode(value)
    return tuple(values)


def record_from(
    kind: str, record_id: int, content: Sequence[Any], modified_at: int | None
) -> Record:
    """The record that a stored row holds."""
    values = list(content)
    for position, decode in _DECODED:
        if values[position] is not None:
            values[position] = decode(values[position])
    return Record._make((kind, str(record_id), *values, from_ms(modified_at)))


def field_value(field: str, stored: Any) -> FieldValue:
    """One stored content value as the core knows it."""
    decode = _DECODERS.get(field)
    value: FieldValue = stored if stored is None or decode is None else decode(stored)
    return value


def to_ms(moment: datetime) -> int:
    """Milliseconds since the epoch, UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def ms_or_none(moment: datetime | None) -> int | None:
    """The same; None stays None."""
    return None if moment is None else to_ms(moment)


def from_ms(milliseconds: int | None) -> datetime | None:
    """The aware UTC moment of a stored number; None stays None."""
    return None if milliseconds is None else moment_from(milliseconds)


def moment_from(milliseconds: int) -> datetime:
    """The aware UTC moment of a stored number."""
    return _EPOCH + milliseconds * _MILLISECOND


def _joined(ids: tuple[str, ...]) -> str:
    return ",".join(ids)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _names(texts: tuple[str, ...]) -> str:
    # Names hold commas; ids do not.
    return json.dumps(texts, ensure_ascii=False) if texts else ""


def _named(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


_SETS = ("subsidiary_ids", "mapped_subsidiary_ids", "resource_ids")
_TRUTHS = ("is_inactive", "include_children", "allow_expenses", "limit_to_resources")
_DECODERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_SETS, _split),
    **dict.fromkeys(_TRUTHS, bool),
    "other_names": _named,
}
_ENCODED: tuple[tuple[int, Callable[[Any], Any]], ...] = (
    *((CONTENT_FIELDS.index(name), _joined) for name in _SETS),
    (CONTENT_FIELDS.index("other_names"), _names),
)
_DECODED = tuple((CONTENT_FIELDS.index(name), decode) for name, decode in _DECODERS.items())
