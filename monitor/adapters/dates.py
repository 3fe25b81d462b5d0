"""What a service's Date header tells of the two clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def clock_ahead(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How far this machine's clock is ahead of the service's (negative: behind), None where the
    headers, whose names are in lower case, tell no time.
    """
    try:
        told = parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return now - (told if told.tzinfo else told.replace(tzinfo=UTC))
