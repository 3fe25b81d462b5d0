"""The one endpoint: what may be sent, what a refusal means, and that the secret stays inside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.expensify.jobs import READING_JOBS, ExpensifyCredentials
from monitor.errors import SourceError, Stopped
from tests.adapters.expensify_office import NOW, US, Desk, RecordingClock, a_desk, a_workspace

SECRET = "f3a1secret"
OUTPUT = {"fileExtension": "json"}
EXPORT = {"type": "combinedReportData", "reportState": "OPEN", "filters": {"reportIDList": "R1"}}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as desk:
        yield desk


def refusal_of(desk: Desk) -> SourceError:
    with pytest.raises(SourceError) as refused:
        desk.expensify.policies()
    assert refused.value.source == "expensify"
    return refused.value


SIGN_IN = (
    "check [expensify] partner_user_id and partner_user_secret "
    "(https://www.expensify.com/tools/integrations/), and that their owner is an admin of every "
    "[[workspace]]"
)

FINAL: list[Any] = [
    pytest.param(
        "401",
        "Authentication error",
        f"Expensify refused the credentials (401 Authentication error): {SIGN_IN}",
        True,
        id="401 in the body, under HTTP 200",
    ),
    pytest.param(
        "403",
        "Not a policy admin",
        f"Expensify refused the credentials (403 Not a policy admin): {SIGN_IN}",
        True,
        id="403 in the body",
    ),
    pytest.param(
        "500",
        "Not authorized to authenticate as user a@b.example",
        "Expensify refused the credentials (500 Not authorized to authenticate as user "
        f"a@b.example): {SIGN_IN}",
        True,
        id="500 whose text is about credentials",
    ),
    pytest.param(
        "http-401",
        "Unauthorized",
        f"Expensify refused the credentials (401 Unauthorized): {SIGN_IN}",
        True,
        id="HTTP 401",
    ),
    pytest.param(
        "body",
        "<html><head><title>HTTP Status 403 – Forbidden</title></head></html>",
        f"Expensify refused the credentials (403 403 – Forbidden): {SIGN_IN}",
        True,
        id="a web page that says 403",
    ),
    pytest.param(
        "410",
        "Argument 'type' is missing or malformed",
        "Expensify refused the question (410 Argument 'type' is missing or malformed)",
        False,
        id="410: our question is wrong, but it says nothing of credentials",
    ),
    pytest.param(
        "666", "Collision", "Expensify refused the question (666 Collision)", False, id="666"
    ),
    pytest.param(
        "404", "Not found", "Expensify refused the question (404 Not found)", False, id="404"
    ),
    pytest.param(
        "body",
        '{"responseCode": "410", "responseMessage": "Too\\n  bad"}',
        "Expensify refused the question (410 Too bad)",
        False,
        id="a code that comes as text",
    ),
]


@pytest.mark.parametrize(("fault", "detail", "sentence", "is_permanent"), FINAL)
def test_a_final_refusal_is_asked_once_and_says_what_to_do(
    desk: Desk, fault: str, detail: str, sentence: str, is_permanent: bool
) -> None:
    desk.faults.always(fault, detail=detail)
    refused = refusal_of(desk)
    assert (str(refused), refused.is_permanent) == (sentence, is_permanent)
    assert desk.requests == [fault]


PASSING: list[Any] = [
    pytest.param("500", "Database busy", "is failing (500 Database busy)", id="500 in the body"),
    pytest.param("http-502", "Bad gateway", "is failing (502 Bad gateway)", id="HTTP 502"),
    pytest.param("429", "", "rate limit was reached (429)", id="429 in the body"),
    pytest.param("http-429", "", "rate limit was reached (429)", id="HTTP 429"),
    pytest.param("slow-down", "30", "rate limit was reached (429)", id="429 with Retry-After"),
    pytest.param("html", "", "a web page instead of data (HTTP 200)", id="a web page"),
    pytest.param("drop", "", "cannot be reached", id="the connection is reset"),
    pytest.param("cut", "", "cannot be reached (the answer was cut off)", id="cut on its way"),
    pytest.param("body", '{"policyList": [', "is no whole JSON", id="half a document"),
    pytest.param("body", "[]", "is no whole JSON", id="a list where a document should be"),
    pytest.param("body", "", "is no whole JSON", id="nothing"),
]


@pytest.mark.parametrize(("fault", "detail", "part"), PASSING)
def test_a_passing_failure_is_asked_four_times_and_then_said(
    desk: Desk, fault: str, detail: str, part: str
) -> None:
    desk.faults.always(fault, detail=detail)
    refused = refusal_of(desk)
    assert part in str(refused)
    assert not refused.is_permanent
    assert desk.requests == [fault] * 4


@pytest.mark.parametrize(("fault", "detail", "part"), PASSING)
def test_a_failure_that_passes_is_not_noticed(
    desk: Desk, fault: str, detail: str, part: str
) -> None:
    desk.faults.next(fault, detail=detail)
    assert [policy.policy_id for policy in desk.expensify.policies()] == [US]


def test_partial_success_is_success(desk: Desk) -> None:
    desk.answers({"responseCode": 207, "policyList": []})
    assert desk.expensify.policies() == ()


@pytest.mark.parametrize(
    ("fault", "detail", "wait"),
    [
        pytest.param("429", "", 20.0, id="without a word: until the longer window has moved on"),
        pytest.param("slow-down", "7", 7.0, id="as long as Expensify says"),
    ],
)
def test_after_a_rate_limit_it_waits(desk: Desk, fault: str, detail: str, wait: float) -> None:
    desk.faults.next(fault, detail=detail)
    desk.expensify.policies()
    assert desk.clock.waits == [wait]


class _Stopping(RecordingClock):
    def meanwhile(self) -> None:
        raise Stopped("stopped while waiting")


def test_a_stop_ends_every_wait(tmp_path: Path) -> None:
    with a_desk(tmp_path, clock=_Stopping()) as desk:
        desk.faults.always("500")
        with pytest.raises(Stopped):
            desk.expensify.policies()
        assert desk.requests == ["500"]


def test_the_list_of_jobs_that_may_be_sent_is_this_and_no_longer() -> None:
    assert sorted(READING_JOBS) == [
        ("download", ""),
        ("file", "combinedReportData"),
        ("get", "policy"),
        ("get", "policyList"),
    ]


def everything(desk: Desk) -> None:
    """All that the adapter can do."""
    desk.expensify.policies()
    desk.expensify.lists([US])
    desk.expensify.reports([a_workspace()], now=NOW)
    desk.expensify.reports_by_id(["R1"], [a_workspace()])


def test_nothing_the_adapter_does_has_consequences(desk: Desk) -> None:
    everything(desk)
    asked = desk.office.asked
    sent = {(job["type"], job.get("inputSettings", {}).get("type", "")) for job in asked}
    assert sent == READING_JOBS
    assert "onFinish" not in str(asked)


WRITING: list[Any] = [
    *(
        pytest.param(
            lambda jobs, kind=kind: jobs.get({"type": kind}), id=f"get {kind or 'nothing'}"
        )
        for kind in ("", "employees", "domainCardList", "combinedReportData", "expenseRules")
    ),
    *(
        pytest.param(
            lambda jobs, kind=kind: jobs.start_export({**EXPORT, "type": kind}, OUTPUT, "x"),
            id=f"file {kind or '-'}",
        )
        for kind in ("", "reconciliation", "policy")
    ),
    pytest.param(
        lambda jobs: jobs.start_export({**EXPORT, "onFinish": []}, OUTPUT, "x"),
        id="an export with consequences",
    ),
    pytest.param(
        lambda jobs: jobs.start_export(EXPORT, {**OUTPUT, "onFinish": [{}]}, "x"),
        id="consequences among the output settings",
    ),
    pytest.param(
        lambda jobs: jobs.get({"type": "policy", "more": [{"onFinish": {"actionName": "email"}}]}),
        id="consequences deep inside",
    ),
]


@pytest.mark.parametrize("send", WRITING)
def test_every_other_job_is_refused_before_anything_is_sent(
    desk: Desk, send: Callable[[Any], Any]
) -> None:
    with pytest.raises(ValueError, match="the monitor never sends the job"):
        send(desk.jobs)
    assert desk.requests == []


ECHOES: list[Any] = [
    pytest.param("500", f"cannot read {{partnerUserSecret: {SECRET}}}", id="a failure"),
    pytest.param("410", f"malformed: {'x' * 142}{SECRET}", id="cut in the secret's middle"),
    pytest.param("403", SECRET, id="a refusal of the credentials"),
    pytest.param("404", f"policy of {SECRET}", id="an unknown workspace"),
    pytest.param("http-503", SECRET, id="a failure of HTTP"),
    pytest.param("body", f"<html>401 Unauthorized {SECRET}</html>", id="a web page"),
    pytest.param("body", f"{SECRET} is not JSON", id="no JSON"),
    pytest.param("drop", "", id="no answer"),
]


@pytest.mark.parametrize(("fault", "detail"), ECHOES)
def test_the_secret_is_in_no_error_and_no_log_even_if_expensify_repeats_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: str, detail: str
) -> None:
    for library in ("", "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(logging.DEBUG, logger=library)
    said = []
    with a_desk(tmp_path, credentials=("aa_user", SECRET)) as desk:
        desk.faults.always(fault, detail=detail)
        for ask in (desk.expensify.policies, lambda: desk.jobs.start_export(EXPORT, OUTPUT, "x")):
            with pytest.raises(SourceError) as refused:
                ask()
            said.append(_whole(refused.value))
    assert "POST /Integration-Server/ExpensifyIntegrations" in caplog.text or fault == "drop"
    assert SECRET[:6] not in f"{said} {caplog.text}"


def _whole(error: BaseException | None) -> str:
    """The error and all that led to it."""
    return "" if error is None else f"{error} {error!r} {_whole(error.__cause__)}"


def test_the_secret_is_in_no_repr(tmp_path: Path) -> None:
    with a_desk(tmp_path, credentials=("aa_user", SECRET)) as desk:
        shown = repr((desk.expensify, desk.jobs, ExpensifyCredentials("aa_user", SECRET)))
    assert "ExpensifyCredentials()" in shown
    assert SECRET not in shown


def test_the_right_pair_is_let_in_and_a_wrong_one_is_told_so(tmp_path: Path) -> None:
    with a_desk(tmp_path, credentials=("aa_simulated", "wrong")) as desk:
        assert str(refusal_of(desk)).startswith(
            "Expensify refused the credentials (401 Authentication error): check [expensify]"
        )
        assert desk.requests == ["get"]
