"""Tries everything the monitor needs, one subject after the other, and changes nothing of it."""

from monitor.checking.findings import Finding, State
from monitor.checking.trying import everything

__all__ = ["Finding", "State", "everything"]
