"""The headline: numbers first, and no more certainty than there is."""

from __future__ import annotations

import pytest

from monitor.core.message.headline import headline, once
from monitor.core.risks import Certainty, Risk
from tests.core.alert_builders import a_draft, a_failed, a_submitted, of_class, reactivated
from tests.core.builders import a_bad_text, a_risk, an_exposed_report

ONE = "1 report (USD 812.00, 1 person)"
TWO = "2 reports (USD 1,624.00, 1 person)"
THREE = "3 reports (USD 2,436.00, 1 person)"


@pytest.mark.parametrize(
    ("risks", "words"),
    [
        pytest.param(
            [a_risk()], f"{ONE} ready to export will fail with NS0831", id="certain: will fail"
        ),
        pytest.param(
            [reactivated()],
            f"{ONE} ready to export is expected to fail with NS0831",
            id="likely, one report: is expected to fail",
        ),
        pytest.param(
            [reactivated(an_exposed_report("R1"), an_exposed_report("R2"))],
            f"{TWO} ready to export are expected to fail with NS0831",
            id="likely, two reports: are expected to fail",
        ),
        pytest.param(
            [of_class(13, an_exposed_report("R1")), reactivated(an_exposed_report("R2"))],
            f"{ONE} ready to export will fail with NS0831 · "
            f"{ONE} ready to export is expected to fail with NS0831",
            id="certain and likely are told apart",
        ),
        pytest.param(
            [of_class(13), reactivated()],
            f"{ONE} ready to export will fail with NS0831",
            id="a report with both counts once, as certain",
        ),
        pytest.param(
            [of_class(13), of_class(14)],
            f"{ONE} ready to export will fail with NS0831",
            id="a report behind two risks counts once",
        ),
        pytest.param(
            [a_risk(an_exposed_report("R1"), a_submitted("R2"), a_draft("R3"))],
            f"{ONE} ready to export will fail with NS0831 · 2 more not yet approved",
            id="submitted and drafts are not yet approved",
        ),
        pytest.param(
            [a_risk(an_exposed_report("R1"), a_failed("R2"), a_draft("R3"))],
            f"{ONE} ready to export will fail with NS0831 · 1 already failed, export paused · "
            "1 more not yet approved",
            id="what failed already is no more a prediction",
        ),
        pytest.param(
            [a_risk(a_failed("R1"), a_failed("R2"))],
            f"{TWO} already failed, export paused",
            id="only failed ones: with their numbers",
        ),
        pytest.param(
            [a_risk(a_failed("R1"), a_failed("R2"), a_submitted("R3"))],
            f"{THREE}: 2 already failed, export paused · 1 not yet approved",
            id="failed ones and waiting ones: the numbers of both first",
        ),
        pytest.param(
            [a_risk(a_submitted("R1"), a_draft("R2"))],
            f"{TWO} not yet approved would fail with NS0831",
            id="nothing approved yet: would fail",
        ),
        pytest.param(
            [reactivated(a_submitted())],
            f"{ONE} not yet approved is expected to fail with NS0831",
            id="nothing approved yet, and only likely",
        ),
        pytest.param(
            [a_risk(likely_code=None)],
            f"{ONE} ready to export will fail",
            id="without a likely code none is named",
        ),
        pytest.param(
            [a_risk(likely_code="NS0770"), of_class(13, an_exposed_report("R2"))],
            f"{TWO} ready to export will fail with NS0770/NS0831",
            id="two codes are both named",
        ),
        pytest.param(
            [
                a_risk(likely_code="NS0770"),
                of_class(13, an_exposed_report("R2"), certainty=Certainty.LIKELY),
            ],
            f"{ONE} ready to export will fail with NS0770 · "
            f"{ONE} ready to export is expected to fail with NS0831",
            id="each code is named where it belongs",
        ),
        pytest.param(
            [
                a_risk(
                    an_exposed_report("R1"),
                    an_exposed_report("R2", certainty=Certainty.POSSIBLE),
                )
            ],
            f"{ONE} ready to export will fail with NS0831 · "
            f"{ONE} ready to export might fail with NS0831",
            id="a report that a certain risk can only guess at might fail",
        ),
        pytest.param(
            [reactivated(an_exposed_report("R1", certainty=Certainty.POSSIBLE))],
            f"{ONE} ready to export might fail with NS0831",
            id="a report that a likely risk can only guess at might fail",
        ),
    ],
)
def test_the_headline(risks: list[Risk], words: str) -> None:
    assert headline(tuple(risks)) == words


def test_reports_are_ordered_by_what_is_most_pressing() -> None:
    risk = a_risk(a_draft("R1"), an_exposed_report("R2"), a_failed("R3"), a_submitted("R0"))
    assert [report.report_id for report in once([risk])] == ["R3", "R2", "R0", "R1"]


def test_a_report_behind_two_risks_is_shown_as_the_worse_one_sees_it() -> None:
    waits = a_failed("R1", lines=0, bad_texts=())
    stands = a_failed("R1", lines=2, bad_texts=(a_bad_text(lines=2),))
    assert once([a_risk(waits), of_class(13, stands)]) == (stands,)
    assert once([a_risk(stands), of_class(13, waits)]) == (stands,)
