"""How Slack reads messages: what it refuses of one, whom one mentions, what a page shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_MOST_BLOCKS = 50
_LONGEST_TEXT = {"section": 3_000, "context": 3_000, "header": 150}
_MOST_ELEMENTS = 10
_MOST_BUTTONS, _LONGEST_BUTTON, _LONGEST_ACTION, _LONGEST_VALUE = 25, 75, 255, 2_000
_MOST_OF_ALL_BLOCKS = 13_000
"""Where Slack begins to refuse, whatever its pages say."""
_LONGEST_MESSAGE = 40_000
_MOST_A_PAGE = 999

_WRITTEN = re.compile(r"<(!(?:channel|here|everyone)|!subteam\^\w+|@[UW]\w+)[^<>]*>")
_TYPED = re.compile(r"@(?:channel|here|everyone)\b")


def objection(arguments: dict[str, Any]) -> str:
    """The word with which Slack refuses the message; "" when it takes it."""
    blocks, text = arguments.get("blocks") or [], arguments.get("text") or ""
    if not blocks and not text.strip():
        return "no_text"
    if not isinstance(blocks, list) or len(blocks) > _MOST_BLOCKS:
        return "invalid_blocks"
    if not all(map(_is_sound, blocks)):
        return "invalid_blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > _MOST_OF_ALL_BLOCKS:
        return "msg_blocks_too_long"
    if len(text) > _LONGEST_MESSAGE:
        return "msg_too_long"
    return "" if _is_metadata(arguments.get("metadata")) else "invalid_metadata_format"


def mentions(message: dict[str, Any]) -> list[str]:
    """Whom Slack would notify because of the words of the message."""
    if not message.get("blocks"):
        is_parsed = message.get("parse") not in (None, "none")
        return list(_mentioned(message.get("text") or "", is_parsed=is_parsed))
    return [
        one
        for text in _texts(message["blocks"])
        if text["type"] == "mrkdwn"
        for one in _mentioned(text["text"], is_parsed=not text.get("verbatim"))
    ]


def _mentioned(text: str, *, is_parsed: bool) -> Iterator[str]:
    yield from _WRITTEN.findall(text)
    if is_parsed:
        yield from _TYPED.findall(text)


def _is_sound(block: Any) -> bool:
    if not isinstance(block, dict):
        return False
    kind = block.get("type")
    if kind == "divider":
        return True
    if kind == "actions":
        return _are_buttons(block.get("elements"))
    if kind not in _LONGEST_TEXT:
        return False
    parts = block.get("elements") if kind == "context" else [block.get("text")]
    if not isinstance(parts, list) or not 1 <= len(parts) <= _MOST_ELEMENTS:
        return False
    return all(_is_text(part, longest=_LONGEST_TEXT[kind]) for part in parts)


def _are_buttons(elements: Any) -> bool:
    return (
        isinstance(elements, list)
        and 1 <= len(elements) <= _MOST_BUTTONS
        and all(map(_is_button, elements))
        and len({one["action_id"] for one in elements}) == len(elements)
    )


def _is_button(button: Any) -> bool:
    if not isinstance(button, dict) or button.get("type") != "button":
        return False
    text, action, value = button.get("text"), button.get("action_id"), button.get("value")
    is_named = _is_text(text, longest=_LONGEST_BUTTON, kinds=("plain_text",))
    is_action = isinstance(action, str) and 1 <= len(action) <= _LONGEST_ACTION
    return is_named and is_action and (value is None or 1 <= len(value) <= _LONGEST_VALUE)


def _is_text(part: Any, *, longest: int, kinds: tuple[str, ...] = ("mrkdwn", "plain_text")) -> bool:
    return (
        isinstance(part, dict)
        and part.get("type") in kinds
        and isinstance(part.get("text"), str)
        and 1 <= len(part["text"]) <= longest
        and bool(part["text"].strip())
    )


def _is_metadata(metadata: Any) -> bool:
    return metadata is None or (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )


def _texts(part: Any) -> Iterator[dict[str, Any]]:
    """Every text object of some blocks."""
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text"):
            yield part
        for value in part.values():
            yield from _texts(value)


def paged(messages: Iterable[dict[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
    """One page of them, and the cursor of the next."""
    oldest = float(arguments.get("oldest") or 0)
    asked = [message for message in messages if float(message["ts"]) > oldest]
    start = int(str(arguments.get("cursor") or "from:0").removeprefix("from:"))
    end = start + min(int(arguments.get("limit") or 100), _MOST_A_PAGE)
    has_more = end < len(asked)
    return {
        "messages": [_shown(message, arguments) for message in asked[start:end]],
        "has_more": has_more,
        "response_metadata": {"next_cursor": f"from:{end}" if has_more else ""},
    }


def _shown(message: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """As history shows it: without metadata, unless they were asked for."""
    has_metadata = arguments.get("include_all_metadata") in (True, "1", "true")
    hidden = () if has_metadata else ("metadata",)
    return {name: value for name, value in message.items() if name not in hidden}
