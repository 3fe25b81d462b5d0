"""What somebody who means harm, or a server gone mad, could send: JSON, texts, rows."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from monitor.core.visible import plain

TRICKS = (
    "<!channel>",
    "<!here|x>",
    "<@U0123ABCD>",
    "<#C0123456|x>",
    "<https://evil.example|Sync now>",
    "https://evil.example/x",
    "&lt;!channel&gt; & <b>",
    "*bold* _it_ ~no~ `code` ```block```",
    "> quoted",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b2J",
    "\u202egnp.exe\u2066\u2069\u200b\u200f\ufeff",
    "line\nanother: 0 reports\r\n\x0b\x0c\x85\u2028\u2029",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "-2+3",
    "\tx",
    "\x00",
    "%s %n {0} {x.__class__} $(id) `id` ; drop table version; --",
    "../../etc/passwd",
    "\U0001f469\u200d\U0001f680",
    "e\u0301" * 50,
    "{{7*7}}${7*7}<#assign x=1>",
)
"""Texts with which names have done harm elsewhere."""

TEXTS = st.one_of(
    st.sampled_from(TRICKS), st.text(max_size=40), st.integers(1, 3_000).map(lambda n: "x" * n)
)
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0, -1, 1, 10**30, 2**63, -(2**63), 1e308, 0.5]),
)
_DEEP = st.integers(50, 400).map(lambda depth: _nested(depth))
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    TEXTS,
    st.text(st.characters(categories=["Cs"]), min_size=1, max_size=3),
    st.recursive(
        st.none() | st.booleans() | NUMBERS | TEXTS,
        lambda inside: (
            st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=9), inside, max_size=3)
        ),
        max_leaves=5,
    ),
    _DEEP,
)
"""Whatever JSON can hold, and what Python's takes besides: NaN, half a surrogate pair."""


def _nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


def examples(number: int) -> settings:
    """So many examples, each of which may ask a server."""
    return settings(max_examples=number, suppress_health_check=list(HealthCheck))


def short_and_long(short: int, long: int) -> pytest.MarkDecorator:
    """A test in a short form, and in a long one that is not part of the default run."""
    marks = [pytest.mark.slow, pytest.mark.timeout(1800)]
    return pytest.mark.parametrize(
        "number", [pytest.param(short, id="short"), pytest.param(long, id="long", marks=marks)]
    )


def is_harmless_on_a_terminal(text: str) -> bool:
    """No character that moves the cursor, changes colours or turns the direction of writing."""
    return all(line == plain(line) for line in text.split("\n"))


def is_harmless_in_slack(mrkdwn: str, allowed: tuple[str, ...] = ()) -> bool:
    """Nothing that mentions, links or hides; `allowed` are the links that the monitor makes."""
    for own in allowed:
        mrkdwn = mrkdwn.replace(own, "")
    hidden = [
        one
        for one in mrkdwn
        if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co")
    ]
    bare = mrkdwn.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    return not hidden and not set(bare) & set("<>&")
