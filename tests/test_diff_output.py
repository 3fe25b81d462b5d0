"""A difference in its three forms: text to read, JSON and CSV to rely on."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.answers.difference import Basis, Difference, DriftedChange, Range
from monitor.cli.output.diff_csv import diff_csv
from monitor.cli.output.diff_json import diff_json
from monitor.cli.output.diff_text import diff_text, span_sentence, stat_text
from monitor.cli.output.words import plain
from monitor.core.records import Change, ChangeWord, FieldChange, FieldValue, Snapshot
from monitor.core.reports import Workspace
from monitor.core.sync import Imported

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "diff.schema.json").read_text())
OLDER = Snapshot(40, datetime(2026, 11, 22, 2, 0, 0, 123_000, tzinfo=UTC))
NEWER = Snapshot(71, datetime(2026, 11, 22, 9, 45, 0, 999_000, tzinfo=UTC))
US = Workspace(policy_id="4C67", name="Acme US")
UK = Workspace(policy_id="9D11", name="Acme UK")


def a_change(
    change: ChangeWord = ChangeWord.INACTIVATED,
    *fields: FieldChange,
    kind: str = "class",
    full_name: str = "Sales : Marketing",
    modified_at: datetime | None = None,
    modified_by: str | None = None,
    **imported: Imported,
) -> DriftedChange:
    return DriftedChange(
        Change(
            kind=kind,
            id="12",
            name=full_name.rpartition(" : ")[2],
            full_name=full_name,
            change=change,
            fields=fields or (FieldChange("is_inactive", False, True),),
            seen_between=(OLDER.taken_at, NEWER.taken_at),
            modified_at=modified_at,
            modified_by=modified_by,
        ),
        {US.policy_id: imported.get("us", Imported.NO)}
        | ({UK.policy_id: imported["uk"]} if "uk" in imported else {}),
    )


def a_difference(*changes: DriftedChange, basis: Basis = Basis.LAST_SYNC) -> Difference:
    return Difference(
        generated_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        range=Range(
            since=datetime(2026, 11, 22, 2, 12, tzinfo=UTC),
            until=NEWER.taken_at,
            basis=basis,
            older=OLDER,
            newer=NEWER,
        ),
        changes=changes,
        workspaces=(US, UK),
        time_zone="America/New_York",
    )


EDITED_AT = datetime(2026, 11, 22, 9, 31, 7, tzinfo=UTC)
FULL = a_change(modified_at=EDITED_AT, modified_by="Dana Lee")


def unpainted(text: str, _color: str) -> str:
    return text


def as_json(*changes: DriftedChange, basis: Basis = Basis.LAST_SYNC) -> Any:
    answer = json.loads(diff_json(a_difference(*changes, basis=basis)))
    Draft202012Validator(SCHEMA).validate(answer)
    return answer


def test_json_says_everything_under_the_promised_keys() -> None:
    assert as_json(FULL) == {
        "schema_version": 1,
        "generated_at": "2026-11-22T10:00:00Z",
        "range": {
            "from": "2026-11-22T02:12:00Z",
            "to": "2026-11-22T09:45:00Z",
            "basis": "last-sync",
        },
        "snapshots": {
            "from": {"id": 40, "taken_at": "2026-11-22T02:00:00Z"},
            "to": {"id": 71, "taken_at": "2026-11-22T09:45:00Z"},
        },
        "summary": {
            "added": 0,
            "deleted": 0,
            "restored": 0,
            "inactivated": 1,
            "reactivated": 0,
            "renamed": 0,
            "moved": 0,
            "edited": 0,
        },
        "changes": [
            {
                "kind": "class",
                "id": "12",
                "name": "Marketing",
                "full_name": "Sales : Marketing",
                "change": "inactivated",
                "fields": [{"field": "is_inactive", "old": False, "new": True}],
                "seen_between": ["2026-11-22T02:00:00Z", "2026-11-22T09:45:00Z"],
                "modified_at": "2026-11-22T09:31:07Z",
                "modified_by": "Dana Lee",
                "imported": {"4C67": "no"},
            }
        ],
    }


def test_json_of_nothing_keeps_every_key() -> None:
    answer = as_json()
    assert answer["changes"] == []
    assert set(answer["summary"].values()) == {0}


def test_json_stands_one_change_a_line() -> None:
    first, second = diff_json(a_difference(FULL, FULL)).splitlines()[-2:]
    assert json.loads(first.rstrip(",")) == json.loads(second.removesuffix("]}"))


@pytest.mark.parametrize("basis", Basis)
def test_json_names_the_basis_by_its_word(basis: Basis) -> None:
    assert as_json(basis=basis)["range"]["basis"] == basis.value


@pytest.mark.parametrize("word", ChangeWord)
def test_the_summary_counts_every_word(word: ChangeWord) -> None:
    assert {k: n for k, n in as_json(a_change(word))["summary"].items() if n} == {word.value: 1}


@pytest.mark.parametrize(
    ("given_value", "json_value", "cell"),
    [
        pytest.param(None, None, "", id="unknown"),
        pytest.param((), [], "", id="an empty set is a list without entries"),
        pytest.param(("1", "-5"), ["1", "-5"], "1;-5", id="a set of ids, one of them negative"),
        pytest.param(True, True, "true", id="yes"),
        pytest.param(False, False, "false", id="no"),
        pytest.param('A "B", C', 'A "B", C', 'A "B", C', id="a name with quotes and commas"),
    ],
)
def test_values_keep_their_nature(given_value: FieldValue, json_value: Any, cell: str) -> None:
    row = a_change(ChangeWord.EDITED, FieldChange("subsidiary_ids", given_value, "x"))
    assert as_json(row)["changes"][0]["fields"][0]["old"] == json_value
    (read,) = csv.DictReader(io.StringIO(diff_csv(a_difference(row))))
    assert read["old"] == cell


HEADER = "kind,id,full_name,change,field,old,new,seen_from,seen_to,modified_at,modified_by"


def test_csv_is_one_row_a_field() -> None:
    row = a_change(
        ChangeWord.RENAMED,
        FieldChange("name", "Marketing", "Brand"),
        FieldChange("subsidiary_ids", ("1", "2"), None),
        modified_at=EDITED_AT,
    )
    start = "class,12,Sales : Marketing,renamed"
    end = "2026-11-22T02:00:00Z,2026-11-22T09:45:00Z,2026-11-22T09:31:07Z,"
    assert diff_csv(a_difference(row)).splitlines() == [
        HEADER,
        f"{start},name,Marketing,Brand,{end}",
        f"{start},subsidiary_ids,1;2,,{end}",
    ]


def test_csv_of_nothing_is_the_header() -> None:
    assert diff_csv(a_difference()) == HEADER


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_name_comes_back_from_json_as_it_was_and_from_csv_as_no_formula(name: str) -> None:
    row = a_change(full_name=name)
    (read,) = csv.DictReader(io.StringIO(diff_csv(a_difference(row)) + "\n", newline=""))
    assert read["full_name"] in (name, f"'{name}")
    assert (read["full_name"] == name) or name[0] in "=+-@\t\r\n\0"
    assert as_json(row)["changes"][0]["full_name"] == name


@pytest.mark.parametrize(
    ("row", "line"),
    [
        pytest.param(
            FULL,
            "inactivated  class:12 Sales : Marketing · inactive: no → yes · "
            "Dana Lee, 2026-11-22 04:31 EST · Expensify has not imported it",
            id="who and when, if NetSuite says so",
        ),
        pytest.param(
            a_change(us=Imported.UNKNOWN),
            "inactivated  class:12 Sales : Marketing · inactive: no → yes · "
            "seen 2026-11-21 21:00 EST to 2026-11-22 04:45 EST · "
            "cannot tell whether Expensify has imported it",
            id="else between which readings",
        ),
        pytest.param(
            a_change(
                ChangeWord.RENAMED,
                FieldChange("name", "Marketing", "Brand"),
                FieldChange("full_name", "Sales : Marketing", "Sales : Brand"),
                modified_at=EDITED_AT,
                us=Imported.YES,
                uk=Imported.NO,
            ),
            "renamed      class:12 Sales : Marketing · "
            "name: Marketing → Brand; full name: Sales : Marketing → Sales : Brand · "
            "2026-11-22 04:31 EST · "
            "Expensify has not imported it (Acme UK); Expensify has imported it (Acme US)",
            id="several fields, several workspaces",
        ),
        pytest.param(
            a_change(
                ChangeWord.ADDED,
                FieldChange("parent_id", None, "7"),
                FieldChange("subsidiary_ids", None, ("1", "2")),
                modified_at=EDITED_AT,
            ),
            "added        class:12 Sales : Marketing · "
            "parent: – → 7; subsidiaries: – → 1, 2 · 2026-11-22 04:31 EST · "
            "Expensify has not imported it",
            id="what was not there before had nothing",
        ),
        pytest.param(
            a_change(full_name="Sales\x1b[31m\n\u202eevil", modified_at=EDITED_AT),
            "inactivated  class:12 Sales\ufffd[31m\ufffd\ufffdevil · inactive: no → yes · "
            "2026-11-22 04:31 EST · Expensify has not imported it",
            id="a name cannot break the line or steer the terminal",
        ),
    ],
)
def test_text_is_one_line_a_change(row: DriftedChange, line: str) -> None:
    assert diff_text(a_difference(row), unpainted) == line


def test_only_the_change_word_is_coloured() -> None:
    painted = diff_text(a_difference(FULL), lambda text, color: f"<{color}>{text}</{color}>")
    assert painted.startswith("<red>inactivated</red>  class:12 ")
    assert painted.count("<") == 2


def test_without_workspaces_nothing_is_said_about_imports() -> None:
    row = a_change(modified_at=EDITED_AT)._replace(imported={})
    assert diff_text(a_difference(row), unpainted).endswith(" · 2026-11-22 04:31 EST")


def test_text_of_nothing_is_empty() -> None:
    assert diff_text(a_difference(), unpainted) == ""
    assert stat_text(a_difference()) == ""


def test_the_span_says_both_moments_in_the_readers_zone() -> None:
    assert span_sentence(a_difference()) == (
        "No differences between 2026-11-21 21:12 EST (Expensify's last known sync) "
        "and 2026-11-22 04:45 EST"
    )
    assert span_sentence(a_difference(FULL, FULL, basis=Basis.MOMENT)) == (
        "2 changes between 2026-11-21 21:12 EST and 2026-11-22 04:45 EST"
    )


def test_stat_counts_words_by_kind() -> None:
    rows = (
        a_change(),
        a_change(ChangeWord.ADDED),
        a_change(),
        a_change(ChangeWord.EDITED, kind="department"),
    )
    assert (
        stat_text(a_difference(*rows)) == "class       1 added, 2 inactivated\ndepartment  1 edited"
    )


def test_letters_of_any_language_and_joined_emoji_stay() -> None:
    assert plain("Vertrieb Süd · 営業 · 👩‍💻 · a b") == "Vertrieb Süd · 営業 · 👩‍💻 · a b"
