"""Who gives a command, where a person's word is remembered."""

from __future__ import annotations

import getpass


def login_name() -> str:
    """The name somebody is logged in with, "" when nobody knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without an entry for its user
        return ""
