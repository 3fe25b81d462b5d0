"""NetSuite's login audit: when Expensify's integration last logged in, and since when it fails."""

from __future__ import annotations

from datetime import datetime

from monitor.adapters.netsuite.numbers import moment
from monitor.adapters.netsuite.suiteql import Refused, Row, SuiteQL
from monitor.core.logins import Logins
from monitor.errors import SourceError

_UTC = "SYS_EXTRACT_UTC({0})"
_FORM = "'YYYY-MM-DD HH24:MI:SS'"
_SHOWN = 'TO_CHAR(SYS_EXTRACT_UTC({0}),\'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
_OF_APPLICATION = (
    f"UPPER(a.oauthappname) LIKE ? AND {_UTC.format('a.date')} >= TO_TIMESTAMP(?, {_FORM})"
)
_NEWEST = (
    "SELECT a.oauthappname AS application, a.status AS status, "
    f"{_SHOWN.format('MAX(a.date)')} AS newest FROM loginaudit a WHERE {_OF_APPLICATION} "
    "GROUP BY a.oauthappname, a.status ORDER BY a.oauthappname, a.status"
)
_FIRST_FAILURE = (
    f"SELECT {_SHOWN.format('a.date')} AS failed{{detail}} FROM loginaudit a "
    f"WHERE {_OF_APPLICATION} AND a.status = 'Failure' "
    "ORDER BY a.date, a.id FETCH FIRST 1 ROWS ONLY"
)
_NOT_SHOWN = (
    "NetSuite shows the monitor's role no login audit, so Expensify's logins are no evidence "
    "(grant Setup > View Login Audit Trail)"
)
_LONGEST_WORDS = 200


def read_logins(suiteql: SuiteQL, application: str, *, since: datetime) -> Logins:
    """The logins of the integrations whose name contains `application`, since that moment.

    An audit that the role cannot read is off, never an error. Raises SourceError for the rest.
    """
    name = f"%{application.upper()}%"
    try:
        rows = suiteql.rows(_NEWEST, [name, _stamp(since)])
    except Refused:
        return Logins(detail=_NOT_SHOWN)
    try:
        return _logins(suiteql, rows, name, since, application)
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(
            f"NetSuite sent a login that the monitor cannot read: {error} is missing or odd",
            source="netsuite",
        ) from error


def _logins(
    suiteql: SuiteQL, rows: list[Row], name: str, since: datetime, application: str
) -> Logins:
    if not rows:
        return Logins(
            detail=f"NetSuite's login audit knows no integration called “{application}”, so "
            "Expensify's logins are no evidence (set expensify.netsuite_application)"
        )
    good = [_moment(row["newest"]) for row in rows if row["status"] == "Success"]
    failed = [_moment(row["newest"]) for row in rows if row["status"] == "Failure"]
    last_good_at = max(good, default=None)
    applications = tuple(sorted({str(row["application"])[:_LONGEST_WORDS] for row in rows}))
    if not failed or (last_good_at is not None and max(failed) <= last_good_at):
        return Logins(applications, last_good_at)
    first = _first_failure(suiteql, name, last_good_at or since)
    if first is None:
        return Logins(applications, last_good_at)
    words = " ".join(str(first.get("detail") or "").split())[:_LONGEST_WORDS]
    said = f"NetSuite refused the login of {', '.join(applications)}" + (words and f": {words}")
    return Logins(applications, last_good_at, _moment(first["failed"]), said)


def _first_failure(suiteql: SuiteQL, name: str, since: datetime) -> Row | None:
    """The first refusal since then; without its words where the role is not shown them."""
    params = [name, _stamp(since)]
    try:
        rows = suiteql.rows(_FIRST_FAILURE.format(detail=", a.detail AS detail"), params)
    except Refused:
        rows = suiteql.rows(_FIRST_FAILURE.format(detail=""), params)
    return rows[0] if rows else None


def _moment(text: object) -> datetime:
    told = moment(text)
    if told is None:
        raise ValueError("the moment")
    return told


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
