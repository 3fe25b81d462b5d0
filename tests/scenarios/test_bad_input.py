"""Input that is not as it should be: each has its sentence, and the rest of the cycle goes on."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.core.reports import PendingReport, PolicyLists, UnreadReport, Workspace
from monitor.cycle import CycleResult
from monitor.errors import SourceError
from monitor.reading import read_expensify
from monitor.simulator.sample import MARKETING, UK, US
from tests.core.builders import NOW, a_report, a_workspace
from tests.scenarios.asking import Ended, asking
from tests.scenarios.story import Story, a_story

CLASS = f"{US}/class:{MARKETING}"
AT_STAKE = ["R-1041", "R-1043", "R-1050"]
"""The reports that name Marketing."""


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as story:
        yield story


@pytest.fixture
def ask(story: Story, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def run(*arguments: str) -> Ended:
        capsys.readouterr()  # what the cycles logged
        return asking(story.app.settings.database, capsys)(*arguments)

    return run


Ask = Callable[..., Ended]


def goes_on(story: Story) -> CycleResult:
    """A first look; then Marketing is inactivated, and a second look sees it."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    return story.at("09:15").cycle()


def at_stake(story: Story, fingerprint: str = CLASS) -> list[str]:
    """The reports behind a risk."""
    with story.store() as store:
        return sorted(
            report.report_id
            for one in store.alerts.tracked()
            if one.risk.fingerprint == fingerprint
            for report in one.risk.reports
        )


def questions(ask: Ask) -> list[str]:
    """What `status` asks; `check` asks the same."""
    asked = [one["sentence"] for one in ask("status", "--json").json("status")["set_up_questions"]]
    text = ask("status").out
    assert all(sentence in text for sentence in asked)
    return asked


def line(story: Story, report_id: str) -> dict[str, Any]:
    """The report's first expense."""
    first: dict[str, Any] = story.office.reports[report_id]["transactionList"][0]
    return first


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        pytest.param(
            "EMEA &amp; Asia",
            "expenses carry tags at tag:3 (“EMEA & Asia”), deeper than any level that "
            "[workspace.coding] names: they are not looked at; if NetSuite gets them, name their "
            "kind",
            id="a tag deeper than the configured levels is named as not looked at",
        ),
        pytest.param(
            "London",
            "the texts at tag:3 match location records, and the configuration names nothing there: "
            'is [workspace.coding] location = "tag:3" meant?',
            id="a deeper tag that is known to NetSuite is asked about with its kind",
        ),
    ],
)
def test_a_deeper_tag_is_said_and_the_levels_above_it_are_read(
    story: Story, ask: Ask, tag: str, sentence: str
) -> None:
    line(story, "R-1041")["ntag3"] = tag
    assert goes_on(story).exit_code == 0
    assert questions(ask) == [sentence]
    assert at_stake(story) == AT_STAKE


def test_tags_at_another_level_than_the_configured_one_are_asked_about(
    story: Story, ask: Ask
) -> None:
    text = story.config.read_text()
    story.config.write_text(text.replace('class = "tag:1"', 'class = "tag:3"', 1))
    result = goes_on(story)
    assert (result.exit_code, story.open_risks()) == (0, [])
    assert questions(ask) == [
        "the texts at tag:1 match class records, and the configuration names nothing there: "
        'is [workspace.coding] class = "tag:1" meant?'
    ]
    story.config.write_text(text)
    story.at("09:30").cycle()
    assert (questions(ask), at_stake(story)) == ([], AT_STAKE), "nothing was lost meanwhile"


def test_names_with_entities_and_escaped_colons_mean_their_records(story: Story, ask: Ask) -> None:
    fields = {"parent": 10, "includechildren": "T", "subsidiary": [1]}
    story.tables.add("class", 40, name="R&D: Labs", **fields)
    story.world.sync(US)
    tag = "Sales : R&amp;D\\: Labs"
    story.office.add_report("R-3001", US, tags=[(tag, "")], name="Q&amp;A")
    story.office.add_report("R-3002", US, tags=[("R&amp;X\\: gone", "")])
    story.tables.inactivate("class", 40)
    assert goes_on(story).exit_code == 0
    assert at_stake(story, f"{US}/class:40") == ["R-3001"]
    assert at_stake(story) == AT_STAKE
    told = ask("risks").out
    assert "class “Sales : R&D: Labs” is inactive in NetSuite" in told
    assert "text “R&X: gone” matches nothing in NetSuite" in told
    assert "R-3001  Q&A" in told


def employ(story: Story, record_id: int, **fields: Any) -> None:
    """Somebody called Dana is hired."""
    named = {"entityid": "Dana Bo", "firstname": "Dana", "lastname": "Bo", "department": 1}
    story.tables.add("employee", record_id, **named, **fields)


