"""Anything that may happen in a quarter of an hour, and what must be true whenever it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from monitor.controls import acknowledge, lift, silence, snooze
from monitor.core.alerts import Matcher, Overlay, Reason, RiskState, Sort
from monitor.core.reports import ReportState
from monitor.core.risks import Certainty
from monitor.cycle import CycleResult
from monitor.simulator.refusals import refusal
from monitor.simulator.sample import UK, US
from tests.scenarios.story import Story

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
PATHS = {"11": "Sales : Field Sales", "12": "Sales : Marketing", "21": "Engineering : Platform"}
REPORTS = ("R-1041", "R-1043", "R-1044", "R-1047", "R-1050")


def inactivate(story: Story, class_id: str) -> None:
    if story.tables.get("class", class_id):
        story.tables.inactivate("class", class_id)


def reactivate(story: Story, class_id: str) -> None:
    if story.tables.get("class", class_id):
        story.tables.reactivate("class", class_id)


def rescope(story: Story, class_id: str, subsidiaries: list[int]) -> None:
    if story.tables.get("class", class_id):
        story.tables.set_subsidiaries("class", class_id, subsidiaries)


def delete(story: Story, class_id: str, is_logged: bool) -> None:
    if story.tables.get("class", class_id):
        story.tables.delete("class", class_id, is_logged=is_logged)


def sync(story: Story, policy_id: str) -> None:
    story.world.sync(policy_id)


def export(story: Story, report_id: str) -> None:
    if state_of(story, report_id).is_approved and not is_exported(story, report_id):
        story.clock.sleep(1)  # an export counts when it is later than the approval
        story.world.export(report_id)


def recode(story: Story, report_id: str, class_id: str) -> None:
    for path in PATHS.values():
        story.office.recode(report_id, path, PATHS[class_id])


def move_on(story: Story, report_id: str, state: str) -> None:
    order = list(ReportState)
    if order.index(ReportState(state)) > order.index(state_of(story, report_id)):
        story.office.move_on(report_id, state)


def netsuite_fails(story: Story, fault: str) -> None:
    story.world.netsuite.faults.always(fault)


def expensify_fails(story: Story, fault: str) -> None:
    story.world.expensify.faults.always(fault)


def slack_fails(story: Story, fault: str) -> None:
    story.world.slack.faults.next(fault, match="chat.")


def sources_recover(story: Story) -> None:
    story.world.netsuite.faults.clear()
    story.world.expensify.faults.clear()


def somebody_takes_all(story: Story) -> None:
    with story.store() as store:
        for alert in store.alerts.open():
            acknowledge(store, str(alert.alert_id), for_=HOUR, **_said(story))


def somebody_snoozes_all(story: Story, is_until_worse: bool) -> None:
    for_ = None if is_until_worse else HOUR
    with story.store() as store:
        for alert in store.alerts.open():
            snooze(
                store,
                str(alert.alert_id),
                for_=for_,
                until_worse=is_until_worse,
                **_said(story),
            )


def somebody_silences(story: Story, pattern: str) -> None:
    with story.store() as store:
        silence(store, Matcher("class", pattern), for_=HOUR, **_said(story))


def somebody_lifts_all(story: Story) -> None:
    with story.store() as store:
        for one in _laid(story):
            lift(store, one.overlay_id, story.clock.now())


def quiet_hours_begin(story: Story) -> None:
    text = story.config.read_text()
    story.config.write_text(text.replace(_QUIET, "") + _QUIET)


def quiet_hours_end(story: Story) -> None:
    story.config.write_text(story.config.read_text().replace(_QUIET, ""))


_QUIET = '[alerts]\nquiet_hours = "00:00-23:59"\n'


def _said(story: Story) -> dict[str, Any]:
    return {"author": "Dana Lee", "reason": "on it", "now": story.clock.now()}


def _laid(story: Story) -> tuple[Overlay, ...]:
    with story.store() as store:
        return tuple(store.overlays.active(story.clock.now()))


def _event(happens: Callable[..., None], *arguments: st.SearchStrategy[Any]) -> Any:
    return st.tuples(st.just(happens), st.tuples(*arguments))


_class = st.sampled_from(sorted(PATHS))
_report = st.sampled_from(REPORTS)
_EDITS = (
    _event(inactivate, _class),
    _event(reactivate, _class),
    _event(rescope, _class, st.sampled_from([[1], [2], [1, 2]])),
    _event(delete, _class, st.booleans()),
    _event(recode, _report, _class),
    _event(move_on, _report, st.sampled_from(["SUBMITTED", "APPROVED", "REIMBURSED"])),
    _event(sync, st.sampled_from([US, UK])),
    _event(export, _report),
)
_TROUBLE = (
    _event(netsuite_fails, st.sampled_from(["500", "403", "html", "cut", "drop", "429"])),
    _event(expensify_fails, st.sampled_from(["500", "401", "html", "drop"])),
    _event(slack_fails, st.sampled_from(["500", "429", "html", "drop", "accept-then-drop"])),
)
_RECOVERY = _event(sources_recover)
_PEOPLE = (
    _event(somebody_takes_all),
    _event(somebody_snoozes_all, st.booleans()),
    _event(somebody_silences, st.sampled_from(["*", "market*", "sales : *"])),
    _event(somebody_lifts_all),
    _event(quiet_hours_begin),
    _event(quiet_hours_end),
)

QUARTERS = st.tuples(
    st.lists(st.one_of(*_EDITS), min_size=1, max_size=2),
    st.lists(st.one_of(*_TROUBLE, _RECOVERY, _RECOVERY), max_size=1),
    st.lists(st.one_of(*_PEOPLE), max_size=1),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
"""What happens in a quarter of an hour: people work and answer alerts, now and then it breaks."""


def pass_a_quarter(story: Story) -> CycleResult:
    """Time passes and a new process runs one cycle; what must always hold is checked after it."""
    story.clock.move_to(story.clock.now() + QUARTER)
    before = [(one["ts"], one["edits"]) for one in story.world.slack.messages]
    result = story.cycle()
    after = [(one["ts"], one["edits"]) for one in story.world.slack.messages]
    is_quiet = _QUIET in story.config.read_text()
    assert not is_quiet or after == before, "somebody was disturbed in quiet hours"
    reasons = {letter.reason for letter in result.outcome.letters}
    if result.failures:
        assert not reasons & {Reason.RESOLVED, Reason.UNCERTAIN}, "resolved while blind"
    with story.store() as store:
        memory = store.alerts.memory(story.clock.now())
    alive = [one for one in memory.tracked if one.state in (RiskState.OPEN, RiskState.BLIND)]
    told = Counter(one.risk.fingerprint for one in alive)
    assert set(told.values()) <= {1}, "two open alerts of one fingerprint"
    open_alerts = {alert.alert_id for alert in memory.alerts}
    silences = [one for one in _laid(story) if one.sort is Sort.SILENCE]
    for one in alive:
        is_silenced = any(silence.is_about(one.risk) for silence in silences)
        is_untold = one.alert_id is None and is_silenced
        assert is_untold or one.alert_id in open_alerts, "an open risk without an open alert"
    keys = Counter(one["metadata"]["event_payload"]["key"] for one in story.world.slack.messages)
    assert {key for key, times in keys.items() if times > 1} == set(), "said twice"
    return result


def every_promise_is_in_the_channel(story: Story) -> None:
    """Nothing waits, nothing is lost: each open alert has its one message."""
    with story.store() as store:
        delivery = store.outbox.delivery()
        alerts = store.alerts.open()
    assert (delivery.waiting, delivery.dead) == (0, 0)
    standing = [message["text"] for message in story.channel]
    for alert in alerts:
        assert sum(f"Alert {alert.alert_id} ·" in text for text in standing) == 1


def every_refusal_is_told(story: Story, *, has_seen_all: bool) -> None:
    """What the simulated NetSuite would refuse is an open risk; what is certain, it refuses.

    A record that changed and changed back while the monitor could not look leaves no trace but in
    Expensify's copy: only a monitor that has seen all is asked about those.
    """
    with story.store() as store:
        alive = [one for one in store.alerts.tracked() if one.state is RiskState.OPEN]
    told = {report.report_id: one.risk for one in alive for report in one.risk.reports}
    for report_id in REPORTS:
        if is_exported(story, report_id):
            assert report_id not in told, f"{report_id} is exported and still told as at risk"
            continue
        report = story.office.reports[report_id]
        policy = story.office.policies[report["policyID"]]
        refused = refusal(story.tables, policy, report)
        if refused is not None:
            is_unseen = "no list Expensify imported" in refused[1] and not has_seen_all
            assert is_unseen or report_id in told, f"{report_id} would fail, and nobody was told"
        elif report_id in told and not has_failed(story, report_id):
            is_certain = told[report_id].certainty is Certainty.CERTAIN
            assert not is_certain, f"{report_id} is called certain to fail, and would export"


def state_of(story: Story, report_id: str) -> ReportState:
    return ReportState(story.office.reports[report_id]["status"])


def is_exported(story: Story, report_id: str) -> bool:
    return "EXPORTINTEGRATION" in _actions(story, report_id)


def has_failed(story: Story, report_id: str) -> bool:
    return "INTEGRATIONSMESSAGE" in _actions(story, report_id)


def _actions(story: Story, report_id: str) -> list[str]:
    return [one["action"] for one in story.office.reports[report_id]["actionList"]]
