"""A told risk hides nothing: what is merely possible of its record is seen, and told to none."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import Endings, Sight
from monitor.core.alerts.beside import told_of, with_present
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from tests.core.alert_builders import Desk, a_draft, a_failed
from tests.core.builders import a_risk, an_exposed_report

NO_CLASSES = Sight(is_whole=True, blind_kinds=(("class", "the role may not see classes"),))
FAILED = Endings({}, still_failed={"R1"})
LATER = Certainty.POSSIBLE
CARRIED = a_failed("R1", lines=0, bad_texts=())


def below_inactive(*reports: ExposedReport) -> Risk:
    """Marketing lies below an inactive class: merely possible."""
    return a_risk(*reports, cause=Cause.PARENT_INACTIVE, certainty=Certainty.POSSIBLE)


def beside(report: ExposedReport) -> ExposedReport:
    """The report as it stands beside a told risk because of the inactive class above."""
    return replace(report, cause=Cause.PARENT_INACTIVE, certainty=LATER, is_beside=True)


def waiting() -> Desk:
    """Marketing is active again; R1 failed by it and waits for its export."""
    desk = Desk()
    desk.cycle(a_risk(a_failed("R1")))
    desk.cycle(endings=FAILED)
    return desk


def test_beside_failed_reports_what_is_possible_is_seen_with_its_own_cause() -> None:
    desk = waiting()
    desk.cycle(below_inactive(an_exposed_report("R2")), endings=FAILED)
    (one,) = desk.living
    assert one.risk.reports == (CARRIED, beside(an_exposed_report("R2")))
    assert (one.risk.cause, one.risk.other_causes) == (Cause.INACTIVE, (Cause.PARENT_INACTIVE,))


def test_what_is_seen_beside_a_told_risk_is_no_news() -> None:
    desk = waiting()
    assert desk.cycle(below_inactive(an_exposed_report("R2")), endings=FAILED) == []
    assert desk.open_alerts == [1]


def test_the_failed_report_itself_is_at_risk_again_by_what_is_possible() -> None:
    desk = waiting()
    desk.cycle(below_inactive(a_failed("R1")), endings=FAILED)
    (one,) = desk.living
    again = replace(a_failed("R1"), cause=Cause.PARENT_INACTIVE, certainty=LATER)
    assert one.risk.reports == (again,)
    desk.cycle(endings=FAILED)
    assert [report.lines for report in desk.living[0].risk.reports] == [0]


def test_beside_a_frozen_risk_what_is_possible_is_seen_too() -> None:
    desk = Desk()
    desk.cycle(a_risk(an_exposed_report("R1")))
    present = below_inactive(an_exposed_report("R1"), a_draft("R2"))
    assert desk.cycle(present, sight=NO_CLASSES) == ["1 blind edit", "1 blind reply"]
    (one,) = desk.living
    assert desk.states == {"class:12": "blind"}
    assert one.risk.reports == (an_exposed_report("R1"), beside(a_draft("R2")))
    assert one.risk.other_causes == (Cause.PARENT_INACTIVE,)


def test_what_stood_beside_goes_as_it_came() -> None:
    desk = Desk()
    told = a_risk(an_exposed_report("R1"))
    desk.cycle(told)
    desk.cycle(below_inactive(a_draft("R2")), sight=NO_CLASSES)
    assert desk.cycle(sight=NO_CLASSES) == []
    assert [one.risk for one in desk.living] == [told]


def test_while_nothing_is_predicted_anew_it_stands_as_it_was() -> None:
    desk = waiting()
    desk.cycle(below_inactive(an_exposed_report("R2")), endings=FAILED)
    before = [one.risk for one in desk.living]
    desk.cycle(is_read=False, sight=Sight())
    assert [one.risk for one in desk.living] == before


def test_once_the_failed_report_is_exported_the_possible_risk_is_watched_alone() -> None:
    desk = waiting()
    present = below_inactive(an_exposed_report("R2"))
    desk.cycle(present, endings=FAILED)
    assert desk.cycle(present) == ["1 resolved edit", "1 resolved reply"]
    assert desk.states == {"class:12": "watch"}
    assert [one.risk for one in desk.living] == [present]


def test_once_it_is_worth_telling_it_is_told_in_the_same_alert() -> None:
    desk = waiting()
    desk.cycle(below_inactive(an_exposed_report("R2")), endings=FAILED)
    told = desk.cycle(a_risk(an_exposed_report("R2")), endings=FAILED)
    assert told == ["1 worse edit", "1 worse reply"]
    (one,) = desk.living
    assert one.risk.reports == (CARRIED, an_exposed_report("R2"))
    assert (one.risk.other_causes, one.risk.beside) == ((), ())


EXPOSED = st.lists(
    st.builds(
        an_exposed_report,
        st.sampled_from(["R1", "R2", "R3"]),
        state=st.sampled_from(ReportState),
        cause=st.sampled_from([None, Cause.EDITED_SINCE_SYNC]),
    ),
    min_size=1,
    unique_by=lambda report: report.report_id,
).map(lambda reports: sorted(reports, key=lambda report: report.report_id))


@given(EXPOSED, EXPOSED)
def test_nothing_told_is_lost_and_nothing_present_is_hidden(
    told: list[ExposedReport], present: list[ExposedReport]
) -> None:
    risk = a_risk(*told)
    merged = with_present(risk, below_inactive(*present))
    assert told_of(merged) == risk
    assert {one.report_id for one in merged.reports} == {one.report_id for one in (*told, *present)}
    assert Cause.PARENT_INACTIVE in merged.other_causes
