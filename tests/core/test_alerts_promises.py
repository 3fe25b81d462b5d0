"""The promises of alerting, whatever the order of edits, failures, exports and moments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import (
    AlertPolicy,
    Endings,
    Letter,
    Matcher,
    Outcome,
    RiskState,
    Sight,
    Sort,
    UnsureView,
)
from monitor.core.alerts.track import is_worth_telling
from monitor.core.message.plain import as_text
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from tests.core.alert_builders import (
    WHOLE,
    Desk,
    a_draft,
    a_failed,
    a_submitted,
    as_seen_from,
    failing,
    not_sure,
    outside,
    reactivated,
)
from tests.core.builders import NOW, UK, US, a_risk, an_exposed_report

DOWN, PERMANENTLY_DOWN = failing(NOW), failing(NOW, is_permanent=True)
NO_REPORTS = failing(NOW, "expensify")
NO_CLASSES = Sight(is_whole=True, blind_kinds=(("class", "the role may not see classes"),))
UNSURE = Sight(is_whole=True, unsure_policies=(UnsureView(US, "the role sees less"),))


@dataclass(frozen=True)
class Step:
    """One cycle: what is predicted, what could be seen, which reports wait after a failure."""

    risks: tuple[Risk, ...]
    sight: Sight
    failed: frozenset[str]
    after: timedelta
    """Until this cycle; a clock may also jump back."""
    laid: dict[str, Any] | None = None
    """What somebody lays over it just before."""

    @property
    def endings(self) -> Endings:
        return Endings({}, still_failed=self.failed)

    @property
    def predicted(self) -> tuple[Risk, ...] | None:
        """Nothing is predicted anew without NetSuite."""
        return None if self.sight in (DOWN, PERMANENTLY_DOWN) else self.risks


def reports(report_id: str) -> st.SearchStrategy[tuple[ExposedReport, ...]]:
    """One report in any state, or none."""
    made = (a_draft, a_submitted, an_exposed_report, a_failed)
    return st.sampled_from([(), *((make(report_id),) for make in made)])


def risks_of(record: Ref, policy_id: str, report_id: str) -> st.SearchStrategy[Risk | None]:
    """One record of one workspace: in order, or a risk of any cause, certainty and exposure."""
    kinds = [
        a_risk(),
        a_risk(cause=Cause.DELETED),
        a_risk(certainty=Certainty.POSSIBLE),
        reactivated(),
        not_sure(),
        outside(),
    ]
    risks = [as_seen_from(replace(risk, ref=record), policy_id) for risk in kinds]
    exposed = st.builds(
        lambda risk, backing: replace(risk, reports=backing),
        st.sampled_from(risks),
        reports(report_id),
    )
    return st.none() | exposed


CLASS, DEPARTMENT = Ref("class", "12"), Ref("department", "3")
WORLD = st.tuples(
    risks_of(CLASS, US, "R1"),
    risks_of(DEPARTMENT, US, "R2"),
    risks_of(CLASS, UK, "R3"),
).map(lambda risks: tuple(risk for risk in risks if risk is not None))
OVERLAYS = st.builds(
    lambda sort, whom, is_until_worse: {"sort": sort, "is_until_worse": is_until_worse, **whom},
    st.sampled_from([Sort.ACK, Sort.SNOOZE]),
    st.sampled_from([{"alert_id": 1}, {"fingerprint": f"{US}/{CLASS}"}]),
    st.booleans(),
) | st.builds(
    lambda matcher: {"sort": Sort.SILENCE, "matcher": matcher},
    st.sampled_from([Matcher(kind="class"), Matcher(policy_id=UK)]),
)
STEPS = st.lists(
    st.builds(
        Step,
        risks=WORLD,
        sight=st.sampled_from(
            [WHOLE, WHOLE, WHOLE, DOWN, PERMANENTLY_DOWN, NO_REPORTS, NO_CLASSES, UNSURE]
        ),
        failed=st.frozensets(st.sampled_from(["R1", "R2", "R3"]), max_size=2),
        after=st.integers(1, 2_000).map(lambda minutes: timedelta(minutes=minutes)),
        laid=st.none() | OVERLAYS,
    ),
    min_size=1,
    max_size=12,
)


def take(desk: Desk, step: Step) -> Outcome:
    """One cycle of the desk."""
    desk.now += step.after
    if step.laid is not None:
        desk.lay(**step.laid)
    outcome = desk.decide(step.predicted, sight=step.sight, endings=step.endings)
    desk.keep(outcome)
    return outcome


def played(steps: list[Step]) -> Desk:
    """A desk after all these cycles, and one last in which everything is seen to be in order."""
    desk = reminding()
    for step in steps:
        take(desk, step)
    desk.cycle()
    return desk


def reminding() -> Desk:
    """A desk that reminds daily."""
    return Desk(AlertPolicy(remind_every=timedelta(days=1)))


@given(STEPS)
def test_at_most_one_open_alert_holds_a_risk_and_every_told_risk_has_one(
    steps: list[Step],
) -> None:
    desk = reminding()
    for step in steps:
        take(desk, step)
        lives = Counter(one.risk.fingerprint for one in desk.living)
        assert all(count == 1 for count in lives.values())
        for one in desk.living:
            may_be_told = one.state is not RiskState.WATCH
            has_alert = one.alert_id in desk.open_alerts
            is_silenced = may_be_told and one.alert_id is None and desk.was_silenced(one.risk)
            assert has_alert if may_be_told and not is_silenced else one.alert_id is None
        held = {one.alert_id for one in desk.living}
        risky = {alert_id for alert_id in desk.open_alerts if desk.alerts[alert_id].policy_id}
        assert risky <= held


@given(STEPS)
def test_nothing_is_called_resolved_in_a_cycle_that_did_not_see_everything(
    steps: list[Step],
) -> None:
    desk = reminding()
    for step in steps:
        before = {one.risk.fingerprint for one in desk.living if one.state is not RiskState.WATCH}
        outcome = take(desk, step)
        if step.sight.is_whole:
            continue
        reasons = {letter.reason.code for letter in outcome.letters}
        assert not reasons & {"resolved", "uncertain"}
        after = {one.risk.fingerprint for one in desk.living if one.state is not RiskState.WATCH}
        assert before <= after


@given(STEPS)
def test_the_same_cycle_again_adds_no_letter(steps: list[Step]) -> None:
    desk = reminding()
    for step in steps:
        take(desk, step)
        again = desk.decide(step.predicted, sight=step.sight, endings=step.endings)
        assert again.letters == ()


@given(STEPS)
def test_every_letter_has_a_key_of_its_own(steps: list[Step]) -> None:
    keys = Counter(letter.key for letter in played(steps).letters)
    assert [key for key, count in keys.items() if count > 1] == []


@given(STEPS)
def test_whoever_is_worth_telling_is_told(steps: list[Step]) -> None:
    desk = reminding()
    for step in steps:
        take(desk, step)
        is_unsure = step.sight is UNSURE
        states = {one.risk.fingerprint: one.state for one in desk.living}
        for risk in step.predicted or ():
            if is_worth_telling(risk) and not (
                is_unsure and risk.cause is Cause.OUTSIDE_SUBSIDIARY
            ):
                assert states[risk.fingerprint] is RiskState.OPEN


@given(STEPS)
def test_a_report_that_failed_keeps_its_told_risk_open(steps: list[Step]) -> None:
    desk = reminding()
    for step in steps:
        waiting = {
            one.risk.fingerprint
            for one in desk.living
            if one.state is not RiskState.WATCH
            and step.failed & {report.report_id for report in one.risk.reports}
        }
        take(desk, step)
        told = {one.risk.fingerprint for one in desk.living if one.state is not RiskState.WATCH}
        assert waiting <= told


@given(STEPS)
def test_every_alert_is_posted_first_edited_at_most_once_a_cycle_and_closed_in_the_end(
    steps: list[Step],
) -> None:
    desk = played(steps)
    assert desk.open_alerts == []
    for alert_id in desk.alerts:
        letters = [letter for letter in desk.letters if letter.alert_id == alert_id]
        assert [letter.method == "post" for letter in letters] == [True] + [False] * (
            len(letters) - 1
        )
        parents = [_moment(letter) for letter in letters if letter.method != "reply"]
        assert len(parents) == len(set(parents))
        last = [letter.reason.code for letter in letters if _moment(letter) == parents[-1]]
        assert last[0] in ("resolved", "uncertain", "sighted")


@given(STEPS)
def test_blindness_is_told_of_what_was_not_told_and_sight_when_all_of_it_is_over(
    steps: list[Step],
) -> None:
    desk = reminding()
    for step in [*steps, Step((), WHOLE, frozenset(), timedelta(hours=1))]:
        before = {one.alert_id: one for one in desk.alerts.values() if one.is_open}
        outcome = take(desk, step)
        for alert in outcome.alerts:
            known = before.get(alert.alert_id)
            told = set(known.blind_about) if known else set()
            thread = {
                letter.reason.code
                for letter in outcome.letters
                if letter.alert_id == alert.alert_id and letter.method != "edit"
            }
            is_parent = "opened" in thread
            is_told = "blind" in thread or is_parent or desk.is_muted(alert.alert_id)
            assert is_told or set(alert.blind_about) <= told
            assert "blind" not in thread or set(alert.blind_about) - told
            was_blind = known is not None and known.blind_since is not None
            is_over = was_blind and alert.blind_since is None
            assert "sighted" not in thread or is_over
            assert "sighted" in thread or not is_over or desk.is_muted(alert.alert_id)


@given(STEPS)
def test_a_parent_never_names_what_can_be_seen_again(steps: list[Step]) -> None:
    desk, shown = reminding(), dict[int | None, str]()
    for step in steps:
        for letter in take(desk, step).letters:
            if letter.method != "reply":
                shown[letter.alert_id] = as_text(letter.message)
        failing_now = {source.source for source in step.sight.sources}
        for alert_id in desk.open_alerts:
            for source, words in (("netsuite", "NetSuite: the"), ("expensify", "Expensify: the")):
                assert source in failing_now or words not in shown[alert_id]


def _moment(letter: Letter) -> str:
    return letter.key.rpartition("-")[2]
