"""Where people are masked, a text has initials in the place of every name that is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output.page.masked import Mask

MASK = Mask(["Dana Lee", "Al", "Jean-Luc O'Neil", "dana", "7", "", "(Omar) Haddad", "Dana Lee Kim"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("by Dana Lee", "by D.L.", id="a name"),
        pytest.param("by Dana Lee.", "by D.L.", id="a name at the end of a sentence"),
        pytest.param("by DANA LEE, at 9", "by D.L., at 9", id="in another case"),
        pytest.param("Dana Lee Kim", "D.L.K.", id="the longest name that fits"),
        pytest.param("dana and Dana Leeds", "D. and D. Leeds", id="no name goes on in a word"),
        pytest.param("Also Al", "Also A.", id="no name is in the middle of a word"),
        pytest.param("“Jean-Luc O'Neil”", "“J.L.O.”", id="a name of several words"),
        pytest.param("x (Omar) Haddad", "x (.H.", id="a name that begins with no letter"),
        pytest.param("7 of 77", "7 of 77", id="a number is nobody"),
        pytest.param("to a.b@c.example!", "to A.B.!", id="an address nobody told of"),
        pytest.param("<x@y.z>", "<X.>", id="an address in brackets"),
        pytest.param("nobody at all", "nobody at all", id="nobody"),
    ],
)
def test_names_and_addresses_become_initials(text: str, said: str) -> None:
    assert MASK.words(text) == said


@given(st.text(), st.text(), st.sampled_from(["Dana Lee", "Jean-Luc O'Neil", "Zoë Ångström"]))
def test_no_name_between_words_is_left(before: str, after: str, name: str) -> None:
    assert name not in Mask([name]).words(f"{before} {name} {after}")


@given(st.text(), st.lists(st.text(), max_size=3))
def test_without_the_names_and_an_address_a_text_stays_as_it_is(
    text: str, names: list[str]
) -> None:
    if "@" not in text and not any(name.strip().casefold() in text.casefold() for name in names):
        assert Mask(names).words(text) == text
