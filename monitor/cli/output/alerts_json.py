"""Alerts of the past as JSON, schema version 1."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from monitor.adapters.store.correspondence import FiledLetter
from monitor.answers.history import PastAlert, Shadow, tally
from monitor.cli.output.told_words import tally_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.message.plain import as_text
from monitor.core.volume import Volume, volume_of

SCHEMA_VERSION = 1


def alerts_json(alerts: Iterable[PastAlert], *, since: datetime, now: datetime) -> str:
    """The alerts that were open at some time since then."""
    return _json(now, since=iso(since), alerts=[_alert(one) for one in alerts])


def alert_json(found: PastAlert, *, now: datetime) -> str:
    """One alert with all its letters."""
    return _json(now, alert=_alert(found), letters=[_letter(one) for one in found.letters])


def shadow_json(shadow: Shadow, *, now: datetime) -> str:
    """What shadow mode kept back."""
    return _json(
        now,
        shadow=[{"from": iso(span.begin), "to": iso(span.end)} for span in shadow.spans],
        would_have_told=tally_json(tally(shadow.letters), shadow.length),
        letters=[_letter(one) for one in shadow.letters],
    )


def _json(now: datetime, **answer: Any) -> str:
    head = {"schema_version": SCHEMA_VERSION, "generated_at": iso(now)}
    return json.dumps({**head, **answer}, indent=2)


def _alert(one: PastAlert) -> dict[str, Any]:
    sent = one.sent
    return {
        "id": one.alert.alert_id,
        "policy_id": one.alert.policy_id or None,
        "workspace": one.workspace,
        "opened_at": iso(one.alert.opened_at),
        "closed_at": iso_or_none(one.alert.closed_at),
        "risks": one.risks,
        "reports": one.reports,
        "sent": {volume.code: sent.count(volume) for volume in Volume},
        "headline": one.headline,
    }


def _letter(one: FiledLetter) -> dict[str, Any]:
    return {
        "alert": one.alert_id,
        "reason": one.reason.code,
        "volume": volume_of(one.method, is_broadcast=one.is_broadcast).code,
        "state": one.state,
        "why": one.why or None,
        "promised_at": iso(one.promised_at),
        "sent_at": iso_or_none(one.sent_at),
        "text": as_text(one.message),
    }
