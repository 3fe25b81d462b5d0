"""How a told risk ends: in words true of each of its reports; what stands is the present risk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.core.alerts import Endings, RiskState, TrackedRisk
from monitor.core.alerts.endings import how_it_ended
from monitor.core.message.parent import parent_message
from monitor.core.message.plain import as_text
from monitor.core.remedy import Case, remedy_for
from monitor.core.risks import THEN_EXPORT, Cause, Certainty, Risk
from monitor.core.sync import Imported
from tests.core.alert_builders import (
    VOICE,
    Desk,
    a_draft,
    a_failed,
    ended_so,
    not_sure,
    of_class,
    reactivated,
)
from tests.core.builders import NOW, a_risk, a_workspace, an_exposed_report, at, hours

TWO = (an_exposed_report("R1"), an_exposed_report("R2"))
BACK = "it is active again in NetSuite"
UNKNOWN = "whether Expensify imported the change stayed unknown for longer than a daily sync takes"
ON = "the monitor goes on watching it"
NO_USE = "no pending report uses it any more"
DRAFTS = "only drafts use it now, and the monitor goes on watching them"


def ways_to(**ways: str) -> dict[str, dict[str, str]]:
    """How the reports of Marketing's risk left it."""
    return {a_risk().fingerprint: ways}


@pytest.mark.parametrize(
    ("present", "endings", "how"),
    [
        pytest.param(None, ended_so(BACK), BACK, id="no risk any more: as its ending says"),
        pytest.param(None, Endings({}), "the condition is gone", id="nobody can say how"),
        pytest.param(
            a_risk(reports=()),
            ended_so(f"{NO_USE}: R1 was exported to NetSuite", ways=ways_to(R1="was guessed")),
            f"{NO_USE}: R1 was exported to NetSuite",
            id="no report uses it: as its ending says",
        ),
        pytest.param(
            a_risk(reports=()),
            Endings({}),
            "the condition is gone",
            id="no report uses it, and nobody looked how that came",
        ),
        pytest.param(
            a_risk(a_draft("R1"), a_draft("R2")),
            ended_so("…"),
            f"R1, R2 went back to draft; {DRAFTS}",
            id="both are drafts again",
        ),
        pytest.param(
            a_risk(a_draft("R2")),
            ended_so("…", ways=ways_to(R1="was exported to NetSuite", R2="was guessed")),
            f"R1 was exported to NetSuite; R2 went back to draft; {DRAFTS}",
            id="one exported, one a draft again",
        ),
        pytest.param(
            a_risk(a_draft("R3")),
            ended_so("…", ways=ways_to(R1="has no expenses any more", R2="was recoded")),
            f"R1 has no expenses any more; R2 was recoded; {DRAFTS}",
            id="each report left its own way, and a draft that was never told uses it",
        ),
        pytest.param(
            a_risk(a_draft("R3")),
            ended_so("…", ways=ways_to(R1="has no expenses", R2="has no expenses")),
            f"R1, R2 have no expenses; {DRAFTS}",
            id="both left the same way",
        ),
        pytest.param(
            a_risk(a_draft("R3")),
            ended_so("…", ways=ways_to(R1="moved away")),
            f"R1 moved away; {DRAFTS}",
            id="of a report that nobody can account for nothing is claimed",
        ),
        pytest.param(
            a_risk(*TWO, is_ambiguous=True, certainty=Certainty.POSSIBLE),
            ended_so(BACK),
            "several NetSuite records have its name now, so that it fails is only a guess; " + ON,
            id="a second record got the same name",
        ),
        pytest.param(
            a_risk(an_exposed_report(certainty=Certainty.POSSIBLE, is_export_unclear=True)),
            ended_so(BACK),
            "its reports were exported, but Expensify does not say by which of their two routes; "
            + ON,
            id="exported, but who knows by which route",
        ),
        pytest.param(
            reactivated(*TWO, certainty=Certainty.POSSIBLE),
            ended_so(BACK),
            f"{BACK}; that it was edited in NetSuite after Expensify last synced makes a failure "
            f"only possible; {ON}",
            id="active again, but renamed",
        ),
        pytest.param(
            a_risk(*TWO, certainty=Certainty.POSSIBLE),
            ended_so(BACK),
            f"a failure is only possible now, no longer likely; {ON}",
            id="the same cause, less sure",
        ),
        pytest.param(
            not_sure(*TWO, since=NOW - hours(27)),
            ended_so("Expensify has imported the change"),
            UNKNOWN,
            id="a daily sync was due, and nobody knows whether it came",
        ),
        pytest.param(
            not_sure(*TWO, since=NOW - hours(26)),
            ended_so(BACK),
            f"{BACK}; that it was edited in NetSuite after Expensify last synced makes a failure "
            f"only possible; {ON}",
            id="a daily sync may still come: not uncertain yet",
        ),
        pytest.param(
            not_sure(since=NOW - hours(27), reports=()),
            ended_so(f"{NO_USE}: R1, R2 were recoded"),
            f"{NO_USE}: R1, R2 were recoded",
            id="an unknown import matters no more once nothing uses the record",
        ),
    ],
)
def test_how_a_told_risk_ended(present: Risk | None, endings: Endings, how: str) -> None:
    assert how_it_ended(a_risk(*TWO), present, endings, now=NOW) == how


