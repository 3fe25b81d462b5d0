"""The dead man's ping over real sockets: asked once, followed nowhere, bounded, never raised."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from monitor.adapters.health.ping import Ping, failing
from monitor.clock import SystemClock
from tests.adapters.netsuite_account import PatientClock
from tests.adapters.switchboard import Asked, Switchboard, a_switchboard

SECRET_PATH = "/ping/5f0c9a7e-very-secret"


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with a_switchboard() as one:
        yield one


def a_ping(url: str) -> Ping:
    return Ping(url, SystemClock())


def test_a_good_cycle_asks_the_address_itself_and_a_bad_one_its_fail(board: Switchboard) -> None:
    ping = a_ping(board.url + SECRET_PATH)
    assert (ping.send(is_good=True), ping.send(is_good=False)) == ("", "")
    assert board.asked == [
        Asked("GET", SECRET_PATH, None),
        Asked("GET", f"{SECRET_PATH}/fail", None),
    ]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("https://hc.example/u", "https://hc.example/u/fail", id="behind the path"),
        pytest.param("https://hc.example/u/", "https://hc.example/u/fail", id="one slash only"),
        pytest.param("https://hc.example", "https://hc.example/fail", id="of a bare host"),
        pytest.param(
            "https://hc.example/u?rid=1&next=/a/",
            "https://hc.example/u/fail?rid=1&next=/a/",
            id="before the query, which stays as it is",
        ),
    ],
)
def test_the_address_of_a_bad_cycle(url: str, told: str) -> None:
    assert failing(url) == told


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (204, ""),
        (404, "The ping's address answered HTTP 404: check [health] ping_url"),
        (503, "The ping's address answered HTTP 503: check [health] ping_url"),
    ],
)
def test_an_answer_counts_as_taken_or_not(board: Switchboard, status: int, said: str) -> None:
    board.status, board.body = status, b""
    assert a_ping(board.url).send(is_good=True) == said
    assert len(board.asked) == 1, "it is asked once: the next cycle asks again"


def test_a_redirect_is_not_followed(board: Switchboard) -> None:
    board.status, board.headers = 302, {"Location": f"{board.url}/elsewhere"}
    said = a_ping(board.url + SECRET_PATH).send(is_good=True)
    assert said.startswith("The ping's address redirects (HTTP 302), which is not followed")
    assert board.paths == [SECRET_PATH]


def test_an_endless_answer_is_not_read_to_its_end(board: Switchboard) -> None:
    board.body = b"x" * 1_000_000
    said = a_ping(board.url).send(is_good=True)
    assert "in one answer: refused" in said


def test_one_who_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}{SECRET_PATH}"
        said = Ping(url, HastyClock()).send(is_good=True)
    assert "slow" in said or "no answer in time" in said


class HastyClock(PatientClock):
    """A clock on which every look costs two seconds, so that five are soon over."""

    def monotonic(self) -> float:
        super().sleep(2)
        return super().monotonic()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"http://127.0.0.1:1{SECRET_PATH}", id="nobody listens"),
        pytest.param(f"https://*.example{SECRET_PATH}", id="no name of a host"),
    ],
)
def test_what_fails_is_said_without_the_address(url: str) -> None:
    said = a_ping(url).send(is_good=True)
    assert said.startswith("The ping's address cannot be ")
    assert "[health]" in said
    assert "secret" not in said


def test_a_certificate_that_cannot_be_verified_is_refused(board: Switchboard) -> None:
    said = a_ping(board.url.replace("http:", "https:") + SECRET_PATH).send(is_good=True)
    assert said.startswith("The ping's address cannot be reached")
    assert board.asked == []
