"""What people laid over an alert, in its message: who, until when, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.alerts import Overlay, Sort
from monitor.core.message.overlaid import overlay_lines
from tests.core.builders import NOW, a_risk, at
from tests.core.golden_builders import VOICE


def an_ack(**fields: Any) -> Overlay:
    """Dana Lee takes alert 1 for a day."""
    ack = Overlay(1, Sort.ACK, "Dana Lee", "we are on it", NOW, at("14:15", day=25), alert_id=1)
    return replace(ack, **fields)


@pytest.mark.parametrize(
    ("overlay", "line"),
    [
        pytest.param(
            an_ack(),
            "Acknowledged by Dana Lee until Nov 25, 2026 09:15 EST: we are on it.",
            id="an ack: who, until when, why",
        ),
        pytest.param(
            an_ack(reason=""),
            "Acknowledged by Dana Lee until Nov 25, 2026 09:15 EST.",
            id="without a reason",
        ),
        pytest.param(
            an_ack(sort=Sort.SNOOZE, expires_at=None, is_until_worse=True),
            "Snoozed by Dana Lee until it gets worse: we are on it.",
            id="a snooze until it gets worse",
        ),
        pytest.param(
            an_ack(sort=Sort.SNOOZE, is_until_worse=True),
            "Snoozed by Dana Lee until it gets worse, or until Nov 25, 2026 09:15 EST: "
            "we are on it.",
            id="whichever comes first",
        ),
        pytest.param(
            an_ack(alert_id=None, fingerprint=a_risk().fingerprint),
            "Class “Sales : Marketing”: acknowledged by Dana Lee until Nov 25, 2026 09:15 EST: "
            "we are on it.",
            id="of one record: which",
        ),
        pytest.param(
            an_ack(sort=Sort.SILENCE, expires_at=None),
            "Silenced by Dana Lee: we are on it.",
            id="a silence without an end",
        ),
    ],
)
def test_a_line(overlay: Overlay, line: str) -> None:
    assert overlay_lines((overlay,), (a_risk(),), VOICE) == (line,)


def test_authors_are_masked_with_everybody_else() -> None:
    (line,) = overlay_lines((an_ack(),), (a_risk(),), replace(VOICE, mask_people=True))
    assert line.startswith("Acknowledged by D.L. until")
