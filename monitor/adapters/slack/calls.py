"""One call of Slack's Web API: how its client is made, and what a failure of it means."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from monitor.adapters.slack.files import FileClient
from monitor.adapters.slack.opener import follows_no_redirect
from monitor.adapters.slack.refusals import (
    is_word,
    no_answer,
    no_sense,
    rate_limited,
    redirected,
    refusal,
)
from monitor.errors import DeliveryError

_TIMEOUT_SECONDS = 10
_TRIPPED = (AttributeError, TypeError, LookupError, RecursionError)
"""slack_sdk takes every answer for a JSON object in an alphabet that Python knows."""


def web_client(token: str, base_url: str) -> FileClient:
    """A client that neither repeats a call nor follows a redirect."""
    client = FileClient(
        token=token,
        base_url=base_url,
        timeout=_TIMEOUT_SECONDS,
        retry_handlers=[],
        logger=logging.getLogger("slack_sdk"),
    )
    follows_no_redirect(client)
    return client


def called(call: Callable[[], SlackResponse]) -> SlackResponse:
    """The answer, a JSON object; raises DeliveryError."""
    try:
        return call()
    except SlackApiError as error:
        raise _told(error.response) from None  # which only repeats the answer
    except (SlackClientError, HTTPException, OSError, ValueError) as error:
        raise no_answer(error) from None
    except _TRIPPED as error:
        raise no_answer(error) from None


def part_of(document: Any, name: str) -> Mapping[str, Any]:
    """An object within an answer; empty where there is none, or something else."""
    part = document.get(name) if isinstance(document, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def parts_of(document: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of a list within an answer, whatever else may stand there."""
    parts = document.get(name) if isinstance(document, Mapping) else None
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _told(answer: Any) -> DeliveryError:
    if answer.status_code == 429:
        return rate_limited(answer.headers)
    if 300 <= answer.status_code < 400:
        return redirected(answer.status_code)
    word = answer.data.get("error") if isinstance(answer.data, dict) else None
    if answer.status_code >= 500 or not is_word(word):
        return no_sense(answer.status_code)
    return refusal(str(word), needed=str(answer.data.get("needed") or "chat:write"))
