"""What testifies beside the lists: logins and system notes; and segments as lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.answers.imports import ImportJudge
from monitor.answers.witnesses import witnesses_of
from monitor.config.load import load
from monitor.core.notes import NotesState
from monitor.core.records import ChangeWord, ListState
from monitor.core.sync import Bound, Evidence, Imported, Source, SyncFailure, last_sync
from monitor.simulator.sample import MARKETING, UK, US
from monitor.testimony import failing_syncs
from tests.scenarios.story import DAY, Story, a_story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as one:
        yield one


def evidence(story: Story, policy_id: str, source: Source) -> list[Evidence]:
    with story.store() as store:
        return [row for row in store.evidence.all(policy_id) if row.source is source]


def test_since_expensify_last_logged_in_no_sync_can_have_started(story: Story) -> None:
    story.at("09:00").world.sync(US)
    synced_at = story.clock.now()
    story.at("09:30").cycle()
    for policy_id in (US, UK):
        (row,) = evidence(story, policy_id, Source.LOGIN_AUDIT)
        assert (row.bound, row.moment, row.observed_at) == (
            Bound.NONE_SINCE,
            synced_at + timedelta(minutes=2),
            DAY.replace(hour=9, minute=30),
        )


def test_an_export_is_a_login_and_no_sync(story: Story) -> None:
    story.at("09:00").cycle()
    story.at("10:00").world.export("R-1047")
    story.at("10:30").cycle()
    with story.store() as store:
        evidence = store.evidence.all(US)
    known = last_sync(US, evidence, as_of=max(row.observed_at for row in evidence))
    assert (known.not_before, known.not_after) == (None, DAY.replace(hour=10, minute=2))


def test_refused_logins_are_failing_syncs_of_every_workspace_until_one_succeeds(
    story: Story,
) -> None:
    def failing() -> dict[str, SyncFailure]:
        with story.store() as store:
            return failing_syncs(store, [US, UK], now=story.clock.now())

    story.at("09:00").tables.trail.log_in(is_good=False, detail="TokenRejected")
    refused_at = story.clock.now()
    story.at("09:30").tables.trail.log_in(is_good=False, detail="TokenRejected")
    story.cycle()
    words = "NetSuite refused the login of Expensify Connect: TokenRejected"
    assert failing() == {one: SyncFailure(one, refused_at, words) for one in (US, UK)}
    story.at("10:00").world.sync(US)
    story.at("10:15").cycle()
    assert failing() == {}


def test_an_audit_that_the_role_cannot_read_is_off_and_the_cycle_good(story: Story) -> None:
    story.world.netsuite.suiteql.hidden_tables.add("loginaudit")
    assert story.at("09:00").cycle().exit_code == 0
    assert evidence(story, US, Source.LOGIN_AUDIT) == []
    with story.store() as store:
        audit = store.witnesses.get("login_audit")
    assert audit is not None and audit.is_off
    assert "grant Setup > View Login Audit Trail" in audit.detail


def test_a_witness_that_fails_voids_nothing(story: Story) -> None:
    story.world.netsuite.faults.always("403", match="FROM loginaudit")
    result = story.at("09:00").cycle()
    assert (result.exit_code, result.snapshot is not None) == (0, True)
    with story.store() as store:
        assert store.witnesses.get("login_audit") is None
        assert store.witnesses.get("system_notes") is not None


def test_a_change_is_told_with_its_author(story: Story) -> None:
    story.at("09:00").cycle()
    story.at("09:20").tables.trail.people[7] = "Omar Haddad"
    story.tables.trail.author = 7
    story.tables.inactivate("class", MARKETING)
    story.at("09:30").cycle()
    assert "by Omar Haddad" in str(story.channel)
    with story.store() as store:
        (risk,) = [one.risk for one in store.alerts.tracked() if one.risk.policy_id == US]
        (change,) = store.notes.explain(store.changes.between(1, 2))
    assert (risk.changed_by, change.modified_by) == ("Omar Haddad", "Omar Haddad")


def test_without_notes_nobody_is_named(story: Story) -> None:
    story.world.netsuite.suiteql.hidden_tables.add("systemnote")
    story.at("09:00").cycle()
    story.at("09:20").tables.inactivate("class", MARKETING)
    story.at("09:30").cycle()
    with story.store() as store:
        (change,) = store.notes.explain(store.changes.between(1, 2))
        notes = store.witnesses.get("system_notes")
    assert (change.modified_by, notes is not None and notes.is_off) == (None, True)


def test_every_note_is_kept_once_however_many_cycles_there_are(story: Story) -> None:
    story.at("09:00").cycle()
    story.at("09:20").tables.inactivate("class", MARKETING)
    for time in ("09:30", "09:45", "10:00"):
        story.at(time).cycle()
    with story.store() as store:
        (change,) = store.changes.between(1, 4)
        notes = store.notes.of(change.ref, *change.seen_between)
    assert [(note.author, note.new) for note in notes] == [("Dana Lee", "T")]


def read_on_the_page(story: Story) -> None:
    """Somebody reads in Expensify that it has just synced."""
    row = Evidence(US, Bound.EXACT, story.clock.now(), Source.OPERATOR, story.clock.now())
    with story.store() as store, store.immediate():
        store.evidence.add([row])


def an_ignored_inactivation(story: Story) -> None:
    """A class is inactivated, Expensify syncs at 10:00, and its list offers the class still."""
    story.at("09:00").cycle()
    story.at("09:10").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()
    read_on_the_page(story.at("10:00"))


def test_a_list_that_does_not_follow_is_doubted_once_a_sync_was_read_of(story: Story) -> None:
    an_ignored_inactivation(story)
    story.at("10:15").cycle()
    story.at("10:30").cycle()
    with story.store() as store:
        (doubt,) = store.unreflected.of(US)
        assert store.unreflected.of(UK) == ()
    assert doubt.sort == ("class", "inactivated")
    assert f"class:{MARKETING} was still offered as before" in doubt.sentence


def test_of_a_doubted_list_nothing_is_concluded_any_more(story: Story) -> None:
    an_ignored_inactivation(story)
    story.at("10:15").cycle()
    before = evidence(story, US, Source.POLICY_LIST)
    story.at("10:20").tables.inactivate("class", "22")
    story.at("10:30").cycle()
    assert evidence(story, US, Source.POLICY_LIST) == before
    us, uk = (one for one in story.app.settings.workspaces)
    with story.store() as store:
        (change,) = store.changes.between(3, 4)
        judges = [ImportJudge.of(store, one, now=story.clock.now()) for one in (us, uk)]
    assert [judge.step(change) for judge in judges] == [Imported.UNKNOWN, Imported.NO]


def test_a_list_is_not_doubted_for_what_was_taken_back_meanwhile(story: Story) -> None:
    an_ignored_inactivation(story)
    story.at("10:05").tables.reactivate("class", MARKETING)
    story.at("10:15").cycle()
    with story.store() as store:
        assert store.unreflected.of(US) == ()


def test_the_clocks_are_compared_every_cycle(story: Story) -> None:
    story.at("09:00").cycle()
    with story.store() as store:
        assert store.witnesses.skew() < timedelta(seconds=1)
    ahead = '{"items": [{"links": [], "utcnow": "2026-11-24T09:35:00Z"}]}'
    story.world.netsuite.faults.always("says", detail=ahead, match="FROM DUAL")
    story.at("09:30").cycle()
    with story.store() as store:
        assert timedelta(minutes=4) < store.witnesses.skew() < timedelta(minutes=5)


def test_an_answer_that_came_late_says_nothing_of_the_clocks(story: Story) -> None:
    story.at("09:00").cycle()
    with story.store() as store:
        before = store.witnesses.skew()
    story.world.netsuite.faults.next("503", detail="40", match="FROM DUAL")
    story.at("09:30").cycle()
    with story.store() as store:
        assert store.witnesses.skew() == before


def test_the_values_of_a_segment_are_a_list_of_their_own(story: Story) -> None:
    kind, table = "segment:customrecord_cseg_region", "customrecord_cseg_region"
    text = story.config.read_text()
    lists = f'[netsuite]\ncustom_segments = ["{table}"]\n'
    story.config.write_text(text.replace("[netsuite]\n", lists, 1))
    assert load(story.config).netsuite.kinds[-1] == kind
    story.at("09:00").cycle()
    with story.store() as store:
        readings = {one.kind: one.state for one in store.snapshots.list_readings(1)}
    assert readings[kind] is ListState.OFF
    story.tables.add_segment(table)
    story.tables.add(kind, 1, name="Europe")
    story.at("09:15").cycle()
    story.at("09:20").tables.inactivate(kind, 1)
    story.at("09:30").cycle()
    with story.store() as store:
        (change,) = store.changes.between(2, 3)
    assert (change.kind, change.full_name, change.change) == (
        kind,
        "Europe",
        ChangeWord.INACTIVATED,
    )


@pytest.mark.parametrize(
    ("own", "state"),
    [
        pytest.param(None, NotesState.SEEN, id="everybody's notes"),
        pytest.param(501, NotesState.ONE_AUTHOR, id="its own notes only, and it edits"),
        pytest.param(-1, NotesState.NONE, id="its own notes only, and it only reads"),
    ],
)
def test_a_role_that_sees_only_its_own_notes_is_found_out(
    story: Story, own: int | None, state: NotesState
) -> None:
    story.world.netsuite.suiteql.own_notes_of = own
    story.at("09:00").tables.rename("class", MARKETING, "Brand")
    story.tables.trail.author = 900
    story.tables.rename("class", MARKETING, "Marketing")
    story.at("09:15").cycle()
    with story.store() as store:
        (view,) = (one for one in witnesses_of(store) if one.name == "system_notes")
    assert (view.state, view.sentence) == (state.code, state.value)
