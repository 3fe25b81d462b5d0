"""Pending reports over the wire: what is asked, files that take a while, files that are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.reports import (
    CodedText,
    Export,
    Failure,
    PendingReport,
    ReportLine,
    ReportState,
    UnreadReport,
)
from monitor.errors import SourceError, Stopped
from tests.adapters.expensify_office import NOW, UK, US, Desk, RecordingClock, a_desk, a_workspace

EXPORT, APPROVED = "combinedReportData", "APPROVED,REIMBURSED,ARCHIVED"
YEAR = timedelta(days=364)
"""A day less than Expensify allows."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as desk:
        yield desk


def found(desk: Desk, *, now: datetime = NOW) -> dict[str, ReportState]:
    reports = desk.expensify.reports([a_workspace()], now=now)
    assert sorted({report.report_id for report in reports}) == [one.report_id for one in reports]
    return {report.report_id: report.state for report in reports}


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def test_a_report_comes_through_whole(desk: Desk) -> None:
    desk.office.add_report(
        "R1",
        US,
        tags=[("Sales : Marketing", "Atlas"), ("01: San Francisco", "")],
        total=81_200,
        name="Dana&amp;Co's “trip”",
        customField={"Department": "Commercial"},
    )
    desk.office.reports["R1"]["transactionList"][1] |= {
        "billable": True,
        "reimbursable": False,
        "category": "Travel",
        "cardName": "Visa 1234",
        "bank": "Big Bank",
    }
    result = {"messages": ["NS0831: Invalid"]}
    desk.office.add_action("R1", "INTEGRATIONSMESSAGE", label="NetSuite", result=result)
    desk.office.add_action("R1", "EXPORTINTEGRATION", label="NetSuite", reimbursableUrls=["x"])
    assert desk.expensify.reports([a_workspace()], now=NOW) == (
        PendingReport(
            report_id="R1",
            policy_id=US,
            name="Dana&Co's “trip”",
            submitter="dana.lee@acme.example",
            state=ReportState.APPROVED,
            total=Decimal("812.00"),
            currency="USD",
            created_at=NOW,
            submitted_at=NOW,
            approved_at=NOW,
            fields=(CodedText("report_field:Department", "Commercial"),),
            lines=(
                ReportLine(
                    "R1-0", (CodedText("tag:1", "Sales : Marketing"), CodedText("tag:2", "Atlas"))
                ),
                ReportLine(
                    "R1-1",
                    (CodedText("tag:1", "01: San Francisco"),),
                    category="Travel",
                    is_billable=True,
                    is_reimbursable=False,
                    card="Visa 1234",
                    bank="Big Bank",
                ),
            ),
            exports=(Export(NOW, has_reimbursable=True),),
            failures=(Failure(NOW, "NS0831", "NS0831: Invalid"),),
        ),
    )


def test_three_exports_ask_for_drafts_for_approvals_and_for_what_has_none(desk: Desk) -> None:
    workspaces = [a_workspace(), a_workspace(UK)]
    desk.expensify.reports(workspaces, now=NOW)
    both = f"{US},{UK}"
    assert desk.asked("file") == [
        {
            "type": EXPORT,
            "reportState": "OPEN,SUBMITTED",
            "filters": {"startDate": "2025-11-25", "policyIDList": both},
        },
        {
            "type": EXPORT,
            "reportState": APPROVED,
            "filters": {"approvedAfter": "2026-09-23", "policyIDList": both},
        },
        {
            "type": EXPORT,
            "reportState": APPROVED,
            "filters": {"startDate": "2026-09-24", "policyIDList": both},
        },
    ]
    started = [job["type"] for job in desk.office.asked]
    assert started[:3] == ["file"] * 3, "all are started before the first is fetched"
    assert desk.office.asked[0]["outputSettings"] == {
        "fileExtension": "json",
        "fileBasename": "sync-drift-monitor",
    }


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 (zoned below)
    hours=st.integers(-14, 14),
    since=st.timedeltas(timedelta(), timedelta.max),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_span_is_longer_than_a_year_and_a_day_is_left_for_expensifys_zone(
    tmp_path: Path, now: datetime, hours: int, since: timedelta
) -> None:
    moment = now.replace(tzinfo=timezone(timedelta(hours=hours)))
    clock = RecordingClock(moment.astimezone(UTC))
    with a_desk(tmp_path, clock=clock, pending_since=since) as desk:
        desk.expensify.reports([a_workspace()], now=moment)
        drafts, approved, others = (job["filters"] for job in desk.asked("file"))
    today = moment.astimezone(UTC).date()
    assert date.fromisoformat(drafts["startDate"]) == today - YEAR
    # The day of `startDate` is looked at, that of `approvedAfter` is not.
    for begin, skipped in ((others["startDate"], 0), (approved["approvedAfter"], 1)):
        day = date.fromisoformat(begin)
        first = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=skipped)
        is_early_enough = moment - first >= min(since, YEAR) + timedelta(days=1)
        assert is_early_enough or day == today - YEAR
        assert day >= today - YEAR


