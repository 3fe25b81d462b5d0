"""A click group that imports a command only when it is called, and suggests the one you meant."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from monitor.cli.invocation import global_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


_ANY_LENGTH = 1000
"""click cuts a sentence that is longer."""


class Lazy(NamedTuple):
    """Where a command lives ("module:attribute"), and its line in the list of commands."""

    place: str
    summary: str


class WholeGroup(click.Group):
    """Lists each of its commands with the whole first sentence of its help."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, command.get_short_help_str(_ANY_LENGTH))
                    for name, command in sorted(self.commands.items())
                ]
            )


class LazyGroup(click.Group):
    """Lists its commands from a table; importing one costs only the one who calls it."""

    def __init__(self, name: str, commands: Mapping[str, Lazy], *, help: str) -> None:
        super().__init__(name, help=help, params=[*global_options()])
        self._lazy = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lazy = self._lazy.get(cmd_name)
        if lazy is None:
            return None
        module, _, attribute = lazy.place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        _take_global_options(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in self._lazy or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(name, self._lazy, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "`monitor -h` lists them."
        raise click.UsageError(f"There is no command `{name}`: {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in self._lazy.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=lazy.summary)
            for name, lazy in self._lazy.items()
            if name.startswith(incomplete)
        ]
        # past click.Group, which would import every command to ask for its help
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]


def _take_global_options(command: click.Command) -> None:
    """Let the command understand the global options after its name too (`monitor diff --db X`)."""
    taken = {word for param in command.params for word in param.opts}
    command.params += [option for option in global_options() if taken.isdisjoint(option.opts)]
    if isinstance(command, click.Group):
        for nested in command.commands.values():
            _take_global_options(nested)
