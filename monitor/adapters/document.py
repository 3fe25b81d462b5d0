"""JSON from outside, fit to be stored: half a surrogate pair is no text that a database takes."""

from __future__ import annotations

import json
from typing import Any

_ESCAPE = b"\\ud"


def json_document(body: bytes) -> Any:
    """The body as JSON, with storable texts; raises ValueError when it is none."""
    try:
        return storable(json.loads(body), body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def storable(document: Any, body: bytes) -> Any:
    """The document that was read from the body; half a pair becomes a question mark."""
    if _ESCAPE not in body.lower():
        return document
    return json.loads(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))
