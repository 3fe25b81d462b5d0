"""`monitor ack`, `snooze`, `silence`, `silences` and `unsilence`, through the real commands."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.store import Store
from monitor.core.alerts import Alert, Matcher, Overlay, RiskState, Sort, TrackedRisk
from monitor.core.records import Ref
from tests.core.builders import a_risk
from tests.scenarios.asking import Ended, Run, ago, asking
from tests.scenarios.memory import UK, US, Memory, a_class

_ROOT = Path(__file__).parents[2]
MARKETING, TRAVEL, HIDDEN = f"{US}/class:12", f"{US}/class:13", f"{UK}/class:12"
OPEN_ONES = f"open are alert 1, alert 3, {MARKETING}, {TRAVEL}"
DAY = timedelta(hours=24)


def tracked(
    record_id: str,
    alert: int | None = 1,
    policy_id: str = US,
    name: str = "Sales : Marketing",
    state: RiskState = RiskState.OPEN,
) -> TrackedRisk:
    risk = a_risk(policy_id=policy_id, ref=Ref("class", record_id), full_name=name)
    resolved_at = ago() if state is RiskState.RESOLVED else None
    return TrackedRisk(risk, state, ago(hours=2), alert, resolved_at)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Alert 1 is open with two risks, alert 3 without any, 2 is closed; one risk is watched."""
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(minutes=5), a_class(is_inactive=True))
    memory.decided(
        tracked("12"),
        tracked("13", name="ZZ-Travel"),
        tracked("14", 2, state=RiskState.RESOLVED),
        tracked("12", None, UK, state=RiskState.WATCH),
        alerts=[
            Alert(1, US, ago(hours=2)),
            Alert(2, US, ago(hours=3), closed_at=ago(hours=1)),
            Alert(3, "", ago(hours=1)),
        ],
    )
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def laid(memory: Memory) -> list[Overlay]:
    """Everything that was ever laid."""
    with Store.open(memory.path, read_only=True) as store:
        return list(store.overlays.all())


def the_one(memory: Memory) -> Overlay:
    (overlay,) = laid(memory)
    return overlay


def lasts(overlay: Overlay) -> timedelta | None:
    return overlay.expires_at and overlay.expires_at - overlay.created_at


def test_an_alert_is_taken_for_a_day_in_ones_own_name(memory: Memory, monitor: Run) -> None:
    ended = monitor("ack", "1")
    one = the_one(memory)
    assert (one.sort, one.alert_id, one.fingerprint) == (Sort.ACK, 1, "")
    assert (one.author, one.reason, lasts(one)) == (getpass.getuser(), "", DAY)
    first, second = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert first.startswith("Acknowledged until ")
    assert first.endswith(
        ": alert 1. No reminders until then; worse news and its end are still told."
    )
    assert second == "About 2 risks. To lift it: monitor unsilence 1"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param(
            ["ack", "#1", "--by", "dana", "--reason", "on it", "--for", "2d"],
            (Sort.ACK, 1, "", "dana", "on it", 2 * DAY, False),
            id="take an alert for two days",
        ),
        pytest.param(
            ["ack", MARKETING],
            (Sort.ACK, None, MARKETING, getpass.getuser(), "", DAY, False),
            id="take one risk",
        ),
        pytest.param(
            ["ack", MARKETING.lower(), "--by", "dana", "--for", " 2W"],
            (Sort.ACK, None, MARKETING, "dana", "", 14 * DAY, False),
            id="small letters and weeks do as well",
        ),
        pytest.param(
            ["snooze", "1", "--by", "dana"],
            (Sort.SNOOZE, 1, "", "dana", "", DAY, False),
            id="snooze for a day",
        ),
        pytest.param(
            ["snooze", "1", "--by", "dana", "--until-worse"],
            (Sort.SNOOZE, 1, "", "dana", "", None, True),
            id="snooze until it gets worse, without an end",
        ),
        pytest.param(
            ["snooze", MARKETING, "--by", "dana", "--until-worse", "--for", "90m"],
            (Sort.SNOOZE, None, MARKETING, "dana", "", timedelta(minutes=90), True),
            id="until it gets worse, at most so long",
        ),
    ],
)
def test_who_why_and_how_long_are_kept(
    memory: Memory, monitor: Run, command: list[str], expected: tuple[Any, ...]
) -> None:
    assert monitor(*command).code == 0
    one = the_one(memory)
    assert expected == (
        one.sort,
        one.alert_id,
        one.fingerprint,
        one.author,
        one.reason,
        lasts(one),
        one.is_until_worse,
    )


