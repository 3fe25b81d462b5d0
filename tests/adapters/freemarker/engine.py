"""Starts the real FreeMarker engine (Debian's libfreemarker-java) and asks it to render."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

JAR = Path("/usr/share/java/freemarker.jar")
NEWEST, OLDEST = "2.3.31", "2.3.0"
"""Versions whose ways the engine can follow; nobody says which one Expensify runs."""


def what_is_missing() -> str:
    """Why the engine cannot be started; empty when it can."""
    if not JAR.exists():
        return f"{JAR} is not there: apt-get install libfreemarker-java"
    if not (shutil.which("javac") and shutil.which("java")):
        return "no javac: apt-get install default-jdk-headless"
    return ""


class Refused(Exception):
    """The engine does not render this; its own words."""


class Engine:
    """One JVM that renders as often as it is asked."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._questions = cast(IO[str], process.stdin)
        self._answers = cast(IO[str], process.stdout)

    def render(self, template: str, model: Mapping[str, Any], *, version: str = NEWEST) -> str:
        """What FreeMarker prints; raises Refused."""
        parts = (_encoded(template), _encoded(json.dumps(model)))
        self._questions.write(" ".join((version, *parts)) + "\n")
        self._questions.flush()
        answer = b64decode(self._answers.readline()).decode()
        if answer[:1] != "+":
            raise Refused(answer[1:])
        return answer[1:]


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """The engine, compiled into the folder."""
    source = Path(__file__).with_name("Render.java")
    subprocess.run(["javac", "-cp", str(JAR), "-d", str(folder), str(source)], check=True)
    with subprocess.Popen(
        ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", f"{folder}:{JAR}", "Render"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="ascii",
    ) as process:
        yield Engine(process)


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
