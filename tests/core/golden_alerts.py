"""Golden texts of alerts: opened, changed, blind, resolved, uncertain, lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from monitor.core.alerts import Endings, Sight, SourceFreshness, UnsureView
from monitor.core.lost import AcceptedList, LostList
from monitor.core.message import Message
from monitor.core.message.thread import sample_message
from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported
from tests.core.alert_builders import Desk
from tests.core.builders import (
    NOW,
    US,
    a_bad_text,
    at,
    hours,
)
from tests.core.golden_builders import (
    DANA,
    INES,
    JONAS,
    OMAR,
    PRIYA,
    VOICE,
    draft,
    events,
    failed,
    marketing,
    opened,
    said,
)


def opened_certain() -> Message:
    return opened(marketing(DANA, OMAR, INES)).letters[0].message


def opened_likely() -> Message:
    return opened(events(DANA, OMAR)).letters[0].message


def opened_mixed() -> Message:
    return opened(marketing(DANA, JONAS), events(OMAR, INES)).letters[0].message


def opened_not_yet_approved() -> Message:
    return opened(marketing(INES, JONAS)).letters[0].message


def opened_deleted_and_long_ago() -> Message:
    risk = marketing(
        replace(DANA, state=ReportState.REIMBURSED),
        cause=Cause.DELETED,
        imported=Imported.UNKNOWN,
        import_sentence="it was so when the monitor began, and no sync since then is known",
        what_changed="",
        since=None,
        changed_by=None,
    )
    return opened(risk).letters[0].message


def opened_outside_subsidiary() -> Message:
    risk = marketing(
        DANA,
        cause=Cause.OUTSIDE_SUBSIDIARY,
        imported=Imported.UNKNOWN,
        import_sentence="cannot tell whether Expensify has seen it; Sync to be sure",
        what_changed="class “Sales : Marketing” was edited: its subsidiaries",
    )
    return opened(risk).letters[0].message


def opened_report_field() -> Message:
    bad = a_bad_text("Commercial", lines=14, place="report_field:Department")
    risk = marketing(
        replace(DANA, lines=14, bad_texts=(bad,)),
        ref=Ref("department", "1"),
        full_name="Commercial",
        what_changed="department “Commercial” was inactivated",
    )
    return opened(risk).letters[0].message


def opened_two_currencies() -> Message:
    return opened(marketing(DANA, OMAR, PRIYA)).letters[0].message


def opened_twelve_reports() -> Message:
    reports = [replace(DANA, report_id=f"R-{number}") for number in range(2001, 2013)]
    return opened(marketing(*reports)).letters[0].message


def opened_twelve_reports_listed() -> Message:
    reports = [replace(DANA, report_id=f"R-{number}") for number in range(2001, 2013)]
    return said(opened(marketing(*reports)), "opened", "reply")


def opened_five_classes() -> Message:
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
    return opened(*risks).letters[0].message


def opened_with_masked_people() -> Message:
    return opened(marketing(DANA, OMAR), voice=replace(VOICE, mask_people=True)).letters[0].message


def joined() -> Message:
    desk = opened(marketing(DANA))
    desk.cycle(marketing(DANA), events(OMAR))
    return said(desk, "joined", "edit")


def changed_after_a_sync() -> Message:
    desk = opened(marketing(DANA, OMAR))
    shows = "Expensify's own list shows what NetSuite has now"
    desk.cycle(marketing(DANA, OMAR, imported=Imported.YES, import_sentence=shows))
    return said(desk, "changed", "edit")


def failed_one_failed() -> Message:
    desk = opened(marketing(DANA, OMAR, INES))
    desk.cycle(marketing(failed(DANA), OMAR, INES))
    return said(desk, "failed_for_real", "edit")


def failed_all_failed() -> Message:
    desk = opened(marketing(DANA, OMAR))
    desk.cycle(marketing(failed(DANA), failed(OMAR)))
    return said(desk, "failed_for_real", "edit")


def changed_only_the_export_is_missing() -> Message:
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


def blind_parent() -> Message:
    return said(_blind_desk(), "blind", "edit")


def blind_reply() -> Message:
    return said(_blind_desk(), "blind", "reply")


def blind_on_its_own() -> Message:
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


def sighted_reply() -> Message:
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


def resolved_parent() -> Message:
    return said(_recoded(), "resolved", "edit")


def resolved_reply() -> Message:
    return said(_recoded(), "resolved", "reply")


def resolved_only_watched_again() -> Message:
    desk = opened(marketing(DANA, OMAR))
    desk.cycle(marketing(draft(DANA), draft(OMAR)), after=hours(2))
    return said(desk, "resolved", "edit")


def resolved_after_failures() -> Message:
    desk = opened(marketing(failed(DANA), failed(OMAR)))
    how = "no pending report uses it any more: R-1041, R-1043 were exported to NetSuite"
    desk.cycle(endings=Endings({marketing().fingerprint: how}), after=hours(49))
    return said(desk, "resolved", "edit")


def resolved_one_of_two() -> Message:
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


def uncertain_reply() -> Message:
    return said(_unknown_for_a_day(), "uncertain", "reply")


def uncertain_parent() -> Message:
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


def lost_one_list() -> Message:
    return lost(CLASSES).letters[-1].message


def lost_two_lists_classic() -> Message:
    return lost(CLASSES, TEAMS, experience="classic").letters[-1].message


def lost_and_back() -> Message:
    desk = lost(CLASSES)
    desk.cycle(after=hours(3))
    return said(desk, "resolved", "edit")


def lost_and_accepted() -> Message:
    desk = lost(CLASSES, TEAMS)
    words = tuple(
        AcceptedList(US, one.place, one.missed_at, "Dana Lee") for one in (CLASSES, TEAMS)
    )
    desk.cycle(sight=Sight(is_whole=True, accepted_lists=words), after=hours(3))
    return said(desk, "resolved", "edit")


def sample() -> Message:
    return sample_message(VOICE, now=NOW)


MESSAGES: tuple[Callable[[], Message], ...] = (
    opened_certain,
    opened_likely,
    opened_mixed,
    opened_not_yet_approved,
    opened_deleted_and_long_ago,
    opened_outside_subsidiary,
    opened_report_field,
    opened_two_currencies,
    opened_twelve_reports,
    opened_twelve_reports_listed,
    opened_five_classes,
    opened_with_masked_people,
    joined,
    changed_after_a_sync,
    failed_one_failed,
    failed_all_failed,
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
