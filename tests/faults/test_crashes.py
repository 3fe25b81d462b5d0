"""A program that crashes gives no secret away: not in a core file, a traceback or a dead thread."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.process import served_acme

_ROOT = Path(__file__).parents[2]
SECRET = "very-secret-0042"


def a_process(*command: str, folder: Path = _ROOT, dumps: bool = False) -> subprocess.Popen[str]:
    """Python in the folder; where dumps are allowed, nobody's limit but its own forbids them."""
    allowed = "ulimit -c unlimited 2>/dev/null; " if dumps else ""
    return subprocess.Popen(
        ["/bin/sh", "-c", f'{allowed}exec "$0" "$@"', sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "MONITOR_CONFIG": ""},
    )


def test_a_daemon_that_is_aborted_leaves_no_core_file(tmp_path: Path) -> None:
    with served_acme(tmp_path) as acme:
        here = tmp_path / "here"
        here.mkdir()
        command = ("-m", "monitor", "--config", str(acme.config), "run")
        daemon = a_process(*command, folder=here, dumps=True)
        assert daemon.stderr is not None
        while "daemon_started" not in daemon.stderr.readline():
            assert daemon.poll() is None
        limits = Path(f"/proc/{daemon.pid}/limits").read_text()
        arguments = Path(f"/proc/{daemon.pid}/cmdline").read_text()
        daemon.send_signal(signal.SIGABRT)
        _, last_words = daemon.communicate(timeout=60)
        secrets = [
            (acme.config.parent / name).read_text()
            for name in ("netsuite.pem", "expensify_secret", "slack_token")
        ]
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]
    assert daemon.returncode == -signal.SIGABRT
    assert list(here.iterdir()) == []
    assert "Fatal Python error: Aborted" in last_words
    assert not any(secret in last_words + arguments for secret in secrets)


_ASK = """
import ctypes, sys
from monitor.cli import main
main(["--config", sys.argv[1], "check", "--offline"])
print("DUMPABLE", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such switch")
def test_who_has_looked_secrets_up_cannot_be_dumped_by_a_pipe_either(tmp_path: Path) -> None:
    with served_acme(tmp_path) as acme:
        out, err = a_process("-c", _ASK, str(acme.config)).communicate(timeout=60)
    assert out.splitlines()[-1] == "DUMPABLE 0", err


_CRASH = """
import sys, threading
from monitor.cli import main
from monitor.secret import remember
sys.argv = ["monitor", "--version"]
main()
remember("very-secret-" + "0042")

class Tomb:
    def __del__(self):
        raise RuntimeError("unforeseen very-secret-" + "0042 \\x1b[31m")

def die():
    raise RuntimeError("unforeseen very-secret-" + "0042 \\x1b[31m")

{crash}
"""


@pytest.mark.parametrize(
    ("crash", "said"),
    [
        pytest.param("die()", "RuntimeError: unforeseen [secret]", id="a bug"),
        pytest.param("Tomb()", "an error that nobody could be told of", id="a destructor"),
        pytest.param(
            "t = threading.Thread(target=die)\nt.start()\nt.join()", "a thread died", id="a thread"
        ),
        pytest.param(
            "raise ExceptionGroup('many', [RuntimeError('x very-secret-' + '0042 \\x1b[31m')])",
            "ExceptionGroup: many",
            id="several at once",
        ),
        pytest.param(
            "try:\n    die()\nexcept RuntimeError as error:\n    raise KeyError('row') from error",
            "The above exception was the direct cause",
            id="the cause of another",
        ),
    ],
)
def test_the_last_words_of_a_crash_have_no_secret_and_steer_no_terminal(
    crash: str, said: str
) -> None:
    _, err = a_process("-c", _CRASH.replace("{crash}", crash)).communicate(timeout=60)
    assert said in err
    assert "[secret]" in err
    assert SECRET not in err
    assert "\x1b" not in err
