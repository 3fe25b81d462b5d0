"""A difference as JSON, schema version 1: one change a line, so that grep works too."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.difference import Difference, DriftedChange
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.records import Snapshot

SCHEMA_VERSION = 1


def diff_json(difference: Difference) -> str:
    """The whole answer as one JSON object."""
    span = difference.range
    head = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(difference.generated_at),
        "range": {"from": iso(span.since), "to": iso(span.until), "basis": span.basis.value},
        "snapshots": {"from": _snapshot(span.older), "to": _snapshot(span.newer)},
        "summary": difference.summary,
    }
    # json's own indentation would cost ten times as much over a whole chart of accounts
    lines = [f" {json.dumps(name)}: {json.dumps(part)}" for name, part in head.items()]
    changes = ",\n".join("  " + json.dumps(_change(row)) for row in difference.changes)
    lines.append(f' "changes": [\n{changes}]' if changes else ' "changes": []')
    return "{" + ",\n".join(lines).lstrip() + "}"


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {"id": snapshot.id, "taken_at": iso(snapshot.taken_at)}


def _change(row: DriftedChange) -> dict[str, Any]:
    change = row.change
    return {
        "kind": change.kind,
        "id": change.id,
        "name": change.name,
        "full_name": change.full_name,
        "change": change.change.value,
        "fields": [{"field": f.field, "old": f.old, "new": f.new} for f in change.fields],
        "seen_between": [iso(moment) for moment in change.seen_between],
        "modified_at": iso_or_none(change.modified_at),
        "modified_by": change.modified_by,
        "imported": {policy_id: verdict.value for policy_id, verdict in row.imported.items()},
    }
