"""What a coded text means by Expensify's own copy, and what NetSuite says of it then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from monitor.simulator.expensify.office import shown_as
from monitor.simulator.refusals.attempt import JOURNAL_ENTRY, Attempt, Row
from monitor.simulator.refusals.record import line_reasons, record_reasons
from monitor.simulator.refusals.values import Refusal

ENTITIES = ("customer", "project")


class _Meaning(NamedTuple):
    """The record a text stands for, and whether the last import still knows the text."""

    kind: str
    record_id: str
    is_imported: bool
    is_new: bool = False


def tag_reasons(attempt: Attempt, line: Row) -> Iterator[Refusal]:
    """Every reason against what the line is coded to; report fields hold for every line."""
    coded = {f"tag:{name[4:]}": text for name, text in line.items() if name.startswith("ntag")}
    fields = attempt.report["customField"]
    coded |= {f"report_field:{name}": text for name, text in fields.items()}
    is_journal = attempt.route(line) == JOURNAL_ENTRY
    entities: list[_Meaning | None] = []
    for place, text in coded.items():
        kinds = [kind for kind, where in attempt.policy.coding.items() if where == place]
        if is_journal:
            kinds = [kind for kind in kinds if kind not in ENTITIES]
        if not kinds or not text:
            continue
        meaning = _meaning(attempt, kinds, str(text))
        yield from _text_reasons(attempt, meaning, kinds, str(text), line)
        if any(kind in ENTITIES for kind in ([meaning.kind] if meaning else kinds)):
            entities.append(meaning)
    if line.get("billable") and not is_journal and not _has_valid(attempt, entities):
        why = "billable_to_nobody_valid" if entities else "billable_without_customer"
        yield Refusal("NS0046", "Billable without customer", why)


def _meaning(attempt: Attempt, kinds: list[str], text: str) -> _Meaning | None:
    """By the last import; else by an earlier one; else a name that only NetSuite has.

    A name that another record has since the earlier one was deleted is that record's.
    """
    called_so = {
        kind: [row for row in attempt.tables.all(kind) if shown_as(row) == text] for kind in kinds
    }
    for kind in kinds:
        record = attempt.policy.imported.get(kind, {}).get(text)
        if record is not None:
            return _Meaning(kind, str(record["id"]), is_imported=True)
    for kind in kinds:
        record_id = attempt.policy.ever_imported.get(kind, {}).get(text)
        is_passed_on = called_so[kind] and attempt.tables.get(kind, record_id or 0) is None
        if record_id is not None and not is_passed_on:
            return _Meaning(kind, record_id, is_imported=False)
    for kind in kinds:
        for row in called_so[kind][:1]:
            known = attempt.policy.ever_imported.get(kind, {}).values()
            is_new = str(row["id"]) not in known
            return _Meaning(kind, str(row["id"]), is_imported=False, is_new=is_new)
    return None


def _text_reasons(
    attempt: Attempt, meaning: _Meaning | None, kinds: list[str], text: str, line: Row
) -> Iterator[Refusal]:
    missing = f"{text} is in no list Expensify imported"
    if meaning is None:
        yield Refusal("NS0831", missing, "unknown_text", kinds[0])
        return
    kind, record_id = meaning.kind, meaning.record_id
    against = list(record_reasons(attempt, kind, record_id))
    record = attempt.tables.get(kind, record_id)
    if record is not None and kind in ENTITIES:
        against += line_reasons(attempt, kind, record, line)
    yield from against
    if not against and not meaning.is_imported:
        yield Refusal("NS0831", missing, _why_missing(meaning, record, text), kind, record_id)


def _why_missing(meaning: _Meaning, record: Row | None, text: str) -> str:
    if meaning.is_new:
        return "new_not_imported"
    return "stale_import" if record is not None and shown_as(record) == text else "former_name"


def _has_valid(attempt: Attempt, entities: list[_Meaning | None]) -> bool:
    found = [attempt.tables.get(one.kind, one.record_id) for one in entities if one is not None]
    return any(row is not None and row["isinactive"] != "T" for row in found)
