"""What somebody might do in NetSuite that would change nothing: it is so already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.core.records import Record
from monitor.core.whatif import TOP, Edit, Supposition


def idle_in(records: Iterable[Record], suppositions: Iterable[Supposition]) -> Iterator[str]:
    """One sentence for everything that is so already, by the record's name, in their order."""
    present = {record.ref: record for record in records}
    for supposition in dict.fromkeys(suppositions):
        record = present.get(supposition.ref)
        already = _already(record, supposition) if record is not None else ""
        if record is not None and already:
            yield (
                f"{record.ref} “{record.full_name}” {already} already: nothing would change by that"
            )


def _already(record: Record, supposition: Supposition) -> str:
    """What it is or has already, "" when something would change."""
    edit, _, value = supposition
    match edit:
        case Edit.INACTIVATE | Edit.REACTIVATE:
            is_idle = record.is_inactive == (edit is Edit.INACTIVATE)
            said = "is inactive" if record.is_inactive else "is active"
        case Edit.RENAME:
            is_idle, said = record.name == value, "is called that"
        case Edit.MOVE:
            is_idle = record.parent_id == (None if value == TOP else value)
            said = "is at the top" if value == TOP else f"is below {record.kind}:{value}"
        case Edit.ADD_SUBSIDIARY:
            is_idle = all(value in ids for ids in _scopes(record))
            said = f"has subsidiary {value}"
        case _:
            is_idle, said = False, ""
    return said if is_idle else ""


def _scopes(record: Record) -> tuple[tuple[str, ...], ...]:
    """The subsidiaries in each of NetSuite's readings that there is."""
    readings = (record.subsidiary_ids, record.mapped_subsidiary_ids)
    return tuple(ids for ids in readings if ids is not None)
