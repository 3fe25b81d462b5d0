"""The monitor's own standing as JSON, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.imports import WorkspaceSync
from monitor.answers.standing import OpenAlert, Standing
from monitor.answers.untold import Untold
from monitor.cli.output.health_json import cycle_json
from monitor.cli.output.overlays_json import in_force_json
from monitor.cli.output.risks_json import freshness_json, off_json, total_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.estimate import Estimate
from monitor.core.freshness import SourceFreshness
from monitor.core.lost import LostList
from monitor.core.records import ListReading
from monitor.core.refutations import Cap
from monitor.core.sync import Evidence

SCHEMA_VERSION = 1


def status_json(standing: Standing) -> str:
    """The whole standing as one JSON object."""
    freshness = standing.freshness
    doubts = (*freshness.source_doubts(), *freshness.list_doubts())
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(freshness.now),
        "freshness": freshness_json(freshness, doubts),
        "last_cycle": cycle_json(standing.last_cycle),
        "last_good_cycle": cycle_json(standing.last_good_cycle),
        "ping": _tried(standing.ping, "pinged_at"),
        "lists": [_list(reading) for reading in freshness.lists],
        "workspaces": [workspace_json(known) for known in standing.syncs],
        "witnesses": [
            {"name": one.name, "state": one.state, "detail": one.sentence}
            for one in standing.witnesses
        ],
        "rules_off": [off_json(off) for off in standing.rules_off],
        "capped_rules": [_cap(cap) for cap in standing.caps],
        "edited_before_the_first_look": [_untold(one) for one in standing.untold],
        "unread_reports": [
            {**report._asdict(), "since": iso(since), "sentence": report.sentence}
            for report, since in standing.unread
        ],
        "set_up_questions": [one._asdict() for one in standing.questions],
        "alerts": [_alert(alert) for alert in standing.alerts],
        "overlays": [in_force_json(one) for one in standing.laid],
        "delivery": {
            "queued": standing.delivery.waiting,
            "dead": standing.delivery.dead,
            "last_error": standing.delivery.last_error or None,
            "last_sent_at": iso_or_none(standing.delivery.last_sent_at),
            "shadow": standing.waiting.is_shadow,
            "held": len(standing.waiting.held),
            "held_until": iso_or_none(standing.waiting.until),
            "self_test": _tried(standing.self_test, "passed_at"),
            "buttons": _tried(standing.buttons, "connected_at"),
        },
        "counts": {"pending_reports": standing.pending_reports, "risks": standing.risk_counts},
    }
    return json.dumps(answer, indent=2)


def _list(reading: ListReading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "state": reading.state.value,
        "rows": reading.rows,
        "detail": reading.detail or None,
    }


def _tried(tries: SourceFreshness | None, good: str) -> dict[str, Any] | None:
    """How the last try of something went; null when there was none yet."""
    if tries is None or tries == SourceFreshness(tries.source):
        return None
    return {
        good: iso_or_none(tries.last_good_at),
        "failing_since": iso_or_none(tries.failing_since),
        "error": tries.error or None,
    }


def _cap(cap: Cap) -> dict[str, Any]:
    return {
        "cause": cap.cause.code,
        "since": iso(cap.since),
        "reports": list(cap.report_ids),
        "sentence": cap.sentence,
    }


def _untold(untold: Untold) -> dict[str, Any]:
    return {
        "policy_id": untold.workspace.policy_id,
        "count": untold.total,
        "first": [{"record": str(one.ref), "full_name": one.full_name} for one in untold.first],
        "sentence": untold.sentence,
    }


def workspace_json(known: WorkspaceSync) -> dict[str, Any]:
    """What is known of one workspace's last sync."""
    sync = known.sync
    return {
        "workspace": known.workspace.name,
        "policy_id": known.workspace.policy_id,
        "last_sync": {
            "not_before": iso_or_none(sync.not_before),
            "not_after": iso_or_none(sync.not_after),
            "evidence": [_evidence(row) for row in sync.evidence],
            "failed": [_evidence(row) for row in known.failed],
            "contradictions": list(sync.contradictions),
        },
        "next_sync_estimate": _estimate(known.next_sync),
        "unreflected": [
            {"kind": one.sort.kind, "change": one.sort.change, "since": iso(one.since)}
            for one in known.doubted
        ],
    }


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "about": iso(estimate.about),
        "spread_minutes": round(estimate.spread.total_seconds() / 60),
        "past_syncs": estimate.syncs,
    }


def _evidence(row: Evidence) -> dict[str, Any]:
    return {
        "bound": row.bound.name.lower(),
        "moment": iso(row.moment),
        "source": row.source.name.lower(),
        "observed_at": iso(row.observed_at),
        "note": row.note or None,
    }


def _alert(told: OpenAlert) -> dict[str, Any]:
    return {
        "id": told.alert.alert_id,
        "policy_id": told.alert.policy_id or None,
        "opened_at": iso(told.alert.opened_at),
        "risks": [one.risk.fingerprint for one in told.risks],
        "totals": [total_json(total) for total in told.totals],
        "lost_lists": [_lost(one) for one in told.alert.lost],
    }


def _lost(one: LostList) -> dict[str, Any]:
    return {
        "place": one.place,
        "kinds": list(one.kinds),
        "gone": one.gone,
        "before": one.before,
        "last_seen_at": iso(one.last_seen_at),
        "missed_at": iso(one.missed_at),
    }
