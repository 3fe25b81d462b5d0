"""Whom a message calls, and what can be pressed below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from monitor.adapters.slack.blocks import MOST_BLOCKS, MOST_CHARACTERS, Looks, blocks_of
from monitor.adapters.slack.bot import BotChannel
from monitor.adapters.slack.webhook import WebhookChannel
from monitor.core.message import Message, ReportRow, Section, Tone
from tests.adapters.slack_channel import Simulated, a_message, a_slack

DANA = "dana@acme.example"
KNOWN = {DANA: "U0DANA"}


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def a_row(text: str = f"R-1 · {DANA} · USD 1.00", person: str = DANA) -> Message:
    return a_message(reports=(ReportRow(text, person=person),))


def the_row(message: Message, mentions: dict[str, str]) -> str:
    """The report as it is shown."""
    blocks = blocks_of(message, looks=Looks(mentions))
    (row,) = (
        block["text"]["text"]
        for block in blocks
        if block["type"] == "section" and block["text"]["text"].startswith("•")
    )
    return str(row)


# --- mentions


def test_a_submitter_who_is_known_in_slack_is_mentioned_in_the_row() -> None:
    assert the_row(a_row(), KNOWN) == "• R-1 · <@U0DANA> · USD 1.00"
    assert the_row(a_row(), {}) == f"• R-1 · {DANA} · USD 1.00"
    assert the_row(a_row(), {"other@acme.example": "U0OTHER"}) == f"• R-1 · {DANA} · USD 1.00"


def test_an_address_is_the_same_in_capitals() -> None:
    assert the_row(a_row(), {"Dana@ACME.example": "U0DANA"}) == "• R-1 · <@U0DANA> · USD 1.00"
    shouted = a_row("R-1 · DANA@ACME.EXAMPLE · USD 1.00", "DANA@ACME.EXAMPLE")
    assert the_row(shouted, KNOWN) == "• R-1 · <@U0DANA> · USD 1.00"


def test_whoever_is_masked_is_not_mentioned() -> None:
    assert the_row(a_row("R-1 · D. L. · USD 1.00", ""), {**KNOWN, "": "U0NOBODY"}) == (
        "• R-1 · D. L. · USD 1.00"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<@U0EVIL> · {person} · USD 1.00", id="a report's name is a mention"),
        pytest.param("a · {person} · <!channel>", id="a tag is a mention"),
    ],
)
def test_no_other_words_of_the_row_mention_anybody(simulated: Simulated, text: str) -> None:
    bot = BotChannel("xoxb-simulated", simulated.slack.channel, simulated.api_url, mentions=KNOWN)
    bot.post("alert-1", a_row(text.format(person=DANA)))
    assert simulated.slack.mentioned() == ["@U0DANA"]


def test_the_same_address_anywhere_else_stays_words(simulated: Simulated) -> None:
    bot = BotChannel("xoxb-simulated", simulated.slack.channel, simulated.api_url, mentions=KNOWN)
    bot.post("alert-1", a_message(DANA, sections=(Section(f" · {DANA} · ", (DANA,)),), footer=DANA))
    assert simulated.slack.mentioned() == []


def test_a_row_that_is_cut_keeps_its_mention_whole() -> None:
    row = the_row(a_row(f"{'&' * 5_000} · {DANA} · {'x' * 5_000}"), KNOWN)
    assert " · <@U0DANA> · " in row
    assert len(row) <= 3_000


def test_a_webhook_mentions_as_well(simulated: Simulated) -> None:
    WebhookChannel(simulated.webhook_url, mentions=KNOWN).post("alert-1", a_row())
    assert simulated.slack.mentioned() == ["@U0DANA"]


# --- buttons


def buttons(message: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (button["text"]["text"], button["action_id"], button["value"])
        for block in message["blocks"]
        if block["type"] == "actions"
        for button in block["elements"]
    ]


ALL_THREE = [
    ("Acknowledge", "sync_drift.ack", "7"),
    ("Snooze 24 h", "sync_drift.snooze", "7"),
    ("Explain", "sync_drift.explain", "7"),
]


@pytest.fixture
def pressable(simulated: Simulated) -> BotChannel:
    return BotChannel(
        "xoxb-simulated", simulated.slack.channel, simulated.api_url, has_buttons=True
    )


def test_an_alert_that_stands_has_buttons_until_it_is_over(
    simulated: Simulated, pressable: BotChannel
) -> None:
    place = pressable.post("alert-7", a_message(), alert_id=7)
    assert buttons(simulated.slack.messages[0]) == ALL_THREE
    pressable.edit(place, "alert-7-changed", a_message("2 reports"), alert_id=7)
    assert buttons(simulated.slack.messages[0]) == ALL_THREE
    pressable.edit(place, "alert-7-over", a_message(tone=Tone.RESOLVED), alert_id=7)
    assert buttons(simulated.slack.messages[0]) == []


def test_no_buttons_where_nobody_listens_for_them(simulated: Simulated) -> None:
    place = simulated.bot.post("alert-7", a_message(), alert_id=7)
    simulated.bot.edit(place, "alert-7-changed", a_message(), alert_id=7)
    assert buttons(simulated.slack.messages[0]) == []


def test_no_buttons_in_a_thread_nor_without_an_alert(
    simulated: Simulated, pressable: BotChannel
) -> None:
    place = pressable.post("alert-7", a_message())
    pressable.post("alert-7-news", a_message(), thread=place.ts, alert_id=7)
    assert [buttons(message) for message in simulated.slack.messages] == [[], []]


@pytest.mark.parametrize("tone", [tone for tone in Tone if tone is not Tone.AT_RISK])
def test_only_what_is_at_risk_has_buttons(tone: Tone) -> None:
    blocks = blocks_of(a_message(tone=tone), looks=Looks(buttons_of=7))
    assert buttons({"blocks": blocks}) == []


def test_buttons_stand_above_the_footer_however_much_is_left_out() -> None:
    long = a_message(sections=tuple(Section(f"{n}", ("x" * 2_000,)) for n in range(60)))
    blocks = blocks_of(long, looks=Looks(buttons_of=7))
    assert [block["type"] for block in blocks[-2:]] == ["actions", "context"]
    assert len(blocks) <= MOST_BLOCKS
    assert len(str(blocks)) <= MOST_CHARACTERS + 1_000


def test_slacks_own_client_finds_the_blocks_in_order() -> None:
    for block in blocks_of(a_row(), looks=Looks(KNOWN, 7)):
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


# --- replies for everybody


def test_a_broadcast_is_a_reply_that_the_whole_channel_sees(simulated: Simulated) -> None:
    place = simulated.bot.post("alert-1", a_message("parent"), is_broadcast=True)
    simulated.bot.post("quiet", a_message("quiet"), thread=place.ts)
    simulated.bot.post("loud", a_message("loud"), thread=place.ts, is_broadcast=True)
    assert [one.get("reply_broadcast") for one in simulated.slack.messages] == [None, None, True]
    assert [one["metadata"]["event_payload"]["key"] for one in simulated.slack.in_channel()] == [
        "alert-1",
        "loud",
    ]
