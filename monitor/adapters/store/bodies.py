"""Frozen values as JSON and back, by their declared types: what a table need not look into."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def to_body(value: object) -> str:
    """The value as JSON text; equal values have equal texts."""
    plain = _codec(cast(Any, type(value))).to_plain(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_body(kind: type[Value], body: str) -> Value:
    """The value of that type which `to_body` wrote; a field added since has its default."""
    value: Value = _codec(cast(Any, kind)).from_plain(json.loads(body))
    return value


class _Codec(NamedTuple):
    """How values of one declared type become what JSON knows, and back."""

    to_plain: Callable[[Any], Any]
    from_plain: Callable[[Any], Any]


@cache
def _codec(kind: Any) -> _Codec:
    # By the declared type, not the value: a text that happens to be an enum's member stays a text.
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (inner,) = (one for one in get_args(kind) if one is not NoneType)
        return _optional(_codec(inner))
    if origin in _CONTAINERS:
        return _CONTAINERS[origin](get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _Codec(lambda value: value.name, lambda plain: kind[plain])
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return _fielded(kind)
    return _SIMPLE.get(kind, _AS_IT_IS)


def _optional(inner: _Codec) -> _Codec:
    return _Codec(
        lambda value: None if value is None else inner.to_plain(value),
        lambda plain: None if plain is None else inner.from_plain(plain),
    )


def _tuple(items: tuple[Any, ...]) -> _Codec:
    if len(items) == 2 and items[1] is Ellipsis:
        one = _codec(items[0])
        return _Codec(
            lambda value: list(map(one.to_plain, value)),
            lambda plain: tuple(map(one.from_plain, plain)),
        )
    codecs = [_codec(item) for item in items]
    return _Codec(
        lambda value: [one.to_plain(item) for one, item in zip(codecs, value, strict=True)],
        lambda plain: tuple(one.from_plain(item) for one, item in zip(codecs, plain, strict=True)),
    )


def _mapping(items: tuple[Any, ...]) -> _Codec:
    """Its keys are texts."""
    one = _codec(items[1])
    return _Codec(
        lambda value: {key: one.to_plain(item) for key, item in value.items()},
        lambda plain: {key: one.from_plain(item) for key, item in plain.items()},
    )


def _set(items: tuple[Any, ...]) -> _Codec:
    """Of texts: the order of anything else would have no meaning."""
    one = _codec(items[0])
    return _Codec(
        lambda value: sorted(map(one.to_plain, value)),
        lambda plain: frozenset(map(one.from_plain, plain)),
    )


def _fielded(kind: Any) -> _Codec:
    hints = get_type_hints(kind)
    names = kind._fields if hasattr(kind, "_fields") else [field.name for field in fields(kind)]
    codecs = {name: _codec(hints[name]) for name in names}
    return _Codec(
        lambda value: {name: one.to_plain(getattr(value, name)) for name, one in codecs.items()},
        lambda plain: kind(
            **{name: one.from_plain(plain[name]) for name, one in codecs.items() if name in plain}
        ),
    )


def _decimal_text(value: Decimal) -> str:
    """Equal amounts have one text, as money is written: 812.1 is 812.10, and so is 812.100."""
    whole, _, fraction = f"{value:f}".partition(".")
    text = f"{whole}.{fraction.rstrip('0'):0<2}"
    return "0.00" if text == "-0.00" else text


def _moment_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


_CONTAINERS: dict[Any, Callable[[tuple[Any, ...]], _Codec]] = {
    tuple: _tuple,
    Mapping: _mapping,
    frozenset: _set,
}
_AS_IT_IS = _Codec(lambda value: value, lambda plain: plain)
_SIMPLE = {
    datetime: _Codec(_moment_text, datetime.fromisoformat),
    Decimal: _Codec(_decimal_text, Decimal),
}
