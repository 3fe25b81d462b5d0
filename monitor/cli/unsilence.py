"""`monitor unsilence NUMBER`: lifts a silence, a snooze or an acknowledgement before its time."""

from __future__ import annotations

import click

from monitor.cli.completing import numbers_in_force
from monitor.cli.controlling import controlled, names_of
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over
from monitor.clock import SystemClock
from monitor.controls import lift
from monitor.errors import UsageError

_MOST_DIGITS = 15


@click.command()
@click.argument("number", metavar="NUMBER", shell_complete=numbers_in_force)
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def unsilence(invocation: Invocation, number: str, *, is_json: bool) -> None:
    """Lift a silence, a snooze or an acknowledgement; `monitor silences` shows their numbers.

    What a silence kept from being told at all is told by the next cycle, if it still stands. Of
    what was told before, the next news and reminders are told again.

    \b
    Examples
      monitor unsilence 3

    \b
    Ends with
      0    done
      2    nothing with this number is in force
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    with controlled(invocation) as database:
        lifted = lift(database.store, _number(number), now)
        names = names_of(database)
    if is_json:
        from monitor.answers.laid_over import InForce
        from monitor.cli.output.overlays_json import overlays_json

        return hand_over(overlays_json((InForce(lifted),), now))
    from monitor.cli.output.overlays_text import lifted_sentence

    return answer(lifted_sentence(lifted, names))


def _number(text: str) -> int:
    said = text.strip().removeprefix("#")
    if said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS:
        return int(said)
    raise UsageError(f"{text!r} is no number: write one that `monitor silences` lists")
