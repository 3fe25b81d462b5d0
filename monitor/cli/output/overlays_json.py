"""What is laid over alerts and risks as JSON, schema version 1."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitor.answers.laid_over import InForce
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.alerts import Matcher, Overlay

SCHEMA_VERSION = 1


def overlays_json(found: Iterable[InForce], now: datetime) -> str:
    """All of them as one JSON object."""
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(now),
        "overlays": [in_force_json(one) for one in found],
    }
    return json.dumps(answer, indent=2)


def in_force_json(found: InForce) -> dict[str, Any]:
    """One overlay with the living risks that it is about, and how many it hides."""
    return {
        **overlay_json(found.overlay),
        "risks": [one.risk.fingerprint for one in found.risks],
        "hides": found.hides,
    }


def overlay_json(one: Overlay) -> dict[str, Any]:
    """Who said what, and until when."""
    return {
        "id": one.overlay_id,
        "sort": one.sort.value,
        "alert": one.alert_id,
        "risk": one.fingerprint or None,
        "matcher": _matcher(one.matcher),
        "author": one.author,
        "reason": one.reason or None,
        "created_at": iso(one.created_at),
        "expires_at": iso_or_none(one.expires_at),
        "until_worse": one.is_until_worse,
        "lifted_at": iso_or_none(one.lifted_at),
    }


def _matcher(matcher: Matcher | None) -> dict[str, Any] | None:
    if matcher is None:
        return None
    return {
        "kind": matcher.kind or None,
        "match": matcher.pattern or None,
        "policy_id": matcher.policy_id or None,
    }
