"""One file in, frozen settings out; or every mistake at once, each with its place and its cure."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config.agreement import disagreements
from monitor.config.fields import Surroundings
from monitor.config.find import find_config, read_toml
from monitor.config.problems import Problem, problems_of
from monitor.config.settings import Settings
from monitor.errors import ConfigError


def load(given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Find, read and check the configuration, and resolve its secrets.

    Raises ConfigError with every problem: "FILE: key.path: what to write".
    """
    path = find_config(given, environ)
    return check(read_toml(path), path, environ)


def database_of(given: Path | None = None) -> Path:
    """The database of the configuration, which is read as by `load_without_secrets`."""
    return load_without_secrets(given).database


def load_without_secrets(given: Path | None = None) -> Settings:
    """The configuration, found, read and checked whole as by `load`.

    Only its secrets are not looked up: who asks neither system need not have them.
    """
    path = find_config(given)
    return check(read_toml(path), path, is_resolving=False)


def check(
    document: Mapping[str, Any],
    path: Path,
    environ: Mapping[str, str] = os.environ,
    *,
    is_resolving: bool = True,
) -> Settings:
    """Check a document that was read from `path`; relative `file:` secrets lie beside it.

    Not resolving, the secrets of the settings are mere references.
    """
    problems = list(disagreements(document))
    try:
        around = Surroundings(path.parent, environ, is_resolving)
        settings = Settings.model_validate(document, context=around)
    except ValidationError as error:
        problems = [*problems_of(error), *problems]
    if problems:
        raise ConfigError(*_sentences(path, problems))
    return settings


def _sentences(path: Path, problems: list[Problem]) -> Iterator[str]:
    for problem in dict.fromkeys(problems):
        place = f"{problem.key}: " if problem.key else ""
        yield f"{path}: {place}{problem.sentence}"
