"""Messages in Slack's blocks and as its text: within the limits, readable, and harmless."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from monitor.adapters.slack.blocks import blocks_of, text_of
from monitor.adapters.slack.mrkdwn import escaped, link, linked
from monitor.core.message import Message, ReportRow, Section, Tone
from monitor.simulator.slack.reading import mentions, objection
from tests.adapters.slack_channel import a_message, texts_of

CUT = "… the rest did not fit; `monitor risks` shows all of it"

NASTY = st.one_of(
    st.text(),
    st.text(alphabet="<>&!@#*|\n\t\u202e\u200d\u2066 abc"),
    st.sampled_from(["<!channel>", "<@U1>", "@channel", "@here", "&amp;", "<!subteam^S1>"]),
    st.builds(lambda text, times: text * times, st.text(min_size=1), st.integers(1, 4_000)),
)
MESSAGES = st.builds(
    Message,
    st.sampled_from(Tone),
    NASTY,
    st.lists(
        st.builds(lambda title, lines: Section(title, tuple(lines)), NASTY, st.lists(NASTY)),
        max_size=8,
    ).map(tuple),
    st.lists(st.builds(ReportRow, NASTY, NASTY), max_size=10).map(tuple),
    st.integers(0, 9),
    NASTY,
)


def a_section(mrkdwn: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def a_context(mrkdwn: str) -> dict[str, Any]:
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}],
    }


def test_a_message_shows_headline_sections_rows_and_freshness_in_this_order() -> None:
    message = a_message(more_reports=2)
    assert blocks_of(message, "(may be a repeat)") == [
        a_context("(may be a repeat)"),
        a_section(":rotating_light: *Exports at risk*: 1 report will fail"),
        a_section("*What to do*\nRecode 1 line."),
        {"type": "divider"},
        a_section("• R-1 · dana@acme.example · USD 1.00"),
        a_context("… and 2 more"),
        a_context("Alert 1 · Acme US · Data as of 09:00 UTC"),
    ]
    assert text_of(message, "(may be a repeat)") == (
        "(may be a repeat)\n"
        "Exports at risk: 1 report will fail\n"
        "\nWhat to do\n  Recode 1 line.\n"
        "\nReports\n  R-1 · dana@acme.example · USD 1.00\n"
        "  … and 2 more\n"
        "\nAlert 1 · Acme US · Data as of 09:00 UTC"
    )


def test_every_tone_has_a_sign_of_its_own() -> None:
    signs = {texts_of(blocks_of(Message(tone, "")))[0].split()[0] for tone in Tone}
    assert len(signs) == len(Tone)


@given(MESSAGES, NASTY)
def test_whatever_the_words_slack_takes_the_message_and_nobody_is_mentioned(
    message: Message, note: str
) -> None:
    blocks, text = blocks_of(message, note), text_of(message, note)
    for block in Block.parse_all(blocks):
        block.validate_json()
    assert objection({"blocks": blocks, "text": text}) == ""
    assert objection({"text": text}) == ""
    assert mentions({"blocks": blocks}) == []
    assert mentions({"text": text, "parse": "none"}) == []
    assert len(blocks) <= 50
    assert sum(len(json.dumps(block, ensure_ascii=False)) for block in blocks) <= 10_000
    assert len(text) <= 3_800
    assert str(message.tone) in texts_of(blocks)[int(is_shown(note))]


def is_shown(note: str) -> bool:
    return bool(escaped(note, 1_200).strip())


@given(NASTY, st.integers(20, 200))
def test_escaped_words_are_short_enough_and_do_nothing(text: str, longest: int) -> None:
    harmless = escaped(text, longest)
    assert len(harmless) <= longest
    assert "<" not in harmless and ">" not in harmless
    assert re.sub("&(amp|lt|gt);", "", harmless).count("&") == 0, "no bare &, no half an entity"


@given(st.text(alphabet="ab<>& é", max_size=50))
def test_words_that_fit_are_all_there(text: str) -> None:
    harmless = escaped(text, 500)
    assert harmless.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("<!channel>", "&lt;!channel&gt;", id="a class called <!channel>"),
        pytest.param("<@U1> & Co", "&lt;@U1&gt; &amp; Co", id="a name that mentions somebody"),
        pytest.param("&amp;", "&amp;amp;", id="an entity in a name stays what it is"),
        pytest.param("\u202egnitekraM", "gnitekraM", id="a bidi override is taken out"),
        pytest.param("a\u2066b\u2069c", "abc", id="bidi isolates are taken out"),
        pytest.param("Mar\u200bket\u200ding", "Marketing", id="zero-width characters are out"),
        pytest.param("\x1b[31mred\x00\x7f", "[31mred", id="control characters are taken out"),
        pytest.param("\ud800x", "x", id="half a character is taken out"),
        pytest.param("שיווק", "שיווק", id="words that run from right to left stay"),
        pytest.param("Müller 営業 🧾", "Müller 営業 🧾", id="letters of any script stay"),
    ],
)
def test_a_name_stays_readable_and_harmless(name: str, shown: str) -> None:
    assert escaped(name, 100) == shown
    message = a_message(sections=(Section("What", (f"Class “{name}” is inactive.",)),))
    assert f"Class “{shown}” is inactive." in texts_of(blocks_of(message))[1]
    assert f"Class “{shown}” is inactive." in text_of(message)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\t", "\u2028", "\x85", "\v"])
def test_a_name_cannot_pretend_to_be_the_next_statement(line_break: str) -> None:
    def shown(name: str) -> tuple[list[dict[str, Any]], str]:
        sections, rows = (Section(name, (name,)),), (ReportRow(name),)
        message = a_message(name, sections=sections, reports=rows)
        return blocks_of(message), text_of(message)

    faked = f"Marketing{line_break}Resolved: all is well"
    assert shown(faked) == shown("Marketing Resolved: all is well")


def test_the_footer_keeps_its_lines() -> None:
    footer = "Alert 1 · Acme US · Data as of 09:00 UTC\nReport ids: R-1, R-2"
    sections = tuple(Section("", ("x",)) for _ in range(90))
    for message in (a_message(footer=footer), a_message(footer=footer, sections=sections)):
        assert texts_of(blocks_of(message))[-2:] == footer.split("\n")
        assert text_of(message).endswith(f"\n\n{footer}")


def test_what_is_cut_ends_with_an_ellipsis_and_never_in_an_entity() -> None:
    assert escaped("a&b", 7) == "a&amp;b"
    assert escaped("aa&b", 7) == "aa…"
    assert escaped("&&", 9) == "&amp;…"
    assert escaped("a" * 101, 100) == "a" * 99 + "…"
    assert escaped("a" * 100, 100) == "a" * 100


@pytest.mark.parametrize("line", ["x" * 5_000, "&" * 2_000], ids=["long", "long once escaped"])
def test_a_line_longer_than_a_section_is_cut_and_says_so(line: str) -> None:
    message = a_message(sections=(Section("", (line, "next")),), reports=())
    _, long, after, _ = texts_of(blocks_of(message))
    assert long.endswith("…") and 2_800 < len(long) <= 2_900
    assert after == "next"


def test_even_words_that_count_double_leave_headline_note_and_footer() -> None:
    twice = '"' * 9_000
    message = a_message(twice, sections=(Section("", (twice,)),), footer=f"{twice}\n{twice}")
    texts = texts_of(blocks_of(message, twice))
    assert [text[-3:] for text in texts] == ['""…', '""…', CUT[-3:], '""…', '""…']


def test_lines_fill_as_few_sections_as_they_fit_in() -> None:
    lines = tuple(f"{number} " + "x" * 1_000 for number in range(4))
    message = a_message(sections=(Section("Title", lines),), reports=(), footer="")
    sizes = [len(text) for text in texts_of(blocks_of(message))[1:]]
    assert sizes == [len("*Title*\n") + 2 * 1_002 + 1, 2 * 1_002 + 1]


@pytest.mark.parametrize(
    "sections",
    [
        pytest.param((Section("", tuple(["x" * 2_000] * 9)),), id="too many characters"),
        pytest.param(tuple(Section("", ("x",)) for _ in range(90)), id="too many blocks"),
        pytest.param((Section("", tuple(["ж" * 2_000] * 9)),), id="too many letters of another"),
    ],
)
def test_what_does_not_fit_is_said_and_the_freshness_stays(sections: tuple[Section, ...]) -> None:
    texts = texts_of(blocks_of(a_message(sections=sections)))
    assert texts[0].endswith("1 report will fail")
    assert texts[-2:] == [CUT, "Alert 1 · Acme US · Data as of 09:00 UTC"]


def test_a_message_that_just_fits_is_not_called_cut() -> None:
    sections = tuple(Section("", ("x",)) for _ in range(46))
    blocks = blocks_of(a_message(sections=sections))
    assert len(blocks) == 50
    assert CUT not in texts_of(blocks)
    more = blocks_of(a_message(sections=(*sections, Section("", ("x",)))))
    assert len(more) == 50
    assert texts_of(more)[-2] == CUT


def test_text_that_is_too_long_is_cut_and_says_so() -> None:
    text = text_of(a_message(sections=(Section("", ("x" * 9_000,)),)))
    assert text.endswith(f"x\n{CUT}")
    assert len(text) == 3_800


def test_an_asterisk_in_a_title_does_not_end_the_bold() -> None:
    message = a_message(sections=(Section("*DO NOT USE* Marketing", ("x",)),))
    assert texts_of(blocks_of(message))[1] == "*∗DO NOT USE∗ Marketing*\nx"


def test_blank_parts_leave_no_empty_block() -> None:
    message = Message(Tone.BLIND, "\u200b", (Section("", (" ", "\x00")), Section(" ", ())))
    assert blocks_of(message, "\u200b") == [
        a_section(":see_no_evil: *The monitor cannot see*: "),
    ]


def test_a_report_opens_where_it_says_it_does() -> None:
    rows = (
        ReportRow("R-1", 'https://www.expensify.com/report?param={"id":1}'),
        ReportRow("R-2", "https://new.expensify.com/r/2?a=1&b=2"),
        ReportRow("R-3", "javascript://x.example/%0aalert(1)"),
        ReportRow("R-4", "https://x.example/>|<!channel>"),
        ReportRow("R-5", "https://x.example/" + "x" * 3_000),
    )
    assert texts_of(blocks_of(a_message(reports=rows)))[2:-1] == [
        "• R-1",
        "• R-2 <https://new.expensify.com/r/2?a=1&amp;b=2|open>",
        "• R-3",
        "• R-4",
        "• R-5",
    ]
    assert link("http://127.0.0.1:1/r", "open") == "<http://127.0.0.1:1/r|open>"


def test_a_long_row_keeps_its_link_and_a_section_its_limit() -> None:
    url = "https://new.expensify.com/r/" + "1" * 250
    pages = "https://1.app.netsuite.com/x " * 110
    message = a_message(
        sections=(Section("", (pages,)),), reports=(ReportRow("x" * 5_000, url),), footer=""
    )
    _, linkless, row = texts_of(blocks_of(message))
    assert linkless.startswith("https://") and len(linkless) <= 3_000
    assert row.endswith(f"x… <{url}|open>") and len(row) <= 3_000


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param(
            "Open it (https://1-sb1.app.netsuite.com/app/x.nl?id=1&amp;e=T).",
            "Open it (<https://1-sb1.app.netsuite.com/app/x.nl?id=1&amp;e=T>).",
            id="a page of NetSuite",
        ),
        pytest.param(
            "See https://new.expensify.com/r/1",
            "See <https://new.expensify.com/r/1>",
            id="a page of Expensify, at the end",
        ),
        pytest.param(
            "https://evil.example/?x=https://a.netsuite.com.evil.example/",
            "https://evil.example/?x=https://a.netsuite.com.evil.example/",
            id="another address that only names it",
        ),
        pytest.param(
            "(https://1.app.netsuite.com/app/common/…",
            "(https://1.app.netsuite.com/app/common/…",
            id="an address that was cut",
        ),
    ],
)
def test_only_pages_of_the_systems_concerned_can_be_clicked(words: str, shown: str) -> None:
    assert linked(words, 3_000) == shown


def test_links_give_way_where_they_do_not_fit() -> None:
    words = "https://a.netsuite.com/x " * 4
    assert linked(words, len(words) + 8) == words.replace(
        "https://a.netsuite.com/x", "<https://a.netsuite.com/x>"
    )
    assert linked(words, len(words) + 7) == words
