"""One way to ask a service: what is tried again, how long is waited, and that it always ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.http import Answer, Http, Passing, Request
from monitor.clock import Clock, Deadline
from monitor.errors import SourceError, Stopped
from tests.adapters.netsuite_account import Account, PatientClock, an_account

_PATH = "/services/rest/query/v1/suiteql"


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


class HastyClock(PatientClock):
    """A clock on which every look costs a second."""

    def monotonic(self) -> float:
        super().sleep(1)
        return super().monotonic()


class EndingClock(PatientClock):
    """A clock in a program that was asked to end."""

    def sleep(self, seconds: float) -> None:
        raise Stopped("stopped while waiting")


def an_http(clock: Clock, **options: Any) -> Http:
    return Http("netsuite", clock, **options)


def a_request(account: Account, **fields: Any) -> Request:
    return Request(account.url + _PATH, json={"q": "SELECT 1"}, **fields)


def test_what_is_understood_is_the_result(account: Account) -> None:
    account.faults.next("says", detail='{"hello": "world"}')
    http = an_http(account.clock)
    assert http.ask(a_request(account), Answer.document) == {"hello": "world"}
    assert account.clock.sleeps == []


def test_a_passing_failure_is_tried_four_times_with_growing_waits_and_then_told(
    account: Account,
) -> None:
    http = an_http(account.clock)

    def busy(answer: Answer) -> None:
        raise http.passing("busy", answer)

    with pytest.raises(Passing, match="busy"):
        http.ask(a_request(account), busy)
    assert len(account.asked) == 4
    assert all(wait <= most for wait, most in zip(account.clock.sleeps, (0.5, 1, 2), strict=True))


def test_the_waits_differ_so_that_many_clients_do_not_come_back_together(
    account: Account,
) -> None:
    http = an_http(account.clock, attempts=8)

    def busy(answer: Answer) -> None:
        raise http.passing("busy", answer)

    with pytest.raises(Passing):
        http.ask(a_request(account), busy)
    assert len(set(account.clock.sleeps)) == 7
    assert max(account.clock.sleeps) <= 20


def test_a_final_failure_is_asked_once(account: Account) -> None:
    http = an_http(account.clock)

    def refused(answer: Answer) -> None:
        raise http.final("no", is_permanent=True)

    with pytest.raises(SourceError) as refusal:
        http.ask(a_request(account), refused)
    assert (str(refusal.value), refusal.value.source) == ("no", "netsuite")
    assert refusal.value.is_permanent
    assert len(account.asked) == 1


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        pytest.param("7", [7.0], id="seconds are waited"),
        pytest.param("600", [60.0], id="more than a minute is a minute"),
        pytest.param("0", [0.0], id="none is none"),
        pytest.param("9" * 12, None, id="an absurd number is ignored"),
        pytest.param("²", None, id="a digit that is no number is ignored"),
        pytest.param("Tue, 24 Nov 2026 09:00:00 GMT", None, id="a date is ignored"),
    ],
)
def test_what_the_service_asks_us_to_wait_is_honoured(
    account: Account, asked: str, waits: list[float] | None
) -> None:
    http = an_http(account.clock)
    answers = iter((Answer(429, {"retry-after": asked}, b""), Answer(200, {}, b"")))

    def understood(_: Answer) -> int:
        answer = next(answers)
        if answer.status == 429:
            raise http.passing("busy", answer)
        return answer.status

    assert http.ask(a_request(account), understood) == 200
    if waits is None:
        assert len(account.clock.sleeps) == 1 and account.clock.sleeps[0] <= 0.5
    else:
        assert account.clock.sleeps == waits


_TOO_LONG = "NetSuite was not read to its end, as the cycle took longer than the limit: "


def test_a_wait_that_would_outlast_the_cycle_is_not_begun(account: Account) -> None:
    cycle = Deadline(account.clock, timedelta(seconds=100), "the limit")
    http = an_http(account.clock, cycle=cycle)
    account.faults.always("503", detail="60")

    def busy(answer: Answer) -> None:
        raise http.passing("busy", answer)

    with pytest.raises(SourceError) as failure, cycle.running():
        http.ask(a_request(account), busy)
    assert (str(failure.value), failure.value.source) == (f"{_TOO_LONG}busy", "netsuite")
    assert account.clock.sleeps == [60.0]
    # Outside of a cycle there is no end.
    with pytest.raises(Passing):
        http.ask(a_request(account), busy)
    assert account.clock.sleeps == [60.0] * 4


def test_nothing_is_asked_once_the_cycle_is_over(account: Account) -> None:
    cycle = Deadline(account.clock, timedelta(seconds=100), "the limit")
    with cycle.running(), pytest.raises(SourceError) as failure:
        account.clock.sleep(100)
        an_http(account.clock, cycle=cycle).once(a_request(account))
    assert str(failure.value) == f"{_TOO_LONG}more was to be asked"
    assert account.asked == []


def test_an_attempt_ends_with_the_cycle_and_is_the_last_one() -> None:
    clock = HastyClock()
    with an_account(clock) as account:
        account.faults.always("says dripping", detail="x" * 600)
        cycle = Deadline(clock, timedelta(seconds=20), "the limit")
        with cycle.running(), pytest.raises(SourceError) as failure:
            an_http(clock, cycle=cycle, attempts=1).ask(a_request(account), Answer.document)
    assert str(failure.value) == (
        f"{_TOO_LONG}NetSuite answers too slowly: the answer was given up"
    )


def test_a_program_that_is_asked_to_end_does_not_wait(account: Account) -> None:
    http = an_http(EndingClock())
    account.faults.always("drop")
    with pytest.raises(Stopped):
        http.ask(a_request(account), Answer.document)
    assert len(account.asked) == 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        pytest.param("drop", "no connection", id="a dropped connection"),
        pytest.param("cut", "the answer was cut off", id="a body that ends early"),
        pytest.param("silent", "no answer in time", id="a service that says nothing"),
    ],
)
def test_a_broken_answer_is_told_in_our_words_and_may_pass(
    account: Account, fault: str, why: str
) -> None:
    account.faults.always(fault)
    http = an_http(account.clock, deadline=timedelta(milliseconds=300))
    with pytest.raises(Passing) as failure:
        http.once(a_request(account, params={"limit": "1000"}))
    assert str(failure.value) == (
        f"NetSuite cannot be reached ({why}): check the network and [netsuite]"
    )


def test_a_service_that_is_not_there_is_told_without_its_address(account: Account) -> None:
    with pytest.raises(Passing) as failure:
        an_http(account.clock).once(Request("http://127.0.0.1:9/secret-path"))
    assert str(failure.value) == (
        "NetSuite cannot be reached (no connection): check the network and [netsuite]"
    )


@pytest.mark.parametrize("how", ["dripping head", "says dripping", "redirect dripping"])
def test_an_answer_that_drips_ends_at_the_deadline(how: str) -> None:
    clock = HastyClock()
    with an_account(clock) as account:
        account.faults.always(how, detail="x" * 600)
        http = an_http(clock, deadline=timedelta(seconds=20))
        with pytest.raises(Passing, match="NetSuite answers too slowly: the answer was given up"):
            http.once(a_request(account))


def test_a_body_that_drips_packed_ends_at_the_deadline_although_nothing_can_be_unpacked() -> None:
    clock = HastyClock()
    with an_account(clock) as account:
        account.faults.always("says packed, dripping", detail="x" * 600)
        http = an_http(clock, deadline=timedelta(seconds=5))
        with pytest.raises(Passing, match="answers too slowly"):
            http.once(a_request(account))


@pytest.mark.parametrize(
    "how", ["says", "says packed", "says packed, in two", "says chunked", "says dripping"]
)
def test_a_body_arrives_whole_however_it_is_sent(account: Account, how: str) -> None:
    words = "row " * 60
    account.faults.next(how, detail=words)
    assert an_http(account.clock).once(a_request(account)).text == words


def test_a_slow_answer_within_the_deadline_arrives_whole(account: Account) -> None:
    account.faults.next("dripping head", detail="x" * 60)
    assert an_http(account.clock).once(a_request(account)).headers["x-words"] == "x" * 60


def test_one_connection_serves_question_after_question(account: Account) -> None:
    account.faults.always("peer")
    http = an_http(account.clock)
    peers = {http.once(a_request(account)).text for _ in range(3)}
    assert len(peers) == 1


@pytest.mark.parametrize(
    ("how", "words"),
    [
        pytest.param("says packed, torn", "was cut off", id="half of a packed body was cut off"),
        pytest.param("says falsely packed", "cannot be unpacked", id="what is not packed is told"),
    ],
)
def test_a_packed_body_that_is_broken_may_pass(account: Account, how: str, words: str) -> None:
    account.faults.next(how, detail="row " * 60)
    with pytest.raises(Passing, match=f"NetSuite's answer {words}"):
        an_http(account.clock).once(a_request(account))


@pytest.mark.parametrize("how", ["says", "says packed", "redirect saying"])
def test_an_answer_without_end_is_refused(account: Account, how: str) -> None:
    account.faults.next(how, detail="0" * (3 << 20))
    http = an_http(account.clock, largest_bytes=2 << 20)
    with pytest.raises(SourceError, match="NetSuite sent more than 2 MB in one answer: refused"):
        http.once(a_request(account))


def test_only_the_packing_that_can_be_undone_is_asked_for(account: Account) -> None:
    account.faults.next("echo")
    answer = an_http(account.clock).once(a_request(account))
    assert json.loads(answer.body)["Accept-Encoding"] == "gzip"


def test_a_redirect_is_an_answer_and_is_not_followed(account: Account) -> None:
    account.faults.next("redirect", detail="/elsewhere")
    answer = an_http(account.clock).once(a_request(account))
    assert (answer.status, answer.headers["location"]) == (302, "/elsewhere")
    assert len(account.asked) == 1


def test_every_attempt_is_signed_anew(account: Account) -> None:
    signatures: list[int] = []

    class Counted:
        def __call__(self, request: Any) -> Any:
            signatures.append(len(signatures))
            return request

    account.faults.next("drop", times=2)
    http = an_http(account.clock)
    http.ask(a_request(account, auth=Counted()), lambda answer: answer.status)
    assert signatures == [0, 1, 2]


def test_a_netrc_file_of_the_user_is_never_sent(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login dana password hers\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    account.faults.next("echo")
    answer = an_http(account.clock).once(a_request(account))
    assert "Authorization" not in json.loads(answer.body)


@pytest.mark.parametrize(
    ("date", "hint"),
    [
        pytest.param("Tue, 24 Nov 2026 08:00:30 GMT", "", id="half a minute is no matter"),
        pytest.param(
            "Tue, 24 Nov 2026 08:10:00 GMT",
            "; this machine's clock is 600 s off NetSuite's, which can cause it",
            id="ten minutes are",
        ),
        pytest.param(
            "Tue, 24 Nov 2026 08:10:00 -0000",
            "; this machine's clock is 600 s off NetSuite's, which can cause it",
            id="a date without a zone is UTC",
        ),
        pytest.param("yesterday", "", id="a date that is none says nothing"),
        pytest.param("", "", id="no date says nothing"),
    ],
)
def test_a_refusal_says_when_the_clocks_differ(date: str, hint: str) -> None:
    answer = Answer(401, {"date": date} if date else {}, b"")
    assert an_http(PatientClock()).clock_hint(answer) == hint


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_says_so_by_one_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Answer(200, {}, body).document()


@pytest.mark.parametrize(
    ("body", "is_html"), [(b"\n <!DOCTYPE html>", True), (b'{"a": "<b>"}', False), (b"", False)]
)
def test_a_web_page_is_known_by_its_first_sign(body: bytes, is_html: bool) -> None:
    assert Answer(200, {}, body).is_html is is_html
