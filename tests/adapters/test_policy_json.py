"""The exported policy JSON: what it says of the last sync, and what of it is never kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.adapters.expensify.policy_json import evidence_from_policy
from monitor.core.reports import Workspace
from monitor.core.sync import Bound, Evidence, Source
from monitor.errors import UsageError

US = Workspace(policy_id="4C6722D4BD2BD941", name="Acme US")
EXPORTED_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SYNCED_AT = datetime(2026, 11, 24, 9, 1, 50, tzinfo=UTC)
FAILED_AT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
SECRETS = {"accountID": "TESTACC68486", "tokenID": "very-token", "tokenSecret": "very-secret"}


def a_connection(**fields: Any) -> dict[str, Any]:
    """A NetSuite connection as Expensify exports it."""
    return {
        **SECRETS,
        "verified": True,
        "config": {"autoSync": {"enabled": True, "jobID": "1592"}},
        "options": {"config": {"subsidiary": "Honeycomb Mfg."}, "data": {}},
        **fields,
    }


FLAT = a_connection(lastSyncDate="2026-11-24T09:01:50+0000", lastErrorSyncDate="")
NESTED = a_connection(
    lastSync={"successfulDate": "2026-11-24T09:01:50+0000", "errorDate": "", "errorMessage": ""}
)
BOTH = {**NESTED, **FLAT}
OTHER = {"quickbooksOnline": {"config": {}, "data": {}, "lastSync": {"successfulDate": "x"}}}


def read(document: object) -> tuple[Evidence, ...]:
    return evidence_from_policy(json.dumps(document), US, exported_at=EXPORTED_AT, note="ana")


def row(bound: Bound, moment: datetime, note: str = "ana") -> Evidence:
    return Evidence(US.policy_id, bound, moment, Source.POLICY_JSON, EXPORTED_AT, note)


@pytest.mark.parametrize(
    "connection",
    [
        pytest.param(FLAT, id="lastSyncDate"),
        pytest.param(NESTED, id="lastSync.successfulDate"),
        pytest.param(BOTH, id="both"),
        pytest.param(
            {**NESTED, "lastSyncDate": ""}, id="an empty lastSyncDate gives way to lastSync"
        ),
        pytest.param({**FLAT, "lastSync": None}, id="no lastSync"),
        pytest.param(
            {"lastSync": {"successfulDate": "2026-11-24T04:01:50-05:00"}},
            id="shortened to lastSync, in another zone",
        ),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        pytest.param(
            lambda one: {"id": US.policy_id, "name": "Acme US", "connections": {"netsuite": one}},
            id="the whole policy",
        ),
        pytest.param(
            lambda one: {f"policy_{US.policy_id}": {"connections": {"netsuite": one}}},
            id="as the app stores it",
        ),
        pytest.param(lambda one: {"connections": {"netsuite": one}}, id="its connections alone"),
        pytest.param(lambda one: {"netsuite": one, **OTHER}, id="beside another connection"),
        pytest.param(lambda one: one, id="the NetSuite connection alone"),
    ],
)
def test_every_shape_says_when_the_last_sync_was(around: Any, connection: dict[str, Any]) -> None:
    assert read(around(connection)) == (row(Bound.EXACT, SYNCED_AT),)


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        pytest.param({"lastErrorSyncDate": "2026-11-24T10:30:00+0000"}, "ana", id="the older form"),
        pytest.param(
            {
                "lastSync": {
                    "errorDate": "2026-11-24T10:30:00.000Z",
                    "errorMessage": "Unable to\n validate NetSuite tokens",
                    "isAuthenticationError": True,
                }
            },
            "ana, Unable to validate NetSuite tokens, NetSuite refused the login",
            id="the newer form, with its words on one line",
        ),
    ],
)
def test_a_failure_is_evidence_beside_the_good_sync(fields: dict[str, Any], note: str) -> None:
    told = read(a_connection(lastSyncDate="2026-11-24T09:01:50+0000", **fields))
    assert told == (row(Bound.EXACT, SYNCED_AT), row(Bound.FAILED, FAILED_AT, note))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        pytest.param(
            {"id": "9D11AA00BB22CC33", "connections": {"netsuite": FLAT}},
            "the file is of another policy (9D11AA00BB22CC33): Acme US is 4C6722D4BD2BD941",
            id="another policy",
        ),
        pytest.param(
            {"policy_9D11AA00BB22CC33": {"connections": {"netsuite": FLAT}}},
            "the file is of another policy (9D11AA00BB22CC33): Acme US is 4C6722D4BD2BD941",
            id="another policy, as the app stores it",
        ),
        pytest.param(
            {"id": US.policy_id, "connections": OTHER},
            "the policy is connected to quickbooksOnline and not to NetSuite: "
            "export that of the workspace that is",
            id="a policy of another connection",
        ),
        pytest.param(
            OTHER["quickbooksOnline"],
            "the file is a connection to something else than NetSuite",
            id="another connection alone",
        ),
        pytest.param(
            {"id": US.policy_id, "name": "Acme US"},
            "the file holds no NetSuite connection: open the workspace's Accounting page first, so "
            "that Expensify loads it, and export the policy then",
            id="a policy without connections",
        ),
        pytest.param(
            a_connection(lastSyncDate="", lastErrorSyncDate=""),
            "the policy says of no sync when it was (lastSyncDate and lastSync are empty): "
            "Expensify has never synced it, or the file was shortened",
            id="never synced",
        ),
        pytest.param(
            {"connections": {"netsuite": "yes"}},
            "netsuite in the file is no JSON object: export the policy once more",
            id="a connection that is none",
        ),
        pytest.param(
            a_connection(lastSyncDate="yesterday"),
            "lastSyncDate in the file is no moment: 'yesterday'",
            id="no moment",
        ),
        pytest.param(
            a_connection(lastSync={"successfulDate": 5}),
            "lastSync.successfulDate in the file is no moment: '5'",
            id="a number",
        ),
        pytest.param(
            a_connection(lastSyncDate="2026-11-24T09:01:50"),
            "lastSyncDate in the file has no zone (2026-11-24T09:01:50): "
            "export the policy once more",
            id="a moment without a zone",
        ),
        pytest.param(
            a_connection(lastSyncDate="2026-11-24T12:00:01Z"),
            "lastSyncDate in the file is later than the file (2026-11-24T12:00:01Z): check this "
            "machine's clock, or say when it was exported with --exported",
            id="later than its export",
        ),
        pytest.param([], "the file holds no policy: it must be one JSON object", id="a list"),
    ],
)
def test_what_is_not_this_workspaces_sync_is_refused_in_one_sentence(
    document: object, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        read(document)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "text", ["", "{", "<html>", "[" * 100_000], ids=["", "cut", "page", "deep"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no whole JSON"):
        evidence_from_policy(text, US, exported_at=EXPORTED_AT)


@pytest.mark.parametrize("document", [FLAT, BOTH, {**FLAT, "lastSyncDate": "bad"}])
def test_no_token_and_no_account_leaves_the_file(document: Mapping[str, Any]) -> None:
    try:
        said = str(read(document))
    except UsageError as refused:
        said = str(refused)
    assert [secret for secret in SECRETS.values() if secret in said] == []