EDGES: list[Any] = [
    pytest.param("OPEN", timedelta(days=363), True, id="a draft of almost a year ago"),
    pytest.param("OPEN", timedelta(days=366), False, id="no draft of more than a year ago"),
    pytest.param("APPROVED", timedelta(days=60, hours=14), True, id="in the westernmost zone"),
    pytest.param("APPROVED", timedelta(days=63), False, id="nothing approved long before"),
]


@pytest.mark.parametrize(("state", "age", "is_found"), EDGES)
def test_reports_are_found_to_the_edge_of_the_window(
    desk: Desk, state: str, age: timedelta, is_found: bool
) -> None:
    moment = stamp(NOW - age)
    past = {"created": moment, "submitted": moment, "approved": moment}
    dates = past if state == "APPROVED" else {"created": moment}
    desk.office.add_report("R1", US, tags=[("Sales",)], state=state, **dates)
    assert bool(found(desk)) is is_found


def test_an_old_report_that_was_approved_lately_is_found(desk: Desk) -> None:
    long_ago = stamp(NOW - timedelta(days=300))
    dates = {"created": long_ago, "submitted": long_ago}
    desk.office.add_report("R1", US, tags=[("Sales",)], **dates)
    assert found(desk) == {"R1": ReportState.APPROVED}


def test_a_closed_report_without_approval_is_found_by_its_date(desk: Desk) -> None:
    desk.office.add_report("R1", US, tags=[("Sales",)], state="ARCHIVED", approved="")
    assert found(desk) == {"R1": ReportState.ARCHIVED}


def test_every_state_is_looked_for_and_each_report_is_there_once(desk: Desk) -> None:
    for state in ReportState:
        desk.office.add_report(f"R-{state.value}", US, tags=[("Sales",)], state=state.value)
    desk.office.add_report("R-elsewhere", UK, tags=[("Sales",)])
    assert found(desk) == {f"R-{state.value}": state for state in sorted(ReportState)}


class _Meanwhile(RecordingClock):
    """Somebody approves the report while the monitor waits for the first time."""

    office: Any = None

    def meanwhile(self) -> None:
        self.office.move_on("R1", "APPROVED")


def test_a_report_that_moves_on_meanwhile_is_taken_from_the_later_export(tmp_path: Path) -> None:
    clock = _Meanwhile()
    with a_desk(tmp_path, clock=clock) as desk:
        clock.office = desk.office
        desk.office.add_report("R1", US, tags=[("Sales",)], state="SUBMITTED")
        desk.faults.next("500", match="approvedAfter")  # the second export starts after a wait
        assert found(desk) == {"R1": ReportState.APPROVED}


