"""`monitor init`: write a first configuration, asking on a terminal or taking options."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from monitor.cli.init.answers import OAUTH2, SCHEMES, SIGN_INS, Answers, WorkspaceAnswer, mistakes
from monitor.cli.init.next_steps import next_steps
from monitor.cli.init.questions import USUAL_CODING, asked
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, room_for
from monitor.config.find import USUAL_PLACES
from monitor.config.first import already_there, as_first_file, write_new
from monitor.errors import UsageError

_OPTIONS = {
    "account": "--account",
    "certificate_id": "--certificate-id",
    "workspaces": "--workspace",
    "channel": "--channel",
    "time_zone": "--time-zone",
}


@click.command()
@click.option("--account", metavar="ID", help="NetSuite's account id.")
@click.option("--auth", "method", type=click.Choice(SIGN_INS), help="How to sign in to NetSuite.")
@click.option("--certificate-id", metavar="ID", help="oauth2: the certificate's id (no secret).")
@click.option(
    "--workspace",
    "workspaces",
    metavar="ID[=NAME]",
    multiple=True,
    help="An Expensify workspace; may be repeated.",
)
@click.option("--subsidiary", metavar="ID", help="The NetSuite subsidiary of every --workspace.")
@click.option(
    "--coding",
    metavar="KIND=PLACE",
    multiple=True,
    help="Where each --workspace keeps a kind: class=tag:1 (the default); may be repeated.",
)
@click.option("--channel", metavar="ID", help="The Slack channel to tell.")
@click.option("--webhook", is_flag=True, help="A webhook instead of a bot; it has its channel.")
@click.option("--buttons/--no-buttons", "has_buttons", default=None, help="Buttons in Slack.")
@click.option("--shadow/--no-shadow", "is_shadow", default=None, help="Begin in shadow mode.")
@click.option("--time-zone", metavar="ZONE", help="Of the people who read: America/New_York.")
@click.option(
    "--secrets", "scheme", type=click.Choice(SCHEMES), help="Where secrets are kept; default env."
)
@click.option("--yes", is_flag=True, help="Ask nothing, also on a terminal.")
@click.pass_obj
def init(invocation: Invocation, /, *, yes: bool, **options: Any) -> None:
    """Write a first configuration, and say what to do next.

    Asks on a terminal for what the options leave open, each answer checked at once; elsewhere the
    options must say it. Writes config/monitor.toml (or --config, or $MONITOR_CONFIG), readable by
    its owner only, with every other key and its default as a comment. A file that is there is never
    replaced. No secret is asked for or written: the file names where each one is, in environment
    variables, in files beside it, or in systemd's credentials.

    \b
    Examples
      monitor init
      monitor init --config /etc/sync-drift-monitor/monitor.toml \\
          --secrets credential
      monitor init --account 1234567 --certificate-id kid_abc \\
          --workspace "4C6722D4=Acme US" --channel C0123456789

    \b
    Ends with
      0    done; prints what to do next
      2    nothing was written: says why
      130  interrupted, nothing was written
    """
    if invocation.db is not None:
        raise UsageError("leave --db out: [store] path in the configuration names the database")
    path = invocation.config or Path(os.environ.get("MONITOR_CONFIG") or USUAL_PLACES[0])
    if os.path.lexists(path):
        raise already_there(path)
    said = _said(**options)
    can_ask = sys.stdin.isatty() and not yes
    if wrong := [*_mistaken(said), *([] if can_ask else _lacking(said))]:
        raise UsageError("\n".join(wrong))
    answers = asked(said) if can_ask else Answers(**said)
    write_new(path, as_first_file(answers.document()))
    answer(next_steps(path, answers, room=room_for()))


def _said(
    *,
    workspaces: tuple[str, ...],
    subsidiary: str | None,
    coding: tuple[str, ...],
    webhook: bool,
    channel: str | None,
    **others: Any,
) -> dict[str, Any]:
    """What the options answer, by the names of the answers."""
    if webhook and channel is not None:
        raise UsageError("--channel: a webhook has its own: leave one of the two out")
    if (subsidiary is not None or coding) and not workspaces:
        raise UsageError("--subsidiary and --coding are about a --workspace: name it")
    coded = dict(map(_coded, coding)) if coding else USUAL_CODING
    named = tuple(_workspace(text, subsidiary or "", coded) for text in workspaces)
    every = {**others, "channel": "" if webhook else channel, "workspaces": named or None}
    return {name: said for name, said in every.items() if said is not None}


def _workspace(text: str, subsidiary: str, coding: dict[str, str]) -> WorkspaceAnswer:
    policy_id, _, name = text.partition("=")
    return WorkspaceAnswer(policy_id.strip(), name.strip(), subsidiary, coding)


def _coded(text: str) -> tuple[str, str]:
    kind, is_said, place = text.partition("=")
    if not is_said:
        raise UsageError(f"--coding: {text!r} says no place: write KIND=PLACE, like class=tag:1")
    return kind.strip(), place.strip()


def _mistaken(said: dict[str, Any]) -> Iterator[str]:
    for name, given in said.items():
        if name == "workspaces":
            yield from _mistaken_workspaces(given)
            continue
        yield from (f"{_OPTIONS[name]}: {sentence}" for sentence in mistakes(**{name: given}))


def _mistaken_workspaces(given: tuple[WorkspaceAnswer, ...]) -> Iterator[str]:
    """What --coding says holds for all, and is wrong only once."""
    coded = (WorkspaceAnswer(coding=given[0].coding),)
    named = tuple(replace(one, coding={}) for one in given)
    yield from (f"--coding: {sentence}" for sentence in mistakes(workspaces=coded))
    yield from (f"--workspace: {sentence}" for sentence in mistakes(workspaces=named))


def _lacking(said: dict[str, Any]) -> Iterator[str]:
    needed = ["account", "workspaces", "channel"]
    needed += ["certificate_id"] if said.get("method", OAUTH2) == OAUTH2 else []
    if lacking := [_OPTIONS[name] for name in needed if name not in said]:
        yield f"nobody can be asked here: add {', '.join(lacking)}"
