"""The simulated world: one NetSuite account, one Expensify customer, one Slack channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.simulator.expensify.office import Office, Policy, shown_as
from monitor.simulator.faults import Faults
from monitor.simulator.line import Line
from monitor.simulator.netsuite.sign_in import SignIn
from monitor.simulator.netsuite.suiteql import SuiteQL
from monitor.simulator.netsuite.tables import Tables
from monitor.simulator.refusals import STRICT, Habits, refusal
from monitor.simulator.refusals.attempt import CLASSIFICATIONS, Attempt
from monitor.simulator.refusals.record import record_reasons
from monitor.simulator.slack import Slack


class NetSuite:
    """An account: its tables, how it answers queries, and who may ask."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.tables = Tables(now)
        self.suiteql = SuiteQL(self.tables, now)
        self.sign_in = SignIn(now)
        self.faults = Faults()
        self.requests: list[tuple[str, int]] = []
        self.latency: Callable[[str], float] = lambda _query: 0.0
        """How many seconds of real time a query takes."""


@dataclass(slots=True)
class Expensify:
    """A customer's office, and what the integration server knows of its callers."""

    office: Office
    credentials: tuple[str, str] = ("aa_simulated", "simulated-secret")
    faults: Faults = field(default_factory=Faults)
    files: dict[str, list[Any]] = field(default_factory=dict)
    rendered: dict[str, str] = field(default_factory=dict)
    """The last exports, by what went into them."""
    polls_until_ready: int = 1
    moments: list[float] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    latency: Callable[[str], float] = lambda _job: 0.0
    """How many seconds of real time a job takes."""


class World:
    """Everything outside the monitor, on a clock of its own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.netsuite = NetSuite(now)
        self.expensify = Expensify(Office(now))
        self.slack = Slack(now)
        self.habits: Habits = STRICT
        self.line = Line()

    def sync(self, policy_id: str) -> None:
        """Expensify imports what NetSuite has now: active records, by their full names, and the
        employees with their defaults.
        """
        self.netsuite.tables.trail.log_in()
        policy = self.expensify.office.policies[policy_id]
        policy.synced_at = self.now()
        places = dict.fromkeys(policy.coding.values())
        policy.offered = {place: {} for place in places if ":" in place}
        policy.imported = {}
        for kind, place in policy.coding.items():
            rows = self.netsuite.tables.all(kind)
            records = [row for row in rows if self._is_imported(policy, kind, row)]
            policy.imported[kind] = {shown_as(row): row for row in records}
            known = policy.ever_imported.setdefault(kind, {})
            known |= {shown_as(row): str(row["id"]) for row in records}
            if place in policy.offered:
                policy.offered[place] |= {shown_as(row): True for row in records}
        self._import_people(policy)

    def _is_imported(self, policy: Policy, kind: str, row: dict[str, Any]) -> bool:
        if row["isinactive"] == "T":
            return kind in self.habits.accepts_inactive
        if not policy.imports_usable_only:
            return True
        attempt = Attempt(self.netsuite.tables, policy, {}, self.habits)
        is_closed = kind == "project" and row["allowexpenses"] == "F"
        against = {reason.why for reason in record_reasons(attempt, kind, row["id"])}
        return not is_closed and against <= {"parent_inactive"}

    def _import_people(self, policy: Policy) -> None:
        """Each default becomes a rule for the person's new expenses; those at hand keep theirs."""
        employees = self.netsuite.tables.all("employee")
        policy.people = {str(row["id"]): row for row in employees}
        policy.rules = {}
        for row in employees:
            if row["email"] and row["isinactive"] != "T":
                policy.rules[str(row["email"])] = dict(_defaults(policy, row))

    def export(self, report_id: str) -> str:
        """Expensify tries to export a report; the code of the refusal, "" when NetSuite took it."""
        self.netsuite.tables.trail.log_in()
        report = self.expensify.office.reports[report_id]
        policy: Policy = self.expensify.office.policies[report["policyID"]]
        refused = refusal(self.netsuite.tables, policy, report, self.habits)
        if refused is None:
            self.expensify.office.add_action(
                report_id, "EXPORTINTEGRATION", label="NetSuite", markedManually=False
            )
            return ""
        self.expensify.office.add_action(
            report_id,
            "INTEGRATIONSMESSAGE",
            label="NetSuite",
            result={"messages": [f"{refused.code}: {refused.text}"]},
        )
        return refused.code


def _defaults(policy: Policy, employee: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in CLASSIFICATIONS:
        place = policy.coding.get(kind, "")
        texts = {str(row["id"]): text for text, row in policy.imported.get(kind, {}).items()}
        if place.startswith("tag:") and str(employee[kind]) in texts:
            yield place, texts[str(employee[kind])]