def test_single_reports_are_asked_for_in_every_state_workspace_and_age(desk: Desk) -> None:
    long_ago = stamp(NOW - timedelta(days=900))
    dates = {"created": long_ago, "submitted": long_ago, "approved": long_ago}
    desk.office.add_report("R1", US, tags=[("Sales",)], **dates)
    desk.office.add_report("R2", UK, tags=[("Sales", "Atlas")], state="OPEN")
    desk.office.add_report("R3", US, tags=[("Sales",)])
    reports = desk.expensify.reports_by_id(["R2", "R1", "R-deleted"], [a_workspace()])
    assert [(report.report_id, report.policy_id) for report in reports] == [("R1", US), ("R2", UK)]
    assert desk.asked("file") == [
        {
            "type": EXPORT,
            "reportState": f"OPEN,SUBMITTED,{APPROVED}",
            "filters": {"reportIDList": "R2,R1,R-deleted"},
        }
    ]


def test_asking_for_no_report_asks_nothing(desk: Desk) -> None:
    assert desk.expensify.reports_by_id([], [a_workspace()]) == ()
    assert desk.requests == []


def test_a_file_that_takes_a_while_is_asked_for_less_and_less_often(desk: Desk) -> None:
    desk.world.expensify.polls_until_ready = 6
    assert desk.expensify.reports_by_id(["R1"], [a_workspace()]) == ()
    assert desk.clock.waits == [5.0, 7.5, 11.25, 15.0, 15.0, 15.0]
    assert [job["type"] for job in desk.office.asked] == ["file", *["download"] * 7]
    assert len({job["fileName"] for job in desk.office.asked[1:]}) == 1


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        pytest.param(timedelta(minutes=8), "480 seconds", id="the usual deadline"),
        pytest.param(timedelta(seconds=20), "20 seconds", id="a short one"),
    ],
)
def test_files_that_are_never_ready_are_given_up_together_in_time(
    tmp_path: Path, deadline: timedelta, words: str
) -> None:
    with a_desk(tmp_path, export_deadline=deadline) as desk:
        desk.faults.always("never-ready", match="download")
        with pytest.raises(SourceError) as refused:
            desk.expensify.reports([a_workspace()], now=NOW)
        assert str(refused.value) == (
            f"Expensify did not finish an export in {words}: the next cycle asks again"
        )
        assert not refused.value.is_permanent
        assert desk.clock.monotonic() <= deadline.total_seconds()


def test_all_files_of_one_reading_share_the_deadline(tmp_path: Path) -> None:
    with a_desk(tmp_path, export_deadline=timedelta(seconds=60)) as desk:
        desk.world.expensify.polls_until_ready = 4  # one of them would be in time
        with pytest.raises(SourceError, match="did not finish an export in 60 seconds"):
            desk.expensify.reports([a_workspace()], now=NOW)


class _Stopping(RecordingClock):
    def meanwhile(self) -> None:
        raise Stopped("stopped while waiting")


def test_a_stop_ends_the_wait_for_a_file(tmp_path: Path) -> None:
    with a_desk(tmp_path, clock=_Stopping()) as desk, pytest.raises(Stopped):
        desk.expensify.reports_by_id(["R1"], [a_workspace()])


FILES: list[Any] = [
    pytest.param('{"reports":[{"id":"R1",', "no whole JSON document", id="cut"),
    pytest.param('{"reports":[]', "no whole JSON document", id="cut before its last character"),
    pytest.param('{"reports":[]} FreeMarker template error!', "no whole JSON", id="with an error"),
    pytest.param("FreeMarker template error!", "no whole JSON", id="an error instead"),
    pytest.param('["R1"]', "no whole JSON document", id="another document"),
    pytest.param('{"reports":null}', "no whole JSON document", id="no list"),
    pytest.param('{"reports":7}', "no whole JSON document", id="a number for a list"),
    pytest.param('{"reports":[7]}', "a report without id", id="a number for a report"),
    pytest.param('{"reports":["R1"]}', "a report without id", id="text for a report"),
    pytest.param('{"reports":[{}]}', "a report without id", id="an empty report"),
    pytest.param(
        '{"reports":[{"id":"R7"},{"id":"R8"}]}',
        "none of the 2 reports that Expensify sent can be read (report R7: it has no 'policy'): "
        "nothing of this reading is kept",
        id="several reports, and none that can be read",
    ),
    pytest.param(
        '{"responseCode":200,"responseMessage":"Gone"}',
        "Expensify did not give the file: Gone",
        id="an envelope",
    ),
    pytest.param(
        '{"responseCode":404,"responseMessage":"File not found"}',
        "Expensify refused the question (404 File not found)",
        id="an error under HTTP 200",
    ),
    pytest.param("<html>Down</html>", "a web page instead of data (HTTP 200)", id="a web page"),
]


