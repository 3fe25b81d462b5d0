"""The words of every kind of message, whole, as people read them.

After a change of the words: WRITE_GOLDEN=1 pytest -n 0 tests/core/test_message_golden.py
writes the texts anew; read the difference as somebody in finance who never saw this program.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.core.alerts import Endings, Sight, SourceFreshness, UnsureView
from monitor.core.lost import AcceptedList, LostList
from monitor.core.message.plain import as_text
from monitor.core.message.thread import sample_message
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from monitor.core.sync import Imported
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
    hours,
)

GOLDEN = Path(__file__).parent / "golden"
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


def said(desk: Desk, reason: str, method: str) -> str:
    """The words of the only letter of this reason that went this way."""
    (letter,) = [
        letter
        for letter in desk.letters
        if (letter.reason.code, letter.method.value) == (reason, method)
    ]
    return as_text(letter.message)


def opened_certain() -> str:
    return opened(marketing(DANA, OMAR, INES)).said()


def opened_likely() -> str:
    return opened(events(DANA, OMAR)).said()


def opened_mixed() -> str:
    return opened(marketing(DANA, JONAS), events(OMAR, INES)).said()


def opened_not_yet_approved() -> str:
    return opened(marketing(INES, JONAS)).said()


def opened_deleted_and_long_ago() -> str:
    risk = marketing(
        replace(DANA, state=ReportState.REIMBURSED),
        cause=Cause.DELETED,
        imported=Imported.UNKNOWN,
        import_sentence="it was so when the monitor began, and no sync since then is known",
        what_changed="",
        since=None,
        changed_by=None,
    )
    return opened(risk).said()


def opened_outside_subsidiary() -> str:
    risk = marketing(
        DANA,
        cause=Cause.OUTSIDE_SUBSIDIARY,
        imported=Imported.UNKNOWN,
        import_sentence="cannot tell whether Expensify has seen it; Sync to be sure",
        what_changed="class “Sales : Marketing” was edited: its subsidiaries",
    )
    return opened(risk).said()


def opened_report_field() -> str:
    bad = a_bad_text("Commercial", lines=14, place="report_field:Department")
    risk = marketing(
        replace(DANA, lines=14, bad_texts=(bad,)),
        ref=Ref("department", "1"),
        full_name="Commercial",
        what_changed="department “Commercial” was inactivated",
    )
    return opened(risk).said()


def opened_two_currencies() -> str:
    return opened(marketing(DANA, OMAR, PRIYA)).said()


def opened_twelve_reports() -> str:
    reports = [replace(DANA, report_id=f"R-{number}") for number in range(2001, 2013)]
    return opened(marketing(*reports)).said()


def opened_five_classes() -> str:
    names = [f"Sales : Region {number}" for number in range(1, 6)]
    risks = [
        marketing(
            replace(DANA, report_id=f"R-{number}", bad_texts=(a_bad_text(name, lines=3),)),
            ref=Ref("class", str(number)),
            full_name=name,
            what_changed=f"class “{name}” was inactivated",
        )
        for number, name in enumerate(names, 3001)
    ]
    return opened(*risks).said()


def opened_with_masked_people() -> str:
    return opened(marketing(DANA, OMAR), voice=replace(VOICE, mask_people=True)).said()


def joined() -> str:
    desk = opened(marketing(DANA))
    desk.cycle(marketing(DANA), events(OMAR))
    return said(desk, "joined", "edit")


def changed_after_a_sync() -> str:
    desk = opened(marketing(DANA, OMAR))
    shows = "Expensify's own list shows what NetSuite has now"
    desk.cycle(marketing(DANA, OMAR, imported=Imported.YES, import_sentence=shows))
    return said(desk, "changed", "edit")


def changed_one_failed() -> str:
    desk = opened(marketing(DANA, OMAR, INES))
    desk.cycle(marketing(failed(DANA), OMAR, INES))
    return said(desk, "changed", "edit")


def changed_all_failed() -> str:
    desk = opened(marketing(DANA, OMAR))
    desk.cycle(marketing(failed(DANA), failed(OMAR)))
    return said(desk, "changed", "edit")


def changed_only_the_export_is_missing() -> str:
    desk = opened(marketing(failed(DANA), OMAR))
    back = "it is active again in NetSuite"
    desk.cycle(endings=Endings({marketing().fingerprint: back}, still_failed={"R-1041"}))
    return said(desk, "changed", "edit")


def _blind_desk() -> Desk:
    desk = opened(marketing(DANA))
    error = "NetSuite refused the sign-in (HTTP 401): the certificate may have expired, renew it"
    source = SourceFreshness("netsuite", at("11:45"), at("12:00"), error, is_permanent=True)
    desk.cycle(sight=Sight(sources=(source,)), is_read=False)
    return desk


def blind_parent() -> str:
    return said(_blind_desk(), "blind", "edit")


def blind_reply() -> str:
    return said(_blind_desk(), "blind", "reply")


def blind_on_its_own() -> str:
    desk = Desk(voice=VOICE)
    why = "the role may not see classes: grant Lists > Classes"
    expensify = SourceFreshness("expensify", at("09:00"), at("09:15"), "Expensify answers HTTP 500")
    sight = Sight(
        sources=(expensify,),
        blind_kinds=(("class", why),),
        unsure_policies=(UnsureView(US, "the role sees 2 subsidiaries, not 5 as before"),),
    )
    desk.cycle(sight=sight, is_read=False)
    return said(desk, "blind", "post")


def sighted_reply() -> str:
    desk = _blind_desk()
    desk.cycle(marketing(DANA), after=hours(2))
    return said(desk, "sighted", "reply")


def _recoded() -> Desk:
    desk = opened(marketing(DANA, OMAR, INES))
    left = "R-1041, R-1050 were recoded; R-1043 was exported to NetSuite"
    how = f"no pending report uses it any more: {left}"
    endings = Endings({marketing().fingerprint: how})
    desk.cycle(marketing(reports=()), endings=endings, after=timedelta(hours=2.5))
    return desk


def resolved_parent() -> str:
    return said(_recoded(), "resolved", "edit")


def resolved_reply() -> str:
    return said(_recoded(), "resolved", "reply")


def resolved_only_watched_again() -> str:
    desk = opened(marketing(DANA, OMAR))
    desk.cycle(marketing(draft(DANA), draft(OMAR)), after=hours(2))
    return said(desk, "resolved", "edit")


def resolved_after_failures() -> str:
    desk = opened(marketing(failed(DANA), failed(OMAR)))
    how = "no pending report uses it any more: R-1041, R-1043 were exported to NetSuite"
    desk.cycle(endings=Endings({marketing().fingerprint: how}), after=hours(49))
    return said(desk, "resolved", "edit")


def resolved_one_of_two() -> str:
    desk = opened(marketing(DANA), events(OMAR))
    how = "Expensify has imported the change"
    desk.cycle(marketing(DANA), endings=Endings({events().fingerprint: how}))
    return said(desk, "resolved", "reply")


def _unknown_for_a_day() -> Desk:
    unknown = {"imported": Imported.UNKNOWN, "import_sentence": "cannot tell; Sync to be sure"}
    desk = opened(events(DANA, OMAR, **unknown))
    desk.cycle(
        events(DANA, OMAR, certainty=Certainty.POSSIBLE, **unknown), after=timedelta(hours=27)
    )
    return desk


def uncertain_reply() -> str:
    return said(_unknown_for_a_day(), "uncertain", "reply")


def uncertain_parent() -> str:
    return said(_unknown_for_a_day(), "uncertain", "edit")


CLASSES = LostList(US, "tag:1", ("class",), 38, 40, at("14:00"), at("14:15"))
TEAMS = LostList(
    US, "report_field:Team", ("department", "location"), 61, 61, at("14:00"), at("14:15")
)


def lost(*lists: LostList, experience: str = "new") -> Desk:
    """Expensify has just lost these lists."""
    desk = Desk(voice=replace(VOICE, experiences={US: experience}))
    desk.cycle(sight=Sight(is_whole=True, lost_lists=lists))
    return desk


def lost_one_list() -> str:
    return lost(CLASSES).said()


def lost_two_lists_classic() -> str:
    return lost(CLASSES, TEAMS, experience="classic").said()


def lost_and_back() -> str:
    desk = lost(CLASSES)
    desk.cycle(after=hours(3))
    return said(desk, "resolved", "edit")


def lost_and_accepted() -> str:
    desk = lost(CLASSES, TEAMS)
    words = tuple(
        AcceptedList(US, one.place, one.missed_at, "Dana Lee") for one in (CLASSES, TEAMS)
    )
    desk.cycle(sight=Sight(is_whole=True, accepted_lists=words), after=hours(3))
    return said(desk, "resolved", "edit")


def sample() -> str:
    return as_text(sample_message(VOICE, now=NOW))


TEXTS: tuple[Callable[[], str], ...] = (
    opened_certain,
    opened_likely,
    opened_mixed,
    opened_not_yet_approved,
    opened_deleted_and_long_ago,
    opened_outside_subsidiary,
    opened_report_field,
    opened_two_currencies,
    opened_twelve_reports,
    opened_five_classes,
    opened_with_masked_people,
    joined,
    changed_after_a_sync,
    changed_one_failed,
    changed_all_failed,
    changed_only_the_export_is_missing,
    blind_parent,
    blind_reply,
    blind_on_its_own,
    sighted_reply,
    resolved_parent,
    resolved_reply,
    resolved_only_watched_again,
    resolved_after_failures,
    resolved_one_of_two,
    uncertain_parent,
    uncertain_reply,
    lost_one_list,
    lost_two_lists_classic,
    lost_and_back,
    lost_and_accepted,
    sample,
)


@pytest.mark.parametrize("text", [pytest.param(text, id=text.__name__) for text in TEXTS])
def test_the_words_are_the_golden_ones(text: Callable[[], str]) -> None:
    file = GOLDEN / f"{text.__name__}.txt"
    words = f"{text()}\n"
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(words)
    assert words == file.read_text()


def test_every_golden_text_is_compared() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == {text.__name__ for text in TEXTS}
