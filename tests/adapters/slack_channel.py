"""Builders: a simulated Slack over real sockets, the ways to it, messages, and an outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from monitor.adapters.slack.bot import BotChannel
from monitor.adapters.slack.channel import Channel, Place
from monitor.adapters.slack.webhook import WebhookChannel
from monitor.adapters.store import Store
from monitor.cli.demo.clock import StoryClock
from monitor.core.alerts import Alert, AlertPolicy, Letter, Method, Outcome, Reason
from monitor.core.message import Message, ReportRow, Section, Tone
from monitor.delivery import DeliveryResult, deliver
from monitor.simulator import World, serve
from monitor.simulator.slack import Slack

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def a_message(headline: str = "1 report will fail", **changes: Any) -> Message:
    """A short message of every part."""
    return Message(
        **{
            "tone": Tone.AT_RISK,
            "headline": headline,
            "sections": (Section("What to do", ("Recode 1 line.",)),),
            "reports": (ReportRow("R-1 · dana@acme.example · USD 1.00"),),
            "footer": "Alert 1 · Acme US · Data as of 09:00 UTC",
            **changes,
        }
    )


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated Slack on the clock's time, and how it is reached."""

    slack: Slack
    clock: StoryClock
    api_url: str
    webhook_url: str

    @property
    def bot(self) -> BotChannel:
        return self.a_bot()

    def a_bot(self, *, token: str = "xoxb-simulated", channel: str = "") -> BotChannel:
        return BotChannel(token, channel or self.slack.channel, self.api_url)

    @property
    def webhook(self) -> WebhookChannel:
        return WebhookChannel(self.webhook_url)


@contextmanager
def a_slack() -> Iterator[Simulated]:
    """An empty channel, at nine o'clock."""
    clock = StoryClock(NINE)
    world = World(clock.now)
    with serve(world) as servers:
        yield Simulated(world.slack, clock, servers.slack_url, servers.webhook_url)


def texts_of(blocks: list[dict[str, Any]]) -> list[str]:
    """All words of some blocks, in their order."""
    texts = [part for block in blocks for part in block.get("elements", [block.get("text")])]
    return [text["text"] for text in texts if text]


class Killed(BaseException):
    """The process ends on the spot."""


@dataclass(frozen=True, slots=True)
class Fatal:
    """The real channel; the process is killed once Slack has taken the message."""

    bot: BotChannel
    can_edit: ClassVar[bool] = True

    def post(self, key: str, message: Message, **named: Any) -> Place:
        self.bot.post(key, message, **named)
        raise Killed

    def edit(self, place: Place, key: str, message: Message, **named: Any) -> None:
        self.bot.edit(place, key, message, **named)
        raise Killed

    def attach(self, parent: Place, message: Message, *, note: str = "") -> Place:
        self.bot.attach(parent, message, note=note)
        raise Killed

    def holds(self, place: Place) -> bool:
        return self.bot.holds(place)

    def find(self, key: str, **named: Any) -> Place | None:
        return self.bot.find(key, **named)

    def link(self, place: Place) -> str:
        return self.bot.link(place)


@dataclass(slots=True)
class Desk:
    """An outbox in a real database, and the Slack that its letters go to."""

    simulated: Simulated
    path: Path
    policy: AlertPolicy = field(default_factory=AlertPolicy)
    _promised: int = 0

    def promise(self, *letters: str, alert: int | None = 1) -> None:
        """A cycle promises letters, each as "reason method words": "broadcast" is a reply for
        everybody, "!" after the method makes it urgent.
        """
        with Store.open(self.path) as store, store.immediate():
            alerts = [] if alert is None else [Alert(alert, "P1", opened_at=NINE)]
            made = tuple(self._letter(letter, alert) for letter in letters)
            store.alerts.apply(Outcome(alerts=tuple(alerts), letters=made), self.now)

    def _letter(self, letter: str, alert: int | None) -> Letter:
        reason, method, *words = letter.split(maxsplit=2)
        self._promised += 1
        how = method.rstrip("!")
        return Letter(
            f"letter-{self._promised}",
            Reason[reason.upper()],
            Method("reply" if how == "broadcast" else how),
            alert,
            a_message(" ".join(words) or letter, footer=f"Alert {alert} · Acme US"),
            is_broadcast=how == "broadcast",
            is_urgent=method.endswith("!"),
        )

    @property
    def now(self) -> datetime:
        return self.simulated.clock.now()

    def passes(self, **span: float) -> Desk:
        self.simulated.clock.sleep(timedelta(**span).total_seconds())
        return self

    def deliver(self, channel: Channel | None = None) -> DeliveryResult:
        """One delivery, as a process of its own would do it."""
        with Store.open(self.path) as store:
            return deliver(store, channel or self.simulated.bot, self.simulated.clock, self.policy)

    def is_killed_while_sending(self) -> None:
        """A delivery that ends once Slack has taken its first letter."""
        with suppress(Killed):
            self.deliver(Fatal(self.simulated.bot))

    def channel(self) -> list[str]:
        """The headlines in the channel, replies indented."""
        slack = self.simulated.slack
        return [
            said
            for parent in slack.parents()
            for said in (
                headline_of(parent),
                *("  " + headline_of(reply) for reply in slack.replies(parent["ts"])),
            )
        ]

    def states(self) -> list[str]:
        """What became of each letter, in the order they were promised."""
        return [state for state, _ in self._outbox()]

    def errors(self) -> list[str]:
        """Why each letter is not sent; empty where it is."""
        return [error for _, error in self._outbox()]

    def _outbox(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute("select state, error from outbox order by id").fetchall()

    def due_in(self) -> list[timedelta]:
        """When the letters that wait are tried again."""
        with Store.open(self.path) as store:
            return [one.next_attempt_at - self.now for one in store.outbox.undelivered()]


def headline_of(message: dict[str, Any]) -> str:
    """The words behind the tone, with the note before them."""
    note, _, headline = message["text"].partition(f"{Tone.AT_RISK}: ")
    return (f"[{note.strip()}] " if note else "") + headline.splitlines()[0]


@contextmanager
def a_desk() -> Iterator[Desk]:
    """An empty outbox and an empty channel, at nine o'clock."""
    with a_slack() as simulated, TemporaryDirectory() as folder:
        yield Desk(simulated, Path(folder) / "monitor.db")
