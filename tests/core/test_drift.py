"""Drift: the net changes since the last sync, and the state in the middle that a sync took over."""

from __future__ import annotations

import pytest

from monitor.core.drift import Drift, DriftedChange, drift_of
from monitor.core.imported import DROPPED, ImportVerdict
from monitor.core.listed import ListHistory
from monitor.core.predict import predict
from monitor.core.records import Change, Record
from monitor.core.sync import Imported, LastSync, Source
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_history,
    a_last_sync,
    a_report,
    a_situation,
    a_value,
    a_workspace,
    at,
)
from tests.core.rule_builders import a_staff, an_employee, by_default

ACTIVE, INACTIVE = a_class(), a_class(is_inactive=True)
BRAND = a_class(path="Sales : Brand")
INACTIVATED = a_change(ACTIVE, INACTIVE, seen=(at("07:00"), at("07:15")))
REACTIVATED = a_change(INACTIVE, ACTIVE, seen=(at("08:00"), at("08:15")))

NEVER = a_history(a_value())
"""Offered at every poll: 06:00, 09:00 and 10:00."""
TAKEN_AWAY = a_history(a_value(gone=at("07:30")), polls=(at("06:00"), at("07:30"), at("09:00")))
BROUGHT_BACK = a_history(
    a_value(gone=at("07:30")),
    a_value(first=at("09:00")),
    polls=(at("06:00"), at("07:30"), at("09:00")),
)

BEFORE_IT = ImportVerdict(Imported.NO, "the last known sync was before it")
STILL_OLD = ImportVerdict(
    Imported.NO,
    "Expensify's own list still shows what NetSuite had before",
    Source.POLICY_LIST,
    is_proof=True,
)
TAKEN_OVER = ImportVerdict(
    Imported.YES,
    "Expensify's own list shows what NetSuite has now",
    Source.POLICY_LIST,
    is_proof=True,
)
SYNCED = a_last_sync(not_before=at("05:00"), not_after=at("05:00"))


@pytest.mark.parametrize(
    ("net", "steps", "history", "drifted"),
    [
        pytest.param([], [], NEVER, [], id="nothing changed, nothing drifts"),
        pytest.param(
            [INACTIVATED],
            [INACTIVATED],
            a_history(),
            [DriftedChange(INACTIVATED, BEFORE_IT)],
            id="a change after the last sync has drifted",
        ),
        pytest.param(
            [INACTIVATED],
            [INACTIVATED],
            NEVER,
            [DriftedChange(INACTIVATED, STILL_OLD, (ACTIVE,))],
            id="the list says so more directly",
        ),
        pytest.param(
            [],
            [INACTIVATED, REACTIVATED],
            NEVER,
            [],
            id="changed and changed back without a sync: nothing has drifted",
        ),
        pytest.param(
            [],
            [INACTIVATED, REACTIVATED],
            TAKEN_AWAY,
            [DriftedChange(REACTIVATED, STILL_OLD, (INACTIVE,))],
            id="a sync took over the state in the middle: the way back has drifted",
        ),
        pytest.param(
            [],
            [INACTIVATED, REACTIVATED],
            BROUGHT_BACK,
            [DriftedChange(REACTIVATED, TAKEN_OVER)],
            id="and another sync took over the way back",
        ),
        pytest.param(
            [],
            [INACTIVATED, REACTIVATED],
            a_history(),
            [],
            id="without the list only the net difference counts",
        ),
    ],
)
def test_what_drifts(
    net: list[Change], steps: list[Change], history: ListHistory, drifted: list[DriftedChange]
) -> None:
    assert drift_of(a_workspace(), net, steps, history, SYNCED) == Drift(
        US, SYNCED, {one.change.ref: one for one in drifted}
    )


def test_what_the_list_proves_of_the_last_step_holds_for_the_whole_change() -> None:
    """Renamed, synced, inactivated: the old name has gone, and yet the list offers the record."""
    renamed = a_change(ACTIVE, BRAND, seen=(at("07:00"), at("07:15")))
    inactive = BRAND._replace(is_inactive=True)
    inactivated = a_change(BRAND, inactive, seen=(at("08:00"), at("08:15")))
    net = a_change(ACTIVE, inactive, seen=(at("07:00"), at("08:15")))
    history = a_history(
        a_value(gone=at("07:30")),
        a_value("Sales : Brand", at("07:30")),
        polls=(at("06:00"), at("07:30"), at("09:00")),
    )
    drift = drift_of(a_workspace(), [net], [renamed, inactivated], history, a_last_sync())
    assert drift.changes == {net.ref: DriftedChange(net, STILL_OLD, (BRAND,))}


