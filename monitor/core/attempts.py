"""What is new in a report's history: refusals, and what has reached NetSuite."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.reports import Failure, PendingReport, current_exports, pending_lines


@dataclass(frozen=True, slots=True)
class Attempt:
    """One report as two readings saw it: before, and with something new in its history.

    `coded_since`: the first reading that saw the coding of `before`.
    """

    before: PendingReport | None
    after: PendingReport
    coded_since: datetime | None = None

    @property
    def is_same_coding(self) -> bool:
        """Read again, and coded as before: what was tried is what was predicted."""
        return self.before is not None and coding_of(self.before) == coding_of(self.after)

    @property
    def exported_at(self) -> datetime | None:
        """When the last of it reached NetSuite; None while something waits, or by a person's mark
        alone.
        """
        if pending_lines(self.after):
            return None
        exports = [one for one in current_exports(self.after) if not one.is_manual]
        return max((export.at for export in exports), default=None)

    def failures(self, baseline: datetime) -> tuple[Failure, ...]:
        """The new failures of this coding, each code once; older than the baseline, the last
        approval or a recoding they say nothing of what was predicted.
        """
        if self.before is not None and not self.is_same_coding:
            return ()
        begin = max(filter(None, (baseline, self.after.approved_at)))
        told = self.before.failures if self.before else ()
        since = max(begin, self.coded_since or begin)
        known = {failure.code for failure in told if failure.at > since}
        found: list[Failure] = []
        for failure in sorted(set(self.after.failures) - set(told)):
            if failure.at > begin and failure.code not in known:
                known.add(failure.code)
                found.append(failure)
        return tuple(found)

    def settled(self) -> tuple[PendingReport, datetime] | None:
        """The part that has reached NetSuite in between, coded as it was, and when; None for
        nothing, and for a person's mark.
        """
        old = set(self.before.exports) if self.before else set()
        new = [one for one in current_exports(self.after) if one not in old]
        if self.before is None or not new or any(export.is_manual for export in new):
            return None
        if self.before.fields != self.after.fields:
            return None
        waiting = {line.line_id for line in pending_lines(self.after)}
        unchanged = set(self.after.lines)
        lines = tuple(
            line
            for line in pending_lines(self.before)
            if line.line_id not in waiting and line in unchanged
        )
        if not lines:
            return None
        return replace(self.before, lines=lines), min(export.at for export in new)


def coding_of(report: PendingReport) -> object:
    """All of a report that a person changes by recoding it."""
    return report.fields, tuple(sorted(report.lines, key=lambda line: line.line_id))
