"""How a risk ended, in one sentence true of what is there now; or that nobody can see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.predict import Situation, blind_risks, ending_of, is_blind_to, ways_of
from monitor.core.records import Kind, Record, Ref
from monitor.core.reports import CodedText, Coding, Export
from monitor.core.risks import Cause, Risk
from monitor.core.sync import Imported
from tests.core.builders import (
    UK,
    US,
    a_bad_text,
    a_change,
    a_class,
    a_drift,
    a_last_sync,
    a_line,
    a_report,
    a_risk,
    a_situation,
    a_tree,
    a_workspace,
    an_exposed_report,
    at,
)

ACTIVE, INACTIVE = a_class(), a_class(is_inactive=True)
ELSEWHERE, NOWHERE = a_class(subsidiary_ids=("2",)), a_class(subsidiary_ids=())
EXPORTED, DELETED = "was exported to NetSuite", "was deleted in Expensify"
REACTIVATED = a_change(INACTIVE, ACTIVE)
EDITED = {"cause": Cause.EDITED_SINCE_SYNC, "since": at("09:15")}
IMPORTED = "Expensify has imported the change: the last known sync was before it"


@pytest.mark.parametrize(
    ("risk", "situation", "ending"),
    [
        pytest.param(
            a_risk(),
            a_situation(a_report(), present=[ACTIVE]),
            "it is active again in NetSuite",
            id="reactivated",
        ),
        pytest.param(
            a_risk(cause=Cause.DELETED),
            a_situation(a_report(), present=[ACTIVE]),
            "it is back in NetSuite",
            id="restored",
        ),
        pytest.param(
            a_risk(cause=Cause.OUTSIDE_SUBSIDIARY),
            a_situation(a_report(), present=[ACTIVE]),
            "subsidiary 1 may use it now in NetSuite",
            id="given its subsidiary",
        ),
        pytest.param(
            a_risk(cause=Cause.OUTSIDE_SUBSIDIARY),
            a_situation(
                a_report(), present=[ELSEWHERE], workspaces=(a_workspace(subsidiary=None),)
            ),
            "the workspace has no subsidiary any more in the monitor's configuration",
            id="nobody asks for its subsidiary any more",
        ),
        pytest.param(
            a_risk(**EDITED),
            a_situation(
                a_report(), present=[ACTIVE], drift=a_drift(REACTIVATED, imported=Imported.YES)
            ),
            IMPORTED,
            id="an edit that was imported, as its verdict says",
        ),
        pytest.param(
            a_risk(**EDITED),
            a_situation(a_report(), present=[ACTIVE], drift=a_drift(last=a_last_sync(at("09:16")))),
            "Expensify has imported the change: it has synced since",
            id="an edit from before the last sync",
        ),
        pytest.param(
            a_risk(**EDITED),
            a_situation(a_report(), present=[ACTIVE], drift=a_drift(last=a_last_sync(at("09:15")))),
            "the change was taken back in NetSuite",
            id="no difference any more, and no sync since",
        ),
        pytest.param(
            a_risk(**EDITED),
            a_situation(a_report(), present=[ACTIVE], drift=a_drift()),
            "the change was taken back in NetSuite",
            id="no difference any more, and no sync is known",
        ),
        pytest.param(
            a_risk(reports=()),
            a_situation(present=[ACTIVE]),
            "it is active again in NetSuite",
            id="only watched: its condition",
        ),
        pytest.param(
            a_risk(),
            a_situation(
                a_report("R9"), present=[ACTIVE], workspaces=(a_workspace(UK), a_workspace())
            ),
            "it is active again in NetSuite",
            id="another report uses it now",
        ),
        pytest.param(
            a_risk(an_exposed_report("R1"), an_exposed_report("R2")),
            a_situation(a_report("R1"), a_report("R2", a_line("Legal")), present=[ACTIVE]),
            "it is active again in NetSuite",
            id="one report still uses it, the other was recoded",
        ),
    ],
)
def test_while_a_report_uses_it_the_condition_has_ended(
    risk: Risk, situation: Situation, ending: str
) -> None:
    assert ending_of(risk, situation, {"R2": EXPORTED}) == ending


RECODED = a_line("Legal")


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize(
    ("reports", "departed", "ending"),
    [
        pytest.param([], {"R1": EXPORTED}, "R1 was exported to NetSuite", id="exported"),
        pytest.param([a_report("R1", RECODED)], {}, "R1 was recoded", id="recoded"),
        pytest.param(
            [a_report("R1", RECODED)],
            {"R1": EXPORTED},
            "R1 was recoded",
            id="left once, came back, and was recoded: what it is now counts",
        ),
        pytest.param(
            [a_report("R1", policy_id=UK)],
            {},
            "R1 was moved to another workspace",
            id="moved to a workspace that is watched too",
        ),
    ],
)
def test_when_no_report_uses_it_any_more_each_is_said_to_have_left(
    cause: Cause, reports: list[Any], departed: dict[str, str], ending: str
) -> None:
    """Whatever the cause, and though the record is as bad as ever."""
    situation = a_situation(*reports, present=[INACTIVE])
    said = ending_of(a_risk(cause=cause), situation, departed)
    assert said == f"no pending report uses it any more: {ending}"


def _of_reports(number: int) -> Risk:
    return a_risk(*(an_exposed_report(f"R{n}") for n in range(1, number + 1)))


@pytest.mark.parametrize(
    ("number", "departed", "recoded", "ending"),
    [
        pytest.param(
            3,
            {"R1": EXPORTED, "R3": EXPORTED},
            ["R2"],
            "R1, R3 were exported to NetSuite; R2 was recoded",
            id="those who left alike are named together",
        ),
        pytest.param(
            2,
            {"R1": DELETED},
            [],
            "R1 was deleted in Expensify",
            id="of one that nobody can account for nothing is claimed",
        ),
        pytest.param(
            7,
            {},
            [f"R{n}" for n in range(1, 8)],
            "R1, R2, R3, R4, R5 and 2 more were recoded",
            id="of many the first five are named",
        ),
        pytest.param(
            5,
            {f"R{n}": EXPORTED for n in range(1, 6)},
            [],
            "R1, R2, R3, R4, R5 were exported to NetSuite",
            id="five are all named",
        ),
        pytest.param(
            6,
            {f"R{n}": EXPORTED for n in range(1, 7)},
            [],
            "R1, R2, R3, R4, R5 and 1 more were exported to NetSuite",
            id="and one more is counted",
        ),
    ],
)
def test_reports_that_left_are_named_by_how_they_left(
    number: int, departed: dict[str, str], recoded: list[str], ending: str
) -> None:
    reports = [a_report(report_id, RECODED) for report_id in recoded]
    said = ending_of(_of_reports(number), a_situation(*reports, present=[INACTIVE]), departed)
    assert said == f"no pending report uses it any more: {ending}"


def test_without_any_account_of_the_reports_nothing_more_is_claimed() -> None:
    said = ending_of(a_risk(), a_situation(present=[INACTIVE]), {})
    assert said == "no pending report uses it any more"


NAMESAKE = a_class("40")


@pytest.mark.parametrize(
    ("report", "bad_text"),
    [
        pytest.param(a_report(), a_bad_text(), id="at a tag"),
        pytest.param(
            a_report(
                "R1",
                a_line(),
                fields=(CodedText("report_field:Class", "Sales : Marketing"),),
            ),
            a_bad_text(place="report_field:Class"),
            id="in a report field",
        ),
    ],
)
def test_a_text_that_means_another_record_is_not_called_recoded(report: Any, bad_text: Any) -> None:
    coding = (Coding("class", "tag:1"), Coding("class", "report_field:Class"))
    situation = a_situation(
        report, present=[INACTIVE, NAMESAKE], workspaces=(a_workspace(coding=coding),)
    )
    said = ending_of(a_risk(an_exposed_report(bad_texts=(bad_text,))), situation, {})
    assert said == (
        "no pending report uses it any more: "
        "R1 has the same text, which no longer means this record"
    )


def test_several_such_reports_are_said_so_in_the_plural() -> None:
    situation = a_situation(a_report("R1"), a_report("R2"), present=[INACTIVE, NAMESAKE])
    assert ending_of(_of_reports(2), situation, {}).endswith(
        "R1, R2 have the same text, which no longer means this record"
    )


CARD = a_line("Legal", line_id="card", is_reimbursable=False)
BY_CASH = Export(at("11:00"), has_reimbursable=True)
PARTLY = a_report("R1", a_line("Sales : Marketing"), CARD, exports=(BY_CASH,))
ELSEWHERE_CODED = a_workspace(coding=(Coding("department", "tag:1"), Coding("class", "tag:2")))
SAME_TEXT = "has the same text, which no longer means this record"
WITH_UK = (a_workspace(), a_workspace(UK))


@pytest.mark.parametrize(
    ("situation", "way"),
    [
        pytest.param(
            a_situation(a_report(), present=[INACTIVE, NAMESAKE]),
            SAME_TEXT,
            id="inactive, and a new class has its name",
        ),
        pytest.param(
            a_situation(a_report(), present=[NAMESAKE], gone=[ACTIVE]),
            SAME_TEXT,
            id="deleted, and created anew",
        ),
        pytest.param(
            a_situation(a_report(policy_id=UK), present=[INACTIVE], workspaces=WITH_UK),
            "was moved to another workspace",
            id="moved to another workspace that is watched",
        ),
        pytest.param(
            a_situation(PARTLY, present=[INACTIVE]),
            "was exported in part",
            id="the line went by one of two routes, the other still waits",
        ),
        pytest.param(
            a_situation(a_report(), present=[INACTIVE], workspaces=(ELSEWHERE_CODED,)),
            "is read anew: the workspace's coding was changed in the configuration",
            id="classes are kept elsewhere by the configuration",
        ),
        pytest.param(
            a_situation(a_report("R1", RECODED), present=[INACTIVE]), "was recoded", id="recoded"
        ),
    ],
)
def test_only_a_report_whose_text_was_replaced_is_called_recoded(
    situation: Situation, way: str
) -> None:
    assert ways_of(a_risk(), situation, {}) == {"R1": way}
    assert ending_of(a_risk(), situation, {}) == f"no pending report uses it any more: R1 {way}"


def test_a_report_that_uses_it_as_a_rule_allows_is_not_called_recoded() -> None:
    situation = a_situation(a_report("R1"), present=[ACTIVE])
    assert ways_of(a_risk(), situation, {}) == {"R1": "uses it as NetSuite should take it now"}


def test_a_risk_without_a_text_ends_in_part_when_its_lines_were_exported() -> None:
    cash = a_line("Legal", is_billable=True)
    report = a_report("R1", cash, CARD, exports=(BY_CASH,))
    told = a_risk(an_exposed_report(bad_texts=()), cause=Cause.BILLABLE_WITHOUT_CUSTOMER)
    assert ways_of(told, a_situation(report), {}) == {"R1": "was exported in part"}


@pytest.mark.parametrize(
    ("departed", "clause"),
    [
        pytest.param("has no expenses any more", "R1, R2 have no expenses any more", id="has"),
        pytest.param("was exported to NetSuite", "R1, R2 were exported to NetSuite", id="was"),
    ],
)
def test_what_several_reports_did_is_said_in_the_plural(departed: str, clause: str) -> None:
    left = {"R1": departed, "R2": departed}
    said = ending_of(_of_reports(2), a_situation(present=[INACTIVE]), left)
    assert said == f"no pending report uses it any more: {clause}"


def test_several_reports_are_read_anew_in_the_plural() -> None:
    reports = a_report("R1"), a_report("R2")
    situation = a_situation(*reports, present=[INACTIVE], workspaces=(ELSEWHERE_CODED,))
    assert ending_of(_of_reports(2), situation, {}).endswith(
        "R1, R2 are read anew: the workspace's coding was changed in the configuration"
    )


def test_a_workspace_that_was_taken_out_of_the_configuration_is_said() -> None:
    said = ending_of(a_risk(), a_situation(present=[INACTIVE], workspaces=()), {"R1": EXPORTED})
    assert said == "its workspace is no longer in the monitor's configuration"


@pytest.mark.parametrize(
    ("risk", "present"),
    [
        pytest.param(a_risk(), [INACTIVE], id="inactive as ever"),
        pytest.param(a_risk(), [], id="inactive, and not in the book"),
        pytest.param(a_risk(cause=Cause.OUTSIDE_SUBSIDIARY), [ELSEWHERE], id="outside as ever"),
    ],
)
def test_nothing_is_claimed_that_the_record_does_not_show(
    risk: Risk, present: list[Record]
) -> None:
    situation = a_situation(a_report(), present=present, gone=[] if present else [INACTIVE])
    said = ending_of(risk, situation, {})
    assert said == "the monitor finds no reason any more why NetSuite should refuse it"


OUTSIDE = a_risk(cause=Cause.OUTSIDE_SUBSIDIARY)
BOTH = a_risk(other_causes=(Cause.OUTSIDE_SUBSIDIARY,))
RESCOPED = a_risk(**EDITED)
UNSURE = {"unsure_subsidiaries": {"1"}}


@pytest.mark.parametrize(
    ("risk", "situation"),
    [
        pytest.param(
            OUTSIDE,
            a_situation(a_report(), present=[ELSEWHERE], **UNSURE),
            id="its subsidiary is out of sight",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(
                a_report(), present=[ELSEWHERE], unsure_subsidiaries={"2"}, tree=a_tree("2", _1="2")
            ),
            id="one above it is out of sight",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(a_report(), present=[ELSEWHERE], unreadable={Kind.SUBSIDIARY}),
            id="nobody can read the subsidiaries",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(a_report(), present=[NOWHERE]),
            id="NetSuite does not say any more who may use it",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(a_report(), present=[ELSEWHERE], tree=a_tree("2")),
            id="its subsidiary has gone from the tree",
        ),
        pytest.param(
            BOTH,
            a_situation(a_report(), present=[ELSEWHERE], **UNSURE),
            id="a weaker cause rests on the subsidiary",
        ),
        pytest.param(
            replace(OUTSIDE, reports=()),
            a_situation(present=[ELSEWHERE], **UNSURE),
            id="it is only watched",
        ),
        pytest.param(
            RESCOPED,
            a_situation(a_report(), present=[ACTIVE], drift=a_drift(), **UNSURE),
            id="an edit that the shrunken view shows no more",
        ),
        pytest.param(
            RESCOPED,
            a_situation(a_report(), present=[ACTIVE], drift=a_drift(REACTIVATED), **UNSURE),
            id="an edit that was not imported",
        ),
        pytest.param(
            a_risk(),
            a_situation(a_report(), present=[ACTIVE], unreadable={"class"}),
            id="its list cannot be read",
        ),
    ],
)
def test_nobody_can_see_whether_it_ended(risk: Risk, situation: Situation) -> None:
    assert is_blind_to(risk, situation)
    assert blind_risks([risk], situation) == {risk.fingerprint}


@pytest.mark.parametrize(
    ("risk", "situation"),
    [
        pytest.param(
            OUTSIDE, a_situation(a_report(), present=[ACTIVE]), id="its subsidiary may use it again"
        ),
        pytest.param(
            OUTSIDE,
            a_situation(a_report("R1", RECODED), present=[ELSEWHERE], **UNSURE),
            id="its reports were recoded, which is seen without subsidiaries",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(a_report(), gone=[ELSEWHERE], **UNSURE),
            id="it is gone, whoever might have used it",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(a_report(), present=[NOWHERE], workspaces=(a_workspace(subsidiary=None),)),
            id="nobody asks for its subsidiary any more",
        ),
        pytest.param(
            a_risk(),
            a_situation(a_report(), present=[ACTIVE], **UNSURE),
            id="whether it is active has nothing to do with subsidiaries",
        ),
        pytest.param(
            RESCOPED,
            a_situation(
                a_report(),
                present=[ACTIVE],
                drift=a_drift(REACTIVATED, imported=Imported.YES),
                **UNSURE,
            ),
            id="its edit was imported",
        ),
        pytest.param(
            RESCOPED,
            a_situation(a_report(), present=[ACTIVE], drift=a_drift()),
            id="its edit was taken back, in full view",
        ),
        pytest.param(
            replace(RESCOPED, ref=Ref("segment:region", "12")),
            a_situation(
                a_report(),
                present=[ACTIVE._replace(kind="segment:region")],
                workspaces=(a_workspace(coding=(Coding("segment:region", "tag:1"),)),),
                **UNSURE,
            ),
            id="a kind whose rules ask for no subsidiary",
        ),
        pytest.param(
            OUTSIDE,
            a_situation(workspaces=(), **UNSURE),
            id="its workspace is not watched any more",
        ),
    ],
)
def test_its_end_would_be_seen(risk: Risk, situation: Situation) -> None:
    assert not is_blind_to(risk, situation)
    assert blind_risks([risk], situation) == frozenset()


def test_only_the_risks_nobody_can_judge_are_blind() -> None:
    marketing, legal = OUTSIDE, a_risk(ref=Ref("class", "13"), full_name="Legal")
    situation = a_situation(a_report(), present=[ELSEWHERE], **UNSURE)
    assert blind_risks([marketing, legal], situation) == {f"{US}/class:12"}
