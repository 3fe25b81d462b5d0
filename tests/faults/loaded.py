"""A customer as large as the monitor promises to bear, and the numbers its services counted."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from monitor.cli.demo.folder import prepare
from monitor.core.records import Kind
from monitor.simulator import World, serve
from monitor.simulator.netsuite.tables import DATE, TABLES
from monitor.simulator.slack import Slack
from monitor.simulator.slack.refused import Refused
from tests.benchmarks.account import Account, an_account
from tests.faults.shared_clock import SharedClock

SUBSIDIARIES = 8
LINES_A_REPORT = 10
WINDOWS = ((5, 10.0), (20, 60.0))
"""Requests, seconds: what Expensify takes."""
_NETSUITE_SECONDS, _EXPENSIFY_SECONDS = 0.4, 0.1
"""How long an answer takes by the story's clock."""
_REAL_SECONDS = 0.003
"""And really: long enough to meet the others that are under way."""
_POLLS = 1
_STATES = ("OPEN", "SUBMITTED", "APPROVED")
_PAIRS = {
    Kind.CLASS: ("classificationsubsidiarymap", "classification", "subsidiary"),
    Kind.DEPARTMENT: ("departmentsubsidiarymap", "department", "subsidiary"),
    Kind.LOCATION: ("locationsubsidiarymap", "location", "subsidiary"),
    Kind.PROJECT: ("jobresources", "project", "jobresource"),
    Kind.CUSTOMER: ("customersubsidiaryrelationship", "entity", "subsidiary"),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is, and how many requests NetSuite takes at once."""

    workspaces: int = 100
    records: int = 100_000
    lines: int = 100_000
    offered: int = 400
    """Values that a workspace offers of each kind."""
    at_once: int = 4


SMALL = Size(6, 300, 300, 10, 3)


class StrictSlack(Slack):
    """A Slack that notes whatever it refused."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now, limits_rate=True)
        self.refused: list[str] = []

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().call(method, arguments)
        except Refused as refused:
            self.refused.append(f"{method}: {refused.word}")
            raise


class LoadedWorld(World):
    """Classes and projects in every workspace's pickers, and reports that use them."""

    def __init__(self, clock: SharedClock, size: Size) -> None:
        super().__init__(clock.now)
        self.size = size
        self._chance = Random(size.records)
        account = an_account(size.records)
        self._fill_tables(account)
        self._offered = {kind: _in_order(account, kind) for kind in (Kind.CLASS, Kind.PROJECT)}
        for number in range(size.workspaces):
            self._add_workspace(number)
        self.netsuite.tables.trail.log_in()
        self.netsuite.suiteql.allowed_at_once = size.at_once
        self.expensify.polls_until_ready = _POLLS
        self.slack = self.strict_slack = StrictSlack(clock.now)

        def latency(seconds: float) -> float:
            clock.sleep(seconds)
            return _REAL_SECONDS

        self.netsuite.latency = lambda _query: latency(_NETSUITE_SECONDS)
        self.expensify.latency = lambda _job: latency(_EXPENSIFY_SECONDS)

    @property
    def policies(self) -> dict[str, str]:
        """The subsidiary of every workspace, by policy id."""
        return {one.policy_id: one.subsidiary for one in self.expensify.office.policies.values()}

    def inactivate_what_is_used(self) -> None:
        """In every workspace one class that reports use is switched off, each by an edit."""
        ids = {row["fullname"]: row["id"] for row in self.netsuite.tables.all("class")}
        used = {
            report["policyID"]: line["ntag1"]
            for report in self.expensify.office.reports.values()
            for line in report["transactionList"][:1]
        }
        for record_id in {ids[name] for name in used.values()}:
            self.netsuite.tables.db.execute(
                "update classification set isinactive = 'T', lastmodifieddate = ? where id = ?",
                (self.netsuite.tables.stamp(), record_id),
            )

    def counted(self) -> dict[str, Any]:
        """What the services counted since the beginning."""
        moments = self.expensify.moments
        return {
            "netsuite": len(self.netsuite.requests),
            "refused": sum(status != 200 for _, status in self.netsuite.requests),
            "at_once": self.netsuite.suiteql.most_at_once,
            "expensify": len(moments),
            "windows": [_most_within(moments, seconds) for _, seconds in WINDOWS],
            "slack": dict(Counter(self.slack.calls)),
            "slack_refused": self.strict_slack.refused,
        }

    def _add_workspace(self, number: int) -> None:
        policy_id, subsidiary = f"{number:016X}", str(number % SUBSIDIARIES + 1)
        offered = {
            kind: self._chance.sample(names[subsidiary], min(size, len(names[subsidiary])))
            for kind, names in self._offered.items()
            for size in (self.size.offered,)
        }
        office = self.expensify.office
        policy = office.add_policy(
            policy_id,
            f"Workspace {number:03}",
            subsidiary=subsidiary,
            coding={Kind.CLASS: "tag:1", Kind.PROJECT: "tag:2"},
            offered={
                "tag:1": dict.fromkeys(offered[Kind.CLASS], True),
                "tag:2": dict.fromkeys(offered[Kind.PROJECT], True),
            },
        )
        policy.synced_at = self.now()
        reports = self.size.lines // self.size.workspaces // LINES_A_REPORT
        for count in range(reports):
            office.add_report(
                f"R{number:03}-{count:05}",
                policy_id,
                tags=[
                    (self._chance.choice(offered[Kind.CLASS]), self._chance.choice(projects))
                    for projects in [offered[Kind.PROJECT]] * LINES_A_REPORT
                ],
                submitter=f"person{count}@acme.example",
                state=_STATES[count % len(_STATES)],
            )

    def _fill_tables(self, account: Account) -> None:
        db = self.netsuite.tables.db
        for kind, rows in account.rows.items():
            names = sorted({name for row in rows.values() for name in row} - {"lastmodified_utc"})
            slots = ", ".join("?" * (len(names) + 1))
            columns = ", ".join([*names, "lastmodifieddate"])
            db.executemany(
                f"insert into {TABLES[kind]}({columns}) values ({slots})",
                [
                    [*(_spelled(name, row.get(name)) for name in names), _moment(row)]
                    for row in rows.values()
                ],
            )
        for kind, (table, owner, value) in _PAIRS.items():
            db.execute(f"create index {table}_by_owner on {table}({owner}, {value})")
            pairs = [(one, each) for one, of in account.attached[kind].items() for each in of]
            db.executemany(f"insert into {table}({owner}, {value}) values (?, ?)", pairs)


def configure(folder: Path, world: LoadedWorld, servers: Any) -> Path:
    """The configuration that watches the world; returns its path."""
    config = prepare(folder, world, servers)
    text = config.read_text().replace(
        "[netsuite.auth]", f"concurrency = {world.size.at_once}\n[netsuite.auth]"
    )
    head, _, rest = text.partition("[[workspace]]")
    workspaces = "".join(
        f'[[workspace]]\npolicy_id = "{policy_id}"\nsubsidiary = "{subsidiary}"\n'
        '[workspace.coding]\nclass = "tag:1"\nproject = "tag:2"\n\n'
        for policy_id, subsidiary in world.policies.items()
    )
    config.write_text(f"{head}{workspaces}[slack]{rest.partition('[slack]')[2]}")
    return config


def _in_order(account: Account, kind: str) -> Mapping[str, Sequence[str]]:
    """The names of active records, by a subsidiary that may use them."""
    names: dict[str, list[str]] = {str(one): [] for one in range(1, SUBSIDIARIES + 1)}
    for record in account.records(kind):
        for subsidiary in () if record.is_inactive else record.subsidiary_ids or ():
            names[subsidiary].append(record.full_name)
    return {one: sorted(set(of_one)) for one, of_one in names.items()}


def _spelled(name: str, value: object) -> object:
    return f"{DATE}{value}" if name in ("hiredate", "releasedate") and value else value


def _moment(row: Mapping[str, object]) -> str:
    return f"{DATE}{row['lastmodified_utc']}"


def _most_within(moments: Sequence[float], seconds: float) -> int:
    """The most requests of any window of so many seconds."""
    return max((sum(end - seconds < one <= end for one in moments) for end in moments), default=0)


def main() -> None:
    """`loaded FOLDER CLOCK SIZE`: serve the world; a word a line is read, and a line answered."""
    folder, clock = Path(sys.argv[1]), SharedClock(Path(sys.argv[2]))
    world = LoadedWorld(clock, Size(**json.loads(sys.argv[3])))
    with serve(world) as servers:
        print(json.dumps(str(configure(folder, world, servers))), flush=True)
        for word in sys.stdin:
            if word.strip() == "inactivate":
                world.inactivate_what_is_used()
            print(json.dumps(world.counted()), flush=True)


def as_argument(size: Size) -> str:
    return json.dumps(asdict(size))


if __name__ == "__main__":
    main()
