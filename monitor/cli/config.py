"""`monitor config`: show the configuration in force, or the schema of the file."""

from __future__ import annotations

import click


@click.group()
def config() -> None:
    """Show the configuration, or the schema of its file."""


@config.command()
@click.pass_obj
def show(said: object) -> int:
    """Print the configuration in force; secrets only as references."""
    click.echo(said)
    return 0
