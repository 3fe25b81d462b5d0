"""Keys that must agree: checked on the raw file, so that no other mistake hides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.config.fields import SEGMENT, WATCHED_KINDS
from monitor.config.problems import Problem
from monitor.core.workspace import NOT_CODED


def disagreements(document: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong between keys that may each be right; wrong types are somebody else's."""
    yield from _slack(document.get("slack"))
    yield from _repeated_workspaces(_workspaces(document))
    yield from _unread_kinds(document.get("netsuite"), _workspaces(document))


def _slack(slack: object) -> Iterator[Problem]:
    if not isinstance(slack, dict):
        return
    has_token, has_webhook = "token" in slack, "webhook_url" in slack
    if has_token and has_webhook:
        yield Problem("slack", "write token or webhook_url, not both")
    if not has_token and not has_webhook:
        yield Problem("slack", 'token is missing: write token = "env:SLACK_BOT_TOKEN"')
    if has_token and not slack.get("channel"):
        yield Problem("slack.channel", 'is missing: write the channel\'s id, like "C0123456789"')


def _repeated_workspaces(workspaces: list[Mapping[str, Any]]) -> Iterator[Problem]:
    first_at: dict[str, int] = {}
    for index, workspace in enumerate(workspaces):
        policy_id = workspace.get("policy_id")
        if not isinstance(policy_id, str):
            continue
        if policy_id in first_at:
            first = f"workspace[{first_at[policy_id]}]"
            yield Problem(
                f"workspace[{index}].policy_id", f"{first} has the same: each stands once"
            )
        first_at.setdefault(policy_id, index)


def _unread_kinds(netsuite: object, workspaces: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """A kind that is coded but not read would be watched in name only."""
    if not isinstance(netsuite, dict):
        return
    lists = netsuite.get("lists", WATCHED_KINDS)
    segments = netsuite.get("custom_segments", [])
    if not isinstance(lists, list | tuple) or not isinstance(segments, list):
        return
    for index, workspace in enumerate(workspaces):
        coding = workspace.get("coding")
        coded = coding if isinstance(coding, dict) else {}
        for kind in (kind for kind, place in coded.items() if place != NOT_CODED):
            key = f"workspace[{index}].coding.{kind}"
            if kind in WATCHED_KINDS and kind not in lists:
                yield Problem(key, f'is not read: add "{kind}" to netsuite.lists')
            table = kind.removeprefix(SEGMENT)
            if kind != table and table not in segments:
                yield Problem(key, f'is not read: add "{table}" to netsuite.custom_segments')


def _workspaces(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each table of the list; what is no table counts as empty, so that places stay right."""
    entries = document.get("workspace")
    if not isinstance(entries, list):
        return []
    return [entry if isinstance(entry, dict) else {} for entry in entries]
