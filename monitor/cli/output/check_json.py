"""What `monitor check` found, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from monitor.checking import Finding, State

SCHEMA_VERSION = 1


def check_json(findings: Sequence[Finding]) -> str:
    """Every finding in its order; `do` is null where nothing is to be done."""
    rows = [one._asdict() | {"do": one.do or None} for one in findings]
    counts = {state: sum(one.state is state for one in findings) for state in State}
    document = {"schema_version": SCHEMA_VERSION, "counts": counts, "findings": rows}
    return json.dumps(document, indent=2)
