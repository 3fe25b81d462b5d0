"""Nobody is talked to whose certificate cannot be verified, and nobody is followed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.health.ping import Ping
from monitor.adapters.http import Http, Request
from monitor.adapters.slack.bot import BotChannel
from monitor.adapters.slack.calls import web_client
from monitor.adapters.slack.connection import Connection
from monitor.adapters.slack.webhook import WebhookChannel
from monitor.config.fields import https_address
from monitor.errors import DeliveryError, SourceError
from tests.adapters.netsuite_account import PatientClock
from tests.adapters.slack_channel import a_message
from tests.adapters.switchboard import a_switchboard
from tests.faults.rogue import a_certificate, a_rogue

_PACKAGE = Path(__file__).parents[2] / "monitor"
_REFUSED = re.compile("certificate|SSLCertVerificationError")


def ask_source(url: str) -> str:
    try:
        return Http("netsuite", PatientClock()).once(Request(url)).text
    except SourceError as refused:
        return str(refused)


def ping(url: str) -> str:
    return Ping(url, PatientClock()).send(is_good=True)


def ask_slack(url: str) -> str:
    return _told(BotChannel("xoxb-x", "C0123456", f"{url}/api/").examine)


def post_to_webhook(url: str) -> str:
    return _told(lambda: WebhookChannel(url).post("k", a_message()))


def upload(url: str) -> str:
    client = web_client("xoxb-x", f"{url}/api/")
    return _told(lambda: client._upload_file(url=f"{url}/up", data=b"x", timeout=30))


CLIENTS = [
    pytest.param(ask_source, id="NetSuite and Expensify"),
    pytest.param(ping, id="the ping"),
    pytest.param(ask_slack, id="Slack"),
    pytest.param(post_to_webhook, id="a webhook"),
    pytest.param(upload, id="a file for Slack"),
]
Ask = Callable[[str], str]


@pytest.mark.parametrize("ask", CLIENTS)
def test_a_certificate_that_nobody_signed_is_refused(ask: Ask, tmp_path: Path) -> None:
    with a_rogue("fine", a_certificate(tmp_path)) as url:
        said = ask(url)
    assert _REFUSED.search(said), said


@pytest.mark.parametrize("ask", CLIENTS)
def test_an_authority_that_the_operator_names_is_believed(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = a_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with a_rogue("fine", certificate) as url:
        said = ask(url)
    assert not _REFUSED.search(said), said


def test_the_socket_of_the_buttons_verifies_whom_it_reaches_also_through_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = web_client("xoxb-x", "https://slack.com/api/")
    with a_rogue("fine", a_certificate(tmp_path), is_proxy=True) as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        connection = Connection(client, Nobody(), ping_every=30)
        with pytest.raises(DeliveryError) as refused:
            connection.open("wss://wss-primary.slack.com/link/?ticket=x")
        connection.close()
    assert _REFUSED.search(str(refused.value)), str(refused.value)


class Nobody:
    """Listens to a connection that never stands."""

    def greeted(self, connection: Connection, app: str) -> None: ...

    def received(self, connection: Connection, request: Any) -> None: ...

    def over(self, connection: Connection) -> None: ...


@pytest.mark.parametrize("ask", CLIENTS)
def test_nobody_is_followed_to_another_address(ask: Ask) -> None:
    with a_switchboard() as elsewhere, a_switchboard() as board:
        board.status, board.headers = 307, {"Location": f"{elsewhere.url}/stolen"}
        ask(board.url)
        assert len(board.asked) == 1
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    "address",
    ["http://netsuite.example", "http://10.0.0.1", "http://127.0.0.1.evil.example", "ftp://x"],
)
def test_an_address_that_is_not_encrypted_is_refused_beyond_this_machine(address: str) -> None:
    with pytest.raises(ValueError, match="write"):
        https_address(address)


def test_verification_is_switched_off_nowhere() -> None:
    off = re.compile(r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False|unverified_context")
    assert [path.name for path in _PACKAGE.rglob("*.py") if off.search(path.read_text())] == []


def _told(ask: Callable[[], object]) -> str:
    try:
        return str(ask())
    except DeliveryError as refused:
        return str(refused)


@pytest.mark.parametrize("ask", CLIENTS)
def test_the_proxy_that_the_environment_names_is_obeyed(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_switchboard() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        ask("http://somewhere.invalid")
        assert [path.startswith("http://somewhere.invalid") for path in proxy.paths] == [True]
