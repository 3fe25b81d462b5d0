"""Names are anybody's to choose: none of them does anything, on a terminal, in Slack or a sheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.slack.blocks import (
    LONGEST_SECTION,
    LONGEST_TEXT,
    MOST_BLOCKS,
    blocks_of,
    text_of,
)
from monitor.cli import main
from monitor.core.message import Message, ReportRow, Section, Tone
from monitor.simulator.expensify.office import shown_as
from monitor.simulator.sample import US
from tests.faults.hostile import (
    TEXTS,
    TRICKS,
    examples,
    is_harmless_in_slack,
    is_harmless_on_a_terminal,
    short_and_long,
)
from tests.scenarios.story import Story, a_story

_FIRST = 2_000


class Told(NamedTuple):
    """What a day with such names left behind."""

    database: Path
    said: list[dict[str, Any]]
    """Every message in the channel."""
    own_links: tuple[str, ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Classes, people and reports with all those names; then the classes are inactivated."""
    with a_story(tmp_path_factory.mktemp("names")) as story:
        for number, name in enumerate(TRICKS, _FIRST):
            employ_and_code(story, number, name)
        story.world.sync(US)
        story.cycle()
        for number, _ in enumerate(TRICKS, _FIRST):
            story.tables.inactivate("class", number)
        story.at("09:00").cycle()
        database = story.app.settings.database
        yield Told(database, list(story.world.slack.messages), own_links(story))


def employ_and_code(story: Story, number: int, name: str) -> None:
    story.tables.add("class", number, name=name, includechildren="T", subsidiary=[1])
    address = f"p{number}@acme.example"
    story.tables.add("employee", number, entityid=name, email=address, subsidiary=1, department=1)
    row = story.tables.get("class", number)
    assert row is not None
    story.office.add_report(
        f"R-{number}", US, tags=[(shown_as(row), "")], submitter=address, name=name
    )


def own_links(story: Story) -> tuple[str, ...]:
    """The pages that the monitor itself links to."""
    texts = json.dumps([m.get("blocks") for m in story.world.slack.messages])
    found = [part.partition(">")[0] for part in texts.split("<https://")[1:]]
    own = [one for one in found if one.split("/")[0].endswith(("expensify.com", "netsuite.com"))]
    return tuple(f"<https://{one}>" for one in own)


def mrkdwn_of(message: dict[str, Any]) -> list[str]:
    blocks = message.get("blocks") or []
    parts = [part for block in blocks for part in block.get("elements", [block.get("text")])]
    return [message["text"], *(part["text"] for part in parts if part and "text" in part)]


def test_slack_is_told_names_that_mention_link_and_hide_nothing(told: Told) -> None:
    texts = [text for message in told.said for text in mrkdwn_of(message)]
    assert len(" ".join(texts)) > 1_000
    assert [one for one in texts if not is_harmless_in_slack(one, told.own_links)] == []


@pytest.mark.parametrize(
    "command",
    [
        ["diff", "--since", "baseline"],
        ["diff", "--since", "baseline", "--each"],
        ["diff", "--since", "baseline", "--stat"],
        ["risks"],
        ["risks", "--employees"],
        ["status"],
        ["alerts"],
        ["health"],
        ["score"],
        ["silences"],
        ["db", "stats"],
        *(["explain", f"class:{number}"] for number in range(_FIRST, _FIRST + len(TRICKS))),
        ["explain", f"R-{_FIRST + 5}"],
        ["explain", f"employee:{_FIRST + 5}"],
        ["what-if", "--reactivate", f"class:{_FIRST + 5}"],
        ["what-if", "--rename", f"class:{_FIRST + 5}=\x1b[31mred"],
        ["explain", "\x1b[31mred"],
        ["diff", "--record", "class:\x1b[31m"],
        ["diff", "--since", "\x1b[31m\u202e"],
        ["ack", "\x1b[31m\u202e"],
        ["forget", "\x1b]0;x\x07@acme.example", "--dry-run"],
    ],
    ids=lambda command: " ".join(command).encode("unicode_escape").decode(),
)
def test_no_name_steers_the_terminal_it_is_printed_on(
    told: Told, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--db", str(told.database), *command])
    printed = capsys.readouterr()
    assert printed.out or printed.err
    assert is_harmless_on_a_terminal(printed.out)
    assert is_harmless_on_a_terminal(printed.err)


def test_no_name_is_a_formula_in_a_spreadsheet(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--db", str(told.database), "diff", "--since", "baseline", "--format", "csv"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\x00")] == []
    assert "'=cmd|' /C calc'!A0" in cells


@short_and_long(6, 1_000)
def test_whatever_a_message_holds_slack_takes_it_and_nothing_in_it_acts(number: int) -> None:
    words = TEXTS | st.integers(1, 60).map(lambda n: "<!channel>&" * 100 * n)

    @given(
        headline=words,
        sections=st.lists(st.tuples(words, st.lists(words, max_size=4)), max_size=8),
        rows=st.lists(st.tuples(words, words), max_size=60),
        footer=words,
        note=words,
    )
    @examples(number)
    def holds(
        headline: str,
        sections: list[tuple[str, list[str]]],
        rows: list[tuple[str, str]],
        footer: str,
        note: str,
    ) -> None:
        message = Message(
            Tone.AT_RISK,
            headline,
            tuple(Section(title, tuple(lines)) for title, lines in sections),
            tuple(ReportRow(f"{text} · {person} · USD 1", person=person) for text, person in rows),
            footer=footer,
        )
        blocks = blocks_of(message, note)
        texts = mrkdwn_of({"text": text_of(message, note), "blocks": blocks})
        assert len(blocks) <= MOST_BLOCKS
        assert len(texts[0]) <= LONGEST_TEXT
        assert all(0 < len(text) <= LONGEST_SECTION for text in texts[1:])
        assert all(map(is_harmless_in_slack, texts))

    holds()
