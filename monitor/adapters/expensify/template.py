"""The exporter's template, filled in with the tag levels and report fields that are coded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

from monitor.core.reports import Workspace

FIELD = "report_field:"
_TAG = "tag:"
_USUAL_LEVELS = 10
"""Asked for even if fewer are coded: a text at a deeper level says that `tag` holds several."""


def template_for(workspaces: Iterable[Workspace]) -> str:
    """The FreeMarker source that asks for everything these workspaces code."""
    places = {coding.place for workspace in workspaces for coding in workspace.coding}
    levels = [int(place.removeprefix(_TAG)) for place in places if place.startswith(_TAG)]
    variables = {
        variable
        for place in places
        if place.startswith(FIELD)
        for variable in field_variables(place)
    }
    source = files("monitor.adapters.expensify").joinpath("pending_reports.ftl")
    return (
        source.read_text(encoding="utf-8")
        .replace("@TAGS@", _tags(max([_USUAL_LEVELS, *levels])))
        .replace("@FIELDS@", _fields(sorted(variables)))
    )


def field_variables(place: str) -> tuple[str, ...]:
    """The names a "report_field:NAME" place may have in a template, the likelier first.

    Everything but letters and digits becomes _; Expensify does not say whether "é" is a letter.
    """
    name = place.removeprefix(FIELD)
    return tuple(dict.fromkeys((re.sub(r"[^A-Za-z0-9]", "_", name), re.sub(r"\W", "_", name))))


def _tags(levels: int) -> str:
    return ",".join(f'"${{word(line, "ntag{level}")}}"' for level in range(1, levels + 1))


def _fields(variables: Iterable[str]) -> str:
    return ",".join(
        f'"{variable}":"${{word(part(report, "customField"), "{variable}")}}"'
        for variable in variables
    )
