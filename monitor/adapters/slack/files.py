"""A file for a thread: uploaded where Slack says, if that is Slack."""

from __future__ import annotations

import urllib.request
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from monitor.adapters.slack.refusals import UNREACHABLE
from monitor.errors import DeliveryError

LARGEST = 5_000_000
"""Bytes of a file: a list of reports is far below."""
_LONGEST_ANSWER = 10_000
_HTTPS = 443


class FileClient(WebClient):
    """slack_sdk's own client, which sends a file to no other place than Slack's."""

    def _upload_file(self, **given: Any) -> FileUploadV2Result:
        """Nobody sees the file before the upload is completed: any failure may be tried again."""
        url = str(given["url"])
        if not is_slacks(url, self.base_url):
            raise DeliveryError(
                "Slack handed out an address for the file that is not its own, which is not used",
                code="unsafe_address",
                is_permanent=True,
            )
        request = urllib.request.Request(url, given["data"], method="POST")
        try:
            with urllib.request.urlopen(request, timeout=given["timeout"]) as answer:
                body = answer.read(_LONGEST_ANSWER).decode(errors="replace")
                return FileUploadV2Result(answer.status, body)
        except HTTPError as error:
            error.close()
            raise _refused(error.code) from None
        except OSError as error:
            why = type(getattr(error, "reason", error)).__name__
            raise DeliveryError(
                f"the file could not be uploaded to Slack ({why})",
                code=UNREACHABLE,
            ) from None


def is_slacks(url: str, base_url: str) -> bool:
    """Whether the address is Slack's: a host of slack.com, encrypted; or where its API is."""
    try:
        parts, api = urlsplit(url), urlsplit(base_url)
        port = parts.port or _HTTPS
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    host = parts.hostname or ""
    is_host = host == "slack.com" or host.endswith(".slack.com")
    return parts.scheme == "https" and port == _HTTPS and is_host and parts.username is None


def _refused(status: int) -> DeliveryError:
    is_permanent = status < 500 and status != 429
    return DeliveryError(
        f"the file could not be uploaded to Slack (HTTP {status})",
        code="upload_refused" if is_permanent else UNREACHABLE,
        is_permanent=is_permanent,
    )
