"""One line an event, for people or as JSON, and no secret in any part of it."""

from __future__ import annotations

import io
import json
import logging
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog

from monitor.logs import start_logs
from monitor.secret import REDACTED, remember

SECRET = 'k3y-"quoted"-\\slash-ünïcode-0815'


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = list(root.handlers), root.level
    remember(SECRET)
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    threading.excepthook = hook
    structlog.reset_defaults()


def _logged(write: Callable[[], None], *, is_terminal: bool = False, verbosity: int = 0) -> str:
    stream = io.StringIO()
    # pytest's own handlers would write into the records, and complain aloud about broken ones
    logging.getLogger().handlers.clear()
    start_logs(stream=stream, is_terminal=is_terminal, verbosity=verbosity)
    write()
    return stream.getvalue()


def _events(text: str) -> list[str]:
    return [json.loads(line)["event"] for line in text.splitlines()]


def test_an_event_is_one_line_of_json_in_utc() -> None:
    text = _logged(lambda: structlog.get_logger("monitor.cycle").info("cycle_done", risks=2))
    line = json.loads(text)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "cycle_done", "risks": 2, "level": "info", "logger": "monitor.cycle"}


def test_a_library_speaks_in_the_same_format() -> None:
    text = _logged(lambda: logging.getLogger("urllib3.pool").warning("retry %d", 3))
    line = json.loads(text)
    del line["timestamp"]
    assert line == {"event": "retry 3", "level": "warning", "logger": "urllib3.pool"}


def test_a_terminal_gets_a_line_for_people() -> None:
    text = _logged(
        lambda: structlog.get_logger("monitor.cycle").info("cycle_done", risks=2), is_terminal=True
    )
    assert text.split()[1:] == ["[info", "]", "cycle_done", "[monitor.cycle]", "risks=2"]


def _in_the_message() -> None:
    logging.getLogger("library").warning("refused %s", SECRET)


def _in_a_field() -> None:
    structlog.get_logger("monitor").info("refused", answer=f"<{SECRET}>")


def _in_a_nested_field() -> None:
    structlog.get_logger("monitor").info("refused", answer={"body": [json.dumps(SECRET)]})


def _in_the_event() -> None:
    structlog.get_logger("monitor").info(f"refused {SECRET}")


def _refuse(answer: str) -> None:
    raise ValueError(f"refused {answer}")


def _in_an_exception() -> None:
    try:
        _refuse(SECRET)
    except ValueError:
        structlog.get_logger("monitor").exception("failed")


def _in_the_cause_of_an_exception() -> None:
    try:
        try:
            _refuse(SECRET)
        except ValueError as error:
            raise KeyError("row") from error
    except KeyError:
        logging.getLogger("library").exception("failed")


def _in_a_dead_thread() -> None:
    def die() -> None:
        raise RuntimeError(SECRET)

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()


def _in_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(f"odd {SECRET}", stacklevel=1)


def _under_a_telling_name() -> None:
    structlog.get_logger("monitor").info(
        "signed_in",
        access_token="not-registered-1",
        request={
            "client_secret": "not-registered-2",
            "headers": {"Authorization": "not-registered-3"},
        },
        rows=[{"token": "not-registered-4"}],
    )


@pytest.mark.parametrize("is_terminal", [True, False], ids=["for people", "as JSON"])
@pytest.mark.parametrize(
    "write",
    [
        _in_the_message,
        _in_a_field,
        _in_a_nested_field,
        _in_the_event,
        _in_an_exception,
        _in_the_cause_of_an_exception,
        _in_a_dead_thread,
        _in_a_warning,
        _under_a_telling_name,
    ],
)
def test_no_secret_is_logged(write: Callable[[], None], is_terminal: bool) -> None:
    text = _logged(write, is_terminal=is_terminal)
    leaks = [part for part in ("quoted", "slash", "0815", "not-registered-") if part in text]
    assert (leaks, REDACTED in text) == ([], True)


@pytest.mark.parametrize("is_terminal", [True, False], ids=["for people", "as JSON"])
def test_a_traceback_shows_no_local_variables(is_terminal: bool) -> None:
    def write() -> None:
        answer = "-".join(["local", "4711"])
        try:
            _refuse(answer[:0])
        except ValueError:
            structlog.get_logger("monitor").exception("failed")

    text = _logged(write, is_terminal=is_terminal)
    assert ("ValueError" in text, "local-4711" in text) == (True, False)


STEERING = "name\x1b[31m\u202e\nfaked [info] line"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": STEERING}, id="in a field"),
        pytest.param({"names": [STEERING]}, id="in a list"),
        pytest.param({"event": STEERING}, id="in what a library says"),
        pytest.param({"exc_info": ValueError(STEERING)}, id="in an error"),
    ],
)
def test_a_name_in_a_line_steers_no_terminal(fields: dict[str, object]) -> None:
    text = _logged(
        lambda: structlog.get_logger("monitor").info(**{"event": "read", **fields}),
        is_terminal=True,
    )
    assert "name" in text
    assert not set(text) & {"\x1b", "\u202e"}
    assert "exc_info" in fields or len(text.splitlines()) == 1, "nor is it a line of its own"


@pytest.mark.parametrize(
    ("color", "is_colored"),
    [
        pytest.param("always", True, id="as asked for"),
        pytest.param("auto", False, id="a stream that is no terminal has none"),
        pytest.param("never", False, id="as asked not to"),
    ],
)
def test_lines_for_people_are_coloured_when_it_is_wanted(color: str, is_colored: bool) -> None:
    stream = io.StringIO()
    start_logs(stream=stream, is_terminal=True, color=color)
    structlog.get_logger("monitor").info("cycle_done")
    assert ("\x1b[" in stream.getvalue()) is is_colored


@pytest.mark.parametrize(
    ("verbosity", "said"),
    [
        pytest.param(-2, ["error"], id="-qq: errors"),
        pytest.param(-1, ["error", "warning"], id="-q: warnings too"),
        pytest.param(0, ["error", "warning", "info"], id="by itself: what happens"),
        pytest.param(1, ["error", "warning", "info", "debug"], id="-v: everything of ours"),
        pytest.param(9, ["error", "warning", "info", "debug"], id="-vvvvvvvvv: no more than that"),
        pytest.param(-9, ["error"], id="errors are never hidden"),
    ],
)
def test_verbosity_chooses_what_is_said(verbosity: int, said: list[str]) -> None:
    def write() -> None:
        log = structlog.get_logger("monitor")
        for level in ("error", "warning", "info", "debug"):
            getattr(log, level)(level)

    assert _events(_logged(write, verbosity=verbosity)) == said


@pytest.mark.parametrize("library", ["urllib3", "slack_sdk", "apscheduler", "requests"])
def test_libraries_never_say_less_than_a_warning_even_when_asked_for_more(library: str) -> None:
    def write() -> None:
        logging.getLogger(f"{library}.inner").debug("address and body")
        logging.getLogger(f"{library}.inner").info("chatter")
        logging.getLogger(f"{library}.inner").warning("trouble")

    assert _events(_logged(write, verbosity=1)) == ["trouble"]


def test_the_last_configuration_counts_and_nothing_is_said_twice() -> None:
    first = io.StringIO()
    start_logs(stream=first, is_terminal=False)
    second = _logged(lambda: structlog.get_logger("monitor").info("once"))
    assert (first.getvalue(), _events(second)) == ("", ["once"])


def test_a_line_that_cannot_be_written_is_dropped_without_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = _logged(lambda: logging.getLogger("library").warning("%d", SECRET))
    assert (text, capsys.readouterr().err) == ("", "")
