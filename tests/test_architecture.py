"""The rules of the house that no linter knows; `lint-imports` holds the arrows."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from statistics import median

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pytest_socket import SocketConnectBlockedError

_ROOT = Path(__file__).parent.parent
_MAIN_FOLDERS = ("monitor", "tests")
_LONGEST_FILE = 250
_LONGEST_FUNCTION = 40
_USUAL_FUNCTION = 10

_BANNED_NAMES = re.compile(
    r"(^|_)(utils?|helpers?|common|managers?|handlers?|data|info|obj|tmp)(_|$)|^process_"
)


def _files(*folders: str, pattern: str = "*.py") -> Iterator[Path]:
    for folder in folders:
        yield from sorted((_ROOT / folder).rglob(pattern))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _named(path: Path) -> str:
    return str(path.relative_to(_ROOT))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code: without the docstring, which is longest where a function deserves it."""
    first = function.body[0]
    is_docstring = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_no_file_is_longer_than_a_room_that_can_be_lived_in() -> None:
    lengths = {_named(path): len(path.read_text().splitlines()) for path in _files("monitor")}
    assert {name: length for name, length in lengths.items() if length > _LONGEST_FILE} == {}


def test_no_function_is_too_long_and_most_are_short() -> None:
    lengths = {
        f"{_named(path)}:{function.lineno} {function.name}": _length(function)
        for path in _files("monitor")
        for function in _functions(path)
    }
    assert {name: length for name, length in lengths.items() if length > _LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= _USUAL_FUNCTION


def test_every_file_begins_with_a_caption_whose_first_line_stands_alone() -> None:
    without = [
        _named(path)
        for path in _files(*_MAIN_FOLDERS)
        if not re.match(r'"""[^\s"][^\n]*("""\n|\n\n)', path.read_text())
    ]
    assert without == []


def test_no_name_says_nothing() -> None:
    names = [
        f"{_named(path)}: {name}"
        for path in _files("monitor")
        for name in (path.stem, *_defined_names(path))
        if _BANNED_NAMES.search(name)
    ]
    assert names == []


def _defined_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_errors_are_never_swallowed_wholesale() -> None:
    broad = [
        f"{_named(path)}:{node.lineno}"
        for path in _files("monitor")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and ast.unparse(node.body[-1]) != "raise"  # cleaning up and passing it on is no catching
    ]
    assert broad == []


def test_our_own_code_is_never_patched_in_tests() -> None:
    patching = re.compile(r"""monkeypatch\.setattr|\bmock\b|["']monitor\.[a-z_.]+["'],\s*new""")
    found = [
        _named(path)
        for path in _files("tests")
        if path.name != Path(__file__).name and patching.search(path.read_text())
    ]
    assert found == []


def test_sql_is_given_the_time_and_never_asks_for_it() -> None:
    asking = re.compile(r"CURRENT_TIMESTAMP|datetime\('now'|strftime\([^)]*'now'|unixepoch\(\)")
    store = _files("monitor/adapters/store")
    assert [_named(path) for path in store if asking.search(path.read_text())] == []


def test_the_time_is_asked_only_where_parts_are_joined() -> None:
    asking = re.compile(r"\bSystemClock\(|datetime\.now\(|datetime\.utcnow\(|time\.time\(")
    allowed = ("monitor/app.py", "monitor/daemon/", "monitor/clock.py", "monitor/cli/")
    found = [
        _named(path)
        for path in _files("monitor")
        if asking.search(path.read_text()) and not _named(path).startswith(allowed)
    ]
    assert found == []


def test_the_top_level_holds_only_what_was_agreed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout")
    visible = {line.partition("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in visible if not name.startswith(".")} <= {
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "config",
        "monitor",
        "pyproject.toml",
        "requirements.lock",
        "systemd",
        "tests",
    }


def test_the_lock_file_pins_everything_that_runs_the_monitor_and_its_checks() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]
    tools = project["optional-dependencies"]["dev"]
    wanted = _needed(map(Requirement, [*project["dependencies"], *tools]))
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in (_ROOT / "requirements.lock").read_text().splitlines()
        if re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line)
    }
    # sqlite-utils names pip, which every environment brings itself
    assert pinned == wanted - {"pip"}


def _needed(requirements: Iterable[Requirement], known: frozenset[str] = frozenset()) -> set[str]:
    """The names of these packages and of all that they need in turn, as installed here."""
    found = set(known)
    for one in requirements:
        name = canonicalize_name(one.name)
        if name in found:
            continue
        found.add(name)
        inner = [Requirement(text) for text in metadata.requires(name) or ()]
        extras = one.extras or {""}
        found = _needed(
            (
                need
                for need in inner
                if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in extras)
            ),
            frozenset(found),
        )
    return found


def test_no_test_reaches_another_machine() -> None:
    with (
        socket.socket() as outward,
        # newer versions of the guard also warn, and a warning is an error here
        pytest.raises((SocketConnectBlockedError, UserWarning)),
    ):
        outward.connect(("192.0.2.1", 80))


def test_the_map_of_the_code_names_only_what_is_there() -> None:
    text = (_ROOT / "monitor" / "README.md").read_text()
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+(?:\.(?:py|ftl|toml|md|json)|/))`", text)
    assert len(named) > 30
    places = (_ROOT, _ROOT / "monitor")
    assert [one for one in named if not any((place / one).exists() for place in places)] == []
