"""The words of every kind of message, whole, as people read them, beside its Slack blocks.

After a change of the words: WRITE_GOLDEN=1 pytest -n 0 tests/core/test_message_golden.py
writes the texts anew; read the difference as somebody in finance who never saw this program.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.adapters.slack.blocks import blocks_of
from monitor.core.message import Message
from monitor.core.message.plain import as_text
from tests.core import golden_alerts, golden_digests, golden_news

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = (*golden_alerts.MESSAGES, *golden_news.MESSAGES, *golden_digests.MESSAGES)


@pytest.mark.parametrize(
    "message", [pytest.param(message, id=message.__name__) for message in MESSAGES]
)
def test_the_words_and_their_blocks_are_the_golden_ones(message: Callable[[], Message]) -> None:
    said = message()
    blocks = json.dumps(blocks_of(said), ensure_ascii=False, indent=1)
    for file, content in (("txt", as_text(said)), ("json", blocks)):
        golden = GOLDEN / f"{message.__name__}.{file}"
        if os.environ.get("WRITE_GOLDEN"):
            golden.write_text(f"{content}\n")
        assert f"{content}\n" == golden.read_text()


def test_every_golden_text_is_compared() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == {one.__name__ for one in MESSAGES}
