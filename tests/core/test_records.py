"""Records and what names them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.records import CONTENT_FIELDS, SHOWN_FIELDS, Kind, Record, Ref
from tests.core.builders import a_change, a_class


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        pytest.param("class:12", Ref("class", "12"), id="a kind and an id"),
        pytest.param("class:-5", Ref("class", "-5"), id="NetSuite's ids can be negative"),
        pytest.param("  class:12\n", Ref("class", "12"), id="blanks around it do not matter"),
        pytest.param(
            "segment:customrecord_region:5",
            Ref("segment:customrecord_region", "5"),
            id="a segment value's kind has a colon of its own",
        ),
        pytest.param(
            "employee:email:1a2b3c4d5e6f",
            Ref("employee", "email:1a2b3c4d5e6f"),
            id="a missing employee's id has one",
        ),
    ],
)
def test_a_record_is_named_by_kind_and_id(text: str, ref: Ref) -> None:
    assert Ref.parse(text) == ref
    assert str(ref) == text.strip()


@pytest.mark.parametrize("text", ["", "class", "class:", ":12", "segment:region", "segment::5"])
def test_anything_else_is_refused_and_told_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no record: write KIND:ID, for example class:12"):
        Ref.parse(text)


_KINDS = st.sampled_from([*Kind, "segment:customrecord_region", "workspace", "text"])


@given(kind=_KINDS, record_id=st.integers().map(str) | st.text("0123456789abcdef:", min_size=1))
def test_what_a_name_is_written_as_it_is_read_as(kind: str, record_id: str) -> None:
    assert Ref.parse(str(Ref(kind, record_id))) == Ref(kind, record_id)


def test_a_record_and_its_change_are_named_alike() -> None:
    record = a_class("12")
    assert record.ref == a_change(record, None).ref == Ref("class", "12")


def test_an_edit_time_is_no_part_of_a_records_content() -> None:
    assert Record._fields == ("kind", "id", *CONTENT_FIELDS, "modified_at")


def test_a_change_lists_every_fact_once() -> None:
    assert set(CONTENT_FIELDS) - set(SHOWN_FIELDS) == {"mapped_subsidiary_ids"}
