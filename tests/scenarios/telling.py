"""Sentences about an alert's life: what people do at a time of day, and what Slack shows then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from monitor.cli.demo.clock import StoryClock
from monitor.cli.demo.folder import prepare
from monitor.controls import acknowledge, lift, silence, snooze
from monitor.core.alerts import Matcher, Overlay
from monitor.core.message import Tone
from monitor.core.sync import Bound, Evidence, Source
from monitor.simulator import World, serve
from monitor.simulator.sample import US, acme
from tests.scenarios.story import DAY, Story

_CLASSES = {
    "11": "Sales : Field Sales",
    "12": "Sales : Marketing",
    "13": "Sales : Marketing : Events",
    "21": "Engineering : Platform",
    "22": "Engineering : Mobile",
}
_SHOWS = {
    "opened": ("post", Tone.AT_RISK),
    "edited": ("edit", Tone.AT_RISK),
    "listed": ("reply", Tone.AT_RISK),
    "green": ("edit", Tone.RESOLVED),
    "worse": ("reply", Tone.WORSE),
    "failed_for_real": ("reply", Tone.FAILED),
    "blind": ("reply", Tone.BLIND),
    "blind_alone": ("post", Tone.BLIND),
    "blind_edit": ("edit", Tone.BLIND),
    "uncertain": ("reply", Tone.BLIND),
    "sighted": ("reply", Tone.SIGHTED),
    "sighted_alone": ("edit", Tone.SIGHTED),
    "resolved": ("reply", Tone.RESOLVED),
    "reopened": ("reply", Tone.REOPENED),
    "reminder": ("reply", Tone.REMINDER),
    "digest": ("post", Tone.DIGEST),
    "digest_tested": ("edit", Tone.DIGEST),
}
"""What a person who looks at the channel sees appear or change; "LOUD worse" is also broadcast."""


class JumpingClock(StoryClock):
    """A clock that somebody may also set back; the time that passes goes on all the same."""

    _back = timedelta()
    _in_next_wait = timedelta()

    def jump_back(self, span: timedelta) -> None:
        self._now -= span
        self._back += span

    def jump_in_next_wait(self, span: timedelta) -> None:
        """Forward, or back, while somebody sleeps."""
        self._in_next_wait = span

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        span, self._in_next_wait = self._in_next_wait, timedelta()
        self.jump_back(-span)

    def monotonic(self) -> float:
        return super().monotonic() + self._back.total_seconds()


class Tale(Story):
    """A story whose every look is a process of its own, held against what Slack really shows."""

    clock: JumpingClock
    zone: ZoneInfo = ZoneInfo("UTC")
    day: datetime = DAY
    fresh: tuple[dict[str, Any], ...] = ()
    """The messages that the last look posted or edited."""
    posted: frozenset[str] = frozenset()
    """Those that it posted, by their ts."""

    def at(self, time: str, *, days: int = 0) -> Self:
        """Move on to a time of the zone's day, so many days after the first."""
        hour, minute = map(int, time.split(":"))
        local = self.day.replace(hour=hour, minute=minute, tzinfo=self.zone)
        self.clock.move_to(local + timedelta(days=days))
        return self

    def configure(self, *lines: str) -> Self:
        """The operator writes this under [alerts]."""
        text = self.config.read_text().partition("\n[alerts]\n")[0]
        self.config.write_text("\n".join([text, "[alerts]", *lines, ""]))
        return self

    def look(self) -> Self:
        """One cycle and its delivery."""
        before = {one["ts"]: one["edits"] for one in self.world.slack.messages}
        self.cycle()
        self.fresh = tuple(
            one for one in self.world.slack.messages if before.get(one["ts"]) != one["edits"]
        )
        self.posted = frozenset(one["ts"] for one in self.fresh if one["ts"] not in before)
        return self

    def expect(self, *shown: str, says: str = "", reports: int | None = None) -> Self:
        """A look after which Slack shows just this that is new, in these words."""
        self.look()
        expected = Counter(
            ("broadcast" if word.startswith("LOUD ") else how, tone.value)
            for word in shown
            for how, tone in [_SHOWS[word.removeprefix("LOUD ")]]
        )
        texts = "\n".join(one["text"] for one in self.fresh)
        assert Counter(map(self._seen, self.fresh)) == expected, texts
        assert says in texts, texts
        if reports is not None:
            assert texts.partition("Report ids: ")[2].split("\n")[0].count("R-") == reports, texts
        return self

    def expect_nothing(self) -> Self:
        return self.expect()

    def _seen(self, one: dict[str, Any]) -> tuple[str, str]:
        how = "reply" if one.get("thread_ts") else "post"
        how = "broadcast" if one.get("reply_broadcast") else how
        return how if one["ts"] in self.posted else "edit", one["text"].partition(":")[0]

    def inactivate(self, record: str) -> Self:
        self.tables.inactivate(*record.split(":"))
        return self

    def reactivate(self, record: str) -> Self:
        self.tables.reactivate(*record.split(":"))
        return self

    def rename(self, record: str, name: str) -> Self:
        kind, record_id = record.split(":")
        self.tables.rename(kind, record_id, name)
        return self

    def scope(self, record: str, *subsidiaries: int) -> Self:
        """Only these subsidiaries may use the record."""
        kind, record_id = record.split(":")
        self.tables.set_subsidiaries(kind, record_id, subsidiaries)
        return self

    def sync(self, policy_id: str = US) -> Self:
        self.world.sync(policy_id)
        return self

    def is_told_of_the_sync(self, policy_id: str = US) -> Self:
        """Somebody tells the monitor that the workspace has synced just now."""
        now = self.clock.now()
        with self.store() as store, store.immediate():
            store.evidence.add([Evidence(policy_id, Bound.EXACT, now, Source.OPERATOR, now)])
        return self

    def recode(self, *report_ids: str, to: str = "11") -> Self:
        """The reports' lines get the class."""
        for report_id in report_ids:
            for path in _CLASSES.values():
                self.office.recode(report_id, path, _CLASSES[to])
        return self

    def submit(self, report_id: str) -> Self:
        self.office.move_on(report_id, "SUBMITTED")
        return self

    def approve(self, *report_ids: str) -> Self:
        for report_id in report_ids:
            self.office.move_on(report_id, "APPROVED")
        return self

    def send_back(self, *report_ids: str) -> Self:
        """The reports are drafts again."""
        for report_id in report_ids:
            self.office.reports[report_id] |= {"status": "OPEN", "submitted": "", "approved": ""}
        return self

    def delete_report(self, report_id: str) -> Self:
        del self.office.reports[report_id]
        return self

    def spend(self, report_id: str, class_id: str = "12", state: str = "APPROVED") -> Self:
        """Somebody has one more report."""
        self.office.add_report(
            report_id,
            US,
            tags=[(_CLASSES[class_id], "")],
            submitter="ines.costa@acme.example",
            state=state,
            total=1_000,
            currency="USD",
            name="Ines's expenses",
            customField={"Department": "Commercial"},
        )
        return self

    def export(self, *report_ids: str) -> Self:
        """NetSuite takes the reports, by its own rules."""
        return self.fail(*report_ids, code="")

    def fail(self, *report_ids: str, code: str = "NS0831") -> Self:
        """Expensify tries to export the reports, and NetSuite refuses them by its own rules."""
        self.clock.sleep(1)
        assert {self.world.export(one) for one in report_ids} == {code}
        return self

    def is_taken(self, report_id: str, *, by_hand: bool = False) -> Self:
        """The report counts as exported, against all that the monitor knows."""
        self.clock.sleep(1)
        self.office.add_action(
            report_id, "EXPORTINTEGRATION", label="NetSuite", markedManually=by_hand
        )
        return self

    def blind(self, source: str, fault: str = "500") -> Self:
        """The source answers like this until `sight`."""
        getattr(self.world, source).faults.always(fault)
        return self

    def sight(self) -> Self:
        self.world.netsuite.faults.clear()
        self.world.expensify.faults.clear()
        return self

    def slack_is(self, fault: str) -> Self:
        """Slack answers posts and edits like this until `slack_is("")`."""
        self.world.slack.faults.clear()
        if fault:
            self.world.slack.faults.always(fault, match="chat.")
        return self

    def ack(self, target: str = "1", hours: int = 24) -> Self:
        with self.store() as store:
            acknowledge(store, target, **self._said, for_=timedelta(hours=hours))
        return self

    def snooze(self, target: str = "1", hours: int | None = 24, until_worse: bool = False) -> Self:
        span = None if hours is None else timedelta(hours=hours)
        with self.store() as store:
            snooze(store, target, **self._said, for_=span, until_worse=until_worse)
        return self

    def silence(self, kind: str = "class", pattern: str = "", hours: int = 24) -> Self:
        with self.store() as store:
            silence(store, Matcher(kind, pattern), **self._said, for_=timedelta(hours=hours))
        return self

    def lift_all(self) -> Self:
        """Whatever is laid over alerts is lifted."""
        with self.store() as store:
            for one in self.overlays():
                lift(store, one.overlay_id, self.clock.now())
        return self

    def overlays(self) -> tuple[Overlay, ...]:
        """What is laid over alerts now."""
        with self.store() as store:
            return tuple(store.overlays.active(self.clock.now()))

    @property
    def _said(self) -> dict[str, Any]:
        return {"author": "Dana Lee", "reason": "on it", "now": self.clock.now()}


@contextmanager
def a_tale(
    folder: Path, *lines: str, day: datetime = DAY, zone: str = "UTC", start: str = "08:00"
) -> Iterator[Tale]:
    """Acme on a day: both workspaces have just synced, and a first quiet look was taken.

    `lines` stand under [alerts]; times of day are those of the zone, which is also the people's.
    """
    hour, minute = map(int, start.split(":"))
    local = ZoneInfo(zone)
    clock = JumpingClock(day.replace(hour=hour, minute=minute, tzinfo=local))
    world = acme(World(clock.now))
    with serve(world) as servers:
        config = prepare(folder / "acme", world, servers)
        config.write_text(config.read_text().replace('= "UTC"', f'= "{zone}"'))
        tale = Tale(world, clock, config)
        tale.zone, tale.day = local, day
        yield tale.configure(*lines).look()
