"""The policy JSON that a person exported from Expensify -> evidence about the last sync.

Only the dates and words of the last sync are looked at: the tokens and the account in the file are
neither kept nor repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from monitor.adapters.document import json_document
from monitor.core.moments import plausible
from monitor.core.sync import Bound, Evidence, Source
from monitor.core.workspace import Workspace
from monitor.errors import UsageError

_DATES = {
    Bound.EXACT: (("lastSyncDate",), ("lastSync", "successfulDate")),
    Bound.FAILED: (("lastErrorSyncDate",), ("lastSync", "errorDate")),
}
"""Where Expensify keeps the moments, the older place first; "" = there was none."""
_STORED = "policy_"
_ONLY_NETSUITE_HAS = frozenset({"lastSyncDate", "lastErrorSyncDate", "options", "verified"})
_EVERY_CONNECTION_HAS = frozenset({"lastSync", "config", "data"})
_LONGEST_WORDS = 200


def evidence_from_policy(
    text: str, workspace: Workspace, *, exported_at: datetime, note: str = ""
) -> tuple[Evidence, ...]:
    """What the exported policy says of its NetSuite connection, as of its export.

    It may be the whole policy, its connections, or the NetSuite connection alone. Raises UsageError
    for a policy or a connection of another sort, and where the file says nothing of a sync.
    """
    connection = _netsuite(_policy(_document(text), workspace))
    rows = []
    for bound, places in _DATES.items():
        moment = _first_date(connection, places, exported_at)
        if moment is not None:
            words = _words(connection) if bound is Bound.FAILED else ""
            said = ", ".join(part for part in (note, words) if part)
            row = Evidence(
                workspace.policy_id, bound, moment, Source.POLICY_JSON, exported_at, said
            )
            rows.append(row)
    if not rows:
        raise UsageError(
            "the policy says of no sync when it was (lastSyncDate and lastSync are empty): "
            "Expensify has never synced it, or the file was shortened"
        )
    return tuple(rows)


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = json_document(text.encode())
    except ValueError as error:
        raise UsageError("the file is no whole JSON: export the policy once more") from error
    if not isinstance(document, dict):
        raise UsageError("the file holds no policy: it must be one JSON object")
    return document


def _policy(document: Mapping[str, Any], workspace: Workspace) -> Mapping[str, Any]:
    """The policy itself, also where it stands under its id, as the app stores it."""
    stored = {key.removeprefix(_STORED): key for key in document if key.startswith(_STORED)}
    if not stored:
        if policy_id := document.get("id", document.get("policyID")):
            _the_one((str(policy_id),), workspace)
        return document
    return _object(document, stored[_the_one(tuple(stored), workspace)])


def _the_one(policy_ids: tuple[str, ...], workspace: Workspace) -> str:
    """That of the ids which is the workspace's; raises UsageError when none is."""
    for policy_id in policy_ids:
        if policy_id.upper() == workspace.policy_id.upper():
            return policy_id
    raise UsageError(
        f"the file is of another policy ({_listed(policy_ids)}): "
        f"{workspace.name} is {workspace.policy_id}"
    )


def _netsuite(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """The NetSuite connection of a policy, of its connections, or the document itself."""
    connections = _object(policy, "connections") if "connections" in policy else policy
    if "netsuite" in connections:
        return _object(connections, "netsuite")
    if connections is policy and _is_netsuite(policy):
        return policy
    others = [name for name, one in connections.items() if _is_connection(one)]
    if others:
        raise UsageError(
            f"the policy is connected to {_listed(others)} and not to NetSuite: "
            "export that of the workspace that is"
        )
    if connections is policy and _is_connection(policy):
        raise UsageError("the file is a connection to something else than NetSuite")
    raise UsageError(
        "the file holds no NetSuite connection: open the workspace's Accounting page first, so "
        "that Expensify loads it, and export the policy then"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))[:_LONGEST_WORDS]


def _is_netsuite(one: Mapping[str, Any]) -> bool:
    return bool(_ONLY_NETSUITE_HAS & one.keys()) or one.keys() == {"lastSync"}


def _is_connection(one: Any) -> bool:
    return isinstance(one, dict) and bool(_EVERY_CONNECTION_HAS & one.keys())


def _object(inside: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = inside.get(name)
    if not isinstance(value, dict):
        raise UsageError(f"{name} in the file is no JSON object: export the policy once more")
    return value


def _first_date(
    connection: Mapping[str, Any], places: tuple[tuple[str, ...], ...], exported_at: datetime
) -> datetime | None:
    found = ((path, _at(connection, path)) for path in places)
    path, text = next(((path, text) for path, text in found if text), ((), None))
    return None if text is None else _moment(text, ".".join(path), exported_at)


def _at(connection: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = connection
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _moment(text: Any, name: str, exported_at: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{name} in the file is no moment: {str(text)[:40]!r}") from error
    if moment.tzinfo is None:
        raise UsageError(f"{name} in the file has no zone ({text}): export the policy once more")
    try:
        moment = plausible(moment)
    except ValueError as error:
        raise UsageError(f"{name} in the file is no moment ({text})") from error
    if moment > exported_at:
        raise UsageError(
            f"{name} in the file is later than the file ({text}): check this machine's clock, "
            "or say when it was exported with --exported"
        )
    return moment


def _words(connection: Mapping[str, Any]) -> str:
    """What Expensify says of the failure, on one line."""
    last = connection.get("lastSync")
    if not isinstance(last, dict):
        return ""
    said = [" ".join(str(last.get("errorMessage") or "").split())[:_LONGEST_WORDS]]
    if last.get("isAuthenticationError") is True:
        said.append("NetSuite refused the login")
    return ", ".join(filter(None, said))