@pytest.mark.parametrize(
    ("options", "matcher"),
    [
        pytest.param(["--kind", "Class"], Matcher("class"), id="a list"),
        pytest.param(["--match", "zz-*"], Matcher("", "zz-*"), id="names"),
        pytest.param(["--workspace", "acme uk"], Matcher("", "", UK), id="a workspace by its name"),
        pytest.param(["--kind", "text"], Matcher("text"), id="texts that no record has"),
        pytest.param(
            ["--kind", "class", "--match", "zz-*", "--workspace", US],
            Matcher("class", "zz-*", US),
            id="all three",
        ),
    ],
)
def test_a_silence_keeps_what_it_is_about(
    memory: Memory, monitor: Run, options: list[str], matcher: Matcher
) -> None:
    assert monitor("silence", *options).code == 0
    one = the_one(memory)
    assert (one.sort, one.matcher, lasts(one)) == (Sort.SILENCE, matcher, DAY)


@pytest.mark.parametrize(
    ("options", "holds", "means"),
    [
        pytest.param(["--until-worse"], "it gets worse", "only worse news and its end", id="alone"),
        pytest.param(
            ["--until-worse", "--for", "2d"],
            "it gets worse, or until ",
            "only worse news and its end",
            id="at most so long",
        ),
        pytest.param([], "", "only its end is told", id="for a time: also worse news waits"),
    ],
)
def test_a_snooze_says_what_is_still_told(
    monitor: Run, options: list[str], holds: str, means: str
) -> None:
    ended = monitor("snooze", "1", *options)
    assert ended.out.startswith(f"Snoozed until {holds}")
    assert ": alert 1. Its message is kept up to date, and " in ended.out
    assert means in ended.out
    assert "\nHides 2 risks now. " in ended.out


def test_names_and_reasons_are_one_line_each_and_leave_room(memory: Memory, monitor: Run) -> None:
    assert monitor("ack", "1", "--by", " Dana \n" + "L" * 90, "--reason", "on\n\tit ").code == 0
    one = the_one(memory)
    assert (one.author, one.reason) == ("Dana " + "L" * 75, "on it")


def test_a_silence_says_how_much_it_hides_now(monitor: Run) -> None:
    ended = monitor("silence", "--kind", "class", "--match", "zz-*", "--workspace", "Acme US")
    first, second = ended.out.splitlines()
    assert first.startswith("Silenced until ")
    assert first.endswith(
        ": class “zz-*” of Acme US. What matches is not told; if it still stands afterwards, "
        "it is told then."
    )
    assert second == "Hides 1 risk now. To lift it: monitor unsilence 1"
    assert ended.err == ""


def test_a_silence_that_matches_nothing_today_says_so(monitor: Run) -> None:
    ended = monitor("silence", "--match", "nothing-like-it")
    assert (ended.code, ended.err) == (0, "No risk matches it today.\n")
    assert "Hides 0 risks now." in ended.out


