"""`monitor report`, through the real command: what the page of a day tells, and where it is put."""

from __future__ import annotations

import os
import re
import stat
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.answers.known import known
from monitor.answers.review import review_of
from monitor.cli import main
from monitor.cli.files import write_private
from monitor.core.alerts import Alert, RiskState, TrackedRisk
from monitor.core.notes import Note
from monitor.core.places import SetUpQuestion
from monitor.core.records import ListState, Ref
from monitor.core.reports import UnreadReport
from monitor.errors import StoreError, UsageError
from monitor.simulator.sample import MARKETING
from tests.core.builders import a_risk, an_exposed_report
from tests.pages import Part, read
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import UK, US, Memory, a_class
from tests.scenarios.story import Story, a_story

SINCE = ("--since", "2026-11-24")
OURS = ("#", "https://new.expensify.com/r/", "https://1234567.app.netsuite.com/app/common/")
PARTS = ["freshness", "risks", "alerts", "changes", "blindness", "score"]
PEOPLE = re.compile(r"\b(dana|omar|ines|priya|jonas|tom)\b", re.I)

Page = Callable[..., Part]


def tell(story: Story) -> None:
    """A class comes and goes, NetSuite is away, two classes go, one report fails for real."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", "21")
    story.at("09:15").cycle()
    story.tables.reactivate("class", "21")
    story.at("09:30").cycle()
    story.world.netsuite.faults.always("500")
    story.at("11:30").cycle()
    story.world.netsuite.faults.clear()
    story.at("11:45").tables.inactivate("class", MARKETING)
    story.tables.inactivate("employee", "505")
    story.at("12:00").cycle()
    story.clock.sleep(1)
    story.world.export("R-1043")
    story.at("12:15").cycle()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with a_story(tmp_path_factory.mktemp("told")) as story:
        tell(story)
        yield story


@pytest.fixture
def page(told: Story, capsys: pytest.CaptureFixture[str]) -> Page:
    """The page of that day, read back."""
    run = asking(told.app.settings.database, capsys)

    def of(*arguments: str) -> Part:
        ended = run("report", "-o", "-", *SINCE, *arguments)
        assert ended.code == 0
        return read(ended.out)

    return of


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(minutes=40), a_class())
    memory.reads(ago(minutes=5), a_class(is_inactive=True))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def test_its_head_says_whose_page_it_is_and_of_which_time(page: Page) -> None:
    whole = page()
    (header,) = whole.all("header")
    facts = dict(zip(header.texts("dt"), header.texts("dd"), strict=True))
    assert facts["NetSuite account"] == "1234567"
    assert facts["Workspaces"] == "Acme US, Acme UK"
    assert facts["Time told of"].startswith("2026-11-24 08:00 UTC to ")
    assert facts["Time zone"] == "UTC"
    assert whole.texts("title")[0].startswith("Sync drift report: NetSuite 1234567, ")


def test_its_parts_are_those_that_its_head_leads_to(page: Page) -> None:
    whole = page()
    (nav,) = whole.all("nav")
    assert [one.attributes["href"] for one in nav.all("a")] == [f"#{name}" for name in PARTS]
    assert [one.attributes["id"] for one in whole.all("section")] == PARTS
    (summary,) = [one for one in whole.all("ul") if one.attributes.get("class") == "summary"]
    assert summary.texts("li") == [
        "2 risks now",
        "4 reports would fail",
        "GBP 610.00 + USD 2,336.50 is at stake",
        "2 alerts open",
        "4 changes in NetSuite in this time",
    ]


def test_freshness_names_the_sources_and_the_evidence_of_every_sync(page: Page) -> None:
    fresh = page()["freshness"]
    assert [row[:2] for row in fresh.rows()] == [
        ["NetSuite", "2026-11-24 12:15 UTC"],
        ["Expensify", "2026-11-24 12:15 UTC"],
    ]
    syncs = [one.text for one in fresh.all("div") if one.attributes.get("class") == "sync"]
    assert [one.partition(":")[0] for one in syncs] == ["Acme US", "Acme UK"]
    assert all("no sync started between" in one for one in syncs)
    assert "login audit: shows the logins of Expensify Connect" in fresh.text


def test_a_risk_says_what_how_surely_who_what_to_do_and_which_reports(page: Page) -> None:
    first, second = page()["risks"].all("article")
    assert first.texts("h3") == ["Class “Sales : Marketing” is inactive in NetSuite"]
    assert "will fail with NS0831 Acme US · alert 3" in first.text
    assert "Since 2026-11-24 11:45 UTC by Dana Lee." in first.text
    assert "Expensify has not imported it" in first.text
    assert "Sync" in first.texts("ol")[0]
    assert first.rows() == [
        [
            "Omar's expenses (R-1043)",
            "omar.haddad@acme.example",
            first.rows()[0][2],
            "USD 1,300.50",
            "Class tag “Sales : Marketing” on 2 of 2 lines",
        ],
        [
            "Dana's expenses (R-1041)",
            "dana.lee@acme.example",
            first.rows()[1][2],
            "USD 812.00",
            "Class tag “Sales : Marketing” on 2 of 2 lines",
        ],
        [
            "Ines's expenses (R-1050)",
            "ines.costa@acme.example",
            first.rows()[2][2],
            "USD 224.00",
            "Class tag “Sales : Marketing” on 2 of 2 lines",
        ],
    ]
    assert first.rows()[0][2].startswith("export failed, paused")
    assert [one.attributes["href"] for one in first.all("a")] == [
        "https://1234567.app.netsuite.com/app/common/otherlists/classtype.nl?id=12",
        *(f"https://new.expensify.com/r/{one}" for one in ("R-1043", "R-1041", "R-1050")),
    ]
    assert "is expected to fail with NS0023 Acme UK" in second.text


def test_alerts_are_told_newest_first_with_a_bar_where_each_was_open(page: Page) -> None:
    told = page()["alerts"]
    rows = told.rows()
    assert [row[:4] for row in rows] == [
        ["4", "Acme UK", "2026-11-24 12:00 UTC", "open"],
        ["3", "Acme US", "2026-11-24 12:00 UTC", "open"],
        ["2", "(the monitor itself)", "2026-11-24 11:30 UTC", "2026-11-24 12:00 UTC"],
        ["1", "Acme US", "2026-11-24 09:15 UTC", "2026-11-24 09:30 UTC"],
    ]
    assert rows[3][4:8] == ["15 min", "1", "1", "2"]
    assert "no longer at risk, after 15 min" in rows[3][8]
    (picture,) = told.all("figure")
    assert picture.attributes["aria-hidden"] == "true"
    bars = [one for one in picture.all("rect") if one.attributes["class"] != "track"]
    assert [one.attributes["class"] for one in bars] == ["open", "open", "resolved", "resolved"]
    begins = [int(one.attributes["x"]) for one in bars]
    assert begins == sorted(begins, reverse=True)
    ends = [int(one.attributes["x"]) + int(one.attributes["width"]) for one in bars]
    assert ends[:2] == [1000, 1000]
    assert all(end <= 1000 for end in ends)


def test_changes_stand_by_the_day_with_who_and_whether_expensify_has_them(page: Page) -> None:
    changes = page()["changes"]
    assert changes.texts("h3") == ["Tuesday, 2026-11-24"]
    assert changes.rows() == [
        [
            "class “Sales : Marketing” class:12",
            "inactivated",
            "inactive: no → yes",
            *("Dana Lee", "2026-11-24 11:45 UTC", "no"),
        ],
        [
            "employee “Priya Nair” employee:505",
            "inactivated",
            "inactive: no → yes",
            *("Dana Lee", "2026-11-24 11:45 UTC", "no"),
        ],
        [
            "class “Engineering : Platform” class:21",
            "reactivated",
            "inactive: yes → no",
            *("Dana Lee", "2026-11-24 09:15 UTC", "no"),
        ],
        [
            "class “Engineering : Platform” class:21",
            "inactivated",
            "inactive: no → yes",
            *("Dana Lee", "2026-11-24 09:00 UTC", "no"),
        ],
    ]


def test_a_time_without_a_reading_is_told(page: Page) -> None:
    rows = page()["blindness"].rows()
    assert [
        "NetSuite",
        "2026-11-24 09:30 UTC",
        "2026-11-24 12:00 UTC",
        "2 h 30 min",
        "no complete reading",
    ] in rows
    assert rows[0][:3] in (
        ["NetSuite", "2026-11-24 12:15 UTC", "it goes on"],
        ["Expensify", "2026-11-24 12:15 UTC", "it goes on"],
    )


def test_the_score_is_told_once_an_export_was_tried(page: Page, monitor: Run) -> None:
    found = page()["score"]
    assert [row[0] for row in found.rows()] == ["inactive", "all"]
    assert found.rows()[1][1].startswith("1 of 1 ")
    assert "No failure was missed." in found.text
    untried = read(monitor("report", "-o", "-").out)
    assert [one.attributes["id"] for one in untried.all("section")] == PARTS[:-1]


def test_an_old_page_warns_before_anything_else(
    page: Page, told: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    (main_part,) = page().all("main")
    first = main_part.inside[0]
    assert isinstance(first, Part)
    assert (first.name, first.attributes["aria-label"]) == ("aside", "Warning")
    assert "NetSuite was last read" in first.text
    ended = asking(told.app.settings.database, capsys)("report", "-o", "-")
    assert ended.code == 0
    assert "monitor: NetSuite was last read" in ended.err


def test_a_fresh_page_warns_of_nothing(monitor: Run) -> None:
    ended = monitor("report", "-o", "-")
    assert (ended.code, ended.err) == (0, "")
    page = read(ended.out)
    assert page.all("aside") == []
    assert "Every rule is on" not in page["risks"].text
    assert "No pending report would fail" in page["risks"].text
    assert "No alert was open" in page["alerts"].text


def test_nothing_on_it_runs_loads_or_leads_elsewhere(page: Page) -> None:
    whole = page()
    assert whole.all("script", "link", "img", "iframe", "object", "form", "base") == []
    (style,) = whole.texts("style")
    assert "url(" not in style and "@import" not in style
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policies = [
        one.attributes["content"] for one in whole.all("meta") if "http-equiv" in one.attributes
    ]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    for one in whole.everything():
        assert not [key for key in one.attributes if key.startswith("on") or key == "style"]
        address = one.attributes.get("href", "#")
        assert address.startswith(OURS)


def test_it_can_be_read_without_eyes(page: Page) -> None:
    whole = page()
    (html,) = whole.all("html")
    assert html.attributes["lang"] == "en"
    assert [len(whole.all(one)) for one in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    ids = [one.attributes["id"] for one in whole.everything() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for section in whole.all("section"):
        assert whole[section.attributes["aria-labelledby"]].name == "h2"
    for table in whole.all("table"):
        assert table.all("caption")[0].text
        assert {one.attributes["scope"] for one in table.all("th")} <= {"col", "row"}
        for row in table.all("tbody")[0].all("tr"):
            labels = [one.attributes["data-label"] for one in row.all("th", "td")]
            assert labels == table.all("thead")[0].texts("th")


@pytest.mark.parametrize("how", ["the option", "the last cycle"])
def test_nobody_is_named_where_people_are_masked(
    told: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path, how: str
) -> None:
    database = told.app.settings.database
    options = ["--mask-people"]
    if how == "the last cycle":
        database = tmp_path / "masked.db"
        database.write_bytes(told.app.settings.database.read_bytes())
        settings = told.app.settings.public()
        settings["alerts"]["mask_people"] = True
        with told.store().open(database) as store, store.immediate():
            store.settings.save(settings, told.clock.now())
        options = []
    text = asking(database, capsys)("report", "-o", "-", *SINCE, *options).out
    assert PEOPLE.findall(text) == []
    page = read(text)
    assert page["risks"].all("article")[0].rows()[0][:2] == ["R-1043", "O.H."]
    assert "by D.L." in page["risks"].text
    assert "Employee “P.N.”" in page["risks"].text
    assert page.texts("footer") != [""]


def test_everybody_who_was_ever_named_is_known_to_the_mask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "people.db", (US, "Acme US"))
    ada = a_class(
        "1", "Ada", kind="employee", parent="A", email="ada@a.example", external_id="Ada7"
    )
    bo = a_class("2", "Bo", kind="employee", parent="B", other_names=("Bobo",))
    memory.reads(ago(minutes=40), a_class(), ada, bo)
    memory.reads(ago(minutes=20), a_class(is_inactive=True, modified_at=ago(minutes=25)), ada)
    memory.reads(ago(minutes=5), a_class(is_inactive=True, modified_at=ago(minutes=25)), ada)
    endangered = (
        a_risk(an_exposed_report("R1", submitter="Cy"), changed_by="Di", full_name="X"),
        a_risk(
            an_exposed_report("R2", submitter="Cy"),
            ref=Ref("employee", "9"),
            full_name="Ed",
            changed_by=None,
        ),
    )
    memory.decided(
        *(TrackedRisk(one, RiskState.OPEN, ago(minutes=5), 1) for one in endangered),
        alerts=[Alert(1, US, ago(minutes=5))],
    )
    run = asking(memory.path, capsys)
    run("ack", "1", "--by", "Flo")
    run("synced", "Acme US", "--by", "Gus")
    with Store.open(memory.path) as store, store.immediate():
        store.notes.add([Note(Ref("class", "12"), ago(minutes=25), "Hal", "isinactive", "F", "T")])
    with known(memory.path) as database:
        people = review_of(database, "30d", None, now=ago(minutes=-1), is_masked=True).people
    assert people is not None
    assert people - {""} == {
        *("Ada", "A : Ada", "ada@a.example", "Ada7", "Bo", "B : Bo", "Bobo"),
        *("Cy", "Di", "Ed", "Flo", "Gus", "Hal"),
    }


@pytest.mark.parametrize("failed", [(), ("--failed", "--note", "login refused")])
def test_who_told_of_a_sync_is_masked_as_well(monitor: Run, failed: tuple[str, ...]) -> None:
    monitor("synced", "Acme US", "--by", "Tove Berg", *failed)
    page, masked = (monitor("report", "-o", "-", *how).out for how in ((), ("--mask-people",)))
    assert "accounting page, Tove Berg" in page
    assert "Tove" not in masked and "accounting page, T.B." in masked
    assert ("login refused" in masked) is bool(failed)


def test_people_are_masked_as_soon_as_the_configuration_says_so(
    told: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = told.config.with_name("masked.toml")
    config.write_text(f"{told.config.read_text()}\n[alerts]\nmask_people = true\n")
    assert main(["--config", str(config), "report", "-o", str(tmp_path / "a.html"), *SINCE]) == 0
    assert PEOPLE.findall((tmp_path / "a.html").read_text()) == []
    assert main(["--config", str(told.config), "report", "-o", str(tmp_path / "b.html")]) == 0
    assert PEOPLE.findall((tmp_path / "b.html").read_text()) != []
    capsys.readouterr()


def test_of_one_workspace_it_tells_nothing_of_the_others(page: Page) -> None:
    whole = page("--workspace", "acme uk")
    assert "Acme US" not in whole.text
    assert [one[0] for one in whole["alerts"].rows()] == ["4", "2"]
    assert len(whole["risks"].all("article")) == 1
    assert len([one for one in whole.all("div") if one.attributes.get("class") == "sync"]) == 1
    assert [one.attributes["id"] for one in whole.all("section")] == PARTS[:-1]


def test_of_one_workspace_it_tells_what_is_not_seen_of_it_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "seen.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(minutes=5), a_class(modified_at=ago(hours=3)))
    memory.synced(UK, ago(hours=9))
    with Store.open(memory.path) as store, store.immediate():
        store.places.ask([SetUpQuestion(one, "tag:1", f"asked of {one}") for one in (US, UK)])
        store.unread.record(
            [UnreadReport(f"R-{one}", one, "it has no lines") for one in (US, UK, "")], ago()
        )
    run = asking(memory.path, capsys)
    both, ours, theirs = (
        read(run("report", "-o", "-", *of).out)["blindness"].text
        for of in ((), ("--workspace", US), ("--workspace", UK))
    )
    whose = {
        US: (f"asked of {US}", f"report R-{US} "),
        UK: (f"asked of {UK}", f"report R-{UK} ", "Acme UK: 1 record edited after the last sync"),
    }
    assert [said in both for said in (*whose[US], *whose[UK], "report R- ")] == [True] * 6
    assert [said in ours for said in (*whose[US], "report R- ")] == [True] * 3
    assert [said in theirs for said in (*whose[UK], "report R- ")] == [True] * 4
    assert [said in ours for said in whose[UK]] == [False] * 3
    assert [said in theirs for said in whose[US]] == [False] * 2


def test_a_list_that_cannot_be_read_is_told_now_and_of_the_past(
    memory: Memory, monitor: Run
) -> None:
    memory.reads(ago(minutes=4), states={"class": ListState.BLIND})
    page = read(monitor("report", "-o", "-").out)
    (now,) = page["blindness"].texts("ul")
    assert "rules that are off" in now
    (row,) = page["blindness"].rows()
    assert (row[0], row[2]) == ("the list class (blind)", "it goes on")
    assert "the list class is blind" in page.all("aside")[0].text


def test_no_cycle_that_commits_meanwhile_is_half_on_the_page(memory: Memory) -> None:
    committed_at: list[int] = []
    statements: list[str] = []

    def commits(statement: str) -> None:
        """Beside every statement that the page asks, a cycle tries to commit."""
        statements.append(statement)
        with suppress(StoreError):
            with writer.immediate():
                writer.sources.failed("netsuite", ago(), "gone", is_permanent=False)
            committed_at.append(len(statements))

    with (
        known(memory.path) as database,
        Store.open(memory.path, patience=timedelta()) as writer,
    ):
        database.store._db.set_trace_callback(commits)
        review_of(database, "30d", None, now=ago())
        database.store._db.set_trace_callback(None)
    assert len(statements) > 20
    assert committed_at == []


def test_the_page_is_there_whole_and_only_for_its_owner(
    memory: Memory, monitor: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    file = folder / "page.html"
    file.write_text("<!DOCTYPE html><title>an older page")
    file.chmod(0o644)
    ended = monitor("report", "-o", str(file))
    assert re.fullmatch(rf"Wrote {re.escape(str(file))} \(\d+ kB\)\.\n", ended.out)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(file.read_text()).texts("h1") == ["Sync drift report"]
    assert [one.name for one in folder.iterdir()] == ["page.html"]


def test_a_file_that_is_empty_yet_becomes_the_page(monitor: Run, tmp_path: Path) -> None:
    file = tmp_path / "made-by-mktemp"
    file.touch()
    assert monitor("report", "-o", str(file)).code == 0
    assert read(file.read_text()).texts("h1") == ["Sync drift report"]


def test_a_page_that_cannot_take_its_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(UsageError, match="cannot be written: is a directory"):
        write_private(tmp_path / "page.html", b"a page")
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        pytest.param("", "is a folder: name a file in it", id="a folder"),
        pytest.param("none/page.html", "there is no folder", id="a folder that is not there"),
        pytest.param("../monitor.db", "is there and is something else", id="the database"),
        pytest.param("../monitor.toml", "is there and is something else", id="a configuration"),
        pytest.param("pipe", "is no file that can be replaced", id="a pipe"),
        pytest.param("x" * 300, "cannot be written: file name too long", id="no name for a file"),
    ],
)
def test_what_cannot_be_replaced_is_refused_in_one_sentence(
    memory: Memory, monitor: Run, tmp_path: Path, place: str, said: str
) -> None:
    (tmp_path / "pages").mkdir()
    os.mkfifo(tmp_path / "pages" / "pipe")
    (tmp_path / "monitor.toml").write_text("[slack]")
    before = memory.path.read_bytes()
    ended = monitor("report", "-o", str(tmp_path / "pages" / place))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err and len(ended.err.splitlines()) == 1
    assert memory.path.read_bytes() == before
    assert (tmp_path / "monitor.toml").read_text() == "[slack]"
    assert [one.name for one in (tmp_path / "pages").iterdir()] == ["pipe"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--since", "soon"), "is no moment", id="no moment"),
        pytest.param(("--since", "@99"), "there is no snapshot @99", id="no such snapshot"),
        pytest.param(("--workspace", "X"), "there is no workspace 'X'", id="no such workspace"),
    ],
)
def test_what_cannot_be_understood_ends_two(
    monitor: Run, arguments: tuple[str, ...], said: str
) -> None:
    ended = monitor("report", "-o", "-", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_before_the_first_reading_there_is_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.html"
    for database in (tmp_path / "none.db", tmp_path / "empty.db"):
        if database.name == "empty.db":
            Memory(database).knows_settings()
        ended = asking(database, capsys)("report", "-o", str(file))
        assert (ended.code, ended.out) == (3, "")
        assert not file.exists()


def test_what_cannot_be_understood_is_told_also_before_the_first_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = asking(tmp_path / "none.db", capsys)("report", "-o", "-", "--since", "soon")
    assert (ended.code, ended.out) == (2, "")
    assert "'soon' is no moment" in ended.err
