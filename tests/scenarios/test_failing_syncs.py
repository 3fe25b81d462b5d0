"""A workspace that cannot sync: that is told first, and stands for what it hides."""

from __future__ import annotations

from pathlib import Path

from monitor.answers.explained import explain
from monitor.answers.known import known
from monitor.cli.output.explain_text import explain_text
from monitor.simulator.sample import US
from tests.scenarios.story import Story, a_story


def explained(story: Story, asked: str) -> str:
    """What `monitor explain` says at the moment of the story."""
    with known(story.app.settings.database) as database:
        explanation = explain(database, asked, None, now=story.clock.now())
    return explain_text(explanation, lambda text, _color: text)


def test_refused_logins_stand_for_what_waits_for_a_sync_until_one_succeeds(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.at("08:15").cycle()
        story.tables.rename("class", "12", "Brand")
        story.at("09:00").tables.trail.log_in(is_good=False, detail="TokenRejected")
        story.at("09:15").cycle()
        assert story.open_risks() == [f"{US}/workspace:{US}"]
        with story.store() as store:
            (risk,) = [one.risk for one in store.alerts.tracked() if one.risk.ref.id == US]
        assert [report.report_id for report in risk.reports] == ["R-1041", "R-1043", "R-1050"]
        hidden = explained(story, f"{US}/class:12")
        assert "Not told: the workspace cannot sync, and that comes first." in hidden
        assert "fired      sync_failing" in explained(story, f"{US}/workspace:{US}")
        story.at("10:00").world.sync(US)
        story.at("10:15").cycle()
        assert story.open_risks() == []
        assert "cannot sync" not in explained(story, f"{US}/class:12")
