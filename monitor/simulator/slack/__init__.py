"""A simulated Slack: one channel that remembers every post, edit and reply."""

from monitor.simulator.slack.page import WEBHOOK_PATH, SlackPage
from monitor.simulator.slack.refused import Refused
from monitor.simulator.slack.workspace import Slack

__all__ = ["WEBHOOK_PATH", "Refused", "Slack", "SlackPage"]
