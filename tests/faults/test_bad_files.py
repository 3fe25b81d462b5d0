"""A database that is damaged, strange, newer, or only to be read: said at once, and untouched."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from monitor.cli import main
from tests.faults import tight
from tests.scenarios.asking import Ended
from tests.scenarios.process import Ended as Process
from tests.scenarios.process import run, served_acme
from tests.scenarios.story import a_story

READING = (
    ("diff",),
    ("risks",),
    ("status",),
    ("explain", "R-1041"),
    ("what-if", "--inactivate", "class:11"),
    ("health",),
    ("alerts",),
    ("silences",),
    ("score",),
    ("replay",),
    ("db", "stats"),
    ("db", "check"),
    ("db", "prune", "--dry-run"),
)
BACKUP = ("backup", "DIR")
WRITING = (
    ("db", "prune", "--compact"),
    ("synced", "Acme US"),
    ("ack", "1"),
    ("snooze", "1"),
    ("silence", "--match", "sales*"),
    ("accept-deletions", "class"),
    ("forget", "dana.lee@acme.example"),
)
NO_DATABASE = "is not a database of the monitor: name another file, or move this one away"
DAMAGED = "is damaged: restore it from a backup, or move it away to start anew"
NEWER = "was written by a newer monitor (m9999_future): upgrade this one, or name another database"


class Lived(NamedTuple):
    """A database as a morning of cycles leaves it, and where its parts begin."""

    content: bytes
    page_size: int
    pages: dict[str, int]

    def overwritten(self, begin: int, by: bytes) -> bytes:
        return self.content[:begin] + by + self.content[begin + len(by) :]

    def without(self, part: str) -> bytes:
        """Noise instead of the first page of a table or an index."""
        return self.overwritten((self.pages[part] - 1) * self.page_size, b"\xff" * self.page_size)

    def after(self, folder: Path, *statements: str) -> bytes:
        """What somebody else made of it."""
        path = folder / "made"
        path.write_bytes(self.content)
        return _made(path, *statements)


def _made(path: Path, *statements: str) -> bytes:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)
    content = path.read_bytes()
    path.unlink()
    return content


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    with a_story(tmp_path_factory.mktemp("lived")) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", "12")
        story.at("09:15").cycle()
        path = story.app.settings.database
        with closing(sqlite3.connect(path)) as db:
            (size,) = db.execute("pragma page_size").fetchone()
            roots = db.execute("select name, rootpage from sqlite_schema where rootpage > 0")
            return Lived(path.read_bytes(), size, dict(roots.fetchall()))


Ask = Callable[..., Ended]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a database is looked for, alone in its folder."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place" / "monitor.db"


@pytest.fixture
def ask(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask a command of what stands there."""

    def asked(*words: str) -> Ended:
        backups = str(tmp_path / "backups")
        arguments = [backups if word == "DIR" else word for word in words]
        code = main(["--db", str(place), *arguments])
        return Ended(code, *capsys.readouterr())

    return asked


