"""The units of systemd/ are right, sandboxed, and start what the package installs."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_UNITS = {
    "sync-drift-monitor.service": "sync-drift-monitor.service",
    "sync-drift-monitor@.service": "sync-drift-monitor@acme.service",
}
"""The file, and the name it is started by."""
_LONGEST_EXPOSURE = 12
"""In tenths; a unit without a sandbox has 96."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is missing: apt-get install systemd",
)
units = pytest.mark.parametrize("unit", _UNITS)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, text=True, check=False
    )


def the_service(unit: str) -> dict[str, str]:
    """Its section [Service]; of what is said more than once, the last."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(_ROOT / "systemd" / unit)
    return dict(parser["Service"])


@needs_systemd
@units
def test_a_unit_has_no_mistake_that_systemd_knows(unit: str, tmp_path: Path) -> None:
    text = (_ROOT / "systemd" / unit).read_text()
    # The command is not installed on every machine that runs the tests.
    installed = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
    assert installed != text
    path = tmp_path / _UNITS[unit]
    path.write_text(installed)
    ended = analyze("verify", "--man=no", str(path))
    assert (ended.returncode, ended.stderr) == (0, "")


@needs_systemd
@units
def test_a_unit_is_hardly_exposed(unit: str) -> None:
    path = str(_ROOT / "systemd" / unit)
    threshold = f"--threshold={_LONGEST_EXPOSURE}"
    ended = analyze("security", "--offline=true", "--no-pager", threshold, path)
    assert ended.returncode == 0, ended.stdout[-200:]


@units
def test_a_unit_starts_notifies_and_restarts_as_the_daemon_does(unit: str) -> None:
    said = the_service(unit)
    expected = {
        "Type": "notify",
        "WatchdogSec": "2min",
        "ExecReload": '/bin/sh -c "kill -HUP $MAINPID"',
        "Restart": "on-failure",
        "RestartPreventExitStatus": "78",
        "DynamicUser": "yes",
    }
    assert {key: said[key] for key in expected} == expected
    assert said["ExecStart"].startswith("/opt/sync-drift-monitor/bin/monitor --config /etc/")
    assert said["ExecStart"].endswith(" run")


def test_the_instances_share_no_file_nor_user_and_are_the_same_service_otherwise() -> None:
    single, template = (the_service(unit) for unit in _UNITS)
    assert template.pop("User") == "sdm-%i"
    differing = {key for key in single if single[key] != template.get(key)}
    assert differing == {"ExecStart", "StateDirectory", "LoadCredential"}
    assert all("%i" in template[key] for key in differing)
    assert single.keys() == template.keys()
