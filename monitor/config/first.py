"""A first configuration: the few keys that somebody chose -> a file that explains them all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from monitor.config.fields import CODED_KINDS
from monitor.config.settings import Settings
from monitor.config.show import json_schema, toml_key, toml_value
from monitor.core.workspace import NOT_CODED
from monitor.errors import UsageError

_HEAD = """\
# The configuration of sync-drift monitor, as `monitor init` wrote it.
#
# What stands commented out is optional, and shown with its default. `monitor check` tries it all.
# Lengths of time: 90s 15m 6h 2d. Secrets never stand here, only where they are: "env:NAME",
# "file:PATH" (readable by its owner only) or "credential:NAME" (systemd's LoadCredential)."""
_CODING = """\
# Where Expensify keeps each kind: "tag:1" (a tag level), "report_field:NAME", "employee_default" or
# "none" (the default). Two kinds may share a place."""
_LIKE = {
    "path": "monitor.db",
    "subsidiary": "1",
    "token": "env:SLACK_BOT_TOKEN",
    "webhook_url": "env:SLACK_WEBHOOK_URL",
    "app_token": "env:SLACK_APP_TOKEN",
}
"""How to write what is nothing by default."""


def as_first_file(document: Mapping[str, Any]) -> str:
    """The text of a file that says what the document says, and explains every other key."""
    return "\n".join([_HEAD, *_section((), Settings, document)]) + "\n"


def write_new(path: Path, text: str) -> None:
    """Write the file whole or not at all, for its owner only; what is there is never replaced.

    Raises UsageError, also when somebody else was quicker.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(partial, text)
        path.hardlink_to(partial)  # unlike a rename it fails when there is a file
    except OSError as error:
        if os.path.lexists(path):
            raise already_there(path) from error
        raise UsageError(
            f"{path} cannot be written ({error.strerror}): see to its folder, "
            "or name another --config"
        ) from error
    finally:
        with suppress(OSError):  # where even its folder is none
            partial.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    with open(path, "x", encoding="utf-8", opener=_for_owner_only) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def already_there(path: Path) -> UsageError:
    """Why nothing was written."""
    return UsageError(
        f"{path} is there already, and stays as it is: change it by hand, move it away, "
        "or name another --config"
    )


def _for_owner_only(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_CLOEXEC, 0o600)


def _section(at: Sequence[str], model: type[BaseModel], said: Mapping[str, Any]) -> Iterator[str]:
    """Plain keys first: in TOML a section's own keys must stand above its sections."""
    for name, field in model.model_fields.items():
        if name != "coding" and not _models_in(field.annotation):
            yield _line(model, name, said)
    for name, field in model.model_fields.items():
        heading = ".".join((*at, name))
        inside = said.get(name, {})
        for inner in _chosen(_models_in(field.annotation), inside):
            for entry in inside if isinstance(inside, list) else [inside]:
                yield f"\n[[{heading}]]" if isinstance(inside, list) else f"\n[{heading}]"
                yield from _section((*at, name), inner, entry)
        if name == "coding":
            yield from (f"\n[{heading}]", _CODING, *_coding(inside))


def _line(model: type[BaseModel], name: str, said: Mapping[str, Any]) -> str:
    comment = f"# {model.model_fields[name].description}"
    if name in said:
        return f"{name} = {toml_value(said[name])}  {comment}"
    default = _schemas()[model.__name__]["properties"][name].get("default")
    if default is None:
        return f"# {name} = {toml_value(_LIKE[name])}  {comment} Default: none."
    return f"# {name} = {toml_value(default)}  {comment}"


@cache
def _schemas() -> dict[str, Any]:
    """Of each section; they state lengths of time as people write them."""
    return dict(json_schema()["$defs"])


def _coding(said: Mapping[str, str]) -> Iterator[str]:
    for kind in dict.fromkeys((*CODED_KINDS, *said)):
        mark = "" if kind in said else "# "
        yield f"{mark}{toml_key(kind)} = {toml_value(said.get(kind, NOT_CODED))}"


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]


def _chosen(models: list[type[BaseModel]], said: Any) -> list[type[BaseModel]]:
    """The section itself; of several ways to sign in the one whose method the document names."""
    if len(models) < 2:
        return models
    named = said["method"]
    return [one for one in models if named in get_args(one.model_fields["method"].annotation)]
