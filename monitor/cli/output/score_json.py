"""The score as JSON, schema version 1."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from monitor.cli.output.words import iso
from monitor.core.outcomes import Label, Outcome
from monitor.core.predict.examination import NOT_MODELLED
from monitor.core.score import CauseScore, Score, Share

SCHEMA_VERSION = 1


def score_json(score: Score, *, since: datetime, now: datetime) -> str:
    """The whole answer as one JSON object; shares are numbers between 0 and 1, or null."""
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(now),
        "since": iso(since),
        "whole": _counted(score.whole),
        "causes": [{"cause": one.cause.code, **_counted(one)} for one in score.causes if one.cause],
        "misses": [_miss(one) for one in score.misses],
        "not_modelled": list(NOT_MODELLED),
    }
    return json.dumps(answer, indent=2)


def _counted(one: CauseScore) -> dict[str, Any]:
    return {
        "precision": _share(one.precision),
        "recall": _share(one.recall),
        "lead_seconds": None if one.lead is None else round(one.lead.total_seconds()),
        "outcomes": {label.name.lower(): one.counts[label] for label in Label},
    }


def _share(share: Share) -> dict[str, Any]:
    return {"value": share.value, "n": share.of, "is_enough": share.is_enough}


def _miss(one: Outcome) -> dict[str, Any]:
    return {
        "report_id": one.report_id,
        "policy_id": one.policy_id,
        "at": iso(one.at),
        "code": one.code or None,
        "words": one.words or None,
        "lacking": one.lacking,
        "cause": one.prediction.cause.code if one.prediction else None,
    }
