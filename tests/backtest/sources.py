"""Both sides of a simulated world as a cycle asks for them, without the network between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from monitor.adapters.netsuite.lists import SPECS, parser
from monitor.core.records import ListReading, ListSink, ListState
from monitor.core.reports import (
    CodedText,
    Coding,
    Export,
    Failure,
    OfferedValue,
    PendingReport,
    PolicyLists,
    ReportLine,
    ReportState,
    Route,
    Workspace,
)
from monitor.simulator import World
from monitor.simulator.expensify.office import Policy
from monitor.simulator.netsuite.tables import DATE, Tables

KINDS = ("class", "department", "location", "customer", "project", "employee")


def workspace_of(policy: Policy) -> Workspace:
    """The workspace as an operator who knows it would describe it."""
    return Workspace(
        policy.policy_id,
        policy.name,
        subsidiary=policy.subsidiary or None,
        reimbursable_export=Route(policy.reimbursable_export),
        company_card_export=Route(policy.company_card_export),
        cross_subsidiary_customers=policy.cross_subsidiary_customers,
        journal_cards=policy.journal_cards,
        required=policy.required,
        coding=tuple(Coding(kind, place) for kind, place in policy.coding.items()),
    )


class DirectNetSuite:
    """Reads the simulated tables through the adapter's own parser of rows."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def read_all(self, into: Mapping[str, ListSink]) -> tuple[ListReading, ...]:
        return tuple(self._read(kind, sink) for kind, sink in into.items())

    def _read(self, kind: str, into: ListSink) -> ListReading:
        spec = SPECS[kind]
        rows = [_row(row) for row in self._tables.all(kind)]
        columns = frozenset(rows[0]) if rows else frozenset()
        attached = self._attached(kind)
        parse = parser(spec, columns, has_attached=spec.attached is not None)
        into.restart()
        into.add([parse(row, attached) for row in rows])
        return ListReading(kind, ListState.READ, rows=len(rows), columns=tuple(sorted(columns)))

    def confirm_deleted(self, kind: str, ids: Sequence[str]) -> frozenset[str]:
        rows = self._tables.db.execute("select recordid from deletedrecord").fetchall()
        return frozenset(ids) & {str(row[0]) for row in rows}

    def _attached(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        spec = SPECS[kind].attached
        if spec is None:
            return {}
        pairs = defaultdict(set)
        for owner, value in self._tables.db.execute(
            f"select {spec.owner}, {spec.value} from {spec.table}"
        ):
            pairs[str(owner)].add(int(value))
        return {owner: tuple(map(str, sorted(values))) for owner, values in pairs.items()}


class DirectExpensify:
    """Shows the simulated office as the exporter and the policy getter would."""

    def __init__(self, world: World) -> None:
        self._office = world.expensify.office

    def reports(
        self, workspaces: Sequence[Workspace], *, now: datetime
    ) -> tuple[PendingReport, ...]:
        return self.reports_by_id(list(self._office.reports), workspaces)

    def reports_by_id(
        self, report_ids: Sequence[str], workspaces: Sequence[Workspace]
    ) -> tuple[PendingReport, ...]:
        by_policy = {workspace.policy_id: workspace for workspace in workspaces}
        rows = [self._office.reports[one] for one in report_ids if one in self._office.reports]
        return tuple(_report(row, by_policy[row["policyID"]]) for row in rows)

    def lists(self, policy_ids: Sequence[str]) -> tuple[PolicyLists, ...]:
        return tuple(_lists(self._office.policies[one]) for one in policy_ids)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as the monitor's queries ask for them."""
    plain = {
        name: value.removeprefix(DATE) if isinstance(value, str) else value
        for name, value in row.items()
    }
    return {**plain, "lastmodified_utc": plain.pop("lastmodifieddate")}


def _lists(policy: Policy) -> PolicyLists:
    values = [
        OfferedValue(place, text, is_enabled)
        for place, texts in policy.offered.items()
        for text, is_enabled in texts.items()
    ]
    return PolicyLists(policy.policy_id, policy.name, tuple(values))


def _report(row: Mapping[str, Any], workspace: Workspace) -> PendingReport:
    actions: Iterable[Mapping[str, Any]] = row["actionList"]
    return PendingReport(
        report_id=row["reportID"],
        policy_id=row["policyID"],
        name=row["reportName"],
        submitter=row["accountEmail"],
        state=ReportState(row["status"]),
        total=Decimal(row["total"]) / 100,
        currency=row["currency"],
        created_at=_moment(row["created"]),
        submitted_at=_moment(row["submitted"]),
        approved_at=_moment(row["approved"]),
        fields=tuple(
            CodedText(f"report_field:{name}", text)
            for name, text in row["customField"].items()
            if text and workspace.kinds_at(f"report_field:{name}")
        ),
        lines=tuple(_line(line, workspace) for line in row["transactionList"]),
        exports=tuple(
            Export(_certainly(one), is_manual=False)
            for one in actions
            if one["action"] == "EXPORTINTEGRATION"
        ),
        failures=tuple(_failure(one) for one in actions if one["action"] == "INTEGRATIONSMESSAGE"),
    )


def _line(row: Mapping[str, Any], workspace: Workspace) -> ReportLine:
    texts = {f"tag:{name[4:]}": text for name, text in row.items() if name.startswith("ntag")}
    return ReportLine(
        line_id=row["transactionID"],
        texts=tuple(
            CodedText(place, text)
            for place, text in texts.items()
            if text and workspace.kinds_at(place)
        ),
        is_billable=row["billable"],
        is_reimbursable=row["reimbursable"],
        card=row.get("cardName", ""),
    )


def _failure(action: Mapping[str, Any]) -> Failure:
    text = action["details"]["result"]["messages"][0]
    return Failure(_certainly(action), text[:6], text)


def _certainly(action: Mapping[str, Any]) -> datetime:
    moment = _moment(action["created"])
    assert moment is not None
    return moment


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