def test_two_employees_with_one_e_mail_are_named_and_no_verdict_rests_on_either(
    story: Story, ask: Ask
) -> None:
    employ(story, 507, email="Dana.Lee@Acme.example", subsidiary=1)
    assert goes_on(story).exit_code == 0
    assert questions(ask) == [
        "2 active employees have the e-mail dana.lee@acme.example (employee:501 Dana Lee, "
        "employee:507 Dana Bo): nobody can tell which of them submits, so nothing is predicted "
        "from an employee record there; correct the e-mail of all but one in NetSuite (report "
        "R-1041)"
    ]
    assert at_stake(story) == AT_STAKE
    story.tables.inactivate("employee", 507)
    story.at("09:30").cycle()
    assert questions(ask) == []


def test_an_employee_without_subsidiary_is_named_and_taken_for_the_workspaces(
    story: Story, ask: Ask
) -> None:
    employ(story, 507, email="bo@acme.example")
    story.office.add_report(
        "R-3001", US, tags=[("Sales : Marketing", "")], submitter="bo@acme.example"
    )
    assert goes_on(story).exit_code == 0
    assert questions(ask) == [
        "employee:507 Dana Bo has no subsidiary in NetSuite, and is taken for one of subsidiary 1: "
        "write it into the employee record (report R-3001)"
    ]
    assert at_stake(story) == [*AT_STAKE, "R-3001"]
    assert not any("/employee:" in fingerprint for fingerprint in story.open_risks())


def test_a_currency_that_the_report_does_not_name_is_said_and_never_added_to_another(
    story: Story, ask: Ask
) -> None:
    story.office.reports["R-1041"]["currency"] = ""
    assert goes_on(story).exit_code == 0
    totals = ask("risks", "--json").json("risks")["totals"]
    assert [(one["currency"], one["amount"]) for one in totals] == [
        ("(currency not named)", "812.00"),
        ("USD", "1524.50"),
    ]
    assert "(currency not named) 812.00" in ask("risks").out


def test_an_export_time_without_a_zone_is_utc(story: Story) -> None:
    goes_on(story)
    for report_id, second in (("R-1041", "01"), ("R-1043", "00")):
        story.office.reports[report_id]["approved"] = "2026-11-24T10:00:00+02:00"
        at = f"2026-11-24 08:00:{second}"
        details = {"label": "NetSuite", "reimbursableUrls": ["https://x"]}
        story.office.reports[report_id]["actionList"].append(
            {
                "action": "EXPORTINTEGRATION",
                "created": at,
                "details": details,
            }
        )
    assert story.at("09:30").cycle().exit_code == 0
    with story.store() as store:
        assert store.reports.departures(AT_STAKE) == {"R-1041": "was exported to NetSuite"}


def break_total(report: dict[str, Any]) -> None:
    report["total"] = "lots"


def break_export_time(report: dict[str, Any]) -> None:
    details = {"label": "NetSuite"}
    report["actionList"] = [
        {"action": "EXPORTINTEGRATION", "created": "at noon", "details": details}
    ]


def break_approval_of_an_old_one(report: dict[str, Any]) -> None:
    # Outside of every window of dates: it is asked for by its id.
    report.update(created="2024-01-01 08:00:00", submitted="", approved="1999")


@pytest.mark.parametrize(
    ("breaks", "why"),
    [
        pytest.param(break_total, "its total 'lots' is no amount", id="no amount"),
        pytest.param(break_export_time, "'at noon' in it is no moment", id="no export time"),
        pytest.param(break_approval_of_an_old_one, "'1999' in it is no moment", id="an old one"),
    ],
)
def test_a_report_that_cannot_be_read_is_named_and_stays_as_it_was(
    story: Story, ask: Ask, breaks: Callable[[dict[str, Any]], None], why: str
) -> None:
    story.cycle()
    with story.store() as store:
        before = {report.report_id: report for report in store.reports.pending()}
    breaks(story.office.reports["R-1041"])
    story.office.recode("R-1041", "Sales : Marketing", "Operations : IT")
    story.office.recode("R-1043", "Sales : Marketing", "Operations : IT")
    story.at("09:00").tables.inactivate("class", MARKETING)
    with capture_logs() as logs:
        ends = [story.at(time).cycle().exit_code for time in ("09:15", "09:30")]
    sentence = (
        f"report R-1041 cannot be read ({why}): what was read of it before still stands; look at "
        "it in Expensify"
    )
    assert ends == [0, 0]
    assert [one["error"] for one in logs if one["event"] == "report_unread"] == [sentence]
    assert f"since 2026-11-24 09:15 UTC: {sentence}" in ask("status").out
    assert ask("status", "--json").json("status")["unread_reports"] == [
        {
            "report_id": "R-1041",
            "policy_id": US,
            "why": why,
            "since": "2026-11-24T09:15:00Z",
            "sentence": sentence,
        }
    ]
    with story.store() as store:
        after = {report.report_id: report for report in store.reports.pending()}
        assert store.reports.departures(["R-1041"]) == {}
    assert after.keys() == before.keys()
    assert after["R-1041"] == before["R-1041"]
    assert at_stake(story) == ["R-1041", "R-1050"], "the others are read"


