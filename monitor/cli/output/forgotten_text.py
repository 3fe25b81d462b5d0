"""What was forgotten of a person, and what is not reached, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output.words import plain

if TYPE_CHECKING:
    from monitor.adapters.store.forgetting import Forgotten

_NOT_REACHED = (
    "Not reached: messages that stand in Slack, backups, logs, pages that `monitor report` wrote, "
    "and your configuration."
)


def forgotten_text(address: str, forgotten: Forgotten, *, is_only_said: bool) -> str:
    """Table by table, then what will be read again, then what nobody can reach from here."""
    if forgotten.touched:
        verb = "Would replace" if is_only_said else "Replaced"
        lines = [f"{verb} {address} by {forgotten.pseudonym}, in rows of"]
        lines += [f"  {one.table}: {one.rows}" for one in forgotten.touched]
    else:
        lines = [f"Nothing that is stored names {address}."]
    if others := forgotten.other_addresses:
        lines.append(f"The same employee also had {', '.join(others)}: forget that, too.")
    return plain_lines([*lines, *_read_again(forgotten), _NOT_REACHED])


def _read_again(forgotten: Forgotten) -> list[str]:
    still = []
    if forgotten.employees:
        refs = ", ".join(map(str, forgotten.employees))
        still.append(f"NetSuite still listed {refs} at the last look")
    if forgotten.report_ids:
        still.append(f"Expensify still showed {', '.join(forgotten.report_ids)}")
    if not still:
        return ["If NetSuite or Expensify still has the person, the next cycle reads them again."]
    return [
        f"{'; '.join(still)}: the next cycle reads the person again, and may show that as an "
        "edit. Remove them there first, then forget them once more."
    ]


def plain_lines(lines: list[str]) -> str:
    """One text that is safe on a terminal."""
    return "\n".join(map(plain, lines))
