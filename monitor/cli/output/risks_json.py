"""The risks as JSON, schema version 1."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.answers.caveats import RulesOff
from monitor.answers.exposure import Exposure, alert_of
from monitor.answers.freshness import Freshness
from monitor.cli.output.overlays_json import overlay_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.alerts import TrackedRisk
from monitor.core.predict import BrokenDefault
from monitor.core.risks import CurrencyTotal, ExposedReport, Remedy, Risk

SCHEMA_VERSION = 1


def risks_json(exposure: Exposure) -> str:
    """The whole answer as one JSON object; amounts are decimal strings."""
    names = {workspace.policy_id: workspace.name for workspace in exposure.workspaces}
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(exposure.freshness.now),
        "freshness": freshness_json(exposure.freshness, exposure.doubts),
        "totals": [total_json(total) for total in exposure.totals],
        "risks": [
            {
                **_risk(tracked, names),
                "overlays": [overlay_json(one) for one in exposure.laid_over(tracked)],
            }
            for tracked in exposure.risks
        ],
        "employees": None
        if exposure.employees is None
        else [_employee(one, names) for one in exposure.employees],
        "rules_off": [off_json(off) for off in exposure.rules_off],
    }
    return json.dumps(answer, indent=2)


def freshness_json(freshness: Freshness, doubts: tuple[str, ...]) -> dict[str, Any]:
    """How old the answer is, and why it may be wrong (`doubts`, sentences)."""
    newest = freshness.newest
    return {
        "snapshot": newest and {"id": newest.id, "taken_at": iso(newest.taken_at)},
        "sources": {
            source.source: {
                "last_good_at": iso_or_none(source.last_good_at),
                "failing_since": iso_or_none(source.failing_since),
                "error": source.error or None,
            }
            for source in freshness.sources
        },
        "is_fresh": not doubts,
        "doubts": list(doubts),
    }


def total_json(total: CurrencyTotal) -> dict[str, Any]:
    """What is at stake in one currency."""
    return {
        "currency": total.currency,
        "amount": f"{total.amount:f}",
        "reports": total.reports,
        "submitters": total.submitters,
    }


def off_json(off: RulesOff) -> dict[str, Any]:
    """Rules that are off for want of a list, or of a part of it."""
    return {
        "list": off.kind,
        "causes": [cause.code for cause in off.causes],
        "sentence": off.because,
    }


def _employee(one: BrokenDefault, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "workspace": names.get(one.policy_id, one.policy_id),
        "policy_id": one.policy_id,
        "employee": {"id": one.employee.id, "name": one.employee_name},
        "default": {
            "kind": one.default.kind,
            "id": one.default.id,
            "full_name": one.default_name,
        },
        "cause": one.cause.code,
        "certainty": one.certainty.code,
        "has_pending_report": one.has_pending_report,
    }


def _risk(tracked: TrackedRisk, names: Mapping[str, str]) -> dict[str, Any]:
    risk = tracked.risk
    return {
        "id": risk.fingerprint,
        "workspace": names.get(risk.policy_id, risk.policy_id),
        "policy_id": risk.policy_id,
        "record": {"kind": risk.ref.kind, "id": risk.ref.id, "full_name": risk.full_name},
        "cause": risk.cause.code,
        "likely_code": risk.likely_code,
        "certainty": risk.certainty.code,
        "state": tracked.state.value,
        "alert": alert_of(tracked),
        "imported": risk.imported.value,
        "sync_helps": risk.remedy.sync_helps,
        "remedy": remedy_json(risk.remedy),
        "since": iso_or_none(risk.since),
        "earliest_at": iso_or_none(risk.earliest_at),
        "changed_by": risk.changed_by,
        "other_causes": [cause.code for cause in risk.other_causes],
        "reports": [own_report_json(risk, report) for report in risk.reports],
    }


def own_report_json(risk: Risk, report: ExposedReport) -> dict[str, Any]:
    """One report of a risk, with why this one would fail and how surely: it may be weaker."""
    return {
        **report_json(report),
        "cause": (report.cause or risk.cause).code,
        "certainty": (report.certainty or risk.certainty).code,
        "has_failed": report.has_failed,
        "export_unclear": report.is_export_unclear,
    }


def remedy_json(remedy: Remedy) -> dict[str, Any]:
    """What to do about it."""
    return {
        "code": remedy.code.code,
        "sync_helps": remedy.sync_helps,
        "steps": list(remedy.steps),
        "also": list(remedy.also),
    }


def report_json(report: ExposedReport) -> dict[str, Any]:
    """One report behind a risk; the amount is its whole total."""
    return {
        "report_id": report.report_id,
        "name": report.name,
        "submitter": report.submitter,
        "state": report.state.value,
        "amount": f"{report.amount:f}",
        "currency": report.currency,
        "lines": report.lines,
    }
