"""pydantic's errors as sentences that say which key and what to write; values are not repeated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.settings import Settings


class Problem(NamedTuple):
    """One mistake: the key it is about ("" = the sentence names it), and what to write instead."""

    key: str
    sentence: str


Location = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """Everything pydantic found, in the order of the settings."""
    for detail in error.errors(include_url=False):
        yield _problem(detail)


def dotted(at: Location) -> str:
    """The key as people write it: workspace[0].coding.class."""
    text = ""
    for part in at:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        name = part if _BARE_KEY.fullmatch(part) else f'"{part}"'
        text += f".{name}" if text else name
    return text


def _problem(detail: ErrorDetails) -> Problem:
    at, kind = detail["loc"], detail["type"]
    if kind == "extra_forbidden":
        return Problem("", _unknown_key(at))
    if kind == "missing":
        return Problem(dotted(_written(at)), _missing(at))
    if kind == "union_tag_invalid":
        return Problem(f"{dotted(at)}.method", 'write "oauth2" or "tba"')
    sentence = _SENTENCES.get(kind)
    return Problem(dotted(_written(at)), sentence(detail) if sentence else detail["msg"])


def _written(at: Location) -> Location:
    """The place in the file: without pydantic's own marks (the sign-in method, "[key]")."""
    if at[:2] == ("netsuite", "auth"):
        at = (*at[:2], *at[3:])
    return at[:-1] if at[-1] == "[key]" else at


def _unknown_key(at: Location) -> str:
    key, section = str(at[-1]), dotted(_written(at)[:-1])
    near = get_close_matches(key, _model_at(at[:-1]).model_fields, n=1)
    where = f"in [{section}]" if section else "at the top level"
    hint = f"did you mean `{near[0]}`?" if near else "remove it; `monitor config schema` has all."
    return f"unknown key `{key}` {where}: {hint}"


def _missing(at: Location) -> str:
    field = _model_at(at[:-1]).model_fields[str(at[-1])]
    if len(at) == 1:
        section = "[[workspace]]" if at[0] == "workspace" else f"[{at[0]}]"
        return f"the section {section} is missing ({field.description})"
    return f"is missing: write {at[-1]!s} = … ({field.description})"


def _model_at(at: Location) -> type[BaseModel]:
    """The section that a location leads to; a sign-in method chooses between two."""
    sections: list[type[BaseModel]] = [Settings]
    for part in at:
        inside = [
            model
            for section in sections
            if part in section.model_fields
            for model in _models_in(section.model_fields[str(part)].annotation)
        ]
        sections = inside or [s for s in sections if _is_called(s, part)] or sections
    return sections[0]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _is_called(model: type[BaseModel], part: str | int) -> bool:
    method = model.model_fields.get("method")
    return method is not None and part in get_args(method.annotation)


def _list_expected(detail: ErrorDetails) -> str:
    if detail["loc"] == ("workspace",):
        return "write [[workspace]], with two brackets: there may be several"
    return 'write a list: ["…", "…"]'


_TABLE_EXPECTED = 'write a table: { "…" = "…" }'
_SENTENCES: dict[str, Callable[[ErrorDetails], str]] = {
    "value_error": lambda detail: str(detail["ctx"]["error"]),
    "literal_error": lambda detail: f"write {detail['ctx']['expected']}".replace("'", '"'),
    "string_type": lambda _: "write text in quotes",
    "string_too_short": lambda _: "is empty: write some text",
    "bool_type": lambda _: "write true or false, without quotes",
    "int_type": lambda _: "write a whole number, without quotes",
    "greater_than_equal": lambda detail: f"write a number from {detail['ctx']['ge']} on",
    "less_than_equal": lambda detail: f"write a number up to {detail['ctx']['le']}",
    "tuple_type": _list_expected,
    "mapping_type": lambda _: _TABLE_EXPECTED,
    "dict_type": lambda _: _TABLE_EXPECTED,
    "model_type": lambda detail: f"write a section [{dotted(_written(detail['loc']))}] with keys",
}
