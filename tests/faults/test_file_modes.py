"""What the monitor writes is its owner's alone, whatever the umask; so is what it makes for it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.errors import ConfigError
from monitor.secret import resolve
from tests.scenarios.story import Story, a_story

_OWNERS_ONLY = 0o077


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """What anybody but the owner could read or write, with its mode."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    return {
        str(path.relative_to(folder)): f"{mode:04o}"
        for path, mode in modes.items()
        if mode & _OWNERS_ONLY
    }


def run_everything_that_writes(story: Story, folder: Path) -> None:
    story.app.run_once()
    story.clock.sleep(900)
    story.tables.inactivate("class", "12")
    story.app.run_once()
    main(["--config", str(story.config), "backup", str(folder / "backups")])
    main(["--config", str(story.config), "report", "-o", str(folder / "report.html")])


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_all_that_the_monitor_makes_is_for_its_owner_only(tmp_path: Path, mask: int) -> None:
    with umask(mask), a_story(tmp_path) as story:
        folder = story.config.parent
        run_everything_that_writes(story, folder)
        made = {path.name for path in folder.rglob("*")}
    assert made >= {"monitor.db", "monitor.db.lock", "backups", "report.html", "monitor.toml"}
    assert any(name.endswith(".rate") for name in made)
    assert len(list((folder / "backups").iterdir())) == 1
    assert open_to_others(folder) == {}


def test_a_secret_behind_a_link_is_judged_by_the_file_it_leads_to(tmp_path: Path) -> None:
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("secret-behind-a-link")
    link.symlink_to(there)
    there.chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others"):
        resolve("file:link", folder=tmp_path)
    there.chmod(0o600)
    assert resolve("file:link", folder=tmp_path).reveal() == "secret-behind-a-link"
