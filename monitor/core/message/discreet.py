"""A risk about a person, as people may read it."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.message.words import Voice
from monitor.core.records import Kind
from monitor.core.risks import Risk


def discreet(risk: Risk, voice: Voice) -> Risk:
    """With initials for an employee's name or address, wherever the risk says it."""
    if risk.ref.kind != Kind.EMPLOYEE or not voice.mask_people or not risk.full_name.strip():
        return risk
    name, initials = risk.full_name, voice.person(risk.full_name)
    steps = tuple(step.replace(name, initials) for step in risk.remedy.steps)
    return replace(
        risk,
        full_name=initials,
        what_changed=risk.what_changed.replace(name, initials),
        remedy=replace(risk.remedy, steps=steps),
    )
