"""Risks -> the one reason, the surest, why each report would fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk


class Fate(NamedTuple):
    """Why one report would fail: the surest reason there is."""

    report: ExposedReport
    policy_id: str
    ref: Ref
    full_name: str
    cause: Cause
    certainty: Certainty
    likely_code: str | None


def fates_of(risks: Iterable[Risk]) -> dict[str, Fate]:
    """Each report's surest reason to fail, by report id."""
    fates: dict[str, Fate] = {}
    for risk in risks:
        for report in risk.reports:
            fate = Fate(
                report,
                risk.policy_id,
                risk.ref,
                risk.full_name,
                report.cause or risk.cause,
                report.certainty or risk.certainty,
                None if report.cause else risk.likely_code,
            )
            known = fates.get(report.report_id)
            if known is None or fate.certainty > known.certainty:
                fates[report.report_id] = fate
    return fates
