"""Initials in the place of people, wherever a text names them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from monitor.core.message.words import Voice

_PART = r"[^\s@<>(),;:“”\"]"
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,255}}\.[^\W_]+")
"""With the lengths that mail allows: a text of any length is searched in a moment."""
_WORD = re.compile(r"\w+")
_VOICE = Voice(mask_people=True)


class Mask:
    """Knows the names that are not to be read; e-mail addresses it knows by their looks."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first_word: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted({name.strip() for name in names}, key=lambda one: (-len(one), one)):
            first = _WORD.search(name)
            if first is not None and any(map(str.isalpha, name)):
                self._by_first_word[first[0].casefold()].append(name)

    def words(self, text: str) -> str:
        """The text with initials for everybody in it."""
        return self._without_names(_ADDRESS.sub(lambda found: _VOICE.person(found[0]), text))

    def _without_names(self, text: str) -> str:
        kept, reached = [], 0
        for word in _WORD.finditer(text):
            if word.start() < reached:
                continue
            for name in self._by_first_word.get(word[0].casefold(), ()):
                begin = word.start() - _lead(name)
                end = begin + len(name)
                if begin < reached or not _is_same(text[begin:end], name) or _goes_on(text, end):
                    continue
                kept += [text[reached:begin], _VOICE.person(name)]
                reached = end + text.startswith(".", end)  # initials bring their own
                break
        return "".join([*kept, text[reached:]])


def _lead(name: str) -> int:
    """How much of the name stands before its first word."""
    first = _WORD.search(name)
    return first.start() if first else 0


def _is_same(text: str, name: str) -> bool:
    return text.casefold() == name.casefold()


def _goes_on(text: str, end: int) -> bool:
    """Whether a word goes on there: Al is not in Also, since words are looked up whole."""
    return end < len(text) and _WORD.match(text[end - 1]) is not None and text[end].isalnum()
