"""A rehearsal as JSON, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.fates import Fate
from monitor.answers.rehearsal import Rehearsal
from monitor.cli.output.risks_json import freshness_json, report_json, total_json
from monitor.cli.output.words import iso
from monitor.core.changes import fields_of
from monitor.core.supposed import Changed

SCHEMA_VERSION = 1


def what_if_json(rehearsal: Rehearsal) -> str:
    """What would be otherwise, as one JSON object; amounts are decimal strings."""
    names = {workspace.policy_id: workspace.name for workspace in rehearsal.workspaces}
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(rehearsal.freshness.now),
        "freshness": freshness_json(rehearsal.freshness, rehearsal.doubts),
        "changed": [_changed(one) for one in rehearsal.changed],
        "totals": [total_json(total) for total in rehearsal.totals],
        "broken": [_fate(one, names) for one in rehearsal.broken],
        "doubtful": [_fate(one, names) for one in rehearsal.doubtful],
        "cured": [_fate(one, names) for one in rehearsal.cured],
        "cured_by_sync": [_fate(one, names) for one in rehearsal.cured_by_sync],
        "remarks": list(rehearsal.remarks),
    }
    return json.dumps(answer, indent=2)


def _changed(one: Changed) -> dict[str, Any]:
    shown = one.after or one.before
    return {
        "kind": shown.kind,
        "id": shown.id,
        "full_name": shown.full_name,
        "is_deleted": one.after is None,
        "fields": [
            {"field": change.field, "old": change.old, "new": change.new}
            for change in fields_of(one.before, one.after)
        ],
    }


def _fate(fate: Fate, names: dict[str, str]) -> dict[str, Any]:
    return {
        **report_json(fate.report),
        "workspace": names.get(fate.policy_id, fate.policy_id),
        "policy_id": fate.policy_id,
        "record": {"kind": fate.ref.kind, "id": fate.ref.id, "full_name": fate.full_name},
        "cause": fate.cause.code,
        "certainty": fate.certainty.code,
        "likely_code": fate.likely_code,
    }
