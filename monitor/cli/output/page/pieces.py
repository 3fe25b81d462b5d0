"""Small pieces of a page: moments, tables, titled sections, and what was left out of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.cli.output.page.tree import Element, Node, element
from monitor.cli.output.words import iso, local


class Part(NamedTuple):
    """A part of the page that the list at its top leads to."""

    name: str
    title: str
    body: Element


class Column(NamedTuple):
    """The head of a column; numbers stand to the right."""

    title: str
    is_number: bool = False


def moment(at: datetime, zone: str) -> Element:
    """A moment for people, and for programs."""
    return element("time", local(at, zone), datetime=iso(at))


def part(name: str, title: str, *children: Node) -> Part:
    """A part of the page under its heading."""
    heading = element("h2", title, id=f"{name}-title")
    body = element("section", heading, *children, id=name, aria_labelledby=f"{name}-title")
    return Part(name, title, body)


def table(label: str, columns: Sequence[Column], rows: Iterable[Sequence[Node]]) -> Element:
    """A table; its first column names the row.

    On a phone the looks make a card of every row, with the heads before its cells; the roles say
    that it is a table all the same. Where it is still too wide it scrolls by itself.
    """
    heads = (
        element("th", one.title, scope="col", role="columnheader", **_side(one)) for one in columns
    )
    whole = element(
        "table",
        element("caption", label, class_="unseen"),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *(_row(columns, row) for row in rows), role="rowgroup"),
        role="table",
    )
    return element("div", whole, class_="wide", role="group", tabindex="0", aria_label=label)


def paragraph(text: Node, kind: str = "") -> Element:
    """A paragraph; `kind` says what it is for the looks of it."""
    return element("p", text, **({"class_": kind} if kind else {}))


def bullets(items: Iterable[Node]) -> Element:
    """A list in no order."""
    return element("ul", *(element("li", item) for item in items))


def steps(items: Iterable[Node]) -> Element:
    """A list to be done in order."""
    return element("ol", *(element("li", item) for item in items))


def command(text: str) -> Element:
    """What to type."""
    return element("code", text)


def left_out(number: int, what: str, how_to_see: str) -> tuple[Element, ...]:
    """How many are not shown, and the command that shows them; nothing when all are."""
    if number <= 0:
        return ()
    sentence = f"{number:,} more {what} not on this page; to see all: "
    return (element("p", sentence, command(how_to_see), class_="left-out"),)


def badge(text: str, kind: str) -> Element:
    """A few words that stand out; they say all without their colour."""
    return element("span", text, class_=f"badge {kind}")


def _row(columns: Sequence[Column], cells: Sequence[Node]) -> Element:
    first, *rest = cells
    head = element("th", first, scope="row", role="rowheader", **_labelled(columns[0]))
    others = (
        element("td", cell, role="cell", **_labelled(column))
        for column, cell in zip(columns[1:], rest, strict=True)
    )
    return element("tr", head, *others, role="row")


def _labelled(column: Column) -> dict[str, str]:
    return {"data_label": column.title, **_side(column)}


def _side(column: Column) -> dict[str, str]:
    return {"class_": "number"} if column.is_number else {}
