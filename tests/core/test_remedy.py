"""What fixes a risk, who can do it where, and whether Sync helps."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.records import Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import Coding, ReportState
from monitor.core.risks import Cause, Certainty, ExposedReport, Remedy, RemedyCode
from monitor.core.sync import Imported
from tests.core.builders import NETSUITE_URL, a_workspace, an_exposed_report

YES, NO, UNKNOWN = Imported.YES, Imported.NO, Imported.UNKNOWN
PATH = "a workspace admin, Expensify: Settings > Workspaces > Acme US > Accounting > Sync now"
CLASS_PAGE = f"{NETSUITE_URL}/app/common/otherlists/classtype.nl?id=12"
ADMIN = (
    "a workspace admin can recode an approved report, "
    "or unapprove it (it then needs approval again)"
)
RECODE = f"Recode 1 line to another class: {ADMIN}."
REACTIVATE = (
    "Or a NetSuite administrator makes class “Sales : Marketing” active again until the reports "
    f"are exported ({CLASS_PAGE}); ask first who inactivated it."
)
ADD_SUBSIDIARY = (
    f"Or a NetSuite administrator adds subsidiary 1 to class “Sales : Marketing” ({CLASS_PAGE})."
)
UNUSED = "No pending report uses it: code new expenses to another class."


def _remedy(
    cause: Cause, imported: Imported = NO, *reports: ExposedReport, **fields: Any
) -> Remedy:
    return remedy_for(
        Case(
            **{
                "cause": cause,
                "imported": imported,
                "ref": Ref("class", "12"),
                "full_name": "Sales : Marketing",
                "workspace": a_workspace(),
                "reports": reports or (an_exposed_report(),),
                "netsuite_url": NETSUITE_URL,
                **fields,
            }
        )
    )


@pytest.mark.parametrize(
    ("cause", "imported", "certainty", "remedy"),
    [
        pytest.param(
            Cause.DELETED, YES, Certainty.CERTAIN, Remedy(RemedyCode.RECODE, "no", (RECODE,)),
            id="deleted and imported: recode, Sync does nothing more",
        ),
        pytest.param(
            Cause.DELETED, NO, Certainty.CERTAIN,
            Remedy(
                RemedyCode.RECODE, "partly",
                (RECODE, f"After recoding, Sync, so that new expenses stop using it: {PATH}."),
            ),
            id="deleted and not imported: recode, and Sync for new expenses",
        ),
        pytest.param(
            Cause.DELETED, UNKNOWN, Certainty.CERTAIN,
            Remedy(
                RemedyCode.RECODE, "unknown",
                (RECODE, f"After recoding, Sync, so that new expenses stop using it: {PATH}."),
            ),
            id="deleted, and nobody knows whether imported: the same",
        ),
        pytest.param(
            Cause.INACTIVE, YES, Certainty.CERTAIN,
            Remedy(
                RemedyCode.RECODE_OR_REACTIVATE, "no",
                (RECODE, REACTIVATE, f"After reactivating, Sync: {PATH}."),
            ),
            id="inactive and imported: recode, or reactivate and then Sync",
        ),
        pytest.param(
            Cause.INACTIVE, NO, Certainty.CERTAIN,
            Remedy(
                RemedyCode.SYNC_AND_RECODE, "partly",
                (
                    RECODE, REACTIVATE,
                    f"After recoding, Sync, so that new expenses stop using it: {PATH}.",
                ),
            ),
            id="inactive and not imported: a Sync before reactivating would take it away",
        ),
        pytest.param(
            Cause.INACTIVE, UNKNOWN, Certainty.CERTAIN,
            Remedy(
                RemedyCode.SYNC_AND_RECODE, "unknown",
                (
                    RECODE, REACTIVATE,
                    f"After either, Sync, so that Expensify has what NetSuite has: {PATH}.",
                ),
            ),
            id="inactive, and nobody knows whether imported: Sync whatever was done",
        ),
        *(
            pytest.param(
                Cause.OUTSIDE_SUBSIDIARY, imported, certainty,
                Remedy(
                    RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE, "no",
                    (RECODE, ADD_SUBSIDIARY, f"After adding the subsidiary, Sync: {PATH}."),
                ),
                id=f"outside the subsidiary, {certainty.code}, imported {imported}",
            )
            for imported in Imported
            for certainty in Certainty
        ),
        pytest.param(
            Cause.EDITED_SINCE_SYNC, NO, Certainty.LIKELY,
            Remedy(RemedyCode.SYNC, "yes", (f"Sync now: {PATH}.",)),
            id="allowed again and not imported: Sync fixes it",
        ),
        pytest.param(
            Cause.EDITED_SINCE_SYNC, UNKNOWN, Certainty.LIKELY,
            Remedy(RemedyCode.SYNC_TO_BE_SURE, "unknown", (f"Sync now to be sure: {PATH}.",)),
            id="allowed again, and nobody knows whether imported: Sync to be sure",
        ),
        pytest.param(
            Cause.EDITED_SINCE_SYNC, NO, Certainty.POSSIBLE,
            Remedy(RemedyCode.SYNC_TO_BE_SURE, "unknown", (f"Sync now to be sure: {PATH}.",)),
            id="renamed and not imported: nobody promises that Sync fixes it",
        ),
    ],
)  # fmt: skip
def test_what_to_do(cause: Cause, imported: Imported, certainty: Certainty, remedy: Remedy) -> None:
    assert _remedy(cause, imported, certainty=certainty) == remedy


@pytest.mark.parametrize(
    ("cause", "imported", "steps"),
    [
        pytest.param(Cause.INACTIVE, YES, (UNUSED,), id="imported: nothing else is left to do"),
        pytest.param(
            Cause.INACTIVE,
            NO,
            (UNUSED, f"Sync, so that new expenses stop using it: {PATH}."),
            id="not imported: Sync keeps it out of new expenses",
        ),
        pytest.param(Cause.OUTSIDE_SUBSIDIARY, NO, (UNUSED,), id="a subsidiary needs no hurry"),
        pytest.param(
            Cause.EDITED_SINCE_SYNC, UNKNOWN, (f"Sync now to be sure: {PATH}.",), id="edited"
        ),
    ],
)
def test_what_to_do_about_a_record_that_no_report_uses(
    cause: Cause, imported: Imported, steps: tuple[str, ...]
) -> None:
    assert _remedy(cause, imported, reports=()).steps == steps


OPEN, SUBMITTED, APPROVED, REIMBURSED, ARCHIVED = ReportState
PAID = (
    "a reimbursed or closed report cannot be unapproved: a workspace admin edits it where "
    "Expensify allows, else {}enter it in NetSuite and Mark as exported"
)


@pytest.mark.parametrize(
    ("states", "who"),
    [
        pytest.param([OPEN], "the submitter can recode a draft", id="a draft"),
        pytest.param([SUBMITTED], "the approver can recode a submitted report", id="submitted"),
        pytest.param([APPROVED], ADMIN, id="approved"),
        pytest.param(
            [REIMBURSED],
            PAID.format("reactivate the record for the export, else "),
            id="reimbursed",
        ),
        pytest.param(
            [ARCHIVED, REIMBURSED],
            PAID.format("reactivate the record for the export, else "),
            id="closed: the same, said once",
        ),
        pytest.param(
            [APPROVED, OPEN, APPROVED],
            f"the submitter can recode a draft; {ADMIN}",
            id="several states, in their order",
        ),
    ],
)
def test_who_can_recode(states: list[ReportState], who: str) -> None:
    reports = [an_exposed_report(f"R{n}", state=state) for n, state in enumerate(states)]
    lines = f"{len(reports)} line{'s' if len(reports) > 1 else ''}"
    steps = _remedy(Cause.INACTIVE, NO, *reports).steps
    assert steps[0] == f"Recode {lines} to another class: {who}."


@pytest.mark.parametrize(
    ("cause", "way"),
    [
        pytest.param(Cause.DELETED, "", id="what is deleted cannot be reactivated"),
        pytest.param(
            Cause.OUTSIDE_SUBSIDIARY,
            "add the subsidiary to the record for the export, else ",
            id="what lost its subsidiary can get it back",
        ),
    ],
)
def test_what_is_left_when_a_report_was_paid(cause: Cause, way: str) -> None:
    first, *_ = _remedy(cause, YES, an_exposed_report(state=REIMBURSED)).steps
    assert first == f"Recode 1 line to another class: {PAID.format(way)}."


def test_lines_are_counted_over_all_reports() -> None:
    reports = an_exposed_report("R1", lines=3), an_exposed_report("R2", lines=2)
    first, *_ = _remedy(Cause.DELETED, YES, *reports).steps
    assert first.startswith("Recode 5 lines to another class: ")


def test_a_report_field_is_chosen_once_a_report() -> None:
    workspace = a_workspace(coding=(Coding("department", "report_field:Cost center"),))
    reports = an_exposed_report("R1", lines=3), an_exposed_report("R2", lines=2)
    department = {"ref": Ref("department", "5"), "workspace": workspace}
    first, *_ = _remedy(Cause.DELETED, YES, *reports, **department).steps
    assert first == (
        f"Choose another department in report field Cost center of 2 reports: {ADMIN}."
    )


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("class", "/app/common/otherlists/classtype.nl?id="),
        ("department", "/app/common/otherlists/departmenttype.nl?id="),
        ("location", "/app/common/otherlists/locationtype.nl?id="),
        ("project", "/app/common/entity/custjob.nl?id="),
        ("customer", "/app/common/entity/custjob.nl?id="),
        ("employee", "/app/common/entity/employee.nl?id="),
    ],
)
def test_where_the_record_opens_in_netsuite(kind: str, page: str) -> None:
    _, other_way, _ = _remedy(Cause.INACTIVE, ref=Ref(kind, "7"), full_name="Legal").steps
    assert (
        f"{kind} “Legal” active again until the reports are exported ({NETSUITE_URL}{page}7);"
        in (other_way)
    )


@pytest.mark.parametrize(
    "unlinked",
    [
        pytest.param({"netsuite_url": ""}, id="nobody knows where NetSuite is opened"),
        pytest.param({"ref": Ref("segment:customrecord_region", "7")}, id="a kind without a page"),
    ],
)
def test_what_has_no_link_is_said_without(unlinked: dict[str, Any]) -> None:
    _, other_way, _ = _remedy(Cause.INACTIVE, **unlinked).steps
    assert "active again until the reports are exported; ask" in other_way


def test_the_classic_experience_has_its_own_click_path() -> None:
    (step,) = _remedy(Cause.EDITED_SINCE_SYNC, workspace=a_workspace(experience="classic"),
                      certainty=Certainty.LIKELY).steps  # fmt: skip
    assert step == (
        "Sync now: a workspace admin, "
        "Expensify: Settings > Workspaces > Group > Acme US > Connections > Sync Now."
    )


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("imported", Imported)
def test_a_failed_report_must_be_exported_by_hand_whatever_the_cure(
    cause: Cause, imported: Imported
) -> None:
    failed = an_exposed_report("R1", has_failed=True)
    alone, both = _remedy(cause, imported), _remedy(cause, imported, failed)
    assert alone.also == ()
    assert both.also == ("then_export",)
    assert both.steps == (
        *alone.steps,
        "Automatic export of the failed reports is paused: after the fix a workspace admin exports "
        "them by hand.",
    )
