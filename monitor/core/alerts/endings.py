"""How a told risk ended, in words that are true of each of its reports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.alerts.values import Reason
from monitor.core.predict.ending import in_words
from monitor.core.predict.rules import SURE_UNTIL
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Risk
from monitor.core.sync import Imported

_GONE = "the condition is gone"
_WATCHED_ON = "the monitor goes on watching it"


@dataclass(frozen=True, slots=True)
class Endings:
    """How a risk that is no longer there came to its end.

    `by_fingerprint`: one sentence each. `still_failed`: reports that failed and were not exported
    since; they keep their risk open until they are. `ways`: how the reports of a risk left it, by
    fingerprint and id, in words that follow "R-1 …". `unseen`: risks whose end cannot be seen now.
    """

    by_fingerprint: Mapping[str, str]
    still_failed: Collection[str] = ()
    ways: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unseen: Collection[str] = ()


def how_it_ended(told: Risk, present: Risk | None, endings: Endings, *, now: datetime) -> str:
    """Why the told risk is over: it is no more (`present` None), or it is only watched again."""
    if present is None:
        return endings.by_fingerprint.get(told.fingerprint, _GONE)
    if is_uncertain(present, now):
        return Reason.UNCERTAIN.value
    if all(report.state is ReportState.OPEN for report in present.reports):
        return _how_its_reports_left(told, present, endings)
    return f"{_less_sure(told, present, endings)}; {_WATCHED_ON}"


def is_uncertain(present: Risk, now: datetime) -> bool:
    """A daily sync is due, and nothing shows whether it came."""
    return (
        present.cause is Cause.EDITED_SINCE_SYNC
        and present.imported is Imported.UNKNOWN
        and bool(present.reports)
        and not present.is_ambiguous
        and present.since is not None
        and now > present.since + SURE_UNTIL
    )


def _how_its_reports_left(told: Risk, present: Risk, endings: Endings) -> str:
    """The cause still stands, but no report past its draft uses the record any more."""
    drafts = {report.report_id for report in present.reports}
    if not drafts:
        return endings.by_fingerprint.get(told.fingerprint, _GONE)
    ways = endings.ways.get(told.fingerprint, {})
    gone = {one: way for one, way in ways.items() if one not in drafts}
    back = {report.report_id: _BACK for report in told.reports if report.report_id in drafts}
    only_drafts = "only drafts use it now, and the monitor goes on watching them"
    return "; ".join(filter(None, (in_words(gone), in_words(back), only_drafts)))


_BACK = "went back to draft"


def _less_sure(told: Risk, present: Risk, endings: Endings) -> str:
    if present.is_ambiguous:
        return "several NetSuite records have its name now, so that it fails is only a guess"
    submitted = [one for one in present.reports if one.state is not ReportState.OPEN]
    if submitted and all(one.is_export_unclear for one in submitted):
        return "its reports were exported, but Expensify does not say by which of their two routes"
    if present.cause is not told.cause:
        how = endings.by_fingerprint.get(told.fingerprint, _GONE)
        return f"{how}; that it {present.cause} makes a failure only possible"
    return "a failure is only possible now, no longer likely"
