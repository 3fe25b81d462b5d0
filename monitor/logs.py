"""One log format for everything: lines for a terminal, else JSON; never a secret."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
import threading
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

from monitor.core.visible import plain
from monitor.secret import REDACTED, redact

_QUIET_LIBRARIES = ("urllib3", "requests", "slack_sdk", "apscheduler", "tzlocal", "asyncio")
"""They print addresses and bodies below WARNING."""

_SECRET_KEY = re.compile(
    r"token|secret|passw|private_key|authorization|assertion|signature|cookie|webhook|credential",
    re.IGNORECASE,
)

_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)


def start_logs(
    *,
    verbosity: int = 0,
    stream: TextIO | None = None,
    is_terminal: bool | None = None,
    color: str = "auto",
) -> None:
    """Send our logs and every library's to `stream`, one line each, in UTC, with secrets redacted.

    `verbosity` 0 is INFO, 1 DEBUG, -1 WARNING. `stream` None = stderr; `is_terminal` None = ask
    the stream. `color` is auto (a terminal without NO_COLOR), always or never. May be called
    again: the last call counts.
    """
    stream = stream or sys.stderr
    is_for_people = stream.isatty() if is_terminal is None else is_terminal
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    lines = _Lines(stream)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_for_people(_is_colored(color, stream)) if is_for_people else _as_json()),
            ],
        )
    )
    _take_over(lines, _LEVELS[max(0, min(verbosity + 2, len(_LEVELS) - 1))])


class _Lines(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: logging's own complaint would print the arguments, unredacted."""


def _take_over(lines: _Lines, level: int) -> None:
    root = logging.getLogger()
    for earlier in [other for other in root.handlers if isinstance(other, _Lines)]:
        root.removeHandler(earlier)
    root.addHandler(lines)
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    threading.excepthook = _log_dead_thread


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _as_json() -> list[Processor]:
    # Locals of a traceback hold the very secrets the code was working with.
    transformer = ExceptionDictTransformer(show_locals=False, max_frames=20)
    return [
        structlog.processors.ExceptionRenderer(transformer),
        _redact_keys,
        structlog.processors.JSONRenderer(default=str),
        _redact_line,
    ]


def _is_colored(color: str, stream: TextIO) -> bool:
    if color == "auto":
        return stream.isatty() and not os.environ.get("NO_COLOR")
    return color == "always"


def _for_people(is_colored: bool) -> list[Processor]:
    return [
        _redact_keys,
        _plain_event,
        structlog.dev.ConsoleRenderer(colors=is_colored, exception_formatter=_plain_traceback),
        _redact_line,
    ]


def _plain_event(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """What a library says steers no terminal, and is no line of its own; fields are escaped."""
    event["event"] = plain(str(event["event"]))
    return event


def _plain_traceback(stream: TextIO, error: Any) -> None:
    text = io.StringIO()
    structlog.dev.plain_traceback(text, error)
    stream.write("\n".join(map(plain, text.getvalue().split("\n"))))


def _redact_keys(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The second net: what is called a secret is hidden, even when nobody registered its value."""
    for key, value in event.items():
        event[key] = _without_secret_keys(key, value)
    return event


def _without_secret_keys(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key):
        return REDACTED
    if isinstance(value, Mapping):
        return {str(k): _without_secret_keys(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secret_keys("", one) for one in value]
    return value


def _redact_line(_logger: Any, _method: str, line: EventDict | str) -> str:
    """The first net, and the last step: nothing is added to the line after it."""
    return redact(str(line))


def _log_dead_thread(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is None:
        return
    structlog.get_logger("monitor").error(
        "thread_died",
        thread=died.thread.name if died.thread else "",
        exc_info=(died.exc_type, died.exc_value, died.exc_traceback),
    )
