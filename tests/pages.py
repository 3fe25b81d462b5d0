"""A page of HTML, read back by Python's own parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_WITHOUT_END = ("meta",)


@dataclass
class Part:
    """One element that was read."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Part | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that is said in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def everything(self) -> Iterator[Part]:
        """It, and all elements in it, in the order of the page."""
        yield self
        for one in self.inside:
            if isinstance(one, Part):
                yield from one.everything()

    def all(self, *names: str) -> list[Part]:
        """The elements of these names in it."""
        return [one for one in self.everything() if one.name in names]

    def texts(self, *names: str) -> list[str]:
        return [one.text for one in self.all(*names)]

    def __getitem__(self, element_id: str) -> Part:
        (found,) = [one for one in self.everything() if one.attributes.get("id") == element_id]
        return found

    def rows(self) -> list[list[str]]:
        """Every row of its tables, heads left out."""
        return [row.texts("th", "td") for body in self.all("tbody") for row in body.all("tr")]

    @property
    def skeleton(self) -> list[tuple[str, tuple[str, ...], str | None]]:
        """What the page is made of, whatever it says."""
        return [
            (one.name, tuple(one.attributes), one.attributes.get("class"))
            for one in self.everything()
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Part("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of <{tag}> stands twice"
        part = Part(tag, {key: text or "" for key, text in attrs})
        self.open[-1].inside.append(part)
        if tag not in _WITHOUT_END:
            self.open.append(part)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag, f"</{tag}> ends what it did not begin"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def read(page: str) -> Part:
    """The whole page; every element ends where it should."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    (whole,) = reader.open
    return whole