@pytest.mark.parametrize(("content", "part"), FILES)
def test_a_file_that_is_none_is_refused_whole_and_said(desk: Desk, content: str, part: str) -> None:
    desk.faults.always("body", match="download", detail=content)
    with pytest.raises(SourceError) as refused:
        desk.expensify.reports([a_workspace()], now=NOW)
    assert part in str(refused.value)
    assert refused.value.source == "expensify"
    assert not refused.value.is_permanent


PASSING: list[Any] = ["500", "http-503", "429", "html", "drop"]


@pytest.mark.parametrize("about", ["combinedReportData", "download"])
@pytest.mark.parametrize("fault", PASSING)
def test_a_failure_on_the_way_that_passes_loses_nothing(desk: Desk, fault: str, about: str) -> None:
    desk.office.add_report("R1", US, tags=[("Sales",)])
    desk.faults.next(fault, match=about)
    assert found(desk) == {"R1": ReportState.APPROVED}


NAMES: list[Any] = [
    pytest.param("", id="nothing"),
    pytest.param("Please wait", id="words"),
    pytest.param("busy", id="a word"),
    pytest.param("../../etc/passwd.json", id="a path"),
    pytest.param("export1.csv", id="another kind of file"),
    pytest.param('{"responseCode": 200}', id="an envelope without a name"),
    pytest.param("{broken", id="a broken envelope"),
]


@pytest.mark.parametrize("answer", NAMES)
def test_an_answer_that_names_no_file_is_said(desk: Desk, answer: str) -> None:
    desk.faults.always("body", match=EXPORT, detail=answer)
    with pytest.raises(SourceError, match="Expensify did not name the file it was asked for"):
        desk.expensify.reports_by_id(["R1"], [a_workspace()])
    assert "download" not in desk.requests


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("export1.json\n", id="bare, as recorded"),
        pytest.param(
            '{"filename":"export1.json","responseMessage":"OK","responseCode":200}',
            id="in an envelope, as documented for another job",
        ),
    ],
)
def test_the_file_is_named_bare_or_in_an_envelope(desk: Desk, answer: str) -> None:
    desk.answers(answer, about=EXPORT)
    desk.world.expensify.files["export1.json"] = [0, '{"reports":[]}']
    assert desk.expensify.reports_by_id(["R1"], [a_workspace()]) == ()
    assert desk.office.asked == [
        {"type": "download", "fileName": "export1.json", "fileSystem": "integrationServer"}
    ]


RETRACTED = UnreadReport("R2", US, "'yesterday' in it is no moment")


def test_one_report_that_cannot_be_read_is_set_aside_and_the_others_are_read(desk: Desk) -> None:
    desk.office.add_report("R1", US, tags=[("Sales",)])
    desk.office.add_report("R2", US, tags=[("Sales",)], approved="yesterday")
    desk.office.add_report("R3", US, tags=[("Sales",)])
    first, unread, last = desk.expensify.reports([a_workspace()], now=NOW)
    assert (first.report_id, unread, last.report_id) == ("R1", RETRACTED, "R3")
    assert desk.expensify.reports_by_id(["R2"], [a_workspace()]) == (RETRACTED,)


def test_a_single_report_that_cannot_be_read_is_set_aside_too(desk: Desk) -> None:
    desk.office.add_report("R2", US, tags=[("Sales",)], approved="yesterday")
    assert desk.expensify.reports([a_workspace()], now=NOW) == (RETRACTED,)
