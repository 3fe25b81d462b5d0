"""A table that is wider than the terminal goes on below; elsewhere a row stays one line."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output.folding import fold
from monitor.cli.output.tables import headed, table
from tests.core.builders import a_report
from tests.scenarios.asking import ago
from tests.scenarios.memory import US, Memory, a_class

ROWS = [
    ("R-1", "Boston", "USD 812.00", "will fail", "class “Sales” is inactive in NetSuite"),
    ("R-20", "Rome", "USD 1,300.50", "may fail", ""),
]
_ROOT = Path(__file__).parents[1]


def test_without_a_terminal_a_row_is_one_line() -> None:
    assert table(ROWS) == [
        "R-1   Boston  USD 812.00    will fail  class “Sales” is inactive in NetSuite",
        "R-20  Rome    USD 1,300.50  may fail",
    ]


def test_where_it_fits_nothing_goes_below() -> None:
    assert table(ROWS, room=76) == table(ROWS)
    assert len(table(ROWS, room=75)) == 3


def test_what_does_not_fit_goes_below_in_columns_and_only_a_sentence_is_wrapped() -> None:
    assert table(ROWS, room=30) == [
        "R-1   Boston  USD 812.00",
        "    will fail",
        "    class “Sales” is inactive",
        "    in NetSuite",
        "R-20  Rome    USD 1,300.50",
        "    may fail",
    ]


def test_where_only_sentences_are_too_wide_they_are_wrapped_beside_their_row() -> None:
    assert table(ROWS, room=64) == [
        "R-1   Boston  USD 812.00    will fail  class “Sales” is inactive",
        "                                       in NetSuite",
        "R-20  Rome    USD 1,300.50  may fail",
    ]


def test_under_a_heading_what_does_not_fit_is_a_block_a_row() -> None:
    head = ("report", "name", "amount", "verdict", "why")
    assert headed(head, ROWS, room=40) == [
        "report R-1",
        "  name     Boston",
        "  amount   USD 812.00",
        "  verdict  will fail",
        "  why      class “Sales” is inactive in",
        "           NetSuite",
        "",
        "report R-20",
        "  name     Rome",
        "  amount   USD 1,300.50",
        "  verdict  may fail",
    ]
    assert headed(head, ROWS, room=80) == headed(head, ROWS) == table([head, *ROWS])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("It is in order.", ["It is in order."], id="what fits stays"),
        pytest.param(
            "  It is inactive in NetSuite", ["  It is inactive", "    in NetSuite"], id="a sentence"
        ),
        pytest.param(
            "  1. Recode it to some class",
            ["  1. Recode it to", "     some class"],
            id="a step",
        ),
        pytest.param(
            "see https://netsuite.example/21 first",
            ["see", "  https://netsuite.example/21", "  first"],
            id="an address stays whole",
        ),
        pytest.param("营业部 市场 部 A B C", ["营业部 市场 部 A", "  B C"], id="wide characters"),
        pytest.param("one\n\ntwo", ["one", "", "two"], id="paragraphs"),
    ],
)
def test_a_line_that_is_too_wide_goes_on_under_its_own_text(text: str, lines: list[str]) -> None:
    assert fold(text, 17).split("\n") == lines
    assert fold(text, None) == text


@given(st.text("ab1. \n→", max_size=80), st.integers(min_value=1, max_value=40))
def test_folding_keeps_every_word_in_its_order(text: str, room: int) -> None:
    assert fold(text, room).split() == text.split()


def test_colours_take_no_room() -> None:
    painted = [(*row[:3], click.style(row[3], fg="red"), row[4]) for row in ROWS]
    assert [click.unstyle(line) for line in table(painted, room=40)] == table(ROWS, room=40)


@given(
    st.lists(st.tuples(*[st.text("ab-1", min_size=1, max_size=9)] * 4), min_size=1, max_size=4),
    st.integers(min_value=13, max_value=60),
)
def test_no_cell_is_ever_broken_and_no_line_is_wider(
    rows: list[tuple[str, ...]], room: int
) -> None:
    lines = table(rows, room=room)
    assert " ".join(lines).split() == [cell for row in rows for cell in row]
    assert max(map(len, lines)) <= room


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["what-if", "--inactivate", "class:12"], id="what-if"),
        pytest.param(["explain", f"{US}/class:12"], id="explain"),
    ],
)
def test_a_narrow_terminal_gets_its_tables_folded_a_pipe_does_not(
    tmp_path: Path, arguments: list[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"))
    memory.reads(ago(minutes=5), a_class())
    memory.waits(a_report("R-1041", name="A long name of a trip to Boston and to New York"))
    command = [sys.executable, "-m", "monitor", "--db", str(memory.path), *arguments]
    whole = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=True).stdout
    narrow = _on_a_terminal(command, columns=60)
    rows = [line for line in narrow.splitlines() if line.startswith(("  R-", "    not", "    tag"))]
    assert rows and max(map(len, rows)) <= 60
    assert max(map(len, whole.splitlines())) > 100
    assert narrow.split() == whole.split()


def _on_a_terminal(command: list[str], *, columns: int) -> str:
    """What the command writes to a terminal of so many columns, without colours."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=_ROOT, env=env
    ) as running:
        os.close(theirs)
        written = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert running.returncode == 0
    return click.unstyle(written.decode()).replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""