def test_a_time_without_a_zone_is_in_that_of_the_last_cycle(memory: Memory, monitor: Run) -> None:
    day = ago(days=-40)
    assert monitor("ack", "1", "--until", f"{day:%Y-%m-%d}T09:00").code == 0
    new_york = ZoneInfo("America/New_York")
    assert the_one(memory).expires_at == datetime(day.year, day.month, day.day, 9, tzinfo=new_york)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        pytest.param(["ack", "9"], f"alert 9 is not open: {OPEN_ONES}", id="an unknown alert"),
        pytest.param(["snooze", "2"], f"alert 2 is not open: {OPEN_ONES}", id="a closed alert"),
        pytest.param(
            ["ack", f"{US}/class:14"],
            f"no risk '{US}/class:14' stands: {OPEN_ONES}",
            id="a risk that is over",
        ),
        pytest.param(
            ["ack", "1", "--for", "2 days"],
            "--for '2 days': write a length of time like 90m, 6h, 2d or 2w",
            id="no length of time",
        ),
        pytest.param(
            ["ack", "1", "--for", "400d"],
            "it has to end after now, and within 366 days",
            id="for ever",
        ),
        pytest.param(
            ["ack", "1", "--for", "9" * 5_000 + "w"],
            "it has to end after now, and within 366 days",
            id="for longer than any calendar",
        ),
        pytest.param(
            ["ack", "1", "--for", "0m"], "--for '0m': must be more than nothing", id="no time"
        ),
        pytest.param(
            ["snooze", "1", "--for", "-2d"], "--for '-2d': must be more than nothing", id="less"
        ),
        pytest.param(
            ["ack", "class:13"], f"no risk 'class:13' stands: did you mean {TRAVEL}?", id="half"
        ),
        pytest.param(
            ["snooze", HIDDEN],
            f"nobody was told of {HIDDEN}; to keep it from being told: "
            "monitor silence --kind class --match 'Sales : Marketing'",
            id="a risk that is only watched",
        ),
        pytest.param(
            ["ack", "1", "--reason", "x" * 301],
            "the reason is too long for a message: write at most 300 characters",
            id="a whole story",
        ),
        pytest.param(
            ["snooze", "1", "--for", "2d", "--until", "tomorrow"],
            "write --for or --until, not both",
            id="two lengths",
        ),
        pytest.param(
            ["silence", "--match", "x", "--until", "2020-01-01"],
            "'2020-01-01' lies in the past: write a moment to come, such as today, tomorrow or "
            "2026-11-30 (until that day ends), 2026-11-30T09:30 (in [schedule] time_zone) or "
            "2026-11-30T09:30:00Z",
            id="a moment that is over",
        ),
        pytest.param(
            ["silence", "--match", "x" * 201],
            "the pattern is too long: write at most 200 characters",
            id="a whole story of names",
        ),
        *(
            pytest.param(
                ["silence", option, said, option, said],
                f"write {option} once: each silence is about one (lay one after another)",
                id=f"{option} twice",
            )
            for option, said in (("--kind", "class"), ("--match", "x"), ("--workspace", "Acme US"))
        ),
        *(
            pytest.param(
                ["silence", "--match", every],
                "that would silence everything: say which kind, names or workspace (to hear "
                "nothing at all for a while, set shadow = true in [alerts])",
                id=f"of every name: {every}",
            )
            for every in ("?*", "*?*", "* ?")
        ),
        pytest.param(
            ["silence"],
            "that would silence everything: say which kind, names or workspace (to hear nothing at "
            "all for a while, set shadow = true in [alerts])",
            id="a silence of everything",
        ),
        pytest.param(
            ["silence", "--match", "**", "--reason", "peace"],
            "that would silence everything: say which kind, names or workspace (to hear nothing at "
            "all for a while, set shadow = true in [alerts])",
            id="of every name",
        ),
        pytest.param(
            ["silence", "--kind", "clas"],
            "there is no list 'clas': did you mean class?",
            id="an unknown list",
        ),
        pytest.param(
            ["silence", "--workspace", "Nobody"],
            f"there is no workspace 'Nobody': the monitor knows Acme US ({US}), Acme UK ({UK})",
            id="an unknown workspace",
        ),
        pytest.param(
            ["unsilence", "7"],
            "there is nothing to lift under number 7 (nothing is in force)",
            id="nothing is in force",
        ),
        pytest.param(
            ["unsilence", "zz-*"],
            "'zz-*' is no number: write one that `monitor silences` lists",
            id="no number",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_kept(
    memory: Memory, monitor: Run, command: list[str], sentence: str
) -> None:
    assert monitor(*command) == Ended(2, "", f"monitor: {sentence}\n")
    assert laid(memory) == []


def test_many_open_ones_are_named_in_part(memory: Memory, monitor: Run) -> None:
    memory.decided(*(tracked(str(number), 1) for number in range(20, 30)))
    ended = monitor("ack", "9")
    assert ended.err.startswith("monitor: alert 9 is not open: open are alert 1, alert 3, ")
    assert ended.err.endswith(" and 6 more\n")


def test_where_nothing_is_open_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet = Memory(tmp_path / "quiet.db")
    quiet.reads(ago(minutes=5), a_class())
    ended = asking(quiet.path, capsys)("ack", "1")
    assert ended == Ended(2, "", "monitor: alert 1 is not open: nothing is open\n")


def test_a_second_one_takes_the_place_of_the_first_of_its_sort(
    memory: Memory, monitor: Run
) -> None:
    for command in (
        ["ack", "1", "--by", "dana"],
        ["ack", MARKETING, "--by", "dana"],
        ["snooze", "1"],
        ["silence", "--kind", "class"],
        ["ack", "1", "--by", "omar"],
        ["snooze", "1", "--for", "2d"],
        ["silence", "--kind", "class"],
        ["silence", "--kind", "class", "--match", "x"],
    ):
        assert monitor(*command).code == 0
    assert [one.overlay_id for one in laid(memory) if one.lifted_at is None] == [2, 5, 6, 7, 8]


def test_who_takes_over_from_a_colleague_reads_so(monitor: Run) -> None:
    monitor("ack", "1", "--by", "Dana", "--reason", "mine", "--for", "2d")
    monitor("ack", MARKETING, "--by", "Ana")
    *_, first_end, before = monitor("ack", "1", "--by", "Omar").out.splitlines()
    assert first_end == "About 2 risks. To lift it: monitor unsilence 3"
    assert before.startswith("Before: Dana, until ") and before.endswith(": mine")
    *_, last = monitor("ack", "1", "--by", "Omar").out.splitlines()
    assert last.startswith("Before: Omar, until "), "only the last of them"


@pytest.mark.parametrize(
    ("command", "done", "subject"),
    [
        pytest.param(["ack", "1"], "acknowledged", "alert 1", id="an acknowledgement"),
        pytest.param(["snooze", MARKETING], "snoozed", MARKETING, id="a snooze"),
        pytest.param(["silence", "--kind", "class"], "silenced", "classes", id="a silence"),
    ],
)
def test_unsilence_lifts_each_of_them_once(
    memory: Memory, monitor: Run, command: list[str], done: str, subject: str
) -> None:
    monitor("silence", "--match", "before")
    monitor(*command)
    said = f"No longer {done}, from the next cycle on: {subject}.\n"
    assert monitor("unsilence", "#2") == Ended(0, said, "")
    before, lifted = laid(memory)
    assert before.lifted_at is None
    assert lifted.lifted_at is not None and lifted.lifted_at > ago(minutes=5)
    assert monitor("unsilence", "2").code == 2
    assert laid(memory) == [before, lifted]


def test_what_is_not_in_force_is_refused_with_the_numbers_that_are(monitor: Run) -> None:
    monitor("ack", "1")
    monitor("snooze", "1")
    ended = monitor("unsilence", "3")
    assert ended.err == ("monitor: there is nothing to lift under number 3 (in force: 1, 2)\n")


def test_silences_lists_what_is_in_force(monitor: Run) -> None:
    monitor("ack", "1", "--by", "dana", "--reason", "on it")
    monitor("snooze", "3", "--until-worse")
    monitor("silence", "--kind", "class", "--match", "zz-*", "--by", "omar")
    monitor("unsilence", "2")
    ended = monitor("silences")
    head, *rows = [" ".join(row.split()) for row in ended.out.splitlines()]
    assert (ended.code, ended.err, len(rows)) == (0, "", 2)
    assert head == "number what of what by whom how long risks why"
    assert rows[0].startswith("1 acknowledged alert 1 by dana until ")
    assert rows[0].endswith(" about 2 risks on it")
    assert rows[1].startswith("3 silenced class “zz-*” by omar until ")
    assert rows[1].endswith(" hides 1 risk now")


def test_without_any_silences_says_so_on_stderr(monitor: Run) -> None:
    said = "Nothing is acknowledged, snoozed or silenced.\n"
    assert monitor("silences") == Ended(0, "", said)
    assert monitor("silences", "--json").json("silences")["overlays"] == []


@pytest.mark.parametrize(
    ("command", "subject"),
    [
        pytest.param(["ack", "1"], (1, None, None), id="ack"),
        pytest.param(["snooze", MARKETING, "--until-worse"], (None, MARKETING, None), id="snooze"),
        pytest.param(
            ["silence", "--match", "Sales*"],
            (None, None, {"kind": None, "match": "Sales*", "policy_id": None}),
            id="silence",
        ),
    ],
)
def test_each_command_answers_programs_in_one_shape(
    monitor: Run, command: list[str], subject: tuple[Any, ...]
) -> None:
    (said,) = monitor(*command, "--json").json("silences")["overlays"]
    assert (said["alert"], said["risk"], said["matcher"]) == subject
    listed = monitor("silences", "--json").json("silences")["overlays"]
    assert (listed, said["lifted_at"]) == ([said], None)
    (lifted,) = monitor("unsilence", str(said["id"]), "--json").json("silences")["overlays"]
    assert (lifted["id"], lifted["lifted_at"] is None) == (said["id"], False)


def test_status_and_risks_show_them(monitor: Run) -> None:
    monitor("ack", "1", "--by", "dana", "--reason", "on it")
    monitor("silence", "--kind", "class", "--match", "*marketing", "--by", "omar")
    status = monitor("status")
    assert "Acknowledged, snoozed or silenced\n  1  acknowledged  alert 1" in status.out
    overlays = monitor("status", "--json").json("status")["overlays"]
    assert [(one["author"], one["reason"], one["hides"]) for one in overlays] == [
        ("dana", "on it", 0),
        ("omar", None, 1),
    ]
    risks = monitor("risks", "--json").json("risks")["risks"]
    assert {risk["id"]: (risk["alert"], [o["id"] for o in risk["overlays"]]) for risk in risks} == {
        MARKETING: (1, [1, 2]),
        TRAVEL: (1, [1]),
        HIDDEN: (None, [2]),
    }
    assert "  Silenced by omar until " in monitor("risks").out


@pytest.mark.parametrize(
    "command",
    ["ack 1", "snooze 1", "silence --kind class", "silences", "unsilence 1"],
)
def test_without_a_database_there_is_no_answer_and_none_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = tmp_path / "none.db"
    assert asking(path, capsys)(*command.split()).code == 3
    assert not path.exists()


def test_they_are_laid_while_a_cycle_reads(memory: Memory, monitor: Run) -> None:
    with Store.open(memory.path) as cycle:
        cycle.alerts.memory(ago())
        cycle.staging().sink("class").add([a_class()])
        assert monitor("ack", "1").code == 0
    assert len(laid(memory)) == 1


def completed(memory: Memory, *words: str) -> list[str]:
    """What Tab offers after the words."""
    typed = ["monitor", "--db", str(memory.path), *words]
    ended = subprocess.run(
        [sys.executable, "-m", "monitor"],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={
            **os.environ,
            "_MONITOR_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(typed),
            "COMP_CWORD": str(len(typed) - 1),
        },
        check=True,
    )
    assert ended.stderr == ""
    return [line.removeprefix("plain,") for line in ended.stdout.splitlines() if line]


def test_tab_offers_what_is_open_and_what_is_in_force(memory: Memory, monitor: Run) -> None:
    monitor("ack", "1")
    assert completed(memory, "ack", "") == ["1", "3", MARKETING, TRAVEL]
    assert completed(memory, "snooze", "4") == [MARKETING, TRAVEL]
    assert completed(memory, "unsilence", "") == ["1"]
    memory.path.unlink()
    assert completed(memory, "ack", "") == []
