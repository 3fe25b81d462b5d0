"""The login audit: when Expensify's integration last logged in, and since when it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.netsuite.login_audit import read_logins
from monitor.core.logins import Logins
from monitor.errors import SourceError
from tests.adapters.netsuite_account import START, Account, an_account

NAME = "Expensify Connect"
NOT_SHOWN = (
    "NetSuite shows the monitor's role no login audit, so Expensify's logins are no evidence "
    "(grant Setup > View Login Audit Trail)"
)


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


def logs_in(account: Account, minute: int, detail: str | None = None, by: str = NAME) -> None:
    """A login at that minute of the story; with a detail it is refused."""
    account.clock.move_to(START + timedelta(minutes=minute))
    account.tables.trail.log_in(by, is_good=detail is None, detail=detail or "")


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def read(account: Account, application: str = "expensify", since: int = 0) -> Logins:
    return read_logins(account.asker(), application, since=at(since))


REFUSED = "NetSuite refused the login of Expensify Connect"


@pytest.mark.parametrize(
    ("logins", "told"),
    [
        pytest.param([(5, None), (9, None)], Logins((NAME,), at(9)), id="the newest of two"),
        pytest.param(
            [(5, None), (6, "TokenRejected"), (8, "TokenRevoked")],
            Logins((NAME,), at(5), at(6), f"{REFUSED}: TokenRejected"),
            id="refused since: the first refusal tells since when",
        ),
        pytest.param(
            [(5, "TokenRejected"), (6, None)],
            Logins((NAME,), at(6)),
            id="a refusal before the last good login is over",
        ),
        pytest.param(
            [(5, "TokenRejected"), (5, None)], Logins((NAME,), at(5)), id="in the same second, too"
        ),
        pytest.param(
            [(3, "TokenExpired"), (5, None), (6, "TokenRejected")],
            Logins((NAME,), at(5), at(6), f"{REFUSED}: TokenRejected"),
            id="only refusals since the last good login count",
        ),
        pytest.param(
            [(5, ""), (6, "TokenRejected")],
            Logins((NAME,), None, at(5), REFUSED),
            id="only refusals, the first without words",
        ),
    ],
)
def test_what_the_audit_says(
    account: Account, logins: list[tuple[int, str | None]], told: Logins
) -> None:
    for minute, detail in logins:
        logs_in(account, minute, detail)
    assert read(account) == told


def test_moments_are_utc_whatever_the_zone_of_the_account(account: Account) -> None:
    account.suiteql.zone = ZoneInfo("America/Los_Angeles")
    logs_in(account, 5)
    logs_in(account, 6, "TokenRejected")
    told = read(account)
    assert (told.last_good_at, told.failed_at) == (at(5), at(6))


def test_others_who_log_in_do_not_count(account: Account) -> None:
    logs_in(account, 5)
    logs_in(account, 9, by="Sync-drift monitor")
    logs_in(account, 9, "TokenRejected", by="Concur")
    assert read(account) == Logins((NAME,), at(5))
    assert read(account, "CONCUR").failed_at == at(9)


def test_several_integrations_of_that_name_are_all_named(account: Account) -> None:
    logs_in(account, 5, by="Expensify Sandbox")
    logs_in(account, 4)
    assert read(account) == Logins((NAME, "Expensify Sandbox"), at(5))


def test_logins_before_the_asked_moment_are_not_looked_at(account: Account) -> None:
    logs_in(account, 5)
    logs_in(account, 9)
    assert read(account, since=8).last_good_at == at(9)
    assert read(account, since=10).is_off


def test_an_integration_of_another_name_is_no_proof_that_none_logged_in(account: Account) -> None:
    logs_in(account, 5, by="Concur")
    assert read(account, "Expensify") == Logins(
        detail="NetSuite's login audit knows no integration called “Expensify”, so Expensify's "
        "logins are no evidence (set expensify.netsuite_application)"
    )


@pytest.mark.parametrize("says", ["record", "type", "unsupported"])
def test_an_audit_that_the_role_cannot_read_is_off(account: Account, says: str) -> None:
    logs_in(account, 5)
    account.suiteql.says_of_tables = says
    account.suiteql.hidden_tables.add("loginaudit")
    assert read(account) == Logins(detail=NOT_SHOWN)


def test_without_the_words_of_a_refusal_its_moment_is_known(account: Account) -> None:
    account.suiteql.hidden_columns["loginaudit", "detail"] = "not-exposed"
    logs_in(account, 5, "TokenRejected")
    assert read(account) == Logins((NAME,), None, at(5), REFUSED)


def test_a_netsuite_that_fails_is_an_error_and_no_proof(account: Account) -> None:
    account.faults.always("403", match="loginaudit")
    with pytest.raises(SourceError):
        read(account)