OTHER_SCOPE = ("1", "2")
RESCOPED = a_change(
    INACTIVE, INACTIVE._replace(subsidiary_ids=OTHER_SCOPE), seen=(at("07:30"), at("07:45"))
)
BACK_RESCOPED = a_change(
    INACTIVE._replace(subsidiary_ids=OTHER_SCOPE),
    ACTIVE._replace(subsidiary_ids=OTHER_SCOPE),
    seen=(at("08:00"), at("08:15")),
)
RESCOPED_LAST = a_change(
    ACTIVE, ACTIVE._replace(subsidiary_ids=OTHER_SCOPE), seen=(at("08:30"), at("08:45"))
)
NET_RESCOPED = a_change(
    ACTIVE, ACTIVE._replace(subsidiary_ids=OTHER_SCOPE), seen=(at("07:00"), at("08:45"))
)


@pytest.mark.parametrize(
    ("steps", "passed"),
    [
        pytest.param(
            [INACTIVATED, RESCOPED, BACK_RESCOPED],
            RESCOPED.after,
            id="inactivated, synced, given another subsidiary, reactivated",
        ),
        pytest.param(
            [INACTIVATED, REACTIVATED, RESCOPED_LAST],
            INACTIVE,
            id="inactivated, synced, reactivated, given another subsidiary",
        ),
    ],
)
def test_a_way_back_that_the_list_misses_is_expected_to_fail(
    steps: list[Change], passed: Record
) -> None:
    """Allowed before and after, and yet Expensify knows only the state in the middle."""
    drift = drift_of(a_workspace(), [NET_RESCOPED], steps, TAKEN_AWAY, a_last_sync())
    assert drift.changes == {NET_RESCOPED.ref: DriftedChange(NET_RESCOPED, STILL_OLD, (passed,))}
    assert _foretold(drift, NET_RESCOPED.after) == [("edited_since_sync", "likely", "no")]


@pytest.mark.parametrize(
    ("steps", "history"),
    [
        pytest.param(
            [INACTIVATED, REACTIVATED, RESCOPED_LAST], NEVER, id="without a sync in between"
        ),
        pytest.param(
            [INACTIVATED, REACTIVATED, RESCOPED_LAST], BROUGHT_BACK, id="a sync brought it back"
        ),
        pytest.param([RESCOPED_LAST], NEVER, id="it was never refused"),
    ],
)
def test_a_way_back_that_the_list_shows_is_no_risk(
    steps: list[Change], history: ListHistory
) -> None:
    drift = drift_of(a_workspace(), [NET_RESCOPED], steps, history, a_last_sync())
    assert _foretold(drift, NET_RESCOPED.after) == []


TAKEN_OUT = a_change(
    ACTIVE, ACTIVE._replace(subsidiary_ids=("2",)), seen=(at("07:00"), at("07:15"))
)
PUT_BACK = a_change(ACTIVE._replace(subsidiary_ids=("2",)), ACTIVE, seen=(at("08:00"), at("08:15")))
WIDENED = a_change(
    ACTIVE, ACTIVE._replace(subsidiary_ids=OTHER_SCOPE), seen=(at("08:20"), at("08:25"))
)
NARROWED = a_change(
    ACTIVE._replace(subsidiary_ids=OTHER_SCOPE), ACTIVE, seen=(at("06:05"), at("06:10"))
)
LATER = (at("06:00"), at("06:30"), at("07:30"), at("08:30"), at("09:00"))
"""Polls: two before the class was taken from the subsidiary, one between, two after its return."""


def _offered(*times: tuple[str, str]) -> ListHistory:
    """Offered from the one moment until the other, "" = to this day."""
    values = (a_value(first=at(first), gone=at(gone) if gone else None) for first, gone in times)
    return a_history(*values, polls=LATER)


@pytest.mark.parametrize("ways", [[TAKEN_OUT, PUT_BACK], [TAKEN_OUT, PUT_BACK, WIDENED]])
@pytest.mark.parametrize(
    "gone",
    [
        pytest.param("07:30", id="missing since the class was taken out"),
        pytest.param("08:30", id="missing since about when it was put back"),
    ],
)
def test_what_an_import_left_out_is_expected_to_fail_until_the_next(
    ways: list[Change], gone: str
) -> None:
    """Taken from the subsidiary, synced, given back: no list shows either step, but it is gone."""
    drift = drift_of(a_workspace(), [], ways, _offered(("06:00", gone)), a_last_sync())
    after = ways[-1].after
    assert _foretold(drift, after) == [("edited_since_sync", "likely", "no")]
    assert [one.verdict for one in drift.changes.values()] == [DROPPED]
    assert [one.change.after for one in drift.changes.values()] == [after]


