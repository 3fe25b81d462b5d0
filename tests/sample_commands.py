"""Commands for the tests of the command line: each does one thing that a real one may do."""

from __future__ import annotations

import click

from monitor import errors
from monitor.cli.group import Lazy
from monitor.cli.invocation import Invocation
from monitor.secret import remember


@click.command()
@click.pass_obj
def say(said: Invocation) -> None:
    """Print what the global options said."""
    click.echo(repr(said))


@click.command()
@click.argument("code", type=int)
def end(code: int) -> int:
    """End with the code."""
    return code


@click.command()
@click.argument("name")
@click.argument("sentence")
def fail(name: str, sentence: str) -> None:
    """Raise one of our errors."""
    kind = getattr(errors, name)
    more = {"SourceError": {"source": "netsuite"}, "DeliveryError": {"code": "x"}}.get(name, {})
    raise kind(sentence, **more)


@click.command()
@click.argument("secret")
def leak(secret: str) -> None:
    """Raise one of our errors with a secret in it."""
    remember(secret)
    raise errors.SourceError(f"refused {secret}", source="netsuite")


@click.command()
@click.argument("secret")
def bug(secret: str) -> None:
    """Fail as only a bug does."""
    remember(secret)
    raise RuntimeError(f"unforeseen {secret}")


@click.command()
def stumble() -> None:
    """Meet a file that nobody may write."""
    raise PermissionError(13, "Permission denied", "there/it.db")


@click.command()
def interrupt() -> None:
    """Behave as if somebody pressed Ctrl-C."""
    raise KeyboardInterrupt


COMMANDS = {
    name: Lazy(f"tests.sample_commands:{name}", f"Sample {name}.")
    for name in ("say", "end", "fail", "leak", "bug", "interrupt", "stumble")
} | {"missing": Lazy("tests.no_such_module:missing", "Cannot be imported.")}
