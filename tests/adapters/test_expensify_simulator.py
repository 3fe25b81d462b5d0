"""The simulated Expensify against its manual: what it refuses, chooses and shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from monitor.simulator.expensify.exporter import delivered, exported
from monitor.simulator.expensify.office import Office
from tests.adapters.expensify_office import NOW, US, Desk, a_desk

PATH = "/Integration-Server/ExpensifyIntegrations"
IDS = "<#list reports as report>${report.reportID} </#list>"
EXPORT = "combinedReportData"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as desk:
        yield desk


def ask(desk: Desk, job: dict[str, Any] | str, *, template: str = "", path: str = PATH) -> Any:
    """What Expensify answers: a document, or the text."""
    if isinstance(job, dict):
        user_id, user_secret = desk.world.expensify.credentials
        credentials = {"partnerUserID": user_id, "partnerUserSecret": user_secret}
        job = json.dumps({"credentials": credentials, **job})
    form = {"requestJobDescription": job, "template": template}
    with requests.post(f"{desk.url}{path}", data=form, timeout=10) as answer:
        return answer.json() if answer.text[:1] == "{" else answer.text


def an_export(states: str = "APPROVED", template: str = IDS, **settings: Any) -> dict[str, Any]:
    settings = {"filters": {"startDate": "2026-11-01"}, **settings}
    return {
        "type": "file",
        "inputSettings": {"type": EXPORT, "reportState": states, **settings},
        "outputSettings": {"fileExtension": "json"},
    }


def an_office(*ages: int, state: str = "APPROVED", **fields: Any) -> Office:
    """Reports "R0", "R10" … that were made and approved so many days ago."""
    office = Office(lambda: NOW)
    for age in ages:
        moment = f"{NOW - timedelta(days=age):%Y-%m-%d %H:%M:%S}"
        dates = dict.fromkeys(("created", "submitted", "approved"), moment)
        office.add_report(f"R{age}", US, tags=[("Sales",)], state=state, **{**dates, **fields})
    return office


def chosen(office: Office, filters: dict[str, str], **settings: Any) -> list[str]:
    settings = {"type": EXPORT, "reportState": "APPROVED", "filters": filters, **settings}
    return [report["reportID"] for report in exported(office, settings)]


MISTAKES: list[Any] = [
    pytest.param("no JSON", "requestJobDescription is missing or malformed", id="no JSON"),
    pytest.param("[]", "requestJobDescription is malformed", id="another document"),
    pytest.param({"type": "unheard of"}, "Argument 'type' is missing or malformed", id="no type"),
    pytest.param(
        {"type": "get", "inputSettings": {"type": "tags"}},
        "Argument 'type' is missing or malformed",
        id="a getter of nothing",
    ),
    pytest.param(
        {"type": "get", "inputSettings": {"type": "policy"}},
        "Required parameter 'policyIDList' is missing",
        id="policies by no id",
    ),
    pytest.param(
        an_export(filters=None), "Required parameter 'filters' is missing", id="no filters"
    ),
    pytest.param(
        an_export(filters={"policyIDList": US}),
        "One of 'reportIDList', 'startDate', 'approvedAfter' is required",
        id="no bound",
    ),
    pytest.param(
        an_export(filters={"startDate": "16-01-01"}),
        "Malformed date '16-01-01'. Expected format is yyyy-MM-dd",
        id="a malformed date",
    ),
    pytest.param(
        an_export(filters={"startDate": "2025-11-20"}),
        "Required parameter 'endDate' is missing",
        id="begins more than a year ago, and has no end",
    ),
    pytest.param(
        an_export(filters={"approvedAfter": "2024-11-20", "endDate": "2025-12-01"}),
        "The range of dates is longer than one year",
        id="longer than a year",
    ),
    pytest.param(
        an_export(filters={"startDate": "2026-11-01", "policyIDList": [US]}),
        "'filters.policyIDList' is malformed",
        id="ids as a list",
    ),
    pytest.param(
        an_export(filters={"startDate": "2026-11-01", "reportState": "OPEN"}),
        "'filters.reportState' is malformed",
        id="states among the filters",
    ),
    pytest.param(an_export("PAID"), "Status 'PAID' is not supported", id="an unknown state"),
    pytest.param(an_export(limit=10), "'limit' is malformed", id="a limit that is no text"),
]


@pytest.mark.parametrize(("job", "message"), MISTAKES)
def test_a_malformed_job_is_refused_with_410_under_http_200(
    desk: Desk, job: dict[str, Any] | str, message: str
) -> None:
    assert ask(desk, job, template=IDS) == {"responseCode": 410, "responseMessage": message}


def test_an_export_needs_a_template(desk: Desk) -> None:
    refused = {"responseCode": 410, "responseMessage": "Required parameter 'template' is missing"}
    assert ask(desk, an_export()) == refused


def test_a_template_that_fails_is_an_error_and_no_file(desk: Desk) -> None:
    refused = ask(desk, an_export(), template="${missing}")
    assert refused == {"responseCode": 500, "responseMessage": "Template error: missing is missing"}
    assert desk.world.expensify.files == {}


def test_another_pair_of_credentials_is_refused_under_http_200(desk: Desk) -> None:
    refused = ask(desk, {"type": "get", "credentials": {"partnerUserID": "aa_simulated"}})
    assert refused == {"responseCode": 401, "responseMessage": "Authentication error"}


def test_another_address_is_none(desk: Desk) -> None:
    assert ask(desk, {"type": "get"}, path="/")["responseCode"] == 404


def test_a_file_is_named_bare_and_is_empty_until_it_is_ready(desk: Desk) -> None:
    desk.office.add_report("R1", US, tags=[("Sales",)])
    desk.world.expensify.polls_until_ready = 2
    name = ask(desk, an_export(), template=IDS)
    download = {"type": "download", "fileName": name, "fileSystem": "integrationServer"}
    assert name.startswith("export") and name.endswith(".json")
    assert [ask(desk, download) for _ in range(3)] == ["", "", "R1 "]
    assert ask(desk, {**download, "fileName": "export0.json"})["responseCode"] == 404


@pytest.mark.parametrize(
    ("pause", "codes"),
    [
        pytest.param(0.0, [200] * 5 + [429], id="the sixth in ten seconds"),
        pytest.param(2.0, [200] * 20, id="not five in ten seconds"),
        pytest.param(2.5, [200] * 20 + [429], id="the twenty-first in a minute"),
        pytest.param(3.0, [200] * 40, id="not twenty in a minute"),
    ],
)
def test_too_many_requests_are_refused(desk: Desk, pause: float, codes: list[int]) -> None:
    answers = []
    for _ in codes:
        answers.append(ask(desk, {"type": "get", "inputSettings": {"type": "policyList"}}))
        desk.clock.sleep(pause)
    assert [answer["responseCode"] for answer in answers] == codes


WINDOWS: list[Any] = [
    pytest.param({"startDate": "2026-11-14"}, ["R0", "R10"], id="the day of startDate is in it"),
    pytest.param({"startDate": "2026-11-15"}, ["R0"], id="the day before is not"),
    pytest.param({"approvedAfter": "2026-11-13"}, ["R0", "R10"], id="approved the day after"),
    pytest.param({"approvedAfter": "2026-11-14"}, ["R0"], id="the day itself is not in it"),
    pytest.param(
        {"startDate": "2026-01-01", "endDate": "2026-11-14"}, ["R10", "R20"], id="up to endDate"
    ),
    pytest.param({"reportIDList": "R20,R0,R99"}, ["R0", "R20"], id="by ids, whatever their age"),
    pytest.param({"reportIDList": "R0", "policyIDList": "OTHER"}, [], id="of another workspace"),
]


@pytest.mark.parametrize(("filters", "reports"), WINDOWS)
def test_the_filters_choose_as_documented(filters: dict[str, str], reports: list[str]) -> None:
    assert chosen(an_office(0, 10, 20), filters) == reports


def test_start_date_is_about_the_later_of_created_and_submitted() -> None:
    office = an_office(0, created="2026-01-01 00:00:00")
    assert chosen(office, {"startDate": "2026-11-24"}) == ["R0"]


def test_approved_after_leaves_out_what_is_not_approved() -> None:
    office = an_office(0, state="OPEN", approved="")
    assert chosen(office, {"approvedAfter": "2026-01-01"}, reportState="OPEN") == []
    assert chosen(office, {"startDate": "2026-01-01"}, reportState="OPEN") == ["R0"]


def test_a_limit_is_text_and_holds() -> None:
    assert chosen(an_office(0, 1, 2), {"startDate": "2026-11-01"}, limit="2") == ["R0", "R1"]


def test_a_template_sees_naive_moments_the_websites_words_and_joined_tags() -> None:
    office = Office(lambda: NOW)
    report = office.add_report(
        "R1", US, tags=[("01: Boston", "Atlas"), ("Sales", "")], state="SUBMITTED"
    )
    seen = delivered(report)
    names = ("status", "created", "submitted", "approved", "reimbursed")
    assert {name: seen[name] for name in names} == {
        "status": "Processing",
        "created": "2026-11-24 12:00:00",
        "submitted": "2026-11-24 12:00:00",
        "approved": "",
        "reimbursed": "",
    }
    assert [line["tag"] for line in seen["transactionList"]] == ["01\\: Boston:Atlas", "Sales"]
    assert report["status"] == "SUBMITTED"


def test_a_workspace_without_tags_has_one_level_without_tags(desk: Desk) -> None:
    settings = {"type": "policy", "fields": ["tags", "employees"], "policyIDList": [US, "OTHER"]}
    assert ask(desk, {"type": "get", "inputSettings": settings}) == {
        "responseCode": 200,
        "policyInfo": {US: {"tags": [{"name": "Level 1", "tags": []}]}},
    }


def test_moving_on_and_recoding_keep_what_was() -> None:
    office = an_office()
    office.add_report("R1", US, tags=[("Sales", "Atlas"), ("IT", "Sales")], state="OPEN")
    office.move_on("R1", "APPROVED")
    office.move_on("R1", "REIMBURSED")
    office.recode("R1", "Sales", "Field")
    report = office.reports["R1"]
    assert (report["status"], report["approved"]) == ("REIMBURSED", office.stamp())
    coded = [(line["ntag1"], line["ntag2"]) for line in report["transactionList"]]
    assert coded == [("Field", "Atlas"), ("IT", "Field")]
