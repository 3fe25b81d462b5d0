"""What somebody did in NetSuite, in words."""

from __future__ import annotations

from monitor.core.records import Change, ChangeWord, FieldChange, FieldValue


def describe(change: Change) -> str:
    """What somebody did in NetSuite, in words; the moment is told beside it."""
    what = f"{change.kind} “{change.full_name}”"
    before, after = change.before, change.after
    if change.change is ChangeWord.RENAMED and before and after:
        return f"{change.kind} “{before.full_name}” was renamed to “{after.full_name}”"
    if change.change is ChangeWord.MOVED and before and after:
        return f"{change.kind} “{before.full_name}” was moved to “{after.full_name}”"
    if change.change is not ChangeWord.EDITED:
        return f"{what} was {change.change.value}"
    return f"{what} was edited: {'; '.join(map(_edit, change.fields))}"


def _edit(edit: FieldChange) -> str:
    if edit.field == "full_name":
        return f"its path, which was “{edit.old}” (a record above it was renamed or moved)"
    if edit.field == "subsidiary_ids":
        return f"its subsidiaries, from {_ids(edit.old)} to {_ids(edit.new)}"
    return _FIELD_WORDS.get(edit.field, edit.field)


def _ids(value: FieldValue) -> str:
    return ", ".join(value) if isinstance(value, tuple) and value else "none"


_FIELD_WORDS = {
    "include_children": "whether it includes the children of its subsidiaries",
    "external_id": "its external id",
    "allow_expenses": "whether it allows expenses",
    "limit_to_resources": "whether it is limited to its resources",
    "resource_ids": "its resources",
    "other_names": "its other names",
    "customer_id": "its customer",
}
