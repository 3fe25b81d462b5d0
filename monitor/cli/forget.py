"""`monitor forget EMAIL`: take a person out of what is stored."""

from __future__ import annotations

import click

from monitor.adapters.store.connection import transaction
from monitor.adapters.store.existing import existing
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer
from monitor.errors import UsageError


@click.command()
@click.argument("email")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="TEXT",
    help="A name of theirs that no NetSuite employee with EMAIL tells; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be changed.")
@click.pass_obj
def forget(invocation: Invocation, email: str, names: tuple[str, ...], *, dry_run: bool) -> None:
    """Replace a person's e-mail address and name by a pseudonym, wherever they are stored.

    In NetSuite's employees and notes, reports, predictions, alerts and messages, recordings, and
    what people said. The pseudonym is the same each time, so that counts and history stay right.
    The names are those that NetSuite's employees with this address ever had. It cannot be undone.

    Not reached are messages that stand in Slack, backups, logs, pages that `monitor report` wrote,
    and your configuration. Forget a person once NetSuite and Expensify have: what they still show
    is read again.

    \b
    Examples
      monitor forget ana@acme.example --dry-run
      monitor forget ana@acme.example --name "Ana Ames"

    \b
    Ends with
      0    done; says what was changed, also when it was nothing
      2    EMAIL is none, or the database cannot be written: nothing was changed
      78   bad configuration, or a database from a newer version
    """
    from monitor.adapters.store import forgetting
    from monitor.cli.output.forgotten_text import forgotten_text

    address, path = email.strip(), invocation.database()
    local, _, domain = address.partition("@")
    if not (local and domain) or len(address.split()) > 1:
        raise UsageError(f"{email!r} is no e-mail address: write one like ana@acme.example")
    begin = "begin" if dry_run else "begin immediate"
    with (
        existing(path, read_only=dry_run) as database,
        transaction(database, path, begin),
    ):
        forgotten = forgetting.forget(database, address, names, is_only_said=dry_run)
    answer(forgotten_text(address, forgotten, is_only_said=dry_run))
