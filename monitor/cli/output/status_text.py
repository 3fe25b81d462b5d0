"""The monitor's own standing as text; what needs a person is red."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.answers.freshness import ago, source_name
from monitor.answers.standing import OpenAlert, Standing
from monitor.answers.waiting import SHADOW_MODE
from monitor.cli.output.overlays_text import overlay_lines
from monitor.cli.output.risks_text import money
from monitor.cli.output.sync_text import sync_lines
from monitor.cli.output.tables import table
from monitor.cli.output.words import Paint, local, plain
from monitor.core.alerts import RiskState, SourceFreshness
from monitor.core.cycles import CycleEnd
from monitor.core.message.lost import lost_words
from monitor.core.message.words import counted
from monitor.core.records import ListReading, ListState

_LIST_COLORS = {
    ListState.READ: "green",
    ListState.OFF: "cyan",
    ListState.BLIND: "red",
    ListState.HELD: "red",
}
_RISK_STATES = {RiskState.OPEN: "open", RiskState.WATCH: "watched", RiskState.BLIND: "blind"}
_WHY_NOT_TOLD = {
    RiskState.WATCH: "watched: NetSuite would refuse the record, but no pending report uses it, or "
    "drafts only; nobody is told",
    RiskState.BLIND: "blind: as last seen, because a source cannot be read",
}
_INDENT = "  "
_MOST_UNREAD = 5
"""Reports that cannot be read: a list of more would hide the rest."""
_WITH_ROWS = (ListState.READ, ListState.HELD)


def status_text(standing: Standing, paint: Paint, columns: int | None = None) -> str:
    """One paragraph a subject: sources, lists, last syncs, what is not predicted, alerts …

    `columns`: how many the terminal has, None = lines of any length.
    """
    room = None if columns is None else columns - len(_INDENT)
    paragraphs = (
        ("Sources", _sources(standing, paint)),
        ("Last cycle", _last_cycle(standing, paint)),
        ("Lists", _lists(standing, paint, room)),
        ("Last sync", (*_syncs(standing), *_witnesses(standing, paint))),
        ("Not predicted", _not_predicted(standing, paint)),
        ("To look at in the configuration", _questions(standing, paint)),
        ("Open alerts", _alerts(standing)),
        ("Acknowledged, snoozed or silenced", _laid(standing, room)),
        ("Delivery", _delivery(standing, paint)),
        ("Counts", _counts(standing)),
    )
    said = ((title, list(lines)) for title, lines in paragraphs)
    return "\n\n".join(
        "\n".join([title, *(f"{_INDENT}{line}" for line in lines)])
        for title, lines in said
        if lines
    )


def _sources(standing: Standing, paint: Paint) -> Iterator[str]:
    for source in standing.freshness.sources:
        yield f"{source_name(source.source)}: {_source(source, standing, paint)}"
    for report, since in standing.unread[:_MOST_UNREAD]:
        said = paint(plain(report.sentence), "red")
        yield f"since {local(since, standing.time_zone)}: {said}"
    if (more := len(standing.unread) - _MOST_UNREAD) > 0:
        yield paint(f"and {more} more", "red")


def _source(source: SourceFreshness, standing: Standing, paint: Paint) -> str:
    freshness = standing.freshness
    read = "never read"
    if source.last_good_at is not None:
        moment = local(source.last_good_at, standing.time_zone)
        read = f"read {ago(freshness.now - source.last_good_at)} ({moment})"
    if source.failing_since is not None:
        since = ago(freshness.now - source.failing_since)
        error = plain(source.error)
        return f"{read}; {paint(f'failing, first noticed {since}', 'red')}: {error}"
    return paint(read, "red" if freshness.is_stale(source.last_good_at) else "green")


def _last_cycle(standing: Standing, paint: Paint) -> Iterator[str]:
    last, good, now = standing.last_cycle, standing.last_good_cycle, standing.freshness.now
    if last is None:
        return
    began = f"began {ago(now - last.began_at)} ({local(last.began_at, standing.time_zone)})"
    end = paint(last.end.value, "green" if last.end is CycleEnd.GOOD else "red")
    why = f" ({plain(last.detail)})" if last.detail else ""
    yield f"{began}, took {last.duration.total_seconds():.1f} s: {end}{why}"
    if good != last:
        read = "never" if good is None else ago(now - good.began_at)
        yield f"last one that read both systems: {read}"
    if standing.ping is not None and standing.ping.failing_since is not None:
        since = local(standing.ping.failing_since, standing.time_zone)
        yield paint(f"the ping fails since {since}: {plain(standing.ping.error)}", "red")


def _lists(standing: Standing, paint: Paint, room: int | None) -> list[str]:
    if not standing.freshness.lists:
        return ["none read yet: run `monitor run --once`"]
    return table([_list(reading, paint) for reading in standing.freshness.lists], room=room)


def _list(reading: ListReading, paint: Paint) -> tuple[str, ...]:
    state = paint(reading.state.value, _LIST_COLORS[reading.state])
    records = counted(reading.rows, "record") if reading.state in _WITH_ROWS else ""
    detail = plain(reading.detail)
    if reading.state is ListState.HELD:
        detail = f"{detail} run `monitor accept-deletions {reading.kind}` if it is real".strip()
    return reading.kind, state, records, detail


def _syncs(standing: Standing) -> Iterator[str]:
    if not standing.syncs:
        yield "no workspace known yet"
    for known in standing.syncs:
        yield from sync_lines(known, standing.time_zone)


def _witnesses(standing: Standing, paint: Paint) -> Iterator[str]:
    for one in standing.witnesses:
        said = plain(one.sentence)
        yield f"{one.title}: {said if one.is_trusted else paint(said, 'cyan')}"


def _not_predicted(standing: Standing, paint: Paint) -> Iterator[str]:
    for off in standing.rules_off:
        yield paint(plain(off.sentence), "red" if off.is_blind else "cyan")
    for cap in standing.caps:
        yield paint(f"rule {cap.cause.code}: {plain(cap.sentence)}", "yellow")
    for one in standing.untold:
        yield paint(f"{plain(one.workspace.name)}: {plain(one.sentence)}", "cyan")


def _questions(standing: Standing, paint: Paint) -> Iterator[str]:
    names = {known.workspace.policy_id: known.workspace.name for known in standing.syncs}
    for one in standing.questions:
        name = plain(names.get(one.policy_id, one.policy_id))
        yield paint(f"{name}: {plain(one.sentence)}", "yellow")


def _alerts(standing: Standing) -> Iterator[str]:
    if not standing.alerts:
        yield "none"
    names = {known.workspace.policy_id: known.workspace.name for known in standing.syncs}
    for told in standing.alerts:
        policy_id = told.alert.policy_id
        yield _alert(told, names.get(policy_id, policy_id), standing.time_zone)


def _alert(told: OpenAlert, workspace: str, zone: str) -> str:
    of = f" of {plain(workspace)}" if workspace else ""
    opened = local(told.alert.opened_at, zone)
    risks = ", ".join(f"{one.risk.ref} {plain(one.risk.full_name)}" for one in told.risks)
    stake = "; ".join(f"{money(t)} in {counted(t.reports, 'report')}" for t in told.totals)
    lost = "; ".join(plain(lost_words(one)) for one in told.alert.lost)
    what = risks or lost or "the monitor cannot see"
    stakes = f" ({stake})" if stake else ""
    return f"alert {told.alert.alert_id}{of}, open since {opened}: {what}{stakes}"


def _laid(standing: Standing, room: int | None) -> list[str]:
    if not standing.laid:
        return []
    names = {known.workspace.policy_id: known.workspace.name for known in standing.syncs}
    return overlay_lines(standing.laid, names, standing.time_zone, room)


def _delivery(standing: Standing, paint: Paint) -> Iterator[str]:
    delivery = standing.delivery
    if standing.waiting.is_shadow:
        yield paint(SHADOW_MODE, "yellow")
    yield _waiting(standing)
    if delivery.dead:
        refused = paint(f"{counted(delivery.dead, 'message')} refused by Slack for good", "red")
        yield f"{refused}: {plain(delivery.last_error) or 'see `monitor check`'}"
    if delivery.last_sent_at is not None:
        yield f"last message sent {local(delivery.last_sent_at, standing.time_zone)}"
    if standing.self_test is not None:
        yield from _self_test(standing.self_test, standing.time_zone, paint)
    if standing.buttons is not None:
        yield from _buttons(standing.buttons, standing.time_zone, paint)


def _waiting(standing: Standing) -> str:
    delivery, waiting = standing.delivery, standing.waiting
    if not delivery.waiting:
        return "nothing waits for Slack"
    letters = counted(delivery.waiting, "message")
    if waiting.is_shadow:
        return f"{letters} waiting for the end of shadow mode"
    why = f": {plain(delivery.last_error)}" if delivery.last_error and not delivery.dead else ""
    if held := len(waiting.held):
        part = "" if held == delivery.waiting else f"{held} of them "
        return f"{letters} waiting for Slack, {part}{waiting.sentence}{why}"
    return f"{letters} waiting for Slack{why}"


def _self_test(test: SourceFreshness, zone: str, paint: Paint) -> Iterator[str]:
    """The channel is tested with every daily summary; nothing before the first."""
    if test.failing_since is not None:
        since = local(test.failing_since, zone)
        yield paint(f"channel self-test fails since {since}: {plain(test.error)}", "red")
    elif test.last_good_at is not None:
        yield f"channel self-test passed {local(test.last_good_at, zone)}"


def _buttons(buttons: SourceFreshness, zone: str, paint: Paint) -> Iterator[str]:
    """Nothing where there is no socket for them."""
    if buttons.failing_since is not None:
        since = local(buttons.failing_since, zone)
        yield paint(f"buttons do nothing since {since}: {plain(buttons.error)}", "red")
    elif buttons.last_good_at is not None:
        yield f"buttons connected {local(buttons.last_good_at, zone)}"


def _counts(standing: Standing) -> Iterator[str]:
    newest = standing.freshness.newest
    if newest is not None:
        yield f"newest snapshot @{newest.id} of {local(newest.taken_at, standing.time_zone)}"
    yield counted(standing.pending_reports, "pending report")
    counts = {RiskState(state): number for state, number in standing.risk_counts.items()}
    yield "risks: " + ", ".join(f"{n} {_RISK_STATES[state]}" for state, n in counts.items())
    yield from (f"  {why}" for state, why in _WHY_NOT_TOLD.items() if counts[state])
