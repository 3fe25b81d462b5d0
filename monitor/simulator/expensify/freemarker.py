"""As much of FreeMarker as an exporter template needs; anything else is refused loudly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:\\.|[^"\\])*")|(?P<word>[A-Za-z_]\w*)|(?P<sign>\?\?|\|\||&&|[()\[\].,!?]))'
)
_PIECE = re.compile(r"(<#--.*?-->|</?#\w+[^>]*>|\$\{.*?\})", re.S)


class TemplateError(Exception):
    """The template asks for what is missing, or for what this engine does not know."""


_MISSING = object()


def render(template: str, model: Mapping[str, Any]) -> str:
    """The template over the model, as FreeMarker would print it."""
    machine = _Machine([piece for piece in _PIECE.split(template) if piece])
    out: list[str] = []
    machine.block(dict(model), out, ends=())
    return "".join(out)


@dataclass(slots=True)
class _Machine:
    pieces: list[str]
    at: int = 0
    functions: dict[str, tuple[str, int]] = field(default_factory=dict)

    def block(self, scope: dict[str, Any], out: list[str], *, ends: tuple[str, ...]) -> Any:
        """Run pieces until one of `ends`; the value of a #return, if there was one."""
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            if piece.startswith(ends):
                return _MISSING
            self.at += 1
            if piece.startswith("<#return"):
                return self.value(piece[8:-1], scope)
            if (result := self._piece(piece, scope, out)) is not _MISSING:
                return result
        return _MISSING

    def _piece(self, piece: str, scope: dict[str, Any], out: list[str]) -> Any:
        if piece.startswith("<#--"):
            return _MISSING
        if piece.startswith("${"):
            out.append(_printed(self.value(piece[2:-1], scope), piece))
        elif piece.startswith("<#function"):
            name, parameter = piece[10:-1].split()
            self.functions[name] = (parameter, self.at)
            self._skip("function")
        elif piece.startswith("<#if"):
            return self._if(piece[4:-1], scope, out)
        elif piece.startswith("<#list"):
            self._list(piece[6:-1], scope, out)
        elif piece.startswith(("<#", "</#")):
            raise TemplateError(f"unknown directive {piece}")
        else:
            out.append(piece)
        return _MISSING

    def _if(self, condition: str, scope: dict[str, Any], out: list[str]) -> Any:
        is_true = self.value(condition, scope) is True
        result = (
            self.block(scope, out if is_true else [], ends=("<#else", "</#if"))
            if is_true
            else self._pass_over("if", ("<#else", "</#if"))
        )
        if result is not _MISSING:
            return result
        if self.pieces[self.at].startswith("<#else"):
            self.at += 1
            if is_true:
                self._pass_over("if", ("</#if",))
            else:
                result = self.block(scope, out, ends=("</#if",))
                if result is not _MISSING:
                    return result
        self.at += 1
        return _MISSING

    def _list(self, header: str, scope: dict[str, Any], out: list[str]) -> None:
        expression, name = header.rsplit(" as ", 1)
        items = self.value(expression, scope)
        begin = self.at
        for position, item in enumerate(items):
            self.at = begin
            inner = {**scope, name.strip(): item}
            self.block(inner, out, ends=("<#sep", "</#list"))
            if self.pieces[self.at].startswith("<#sep"):
                self.at += 1
                is_last = position == len(items) - 1
                self.block(inner, [] if is_last else out, ends=("</#sep", "</#list"))
        self.at = begin
        self._skip("list")

    def _pass_over(self, name: str, ends: tuple[str, ...]) -> Any:
        """Walk to the end of this branch without running it."""
        depth = 0
        while depth or not self.pieces[self.at].startswith(ends):
            piece = self.pieces[self.at]
            depth += piece.startswith(f"<#{name}") - piece.startswith(f"</#{name}")
            self.at += 1
        return _MISSING

    def _skip(self, name: str) -> None:
        self._pass_over(name, (f"</#{name}",))
        self.at += 1

    def value(self, expression: str, scope: dict[str, Any]) -> Any:
        tokens = list(_tokens(expression))
        result = _Expression(tokens, scope, self).whole()
        if result is _MISSING or result is None:
            raise TemplateError(f"{expression.strip()} is missing")
        return result

    def call(self, name: str, argument: Any) -> Any:
        parameter, begin = self.functions[name]
        here, self.at = self.at, begin
        result = self.block({parameter: argument}, [], ends=("</#function",))
        self.at = here
        return result


def _tokens(expression: str) -> Iterator[str]:
    at = 0
    expression = expression.strip()
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise TemplateError(f"cannot read {expression[at:]!r}")
        at = match.end()
        yield match.group().strip()


class _Expression:
    """Reads one expression while it computes it."""

    def __init__(self, tokens: list[str], scope: Mapping[str, Any], machine: _Machine) -> None:
        self._tokens = tokens
        self._scope = scope
        self._machine = machine

    def whole(self) -> Any:
        value = self._term()
        while self._tokens[:1] in (["||"], ["&&"]):
            sign = self._tokens.pop(0)
            other = self._term()
            value = (value or other) if sign == "||" else (value and other)
        return value

    def _term(self) -> Any:
        value = self._first()
        while self._tokens:
            sign = self._tokens[0]
            if sign == ".":
                del self._tokens[0]
                value = _member(value, self._tokens.pop(0))
            elif sign == "??":
                del self._tokens[0]
                value = value is not _MISSING and value is not None
            elif sign == "?":
                del self._tokens[0]
                value = _BUILT_INS[self._tokens.pop(0)](value)
            elif sign == "!":
                del self._tokens[0]
                value = self._default(value)
            else:
                break
        return value

    def _default(self, value: Any) -> Any:
        starts = self._tokens[:1] and (self._tokens[0] in "([" or self._tokens[0][0] in '"')
        other = self._first() if starts else ""
        return other if value is _MISSING or value is None else value

    def _first(self) -> Any:
        token = self._tokens.pop(0)
        if token == "(":
            value = self.whole()
            self._tokens.pop(0)
            return value
        if token == "[":
            self._tokens.pop(0)
            return []
        if token.startswith('"'):
            return json.loads(token)
        if token in ("true", "false"):
            return token == "true"
        if token in self._machine.functions and self._tokens[:1] == ["("]:
            self._tokens.pop(0)
            argument = self.whole()
            self._tokens.pop(0)
            return self._machine.call(token, argument)
        return self._scope.get(token, _MISSING)


def _member(value: Any, name: str) -> Any:
    # Inside parentheses with a default a missing level is just missing.
    return value.get(name, _MISSING) if isinstance(value, Mapping) else _MISSING


def _c(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _json_string(value: Any) -> str:
    return json.dumps(str(value), ensure_ascii=False)[1:-1].replace("</", "<\\/")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_BUILT_INS: dict[str, Callable[[Any], Any]] = {
    "c": _c,
    "json_string": _json_string,
    "has_content": lambda value: value not in (_MISSING, None, "", []),
    "is_boolean": lambda value: isinstance(value, bool),
    "is_number": _is_number,
    "is_string": lambda value: isinstance(value, str),
    "is_sequence": lambda value: isinstance(value, list | tuple),
}


def _printed(value: Any, piece: str) -> str:
    if isinstance(value, str):
        return value
    raise TemplateError(f"{piece} is not text")
