"""What to do, step by step and said once: whether Sync helps, who can do it, and where to click."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.core.message.values import Section
from monitor.core.risks import Risk

_SYNC_HELPS = {
    "yes": "Sync now fixes it.",
    "partly": "Sync alone is not enough: it does not change what is already coded.",
    "no": "Sync alone does not help.",
}


def what_to_do(risks: Iterable[Risk]) -> tuple[Section, ...]:
    """The cures of each record; what holds for all of them is said once."""
    lines_of = {risk: tuple(_lines(risk)) for risk in risks}
    shared = _shared(lines_of.values())
    own = {
        risk: tuple(line for line in lines if line not in shared)
        for risk, lines in lines_of.items()
    }
    if not any(own.values()):
        return (Section("What to do", shared),)
    sections = [
        Section(f"What to do about {risk.ref.kind} “{risk.full_name}”", lines)
        for risk, lines in own.items()
        if lines
    ]
    if shared:
        sections.append(Section("For all of them", shared))
    return tuple(sections)


def _lines(risk: Risk) -> Iterator[str]:
    helps = _SYNC_HELPS.get(risk.remedy.sync_helps)
    if helps:
        yield helps
    yield from risk.remedy.steps
    if not risk.remedy.steps:
        yield f"{risk.remedy.code}."


def _shared(lines: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    first, *others = lines
    return tuple(line for line in first if all(line in other for other in others))
