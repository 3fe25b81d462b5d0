"""Sources that fail: nothing is falsely deleted or resolved, and blindness is told once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.simulator.sample import MARKETING
from tests.scenarios.story import Story, a_story

NETSUITE_FAULTS = [
    "401",
    "403",
    "429",
    "400-concurrency",
    "500",
    "html",
    "truncated",
    "cut",
    "drop",
    "row-without-id",
    "row-missing",
]
EXPENSIFY_FAULTS = ["401", "410", "500", "http-500", "html", "drop", "broken-file", "never-ready"]


def opened(story: Story) -> None:
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()


@pytest.mark.parametrize("fault", NETSUITE_FAULTS)
def test_a_failing_netsuite_voids_its_reading_and_resolves_nothing(
    tmp_path: Path, fault: str
) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        story.tables.reactivate("class", MARKETING)
        match = "FROM classification t WHERE t.id >" if fault.startswith("row") else ""
        story.world.netsuite.faults.always(fault, match=match)
        failed = story.at("09:30").cycle()
        assert failed.exit_code == 2
        assert failed.snapshot is None
        assert len(failed.failures) == 1 and "NetSuite" in failed.failures[0]
        assert "resolved" not in " ".join(story.told(failed))
        with story.store() as store:
            assert list(store.changes.between(1, 2, kinds=["department"])) == []
        story.world.netsuite.faults.clear()
        good = story.at("10:00").cycle()
        assert good.exit_code == 0
        assert "resolved edit" in story.told(good)


@pytest.mark.parametrize("fault", EXPENSIFY_FAULTS)
def test_a_failing_expensify_keeps_netsuite_and_resolves_nothing(
    tmp_path: Path, fault: str
) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        story.tables.reactivate("class", MARKETING)
        match = "download" if fault in ("broken-file", "never-ready") else ""
        story.world.expensify.faults.always(fault, match=match)
        failed = story.at("09:30").cycle()
        assert failed.exit_code == 2
        assert failed.snapshot is not None
        assert "resolved" not in " ".join(story.told(failed))
        story.world.expensify.faults.clear()
        assert "resolved edit" in story.told(story.at("10:30").cycle())


def within(story: Story, deadline: str) -> None:
    """The configuration gives a cycle so much time."""
    written = story.config.read_text()
    limit = f'every = "15m"\ncycle_deadline = "{deadline}"'
    story.config.write_text(written.replace('every = "15m"', limit))


_TOO_LONG = "was not read to its end, as the cycle took longer than [schedule] cycle_deadline (2m)"


@pytest.mark.parametrize("fault", ["429", "500", "503"])
def test_a_netsuite_that_is_always_busy_ends_the_cycle_at_its_deadline(
    tmp_path: Path, fault: str
) -> None:
    with a_story(tmp_path) as story:
        within(story, "2m")
        opened(story)
        begun_at = story.at("09:30").clock.now()
        story.world.netsuite.faults.always(fault, detail="60")
        failed = story.cycle()
        assert story.clock.now() - begun_at <= timedelta(minutes=2)
        assert (failed.exit_code, failed.snapshot) == (2, None)
        (failure,) = failed.failures
        assert failure.startswith(f"NetSuite {_TOO_LONG}: NetSuite is ")
        story.world.netsuite.faults.clear()
        assert story.at("09:45").cycle().exit_code == 0


def test_an_export_that_is_never_ready_leaves_time_for_netsuite(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        within(story, "2m")
        opened(story)
        begun_at = story.at("09:30").clock.now()
        story.world.expensify.faults.always("never-ready", match="download")
        failed = story.cycle()
        assert story.clock.now() - begun_at <= timedelta(minutes=2)
        assert failed.exit_code == 2
        assert failed.failures == (
            "Expensify did not finish an export in 80 seconds: the next cycle asks again",
        )
        assert failed.snapshot is not None


def test_two_slow_sources_end_the_cycle_at_its_deadline_and_half_of_nothing_is_kept(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        within(story, "2m")
        opened(story)
        begun_at = story.at("09:30").clock.now()
        story.world.expensify.faults.always("slow-down", detail="50")
        story.world.netsuite.faults.always("503", match="FROM classification", detail="50")
        failed = story.cycle()
        assert story.clock.now() - begun_at <= timedelta(minutes=2)
        assert (failed.exit_code, failed.snapshot) == (2, None)
        assert [f"{failure.split()[0]} {_TOO_LONG}" in failure for failure in failed.failures] == [
            True,
            True,
        ]


def test_a_permanent_failure_is_told_at_once_and_only_once(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        story.world.netsuite.faults.always("403")
        assert story.told(story.at("09:30").cycle()) == ["blind edit", "blind reply"]
        assert story.told(story.at("09:45").cycle()) == []
        story.world.netsuite.faults.clear()
        assert story.told(story.at("10:00").cycle()) == ["sighted edit", "sighted reply"]


def test_a_passing_failure_is_told_after_an_hour(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        story.world.netsuite.faults.always("500")
        assert story.told(story.at("09:30").cycle()) == []
        assert story.told(story.at("10:16").cycle()) == ["blind edit", "blind reply"]


def test_blindness_with_nothing_open_is_a_message_of_its_own(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.expensify.faults.always("401")
        assert story.told(story.at("08:30").cycle()) == []
        assert story.told(story.at("09:30").cycle()) == ["blind post"]
        assert story.told(story.at("09:45").cycle()) == []
        story.world.expensify.faults.clear()
        assert story.told(story.at("10:00").cycle()) == ["sighted edit", "sighted reply"]


def test_a_list_the_role_cannot_see_any_more_is_blind_not_empty(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        story.world.netsuite.suiteql.hidden_tables.add("classification")
        result = story.at("09:30").cycle()
        assert result.exit_code == 0
        assert story.told(result) == ["blind edit", "blind reply"]
        with story.store() as store:
            assert len(list(store.records.current(["class"]))) == 11


@pytest.mark.parametrize(
    ("table", "column"),
    [("classification", "subsidiary"), ("classificationsubsidiarymap", "")],
    ids=["a column", "an attached table"],
)
def test_a_column_the_role_cannot_see_any_more_blinds_its_list_and_edits_nobody(
    tmp_path: Path, table: str, column: str
) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        standing = story.open_risks()
        if column:
            story.world.netsuite.suiteql.hidden_columns[table, column] = "identifier"
        else:
            story.world.netsuite.suiteql.hidden_tables.add(table)
        result = story.at("09:30").cycle()
        assert result.exit_code == 0
        assert story.told(result) == ["blind edit", "blind reply"]
        named = f"the list class without {column or table}, which was there before: grant Lists"
        assert any(named in message["text"] for message in story.world.slack.messages)
        assert story.told(story.at("09:45").cycle()) == []
        story.world.netsuite.suiteql.hidden_columns.clear()
        story.world.netsuite.suiteql.hidden_tables.clear()
        assert story.told(story.at("10:00").cycle()) == ["sighted edit", "sighted reply"]
        assert story.open_risks() == standing != []
        with story.store() as store:
            assert list(store.changes.between(2, 5)) == []


def test_a_mass_disappearance_is_held_back(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        for row in story.tables.all("class"):
            story.tables.delete("class", row["id"], is_logged=False)
        for time in ("09:30", "09:45", "10:00"):
            assert "resolved" not in " ".join(story.told(story.at(time).cycle()))
        with story.store() as store:
            assert len(list(store.records.current(["class"]))) == 11


def test_one_missing_class_is_deleted_at_the_second_look_only(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.delete("class", MARKETING, is_logged=False)
        assert story.told(story.at("09:15").cycle()) == []
        assert story.told(story.at("09:30").cycle()) == ["opened post"]
        assert "no longer exists in NetSuite" in story.channel[0]["text"]


def test_a_deletion_that_netsuite_confirms_is_believed_at_once(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.delete("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == ["opened post"]


@pytest.mark.parametrize("fault", ["429", "500", "html", "accept-then-drop", "drop"])
def test_slack_trouble_delays_a_message_and_never_doubles_it(tmp_path: Path, fault: str) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.slack.faults.next(fault, match="chat.postMessage")
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        story.at("09:30").cycle()
        assert len(story.channel) == 1


def test_a_revoked_token_is_final_and_blocks_nothing_else(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.slack.faults.next("token_revoked", match="chat.postMessage")
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        with story.store() as store:
            assert store.outbox.delivery().dead == 1
            assert "token was revoked" in store.outbox.delivery().last_error


def test_one_shot_runs_end_with_what_slack_said(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        assert story.app.run_once() == 0
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.world.slack.faults.next("500", match="chat.postMessage")
        assert story.at("09:15").app.run_once() == 4
        assert story.at("10:00").app.run_once() == 0
        assert len(story.channel) == 1
        story.world.netsuite.faults.always("403")
        story.world.slack.faults.always("500")
        assert story.at("10:15").app.run_once() == 2, "what could not be read weighs more"


def test_expensify_is_read_before_netsuite(tmp_path: Path) -> None:
    """A sync between the two readings must look missed, never done."""
    with a_story(tmp_path) as story:
        story.world.expensify.faults.always("never-ready", match="download")
        before = story.clock.now()
        story.cycle()
        waited = story.clock.now() - before
        with story.store() as store:
            snapshot = store.snapshots.latest()
        assert snapshot is not None
        assert snapshot.taken_at - before > waited / 2, "NetSuite came last"