WHOLE: dict[str, tuple[Callable[[Lived, Path], bytes], int, str]] = {
    "a text": (lambda _lived, _: b"Dear diary, they refused 14. " * 200, 2, NO_DATABASE),
    "a short text": (lambda _lived, _: b"Dear diary\n", 2, NO_DATABASE),
    "another program's database": (
        lambda _lived, folder: _made(
            folder / "other", "create table photo(id)", "pragma application_id = 7"
        ),
        2,
        NO_DATABASE,
    ),
    "a damaged header": (lambda lived, _: lived.overwritten(0, b"\0" * 16), 2, NO_DATABASE),
    "an impossible page size": (lambda lived, _: lived.overwritten(16, b"33"), 2, NO_DATABASE),
    "cut in its middle": (
        lambda lived, _: lived.content[: len(lived.content) // 2],
        2,
        DAMAGED,
    ),
    "cut in a page": (
        lambda lived, _: lived.content[: len(lived.content) // 2 + 100],
        2,
        DAMAGED,
    ),
    "only its header": (lambda lived, _: lived.content[:100], 2, DAMAGED),
    "noise for its schema": (
        lambda lived, _: lived.overwritten(100, b"\xff" * (lived.page_size - 100)),
        2,
        DAMAGED,
    ),
    "of a newer version": (
        lambda lived, folder: lived.after(
            folder,
            "insert into _sqlite_migrations(migration_set, name, applied_at) "
            "values ('sync-drift-monitor', 'm9999_future', '2031')",
        ),
        78,
        NEWER,
    ),
}


@pytest.mark.parametrize("what", WHOLE)
def test_what_is_no_sound_database_is_named_by_every_command_and_left_alone(
    lived: Lived, place: Path, ask: Ask, tmp_path: Path, what: str
) -> None:
    make, code, sentence = WHOLE[what]
    place.write_bytes(make(lived, tmp_path))
    before = place.read_bytes()
    commands = (*READING, BACKUP, *WRITING)
    assert {words: ask(*words) for words in commands} == dict.fromkeys(
        commands, Ended(code, "", f"monitor: {place} {sentence}\n")
    )
    assert _all_in(place.parent) == {place.name: before}
    assert _all_in(tmp_path / "backups") == {}


@pytest.mark.parametrize("what", WHOLE)
def test_a_cycle_begins_on_no_such_file(
    lived: Lived, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make, code, sentence = WHOLE[what]
    with served_acme(tmp_path) as acme:
        path = acme.config.parent / "monitor.db"
        path.write_bytes(make(lived, tmp_path))
        before = path.read_bytes()
        try:
            ended = main(["--config", str(acme.config), "run", "--once"])
        finally:
            structlog.reset_defaults()
        said = capsys.readouterr().err.splitlines()
        assert (ended, said[-1]) == (code, f"monitor: {path} {sentence}")
        assert path.read_bytes() == before
        assert acme.world.expensify.requests == [], "nobody is asked for nothing"


@pytest.mark.parametrize("what", ["cut in its middle", "of a newer version"])
def test_no_daemon_starts_on_such_a_file(lived: Lived, tmp_path: Path, what: str) -> None:
    make, code, sentence = WHOLE[what]
    with served_acme(tmp_path) as acme:
        path = acme.config.parent / "monitor.db"
        path.write_bytes(make(lived, tmp_path))
        before = path.read_bytes()
        assert run("--config", str(acme.config), "run") == Process(
            code, "", f"monitor: {path} {sentence}\n"
        )
        assert path.read_bytes() == before


PARTS = ("version", "report", "version_open", "snapshot_at", "outbox", "evidence")


@pytest.mark.parametrize("part", PARTS)
def test_a_damaged_page_is_told_by_whoever_meets_it_and_by_the_check(
    lived: Lived, place: Path, ask: Ask, tmp_path: Path, part: str
) -> None:
    place.write_bytes(lived.content)
    sound = {words: ask(*words) for words in (*READING, BACKUP)}
    backups = _all_in(tmp_path / "backups")
    before = lived.without(part)
    place.write_bytes(before)
    damaged = Ended(2, "", f"monitor: {place} {DAMAGED}\n")
    answers = {words: ask(*words) for words in READING}
    assert answers.pop(("db", "check")) == Ended(
        2,
        "",
        f"monitor: {place}: database disk image is malformed\n"
        "monitor: stop the monitor, keep this file aside, and restore the newest backup in its "
        "place\n",
    )
    met = {words for words, one in answers.items() if one == damaged}
    assert {words: one.code for words, one in answers.items() if words not in met} == {
        words: one.code for words, one in sound.items() if words in answers.keys() - met
    }
    assert ask(*BACKUP).code == 2
    assert _all_in(tmp_path / "backups") == backups
    assert _all_in(place.parent) == {place.name: before}


CANNOT = "cannot be opened ({}): check the folder and its permissions"
DENIED = CANNOT.format("Permission denied")
NEEDS_TO_WRITE = "is read-only: the monitor needs to write to it and to its folder"


@contextmanager
def _without_rights() -> Iterator[None]:
    """As somebody else than the superuser, whom no permission stops."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("mode", "folder_mode", "sentence"),
    [
        pytest.param(0o444, 0o777, DENIED, id="the file"),
        pytest.param(0o666, 0o555, NEEDS_TO_WRITE, id="its folder"),
        pytest.param(0o444, 0o555, DENIED, id="both"),
    ],
)
def test_what_may_only_be_read_answers_as_ever_and_takes_nothing(
    lived: Lived, capsys: pytest.CaptureFixture[str], mode: int, folder_mode: int, sentence: str
) -> None:
    # pytest's own folders let nobody else in
    with tempfile.TemporaryDirectory() as name:
        folder, place = Path(name), Path(name) / "monitor.db"
        writing = tuple(words for words in WRITING if words[0] != "accept-deletions")

        def ask(*words: str) -> tuple[int, str]:
            code = main(["--db", str(place), *words])
            return code, capsys.readouterr().err

        place.write_bytes(lived.content)
        as_ever = {words: ask(*words)[0] for words in READING}
        for words in writing:  # what a command imports, nobody else may read
            ask(*words)
        (folder / "monitor.db-journal").unlink()
        place.write_bytes(lived.content)
        place.chmod(mode)
        folder.chmod(folder_mode)
        with _without_rights():
            read = {words: ask(*words)[0] for words in READING}
            written = {words: ask(*words) for words in writing}
        folder.chmod(0o755)
        assert read == as_ever
        assert written == dict.fromkeys(writing, (2, f"monitor: {place} {sentence}\n"))
        assert _all_in(folder) == {place.name: lived.content}


def test_on_a_read_only_file_system_a_question_is_answered_and_no_cycle_begins(
    lived: Lived, tmp_path: Path
) -> None:
    if reason := tight.impossible():
        pytest.skip(reason)
    with served_acme(tmp_path) as acme:
        path = acme.config.parent / "monitor.db"
        path.write_bytes(lived.content)
        folder = path.parent
        mounted = f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}"
        said = []
        for words in ("status --json", "ack 1", "run --once"):
            command = f'{mounted} && exec "$0" -m monitor --config {acme.config} {words}'
            ended = subprocess.run(
                [*tight.NAMESPACE, "/bin/sh", "-c", command, sys.executable],
                capture_output=True,
                text=True,
                check=False,
                cwd=Path(__file__).parents[2],
            )
            said.append((ended.returncode, ended.stderr))
        read_only = "Read-only file system"
        assert said == [
            (0, ""),
            (2, f"monitor: {path} {CANNOT.format(read_only)}\n"),
            (
                2,
                f"monitor: {path}.lock cannot be opened ({read_only}): "
                "the monitor needs a folder it can write to\n",
            ),
        ]


def _all_in(folder: Path) -> dict[str, bytes]:
    """Every file of the folder with its content, unless it is empty."""
    files = folder.iterdir() if folder.exists() else ()
    return {one.name: content for one in files if (content := one.read_bytes())}
