"""`monitor replay`, through the real command, over a real day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.simulator.sample import MARKETING
from tests.scenarios.asking import Run, asking
from tests.scenarios.memory import Memory
from tests.scenarios.story import Story, a_story

DAY = ("--since", "2026-11-24", "--until", "2026-11-24T16:00:00Z")


def tell(story: Story) -> None:
    """Marketing is inactivated after nine, and active again before three."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    for time in ("09:15", "10:15", "11:15", "12:15", "13:15", "14:15"):
        story.at(time).cycle()
    story.tables.reactivate("class", MARKETING)
    story.at("14:45").cycle()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with a_story(tmp_path_factory.mktemp("day")) as story:
        tell(story)
        yield story


@pytest.fixture
def monitor(story: Story, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(story.app.settings.database, capsys)


@pytest.fixture
def other(tmp_path: Path) -> Callable[[str], Path]:
    """Another configuration, which holds no secret and nothing but these lines."""

    def write(lines: str) -> Path:
        path = tmp_path / "other.toml"
        path.write_text(lines)
        return path

    return write


def table(out: str) -> dict[str, list[str]]:
    """The rows of figures, by their titles."""
    rows = (line.rsplit(maxsplit=2) for line in out.splitlines() if line.count("  ") > 0)
    return {row[0].strip(): row[1:] for row in rows if len(row) == 3}


def test_the_same_policy_tells_the_same_again(monitor: Run) -> None:
    ended = monitor("replay", *DAY)
    assert ended.code == 0
    figures = table(ended.out)
    assert figures["opened"] == ["1", "1"]
    assert figures["in threads only"] == ["1", "1"]
    assert "8 cycles in 7 hours, decided again" in ended.out
    assert ended.out.splitlines()[-1] == (
        "With the [alerts] of your configuration: 1.0 messages a day in the channel instead of 1.0."
    )


def test_another_policy_is_read_without_any_secret(
    monitor: Run, other: Callable[[str], Path]
) -> None:
    config = other('[alerts]\nremind_every = "2h"\n[schedule]\ntime_zone = "UTC"\n')
    ended = monitor("--config", str(config), "replay", *DAY)
    assert table(ended.out)["reminder"] == ["1", "–"]
    assert ended.out.splitlines()[-1] == (
        "With remind_every = 2h: 2.0 messages a day in the channel instead of 1.0."
    )


def test_quiet_hours_of_the_zone_hold_the_message_back(
    monitor: Run, other: Callable[[str], Path]
) -> None:
    quiet = '[alerts]\nquiet_hours = "04:00-07:00"\n[schedule]\ntime_zone = "America/New_York"\n'
    ended = monitor("--config", str(other(quiet)), "replay", *DAY, "--each")
    assert "2026-11-24 04:15 EST  alert 1 opened: told 2026-11-24 07:15 EST" in ended.out


BERLIN = '[schedule]\ntime_zone = "Europe/Berlin"\n'


@pytest.mark.parametrize(
    ("schedule", "zone", "promised"),
    [
        pytest.param("", "UTC", "2026-11-24 09:15 UTC", id="none: that of the last cycles"),
        pytest.param(
            '[schedule]\nevery = "10m"\n', "UTC", "2026-11-24 09:15 UTC", id="none beside a key"
        ),
        pytest.param(BERLIN, "Europe/Berlin", "2026-11-24 10:15 CET", id="one of its own"),
    ],
)
def test_quiet_hours_are_those_of_the_zone_that_is_said(
    monitor: Run, other: Callable[[str], Path], schedule: str, zone: str, promised: str
) -> None:
    config = other(f'[alerts]\nquiet_hours = "09:00-10:00"\n{schedule}')
    asked = ("--config", str(config), "replay", *DAY)
    ended = monitor(*asked, "--each")
    is_held = zone == "UTC"
    became = "  alert 1 opened: told 2026-11-24 10:15 UTC" if is_held else "  alert 1 opened\n"
    assert f"{promised}{became}" in ended.out
    assert ended.out.splitlines()[0].endswith(f"decided again (time zone {zone})")
    assert monitor(*asked, "--json").json("replay")["time_zone"] == zone


def test_what_quiet_hours_outlast_is_never_told(monitor: Run, other: Callable[[str], Path]) -> None:
    quiet = '[alerts]\nquiet_hours = "08:30-15:30"\n[schedule]\ntime_zone = "UTC"\n'
    config = other(quiet)
    ended = monitor("--config", str(config), "replay", *DAY, "--json").json("replay")
    assert {one["fate"] for one in ended["letters"]} == {"waiting"}
    assert ended["replayed"]["channel"] == 0


def test_what_stood_already_opens_anew_and_is_counted_apart(monitor: Run) -> None:
    ended = monitor("replay", "--since", "2026-11-24T10:00:00Z", "--until", DAY[-1])
    assert "Not counted: 1 message about what stood already when the replay began." in ended.out
    assert "opened" not in table(ended.out)


@pytest.mark.parametrize("asked", ["--each", "-v"])
def test_every_message_is_shown_with_its_moment_and_headline(monitor: Run, asked: str) -> None:
    out = monitor("replay", *DAY, asked).out
    assert "2026-11-24 09:15 UTC  alert 1 opened\n  2 reports (USD 2,112.50, 2 people)" in out
    assert "resolved, in the thread" in out
    assert "alert 1 opened" not in monitor("replay", *DAY).out


def test_json_holds_both_sides_and_every_letter(monitor: Run) -> None:
    found = monitor("replay", *DAY, "--json").json("replay")
    assert found["replayed"] == found["really_told"]
    assert [one["reason"] for one in found["letters"]] == ["opened", "resolved", "resolved"]
    assert found["cycles"] == 8


RECORDING_BEGINS = "monitor: the recording begins on 2026-11-24 08:00 UTC: replayed from there\n"


@pytest.mark.parametrize(
    ("first_read", "since", "said"),
    [
        pytest.param("", "2026-10-01", "", id="no cycle before it: nothing is missed"),
        pytest.param("2026-11-20", "2026-10-01", RECORDING_BEGINS, id="a database from before it"),
        pytest.param("2026-11-20", "2026-11-24T07:50:00Z", "", id="less than a cycle is missed"),
        pytest.param("2026-11-20", "2026-11-24T08:30:00Z", "", id="asked from a later moment"),
    ],
)
def test_a_replay_that_misses_cycles_says_where_the_recording_begins(
    story: Story,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    first_read: str,
    since: str,
    said: str,
) -> None:
    path = tmp_path / "monitor.db"
    with sqlite3.connect(story.app.settings.database) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
        if first_read:
            at = datetime.fromisoformat(f"{first_read}T00:00:00+00:00").timestamp() * 1000
            copy.execute("update snapshot set taken_at = ? where id = 1", (at,))
    source.close()
    copy.close()
    assert asking(path, capsys)("replay", "--since", since).err == said


def test_shadow_mode_is_left_out_and_that_is_said(
    monitor: Run, other: Callable[[str], Path]
) -> None:
    config = other("[alerts]\nshadow = true\n")
    ended = monitor("--config", str(config), "replay", *DAY)
    assert ended.err == (
        "monitor: shadow = true is left out: a replay tells as if shadow mode were off\n"
    )
    assert table(ended.out)["opened"] == ["1", "1"]


@pytest.mark.parametrize(
    ("alerts", "under"),
    [
        pytest.param("", "the default [alerts]", id="nothing changed"),
        pytest.param("mask_people = true", "mask_people = true", id="a flag as TOML writes it"),
    ],
)
def test_the_verdict_names_the_policy(
    monitor: Run, other: Callable[[str], Path], alerts: str, under: str
) -> None:
    ended = monitor("--config", str(other(f"[alerts]\n{alerts}\n")), "replay", *DAY)
    assert ended.out.splitlines()[-1].startswith(f"With {under}: ")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param("", "has no [alerts]", id="an empty file"),
        pytest.param("[slack]\n", "has no [alerts]", id="another section only"),
        pytest.param(
            '[alert]\nremind_every = "2h"\n',
            "unknown section [alert]: did you mean [alerts]?",
            id="misspelt",
        ),
        pytest.param(
            "[store]\n[Alerts]\n",
            "unknown section [Alerts]: did you mean [alerts]?",
            id="a capital letter, beside a section that is used",
        ),
        pytest.param(
            'quiet_hours = "20:00-07:00"\n',
            "quiet_hours belongs to [alerts]: write that line above it",
            id="a key without its section",
        ),
    ],
)
def test_a_file_that_says_nothing_of_alerts_is_refused(
    monitor: Run, other: Callable[[str], Path], lines: str, said: str
) -> None:
    config = other(lines)
    ended = monitor("--config", str(config), "replay")
    assert (ended.code, ended.out) == (78, "")
    assert f"{config}: {said}" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("--since", "2026-10-01", "--until", "2026-10-02"), 3, "no cycle ran", id="3"),
        pytest.param(("--since", "soon"), 2, "is no moment", id="a moment nobody understands"),
        pytest.param(("--since", "1h", "--until", "2h"), 2, "lies before", id="backwards"),
        pytest.param(
            ("--since", "2026-11-09", "--until", "2026-11-01T08:00:00Z"),
            2,
            "--until 2026-11-01T08:00:00Z (2026-11-01 08:00 UTC) lies before --since 2026-11-09 "
            "(2026-11-09 00:00 UTC)",
            id="backwards: both moments are said",
        ),
    ],
)
def test_what_cannot_be_answered_is_said(
    monitor: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = monitor("replay", *arguments)
    assert (ended.code, said in ended.err, ended.out) == (code, True, "")


def test_a_policy_with_a_mistake_is_refused_by_its_key(
    monitor: Run, other: Callable[[str], Path]
) -> None:
    config = other('[alerts]\nremind_evry = "2h"\nquiet_hours = "soon"\n')
    ended = monitor("--config", str(config), "replay")
    assert ended.code == 78
    assert "unknown key `remind_evry` in [alerts]: did you mean `remind_every`?" in ended.err
    assert 'alerts.quiet_hours: write two times like "20:00-07:00"' in ended.err


def test_a_database_from_before_the_recording_answers_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db")
    memory.knows_settings()
    ended = asking(memory.path, capsys)("replay")
    assert ended.code == 3
    assert "nothing was recorded yet" in ended.err


def test_the_other_configuration_may_name_no_database(
    story: Story,
    other: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from monitor.cli import main

    monkeypatch.setenv("MONITOR_CONFIG", str(story.config))
    monkeypatch.chdir(story.config.parent)
    assert main(["replay", "--config", str(other("[alerts]\n")), *DAY]) == 0
    assert "8 cycles" in capsys.readouterr().out


def test_the_other_configuration_may_name_a_database(
    story: Story,
    other: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from monitor.cli import main

    monkeypatch.setenv("MONITOR_CONFIG", "nowhere.toml")
    config = other(f'[store]\npath = "{story.app.settings.database}"\n')
    assert main(["replay", "--config", str(config), *DAY]) == 0
    assert "8 cycles" in capsys.readouterr().out


def test_a_replay_writes_and_sends_nothing(story: Story, monitor: Run) -> None:
    calls, before = len(story.world.slack.calls), _dump(story)
    monitor("replay", *DAY)
    assert (len(story.world.slack.calls), _dump(story)) == (calls, before)


def _dump(story: Story) -> list[str]:
    with Store.open(story.app.settings.database, read_only=True) as store:
        return list(store._db.iterdump())
