"""The command `monitor`: its table of commands, and how every error becomes an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from monitor import __version__
from monitor.cli.crash import harmless, print_bug, speak_for_python
from monitor.cli.group import Lazy, LazyGroup
from monitor.cli.invocation import Invocation
from monitor.errors import MonitorError

COMMANDS = {
    "init": Lazy("monitor.cli.init.command:init", "Write a first configuration, and what is next."),
    "run": Lazy("monitor.cli.run:run", "Watch both systems and tell Slack (--once: one cycle)."),
    "diff": Lazy("monitor.cli.diff:diff", "What changed in NetSuite since Expensify's last sync."),
    "risks": Lazy("monitor.cli.risks:risks", "The pending reports that would fail now, and why."),
    "explain": Lazy("monitor.cli.explain:explain", "The evidence behind a risk, report or record."),
    "what-if": Lazy("monitor.cli.what_if:what_if", "Which reports would fail if this were done."),
    "status": Lazy("monitor.cli.status:status", "How fresh everything is, and what is open."),
    "health": Lazy("monitor.cli.health:health", "One line for a probe: does the monitor live?"),
    "fleet": Lazy("monitor.cli.fleet:fleet", "Many instances at once, each by its database."),
    "alerts": Lazy("monitor.cli.alerts:alerts", "What was told, or would have been."),
    "report": Lazy("monitor.cli.report:report", "Everything on one page of HTML."),
    "replay": Lazy("monitor.cli.replay:replay", "Decide the past again under another policy."),
    "ack": Lazy("monitor.cli.ack:ack", "Say that somebody is at an alert: no reminders."),
    "snooze": Lazy("monitor.cli.snooze:snooze", "Hear nothing of an alert for a while."),
    "silence": Lazy("monitor.cli.silence:silence", "Tell nobody of the risks that match."),
    "silences": Lazy("monitor.cli.silences:silences", "What is acknowledged, snoozed, silenced."),
    "unsilence": Lazy("monitor.cli.unsilence:unsilence", "Lift a silence, snooze or ack."),
    "synced": Lazy("monitor.cli.synced:synced", "Record when Expensify last synced."),
    "accept-deletions": Lazy(
        "monitor.cli.accept_deletions:accept_deletions", "Believe a held mass disappearance."
    ),
    "score": Lazy("monitor.cli.score:score", "How good the predictions were, at real exports."),
    "trust": Lazy("monitor.cli.trust:trust", "Let a rule speak again that exports spoke against."),
    "check": Lazy("monitor.cli.check:check", "Try the configuration, every access and Slack."),
    "test-alert": Lazy("monitor.cli.test_alert:test_alert", "Send one marked sample to Slack."),
    "backup": Lazy("monitor.cli.backup:backup", "Copy the database, also beside the daemon."),
    "db": Lazy("monitor.cli.db:db", "The database: its size, whether it is sound, what may go."),
    "forget": Lazy("monitor.cli.forget:forget", "Take a person out of what is stored."),
    "config": Lazy("monitor.cli.config:config", "Show the configuration, or its schema."),
    "demo": Lazy("monitor.cli.demo:demo", "The whole story on this machine, without any account."),
}

_HELP = """Tells before NetSuite refuses an Expensify export.

Watches NetSuite and Expensify drift apart, and warns one Slack channel while the reports can still
be fixed. Start with `monitor demo`.

\b
Tab completion for bash (or zsh_source, fish_source):
  eval "$(_MONITOR_COMPLETE=bash_source monitor)"
"""

_INTERRUPTED = 130
_PIPE_CLOSED = 141
"""What a shell shows for a program that a closed pipe ended."""


def main(arguments: Sequence[str] | None = None, *, commands: Mapping[str, Lazy] = COMMANDS) -> int:
    """Run one command; the result is the exit code. Prints errors itself, one sentence each.

    A command returns its exit code (None = 0) or raises MonitorError, which has one.
    """
    sys.excepthook = print_bug
    if arguments is None:
        speak_for_python()
    _open_what_is_closed()
    given = sys.argv[1:] if arguments is None else list(arguments)
    instruction = os.environ.get("_MONITOR_COMPLETE")
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(root(commands), {}, "monitor", "_MONITOR_COMPLETE", instruction)
    try:
        code = _run(root(commands), given)
        # Flushed here, while a closed pipe can still be met quietly.
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return _PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        return _INTERRUPTED
    if arguments is None:
        gc.freeze()  # the process ends: nobody needs what a last search would find
    return code


def root(commands: Mapping[str, Lazy] = COMMANDS) -> click.Group:
    """The command `monitor` itself, made anew: it imports no command until one is called."""
    group = LazyGroup("monitor", commands, help=_HELP)
    group.context_settings = {
        "help_option_names": ["-h", "--help"],
        "max_content_width": 80,
    }
    return click.version_option(__version__, "--version", prog_name="monitor")(group)


def _run(group: click.Group, arguments: list[str]) -> int:
    try:
        with group.make_context("monitor", arguments, obj=Invocation()) as context:
            result = context.command.invoke(context)
            return result if isinstance(result, int) else 0
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return 2  # click itself says 1 for some, which means "differences found" here
    except MonitorError as error:
        for sentence in str(error).split("\n"):
            _complain(sentence)
        return error.exit_code
    except UnicodeEncodeError as error:
        # the system hands bytes that are no UTF-8 to us as halves of characters
        click.echo(f"monitor: {error.object[:60]!r} is no text: write it in UTF-8", err=True)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        what = error.filename or "the output"
        _complain(f"{what} cannot be written or read ({error.strerror})")
        return 2


def _complain(sentence: str) -> None:
    """Say it on stderr; where that is full or gone, the exit code must do."""
    from monitor.cli.output.streams import complain

    with suppress(OSError):
        complain(harmless(sentence))


def _open_what_is_closed() -> None:
    """Who closes a stream wants no words there; to Python it is None, which has no methods."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _forget_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush has nobody to complain to."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
