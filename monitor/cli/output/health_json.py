"""The monitor's health as JSON, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.health import Health
from monitor.cli.output.words import iso
from monitor.core.cycles import Cycle

SCHEMA_VERSION = 1


def health_json(health: Health) -> str:
    """The verdict and what it rests on as one JSON object."""
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(health.now),
        "verdict": health.verdict.name.lower(),
        "sentence": health.sentence,
        "max_age_seconds": round(health.max_age.total_seconds()),
        "last_good_cycle": cycle_json(health.last_that_read),
        "last_cycle": cycle_json(health.last),
        "refused_messages": health.delivery.dead,
    }
    return json.dumps(answer, indent=2)


def cycle_json(cycle: Cycle | None) -> dict[str, Any] | None:
    """One cycle; null when there was none."""
    if cycle is None:
        return None
    return {
        "began_at": iso(cycle.began_at),
        "seconds": cycle.duration.total_seconds(),
        "outcome": cycle.end.code,
        "detail": cycle.detail or None,
    }
