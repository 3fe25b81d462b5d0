"""A NetSuite, an Expensify and a Slack over loopback HTTP, with their own idea of their rules."""

from monitor.simulator.servers import Servers, serve
from monitor.simulator.world import World

__all__ = ["Servers", "World", "serve"]
