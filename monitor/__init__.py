"""sync-drift monitor: says which Expensify reports NetSuite would refuse, before it does."""

__version__ = "0.1.0"
