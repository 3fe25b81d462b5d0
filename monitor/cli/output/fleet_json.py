"""Many instances as JSON, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.fleet import Fleet, Instance, Unread
from monitor.answers.health import Verdict
from monitor.cli.output.health_json import cycle_json
from monitor.cli.output.risks_json import freshness_json, total_json
from monitor.cli.output.status_json import workspace_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.risks import Certainty

SCHEMA_VERSION = 1


def fleet_json(fleet: Fleet) -> str:
    """The whole view as one JSON object, the worst database first."""
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(fleet.now),
        "databases": [_member(fleet, one) for one in fleet.members],
        "totals": _totals(fleet),
    }
    return json.dumps(answer, indent=2)


def _member(fleet: Fleet, member: Instance | Unread) -> dict[str, Any]:
    known = {
        "path": str(member.path),
        "name": fleet.name(member),
        "account": member.account or None,
        "code": member.code,
    }
    if isinstance(member, Unread):
        return {**known, "error": member.sentence}
    return {**known, "error": None, **_instance(member)}


def _instance(member: Instance) -> dict[str, Any]:
    delivery = member.health.delivery
    return {
        "health": {
            "verdict": member.health.verdict.name.lower(),
            "sentence": member.health.sentence,
        },
        "last_good_cycle": cycle_json(member.health.last_that_read),
        "last_cycle": cycle_json(member.health.last),
        "freshness": freshness_json(member.freshness, member.doubts),
        "workspaces": [workspace_json(one) for one in member.syncs],
        "alerts": member.alerts,
        "risks": {sure.code: member.risks.get(sure, 0) for sure in reversed(Certainty)},
        "totals": [total_json(total) for total in member.totals],
        "delivery": {
            "queued": delivery.waiting,
            "dead": delivery.dead,
            "last_error": delivery.last_error or None,
            "last_sent_at": iso_or_none(delivery.last_sent_at),
            "shadow": member.is_shadow,
        },
    }


def _totals(fleet: Fleet) -> dict[str, Any]:
    verdicts = [one.health.verdict for one in fleet.instances]
    deliveries = [one.health.delivery for one in fleet.instances]
    return {
        "databases": len(fleet.members),
        "not_read": len(fleet.unread),
        **{verdict.name.lower(): verdicts.count(verdict) for verdict in Verdict},
        "alerts": sum(one.alerts for one in fleet.instances),
        "risks": {
            sure.code: sum(one.risks.get(sure, 0) for one in fleet.instances)
            for sure in reversed(Certainty)
        },
        "amounts": [
            {"currency": one.currency, "amount": f"{one.amount:f}", "reports": one.reports}
            for one in fleet.amounts
        ],
        "queued": sum(one.waiting for one in deliveries),
        "dead": sum(one.dead for one in deliveries),
    }
