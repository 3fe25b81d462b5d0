"""JSON from outside: what cannot be stored is made storable, what is none is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.document import json_document


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(rb'"R\ud83d"', "R?", id="the first half of a pair alone"),
        pytest.param(rb'"\uDE00 x"', "? x", id="the second half alone, in capitals"),
        pytest.param(rb'"\ud83d\ude00"', "😀", id="a whole pair stays what it means"),
        pytest.param('"😀 \\\\ud"'.encode(), "😀 \\ud", id="an escaped backslash is none"),
    ],
)
def test_every_text_can_be_stored(body: bytes, text: str) -> None:
    assert json_document(body) == text


@given(st.text() | st.text(st.characters(categories=["Cs", "Ll"])))
def test_whatever_was_sent_can_be_encoded(text: str) -> None:
    read = json_document(json.dumps({text: [text]}).encode())
    assert json.dumps(read, ensure_ascii=False).encode()


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"<html>"])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        json_document(body)
