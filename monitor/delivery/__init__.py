"""The other half of the promise: takes the outbox to Slack and marks what became of it."""

from monitor.delivery.shadow import keep_to_itself
from monitor.delivery.walk import DeliveryResult, deliver

__all__ = ["DeliveryResult", "deliver", "keep_to_itself"]