def test_a_long_list_of_reports_is_cut() -> None:
    told = a_risk(*(an_exposed_report(f"R{number}") for number in range(8)))
    recoded = ways_to(**{f"R{number}": "was recoded" for number in range(8)})
    how = how_it_ended(told, a_risk(a_draft("R9")), ended_so("…", ways=recoded), now=NOW)
    assert how == f"R0, R1, R2, R3, R4 and 3 more were recoded; {DRAFTS}"


def test_what_stands_after_a_quiet_end_is_the_present_risk() -> None:
    desk = Desk()
    desk.cycle(a_risk(*TWO))
    unused = a_risk(reports=())
    assert desk.cycle(unused) == ["1 resolved edit", "1 resolved reply"]
    assert desk.living == (TrackedRisk(unused, RiskState.WATCH, opened_at=desk.now),)


def test_the_letters_of_a_quiet_end_still_tell_what_was_at_stake() -> None:
    desk = Desk()
    desk.cycle(a_risk(*TWO))
    desk.cycle(a_risk(reports=()))
    assert "2 reports (USD 1,624.00) no longer at risk" in desk.said()


def test_drafts_again_are_said_to_be_watched_and_not_called_safe() -> None:
    desk = Desk()
    desk.cycle(a_risk(*TWO))
    desk.cycle(a_risk(a_draft("R2")), endings=ended_so("…", ways=ways_to(R1="was exported")))
    for number in (-2, -1):
        assert desk.said(number).startswith(
            "Resolved: 1 report (USD 812.00) no longer at risk · "
            "1 report (USD 812.00) in draft again, only watched now, after 15 min"
        )
    assert desk.states == {"class:12": "watch"}


def test_the_closing_words_know_what_is_still_watched() -> None:
    desk = Desk()
    desk.cycle(a_risk(an_exposed_report("R1")), of_class(13, an_exposed_report("R2")))
    desk.cycle(a_risk(a_draft("R1")), of_class(13, an_exposed_report("R2")))
    desk.cycle(a_risk(a_draft("R1")))
    assert "1 report (USD 812.00) in draft again, only watched now" in desk.said(-2)


def test_the_closing_words_know_what_is_at_risk_again_elsewhere() -> None:
    desk = Desk()
    others = of_class(13, an_exposed_report("R2"))
    desk.cycle(a_risk(), others)
    desk.cycle(a_risk(a_draft()), others)
    assert desk.cycle(a_risk(), others, after=hours(8 * 24)) == ["2 opened post"]
    desk.cycle(a_risk())
    assert "it is at risk again since, see alert 2" in desk.said(-2)
    assert desk.said(-2).startswith("Resolved: 1 report (USD 812.00) no longer at risk")


def test_an_unknown_import_ends_uncertain_and_is_never_called_resolved() -> None:
    desk = Desk()
    desk.cycle(reactivated(imported=Imported.UNKNOWN))
    desk.cycle(not_sure(), after=hours(27))
    assert [one.reason.code for one in desk.letters[1:]] == ["uncertain", "uncertain"]
    assert desk.open_alerts == []
    assert desk.states == {"class:12": "watch"}
    assert "Resolved" not in desk.said(-2) + desk.said(-1)


def test_what_ended_uncertain_is_not_called_safe_when_the_rest_resolves() -> None:
    desk = Desk()
    others = of_class(13, an_exposed_report("R2"))
    desk.cycle(reactivated(imported=Imported.UNKNOWN), others)
    assert desk.cycle(not_sure(), others, after=hours(27)) == [
        "1 uncertain edit",
        "1 uncertain reply",
    ]
    desk.cycle(not_sure())
    assert desk.said(-2).startswith(
        "Resolved: 1 report (USD 812.00) no longer at risk · 1 report (USD 812.00) may still fail"
    )


