"""FreeMarker's expressions, as many as an exporter template needs; others are refused loudly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from monitor.simulator.expensify.built_ins import BUILT_INS, MissingValue, TemplateError

Scope = Mapping[str, Any]
Expression = Callable[[Scope], Any]
"""Computes the value in a scope; MISSING when its last step leads nowhere."""

MISSING = object()
_TOKEN = re.compile(
    r"""\s*(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"|\s*(?P<word>[A-Za-z_]\w*)|\s*(?P<sign>\?\?|\|\||&&|[()\[\].,!?])"
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def expression(source: str) -> Expression:
    """The expression, ready to be computed; raises TemplateError when it cannot be read."""
    parser = _Parser(_tokens(source.strip()))
    whole = parser.whole()
    if parser.tokens:
        raise TemplateError(f"{source.strip()!r} goes on with {parser.tokens[0]!r}")
    return lambda scope: needed(whole, scope, source)


def needed(part: Expression, scope: Scope, source: str = "a value") -> Any:
    """The value, which must be there."""
    value = part(scope)
    if value is MISSING or value is None:
        raise MissingValue(f"{source.strip()} is missing")
    return value


def _tokens(source: str) -> list[str]:
    tokens, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise TemplateError(f"cannot read {source[at:]!r}")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


class _Parser:
    """Takes tokens from the left and makes functions of them, the tightest binding first."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def whole(self) -> Expression:
        parts = [self._both()]
        while self._takes("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _or(parts)

    def _both(self) -> Expression:
        parts = [self._with_steps()]
        while self._takes("&&"):
            parts.append(self._with_steps())
        return parts[0] if len(parts) == 1 else _and(parts)

    def _with_steps(self) -> Expression:
        value = self._first()
        while self.tokens and (step := _STEPS.get(self.tokens[0])):
            del self.tokens[0]
            value = step(self, value)
        return value

    def _first(self) -> Expression:
        token = self._next()
        if token == "(":
            inner = self.whole()
            self._expect(")")
            return _forgiving(inner)
        if token == "[":
            return _list_of(self._until("]"))
        if token[0] in "\"'":
            return _constant(_unescaped(token))
        if token in ("true", "false"):
            return _constant(token == "true")
        if not token.isidentifier():
            raise TemplateError(f"{token!r} begins no expression")
        return _name(token)

    def member(self, owner: Expression) -> Expression:
        return _member(owner, _constant(self._next()))

    def looked_up(self, owner: Expression) -> Expression:
        key = self.whole()
        self._expect("]")
        return _member(owner, key)

    def called(self, function: Expression) -> Expression:
        arguments = self._until(")")
        return lambda scope: needed(function, scope)(*(needed(one, scope) for one in arguments))

    def is_there(self, value: Expression) -> Expression:
        return lambda scope: not _is_missing(value(scope))

    def built_in(self, value: Expression) -> Expression:
        name = self._next()
        if name == "has_content":
            return lambda scope: (
                not _is_missing(found := value(scope)) and found not in ("", [], {})
            )
        if name not in BUILT_INS:
            raise TemplateError(f"unknown built-in ?{name}")
        arguments = self._until(")") if self._takes("(") else []
        return lambda scope: BUILT_INS[name](
            needed(value, scope), *(needed(one, scope) for one in arguments)
        )

    def with_default(self, value: Expression) -> Expression:
        begins = self.tokens and (self.tokens[0][0] in "([\"'" or self.tokens[0].isidentifier())
        other = self._with_steps() if begins else _constant("")
        return lambda scope: other(scope) if _is_missing(found := value(scope)) else found

    def _until(self, end: str) -> list[Expression]:
        parts: list[Expression] = []
        while not self._takes(end):
            if parts:
                self._expect(",")
            parts.append(self.whole())
        return parts

    def _takes(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        del self.tokens[0]
        return True

    def _expect(self, token: str) -> None:
        if not self._takes(token):
            raise TemplateError(f"{token!r} is missing before {self.tokens[:1]}")

    def _next(self) -> str:
        if not self.tokens:
            raise TemplateError("the expression ends too early")
        return self.tokens.pop(0)


_STEPS: dict[str, Callable[[_Parser, Expression], Expression]] = {
    ".": _Parser.member,
    "[": _Parser.looked_up,
    "(": _Parser.called,
    "??": _Parser.is_there,
    "?": _Parser.built_in,
    "!": _Parser.with_default,
}


def _is_missing(value: Any) -> bool:
    return value is MISSING or value is None


def _constant(value: Any) -> Expression:
    return lambda _scope: value


def _name(name: str) -> Expression:
    return lambda scope: scope.get(name, MISSING)


def _member(owner: Expression, name: Expression) -> Expression:
    def found(scope: Scope) -> Any:
        inside = needed(owner, scope)
        if not isinstance(inside, Mapping):
            raise TemplateError(f"{inside!r} has no members")
        return inside.get(needed(name, scope), MISSING)

    return found


def _forgiving(inner: Expression) -> Expression:
    """In parentheses every step may lead nowhere, not only the last."""

    def found(scope: Scope) -> Any:
        try:
            return inner(scope)
        except MissingValue:
            return MISSING

    return found


def _list_of(parts: Sequence[Expression]) -> Expression:
    return lambda scope: [needed(part, scope) for part in parts]


def _or(parts: Sequence[Expression]) -> Expression:
    return lambda scope: any(_truth(part, scope) for part in parts)


def _and(parts: Sequence[Expression]) -> Expression:
    return lambda scope: all(_truth(part, scope) for part in parts)


def _truth(part: Expression, scope: Scope) -> bool:
    value = needed(part, scope)
    if not isinstance(value, bool):
        raise TemplateError(f"{value!r} is neither true nor false")
    return value


def _unescaped(token: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPED.get(match[1], match[1]), token[1:-1])
