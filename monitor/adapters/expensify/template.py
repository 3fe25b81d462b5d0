"""The exporter's template, filled in with the tag levels and report fields that are coded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files

from monitor.core.reports import Workspace

_DEEPEST_LEVEL = 10


def template_for(workspaces: Iterable[Workspace]) -> str:
    """The FreeMarker source that asks for everything these workspaces code."""
    places = sorted({coding.place for ws in workspaces for coding in ws.coding})
    source = files("monitor.adapters.expensify").joinpath("pending_reports.ftl")
    levels = max([1, *(int(p[4:]) for p in places if p.startswith("tag:"))])
    fields = [place.removeprefix("report_field:") for place in places if "field:" in place]
    return (
        source.read_text(encoding="utf-8")
        .replace("@TAGS@", _tags(min(levels, _DEEPEST_LEVEL)))
        .replace("@FIELDS@", _fields(fields))
    )


def _tags(levels: int) -> str:
    return ",".join(
        f'"${{text((line.ntag{level})!"")?json_string}}"' for level in range(1, levels + 1)
    )


def _fields(names: Sequence[str]) -> str:
    """Expensify's name of a report field in templates: everything but letters and digits is _."""
    return ",".join(
        f'"{_variable(name)}":"${{text((report.customField.{_variable(name)})!"")?json_string}}"'
        for name in names
    )


def _variable(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", name)


def field_variable(place: str) -> str:
    """The key under which the answer holds the field of a "report_field:NAME" place."""
    return _variable(place.removeprefix("report_field:"))
