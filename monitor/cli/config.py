"""`monitor config`: show the configuration in force, or the schema of its file."""

from __future__ import annotations

import json

import click

from monitor.cli.group import WholeGroup
from monitor.cli.invocation import Invocation


@click.group(cls=WholeGroup)
def config() -> None:
    """Show the configuration in force, or the schema of its file.

    \b
    Examples
      monitor config show
      monitor config schema
    """


@config.command()
@click.option("--json", "is_json", is_flag=True, help="JSON instead of TOML.")
@click.pass_obj
def show(said: Invocation, is_json: bool) -> None:
    """Check the configuration and print it with all its defaults.

    Secrets are printed as references, and need not be there.

    \b
    Examples
      monitor config show
      monitor --config other.toml config show --json

    \b
    Ends with
      0    done
      78   the configuration is wrong; says every mistake
    """
    from monitor.config.show import as_toml, as_values

    settings = said.settings_without_secrets()
    click.echo(
        json.dumps(as_values(settings), indent=2, ensure_ascii=False)
        if is_json
        else as_toml(settings).rstrip()
    )


@config.command()
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of the configuration file, for editors.

    \b
    Example
      monitor config schema > monitor.schema.json

    \b
    Ends with
      0    done
    """
    from monitor.config.show import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
