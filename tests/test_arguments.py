"""Kinds and records as people type them."""

from __future__ import annotations

import pytest

from monitor.cli.arguments import kinds_from, record_from
from monitor.core.records import Ref
from monitor.errors import UsageError


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        pytest.param([], (), id="none said: none"),
        pytest.param(["class,department"], ("class", "department"), id="several with commas"),
        pytest.param(["class", "location"], ("class", "location"), id="several times"),
        pytest.param(["Class, class,"], ("class",), id="case, blanks and repeats do not matter"),
        pytest.param(["segment:customrecord_x"], ("segment:customrecord_x",), id="a segment"),
    ],
)
def test_kinds_are_understood(texts: list[str], kinds: tuple[str, ...]) -> None:
    assert kinds_from(texts) == kinds


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        pytest.param("clas", "did you mean class?", id="nearly right: what was meant"),
        pytest.param("vendor", "write one of class, department", id="unknown: all there are"),
        pytest.param("segment:", "write one of", id="a segment without its table"),
    ],
)
def test_an_unknown_kind_is_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        kinds_from([text])
    assert repr(text) in str(refusal.value)
    assert hint in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("class:12", Ref("class", "12")),
        (" Class:-5 ", Ref("class", "-5")),
        ("segment:customrecord_x:3", Ref("segment:customrecord_x", "3")),
    ],
)
def test_records_are_understood(text: str, ref: Ref) -> None:
    assert record_from(text) == ref


@pytest.mark.parametrize("text", ["12", "class", "class:", ":12", "class:Marketing", ""])
def test_what_names_no_record_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="class:12"):
        record_from(text)
