"""What the commands share that lay something over alerts and risks: who, why, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import click

from monitor.answers.known import Known, known, writable
from monitor.cli.author import login_name
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over
from monitor.core.alerts import Overlay
from monitor.errors import UsageError

Command = Callable[..., Any]


def said_by(command: Command) -> Command:
    """The options that say who and why, and --json."""
    for option in (
        click.option("--json", "is_json", is_flag=True, help="For programs."),
        click.option("--reason", default="", metavar="TEXT", help="Why, for whoever asks later."),
        click.option("--by", metavar="NAME", help="Who says so; default: your login name."),
    ):
        command = option(command)
    return command


def lasting(command: Command) -> Command:
    """The options that say for how long."""
    for option in (
        click.option(
            "--until",
            metavar="WHEN",
            help="A moment instead, or a day (2026-11-30, today): until it ends.",
        ),
        click.option(
            "--for", "for_", metavar="TIME", help="So long: 90m, 6h, 2d, 2w; default: 24h."
        ),
    ):
        command = option(command)
    return command


def author(by: str | None) -> str:
    """Who says so; a container may have no name for its user."""
    return (by or login_name()).strip() or "somebody"


def length_of(
    for_: str | None, until: str | None, *, now: datetime, time_zone: str
) -> timedelta | None:
    """How long it is to hold; None = nobody said. Raises UsageError."""
    if for_ is not None and until is not None:
        raise UsageError("write --for or --until, not both")
    if until is not None:
        from monitor.when import read_future

        return read_future(until, now=now, time_zone=time_zone) - now
    if for_ is None:
        return None
    from monitor.config.duration import read_length

    try:
        return read_length(for_)
    except ValueError as error:
        raise UsageError(f"--for {for_!r}: {error}") from error


@contextmanager
def controlled(invocation: Invocation) -> Iterator[Known]:
    """The database for a small write beside a running monitor; raises CannotAnswer where there is
    none yet.
    """
    path, zone = invocation.database(), invocation.time_zone()
    with known(path) as database:
        settings = database.settings
    with writable(path, lambda: settings, time_zone=zone) as database:
        yield database


def tell_laid(database: Known, overlay: Overlay, now: datetime, *, is_json: bool) -> bool:
    """Say what was laid, and on what; whether any risk is under it now."""
    from monitor.answers.laid_over import pairs
    from monitor.controls import replaced_by

    (found,) = pairs((overlay,), database.store.alerts.tracked())
    if is_json:
        from monitor.cli.output.overlays_json import overlays_json

        hand_over(overlays_json((found,), now))
        return bool(found.risks)
    from monitor.cli.output.overlays_text import before_sentence, laid_sentence

    zone = database.settings.time_zone
    before = replaced_by(database.store, overlay)
    answer(
        "\n".join(
            (
                laid_sentence(found, names_of(database), zone),
                *(before_sentence(one, zone) for one in before),
            )
        )
    )
    return bool(found.risks)


def names_of(database: Known) -> dict[str, str]:
    """What the workspaces are called, by policy id."""
    return {one.policy_id: one.name for one in database.settings.workspaces}
