"""Builders: a harmless configuration as a document, with only what the test is about changed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from monitor.config.load import check
from monitor.config.settings import Settings
from monitor.errors import ConfigError

PEM = "-----BEGIN PRIVATE KEY-----\nbm90LWEta2V5LW5vdC1hLWtleQ==\n-----END PRIVATE KEY-----\n"

ENVIRON = {
    "NETSUITE_CLIENT_ID": "ns-client-0001",
    "NETSUITE_PRIVATE_KEY": PEM,
    "NETSUITE_CONSUMER_KEY": "ns-consumer-0001",
    "NETSUITE_CONSUMER_SECRET": "ns-consumer-secret-0001",
    "NETSUITE_TOKEN_ID": "ns-token-0001",
    "NETSUITE_TOKEN_SECRET": "ns-token-secret-0001",
    "EXPENSIFY_PARTNER_USER_ID": "aa_partner_0001",
    "EXPENSIFY_PARTNER_USER_SECRET": "partner-secret-0001",
    "SLACK_BOT_TOKEN": "xoxb-0001-bot",
    "SLACK_APP_TOKEN": "xapp-0001-app",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0001/B0001/webhook0001",
}

GONE = object()
"""Says that a key is left out."""

_DOCUMENT: dict[str, Any] = {
    "netsuite": {
        "account": "1234567_SB1",
        "auth": {
            "client_id": "env:NETSUITE_CLIENT_ID",
            "certificate_id": "kid_abc",
            "private_key": "env:NETSUITE_PRIVATE_KEY",
        },
    },
    "expensify": {
        "partner_user_id": "env:EXPENSIFY_PARTNER_USER_ID",
        "partner_user_secret": "env:EXPENSIFY_PARTNER_USER_SECRET",
    },
    "workspace": [{"policy_id": "P1"}],
    "slack": {"token": "env:SLACK_BOT_TOKEN", "channel": "C0123456789"},
}


def a_document(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The smallest valid document; a change is named by its dotted key ("workspace.0.name")."""
    document = copy.deepcopy(_DOCUMENT)
    for key, value in (changes or {}).items():
        *path, last = (int(part) if part.isdigit() else part for part in key.split("."))
        inside: Any = document
        for part in path:
            inside = inside[part] if isinstance(part, int) else inside.setdefault(part, {})
        if value is GONE:
            del inside[last]
        else:
            inside[last] = value
    return document


def a_file(changes: dict[str, Any] | None = None) -> str:
    """The same document as the text of a file; every table is inline, sections may follow."""
    return "".join(f"{key} = {_inline(value)}\n" for key, value in a_document(changes).items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {_inline(one)}' for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return json.dumps(value)


def settings_of(changes: dict[str, Any] | None = None, folder: Path = Path()) -> Settings:
    return check(a_document(changes), folder / "monitor.toml", ENVIRON)


def problems_of(changes: dict[str, Any], folder: Path = Path()) -> tuple[str, ...]:
    """What the operator is told, without the file's name; () when all is well."""
    try:
        settings_of(changes, folder)
    except ConfigError as error:
        file = f"{folder / 'monitor.toml'}: "
        assert all(problem.startswith(file) for problem in error.problems)
        return tuple(problem.removeprefix(file) for problem in error.problems)
    return ()
