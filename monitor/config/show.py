"""The configuration in force as TOML or JSON values, and the schema of its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from monitor.config.duration import format_duration
from monitor.config.settings import Settings

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def as_values(settings: Settings) -> dict[str, Any]:
    """Every key with the value in force; secrets as their references, absent keys left out."""
    values = settings.model_dump(mode="json", exclude_none=True)
    values["store"]["path"] = str(settings.database)
    return values


def as_toml(settings: Settings) -> str:
    """The same as a file that `monitor` reads back to the same settings."""
    return "\n".join(_table((), as_values(settings))).strip() + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(schema_generator=_Schema),
        "title": "Configuration of sync-drift monitor",
    }


class _Schema(GenerateJsonSchema):
    def encode_default(self, dft: Any) -> Any:
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: core_schema.CoreSchema) -> bool:
        return False


def _table(at: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Plain keys first: in TOML a section's own keys must stand above its sections."""
    for key, value in table.items():
        if not _is_section(value):
            yield f"{toml_key(key)} = {toml_value(value)}"
    for key, value in table.items():
        if not _is_section(value):
            continue
        heading = ".".join(map(toml_key, (*at, key)))
        for entry in value if isinstance(value, list) else [value]:
            yield from ("", f"[[{heading}]]" if isinstance(value, list) else f"[{heading}]")
            yield from _table((*at, key), entry)


def _is_section(value: object) -> bool:
    is_list_of_tables = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) or is_list_of_tables


def toml_key(key: str) -> str:
    """A key as TOML writes it, in quotes where it must be."""
    return key if _BARE_KEY.fullmatch(key) else toml_value(key)


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    # JSON's strings, numbers, truths and lists are TOML's too, but for one control character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
