"""What to do, step by step and said once: whether Sync helps, who can do it, and where to click."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from monitor.core.risks import Risk

_SYNC_HELPS = {
    "yes": "Sync now fixes it; no report needs to be changed.",
    "partly": "Sync alone is not enough: it does not change what is already coded.",
    "no": "Sync alone does not help.",
}


def cures(risk: Risk) -> tuple[str, ...]:
    """All that is to be done about one record."""
    return (*_lead(risk), *_steps(risk))


def shared_cures(risks: Iterable[Risk]) -> tuple[str, ...]:
    """What holds for each of several records: whether Sync helps, and their last steps."""
    risks = tuple(risks)
    leads = {_lead(risk) for risk in risks}
    lead = leads.pop() if len(leads) == 1 else ()
    last_steps = zip(*(reversed(_steps(risk)) for risk in risks), strict=False)
    same = [steps[0] for steps in takewhile(lambda steps: len(set(steps)) == 1, last_steps)]
    return (*lead, *reversed(same))


def _lead(risk: Risk) -> tuple[str, ...]:
    """Whether Sync helps; nothing when all that is left is an export."""
    helps = _SYNC_HELPS.get(risk.remedy.sync_helps)
    return (helps,) if helps and any(report.lines for report in risk.reports) else ()


def _steps(risk: Risk) -> tuple[str, ...]:
    return risk.remedy.steps or (f"{risk.remedy.code}.",)
