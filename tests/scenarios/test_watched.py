"""Who watches the watcher: each cycle is remembered, pinged and shown, and none of it stops one."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from monitor.adapters.store.cycles import PING
from monitor.app import App
from monitor.cli import main
from monitor.config.load import load
from monitor.core.cycles import CycleEnd
from monitor.errors import Stopped, StoreError
from monitor.logs import start_logs
from tests.adapters.switchboard import Switchboard, a_switchboard
from tests.scenarios.asking import asking
from tests.scenarios.story import Story, a_story

CAPABILITY = "9c1f7e52-capability-42"
GOOD, FAIL = f"/ping/{CAPABILITY}", f"/ping/{CAPABILITY}/fail"


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with a_switchboard() as one:
        yield one


@pytest.fixture
def story(tmp_path: Path, board: Switchboard) -> Iterator[Story]:
    with a_story(tmp_path) as one:
        watched_by(one, f"{board.url}{GOOD}")
        yield one


def watched_by(story: Story, url: str) -> None:
    """Name the dead man's switch in the configuration, in place of another."""
    text = story.config.read_text().partition("\n[health]")[0]
    story.config.write_text(f'{text}\n[health]\nping_url = "{url}"\n')
    story.app = App(load(story.config), story.clock)


def ends(story: Story) -> dict[str, int]:
    with story.store() as store:
        return {end.code: times for end, times in store.cycles.counts().items() if times}


def test_a_good_cycle_is_pinged_and_remembered_with_its_length(
    story: Story, board: Switchboard
) -> None:
    story.at("08:15").cycle()
    assert board.paths == [GOOD]
    with story.store() as store:
        last = store.cycles.last()
        assert last is not None
        assert (last.end, last.detail) == (CycleEnd.GOOD, "")
        assert last.began_at == story.clock.now() - last.duration
        assert store.sources.freshness(PING).last_good_at == story.clock.now()


@pytest.mark.parametrize("source", ["netsuite", "expensify"])
def test_a_cycle_that_could_not_read_one_side_is_pinged_as_failed(
    story: Story, board: Switchboard, source: str
) -> None:
    story.cycle()
    getattr(story.world, source).faults.always("401")
    story.at("08:15").cycle()
    assert board.paths == [GOOD, FAIL]
    assert ends(story) == {"good": 1, "unread": 1}


def test_a_cycle_whose_message_slack_did_not_take_is_pinged_as_failed(
    story: Story, board: Switchboard
) -> None:
    story.cycle()
    story.tables.inactivate("class", "12")
    story.world.slack.faults.always("500")
    story.at("08:15").cycle()
    assert board.paths == [GOOD, FAIL]
    assert ends(story) == {"good": 1, "untold": 1}


def test_a_cycle_that_breaks_off_is_raised_remembered_and_pinged_as_failed(
    story: Story, board: Switchboard
) -> None:
    with pytest.raises(StoreError), story.app.pulse.of_a_cycle():
        raise StoreError("the disk is full")
    with pytest.raises(ZeroDivisionError), story.app.pulse.of_a_cycle():
        _ = 1 / 0
    assert board.paths == [FAIL, FAIL]
    with story.store() as store:
        last = store.cycles.last()
    assert last is not None
    assert (last.end, last.detail) == (CycleEnd.BROKEN, "ZeroDivisionError")
    assert ends(story) == {"broken": 2}


def test_a_cycle_that_cannot_be_remembered_is_pinged_as_failed_and_nothing_is_raised(
    story: Story, board: Switchboard
) -> None:
    with story.app.pulse.of_a_cycle():
        story.app.settings.database.mkdir()  # no file any more: nothing can be written there
    assert board.paths == [FAIL]


def test_a_cycle_that_somebody_stopped_is_none(story: Story, board: Switchboard) -> None:
    with pytest.raises(Stopped), story.app.pulse.of_a_cycle():
        raise Stopped("stopped while waiting")
    assert (board.paths, ends(story)) == ([], {})


def test_a_ping_that_fails_fails_no_cycle_and_is_said_until_one_is_taken(
    story: Story, board: Switchboard, capsys: pytest.CaptureFixture[str]
) -> None:
    log = io.StringIO()
    start_logs(stream=log, is_terminal=False)
    board.status = 404
    assert story.at("08:15").cycle().exit_code == 0
    assert ends(story) == {"good": 1}
    refused = "The ping's address answered HTTP 404: check [health] ping_url"
    assert f'"error": "{refused}"' in log.getvalue()
    ask = asking(story.app.settings.database, capsys)
    assert f"the ping fails since 2026-11-24 08:15 UTC: {refused}" in ask("status").out
    pinged = ask("status", "--json").json("status")["ping"]
    assert (pinged["failing_since"][:16], pinged["error"]) == ("2026-11-24T08:15", refused)
    board.status = 200
    story.at("08:30").cycle()
    assert "the ping fails" not in ask("status").out
    pinged = ask("status", "--json").json("status")["ping"]
    assert (pinged["pinged_at"][:16], pinged["error"]) == ("2026-11-24T08:30", None)


def test_the_address_of_the_ping_is_shown_to_nobody(
    story: Story, board: Switchboard, capsys: pytest.CaptureFixture[str]
) -> None:
    log = io.StringIO()
    start_logs(verbosity=2, stream=log, is_terminal=False)
    for status in (200, 500, 302):
        board.status = status
        story.cycle()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    watched_by(story, f"http://127.0.0.1:{port}{GOOD}?token=also-a-capability")
    story.cycle()
    structlog.get_logger("monitor").warning("of_a_library", said=f"GET {board.url}{FAIL}")
    story.clock.sleep(120)  # check asks on the machine's clock: leave it room
    for command in (["config", "show"], ["config", "show", "--json"], ["status"], ["check"]):
        main(["--config", str(story.config), *command])
    printed = "".join(capsys.readouterr())
    kept = story.app.settings.database.read_bytes().decode("latin-1")
    for said in (log.getvalue(), printed, kept, repr(story.app.settings)):
        assert "capability" not in said
    assert 'ping_url = "[secret]"' in printed


def test_status_says_how_the_last_cycle_ended(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = asking(story.app.settings.database, capsys)
    story.at("08:15").cycle()
    capsys.readouterr()
    good = ask("status", "--json").json("status")
    assert good["last_cycle"]["outcome"] == "good"
    assert good["last_good_cycle"] == good["last_cycle"]
    story.world.netsuite.faults.always("401")
    story.at("08:30").cycle()
    said = ask("status").out
    assert "(2026-11-24 08:30 UTC), took " in said
    assert "s: a system could not be read" in said
    assert "last one that read both systems: " in said
    bad = ask("status", "--json").json("status")
    assert bad["last_cycle"]["outcome"] == "unread"
    assert bad["last_good_cycle"] == good["last_cycle"]
