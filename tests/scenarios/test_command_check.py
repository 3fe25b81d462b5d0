"""`monitor check`: its table, its JSON, its exit codes, and what it says while it asks."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.checking import Finding
from monitor.checking.findings import bad, fine, note
from monitor.cli import main
from monitor.cli.output.check_text import check_text
from tests.scenarios.asking import Ended
from tests.scenarios.process import Served, served_acme

Check = Callable[..., Ended]
SERVICES = ("NetSuite", "Expensify", "Slack")
FOUND = [
    fine("SQLite", "3.51.3"),
    note("disk", "only 199.0 MB free in /srv", "free at least 1.0 MB there"),
    bad("Slack channel", "the app is not in #exports", "/invite it there"),
]


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Served]:
    with served_acme(tmp_path) as served:
        yield served


@pytest.fixture
def check(acme: Served, capsys: pytest.CaptureFixture[str]) -> Check:
    def run(*options: str) -> Ended:
        capsys.readouterr()
        code = main(["--config", str(acme.config), "check", *options])
        return Ended(code, *capsys.readouterr())

    return run


def a_table(
    findings: list[Finding], room: int | None = None, *, is_quiet: bool = False
) -> list[str]:
    return check_text(findings, lambda text, _color: text, room, is_quiet=is_quiet).splitlines()


def test_quietly_only_what_is_not_in_order_is_listed_and_all_is_counted() -> None:
    assert a_table(FOUND, is_quiet=True) == a_table(FOUND)[1:]
    assert a_table([fine("SQLite", "3.51.3")], is_quiet=True) == ["1 ✓: all is well"]


def test_q_lists_what_is_not_in_order(check: Check) -> None:
    *rows, closing = check("--offline", "-q").out.splitlines()
    assert "✓" in closing and not any(row.startswith("✓") for row in rows)


def test_what_to_do_stands_below_what_was_found() -> None:
    assert a_table(FOUND) == [
        "✓ SQLite         3.51.3",
        "! disk           only 199.0 MB free in /srv",
        "                 → free at least 1.0 MB there",
        "✗ Slack channel  the app is not in #exports",
        "                 → /invite it there",
        "",
        "1 ✗, 1 !, 1 ✓: do what stands below each ✗, then run `monitor check` again",
    ]


def test_on_a_terminal_a_long_sentence_goes_on_below_itself() -> None:
    long = note("disk", "a sentence of very many words that is long", "do as it says, all of it")
    assert a_table([long], room=48)[:-2] == [
        "! disk  a sentence of very many words that is",
        "        long",
        "        → do as it says, all of it",
    ]


def test_on_a_narrow_terminal_it_stands_below_its_subject() -> None:
    assert a_table(FOUND[1:], room=30)[:-2] == [
        "! disk",
        "    only 199.0 MB free in /srv",
        "    → free at least 1.0 MB",
        "      there",
        "✗ Slack channel",
        "    the app is not in #exports",
        "    → /invite it there",
    ]


WORDS = st.lists(st.text("ab-1", min_size=1, max_size=9), min_size=1, max_size=9).map(" ".join)


@given(
    st.lists(st.builds(note, st.text("ab", min_size=1, max_size=30), WORDS, WORDS), min_size=1),
    st.integers(min_value=32, max_value=90),
)
def test_however_wide_the_terminal_no_line_is_wider_and_no_word_is_lost(
    findings: list[Finding], room: int
) -> None:
    *lines, _, _ = a_table(findings, room)
    told = [f"! {one.subject} {one.sentence} → {one.do}" for one in findings]
    assert " ".join(lines).split() == " ".join(told).split()
    assert max(map(len, lines)) <= room


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (FOUND[:1], "1 ✓: all is well"),
        (FOUND[:2], "1 !, 1 ✓: the monitor can work; look at what stands below each !"),
    ],
)
def test_the_last_line_counts_and_says_what_that_means(findings: list[Finding], said: str) -> None:
    assert a_table(findings)[-1] == said


def test_only_the_signs_are_coloured_and_no_name_reaches_the_terminal_raw() -> None:
    odd = bad("workspace \x1b[2J", "seen as “\u202e”", "rename it\n")
    text = check_text([odd], lambda text, color: f"<{color} {text}>", None)
    assert text.splitlines()[:2] == [
        "<red ✗> workspace \ufffd[2J  seen as “\ufffd”",
        "                  → rename it\ufffd",
    ]


def test_every_subject_is_tried_and_slack_hears_nothing(acme: Served, check: Check) -> None:
    ended = check("--json")
    answer = ended.json("check")
    assert (ended.code, ended.err, answer["counts"]["bad"]) == (0, "", 0)
    assert [one["subject"] for one in answer["findings"]] == [
        "configuration",
        "secrets",
        "SQLite",
        "disk",
        "database",
        "NetSuite",
        *(
            f"NetSuite list {kind}"
            for kind in (
                "subsidiary",
                "class",
                "department",
                "location",
                "project",
                "customer",
                "employee",
            )
        ),
        "NetSuite deletions",
        "NetSuite login audit",
        "NetSuite system notes",
        "NetSuite role",
        "NetSuite clock",
        "Expensify",
        "workspace Acme US",
        "workspace Acme UK",
        "Expensify clock",
        "Slack",
        "Slack scopes",
        "Slack channel",
    ]
    assert acme.world.slack.messages == []
    assert not (acme.config.parent / "monitor.db").exists(), "it only reads"


def test_remarks_alone_end_0_with_what_to_do(acme: Served, check: Check) -> None:
    acme.world.netsuite.suiteql.hidden_tables.add("customer")
    acme.world.slack.scopes.add("users:read")
    ended = check()
    assert ended.code == 0
    for line in (
        "! NetSuite list customer    off: NetSuite shows no table customer to the monitor's role",
        "                            → grant Lists > Customers (View), or the feature is off",
        "! Slack scopes              the token may do more than is needed: users:read",
        "✓ Slack channel             #netsuite-exports (public), and the app is in it",
    ):
        assert line in ended.out.splitlines()
    assert "\x1b" not in ended.out


def test_one_that_fails_stops_no_other_and_it_ends_2(acme: Served, check: Check) -> None:
    acme.world.netsuite.faults.always("403")
    acme.world.expensify.faults.always("401")
    acme.world.slack.token = "xoxb-another"
    ended = check("--json")
    failing = {
        one["subject"]: one["do"]
        for one in ended.json("check")["findings"]
        if one["state"] == "bad"
    }
    assert ended.code == 2
    assert list(failing) == ["NetSuite", "Expensify", "Slack"]
    assert failing["NetSuite"] == "give it REST Web Services and SuiteAnalytics Workbook"
    assert failing["Slack"] == "put the right one where [slack] token points"
    assert check().out.splitlines()[-1].startswith("3 ✗, ")


def test_a_channel_that_is_archived_ends_2(acme: Served, check: Check) -> None:
    acme.world.slack.is_archived = True
    ended = check()
    assert ended.code == 2
    assert "✗ Slack channel             #netsuite-exports is archived" in ended.out


def test_a_wrong_configuration_ends_78_and_asks_nobody(acme: Served, check: Check) -> None:
    acme.config.write_text(acme.config.read_text().replace("channel =", "chanel ="))
    ended = check()
    assert (ended.code, ended.out, acme.world.netsuite.requests) == (78, "", [])
    assert "did you mean" in ended.err


def test_offline_nobody_is_asked(acme: Served, check: Check) -> None:
    ended = check("--offline", "--json")
    assert [one["subject"] for one in ended.json("check")["findings"]] == [
        "configuration",
        "secrets",
        "SQLite",
        "disk",
        "database",
        "NetSuite",
    ]
    world = acme.world
    assert (ended.code, world.netsuite.requests, world.expensify.requests, world.slack.calls) == (
        0,
        [],
        [],
        [],
    )


class Terminal(io.StringIO):
    """A terminal that remembers what it was told."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("option", ["--offline", "-q", "-v"])
def test_who_looks_at_a_terminal_is_told_what_is_being_asked(
    check: Check, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    with contextlib.redirect_stderr(Terminal()) as terminal:
        ended = check(option)
    asked = [one for one in SERVICES if f"asking {one} …" in click.unstyle(terminal.getvalue())]
    assert asked == ([*SERVICES] if option == "-v" else [])
    assert "asking" not in ended.out


def test_a_pipe_is_told_nothing_whatever_the_environment_says_of_colours(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert check().err == ""
