"""A difference as text: one line a change, the change word first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from monitor.answers.difference import SUMMARY_ORDER, Basis, Difference, DriftedChange
from monitor.cli.output.tables import table
from monitor.cli.output.words import IMPORTED, Paint, field_word, local, plain, value
from monitor.core.message.words import counted
from monitor.core.records import Change, ChangeWord
from monitor.core.sync import Imported

_COLORS = {
    ChangeWord.DELETED: "red",
    ChangeWord.INACTIVATED: "red",
    ChangeWord.ADDED: "green",
    ChangeWord.RESTORED: "green",
    ChangeWord.REACTIVATED: "green",
    ChangeWord.RENAMED: "yellow",
    ChangeWord.MOVED: "yellow",
    ChangeWord.EDITED: "yellow",
}
_WORD_WIDTH = max(len(word) for word in ChangeWord)
_BASIS = {
    Basis.LAST_SYNC: " (Expensify's last known sync)",
    Basis.LAST_DAY: " (24 h ago)",
    Basis.BASELINE: " (the first snapshot)",
}


def diff_text(difference: Difference, paint: Paint) -> str:
    """One line a change; empty when nothing is different."""
    names = {workspace.policy_id: workspace.name for workspace in difference.workspaces}
    zone = difference.time_zone
    return "\n".join(_line(row, names, zone, paint) for row in difference.changes)


def stat_text(difference: Difference, room: int | None = None) -> str:
    """One line a kind: how many changes of each word."""
    by_kind: defaultdict[str, Counter[ChangeWord]] = defaultdict(Counter)
    for row in difference.changes:
        by_kind[row.change.kind][row.change.change] += 1
    rows = [(kind, _counted(words)) for kind, words in sorted(by_kind.items())]
    return "\n".join(table(rows, room=room)) if rows else ""


def span_sentence(difference: Difference) -> str:
    """What was compared, and how much is different."""
    span = difference.range
    changes = len(difference.changes)
    found = counted(changes, "change") if changes else "No differences"
    since = local(span.since, difference.time_zone) + _BASIS.get(span.basis, "")
    return f"{found} between {since} and {local(span.until, difference.time_zone)}"


def _line(row: DriftedChange, names: Mapping[str, str], zone: str, paint: Paint) -> str:
    change = row.change
    word = paint(change.change.ljust(_WORD_WIDTH), _COLORS[change.change])
    fields = "; ".join(
        f"{field_word(f.field)}: {value(f.old)} → {value(f.new)}" for f in change.fields
    )
    parts = (
        f"{word}  {change.ref} {plain(change.full_name)}",
        fields,
        _who_and_when(change, zone),
        _imported(row.imported, names),
    )
    return " · ".join(part for part in parts if part)


def _who_and_when(change: Change, zone: str) -> str:
    who = plain(change.modified_by) if change.modified_by else ""
    if change.modified_at:
        when = local(change.modified_at, zone)
    else:
        when = "seen " + " to ".join(local(moment, zone) for moment in change.seen_between)
    return f"{who}, {when}" if who else when


def _imported(imported: Mapping[str, Imported], names: Mapping[str, str]) -> str:
    if len(imported) == 1:
        return IMPORTED[next(iter(imported.values()))]
    said = (
        (sentence, [names.get(policy, policy) for policy, i in imported.items() if i is verdict])
        for verdict, sentence in IMPORTED.items()
    )
    return "; ".join(f"{sentence} ({_listed(which)})" for sentence, which in said if which)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(plain(name) for name in names)


def _counted(words: Counter[ChangeWord]) -> str:
    return ", ".join(f"{words[word]} {word}" for word in SUMMARY_ORDER if words[word])
