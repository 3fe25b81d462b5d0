"""What the global options said: which configuration, which database, how loud, in colour or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Invocation:
    """The global options of one call; a command gets it by `@click.pass_obj`."""

    config: Path | None = None
    """None = look in the usual places."""
    db: Path | None = None
    """None = the database that the configuration names."""
    color: str = "auto"
    """auto, always or never."""
    verbosity: int = 0
    """-v adds one, -q takes one away."""

    def settings(self) -> Settings:
        """The configuration, checked whole; raises ConfigError with all its mistakes.

        Secrets are looked up, so the process keeps its memory to itself from here on.
        """
        from monitor.cli.memory import keep_memory_private
        from monitor.config.load import load

        keep_memory_private()
        return load(self.config)

    def settings_without_secrets(self) -> Settings:
        """The same, its secrets mere references, which need not be there."""
        from monitor.config.load import load_without_secrets

        return load_without_secrets(self.config)

    def database(self) -> Path:
        """The database to read: --db, else the one the configuration names.

        Raises ConfigError when there is neither, or with all mistakes of the configuration: one
        that is misspelt would lead to another database. Secrets need not be there.
        """
        if self.db is not None:
            return self.db
        from monitor.config.load import database_of  # costs a start that has --db

        return database_of(self.config)

    def time_zone(self) -> str | None:
        """The zone of the configuration that names the database; None = as the last cycle ran.

        Raises ConfigError like `database`.
        """
        if self.db is not None:
            return None
        from monitor.config.find import find_config, time_zone

        return time_zone(find_config(self.config))

    def masks_people(self) -> bool:
        """Whether the configuration that names the database asks for initials instead of names.

        Raises ConfigError like `database`.
        """
        if self.db is not None:
            return False
        from monitor.config.find import find_config, masks_people

        return masks_people(find_config(self.config))

    def refuse_db(self, who: str) -> None:
        """Raise UsageError when --db was given to what writes: the configuration names its file."""
        if self.db is not None:
            raise UsageError(
                f"{who} writes to the database that [store] path names: leave --db out, "
                "or name another --config"
            )

    def is_colored(self, stream: TextIO) -> bool:
        """Whether to colour what is written to the stream (--color, then NO_COLOR, then a TTY)."""
        if self.color != "auto":
            return self.color == "always"
        return not os.environ.get("NO_COLOR") and stream.isatty()


def global_options() -> list[click.Option]:
    """The options that stand before or after the command's name alike."""
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            expose_value=False,
            callback=_remember,
            help="The configuration file (TOML).",
        ),
        click.Option(
            ["--db"],
            type=click.Path(path_type=Path),
            expose_value=False,
            callback=_remember,
            help="Read this database; needs no configuration.",
        ),
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            expose_value=False,
            callback=_remember,
            help="Colours: auto (default) colours a terminal only.",
        ),
        click.Option(
            ["-v", "--verbose", "louder"],
            count=True,
            expose_value=False,
            callback=_louder,
            help="Say more on stderr.",
        ),
        click.Option(
            ["-q", "--quiet", "quieter"],
            count=True,
            expose_value=False,
            callback=_quieter,
            help="Say less on stderr.",
        ),
    ]


def _remember(context: click.Context, option: click.Parameter, value: Path | str | None) -> None:
    if value is not None:
        _change(context, **{str(option.name): value})


def _louder(context: click.Context, _option: click.Parameter, times: int) -> None:
    _change(context, verbosity=_said(context).verbosity + times)


def _quieter(context: click.Context, _option: click.Parameter, times: int) -> None:
    _change(context, verbosity=_said(context).verbosity - times)


def _said(context: click.Context) -> Invocation:
    if context.obj is None:
        context.obj = Invocation()
    said: Invocation = context.obj
    return said


def _change(context: click.Context, **fields: Path | str | int) -> None:
    from dataclasses import replace

    context.obj = replace(_said(context), **fields)  # type: ignore[arg-type]
    # click itself strips colour where the stream is no terminal; we only know the other cases.
    if context.obj.color != "auto":
        context.color = context.obj.color == "always"
    elif os.environ.get("NO_COLOR"):
        context.color = False
