"""What workspaces offer in their pickers: the policy getter's answer as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from monitor.core.reports import OfferedValue, PolicyLists
from monitor.errors import SourceError


class PolicySummary(NamedTuple):
    """One workspace the credential sees."""

    policy_id: str
    name: str
    role: str
    sort: str = ""
    """Expensify's word for its plan: "corporate", "personal" …; "" when it does not tell."""
    has_connections: bool | None = None
    """Whether accounting connections are switched on, None when it does not tell."""


def summaries(document: Mapping[str, Any]) -> tuple[PolicySummary, ...]:
    """The policy list getter's answer; raises SourceError when it is not one."""
    try:
        return tuple(_summary(entry) for entry in document["policyList"])
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable("list of workspaces") from error


def _summary(entry: Mapping[str, Any]) -> PolicySummary:
    connections = entry.get("areConnectionsEnabled")
    return PolicySummary(
        _text(entry["id"]),
        str(entry.get("name", "")),
        str(entry.get("role", "")),
        str(entry.get("type", "")),
        connections if isinstance(connections, bool) else None,
    )


def policy_lists(document: Mapping[str, Any], policy_ids: Sequence[str]) -> tuple[PolicyLists, ...]:
    """The policy getter's answer, in the order asked.

    Raises SourceError naming a workspace that is absent or cannot be read.
    """
    found = document.get("policyInfo")
    if not isinstance(found, dict):
        raise _unreadable("answer about workspaces")
    return tuple(_lists_of(policy_id, found.get(policy_id)) for policy_id in policy_ids)


def _lists_of(policy_id: str, policy: Any) -> PolicyLists:
    if not isinstance(policy, dict):
        raise SourceError(
            f"Expensify shows no workspace {policy_id} to the monitor: check [[workspace]] "
            "policy_id, and that the credential's owner is an admin of it",
            source="expensify",
            is_permanent=True,
        )
    absent = tuple(place for section, place in _SECTIONS.items() if policy.get(section) is None)
    if len(absent) == len(_SECTIONS):
        raise _unreadable(f"workspace {policy_id}")
    try:
        values = (*_tags(policy.get("tags") or []), *_fields(policy.get("reportFields") or []))
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable(f"workspace {policy_id}") from error
    return PolicyLists(policy_id, str(policy.get("name", "")), _each_once(values), absent)


_SECTIONS = {"tags": "tag:", "reportFields": "report_field:"}
"""What is asked for, and the places it fills. The manual's own example leaves one out."""


def _each_once(values: Iterable[OfferedValue]) -> tuple[OfferedValue, ...]:
    """A text may be listed under several parents; it can be picked if one of them is enabled."""
    enabled: dict[tuple[str, str], bool] = {}
    for place, text, is_enabled in values:
        enabled[place, text] = enabled.get((place, text), False) or is_enabled
    return tuple(OfferedValue(*key, is_enabled) for key, is_enabled in enabled.items())


def _tags(tags: Sequence[Mapping[str, Any]]) -> Iterator[OfferedValue]:
    """Either a flat list of tags (one level), or a list of levels that have tags of their own."""
    has_levels = any("tags" in entry for entry in tags)
    levels = [level.get("tags") or [] for level in tags] if has_levels else [tags]
    for number, level in enumerate(levels, start=1):
        for tag in level:
            yield OfferedValue(f"tag:{number}", _text(tag["name"]), _is_enabled(tag))


def _is_enabled(tag: Mapping[str, Any]) -> bool:
    """Unless Expensify says otherwise; it leaves the word out of many tags."""
    return str(tag.get("enabled", True)).lower() not in ("false", "0")


def _fields(fields: Sequence[Mapping[str, Any]]) -> Iterator[OfferedValue]:
    for field in fields:
        for value in field.get("values") or []:
            yield OfferedValue(f"report_field:{_text(field['name'])}", _text(value), True)


def _text(value: Any) -> str:
    if not isinstance(value, str | int):
        raise TypeError(f"{value!r} is no text")
    return str(value)


def _unreadable(what: str) -> SourceError:
    return SourceError(
        f"Expensify's {what} is not what its manual describes: nothing of this reading is kept",
        source="expensify",
    )
