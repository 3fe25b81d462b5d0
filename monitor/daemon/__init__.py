"""Runs the cycle again and again until somebody asks it to end, and proves that it still does."""

from monitor.daemon.asked import Asked, Order
from monitor.daemon.loop import Daemon
from monitor.daemon.rhythm import Rhythm, first_cycle_at
from monitor.daemon.systemd import ServiceManager

__all__ = ["Asked", "Daemon", "Order", "Rhythm", "ServiceManager", "first_cycle_at"]
