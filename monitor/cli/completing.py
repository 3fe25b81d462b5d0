"""What Tab offers after a word that only the database, or the configuration, knows."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from monitor.answers.known import Known, known
from monitor.cli.invocation import Invocation
from monitor.core.records import Kind
from monitor.core.risks import TEXT, WORKSPACE
from monitor.core.workspace import Workspace
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Word = TypeVar("Word")


def open_ids(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What can be acknowledged or snoozed."""
    from monitor.controls import targets

    return _offered(_asked(context, lambda database: targets(database.store)), incomplete)


def numbers_in_force(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What can be lifted."""
    from monitor.clock import SystemClock

    now = SystemClock().now()
    numbers = _asked(
        context,
        lambda database: [str(one.overlay_id) for one in database.store.overlays.active(now)],
    )
    return _offered(numbers, incomplete)


def offered_workspaces(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What the workspaces are called; before the first cycle the configuration knows them."""
    everyone = _asked(context, lambda database: database.settings.workspaces)
    names = [one.name for one in everyone or _configured(context)]
    found = [name for name in names if name.casefold().startswith(incomplete.casefold())]
    return _offered(map(_as_the_shell_takes_it, found))


def offered_kind(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The lists that are watched."""
    return _offered(_kinds(context), incomplete)


def offered_kinds(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The same after each comma, without those that are said already."""
    before, comma, last = incomplete.rpartition(",")
    said = before.split(",")
    found = [one for one in _kinds(context) if one.startswith(last) and one not in said]
    return _offered(f"{before}{comma}{one}" for one in found)


def offered_risk_kind(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What a risk may be about."""
    return _offered((*_kinds(context), TEXT, WORKSPACE), incomplete)


def _kinds(context: click.Context) -> Iterable[str]:
    return _asked(context, lambda database: database.settings.kinds) or tuple(Kind)


def _asked(context: click.Context, words_of: Callable[[Known], Iterable[Word]]) -> tuple[Word, ...]:
    """What the database knows; nothing where it cannot be asked: nobody presses Tab to read an
    error.
    """
    try:
        with known(_invocation(context).database()) as database:
            return tuple(words_of(database))
    except MonitorError:
        return ()


def _configured(context: click.Context) -> tuple[Workspace, ...]:
    from monitor.config.find import find_config, read_toml
    from monitor.config.load import check

    invocation = _invocation(context)
    try:
        path = find_config(invocation.config)
        return () if invocation.db else check(read_toml(path), path, is_resolving=False).workspaces
    except MonitorError:
        return ()


def _invocation(context: click.Context) -> Invocation:
    return context.find_object(Invocation) or Invocation()


def _offered(words: Iterable[str], incomplete: str = "") -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def _as_the_shell_takes_it(name: str) -> str:
    """bash inserts a word as it is, but for backslashes, which click's script loses; within quotes,
    and in other shells, it needs nothing.
    """
    is_raw = os.environ.get("_MONITOR_COMPLETE") == "bash_complete"
    return shlex.quote(name) if is_raw and not _is_quoted() else name


def _is_quoted() -> bool:
    """Whether the word that is being typed has begun with a quote."""
    rest = re.sub(r"\\.|\"[^\"]*\"|'[^']*'", "", os.environ.get("COMP_WORDS", ""))
    return "'" in rest or '"' in rest
