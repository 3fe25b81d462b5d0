"""Many instances as text: a row each, a sentence where a person is needed, and the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from monitor.answers.fleet import Amount, Fleet, Instance
from monitor.answers.freshness import source_name
from monitor.answers.health import Verdict
from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import SOURCES
from monitor.cli.output.sync_text import sync_lines
from monitor.cli.output.tables import headed, table
from monitor.cli.output.words import NOTHING, Paint, plain
from monitor.core.freshness import SourceFreshness
from monitor.core.message.words import counted, length
from monitor.core.risks import Certainty, CurrencyTotal

_SHADOW = "shadow"
_HEAD = (
    "account",
    "health",
    *map(source_name, SOURCES),
    "last sync",
    "alerts",
    "Slack",
    "at risk",
)
_VERDICTS = {
    Verdict.UNHEALTHY: ("not healthy", "red"),
    Verdict.REFUSED: ("refused", "red"),
    Verdict.HEALTHY: ("healthy", "green"),
}
_NOT_READ = "not read"


def fleet_text(
    fleet: Fleet, paint: Paint, *, room: int | None = None, has_syncs: bool = False
) -> str:
    """The whole view; `has_syncs`: also every workspace's last sync, with how it is known."""
    unread = [(paint(_NOT_READ, "red"), _on_one_line(one.sentence)) for one in fleet.unread]
    rows = [_row(fleet, one, paint) for one in fleet.instances]
    needs = [
        (f"{plain(fleet.name(one))}:", _on_one_line(need))
        for one in fleet.instances
        for need in one.needs
    ]
    paragraphs = [
        table(unread, room=room) if unread else [],
        headed(_HEAD, rows, room=room) if rows else [],
        table(needs, room=room) if needs else [],
        *(_syncs(fleet, one) for one in fleet.instances if has_syncs),
        [_totals(fleet)],
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def _row(fleet: Fleet, member: Instance, paint: Paint) -> tuple[str, ...]:
    return (
        plain(fleet.name(member)),
        paint(*_VERDICTS[member.health.verdict]),
        *(_age(one, member, paint) for one in member.freshness.sources),
        _last_sync(member.syncs, fleet.now),
        paint(str(member.alerts), "red") if member.alerts else NOTHING,
        _slack(member, paint),
        _at_risk(member, paint),
    )


def _age(source: SourceFreshness, member: Instance, paint: Paint) -> str:
    if source.last_good_at is None:
        return paint("never", "red")
    freshness = member.freshness
    is_bad = source.failing_since is not None or freshness.is_stale(source.last_good_at)
    return paint(length(freshness.now - source.last_good_at), "red" if is_bad else "green")


def _last_sync(syncs: tuple[WorkspaceSync, ...], now: datetime) -> str:
    """Of the workspace that synced longest ago, as far as it is known."""
    since = [one.sync.not_before for one in syncs]
    known = [moment for moment in since if moment is not None]
    if not since or len(known) < len(since):
        return _at_least(syncs, now)
    oldest = min(syncs, key=lambda one: one.sync.not_before or now).sync
    is_exact = oldest.not_before == oldest.not_after
    return f"{'' if is_exact else '≤ '}{length(now - min(known))}"


def _at_least(syncs: tuple[WorkspaceSync, ...], now: datetime) -> str:
    """Where nobody knows how long ago one of them synced at most."""
    ends = [one.sync.not_after for one in syncs if one.sync.not_before is None]
    known = [moment for moment in ends if moment is not None]
    if not ends or len(known) < len(ends):
        return "unknown"
    return f"≥ {length(now - min(known))}"


def _slack(member: Instance, paint: Paint) -> str:
    delivery = member.health.delivery
    said = [
        paint(_SHADOW, "yellow") if member.is_shadow else "",
        f"{delivery.waiting} waiting" if delivery.waiting else "",
        paint(f"{delivery.dead} refused", "red") if delivery.dead else "",
    ]
    return ", ".join(filter(None, said)) or NOTHING


def _at_risk(member: Instance, paint: Paint) -> str:
    if not member.risks:
        return ""
    counts = ", ".join(
        f"{member.risks[sure]} {sure.code}" for sure in reversed(Certainty) if sure in member.risks
    )
    color = "red" if max(member.risks) is Certainty.CERTAIN else "yellow"
    return f"{paint(counts, color)}: {_stakes(member.totals)}"


def _stakes(amounts: Iterable[CurrencyTotal | Amount]) -> str:
    return plain(
        "; ".join(
            f"{one.currency} {one.amount:,.2f} in {counted(one.reports, 'report')}"
            for one in amounts
        )
    )


def _on_one_line(sentences: str) -> str:
    return plain("; ".join(sentences.splitlines()))


def _syncs(fleet: Fleet, member: Instance) -> list[str]:
    lines = [line for one in member.syncs for line in sync_lines(one, member.time_zone)]
    return [plain(fleet.name(member)), *(f"  {line}" for line in lines)] if lines else []


def _totals(fleet: Fleet) -> str:
    verdicts = Counter(one.health.verdict for one in fleet.instances)
    standing = [
        f"{number} {word}"
        for number, word in (
            (len(fleet.unread), _NOT_READ),
            *((verdicts[verdict], word) for verdict, (word, _) in _VERDICTS.items()),
        )
        if number
    ]
    deliveries = [one.health.delivery for one in fleet.instances]
    alerts = sum(one.alerts for one in fleet.instances)
    waiting = counted(sum(one.waiting for one in deliveries), "message")
    dead = sum(one.dead for one in deliveries)
    refused = f", {dead} refused by Slack for good" if dead else ""
    return (
        f"{counted(len(fleet.members), 'database')}: {', '.join(standing)}. "
        f"At risk: {_stakes(fleet.amounts) or 'nothing'}. "
        f"{counted(alerts, 'open alert')}, {waiting} waiting{refused}."
    )
