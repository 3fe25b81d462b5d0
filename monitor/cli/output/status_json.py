"""The monitor's own standing as JSON, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.standing import OpenAlert, Standing, WorkspaceSync
from monitor.cli.output.risks_json import freshness_json, total_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.sync import LastSync

SCHEMA_VERSION = 1


def status_json(standing: Standing) -> str:
    """The whole standing as one JSON object."""
    freshness = standing.freshness
    doubts = (*freshness.source_doubts(), *freshness.list_doubts())
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(freshness.now),
        "freshness": freshness_json(freshness, doubts),
        "lists": [
            {
                "kind": reading.kind,
                "state": reading.state.value,
                "rows": reading.rows,
                "records": standing.records.get(reading.kind, 0),
                "detail": reading.detail or None,
            }
            for reading in freshness.lists
        ],
        "workspaces": [_workspace(known) for known in standing.syncs],
        "alerts": [_alert(alert) for alert in standing.alerts],
        "delivery": {
            "queued": standing.delivery.queued,
            "dead": standing.delivery.dead,
            "last_error": standing.delivery.last_error or None,
        },
        "counts": {"pending_reports": standing.pending_reports, "risks": standing.risk_counts},
    }
    return json.dumps(answer, indent=2)


def sync_json(sync: LastSync) -> dict[str, Any]:
    """What is known of a last sync, with its evidence."""
    return {
        "not_before": iso_or_none(sync.not_before),
        "not_after": iso_or_none(sync.not_after),
        "evidence": [
            {
                "bound": evidence.bound.name.lower(),
                "moment": iso(evidence.moment),
                "source": evidence.source.name.lower(),
                "observed_at": iso(evidence.observed_at),
                "note": evidence.note or None,
            }
            for evidence in sync.evidence
        ],
        "contradictions": list(sync.contradictions),
    }


def _workspace(known: WorkspaceSync) -> dict[str, Any]:
    return {
        "workspace": known.workspace.name,
        "policy_id": known.workspace.policy_id,
        "last_sync": sync_json(known.sync),
    }


def _alert(alert: OpenAlert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "opened_at": iso(min(one.opened_at for one in alert.risks)),
        "risks": [one.risk.fingerprint for one in alert.risks],
        "totals": [total_json(total) for total in alert.totals],
    }
