"""What people type after a command -> values; what is wrong is refused with what to write."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.records import Kind, Ref
from monitor.core.risks import TEXT, WORKSPACE
from monitor.errors import UsageError

_SEGMENT = "segment:"
_LARGEST = 10**15
"""No id of NetSuite's comes near it, and the database holds every smaller one."""


def kind_from(text: str) -> str:
    """The kind of that name; raises UsageError naming all."""
    kind = text.strip().lower()
    if kind in set(Kind) or (kind.startswith(_SEGMENT) and kind != _SEGMENT):
        return kind
    from difflib import get_close_matches

    near = get_close_matches(kind, list(Kind), n=1)
    hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(Kind)}"
    raise UsageError(f"there is no list {text.strip()!r}: {hint}")


def risk_kind_from(text: str) -> str:
    """The same of what a risk may be about: also a text that no record has, or a whole workspace;
    raises UsageError.
    """
    said = text.strip().lower()
    return said if said in (TEXT, WORKSPACE) else kind_from(text)


def kinds_from(texts: Iterable[str]) -> tuple[str, ...]:
    """The kinds of texts like "class,department", each once; raises UsageError."""
    said = (kind for text in texts for kind in text.split(",") if kind.strip())
    return tuple(dict.fromkeys(kind_from(kind) for kind in said))


def record_from(text: str) -> Ref:
    """The record that "class:12" names; raises UsageError."""
    try:
        kind, record_id = Ref.parse(text)
        number = int(record_id)
    except ValueError as error:
        raise _no_record(text) from error
    if abs(number) >= _LARGEST:
        raise _no_record(text)
    return Ref(kind_from(kind), str(number))


def _no_record(text: str) -> UsageError:
    return UsageError(
        f"{text!r} names no record: write KIND:ID with NetSuite's internal id, like class:12"
    )
