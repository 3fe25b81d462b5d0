"""Files on their way into the simulated Slack: announced, uploaded, and then shared."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

UPLOAD_PATH = "/upload/v1/"


@dataclass(slots=True)
class Files:
    """What was announced and uploaded, by the file's id."""

    origin: str = ""
    """Where the uploads go; set by whoever serves this Slack, unless it is set already."""
    contents: dict[str, bytes] = field(default_factory=dict)
    _announced: dict[str, tuple[str, int]] = field(default_factory=dict)

    def begin(self, name: str, length: int) -> dict[str, Any]:
        """An id for the file, and the address that takes its bytes."""
        file_id = f"F{len(self._announced) + 1:06d}"
        self._announced[file_id] = (name, length)
        return {"file_id": file_id, "upload_url": f"{self.origin}{UPLOAD_PATH}{file_id}"}

    def take(self, file_id: str, content: bytes) -> bool:
        """The bytes of an announced file; False when it is another one."""
        if self._announced.get(file_id, ("", -1))[1] != len(content):
            return False
        self.contents[file_id] = content
        return True

    def finished(self, asked: str) -> list[dict[str, Any]]:
        """The files as messages show them; none when one of them was not uploaded."""
        files = json.loads(asked)
        if any(one["id"] not in self.contents for one in files):
            return []
        return [
            {"id": one["id"], "name": name, "title": one.get("title") or name}
            for one in files
            for name, _ in (self._announced[one["id"]],)
        ]