def test_a_report_that_can_be_read_again_is_named_no_more(story: Story, ask: Ask) -> None:
    story.office.reports["R-1041"]["total"] = "lots"
    assert goes_on(story).exit_code == 0
    assert at_stake(story) == ["R-1043", "R-1050"], "of one never read nothing is known"
    story.office.reports["R-1041"]["total"] = 81200
    story.at("09:30").cycle()
    assert ask("status", "--json").json("status")["unread_reports"] == []
    assert at_stake(story) == AT_STAKE


@pytest.mark.parametrize(
    ("hidden", "sentence"),
    [
        pytest.param(
            [UK],
            f"Expensify shows no workspace {UK} to the monitor: check [[workspace]] policy_id, and "
            "that the credential's owner is an admin of it",
            id="one of several workspaces is out of sight",
        ),
        pytest.param(
            [US, UK],
            "Expensify does not know a workspace (404 Policy not found): check [[workspace]] "
            "policy_id",
            id="all workspaces are out of sight",
        ),
    ],
)
def test_a_workspace_out_of_sight_is_named_and_none_of_its_reports_is_gone(
    story: Story, ask: Ask, hidden: list[str], sentence: str
) -> None:
    goes_on(story)
    policies, reports = dict(story.office.policies), dict(story.office.reports)
    for policy_id in hidden:
        del story.office.policies[policy_id]
    for report_id, report in reports.items():
        if report["policyID"] in hidden:
            del story.office.reports[report_id]
    story.tables.inactivate("class", "21")
    result = story.at("09:30").cycle()
    assert (result.exit_code, result.failures) == (2, (sentence,))
    assert result.snapshot is not None, "NetSuite is read and judged all the same"
    assert at_stake(story, f"{US}/class:21") == ["R-1044"]
    assert sentence in ask("status").out
    with story.store() as store:
        assert set(store.reports.pending_ids()) == set(reports)
        assert store.reports.departures(sorted(reports)) == {}
    story.office.policies.update(policies)
    story.office.reports.update(reports)
    assert story.at("09:45").cycle().exit_code == 0
    assert at_stake(story) == AT_STAKE


@pytest.mark.parametrize(
    ("unread", "readable", "is_void"),
    [
        pytest.param(4, 1, False, id="four are odd ones, however many there are"),
        pytest.param(5, 45, False, id="five in fifty are a tenth"),
        pytest.param(5, 44, True, id="five in forty-nine are more"),
        pytest.param(5, 0, True, id="all of them"),
    ],
)
def test_a_mass_of_reports_that_cannot_be_read_voids_the_reading(
    unread: int, readable: int, is_void: bool
) -> None:
    source = Babbling(unread, readable)
    before = [f"R{number:02}" for number in range(unread)]
    read = functools.partial(
        read_expensify, source, [a_workspace()], pending_before=before, taken_at=NOW
    )
    if is_void:
        with pytest.raises(SourceError, match=f"^{unread} of the {unread + readable} reports") as e:
            read()
        assert str(e.value).endswith(
            "reports that Expensify sent cannot be read (the first is report R00: its total 'lots' "
            "is no amount): nothing of this reading is kept"
        )
    else:
        reading = read()
        assert (len(reading.unread), len(reading.reports), reading.departed) == (
            unread, readable, {},
        )  # fmt: skip


def test_a_mass_of_reports_that_cannot_be_read_is_blindness(story: Story, ask: Ask) -> None:
    goes_on(story)
    reports = [story.office.reports[report_id] for report_id in sorted(story.office.reports)[:5]]
    totals = [report["total"] for report in reports]
    for report in reports:
        report["total"] = "lots"
    results = [story.at(time).cycle() for time in ("09:30", "10:00", "10:30", "11:00")]
    assert {result.exit_code for result in results} == {2}
    told = [one for result in results for one in story.told(result)]
    assert told == ["blind edit", "blind reply"]
    text, status = ask("status").out, ask("status", "--json").json("status")
    assert "cannot be read (the first is report R-1041: its total 'lots' is no amount)" in text
    assert status["unread_reports"] == []
    for report, total in zip(reports, totals, strict=True):
        report["total"] = total
    assert story.at("11:15").cycle().exit_code == 0


