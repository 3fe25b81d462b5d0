"""`monitor what-if`, through the real command, over what cycles recorded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from monitor.core.records import ListState, Record
from tests.core.builders import a_line, a_report, a_subsidiary
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import UK, US, Memory, a_class

SALES = Record("class", "10", "Sales", "Sales", False, subsidiary_ids=("1",))
MARKETING = a_class(parent_id="10", subsidiary_ids=("1", "3"))
OTHERS = (
    a_subsidiary("1"),
    a_subsidiary("3"),
    SALES,
    a_class("7", "Field", parent_id="10"),
    a_class("30", "Old", parent_id="10", is_inactive=True),
)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Three reports: of Marketing, of Field, and of a class that is inactive since ever."""
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(hours=2), MARKETING, *OTHERS)
    memory.synced(US, ago(hours=1), read=ago(minutes=1))
    memory.reads(ago(minutes=5), MARKETING, *OTHERS)
    memory.waits(
        a_report("R1"),
        a_report("R2", a_line("Sales : Field"), total=Decimal("98.50"), currency="EUR"),
        a_report("R3", a_line("Sales : Old")),
    )
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def fates(monitor: Run, *arguments: str) -> dict[str, Any]:
    """Which reports would meet which fate; a fate of no report is left out."""
    answer = monitor("what-if", *arguments, "--json").json("what-if")
    return {
        fate: [f"{one['report_id']} {one['cause']}" for one in answer[fate]]
        for fate in ("broken", "doubtful", "cured", "cured_by_sync")
        if answer[fate]
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            ["--inactivate", "class:12"], {"broken": ["R1 inactive"]}, id="inactivated: R1 breaks"
        ),
        pytest.param(["--delete", "class:12"], {"broken": ["R1 deleted"]}, id="deleted: R1 breaks"),
        pytest.param(
            ["--remove-subsidiary", "class:12=1"],
            {"broken": ["R1 outside_subsidiary"]},
            id="taken from the workspace's subsidiary: R1 breaks",
        ),
        pytest.param(
            ["--remove-subsidiary", "class:12=3"], {}, id="taken from another one: nothing"
        ),
        pytest.param(
            ["--rename", "class:12=Brand"],
            {"doubtful": ["R1 edited_since_sync"]},
            id="renamed: R1 may break",
        ),
        pytest.param(
            ["--rename", "class:10=Vendas"],
            {"doubtful": ["R1 edited_since_sync", "R2 edited_since_sync"]},
            id="renamed above: whatever lies below may break",
        ),
        pytest.param(
            ["--inactivate", "class:10"],
            {"doubtful": ["R1 parent_inactive", "R2 parent_inactive"]},
            id="inactivated above: whatever lies below may break",
        ),
        pytest.param(
            ["--move", "class:12=none"],
            {"doubtful": ["R1 edited_since_sync"]},
            id="moved: R1 may break",
        ),
        pytest.param(
            ["--reactivate", "class:30"],
            {"cured_by_sync": ["R3 inactive"]},
            id="reactivated: R3 waits for a sync only",
        ),
        pytest.param(
            ["--inactivate", "class:12", "--delete", "class:7"],
            {"broken": ["R1 inactive", "R2 deleted"]},
            id="several at once",
        ),
        pytest.param(
            ["--inactivate", "class:12", "--workspace", "Acme UK"],
            {},
            id="another workspace's reports: nothing",
        ),
    ],
)
def test_the_same_rules_judge_what_would_be(
    monitor: Run, arguments: list[str], expected: dict[str, Any]
) -> None:
    assert fates(monitor, *arguments) == expected


def test_what_undoes_a_change_that_was_not_imported_cures(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=2), MARKETING._replace(is_inactive=True), *OTHERS)
    assert fates(monitor, "--reactivate", "class:12") == {"cured": ["R1 inactive"]}


def test_what_waits_for_a_sync_already_is_not_cured_by_it(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=3), MARKETING._replace(is_inactive=True), *OTHERS)
    memory.synced(US, ago(minutes=2), read=ago(minutes=1))
    memory.reads(ago(seconds=30), MARKETING, *OTHERS)
    assert fates(monitor, "--rename", "class:7=Garden") == {"doubtful": ["R2 edited_since_sync"]}


def test_amounts_are_told_currency_by_currency(monitor: Run) -> None:
    answer = monitor("what-if", "--delete", "class:12", "--delete", "class:7", "--json").json(
        "what-if"
    )
    assert answer["totals"] == [
        {"currency": "EUR", "amount": "98.50", "reports": 1, "submitters": 1},
        {"currency": "USD", "amount": "812.00", "reports": 1, "submitters": 1},
    ]
    assert [(one["id"], one["is_deleted"]) for one in answer["changed"]] == [
        ("7", True),
        ("12", True),
    ]


