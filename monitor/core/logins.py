"""NetSuite's login audit -> evidence: without a login there was no sync, with one there may be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.evidence import MARGIN, Bound, Evidence, Source

_STEP = timedelta(seconds=10)
"""How finely the difference of two clocks is told."""
_NOISE = timedelta(seconds=2)
"""NetSuite tells whole seconds, and its answer takes a while: no difference, and within MARGIN."""


class Logins(NamedTuple):
    """What NetSuite's login audit shows of Expensify's integration. Moments by NetSuite's clock.

    `applications`: the integrations of that name; with none of them nothing is known, for the name
    may be wrong. `failed_at`: the first login that was refused since the last one that was not.
    """

    applications: tuple[str, ...] = ()
    last_good_at: datetime | None = None
    failed_at: datetime | None = None
    words: str = ""
    detail: str = ""
    """Why there is no such evidence, in one sentence; "" where there is."""

    @property
    def is_off(self) -> bool:
        return bool(self.detail)


def evidence_from_logins(
    logins: Logins,
    policy_ids: Iterable[str],
    *,
    observed_at: datetime,
    skew: timedelta = timedelta(0),
) -> tuple[Evidence, ...]:
    """What the login audit proves, of every workspace of the account: it names none of them.

    Since the last successful login no sync can have started; that login itself proves contact only,
    for exports log in too. A refused login since then is a failure. `skew`: how far NetSuite's
    clock was measured to be from ours, either way.
    """
    if logins.is_off:
        return ()
    # Upwards to a whole step: what is measured anew each time would never be said twice alike, and
    # what repeats is all that can be thinned.
    beyond = max(abs(skew) - _NOISE, timedelta(0))
    blur = MARGIN + _STEP * -(-beyond // _STEP)
    rows = []
    for policy_id in policy_ids:
        begin = logins.last_good_at + blur if logins.last_good_at else None
        if begin is not None and begin < observed_at:
            rows.append(_row(policy_id, Bound.NONE_SINCE, begin, observed_at))
        if logins.failed_at is not None:
            failed_at = min(logins.failed_at, observed_at)
            rows.append(_row(policy_id, Bound.FAILED, failed_at, observed_at, logins.words))
    return tuple(rows)


def _row(
    policy_id: str, bound: Bound, moment: datetime, observed_at: datetime, note: str = ""
) -> Evidence:
    return Evidence(policy_id, bound, moment, Source.LOGIN_AUDIT, observed_at, note)
