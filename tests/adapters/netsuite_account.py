"""A simulated NetSuite account on loopback, and the monitor's own NetSuite made for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from monitor.adapters.http import Http
from monitor.adapters.netsuite import Credentials, NetSuite, NetSuiteOptions, OAuth2, TokenBased
from monitor.adapters.netsuite.auth import SignedRequest
from monitor.adapters.netsuite.lanes import Lanes
from monitor.adapters.netsuite.suiteql import SuiteQL
from monitor.cli.demo.clock import StoryClock
from monitor.core.records import ListReading, Record
from monitor.simulator import World
from monitor.simulator.netsuite.page import NetSuitePage

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CERTIFICATE = "certificate-1"
CLIENT = "client-1"
REALM = "1234567_SB1"
TBA = TokenBased("consumer-1", "consumer-secret", "token-1", "token-secret")

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class PatientClock(StoryClock):
    """A clock whose waits take no time; it remembers how long each would have been."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)
        self.sleeps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        super().sleep(seconds)


@dataclass(slots=True)
class Kept:
    """A sink that keeps every record of the last reading."""

    records: list[Record] = field(default_factory=list)
    restarts: int = 0

    def restart(self) -> None:
        self.records.clear()
        self.restarts += 1

    def add(self, records: Sequence[Record]) -> None:
        self.records += records


def a_key(curve: str = "secp256r1") -> PrivateKey:
    """An EC key of the curve, or an RSA key of "3072" bits; always the same one."""
    return _made_once(curve)


@cache
def _made_once(curve: str) -> PrivateKey:
    if curve.isdecimal():
        return rsa.generate_private_key(65537, int(curve))
    curves = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP256K1)
    return ec.generate_private_key({one.name: one for one in curves}[curve]())


def private_pem(key: PrivateKey) -> str:
    """The key as the monitor is given it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key: PrivateKey) -> str:
    """The key as NetSuite is given it."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class Account:
    """One simulated account and the clock that both sides share."""

    def __init__(self, world: World, clock: PatientClock, url: str) -> None:
        self.world = world
        self.clock = clock
        self.url = url
        self.tables = world.netsuite.tables
        self.suiteql = world.netsuite.suiteql
        self.sign_in = world.netsuite.sign_in
        self.faults = world.netsuite.faults
        self.remembered: list[str] = []

    @property
    def asked(self) -> list[tuple[str, int]]:
        """Every query with the status of its answer (0 = no whole answer), tokens left out."""
        return [one for one in self.world.netsuite.requests if one[0] != "token"]

    @property
    def tokens_given(self) -> int:
        return self.world.netsuite.requests.count(("token", 200))

    def oauth2(self, key: PrivateKey | None = None) -> OAuth2:
        """Credentials whose certificate the account knows."""
        key = key or a_key()
        self.sign_in.certificates[CERTIFICATE] = public_pem(key)
        return OAuth2(CLIENT, CERTIFICATE, private_pem(key))

    def netsuite(self, credentials: Credentials | None = None, **options: Any) -> NetSuite:
        """The monitor's view of this account."""
        return NetSuite(
            NetSuiteOptions(**{"account": "1234567-sb1", "base_url": self.url, **options}),
            credentials or self.oauth2(),
            self.clock,
            remember_secret=self.remembered.append,
        )

    def asker(self, *, page_size: int = 1000, in_flight: int = 1) -> SuiteQL:
        """SuiteQL alone, signed in with tokens."""
        return SuiteQL(
            self.url,
            Http("netsuite", self.clock),
            SignedRequest(TBA, REALM, self.clock),
            page_size=page_size,
            lanes=Lanes(in_flight, self.clock),
        )

    def read(self, kind: str, **options: Any) -> tuple[ListReading, list[Record]]:
        """One list, read by a fresh program."""
        kept = Kept()
        with self.netsuite(**options) as netsuite:
            return netsuite.read(kind, kept), kept.records


@contextmanager
def an_account(clock: PatientClock | None = None) -> Iterator[Account]:
    """An empty account that knows both ways of signing in."""
    clock = clock or PatientClock()
    world = World(clock.now)
    sign_in = world.netsuite.sign_in
    sign_in.client_id = CLIENT
    sign_in.realm = REALM
    sign_in.consumer = (TBA.consumer_key, TBA.consumer_secret)
    sign_in.token = (TBA.token_id, TBA.token_secret)
    page = type("_Page", (NetSuitePage,), {"netsuite": world.netsuite})
    with _Server(("127.0.0.1", 0), page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.001})
        thread.start()
        try:
            yield Account(world, clock, f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """NetSuite alone, gone as soon as a test is: the three of the simulator take longer to end."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""
