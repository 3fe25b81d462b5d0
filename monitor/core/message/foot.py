"""What stands at the foot of a message: which alert, how fresh it is, and every report id."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.message.words import Voice
from monitor.core.risks import ExposedReport

_MOST_ID_CHARACTERS = 1_000


def footer(alert_id: int, policy_id: str, voice: Voice) -> str:
    """The freshness line: the oldest data time."""
    workspace = voice.workspace(policy_id)
    read = f"Data as of {voice.moment(voice.read_at)}" if voice.read_at else "Nothing was read yet"
    return " · ".join(part for part in (f"Alert {alert_id}", workspace, read) if part)


def all_ids(reports: Iterable[ExposedReport]) -> str:
    """Every id on one line, for search and to paste."""
    line = f"Report ids: {', '.join(report.report_id for report in reports)}"
    if len(line) <= _MOST_ID_CHARACTERS:
        return line
    kept = line[:_MOST_ID_CHARACTERS].rpartition(", ")[0]
    left = line.count(", ") - kept.count(", ")
    return f"{kept} and {left} more (`monitor risks` lists them)"
