"""What to do once the first configuration is written, in words."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from monitor.cli.init.answers import CREDENTIAL, ENV, FILE, SECRETS_FOLDER, Answers
from monitor.cli.output.tables import table
from monitor.cli.output.words import plain
from monitor.config.find import USUAL_PLACES

_CREDENTIALS = "credentials"
"""Beside the configuration, where the units look for them."""
_HOW = {
    ENV: "Set these environment variables wherever `monitor` runs:",
    FILE: "Put each secret into its file, which only its owner may read (chmod 600):",
    CREDENTIAL: "Put each secret into its file (chmod 600); the unit's LoadCredential= lines must\n"
    "name these and no others:",
}


def next_steps(path: Path, answers: Answers, *, room: int | None = None) -> str:
    """What was written, where each secret is to be put, and the next command."""
    secrets = [(_place(path, one.name, answers.scheme), one.what) for one in answers.secrets]
    lines = [
        f"Wrote {plain(str(path))}. It holds no secret, only where each one is.",
        "",
        _HOW[answers.scheme],
        *(f"  {line}" for line in table(secrets, room=room and room - 2)),
    ]
    if answers.scheme == CREDENTIAL:
        lines += ["", "The service is a user of its own, and must be able to read the rest:"]
        lines += [f"  chmod 644 {shlex.quote(str(path))}"]
    return "\n".join([*lines, "", "Then:", f"  {_check(path, answers.scheme)}"])


def _place(path: Path, name: str, scheme: str) -> str:
    if scheme == ENV:
        return name.upper()
    folder = SECRETS_FOLDER if scheme == FILE else _CREDENTIALS
    return plain(str(path.parent / folder / name))


def _check(path: Path, scheme: str) -> str:
    """The next command. Only under systemd does something say where credentials are."""
    named = os.environ.get("MONITOR_CONFIG")
    is_found = str(path) == named if named else path == USUAL_PLACES[0]
    command = "monitor check" if is_found else f"monitor --config {shlex.quote(str(path))} check"
    if scheme != CREDENTIAL:
        return command
    return f"CREDENTIALS_DIRECTORY={shlex.quote(str(path.parent / _CREDENTIALS))} {command}"
