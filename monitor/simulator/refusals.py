"""What NetSuite refuses on export, as this simulation believes: its own idea, nobody else's."""

from __future__ import annotations

from typing import Any

from monitor.simulator.expensify.office import Policy
from monitor.simulator.netsuite.tables import Tables


def refusal(tables: Tables, policy: Policy, report: dict[str, Any]) -> tuple[str, str] | None:
    """The first reason why the report cannot be exported: (code, text), None when it can.

    Expensify turns a tag into a NetSuite id by its own last copy; NetSuite then looks at the record
    as it is now.
    """
    for line in report["transactionList"]:
        for name, text in line.items():
            if name.startswith("ntag") and text:
                place = f"tag:{name.removeprefix('ntag')}"
                kinds = [kind for kind, where in policy.coding.items() if where == place]
                refused = _refused(tables, policy, kinds, str(text))
                if refused:
                    return refused
    return None


def _refused(tables: Tables, policy: Policy, kinds: list[str], text: str) -> tuple[str, str] | None:
    for kind in kinds:
        known = policy.imported.get(kind, {}).get(text)
        if known is None:
            continue
        record = tables.get(kind, known["id"])
        if record is None:
            return "NS0831", f"Invalid or missing classification: {kind} {known['id']}"
        if record["isinactive"] == "T":
            return ("NS0770" if kind == "project" else "NS0831"), f"{kind} {text} is not active"
        if policy.subsidiary and not _may_use(tables, record, policy.subsidiary):
            return "NS0831", f"Invalid {kind} reference key {record['id']} for subsidiary"
        return None
    return ("NS0831", f"{text} is in no list Expensify imported") if kinds else None


def _may_use(tables: Tables, record: dict[str, Any], subsidiary: str) -> bool:
    listed = str(record.get("subsidiary") or "")
    if not listed:
        return True
    allowed = {part.strip() for part in listed.split(",")}
    if record.get("includechildren") == "T":
        grown = True
        while grown:
            below = {
                str(row["id"]) for row in tables.all("subsidiary") if str(row["parent"]) in allowed
            }
            grown = not below <= allowed
            allowed |= below
    return subsidiary in allowed
