"""The drift as it would be after something was done now."""

from __future__ import annotations

import pytest

from monitor.core.records import ChangeWord, Record
from monitor.core.supposed import NOT_YET, Changed, changed_by, supposed_drift
from monitor.core.sync import Imported
from tests.core.builders import NOW, a_change, a_class, a_drift

ACTIVE, INACTIVE = a_class(), a_class(is_inactive=True)
BRAND = a_class(path="Sales : Brand")


def test_only_what_differs_has_changed() -> None:
    other = a_class("7", "Works")
    assert changed_by([ACTIVE, other], [INACTIVE, other]) == (Changed(ACTIVE, INACTIVE),)
    assert changed_by([ACTIVE, other], [other]) == (Changed(ACTIVE, None),)


@pytest.mark.parametrize(
    ("after", "word"),
    [
        pytest.param(None, ChangeWord.DELETED, id="deleted"),
        pytest.param(INACTIVE, ChangeWord.INACTIVATED, id="inactivated"),
        pytest.param(BRAND, ChangeWord.RENAMED, id="renamed"),
        pytest.param(ACTIVE._replace(parent_id="3"), ChangeWord.MOVED, id="moved"),
        pytest.param(ACTIVE._replace(subsidiary_ids=()), ChangeWord.EDITED, id="edited"),
    ],
)
def test_what_would_be_done_now_is_a_change_that_nobody_imported(
    after: Record | None, word: ChangeWord
) -> None:
    (drifted,) = supposed_drift(a_drift(), [Changed(ACTIVE, after)], NOW).changes.values()
    assert drifted.verdict == NOT_YET
    assert (drifted.change.change, drifted.change.before, drifted.change.after) == (
        word,
        ACTIVE,
        after,
    )
    assert drifted.change.seen_between == (NOW, NOW)


def test_what_undoes_a_change_that_was_not_imported_ends_it() -> None:
    drift = a_drift(a_change(ACTIVE, INACTIVE))
    assert supposed_drift(drift, [Changed(INACTIVE, ACTIVE)], NOW).changes == {}


@pytest.mark.parametrize("imported", [Imported.YES, Imported.UNKNOWN])
def test_what_undoes_a_change_that_may_have_been_imported_must_be_imported_too(
    imported: Imported,
) -> None:
    drift = a_drift(a_change(ACTIVE, INACTIVE), imported=imported)
    (drifted,) = supposed_drift(drift, [Changed(INACTIVE, ACTIVE)], NOW).changes.values()
    assert (drifted.change.before, drifted.change.change) == (INACTIVE, ChangeWord.REACTIVATED)


def test_two_changes_of_which_none_was_imported_are_one() -> None:
    drift = a_drift(a_change(ACTIVE, BRAND))
    both = BRAND._replace(is_inactive=True)
    (drifted,) = supposed_drift(drift, [Changed(BRAND, both)], NOW).changes.values()
    assert (drifted.change.before, drifted.change.after) == (ACTIVE, both)


def test_other_changes_stay() -> None:
    drift = a_drift(a_change(a_class("7"), a_class("7", is_inactive=True)))
    changes = supposed_drift(drift, [Changed(ACTIVE, INACTIVE)], NOW).changes
    assert [ref.id for ref in changes] == ["7", "12"]
