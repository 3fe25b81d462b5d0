"""The people, reports and records of the golden texts, and a desk that says them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from monitor.core.message import Message
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from tests.core.alert_builders import Desk
from tests.core.builders import (
    NETSUITE_URL,
    NOW,
    US,
    a_bad_text,
    a_risk,
    a_workspace,
    an_exposed_report,
    at,
)

VOICE = Voice(
    zone=ZoneInfo("America/New_York"),
    names={US: "Acme US"},
    read_at=NOW,
    experiences={US: "new"},
)
DANA = an_exposed_report(
    "R-1041",
    name="Boston offsite",
    submitter="dana.lee@acme.example",
    lines=3,
    total_lines=14,
    bad_texts=(a_bad_text(lines=3),),
)
OMAR = an_exposed_report(
    "R-1043",
    name="October travel",
    submitter="omar.haddad@acme.example",
    amount=Decimal("1300.5"),
    lines=2,
    total_lines=2,
    bad_texts=(a_bad_text(lines=2),),
)
INES = an_exposed_report(
    "R-1050",
    name="Client dinner",
    submitter="ines.costa@acme.example",
    state=ReportState.SUBMITTED,
    amount=Decimal(224),
    waiting_since=at("09:30", day=23),
)
JONAS = an_exposed_report(
    "R-1051",
    name="Taxi",
    submitter="jonas.weber@acme.example",
    state=ReportState.OPEN,
    amount=Decimal("35.75"),
    waiting_since=at("11:30"),
)
PRIYA = an_exposed_report(
    "R-1060",
    name="London visit",
    submitter="priya.nair@acme.example",
    amount=Decimal(610),
    currency="GBP",
)


def marketing(*reports: ExposedReport, **fields: Any) -> Risk:
    """The class Marketing was inactivated; the remedy is the program's own."""
    return _cured(a_risk(*reports, **fields))


def events(*reports: ExposedReport, **fields: Any) -> Risk:
    """The class Events is active again, and Expensify does not know it."""
    name = "Sales : Events"
    said = {
        "ref": Ref("class", "13"),
        "full_name": name,
        "cause": Cause.EDITED_SINCE_SYNC,
        "certainty": Certainty.LIKELY,
        "what_changed": f"class “{name}” was reactivated",
        "changed_by": None,
    }
    coded = [replace(report, bad_texts=(a_bad_text(name),)) for report in reports]
    return _cured(a_risk(*coded, **{**said, **fields}))


def _cured(risk: Risk) -> Risk:
    case = Case(
        risk.cause,
        risk.imported,
        risk.ref,
        risk.full_name,
        a_workspace(),
        risk.reports,
        NETSUITE_URL,
    )
    return replace(risk, remedy=remedy_for(case))


def failed(report: ExposedReport) -> ExposedReport:
    return replace(report, has_failed=True)


def draft(report: ExposedReport) -> ExposedReport:
    return replace(report, state=ReportState.OPEN)


def opened(*risks: Risk, voice: Voice = VOICE) -> Desk:
    """An alert of these risks was posted just now."""
    desk = Desk(voice=voice)
    desk.cycle(*risks)
    return desk


def said(desk: Desk, reason: str, method: str) -> Message:
    """The only letter of this reason that went this way."""
    (letter,) = [
        letter
        for letter in desk.letters
        if (letter.reason.code, letter.method.value) == (reason, method)
    ]
    return letter.message
