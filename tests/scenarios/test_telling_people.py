"""Who wakes whom, how a risk may end, what hides what, and what people say, as Slack shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.simulator.sample import UK, US
from tests.scenarios.telling import Tale, a_tale

USING = ("R-1041", "R-1043", "R-1050")
Doing = Callable[[Tale], object]


@pytest.fixture
def tale(tmp_path: Path) -> Iterator[Tale]:
    """A quiet look at eight; nothing is at risk yet."""
    with a_tale(tmp_path, 'remind_every = "7d"') as tale:
        yield tale


def opened(tale: Tale) -> Tale:
    """Marketing goes at nine: two approved reports will fail, a submitted one too."""
    tale.at("09:00").inactivate("class:12")
    return tale.at("09:15").expect("opened", reports=3)


def gone_platform(tale: Tale) -> Tale:
    """Platform goes at nine: one approved report uses it."""
    tale.at("09:00").inactivate("class:21")
    return tale.at("09:15").expect("opened", reports=1)


def test_a_draft_is_watched_and_a_submitted_report_opens_an_alert(tale: Tale) -> None:
    tale.at("09:00").inactivate("class:31")  # only the draft R-1051 uses it
    tale.at("09:15").expect_nothing()
    tale.submit("R-1051").at("09:30").expect("opened", reports=1)
    tale.approve("R-1051").at("09:45").expect("edited", "LOUD worse")


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        pytest.param(lambda t: t.reactivate("class:12"), "active again", id="right again"),
        pytest.param(lambda t: t.recode(*USING), "were recoded", id="recoded"),
        pytest.param(lambda t: t.send_back(*USING), "in draft again", id="drafts again"),
        pytest.param(
            lambda t: [t.is_taken(one) for one in USING], "exported", id="exported after all"
        ),
        pytest.param(
            lambda t: [
                t.recode("R-1050"),
                t.is_taken("R-1041", by_hand=True),
                t.is_taken("R-1043", by_hand=True),
            ],
            "marked as exported by hand",
            id="a person accepted it",
        ),
        pytest.param(
            lambda t: [t.delete_report(one) for one in USING], "deleted in Expensify", id="deleted"
        ),
        pytest.param(
            lambda t: t.is_taken("R-1041"), "R-1041 exported all the same", id="the rule is refuted"
        ),
    ],
)
def test_evidence_ends_it_and_the_end_says_which(tale: Tale, ends: Doing, says: str) -> None:
    ends(opened(tale))
    tale.at("09:30").expect("green", "resolved", says=says)
    tale.at("09:45").expect_nothing()


def test_an_imported_change_ends_what_a_sync_was_to_cure(tale: Tale) -> None:
    opened(tale).sync().reactivate("class:12").at("09:30").expect("edited", says="Sync now")
    tale.sync().at("09:45").expect("green", "resolved", says="has imported the change")


def test_drafts_that_are_submitted_again_return_to_the_thread(tale: Tale) -> None:
    opened(tale).send_back(*USING).at("09:30").expect("green", "resolved", says="only watched now")
    tale.approve("R-1041").at("09:45").expect("edited", "LOUD reopened")


@pytest.mark.parametrize(
    ("source", "fault"), [("netsuite", "500"), ("netsuite", "403"), ("expensify", "drop")]
)
def test_the_silence_of_a_source_is_no_evidence(tale: Tale, source: str, fault: str) -> None:
    opened(tale).reactivate("class:12").blind(source, fault)
    for time in ("09:30", "10:30", "11:30"):
        tale.at(time).look()
        assert not any("Resolved" in one["text"] for one in tale.world.slack.messages)
    tale.sight().at("11:45").look()
    assert tale.channel[0]["text"].startswith("Resolved: ")


@pytest.mark.parametrize("by_hand", [False, True], ids=["exported", "marked by hand"])
def test_a_report_that_failed_keeps_its_risk_open_until_it_is_out(
    tale: Tale, by_hand: bool
) -> None:
    gone_platform(tale).fail("R-1044").at("09:30").expect("edited", "failed_for_real")
    tale.reactivate("class:21").at("09:45").look()
    assert tale.channel[0]["text"].startswith("Exports at risk: 1 report")
    tale.is_taken("R-1044", by_hand=by_hand).at("10:00").expect("green", "resolved", says="R-1044")


def test_a_failing_sync_hides_what_is_likely_and_never_what_is_certain(tale: Tale) -> None:
    tale.at("09:00").rename("class:12", "Brand").inactivate("class:21")
    tale.tables.trail.log_in(is_good=False, detail="TokenRejected")
    tale.at("09:15").expect("opened", says="TokenRejected", reports=4)
    assert "1 report (USD 459.90, 1 person) ready to export will fail" in tale.fresh[0]["text"]
    assert "Brand" not in tale.fresh[0]["text"]


def test_a_mass_change_is_one_alert(tale: Tale) -> None:
    tale.at("09:00")
    for record in ("class:11", "class:12", "class:21", "class:31"):
        tale.inactivate(record)
    tale.at("09:15").expect("opened", says="3 reports", reports=5)
    assert len(tale.channel) == 1


def test_one_edit_that_hits_two_workspaces_is_one_alert_each_posted_together(tale: Tale) -> None:
    tale.recode("R-2010", to="12").at("08:15").look()
    tale.at("09:00").inactivate("class:12").at("09:15")
    tale.expect("opened", "opened", says="The same edit also hits Acme UK.")


def test_children_of_a_record_at_risk_are_told_with_it(tale: Tale) -> None:
    tale.spend("R-1101", "13").at("08:15").expect_nothing()
    tale.at("09:00").inactivate("class:12").inactivate("class:13")
    tale.at("09:15").expect("opened", says="below it", reports=4)


def test_what_is_taken_is_not_repeated_and_its_news_is_still_told(tale: Tale) -> None:
    opened(tale).configure('remind_every = "2h"').ack()
    tale.at("09:30").expect("edited", says="cknowledged by Dana Lee until")
    tale.at("13:00").expect_nothing()
    tale.fail("R-1041").at("13:15").expect("edited", "failed_for_real")
    tale.lift_all().at("13:30").expect("edited")
    tale.at("15:30").expect("LOUD reminder")


def test_what_is_snoozed_is_edited_silently_and_its_end_is_told(tale: Tale) -> None:
    opened(tale).snooze().at("09:30").expect("edited", says="nooze")
    tale.fail("R-1041").at("09:45").expect("edited")
    tale.recode(*USING).at("10:00").look()
    tale.is_taken("R-1041").at("10:15").look()
    assert tale.channel[0]["text"].startswith("Resolved: ")
    assert len(tale.world.slack.replies(tale.channel[0]["ts"])) == 1


def test_a_snooze_that_runs_out_is_one_reminder(tale: Tale) -> None:
    opened(tale).snooze(hours=2).at("09:30").expect("edited")
    tale.at("11:00").expect_nothing()
    tale.at("11:30").expect("edited", "LOUD reminder")
    tale.at("11:45").expect_nothing()


def test_a_snooze_until_worse_is_broken_by_what_is_worse(tale: Tale) -> None:
    tale.at("09:00").inactivate("class:11").at("09:15").expect("opened")
    tale.snooze(hours=None, until_worse=True).at("09:30").expect("edited")
    tale.approve("R-1047").at("09:45").expect("edited", "LOUD worse")
    assert tale.overlays() == ()


def test_what_is_silenced_opens_nothing_until_the_silence_is_over(tale: Tale) -> None:
    tale.silence("class", "market*", hours=2).at("09:00").inactivate("class:12")
    tale.at("09:15").expect_nothing()
    tale.inactivate("class:21").at("09:30").expect("opened", reports=1)
    tale.at("10:30").expect("opened", reports=3)


def test_two_workspaces_have_alerts_of_their_own(tale: Tale) -> None:
    opened(tale).inactivate("class:22").at("09:30").expect("opened", says="Acme UK", reports=1)
    assert tale.open_risks() == [f"{US}/class:12", f"{UK}/class:22"]
