"""What the policy getters answer: workspaces, their tags and their report fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.simulator.expensify.office import Office, Policy

Offered = Mapping[str, Mapping[str, bool]]


def policy_list(office: Office) -> list[dict[str, Any]]:
    """The workspaces the credential's owner sees."""
    return [
        {
            "id": policy.policy_id,
            "name": policy.name,
            "role": policy.role,
            "type": policy.sort,
            "outputCurrency": "USD",
            "owner": "owner@acme.example",
            **_connections(policy),
        }
        for policy in office.policies.values()
    ]


def _connections(policy: Policy) -> dict[str, bool]:
    """The manual does not name it, the real answer has it."""
    known = policy.has_connections
    return {} if known is None else {"areConnectionsEnabled": known}


def policy_details(policy: Policy, fields: Iterable[str]) -> dict[str, Any]:
    """The sections that were asked for, and nothing else: not even a name."""
    sections = {"tags": _tags, "reportFields": _report_fields}
    return {name: sections[name](policy.offered) for name in fields if name in sections}


def _tags(offered: Offered) -> list[dict[str, Any]]:
    """One level comes as a flat list of tags, several as a list of levels, none as one without
    tags.
    """
    numbers = [int(place[4:]) for place in offered if place.startswith("tag:")]
    levels = [
        _level(offered.get(f"tag:{number}", {})) for number in range(1, max(numbers, default=1) + 1)
    ]
    if len(levels) == 1 and levels[0]:
        return levels[0]
    return [{"name": f"Level {number}", "tags": tags} for number, tags in enumerate(levels, 1)]


def _level(tags: Mapping[str, bool]) -> list[dict[str, Any]]:
    return [{"name": text, "enabled": enabled, "glCode": ""} for text, enabled in tags.items()]


def _report_fields(offered: Offered) -> list[dict[str, Any]]:
    """Report fields have no disabled values; every workspace has the title's formula."""
    return [
        {"name": "title", "type": "formula", "values": []},
        *(
            {
                "name": place.removeprefix("report_field:"),
                "type": "dropdown",
                "values": [text for text, enabled in values.items() if enabled],
            }
            for place, values in offered.items()
            if place.startswith("report_field:")
        ),
    ]
