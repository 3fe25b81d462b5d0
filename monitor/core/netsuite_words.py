"""What NetSuite says when it refuses a reference: which kind, which id, for which subsidiary."""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.core.records import Kind, Ref

_KINDS = {
    "class": (Kind.CLASS,),
    "classification": (Kind.CLASS,),
    "department": (Kind.DEPARTMENT,),
    "location": (Kind.LOCATION,),
    # One field of an expense holds both; an entity may be whoever is named.
    "customer": (Kind.CUSTOMER, Kind.PROJECT),
    "job": (Kind.PROJECT,),
    "project": (Kind.PROJECT,),
    "employee": (Kind.EMPLOYEE,),
    "entity": (Kind.EMPLOYEE, Kind.CUSTOMER, Kind.PROJECT),
    "subsidiary": (Kind.SUBSIDIARY,),
}
_ID = r"(?P<id>-?\d+)"
_PHRASES = (
    re.compile(
        rf"\bInvalid (?P<kind>\w+) reference key {_ID}"
        r"(?: for (?P<owner_kind>\w+) (?P<owner>-?\d+))?",
        re.I,
    ),
    re.compile(rf"\bInvalid Field Value {_ID} for the following field: (?P<kind>\w+)", re.I),
)


class RefusedReference(NamedTuple):
    """One reference that NetSuite did not accept."""

    kind: str
    """In NetSuite's own word, lower case: "class", "apacct"."""
    id: str
    subsidiary: str | None = None
    """For which it was refused; None where NetSuite names none."""
    entity: str | None = None
    """The employee, customer or vendor for whom it was refused."""

    @property
    def refs(self) -> frozenset[Ref]:
        """The records it can be: none for a kind that is not watched."""
        return frozenset(Ref(kind, self.id) for kind in _KINDS.get(self.kind, ()))


def refused_reference(text: str) -> RefusedReference | None:
    """Which reference the text says was refused, the first it names; None when it names none."""
    found = [match for phrase in _PHRASES if (match := phrase.search(text))]
    if not found:
        return None
    first = min(found, key=re.Match.start)
    groups = first.groupdict()
    owners = {(groups.get("owner_kind") or "").lower(): groups.get("owner")}
    return RefusedReference(
        groups["kind"].lower(), groups["id"], owners.get("subsidiary"), owners.get("entity")
    )
