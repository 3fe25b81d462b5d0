"""A replay as JSON, schema version 1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.answers.replayed import Replayed
from monitor.cli.output.told_words import tally_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.pretended import Fate, Said
from monitor.core.volume import volume_of

SCHEMA_VERSION = 1


def replay_json(
    found: Replayed, policy: Mapping[str, Any], time_zone: str, *, now: datetime
) -> str:
    """The whole answer as one JSON object, every letter with it."""
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(now),
        "range": {"from": iso(found.begin), "to": iso(found.end)},
        "cycles": found.cycles,
        "time_zone": time_zone,
        "policy": dict(policy),
        "replayed": tally_json(found.replayed, found.length),
        "really_told": tally_json(found.really, found.length),
        "in_shadow": tally_json(found.in_shadow, found.length),
        "stood_already": found.old,
        "came_and_went": found.alerts_with(Fate.CAME_AND_WENT),
        "remarks": list(found.remarks),
        "letters": [_letter(one) for one in found.said],
    }
    return json.dumps(answer, indent=2)


def _letter(one: Said) -> dict[str, Any]:
    letter = one.letter
    return {
        "alert": letter.alert_id,
        "reason": letter.reason.code,
        "volume": volume_of(letter.method, is_broadcast=letter.is_broadcast).code,
        "fate": one.fate.code,
        "stood_already": one.is_old,
        "promised_at": iso(one.promised_at),
        "at": iso_or_none(one.at),
        "headline": letter.message.headline,
    }
