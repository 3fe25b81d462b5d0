"""The one place where parts are made and joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from monitor.adapters.expensify import (
    Expensify,
    ExpensifyCredentials,
    ExpensifyOptions,
    Limiter,
)
from monitor.adapters.netsuite import (
    Credentials,
    NetSuite,
    NetSuiteOptions,
    OAuth2,
    TokenBased,
)
from monitor.adapters.slack.bot import BotChannel
from monitor.adapters.slack.calls import web_client
from monitor.adapters.slack.connection import address
from monitor.adapters.slack.socket_mode import Buttons, SocketOptions
from monitor.adapters.slack.webhook import WebhookChannel
from monitor.adapters.store import Store
from monitor.clock import Clock, Deadline, SystemClock, Waiting, unseen
from monitor.config.duration import format_duration
from monitor.config.settings import Settings
from monitor.core.message.thread import sample_message
from monitor.core.message.words import Voice
from monitor.cycle import CycleResult, run_cycle
from monitor.delivery import DeliveryResult, deliver, keep_to_itself
from monitor.errors import MonitorError
from monitor.judging import Parts
from monitor.lock import cycles_lock
from monitor.presses import Presses, forget_buttons
from monitor.pulse import Pulse
from monitor.secret import remember
from monitor.self_test import prove_channel

log = structlog.get_logger("monitor")


class App:
    """The program as one configuration makes it."""

    def __init__(self, settings: Settings, clock: Clock, waiting: Waiting = unseen) -> None:
        self.settings = settings
        self.clock = clock
        self.channel = _channel(settings)
        health = settings.health
        self.pulse = Pulse(settings.database, clock, health.ping_url, health.metrics)
        longest = settings.schedule.cycle_deadline
        said = f"[schedule] cycle_deadline ({format_duration(longest)})"
        self.deadline = Deadline(clock, longest, said, waiting)

    @classmethod
    def from_settings(cls, settings: Settings, waiting: Waiting = unseen) -> App:
        """The program on the machine's own clock."""
        return cls(settings, SystemClock(), waiting)

    def run_once(self) -> int:
        """One cycle and the delivery of what is due; the result is the exit code."""
        with cycles_lock(self.settings.database), self.sources() as (netsuite, expensify):
            result, delivery = self.cycle(netsuite, expensify)
        if result.failures:
            return result.exit_code
        return 4 if delivery.error else 0

    def refresh(self) -> CycleResult:
        """The cycle without its delivery: what it promises is sent by the next one."""
        with (
            cycles_lock(self.settings.database),
            self.sources() as (netsuite, expensify),
            Store.open(self.settings.database) as store,
            self.deadline.running(),
        ):
            return run_cycle(self.parts(netsuite, expensify), store)

    def cycle(self, netsuite: NetSuite, expensify: Expensify) -> tuple[CycleResult, DeliveryResult]:
        """One cycle, then what is due goes to Slack; how it ended is told to who watches us."""
        with self.pulse.of_a_cycle() as running:
            with Store.open(self.settings.database) as store:
                with self.deadline.running():
                    result = run_cycle(self.parts(netsuite, expensify), store)
                delivery = self._deliver(store)
                if self.settings.slack.app_token is None or self.settings.slack.token is None:
                    forget_buttons(store)
            running.went(has_read=not result.failures, is_told=not delivery.error)
        return result, delivery

    def try_buttons(self) -> None:
        """Ask Slack for a socket, and leave it unused; raises DeliveryError."""
        slack = self.settings.slack
        assert slack.app_token is not None  # asked only where there is one
        token = slack.app_token.reveal()
        address(web_client(token, slack.base_url), token, remember)

    def send_sample(self) -> str:
        """Post one marked sample; returns where. Raises DeliveryError."""
        now = self.clock.now()
        message = sample_message(self._voice(), now=now)
        self.channel.post(f"sample-{int(now.timestamp() * 1000)}", message)
        return self.channel.name

    def parts(self, netsuite: NetSuite, expensify: Expensify) -> Parts:
        """What a cycle works with."""
        account = self.settings.netsuite.account.lower().replace("_", "-")
        return Parts(
            netsuite=netsuite,
            expensify=expensify,
            clock=self.clock,
            workspaces=self.settings.workspaces,
            lists=self.settings.netsuite.kinds,
            witnesses=netsuite,
            netsuite_application=self.settings.expensify.netsuite_application,
            policy=self.settings.policy(),
            time_zone=self.settings.schedule.time_zone,
            netsuite_url=f"https://{account}.app.netsuite.com",
            settings=self.settings.public(),
        )

    @contextmanager
    def sources(self) -> Iterator[tuple[NetSuite, Expensify]]:
        """Both sources, signed in when first asked."""
        with self._netsuite() as netsuite, self._expensify() as expensify:
            yield netsuite, expensify

    def _deliver(self, store: Store) -> DeliveryResult:
        if self.settings.alerts.shadow:
            return keep_to_itself(store, self.clock)
        delivery = deliver(store, self.channel, self.clock, self.settings.policy())
        prove_channel(store, self.channel, self.clock, self._voice())
        return delivery

    def _voice(self) -> Voice:
        return Voice(zone=ZoneInfo(self.settings.schedule.time_zone))

    @contextmanager
    def buttons(self, explain: Callable[[str, datetime], str]) -> Iterator[None]:
        """The buttons in Slack, as long as the context; nothing where there is no socket.

        `explain` tells what is known of a risk, for who presses that button.
        """
        with self._socket(explain):
            # Only here does somebody answer who presses a button.
            has_buttons = self.settings.slack.app_token is not None
            self.channel = _channel(self.settings, has_buttons=has_buttons)
            yield

    def _socket(self, explain: Callable[[str, datetime], str]) -> AbstractContextManager[object]:
        slack = self.settings.slack
        if slack.app_token is None or slack.token is None:
            return nullcontext()
        every, database = self.settings.schedule.every, self.settings.database
        presses = Presses(database, self.clock, self._voice(), explain, every=every)
        options = SocketOptions(
            slack.app_token.reveal(), slack.token.reveal(), slack.channel, slack.base_url
        )
        return Buttons(options, presses.answer, presses.stands, remember_secret=remember)

    def _netsuite(self) -> NetSuite:
        settings = self.settings.netsuite
        options = NetSuiteOptions(
            account=settings.account,
            base_url=settings.base_url,
            page_size=settings.page_size,
            concurrency=settings.concurrency,
        )
        return NetSuite(
            options,
            _credentials(self.settings),
            self.clock,
            remember_secret=remember,
            cycle=self.deadline,
        )

    def _expensify(self) -> Expensify:
        settings = self.settings.expensify
        user_id = settings.partner_user_id.reveal()
        user_secret = settings.partner_user_secret.reveal()
        return Expensify(
            ExpensifyOptions(
                base_url=settings.base_url,
                pending_since=settings.pending_since,
                # The rest of the cycle is NetSuite's: one source that is slow must not cost both.
                export_deadline=min(
                    timedelta(minutes=8), self.settings.schedule.cycle_deadline * 2 / 3
                ),
            ),
            ExpensifyCredentials(user_id, user_secret),
            self.clock,
            Limiter(self._folder(), user_id, user_secret, self.clock, self.deadline),
            self.deadline,
        )

    def _folder(self) -> Path:
        """Where the database itself lies: a link to it has no rate limits of its own."""
        return self.settings.database.resolve().parent


def refresh(settings: Settings, waiting: Waiting = unseen) -> None:
    """The reading part of a cycle, for `monitor diff --refresh`; raises MonitorError."""
    result = App.from_settings(settings, waiting).refresh()
    if result.failures:
        raise MonitorError("\n".join(result.failures))


def _channel(settings: Settings, *, has_buttons: bool = False) -> BotChannel | WebhookChannel:
    slack = settings.slack
    if slack.webhook_url is not None:
        return WebhookChannel(slack.webhook_url.reveal(), mentions=settings.alerts.mentions)
    assert slack.token is not None  # one of the two: the configuration is checked for it
    return BotChannel(
        slack.token.reveal(),
        slack.channel,
        slack.base_url,
        mentions=settings.alerts.mentions,
        has_buttons=has_buttons,
    )


def _credentials(settings: Settings) -> Credentials:
    auth = settings.netsuite.auth
    if auth.method == "oauth2":
        return OAuth2(auth.client_id.reveal(), auth.certificate_id, auth.private_key.reveal())
    return TokenBased(
        auth.consumer_key.reveal(),
        auth.consumer_secret.reveal(),
        auth.token_id.reveal(),
        auth.token_secret.reveal(),
    )
