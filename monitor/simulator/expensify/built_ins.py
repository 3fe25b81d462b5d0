"""FreeMarker's built-ins (`value?c`), as many as an exporter template needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any


class TemplateError(Exception):
    """The template asks for what is missing, or for what this engine does not know."""


class MissingValue(TemplateError):
    """The template asks for a value that is not there."""


_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_DANGEROUS = re.compile(
    r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]'  # what JSON forbids, and line ends of JavaScript
    r"|(?:(?<=<)|^)/"  # a closing tag, and what may become one with what stands before
    r"|(?:(?<=\]\])|(?<=--)|^|(?<=^\])|(?<=^-))>"
    r"|<(?=[!?]|\Z)"
)
_DATE_PATTERNS = {"yyyy-MM-dd'T'HH:mm:ssZ": "%Y-%m-%dT%H:%M:%S%z"}


def _json_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TemplateError(f"{value!r}?json_string: not text")
    return _DANGEROUS.sub(lambda match: _escaped(match[0]), value)


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    return f"\\{character}" if character in '"\\/' else f"\\u{ord(character):04X}"


def _c(value: Any) -> str:
    """For computers: no grouping, no exponent, at most 16 decimals."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not _is_number(value):
        raise TemplateError(f"{value!r}?c: neither number nor truth")
    plain = f"{Decimal(str(value)):.16f}"
    return plain.rstrip("0").rstrip(".")


def _string(value: Any, pattern: str) -> str:
    if not isinstance(value, datetime) or pattern not in _DATE_PATTERNS:
        raise TemplateError(f"{value!r}?string({pattern!r}) is more than this engine knows")
    return value.strftime(_DATE_PATTERNS[pattern])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


BUILT_INS: dict[str, Callable[..., Any]] = {
    "c": _c,
    "json_string": _json_string,
    "string": _string,
    "is_boolean": lambda value: isinstance(value, bool),
    "is_number": _is_number,
    "is_date": lambda value: isinstance(value, datetime),
    "is_string": lambda value: isinstance(value, str),
    "is_enumerable": lambda value: isinstance(value, list | tuple),
    "is_hash": lambda value: isinstance(value, Mapping),
}
