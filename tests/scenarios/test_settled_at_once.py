"""What the lists prove of a sync counts in the look that learns it: the next one adds nothing."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.telling import a_tale

REPORTS = ("R-1041", "R-1043", "R-1050")
NEW_NAME = "Sales : Field Sales 2"


def test_failed_reports_that_were_recoded_settle_in_the_first_look(tmp_path: Path) -> None:
    with a_tale(tmp_path) as tale:
        tale.at("09:05").inactivate("class:12").at("09:15").look()
        tale.at("09:20").rename("class:11", "Field Sales 2").fail("R-1041").at("09:21").look()
        tale.at("09:25").sync()
        for report_id in REPORTS:
            tale.office.recode(report_id, "Sales : Marketing", NEW_NAME)
        tale.at("09:45").expect("edited", says="the cause is gone, but failed reports still wait")
        tale.at("10:00").expect_nothing()
