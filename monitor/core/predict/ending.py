"""How a risk came to its end, in one sentence: evidence, never silence."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.core.predict.predictor import Situation
from monitor.core.risks import Cause, Risk

_MOST_NAMED = 5


def ending_of(risk: Risk, situation: Situation, departed: Mapping[str, str]) -> str:
    """Why the risk is no longer there, given how reports left (report id -> "was exported …")."""
    record = situation.book.present.get(risk.ref)
    if risk.cause is Cause.EDITED_SINCE_SYNC:
        return "Expensify has imported the change"
    if record is not None and not record.is_inactive and risk.cause is Cause.INACTIVE:
        return "it is active again in NetSuite"
    if record is not None and risk.cause is Cause.DELETED:
        return "it is back in NetSuite"
    left = [
        f"{report.report_id} {departed[report.report_id]}"
        for report in risk.reports
        if report.report_id in departed
    ]
    pending = {report.report_id for report in situation.reports}
    recoded = [r.report_id for r in risk.reports if r.report_id in pending]
    if recoded:
        left.append(f"{_named(recoded)} {'was' if len(recoded) == 1 else 'were'} recoded")
    if left:
        return f"no pending report uses it any more: {'; '.join(left[:_MOST_NAMED])}"
    return "the condition is gone"


def _named(report_ids: list[str]) -> str:
    named = ", ".join(report_ids[:_MOST_NAMED])
    more = len(report_ids) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named