def test_text_says_what_would_change_and_what_would_break(monitor: Run) -> None:
    ended = monitor("what-if", "--inactivate", "class:12", "--reactivate", "class:30")
    assert ended.out.splitlines() == [
        "Would change in NetSuite",
        "  class:12 Sales : Marketing: inactive: no → yes",
        "  class:30 Sales : Old: inactive: yes → no",
        "",
        "Would break",
        "  R1  Trip to Boston  ana@acme.example  approved  USD 812.00  Acme US  "
        "will fail with NS0831  class “Sales : Marketing” is inactive in NetSuite",
        "",
        "Would be cured by a Sync after it",
        "  R3  Trip to Boston  ana@acme.example  approved  USD 812.00  Acme US  "
        "now: class “Sales : Old” is inactive in NetSuite",
        "",
        "Total that would break: USD 812.00 in 1 report of 1 person",
    ]
    assert ended.err == ""


def test_nothing_would_break_is_said_aside(monitor: Run) -> None:
    ended = monitor("what-if", "--remove-subsidiary", "class:12=3")
    assert ended.err == "No pending report would break, as far as the monitor can see.\n"
    assert "subsidiaries: 1, 3 → 1" in ended.out


def test_what_only_may_break_is_counted_and_summed_up(monitor: Run) -> None:
    ended = monitor("what-if", "--inactivate", "class:10", "--exit-code")
    assert (ended.code, ended.err) == (0, "No pending report would break for certain; 2 may.\n")
    assert ended.out.splitlines()[-2:] == [
        "Total that may break: EUR 98.50 in 1 report of 1 person",
        "Total that may break: USD 812.00 in 1 report of 1 person",
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--inactivate", "class:12"], 0, id="not asked for a code"),
        pytest.param(["--inactivate", "class:12", "--exit-code"], 1, id="a report would break"),
        pytest.param(["--rename", "class:12=Brand", "--exit-code"], 0, id="it only may break"),
        pytest.param(["--reactivate", "class:30", "--exit-code"], 0, id="what fails already"),
    ],
)
def test_it_ends_1_only_when_asked_and_something_would_break(
    monitor: Run, arguments: list[str], code: int
) -> None:
    assert monitor("what-if", *arguments).code == code


def test_what_cannot_be_seen_ends_3_when_asked(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=2), MARKETING, *OTHERS, states={"class": ListState.BLIND})
    ended = monitor("what-if", "--inactivate", "class:12", "--exit-code")
    assert ended.code == 3
    assert "the list class cannot be read now: nothing is predicted about it" in ended.err


def test_a_kind_that_no_workspace_keeps_says_so(memory: Memory, monitor: Run) -> None:
    place = Record("location", "5", "London", "London", False)
    memory.reads(ago(minutes=2), MARKETING, *OTHERS, place)
    ended = monitor("what-if", "--inactivate", "location:5", "--exit-code")
    assert ended.code == 0
    assert "no workspace asked about keeps a location" in ended.err


def test_a_change_that_is_none_says_so_by_name_beside_one_that_is(monitor: Run) -> None:
    ended = monitor("what-if", "--inactivate", "class:30", "--inactivate", "class:12")
    assert ended.err == (
        "monitor: class:30 “Sales : Old” is inactive already: nothing would change by that\n"
    )
    assert "R1  Trip to Boston" in ended.out


def test_changes_come_from_a_file_too(tmp_path: Path, monitor: Run) -> None:
    file = tmp_path / "changes.csv"
    file.write_text(
        "\ufeffkind,id,change,value\nclass,12,inactivate,\n\nclass,7,Remove_Subsidiary,1\n"
        'class,7,add-subsidiary,subsidiary:3\nclass,10,rename,"Sales, all"\n'
    )
    assert fates(monitor, "--from-csv", str(file), "--delete", "class:30") == {
        "broken": ["R1 inactive", "R2 outside_subsidiary"]
    }


ROWS = [
    pytest.param("class,12,explode,", "line 2: there is no change 'explode'", id="no such change"),
    pytest.param("klass,12,delete,", "line 2: there is no list 'klass'", id="no such list"),
    pytest.param("class,twelve,delete,", "line 2: 'class:twelve' names no record", id="no id"),
    pytest.param("class,99,delete,", "line 2: there is no class:99", id="no such record"),
    pytest.param("class,12", "line 2: the line has 2 of 4 columns", id="a short line"),
    pytest.param(
        "class;12;delete;",
        "the line has 1 of 4 columns: columns are separated by commas",
        id="semicolons below a header with commas",
    ),
    pytest.param(
        "class,12,,",
        "line 2: say what to do: one of inactivate, reactivate, rename",
        id="no change at all",
    ),
    pytest.param(
        "klass,12,explode,",
        "line 2: there is no change 'explode': write one of inactivate, reactivate, rename, move, "
        "remove-subsidiary, add-subsidiary, delete; there is no list 'klass'",
        id="neither a change nor a list",
    ),
    pytest.param("class,12,delete,,x", "line 2: more than 4 cells", id="a long line"),
    pytest.param('class,12,rename,"Br', "line 2: ", id="an open quote"),
    pytest.param("class,12,rename,", "line 2: say what to rename class:12 to", id="no name"),
    pytest.param("class,12,delete,x", "line 2: delete takes no value", id="a value too many"),
    pytest.param("class,12,move,project:5", "'project:5' is no class", id="another kind's parent"),
    pytest.param("subsidiary,1,delete,", "subsidiaries themselves", id="a subsidiary"),
]


