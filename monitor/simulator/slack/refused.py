"""How the simulated Slack says no, and which scope each of its methods needs."""

from __future__ import annotations

from typing import Any

NEEDED = {
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.info": "channels:read",
}


class Refused(Exception):
    """Slack says no: its word, and what it says besides."""

    def __init__(self, word: str, **besides: Any) -> None:
        super().__init__(word)
        self.word = word
        self.besides = besides
