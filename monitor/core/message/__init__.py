"""Decision -> the words an accountant reads (no Slack in it)."""

from monitor.core.message.values import Attachment, Message, ReportRow, Section, Tone

__all__ = ["Attachment", "Message", "ReportRow", "Section", "Tone"]