@pytest.mark.parametrize(("row", "said"), ROWS)
def test_a_bad_row_is_refused_with_its_line(
    tmp_path: Path, monitor: Run, row: str, said: str
) -> None:
    file = tmp_path / "changes.csv"
    file.write_text(f"kind,id,change,value\n{row}\n")
    ended = monitor("what-if", "--from-csv", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "{file}: its first line must be kind,id,change,value", id="empty"),
        pytest.param(
            b"id,kind\n1,class\n",
            "{file}: its first line must be kind,id,change,value",
            id="another header",
        ),
        pytest.param(
            b"kind,id,change,value\n\n",
            "{file} has no changes below its first line",
            id="only a header",
        ),
        pytest.param(
            b"kind;id;change;value\nclass;12;delete;\n",
            "{file}: columns are separated by commas",
            id="semicolons",
        ),
        pytest.param(
            b"\xff\xfe\x00", "{file} is not UTF-8: save it as CSV UTF-8", id="another encoding"
        ),
        pytest.param(None, "{file} cannot be read: no such file or directory", id="no file"),
    ],
)
def test_a_file_that_is_none_is_refused(
    tmp_path: Path, monitor: Run, content: bytes | None, said: str
) -> None:
    file = tmp_path / "changes.csv"
    if content is not None:
        file.write_bytes(content)
    ended = monitor("what-if", "--from-csv", str(file))
    assert (ended.code, ended.err) == (2, f"monitor: {said.format(file=file)}\n")


def test_every_bad_line_of_a_file_is_told_in_order(tmp_path: Path, monitor: Run) -> None:
    file = tmp_path / "changes.csv"
    rows = ["class,99,delete,", "class,12", 'class,12,rename,"Br', "class,7,inactivate,"]
    rows += ["class,98,inactivate,", "klass,1,delete,", "class,10,move,12", "class,12,rename,"]
    file.write_text("\n".join(["kind,id,change,value", *rows]))
    ended = monitor("what-if", "--from-csv", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert [line.removeprefix(f"monitor: {file}, ") for line in ended.err.splitlines()] == [
        "line 2: there is no class:99 in NetSuite",
        "line 3: the line has 2 of 4 columns",
        "line 4: the quotes of the line do not match (unexpected end of data)",
        "line 6: there is no class:98 in NetSuite",
        "line 7: there is no list 'klass': did you mean class?",
        "line 8: class:10 would lie below itself",
        "line 9: say what to rename class:12 to",
    ]


def test_all_mistakes_are_told_at_once(tmp_path: Path, monitor: Run) -> None:
    file = tmp_path / "changes.csv"
    file.write_text("kind,id,change,value\nklass,1,delete,\nclass,1,explode,\n")
    ended = monitor("what-if", "--inactivate", "12", "--from-csv", str(file))
    assert ended.code == 2
    assert [line.partition(": ")[2] for line in ended.err.splitlines()] == [
        "--inactivate 12: '12' names no record: write KIND:ID with NetSuite's internal id, "
        "like class:12",
        f"{file}, line 2: there is no list 'klass': did you mean class?",
        f"{file}, line 3: there is no change 'explode': write one of inactivate, reactivate, "
        "rename, move, remove-subsidiary, add-subsidiary, delete",
    ]
    ended = monitor("what-if", "--move", "class:10=12", "--delete", "class:99")
    assert ended.err.splitlines() == [
        "monitor: --move class:10=12: class:10 would lie below itself",
        "monitor: --delete class:99: there is no class:99 in NetSuite",
    ]


def test_without_a_change_it_says_what_to_write(monitor: Run) -> None:
    ended = monitor("what-if")
    assert (ended.code, "--inactivate class:12" in ended.err) == (2, True)


def test_before_anything_was_read_nothing_is_rehearsed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db")
    memory.knows_settings()
    assert asking(memory.path, capsys)("what-if", "--delete", "class:12").code == 3


def test_it_writes_nothing(memory: Memory, monitor: Run) -> None:
    before = memory.path.read_bytes()
    monitor("what-if", "--delete", "class:12")
    assert memory.path.read_bytes() == before