def test_resolved_and_uncertain_at_once_are_two_replies() -> None:
    desk = Desk()
    desk.cycle(reactivated(imported=Imported.UNKNOWN), of_class(13))
    assert desk.cycle(not_sure(), after=hours(27)) == [
        "1 resolved edit",
        "1 resolved reply",
        "1 uncertain reply",
    ]


def test_a_failed_report_stays_with_its_risk_after_it_was_recoded() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_failed("R1"), an_exposed_report("R2")))
    waits = Endings({}, still_failed={"R1"})
    assert desk.cycle(a_risk(an_exposed_report("R2")), endings=waits) == ["1 changed edit"]
    (one,) = desk.living
    recoded = replace(a_failed("R1"), lines=0, bad_texts=())
    assert one.risk.reports == (recoded, an_exposed_report("R2"))
    assert one.risk.remedy.also == (THEN_EXPORT,)
    assert desk.cycle(a_risk(reports=()), endings=waits) == ["1 changed edit"]
    assert desk.states == {"class:12": "open"}
    assert desk.cycle(a_risk(reports=())) == ["1 resolved edit", "1 resolved reply"]


def test_when_only_the_export_is_missing_the_message_asks_for_nothing_else() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_failed()))
    desk.cycle(endings=ended_so(BACK, still_failed={"R1"}))
    assert "the cause is gone, but failed reports still wait for their export" in desk.said()
    assert "It is active again in NetSuite." in desk.said()
    assert "A workspace admin exports the failed reports by hand" in desk.said()
    assert "Recode" not in desk.said()


def test_how_the_cause_went_is_told_as_it_was_then() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_failed()))
    desk.cycle(endings=ended_so(BACK, still_failed={"R1"}))
    assert desk.cycle(endings=ended_so("something else", still_failed={"R1"})) == []
    assert [one.ended for one in desk.living] == [BACK]


def test_a_cause_that_comes_back_is_an_open_risk_again() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_failed()))
    desk.cycle(endings=ended_so(BACK, still_failed={"R1"}))
    assert desk.cycle(a_risk(a_failed())) == ["1 changed edit"]
    assert [one.ended for one in desk.living] == [""]


def test_a_risk_that_nobody_was_told_of_ends_in_silence_whatever_failed() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_draft()))
    assert desk.cycle(endings=Endings({}, still_failed={"R1"})) == []
    assert desk.living == ()


def test_the_export_by_hand_is_said_in_the_words_of_every_remedy() -> None:
    desk = Desk()
    desk.cycle(a_risk(a_failed("R1"), an_exposed_report("R2")))
    desk.cycle(a_risk(an_exposed_report("R2")), endings=Endings({}, still_failed={"R1"}))
    case = Case(
        Cause.INACTIVE, Imported.NO, a_risk().ref, "Sales", a_workspace(), reports=(a_failed(),)
    )
    (one,) = desk.living
    assert one.risk.remedy.steps[-1] == remedy_for(case).steps[-1]


def test_a_change_that_was_imported_keeps_its_story() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    imported = a_risk(imported=Imported.YES, what_changed="", since=at("00:00"), changed_by=None)
    desk.cycle(imported)
    (one,) = desk.living
    told = a_risk()
    assert (one.risk.what_changed, one.risk.since, one.risk.changed_by) == (
        told.what_changed,
        told.since,
        told.changed_by,
    )
    assert one.risk.imported is Imported.YES


def test_another_cause_has_a_story_of_its_own() -> None:
    desk = Desk()
    desk.cycle(a_risk())
    gone = a_risk(cause=Cause.DELETED, what_changed="", changed_by=None)
    desk.cycle(gone)
    assert [one.risk for one in desk.living] == [gone]


def test_a_cause_that_is_only_less_sure_than_it_was_stays_told() -> None:
    desk = Desk()
    assert desk.cycle(a_risk()) == ["1 opened post"]
    assert desk.cycle(a_risk(certainty=Certainty.POSSIBLE)) == ["1 changed edit"]
    assert desk.states == {"class:12": "open"}
    assert desk.cycle(a_risk(certainty=Certainty.POSSIBLE)) == []
    assert desk.cycle() == ["1 resolved edit", "1 resolved reply"]


def test_a_guess_that_stays_told_says_that_it_is_one() -> None:
    told = parent_message((a_risk(certainty=Certainty.POSSIBLE),), 1, VOICE, now=NOW)
    assert told.headline == "1 report (USD 812.00, 1 person) ready to export might fail with NS0831"
    assert "How sure: only possible now, and nothing shows yet that it is over." in as_text(told)
