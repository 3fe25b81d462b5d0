"""What can go wrong, as a tree; each error says what failed, which one, and what to do.

MonitorError                2   something failed
├── UsageError              2   the command cannot be understood, or names something unknown
├── CannotAnswer            3   no truthful answer: no baseline, incomplete or stale data
├── ConfigError            78   the operator must fix the configuration
├── SourceError             2   NetSuite or Expensify could not be read
├── StoreError              2   the database could not be read or written
│   └── NewerDatabase      78   the database was written by a newer version
├── Busy                    2   another process runs cycles on this database
├── DeliveryError           4   Slack did not take the message
└── Stopped               130   somebody asked us to end; nothing is half written
"""

from __future__ import annotations

from datetime import timedelta


class MonitorError(Exception):
    """Something failed; `str()` is one sentence for the operator, `exit_code` what a command ends
    with.
    """

    exit_code = 2


class UsageError(MonitorError):
    """The command cannot be understood, or names something unknown."""


class CannotAnswer(MonitorError):
    """There is no truthful answer: no baseline, incomplete or stale data."""

    exit_code = 3


class ConfigError(MonitorError):
    """The operator must fix the configuration; `problems` are all of them, one sentence each."""

    exit_code = 78

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SourceError(MonitorError):
    """NetSuite or Expensify could not be read.

    `source` is "netsuite" or "expensify". `is_permanent` says that trying again cannot help
    (credentials, permission).
    `retry_after` is what the service asked us to wait, if it did.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str,
        is_permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.source = source
        self.is_permanent = is_permanent
        self.retry_after = retry_after


class StoreError(MonitorError):
    """The database could not be read or written."""


class NewerDatabase(StoreError):
    """The database was written by a newer version of the monitor."""

    exit_code = 78


class Busy(MonitorError):
    """Another process runs cycles on this database."""


class DeliveryError(MonitorError):
    """Slack did not take the message; `code` is Slack's own word, `is_permanent` that it never
    will.
    """

    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        code: str,
        is_permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.is_permanent = is_permanent
        self.retry_after = retry_after


class Stopped(MonitorError):
    """Somebody asked us to end; what was not committed is dropped."""

    exit_code = 130
