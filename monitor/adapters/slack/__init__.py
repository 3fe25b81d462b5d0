"""Slack: a message in blocks and as text, through a bot or through a webhook."""
