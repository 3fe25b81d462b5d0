"""The story itself, step by step, on a clock of its own; everything in it is the real program."""

from __future__ import annotations

import logging
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import click
import structlog

from monitor.answers.compare import Question, compare
from monitor.answers.known import known
from monitor.app import App
from monitor.cli.demo.clock import StoryClock
from monitor.cli.demo.folder import prepare
from monitor.cli.output.diff_text import diff_text
from monitor.config.load import load
from monitor.core.message.plain import as_text
from monitor.simulator import World, serve
from monitor.simulator.sample import MARKETING, PLATFORM, US, acme

_LENGTH = timedelta(hours=3)


def play(folder: Path, *, now: datetime, keeps_serving: bool) -> None:
    """Play it so that it ends now: what it leaves behind looks fresh."""
    clock = StoryClock(now - _LENGTH)
    world = acme(World(clock.now))
    # The story speaks for itself: the cycles' own log would drown it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with serve(world) as servers:
        config = prepare(folder, world, servers)
        stage = _Stage(world, clock, App(load(config), clock))
        _story(stage, now)
        click.echo(_NEXT.format(monitor=_as_called(), config=config, platform=PLATFORM))
        if keeps_serving:
            clock.go_on()
            click.echo("The simulated services stay up until Ctrl-C.")
            threading.Event().wait()


def _story(stage: _Stage, end: datetime) -> None:
    tables, office = stage.world.netsuite.tables, stage.world.expensify.office
    stage.says("The monitor looks at both sides for the first time. Nothing is wrong.")
    stage.cycle()
    stage.passes(minutes=20)
    stage.says("Somebody makes the class “Sales : Marketing” inactive in NetSuite.")
    tables.inactivate("class", MARKETING)
    stage.passes(minutes=10)
    stage.says("The next cycle sees it: approved reports still use the class.")
    stage.cycle()
    stage.says("What `monitor diff` says of this moment:")
    stage.diff()
    stage.passes(minutes=15)
    stage.says("Another cycle. Nothing is news, so nothing is said.")
    stage.cycle()
    stage.passes(minutes=30)
    stage.says("Expensify syncs: new expenses cannot pick the class any more; coded ones keep it.")
    stage.world.sync(US)
    stage.passes(minutes=10)
    stage.cycle()
    stage.passes(minutes=20)
    stage.says("People recode the three reports to “Sales : Field Sales”.")
    for report_id in ("R-1041", "R-1043", "R-1050"):
        office.recode(report_id, "Sales : Marketing", "Sales : Field Sales")
    stage.passes(minutes=10)
    stage.cycle()
    stage.clock.move_to(end - timedelta(minutes=6))
    stage.says("Somebody makes the class “Engineering : Platform” inactive, too.")
    tables.inactivate("class", PLATFORM)
    stage.passes(minutes=5)
    stage.cycle()


_NEXT = """
Everything of this story is kept, and alert 2 is left open for you. Commands to try next:

  {monitor} --config {config} diff --since baseline
  {monitor} --config {config} risks
  {monitor} --config {config} explain class:{platform}
  {monitor} --config {config} alerts 1
  {monitor} --config {config} what-if --inactivate class:11
  {monitor} --config {config} ack 2 --reason "trying it"
  {monitor} --config {config} status
"""


def _as_called() -> str:
    """The program as it was called just now, so that what is printed can be called like that."""
    program = Path(sys.argv[0])
    return str(program) if program.name == "monitor" else "monitor"


class _Stage:
    """What the story plays with, and how it is told."""

    def __init__(self, world: World, clock: StoryClock, app: App) -> None:
        self.world = world
        self.clock = clock
        self._app = app

    def says(self, sentence: str) -> None:
        click.echo()
        click.secho(f"{self.clock.now():%H:%M} UTC  {sentence}", bold=True)

    def passes(self, *, minutes: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(minutes=minutes))

    def cycle(self) -> None:
        """One real cycle and its delivery; prints what is new in Slack."""
        with self._app.sources() as (netsuite, expensify):
            result, _ = self._app.cycle(netsuite, expensify)
        for failure in result.failures:
            click.echo(f"  {failure}")
        self._print_slack(result.outcome.letters)

    def diff(self) -> None:
        """What `monitor diff --since baseline` prints, asked at the story's moment."""
        click.echo("  $ monitor diff --since baseline")
        with known(self._app.settings.database) as database:
            difference = compare(database, Question(since="baseline"), now=self.clock.now())
        for line in diff_text(difference, lambda text, _color: text).splitlines():
            click.echo(f"  {line}")

    def _print_slack(self, letters: object) -> None:
        assert isinstance(letters, tuple)
        if not letters:
            click.echo("  (Slack hears nothing)")
        for letter in letters:
            click.echo(f"  ┌ Slack · {_HOW[letter.method.value]} ({letter.reason.code})")
            for line in as_text(letter.message).splitlines():
                click.echo(f"  │ {line}")


_HOW = {"post": "new message", "edit": "the message is edited", "reply": "reply in its thread"}
