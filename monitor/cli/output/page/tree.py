"""A page as a tree of values: whatever is said in it is escaped as it is written, always.

There is no way to put markup into a tree but by `element`, and no way out of it but by `written`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from monitor.cli.output.words import plain

LONGEST_TEXT = 1000
"""Of one text; what is longer is cut, and says so."""
_ELEMENTS = re.compile(
    "a|article|aside|caption|code|dd|div|dl|dt|figcaption|figure|footer|h[1-4]|header|li|main|nav|"
    "ol|p|rect|section|small|span|strong|svg|table|tbody|td|th|thead|time|tr|ul"
)
_ATTRIBUTES = re.compile(
    "aria-hidden|aria-label|aria-labelledby|class|data-label|datetime|height|href|id|preserveAspectRatio|rel|"
    "role|scope|tabindex|viewBox|width|x|y"
)
"""None of them runs anything; `href` is checked besides."""
_SAFE_ADDRESSES = ("https://", "#")


@dataclass(frozen=True, slots=True)
class Element:
    """One element, what is known of it, and what stands in it."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Node, ...] = ()


Node = Element | str
"""An element, or what somebody wrote: any text at all."""


def element(name: str, *children: Node, **attributes: str) -> Element:
    """An element with these children; `class_` is written class, and `aria_label` aria-label.

    Raises ValueError for what might run or load something.
    """
    named = tuple((key.rstrip("_").replace("_", "-"), text) for key, text in attributes.items())
    if not _ELEMENTS.fullmatch(name):
        raise ValueError(f"a page has no element {name!r}")
    for key, text in named:
        if not _ATTRIBUTES.fullmatch(key):
            raise ValueError(f"an element of a page has no attribute {key!r}")
        if key == "href" and not text.startswith(_SAFE_ADDRESSES):
            raise ValueError(f"a page leads to https addresses only, not to {text!r}")
    return Element(name, named, children)


def link(text: str, url: str) -> Node:
    """The text, leading there; without an https address that fits the text alone."""
    if not url.startswith("https://") or len(url) > LONGEST_TEXT:
        return text
    return element("a", text, href=url, rel="noreferrer noopener")


def written(node: Node) -> str:
    """The tree as HTML."""
    if isinstance(node, str):
        return escape(shown(node))
    attributes = "".join(f' {key}="{escape(shown(text))}"' for key, text in node.attributes)
    inner = "".join(map(written, node.children))
    return f"<{node.name}{attributes}>{inner}</{node.name}>"


def shown(text: str) -> str:
    """A text as a page shows it: no control or direction characters, and never endless."""
    if (over := len(text) - LONGEST_TEXT) > 0:
        text = f"{text[:LONGEST_TEXT]} … ({over} characters left out)"
    return plain(text)


def reworded(node: Node, words: Callable[[str], str]) -> Node:
    """The same tree, every text and every label in it said in other words."""
    if isinstance(node, str):
        return words(node)
    return replace(
        node,
        attributes=tuple(
            (key, words(text) if key == "aria-label" else text) for key, text in node.attributes
        ),
        children=tuple(reworded(child, words) for child in node.children),
    )
