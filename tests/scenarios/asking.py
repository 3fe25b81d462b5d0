"""A command asked of a database, and what it answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from monitor.cli import main

_SCHEMAS = Path(__file__).parents[1] / "schemas"


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    def json(self, schema: str) -> Any:
        """The answer, which is as its schema says."""
        answer = json.loads(self.out)
        text = (_SCHEMAS / f"{schema}.schema.json").read_text()
        Draft202012Validator(json.loads(text)).validate(answer)
        return answer


Run = Callable[..., Ended]


def asking(path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs commands on this database."""

    def run(*arguments: str) -> Ended:
        code = main(["--db", str(path), *arguments])
        return Ended(code, *capsys.readouterr())

    return run


def ago(**span: float) -> datetime:
    """A moment before now."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**span)
