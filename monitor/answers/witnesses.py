"""What testifies beside the lists, and what the role is shown of it, in a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from monitor.adapters.store import Store
from monitor.adapters.store.witnesses import LOGIN_AUDIT, SYSTEM_NOTES
from monitor.core.notes import NotesState, notes_state


class WitnessView(NamedTuple):
    """How one witness stands. `state`: seen, off, or as the notes' own states say."""

    name: str
    state: str
    sentence: str

    @property
    def is_trusted(self) -> bool:
        """Whether what it does not show did not happen."""
        return self.state == NotesState.SEEN.code

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name.replace("_", " ")


def witnesses_of(store: Store) -> tuple[WitnessView, ...]:
    """The login audit and the system notes, as last looked at; none that never was."""
    return tuple(_views(store))


def notes_view(authors: frozenset[str], *, is_off: bool) -> WitnessView:
    """What the role is shown of the system notes."""
    state = notes_state(authors, is_off=is_off)
    return WitnessView(SYSTEM_NOTES, state.code, state.value)


def logins_view(named: str, *, is_off: bool) -> WitnessView:
    """What the role is shown of the login audit; `named`: why it is off, or whose logins."""
    state = NotesState.OFF if is_off else NotesState.SEEN
    return WitnessView(LOGIN_AUDIT, state.code, named if is_off else f"shows the logins of {named}")


def _views(store: Store) -> Iterator[WitnessView]:
    if audit := store.witnesses.get(LOGIN_AUDIT):
        yield logins_view(audit.detail, is_off=audit.is_off)
    if notes := store.witnesses.get(SYSTEM_NOTES):
        yield notes_view(store.notes.authors(), is_off=notes.is_off)
