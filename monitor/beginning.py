"""What the first look at each list already showed as edited since a workspace's last sync."""

from __future__ import annotations

from typing import NamedTuple

from monitor.adapters.store import Store
from monitor.core.records import Change, Kind, Record
from monitor.core.sync import MARGIN, LastSync
from monitor.core.unseen import FirstLook, edit_told, unseen_since
from monitor.core.workspace import Workspace


class Unseen(NamedTuple):
    """Edits from before the first look: those of which system notes name the fields, and the
    records of which nobody knows what was edited.
    """

    changes: tuple[Change, ...] = ()
    untold: tuple[Record, ...] = ()


def kinds_of(workspace: Workspace) -> tuple[str, ...]:
    """The kinds whose records the workspace imports."""
    return (*(coding.kind for coding in workspace.coding), Kind.EMPLOYEE)


def unseen_edits(store: Store, workspace: Workspace, last: LastSync) -> Unseen:
    """What was edited between the last sync and the first look; nothing where no sync is known."""
    since = unseen_since(last)
    if since is None:
        return Unseen()
    changes, untold = [], []
    for record, read_at in store.records.edited_at_first_look(kinds_of(workspace), since):
        notes = store.notes.of(record.ref, since, read_at + MARGIN)
        change = edit_told(FirstLook(record, read_at), notes, since)
        if change is None:
            untold.append(record)
        else:
            changes.append(change)
    return Unseen(tuple(changes), tuple(untold))
