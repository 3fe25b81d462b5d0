"""A process with a small disk of its own: fills it, runs commands there, makes room, tells all."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
_SPARE = 4 * 1024 * 1024
_DATABASE, _BALLAST = "monitor.db", "ballast"


def impossible() -> str:
    """Why this machine lets nobody mount a disk of their own; empty where it does."""
    if shutil.which("unshare") is None:
        return "there is no unshare(1)"
    tried = subprocess.run(
        [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return "" if tried.returncode == 0 else "nobody may mount a disk of their own here"


class Tight:
    """The configuration on the small disk, and its database there."""

    def __init__(self, config: Path, folder: Path) -> None:
        self._folder = folder
        self.database = folder / config.with_name(_DATABASE).name
        self._config = config.with_name("tight.toml")
        there = str(config.with_name(_DATABASE))
        self._config.write_text(config.read_text().replace(there, str(self.database)))

    def run(self, words: str) -> tuple[int, str]:
        """A command; how it ended, and the last it said when that was bad."""
        arguments = shlex.split(words)
        arguments = [str(self._folder) if word == "DIR" else word for word in arguments]
        ended = subprocess.run(
            [sys.executable, "-m", "monitor", "--config", str(self._config), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        said = ended.stderr.splitlines()[-1] if ended.returncode else ""
        said = said.removeprefix("monitor: ").replace(str(self.database), "DB")
        said = re.sub(r"expensify-\w+", "expensify-ID", said.replace(str(self._folder), "DIR"))
        return ended.returncode, said


def _fill(folder: Path) -> None:
    """To the last byte."""
    with (folder / _BALLAST).open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(4096)):
                pass
        except OSError:
            os.fsync(ballast.fileno())


def _all_in(folder: Path) -> dict[str, bytes]:
    """Every file with its content; those that are empty are only there to be locked or written."""
    return {one.name: content for one in folder.iterdir() if (content := one.read_bytes())}


def main(config: Path, folder: Path, when_full: list[str], afterwards: list[str]) -> None:
    """Run commands on a full disk at `folder`, and others when it has room again."""
    size = _SPARE + config.with_name(_DATABASE).stat().st_size
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)], check=True
    )
    tight = Tight(config, folder)
    shutil.copy(config.with_name(_DATABASE), tight.database)
    _fill(folder)
    before = _all_in(folder)
    full = {words: tight.run(words) for words in when_full}
    is_same = _all_in(folder) == before
    (folder / _BALLAST).unlink()
    again = {words: tight.run(words)[0] for words in afterwards}
    print(json.dumps({"when full": full, "is as it was": is_same, "with room again": again}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(json.loads, sys.argv[3:]))
