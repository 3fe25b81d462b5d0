"""As much of FreeMarker as an exporter template needs; anything else is refused loudly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from monitor.simulator.expensify.built_ins import TemplateError
from monitor.simulator.expensify.expressions import Expression, expression

__all__ = ["TemplateError", "render"]

_PIECE = re.compile(r"(<#--.*?-->|</?#\w+[^>]*>|\$\{.*?\})", re.S)
_ONLY_TAGS = re.compile(r"^(?:[ \t]*(?:<#--.*?-->|</?#\w+[^>]*>))+[ \t]*(?:\n|\Z)", re.S | re.M)
"""Such a line prints nothing, not even its end."""

_Variables = dict[str, Any]
_Step = Callable[[_Variables, list[str]], None]


class _Return(Exception):
    """No error: how a function ends."""

    def __init__(self, value: Any) -> None:
        self.value = value


def render(template: str, model: Mapping[str, Any]) -> str:
    """The template over the model, as FreeMarker would print it."""
    out: list[str] = []
    _parsed(template)(dict(model), out)
    return "".join(out)


@cache
def _parsed(template: str) -> _Step:
    tight = _ONLY_TAGS.sub(lambda match: match[0].strip(" \t\n"), template)
    reader = _Reader([piece for piece in _PIECE.split(tight) if piece])
    whole = reader.block()
    if reader.pieces:
        raise TemplateError(f"{reader.pieces[0]} closes nothing")
    return whole


class _Reader:
    """Takes pieces from the left and makes steps of them."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces

    def block(self) -> _Step:
        """Everything up to a directive that ends or divides a block."""
        steps: list[_Step] = []
        while self.pieces and not self.pieces[0].startswith(("</#", "<#else")):
            steps.append(self._step(self.pieces.pop(0)))
        return _sequence(steps)

    def _step(self, piece: str) -> _Step:
        if piece.startswith("<#--"):
            return _sequence([])
        if piece.startswith("${"):
            return _printing(expression(piece[2:-1]), piece)
        if not piece.startswith("<#"):
            return lambda _variables, out: out.append(piece)
        name, _, rest = piece[2:-1].partition(" ")
        directive = _DIRECTIVES.get(name)
        if directive is None:
            raise TemplateError(f"unknown directive {piece}")
        return directive(self, rest)

    def returning(self, rest: str) -> _Step:
        value = expression(rest)

        def step(variables: _Variables, _out: list[str]) -> None:
            raise _Return(value(variables))

        return step

    def choice(self, rest: str) -> _Step:
        condition = expression(rest)
        when_true, when_false = self.block(), _sequence([])
        if self.pieces[:1] == ["<#else>"]:
            del self.pieces[0]
            when_false = self.block()
        self._close("if")

        def step(variables: _Variables, out: list[str]) -> None:
            chosen = condition(variables)
            if not isinstance(chosen, bool):
                raise TemplateError(f"<#if {rest}>: neither true nor false")
            (when_true if chosen else when_false)(variables, out)

        return step

    def repetition(self, rest: str) -> _Step:
        source, _, name = rest.rpartition(" as ")
        items, body = expression(source), self.block()
        self._close("list")

        def step(variables: _Variables, out: list[str]) -> None:
            listed = items(variables)
            if not isinstance(listed, list | tuple):
                raise TemplateError(f"<#list {rest}>: cannot be listed")
            for position, item in enumerate(listed, start=1):
                more = {f"{name}_has_next": position < len(listed), name: item}
                body({**variables, **more}, out)

        return step

    def definition(self, rest: str) -> _Step:
        name, *parameters = rest.split()
        body = self.block()
        self._close("function")

        def step(variables: _Variables, _out: list[str]) -> None:
            def call(*arguments: Any) -> Any:
                if len(arguments) != len(parameters):
                    raise TemplateError(f"{name}: takes {len(parameters)} values")
                try:
                    body({**variables, **dict(zip(parameters, arguments, strict=True))}, [])
                except _Return as ended:
                    return ended.value
                return None

            variables[name] = call

        return step

    def _close(self, name: str) -> None:
        if not self.pieces or self.pieces.pop(0) != f"</#{name}>":
            raise TemplateError(f"<#{name}> is not closed")


_DIRECTIVES: dict[str, Callable[[_Reader, str], _Step]] = {
    "return": _Reader.returning,
    "if": _Reader.choice,
    "list": _Reader.repetition,
    "function": _Reader.definition,
}


def _sequence(steps: list[_Step]) -> _Step:
    def step(variables: _Variables, out: list[str]) -> None:
        for one in steps:
            one(variables, out)

    return step


def _printing(value: Expression, piece: str) -> _Step:
    def step(variables: _Variables, out: list[str]) -> None:
        text = value(variables)
        if not isinstance(text, str):
            raise TemplateError(f"{piece} is not text")
        out.append(text)

    return step
