"""Text that somebody else wrote, as it may stand on a terminal or in a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BEGINS_A_FORMULA = "=+-@\t\r\n\0"
_NUMBER = re.compile(r"-?\d+(\.\d+)?(;-?\d+)*", re.ASCII)
"""An amount, or ids: they may be negative."""
_ONE_PLACE = {"Cc", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """A name as it may stand on a terminal: no line breaks, control or direction characters."""
    if text.isprintable():  # excludes all of them, and costs little
        return text
    return "".join("\ufffd" if _is_hidden(char) else char for char in text)


def no_formula(text: str) -> str:
    """A cell that a spreadsheet computes nothing from: an apostrophe makes it a text."""
    is_formula = text[:1] in _BEGINS_A_FORMULA and not _NUMBER.fullmatch(text)
    return f"'{text}" if text and is_formula else text


def _is_hidden(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in _ONE_PLACE
