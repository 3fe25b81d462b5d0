"""Where there is no database, commands say so and leave nothing: only a cycle makes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.asking import asking

_NOT_READ, _NOT_THERE = 3, 2


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["synced", "Acme US"], _NOT_READ),
        (["synced", "Acme US", "--undo"], _NOT_READ),
        (["ack", "1"], _NOT_READ),
        (["snooze", "1", "--for", "2d"], _NOT_READ),
        (["silence", "--kind", "class"], _NOT_READ),
        (["unsilence", "1"], _NOT_READ),
        (["accept-deletions", "class"], _NOT_READ),
        (["trust", "inactive"], _NOT_READ),
        (["score"], _NOT_READ),
        (["diff"], _NOT_READ),
        (["risks"], _NOT_READ),
        (["status"], _NOT_READ),
        (["health"], _NOT_READ),
        (["report", "-o", "page.html"], _NOT_READ),
        (["backup", "backups"], _NOT_THERE),
        (["forget", "ana@acme.example"], _NOT_THERE),
        (["db", "stats"], _NOT_THERE),
        (["db", "check"], _NOT_THERE),
        (["db", "prune"], _NOT_THERE),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_a_command_says_which_file_is_not_there_and_makes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    code: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = asking(Path("monitor.db"), capsys)(*command)
    assert (ended.code, ended.out) == (code, "")
    assert f"{tmp_path / 'monitor.db'} is not there" in ended.err
    assert "$STATE_DIRECTORY" in ended.err
    assert list(tmp_path.iterdir()) == []
