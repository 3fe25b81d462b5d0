"""Decision -> the words an accountant reads (no Slack in it)."""

from monitor.core.message.values import Message, ReportRow, Section, Tone

__all__ = ["Message", "ReportRow", "Section", "Tone"]
