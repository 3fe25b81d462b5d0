"""An explanation as JSON, schema version 1."""

from __future__ import annotations

import json
from typing import Any

from monitor.answers.explained import Case, Explanation
from monitor.cli.output.risks_json import freshness_json, own_report_json, remedy_json, total_json
from monitor.cli.output.status_json import workspace_json
from monitor.cli.output.words import iso, iso_or_none
from monitor.core.predict import Examination, Matched, RuleVerdict
from monitor.core.records import Change
from monitor.core.risks import Risk, totals

SCHEMA_VERSION = 1


def explain_json(explanation: Explanation) -> str:
    """The whole chain of evidence as one JSON object."""
    not_modelled = {
        reason: None for case in explanation.cases for reason in case.examination.not_modelled
    }
    answer = {
        "schema_version": SCHEMA_VERSION,
        "generated_at": iso(explanation.freshness.now),
        "asked": explanation.asked,
        "freshness": freshness_json(explanation.freshness, explanation.doubts),
        "cases": [_case(case) for case in explanation.cases],
        "not_modelled": list(not_modelled),
    }
    return json.dumps(answer, indent=2)


def _case(case: Case) -> dict[str, Any]:
    found = case.examination
    drifted = found.drifted
    return {
        "id": f"{found.policy_id}/{found.ref}",
        "workspace": case.workspace.name,
        "policy_id": found.policy_id,
        "record": {"kind": found.ref.kind, "id": found.ref.id, "full_name": found.full_name},
        "is_gone": found.is_gone,
        "is_ambiguous": found.is_ambiguous,
        "risk": _risk(case.risk) if case.risk else None,
        "state": case.tracked.state.value if case.tracked else None,
        "alert": case.tracked.alert_id if case.tracked else None,
        "matches": [_match(one) for one in found.matched],
        "rules": [_rule(one) for one in found.verdicts],
        "import": _import(found),
        "change": _change(drifted.change) if drifted else None,
        "counted_from": case.begin and {"id": case.begin.id, "taken_at": iso(case.begin.taken_at)},
        "last_sync": workspace_json(case.sync)["last_sync"],
        "resolves_when": list(case.resolves_when),
    }


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "cause": risk.cause.code,
        "other_causes": [cause.code for cause in risk.other_causes],
        "certainty": risk.certainty.code,
        "likely_code": risk.likely_code,
        "since": iso_or_none(risk.since),
        "changed_by": risk.changed_by,
        "remedy": remedy_json(risk.remedy),
        "totals": [total_json(total) for total in totals(risk.reports)],
        "reports": [own_report_json(risk, report) for report in risk.reports],
    }


def _match(match: Matched) -> dict[str, Any]:
    return {
        "place": match.coded.place,
        "text": match.coded.text,
        "basis": match.basis,
        "lines": match.lines,
        "reports": list(match.report_ids),
    }


def _rule(rule: RuleVerdict) -> dict[str, Any]:
    return {
        "cause": rule.cause.code,
        "state": rule.state.name.lower(),
        "why": rule.why,
        "certainty": rule.certainty.code if rule.certainty else None,
        "reports": list(rule.report_ids),
    }


def _import(found: Examination) -> dict[str, Any]:
    verdict = found.imported
    return {
        "imported": verdict.imported.value,
        "sentence": verdict.sentence,
        "source": verdict.source.name.lower() if verdict.source else None,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "change": change.change.value,
        "fields": [{"field": one.field, "old": one.old, "new": one.new} for one in change.fields],
        "seen_between": [iso(moment) for moment in change.seen_between],
        "modified_at": iso_or_none(change.modified_at),
        "modified_by": change.modified_by,
    }