class Babbling:
    """An Expensify that shows so many reports which cannot be read, the last first."""

    def __init__(self, unread: int, readable: int) -> None:
        self._unread = tuple(
            UnreadReport(f"R{number:02}", US, "its total 'lots' is no amount")
            for number in reversed(range(unread))
        )
        self._readable = tuple(a_report(f"R{100 + number}") for number in range(readable))

    def reports(
        self, workspaces: Sequence[Workspace], *, now: datetime
    ) -> tuple[PendingReport | UnreadReport, ...]:
        return (*self._unread, *self._readable)

    def reports_by_id(
        self, report_ids: Sequence[str], workspaces: Sequence[Workspace]
    ) -> tuple[PendingReport, ...]:
        raise AssertionError("all are in the first answer")

    def lists(self, policy_ids: Sequence[str]) -> tuple[PolicyLists, ...]:
        return ()


class Fading:
    """An Expensify that shows the workspace so many times, and then no more."""

    def __init__(self, answers: int) -> None:
        self._answers = answers

    def _is_shown(self) -> bool:
        self._answers -= 1
        return self._answers >= 0

    def reports(
        self, workspaces: Sequence[Workspace], *, now: datetime
    ) -> tuple[PendingReport, ...]:
        return (a_report("R1"),) if self._is_shown() else ()

    def reports_by_id(
        self, report_ids: Sequence[str], workspaces: Sequence[Workspace]
    ) -> tuple[PendingReport, ...]:
        return tuple(map(a_report, report_ids)) if self._is_shown() else ()

    def lists(self, policy_ids: Sequence[str]) -> tuple[PolicyLists, ...]:
        if not self._is_shown():
            raise SourceError("Expensify shows no workspace", source="expensify")
        return ()


@pytest.mark.parametrize("answers", range(4))
def test_a_workspace_that_falls_out_of_sight_at_any_moment_loses_no_report(answers: int) -> None:
    departed: dict[str, str] = {}
    with contextlib.suppress(SourceError):
        reading = read_expensify(
            Fading(answers), [a_workspace()], pending_before=["R1", "R2"], taken_at=NOW
        )
        departed = dict(reading.departed)
    assert departed == {}


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        pytest.param(
            {"id": US, "connections": {"quickbooksOnline": {"lastSync": {}, "config": {}}}},
            "the policy is connected to quickbooksOnline and not to NetSuite: export that of the "
            "workspace that is",
            id="a policy of another connection",
        ),
        pytest.param(
            {"id": UK, "connections": {"netsuite": {"lastSyncDate": "2026-11-24T08:00:00Z"}}},
            f"the file is of another policy ({UK}): Acme US is {US}",
            id="a policy of another workspace",
        ),
        pytest.param(
            {"id": US, "connections": {"netsuite": {"lastSyncDate": "2026-11-24T08:00:00"}}},
            "lastSyncDate in the file has no zone (2026-11-24T08:00:00): export the policy once "
            "more",
            id="a sync without a zone",
        ),
    ],
)
def test_an_exported_policy_that_says_nothing_of_this_sync_changes_nothing(
    story: Story, ask: Ask, tmp_path: Path, policy: dict[str, Any], sentence: str
) -> None:
    goes_on(story)
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(policy))
    with story.store() as store:
        before = store.evidence.all(US)
    assert ask("synced", "Acme US", "--from-json", str(file)) == Ended(
        2, "", f"monitor: {sentence}\n"
    )
    with story.store() as store:
        assert store.evidence.all(US) == before


def test_outcomes_of_unknown_reports_are_named_and_the_others_are_kept(
    story: Story, ask: Ask, tmp_path: Path
) -> None:
    goes_on(story)
    file = tmp_path / "outcomes.csv"
    file.write_text(
        "report_id,at,outcome,code\n"
        "R-9999,2026-11-24T09:30,failed,NS0831\n"
        ",2026-11-24T09:30,exported,\n"
        "R-1041,2026-11-24T09:30,failed,NS0831\n"
    )
    ended = ask("score", "--import", str(file), "--json")
    assert (ended.code, ended.err.splitlines()) == (
        2,
        [
            "monitor: line 2: report R-9999 was never read by the monitor",
            "monitor: line 3: report (without id) was never read by the monitor",
            "monitor: 3 rows read: 1 counts, 2 rows were not used",
            "monitor: correct or remove them and import the file once more "
            "(what is known already counts once)",
        ],
    )
    assert ended.json("score")["whole"]["outcomes"]["failed_as_predicted"] == 1
