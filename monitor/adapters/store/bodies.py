"""Frozen values as JSON and back, by their declared types: what a table need not look into."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def to_body(value: object) -> str:
    """The value as JSON text; equal values have equal texts."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_body(kind: type[Value], body: str) -> Value:
    """The value of that type which `to_body` wrote; a field added since has its default."""
    value: Value = _reader(cast(Any, kind))(json.loads(body))
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (inner,) = (one for one in get_args(kind) if one is not NoneType)
        read = _reader(inner)
        return lambda plain: None if plain is None else read(plain)
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda plain: kind[plain]
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return _value_reader(kind)
    simple: dict[Any, Callable[[Any], Any]] = {
        datetime: datetime.fromisoformat,
        Decimal: Decimal,
    }
    return simple.get(kind, lambda plain: plain)


def _tuple_reader(items: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(items) == 2 and items[1] is Ellipsis:
        read = _reader(items[0])
        return lambda plain: tuple(map(read, plain))
    readers = [_reader(item) for item in items]
    return lambda plain: tuple(read(item) for read, item in zip(readers, plain, strict=True))


def _value_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    names = kind._fields if hasattr(kind, "_fields") else [field.name for field in fields(kind)]
    readers = {name: _reader(hints[name]) for name in names}
    return lambda plain: kind(
        **{name: read(plain[name]) for name, read in readers.items() if name in plain}
    )
