"""`monitor demo`: the story it prints, and the folder it leaves behind."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.scenarios.process import Ended, run


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    folder = tmp_path_factory.mktemp("demo")
    return folder, run("demo", folder=folder)


def test_it_tells_the_story_from_the_first_look_to_resolved(played: tuple[Path, Ended]) -> None:
    _, ended = played
    assert (ended.code, ended.err) == (0, "")
    steps = [
        "looks at both sides for the first time",
        "makes the class “Sales : Marketing” inactive",
        "new message (opened)",
        "2 reports (USD 2,112.50, 2 people) ready to export will fail with NS0831",
        "$ monitor diff --since baseline",
        "inactivated  class:12 Sales : Marketing",
        "Nothing is news, so nothing is said",
        "Expensify syncs",
        "the message is edited (changed)",
        "People recode the three reports",
        "the message is edited (resolved)",
        "makes the class “Engineering : Platform” inactive",
        "new message (opened)",
        "alert 2 is left open for you",
    ]
    rest = ended.out
    for step in steps:
        before, found, rest = rest.partition(step)
        assert found, f"{step!r} does not follow {before[-200:]!r}"


def test_the_commands_it_prints_work_as_printed(played: tuple[Path, Ended]) -> None:
    folder, ended = played
    printed = [
        line.strip() for line in ended.out.splitlines() if line.startswith("  monitor --config")
    ]
    answers = [run(*shlex.split(command)[1:], folder=folder) for command in printed]
    assert [answer.code for answer in answers] == [0] * 7
    diff, risks, chain, alert, rehearsal, _, status = (answer.out for answer in answers)
    assert "inactivated  class:12 Sales : Marketing" in diff
    assert "R-1044  Jonas's expenses" in risks
    assert "class:21" in chain
    assert "alert 1 opened (message): sent" in alert
    assert "Would break\n  R-1041" in rehearsal
    assert "acknowledged" in status


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "mine" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    ended = run("demo", str(kept.parent))
    assert (ended.code, kept.read_text()) == (2, "mine")
    assert "is no demo: name another folder" in ended.err


def test_it_may_be_played_again_in_the_same_folder(played: tuple[Path, Ended]) -> None:
    folder, _ = played
    assert run("demo", folder=folder).code == 0
