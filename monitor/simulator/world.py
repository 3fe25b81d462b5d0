"""The simulated world: one NetSuite account, one Expensify customer, one Slack channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.simulator.expensify.office import Office, Policy
from monitor.simulator.faults import Faults
from monitor.simulator.netsuite.sign_in import SignIn
from monitor.simulator.netsuite.suiteql import SuiteQL
from monitor.simulator.netsuite.tables import Tables
from monitor.simulator.refusals import refusal
from monitor.simulator.slack import Slack


class NetSuite:
    """An account: its tables, how it answers queries, and who may ask."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.tables = Tables(now)
        self.suiteql = SuiteQL(self.tables, now)
        self.sign_in = SignIn(now)
        self.faults = Faults()
        self.requests: list[tuple[str, int]] = []


@dataclass(slots=True)
class Expensify:
    """A customer's office, and what the integration server knows of its callers."""

    office: Office
    credentials: tuple[str, str] = ("aa_simulated", "simulated-secret")
    faults: Faults = field(default_factory=Faults)
    files: dict[str, list[Any]] = field(default_factory=dict)
    polls_until_ready: int = 1
    moments: list[float] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class World:
    """Everything outside the monitor, on a clock of its own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.netsuite = NetSuite(now)
        self.expensify = Expensify(Office(now))
        self.slack = Slack(now)

    def sync(self, policy_id: str) -> None:
        """Expensify imports what NetSuite has now: active records, by their full names."""
        policy = self.expensify.office.policies[policy_id]
        policy.synced_at = self.now()
        places = dict.fromkeys(policy.coding.values())
        policy.offered = {place: {} for place in places if ":" in place}
        policy.imported = {}
        for kind, place in policy.coding.items():
            records = [row for row in self.netsuite.tables.all(kind) if row["isinactive"] != "T"]
            policy.imported[kind] = {_shown(row): row for row in records}
            if place in policy.offered:
                policy.offered[place] |= {_shown(row): True for row in records}

    def export(self, report_id: str) -> str:
        """Expensify tries to export a report; the code of the refusal, "" when NetSuite took it."""
        report = self.expensify.office.reports[report_id]
        policy: Policy = self.expensify.office.policies[report["policyID"]]
        refused = refusal(self.netsuite.tables, policy, report)
        if refused is None:
            self.expensify.office.add_action(
                report_id, "EXPORTINTEGRATION", label="NetSuite", markedManually=False
            )
            return ""
        code, text = refused
        self.expensify.office.add_action(
            report_id,
            "INTEGRATIONSMESSAGE",
            label="NetSuite",
            result={"messages": [f"{code}: {text}"]},
        )
        return code


def _shown(row: dict[str, Any]) -> str:
    return str(row.get("fullname") or row.get("companyname") or row.get("entityid"))
