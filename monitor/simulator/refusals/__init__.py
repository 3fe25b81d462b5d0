"""What NetSuite refuses on export, as this simulation believes: its own idea, nobody else's."""

from __future__ import annotations

from typing import Any

from monitor.simulator.expensify.office import Policy
from monitor.simulator.netsuite.tables import Tables
from monitor.simulator.refusals.attempt import Attempt
from monitor.simulator.refusals.people import people_reasons
from monitor.simulator.refusals.tags import tag_reasons
from monitor.simulator.refusals.values import STRICT, Habits, Refusal

__all__ = ["STRICT", "Habits", "Refusal", "refusal", "refusals"]


def refusal(
    tables: Tables, policy: Policy, report: dict[str, Any], habits: Habits = STRICT
) -> Refusal | None:
    """The first reason why the report cannot be exported: (code, text, …), None when it can.

    Expensify turns a tag into a NetSuite id by its own last copy; NetSuite then looks at the record
    as it is now.
    """
    return next(iter(refusals(tables, policy, report, habits)), None)


def refusals(
    tables: Tables, policy: Policy, report: dict[str, Any], habits: Habits = STRICT
) -> tuple[Refusal, ...]:
    """Every reason why the report cannot be exported, each once, line by line."""
    attempt = Attempt(tables, policy, report, habits)
    found: dict[Refusal, None] = {}
    for line in report["transactionList"]:
        for reason in (*tag_reasons(attempt, line), *people_reasons(attempt, line)):
            found[reason] = None
    return tuple(found)
