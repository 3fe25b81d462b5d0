"""Values as JSON: what is written comes back equal, and equal values are written alike."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store.bodies import from_body, to_body
from monitor.core.message import Message
from monitor.core.records import Kind, Ref
from monitor.core.reports import PendingReport
from monitor.core.risks import Risk
from tests.adapters.store_memory import BEGIN

_zones = st.integers(-14 * 4, 14 * 4).map(
    lambda quarters: timezone(timedelta(minutes=15 * quarters))
)
_moments = st.builds(
    lambda since, zone: (BEGIN + since).astimezone(zone),
    st.timedeltas(timedelta(days=-20_000), timedelta(days=20_000)),
    st.just(UTC) | _zones,
)
_amounts = st.decimals(-(10**12), 10**12, allow_nan=False, places=4)


def _any(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of the type, with moments that know their zone and amounts that money can have."""
    hints = get_type_hints(kind)
    return st.builds(
        kind, **{name: _of(hint) for name, hint in hints.items() if name in _names(kind)}
    )


def _names(kind: Any) -> set[str]:
    return set(getattr(kind, "_fields", ())) or {field.name for field in fields(kind)}


def _of(hint: Any) -> st.SearchStrategy[Any]:
    arguments = getattr(hint, "__args__", ())
    if hint is datetime:
        return _moments
    if hint is Decimal:
        return _amounts
    if getattr(hint, "__origin__", None) is tuple and arguments[-1] is Ellipsis:
        return st.lists(_of(arguments[0]), max_size=2).map(tuple)
    if type(None) in arguments:
        return st.none() | _of(arguments[0])
    if hasattr(hint, "__dataclass_fields__") or hasattr(hint, "_fields"):
        return _any(hint)
    return st.from_type(hint)


@pytest.mark.parametrize("kind", [PendingReport, Risk, Message])
@given(values=st.data())
def test_everything_stored_comes_back_as_it_was(kind: type, values: st.DataObject) -> None:
    value = values.draw(_any(kind))
    body = to_body(value)
    assert from_body(kind, body) == value
    assert to_body(from_body(kind, body)) == body


class Size(StrEnum):
    SMALL = "what a child wears"
    LARGE = "what a grown-up wears"


class Rank(IntEnum):
    LOW = 1
    HIGH = 2


class Place(NamedTuple):
    row: int
    shelf: str | None = None


_PEG = Place(3)


@dataclass(frozen=True, slots=True)
class Coat:
    """One of everything."""

    owner: str
    size: Size = Size.SMALL
    rank: Rank = Rank.LOW
    price: Decimal = Decimal("19.9")
    is_wet: bool = False
    bought_at: datetime | None = None
    place: Place = _PEG
    pockets: tuple[Place, ...] = ()
    measures: tuple[int, str] = (42, "cm")


def test_a_body_is_plain_json_with_the_names_of_enums() -> None:
    coat = Coat("Zoë", Size.LARGE, Rank.HIGH, bought_at=datetime(2026, 11, 22, 6, tzinfo=UTC))
    assert to_body(coat) == (
        '{"bought_at":"2026-11-22T06:00:00+00:00","is_wet":false,"measures":[42,"cm"],'
        '"owner":"Zoë","place":{"row":3,"shelf":null},"pockets":[],"price":"19.90",'
        '"rank":"HIGH","size":"LARGE"}'
    )


def test_a_field_added_since_has_its_default() -> None:
    assert from_body(Coat, '{"owner": "Ana"}') == Coat("Ana")


def test_a_field_removed_since_is_forgotten() -> None:
    assert from_body(Place, '{"row": 1, "lamp": "red"}') == Place(1)


@given(_amounts, st.integers(0, 6))
def test_one_amount_has_one_text(amount: Decimal, zeros: int) -> None:
    respelled = Decimal(f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else amount)
    respelled = respelled.quantize(Decimal(1).scaleb(respelled.as_tuple().exponent - zeros))
    assert respelled == amount
    assert to_body(Coat("Ana", price=amount)) == to_body(Coat("Ana", price=respelled))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("812", "812.00"),
        ("812.1", "812.10"),
        ("-0", "0.00"),
        ("1E+3", "1000.00"),
        ("0.125", "0.125"),
    ],
)
def test_amounts_are_written_as_money_is(amount: str, text: str) -> None:
    assert f'"price":"{text}"' in to_body(Coat("Ana", price=Decimal(amount)))


@given(_moments, _zones)
def test_one_moment_has_one_text_in_every_zone(moment: datetime, zone: timezone) -> None:
    here, there = Coat("Ana", bought_at=moment), Coat("Ana", bought_at=moment.astimezone(zone))
    assert to_body(here) == to_body(there)


def test_a_text_that_happens_to_be_an_enums_member_stays_its_text() -> None:
    assert to_body(Ref(Kind.CLASS, "12")) == to_body(Ref("class", "12"))
    assert from_body(Ref, to_body(Ref(Kind.CLASS, "12"))) == Ref("class", "12")