@pytest.mark.parametrize(
    ("ways", "history"),
    [
        pytest.param([TAKEN_OUT, PUT_BACK], _offered(("06:00", "")), id="still offered"),
        pytest.param([TAKEN_OUT, PUT_BACK], _offered(), id="never offered"),
        pytest.param(
            [TAKEN_OUT, PUT_BACK],
            _offered(("06:00", "07:30"), ("08:30", "")),
            id="offered again: imported",
        ),
        pytest.param(
            [TAKEN_OUT, PUT_BACK],
            _offered(("06:00", "06:30")),
            id="missing before it was taken out: by hand",
        ),
        pytest.param(
            [NARROWED, TAKEN_OUT, PUT_BACK],
            _offered(("06:00", "06:30")),
            id="missing since another edit that left it usable: by hand",
        ),
        pytest.param(
            [TAKEN_OUT, PUT_BACK],
            _offered(("06:00", "09:00")),
            id="missing only after it was put back: by hand",
        ),
        pytest.param(
            [TAKEN_OUT, PUT_BACK],
            _offered(("06:00", "07:30"), ("08:30", "09:00")),
            id="missing, back and missing again: by hand",
        ),
        pytest.param(
            [WIDENED], _offered(("06:00", "08:30")), id="missing, but never refused: by hand"
        ),
        pytest.param(
            [TAKEN_OUT, PUT_BACK],
            a_history(a_value(gone=at("07:30")), polls=LATER[:3]),
            id="nobody has looked since it was put back",
        ),
        pytest.param([], _offered(("06:00", "07:30")), id="missing, and nothing changed"),
    ],
)
def test_what_is_missing_for_another_reason_is_no_risk(
    ways: list[Change], history: ListHistory
) -> None:
    drift = drift_of(a_workspace(), [], ways, history, a_last_sync())
    assert _foretold(drift, ACTIVE) == []


def test_what_is_missing_after_a_sync_that_a_person_read_of_is_no_risk() -> None:
    history = _offered(("06:00", "07:30"))
    read = a_last_sync(not_before=at("08:40"), read_at_least=at("08:40"))
    drift = drift_of(a_workspace(), [], [TAKEN_OUT, PUT_BACK], history, read)
    assert drift.changes == {}


def test_a_list_that_does_not_follow_such_edits_tells_nothing() -> None:
    history, sorts = _offered(("06:00", "07:30")), frozenset({("class", "edited")})
    steps = [TAKEN_OUT, PUT_BACK]
    drift = drift_of(a_workspace(), [], steps, history, a_last_sync(), unreflected=sorts)
    assert drift.changes == {}


def _foretold(drift: Drift, record: Record | None) -> list[tuple[str, str, str]]:
    """What is said of one report that uses the record, as it is now."""
    assert record is not None
    situation = a_situation(a_report(), present=[record], drift=drift)
    return [
        (risk.cause.code, risk.certainty.code, risk.imported.value) for risk in predict(situation)
    ]


def test_drift_remembers_from_when_it_was_counted() -> None:
    drift = drift_of(a_workspace(), [], [], a_history(), SYNCED, since=at("05:00"))
    assert drift == Drift(US, SYNCED, {}, at("05:00"))


STAYED, MOVED = an_employee(), an_employee(subsidiary_id="2")
WENT = a_change(STAYED, MOVED, seen=(at("07:00"), at("07:15")))
CAME = a_change(MOVED, STAYED, seen=(at("08:00"), at("08:15")))


@pytest.mark.parametrize(
    ("steps", "last", "said"),
    [
        pytest.param([WENT, CAME], a_last_sync(), ["possible"], id="no sync is known at all"),
        pytest.param(
            [WENT, CAME],
            a_last_sync(not_before=at("05:00")),
            ["possible"],
            id="one may have come between",
        ),
        pytest.param([WENT, CAME], SYNCED, [], id="none came since the first edit"),
        pytest.param(
            [WENT, CAME],
            a_last_sync(not_before=at("09:00"), not_after=at("09:00")),
            [],
            id="one came after the last",
        ),
        pytest.param(
            [CAME], a_last_sync(), [], id="one step alone is no way back (its net change speaks)"
        ),
    ],
)
def test_an_employee_that_is_again_as_before_may_have_been_imported_meanwhile(
    steps: list[Change], last: LastSync, said: list[str]
) -> None:
    workspace = by_default("class")
    drift = drift_of(workspace, [], steps, ListHistory(US), last)
    situation = a_situation(
        present=[a_class()], workspaces=(workspace,), drift=drift, employees=a_staff(STAYED)
    )
    risks = [risk for risk in predict(situation) if risk.ref == STAYED.ref]
    assert [risk.certainty.code for risk in risks] == said
    assert {risk.cause.code for risk in risks} <= {"employee_edited_since_sync"}
