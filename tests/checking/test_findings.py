"""An error becomes a finding that says what to do; two clocks are held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.checking.findings import Finding, State, bad, clock, failed, fine, tried
from monitor.errors import DeliveryError, MonitorError, SourceError, StoreError

AGAIN = "try again in a few minutes; should it stay, ask the service's status page"
NAMED = "correct what is named, then run `monitor check` again"
NTP = (
    "let this machine keep time by NTP (`timedatectl set-ntp true`); where both services agree, "
    "it is this machine that is wrong"
)


def a_failure(sentence: str, *, is_permanent: bool) -> SourceError:
    return SourceError(sentence, source="netsuite", is_permanent=is_permanent)


@pytest.mark.parametrize(
    ("error", "what", "do"),
    [
        pytest.param(
            a_failure("NetSuite refused (401): check [netsuite.auth]", is_permanent=True),
            "NetSuite refused (401)",
            "check [netsuite.auth]",
            id="the end of a sentence is what to do",
        ),
        pytest.param(
            DeliveryError("Slack refused (x): the token is wrong: put it there", code="x"),
            "Slack refused (x): the token is wrong",
            "put it there",
            id="only the last of two parts is",
        ),
        pytest.param(
            a_failure("NetSuite is failing (500): An unexpected error", is_permanent=False),
            "NetSuite is failing (500): An unexpected error",
            AGAIN,
            id="a service's own words are not: it may pass",
        ),
        pytest.param(
            a_failure("NetSuite refused a query: checking failed", is_permanent=True),
            "NetSuite refused a query: checking failed",
            NAMED,
            id="nor is a word that only begins like one, and it will not pass",
        ),
        pytest.param(
            StoreError("check the disk"), "check the disk", NAMED, id="a sentence of one part"
        ),
    ],
)
def test_an_error_is_told_as_what_failed_and_what_to_do(
    error: MonitorError, what: str, do: str
) -> None:
    assert failed("there", error) == bad("there", what, do)


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        pytest.param(60, "this machine's clock is 60 s ahead of Slack's, which", id="ahead"),
        pytest.param(-90, "this machine's clock is 90 s behind Slack's, which", id="behind"),
        pytest.param(
            -7260, "this machine's clock is 2 h 1 min behind Slack's, which", id="far behind"
        ),
    ],
)
def test_a_clock_that_is_off_is_told_with_its_direction(ahead: int, sentence: str) -> None:
    (found,) = clock("Slack", timedelta(seconds=ahead), otherwise=", which")
    assert found == Finding(State.NOTE, "Slack clock", sentence, NTP)


def test_less_than_a_minute_is_no_matter_and_a_service_without_a_clock_is_not_spoken_of() -> None:
    agrees = fine("Slack clock", "agrees with this machine's to the minute")
    assert [*clock("Slack", timedelta(seconds=59)), *clock("Slack", timedelta(seconds=-59))] == [
        agrees,
        agrees,
    ]
    assert list(clock("Slack", None)) == []


def test_what_the_machine_refuses_is_told_with_what_it_was_about() -> None:
    def findings() -> Iterator[Finding]:
        yield fine("database", "there")
        raise PermissionError(13, "Permission denied", "/var/lib/private")

    assert list(tried("database", findings())) == [
        fine("database", "there"),
        bad(
            "database",
            "/var/lib/private cannot be looked at (Permission denied)",
            "run `monitor check` as the user of the service",
        ),
    ]
