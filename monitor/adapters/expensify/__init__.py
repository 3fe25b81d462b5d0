"""Expensify: one endpoint, two rate windows, a few jobs that only read."""

from monitor.adapters.expensify.jobs import ExpensifyCredentials
from monitor.adapters.expensify.limiter import Limiter
from monitor.adapters.expensify.source import Expensify, ExpensifyOptions

__all__ = ["Expensify", "ExpensifyCredentials", "ExpensifyOptions", "Limiter"]
