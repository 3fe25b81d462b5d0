"""What is worse than what was last told of an alert, and what NetSuite refused since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.alerts.told import Told
from monitor.core.alerts.values import TrackedRisk
from monitor.core.message.discreet import discreet
from monitor.core.message.facts import called, capital
from monitor.core.message.words import Voice, listed
from monitor.core.risks import Certainty, ExposedReport, RemedyCode, Risk

_SYNC_CURES = (RemedyCode.SYNC, RemedyCode.SYNC_TO_BE_SURE)
_DOUBLED_AT_MOST = timedelta(hours=24)
_MOST_IDS = 5


class Change(NamedTuple):
    """News of some risks: why it is news, one sentence each. Without risks there is none."""

    risks: tuple[Risk, ...] = ()
    why: tuple[str, ...] = ()


def ready(risk: Risk) -> tuple[ExposedReport, ...]:
    """Its reports that the next export would try, and would surely or likely see refused."""
    return tuple(
        report
        for report in risk.reports
        if report.state.is_approved
        and not report.is_export_unclear
        and (report.certainty or risk.certainty) > Certainty.POSSIBLE
    )


def is_ready(risks: Iterable[Risk]) -> bool:
    """Something of it would be exported next: the whole channel may hear of it."""
    return any(map(ready, risks))


def is_surely_refused(risks: Iterable[Risk]) -> bool:
    """Something of it would be exported next, and would fail whatever the sync."""
    return any(
        (report.certainty or risk.certainty) is Certainty.CERTAIN
        for risk in risks
        for report in ready(risk)
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """An alert's living risks, held against what was last told of them."""

    told: Told
    alive: tuple[TrackedRisk, ...]
    now: datetime
    voice: Voice
    hidden: Collection[str] = ()
    """Risks (fingerprints) whose news nobody is to hear, or hears otherwise in this cycle."""

    def worse(self) -> Change:
        """The first approved report, a higher certainty, a lost cure, or twice the exposure."""
        if not self.told.certainty:
            return Change()  # nothing is known of what was told: that is no news
        found = [*self._approved(), *self._surer(), *self._uncured(), *self._doubled()]
        concerned = {risk.fingerprint: risk for one in found for risk in one.risks}
        return Change(tuple(concerned.values()), tuple(why for one in found for why in one.why))

    def failed(self) -> Change:
        """Reports that NetSuite refused since."""
        if not self.told.certainty:
            return Change()
        risks = tuple(risk for risk in self._seen if _failed(risk) - self.told.failed)
        ids = sorted(set[str]().union(*map(_failed, risks)) - self.told.failed)
        is_one = len(ids) == 1
        its, it = ("its", "it") if is_one else ("their", "them")
        line = f"{_named(ids)}: NetSuite refused {its} export; automatic export of {it} is paused."
        return Change(risks, (line,)) if risks else Change()

    def taken_in(self, *, is_doubled: bool) -> Told:
        """What is told once this is: what a message says, or a parent shows."""
        risks = [one.risk for one in self.alive]
        is_news = self.is_doubled or not self.told.certainty or not self.told.approved
        return replace(
            self.told,
            certainty={risk.fingerprint: self._certainty(risk) for risk in risks},
            remedies={risk.fingerprint: risk.remedy.code for risk in risks},
            # Under a snooze of all of it, its end tells what was approved meanwhile.
            is_approved=self.told.is_approved or is_ready(self._seen or risks),
            failed=frozenset[str]().union(*map(_failed, risks)),
            approved=len(_ready_ids(risks)) if is_news else self._expected,
            doubled_at=self.now if is_doubled else self.told.doubled_at,
        )

    @property
    def is_doubled(self) -> bool:
        """Twice the approved reports that were last news, at most once a day."""
        at, count = self.told.doubled_at, len(_ready_ids(one.risk for one in self.alive))
        # Also on a clock that jumped back: then the day lies before and after the moment.
        is_due = at is None or abs(self.now - at) >= _DOUBLED_AT_MOST
        return is_due and self.told.approved > 0 and count >= 2 * self._expected

    @property
    def _seen(self) -> list[Risk]:
        return [one.risk for one in self.alive if one.risk.fingerprint not in self.hidden]

    @property
    def _known(self) -> list[Risk]:
        """Risks that were told before."""
        return [risk for risk in self._seen if risk.fingerprint in self.told.certainty]

    @property
    def _expected(self) -> int:
        """The approved reports that were last news, with those that came with other risks."""
        known = [one.risk for one in self.alive if one.risk.fingerprint in self.told.certainty]
        joined = _ready_ids(one.risk for one in self.alive) - _ready_ids(known)
        return self.told.approved + len(joined)

    def _certainty(self, risk: Risk) -> Certainty:
        """What is merely possible now stays told as it was: should it be surer again, no news."""
        known = self.told.certainty.get(risk.fingerprint, risk.certainty)
        return known if risk.certainty is Certainty.POSSIBLE else risk.certainty

    def _approved(self) -> Iterator[Change]:
        risks = tuple(risk for risk in self._seen if ready(risk))
        if risks and not self.told.is_approved:
            ids = sorted(_ready_ids(risks))
            is_or_are, it = ("is", "it") if len(ids) == 1 else ("are", "them")
            line = f"{_named(ids)} {is_or_are} approved: the next export would try {it}."
            yield Change(risks, (line,))

    def _surer(self) -> Iterator[Change]:
        for risk in self._known:
            before = self.told.certainty[risk.fingerprint]
            if risk.certainty > before:
                now = f"and are {risk.certainty.code} to fail now"
                line = f"{self._named(risk)}: its exports were {before.code} to fail, {now}."
                yield Change((risk,), (line,))

    def _uncured(self) -> Iterator[Change]:
        for risk in self._known:
            before = self.told.remedies.get(risk.fingerprint)
            if before in _SYNC_CURES and risk.remedy.code not in _SYNC_CURES:
                yield Change(
                    (risk,), (f"{self._named(risk)}: Sync alone does not fix it any more.",)
                )

    def _doubled(self) -> Iterator[Change]:
        risks = tuple(risk for risk in self._seen if ready(risk))
        if self.is_doubled and risks:
            count = len(_ready_ids(one.risk for one in self.alive))
            before = f"{self.told.approved} when that was last news"
            yield Change(risks, (f"Reports that are ready to export: {count} now, {before}.",))

    def _named(self, risk: Risk) -> str:
        return capital(called(discreet(risk, self.voice)))


def _ready_ids(risks: Iterable[Risk]) -> set[str]:
    return {report.report_id for risk in risks for report in ready(risk)}


def _failed(risk: Risk) -> set[str]:
    return {report.report_id for report in risk.reports if report.has_failed}


def _named(ids: list[str]) -> str:
    left = len(ids) - _MOST_IDS
    return listed([*ids[:_MOST_IDS], *([f"{left} more"] if left > 0 else [])])
