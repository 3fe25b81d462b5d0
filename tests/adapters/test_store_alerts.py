"""What stands and what was told: risks with their fate, alerts, letters, sources and settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.outbox import CAME_AND_WENT, Delivery, Envelope, Standing
from monitor.core.alerts import (
    Alert,
    Letter,
    Memory,
    Method,
    Outcome,
    Reason,
    RiskState,
    SourceFreshness,
    TrackedRisk,
)
from monitor.core.alerts.overlays import Overlay, Sort
from monitor.core.alerts.values import Told
from monitor.core.message import Message, Section, Tone
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty, Remedy, RemedyCode, Risk
from monitor.core.sync import Imported
from tests.adapters.store_memory import in_memory, moment
from tests.adapters.test_store_expensify import US


def a_risk(record_id: str = "12", **fields: Any) -> Risk:
    """A class that is inactive."""
    return Risk(
        **{
            "policy_id": US,
            "ref": Ref("class", record_id),
            "full_name": "Sales : Marketing",
            "cause": Cause.INACTIVE,
            "certainty": Certainty.CERTAIN,
            "likely_code": "NS0831",
            "imported": Imported.NO,
            "import_sentence": "the last known sync was before it",
            "remedy": Remedy(RemedyCode.SYNC_AND_RECODE, "partly", ("Recode", "Sync")),
            **fields,
        }
    )


def tracked(record_id: str = "12", **fields: Any) -> TrackedRisk:
    """An open risk."""
    return TrackedRisk(
        **{
            "risk": a_risk(record_id),
            "state": RiskState.OPEN,
            "opened_at": moment(1),
            "alert_id": 1,
            **fields,
        }
    )


def an_alert(alert_id: int = 1, **fields: Any) -> Alert:
    """An open alert."""
    return Alert(**{"alert_id": alert_id, "policy_id": US, "opened_at": moment(1), **fields})


SOMETHING_TOLD = Told(
    certainty={"P1:class:12": Certainty.LIKELY},
    remedies={"P1:class:12": RemedyCode.SYNC_AND_RECODE},
    is_approved=True,
    failed=frozenset({"R2", "R1"}),
    approved=3,
    doubled_at=moment(1),
)


def a_letter(key: str = "a1-opened", **fields: Any) -> Letter:
    """A letter that opens alert 1."""
    message = Message(Tone.AT_RISK, "Acme US: 1 report", (Section("", ("Class “Ads”",)),))
    return Letter(key, Reason.OPENED, Method.POST, 1, message)._replace(**fields)


def _decided(store: Store, at: int = 1, **outcome: Any) -> None:
    with store.immediate():
        store.alerts.apply(Outcome(**outcome), moment(at))


# Risks and alerts


def test_nothing_is_remembered_at_first() -> None:
    assert in_memory().alerts.memory(moment(9)) == Memory((), (), 1)


def test_what_was_decided_is_remembered_as_it_was() -> None:
    store = in_memory()
    risks = (
        tracked("12"),
        tracked("13", state=RiskState.BLIND, risk=a_risk("13", since=moment(1))),
        tracked("14", state=RiskState.WATCH, alert_id=None, ended="its reports were recoded"),
    )
    blind = {"blind_since": moment(2), "blind_about": ("NetSuite", "Acme’s “classes”")}
    alerts = (
        an_alert(1, shown="digest", told=SOMETHING_TOLD, **blind),
        an_alert(2, policy_id=""),
    )
    _decided(store, tracked=risks, alerts=alerts)
    assert store.alerts.memory(moment(9)) == Memory(risks, alerts, next_alert_id=3)
    assert store.alerts.tracked() == risks
    assert store.alerts.open() == alerts


def test_a_later_decision_replaces_the_earlier_one() -> None:
    store = in_memory()
    _decided(store, tracked=(tracked(),), alerts=(an_alert(),))
    later = tracked(state=RiskState.WATCH, risk=a_risk(certainty=Certainty.POSSIBLE))
    told = an_alert(
        shown="other",
        blind_since=moment(2),
        blind_about=("NetSuite",),
        told=SOMETHING_TOLD,
    )
    _decided(store, tracked=(later,), alerts=(told,))
    assert store.alerts.memory(moment(9)) == Memory((later,), (told,), next_alert_id=2)


def test_resolved_risks_are_remembered_as_long_as_their_alert_is_open() -> None:
    store = in_memory()
    _decided(store, tracked=(tracked("12"), tracked("13")), alerts=(an_alert(),))
    ended = {"state": RiskState.RESOLVED, "resolved_at": moment(2), "ended": "reactivated"}
    _decided(store, tracked=(tracked("12", **ended),))
    assert store.alerts.memory(moment(9)).tracked == (tracked("12", **ended), tracked("13"))
    assert store.alerts.tracked() == (tracked("13"),)
    closed = an_alert(closed_at=moment(2), told=SOMETHING_TOLD)
    _decided(store, tracked=(tracked("13", **ended),), alerts=(closed,))
    recent = (tracked("12", **ended), tracked("13", **ended))
    a_week_later = moment(2) + timedelta(days=7)
    for now in (moment(2), a_week_later):
        assert store.alerts.memory(now) == Memory(
            next_alert_id=2, unheard=frozenset({1}), recent=recent, closed=(closed,)
        )
    later = a_week_later + timedelta(milliseconds=1)
    assert store.alerts.memory(later) == Memory(next_alert_id=2)


def test_a_risk_that_comes_again_begins_another_life() -> None:
    store = in_memory()
    first = tracked(state=RiskState.RESOLVED, resolved_at=moment(2), ended="reactivated")
    again = tracked(opened_at=moment(3), alert_id=2)
    _decided(store, tracked=(first,), alerts=(an_alert(),))
    _decided(store, tracked=(again,), alerts=(an_alert(2),))
    assert store.alerts.tracked() == (again,)
    assert store.alerts.memory(moment(9)).tracked == (first, again)


def test_a_decision_that_is_not_committed_told_nobody() -> None:
    store = in_memory()
    with pytest.raises(ZeroDivisionError), store.immediate():
        store.alerts.apply(Outcome((tracked(),), (an_alert(),), (a_letter(),)), moment(1))
        raise ZeroDivisionError
    assert store.alerts.memory(moment(9)) == Memory((), (), 1)
    assert store.outbox.undelivered() == ()


# The outbox


def _promised(store: Store, *letters: Letter, at: int = 1) -> tuple[Envelope, ...]:
    _decided(store, at, alerts=(an_alert(1), an_alert(2)), letters=letters)
    return store.outbox.undelivered()


def test_letters_wait_in_the_order_they_were_promised() -> None:
    store = in_memory()
    letters = (
        a_letter("b", method=Method.REPLY, is_broadcast=True),
        a_letter("a", alert_id=None, is_urgent=True),
    )
    (first, second) = _promised(store, *letters)
    assert (first, second) == (
        Envelope(first.row, letters[0], "queued", 0, moment(1), moment(1)),
        Envelope(second.row, letters[1], "queued", 0, moment(1), moment(1)),
    )
    assert first.row < second.row


def test_what_was_promised_once_is_not_promised_again() -> None:
    store = in_memory()
    (waiting,) = _promised(store, a_letter())
    assert _promised(store, a_letter(reason=Reason.CHANGED), at=2) == (waiting,)
    store.outbox.sending(waiting.row)
    store.outbox.sent(waiting.row, moment(2), Standing("C1", "1.1"), method=Method.POST)
    assert _promised(store, a_letter(), at=3) == ()


def test_a_letter_goes_from_queued_over_sending_to_sent() -> None:
    store = in_memory()
    (waiting,) = _promised(store, a_letter())
    assert store.outbox.delivery() == Delivery(1, 0, "", None)
    store.outbox.sending(waiting.row)
    assert store.outbox.undelivered() == (waiting._replace(state="sending", attempts=1),)
    assert store.outbox.delivery() == Delivery(1, 0, "", None)
    store.outbox.sent(waiting.row, moment(3), Standing("C1", "1700.01"), method=Method.POST)
    assert store.outbox.undelivered() == ()
    assert store.outbox.delivery() == Delivery(0, 0, "", moment(3))


def test_a_letter_that_was_not_taken_is_tried_again_later() -> None:
    store = in_memory()
    (waiting,) = _promised(store, a_letter())
    for attempt in (1, 2):
        store.outbox.sending(waiting.row)
        store.outbox.again(waiting.row, moment(2 + attempt), "Slack is down")
        later = waiting._replace(attempts=attempt, next_attempt_at=moment(2 + attempt))
        assert store.outbox.undelivered() == (later,)
        assert store.outbox.delivery() == Delivery(1, 0, "Slack is down", None)
    store.outbox.sending(waiting.row)
    store.outbox.sent(waiting.row, moment(5), Standing("C1", "1.1"), method=Method.POST)
    assert store.outbox.delivery() == Delivery(0, 0, "", moment(5))


def test_a_refused_letter_is_dead_and_a_dropped_one_forgotten() -> None:
    store = in_memory()
    (refused, *outdone) = _promised(store, a_letter("a"), a_letter("b"), a_letter("c"))
    store.outbox.dead(refused.row, "channel_not_found")
    for letter in outdone:
        store.outbox.dropped(letter.row, "a newer letter says it", moment(2))
    assert store.outbox.undelivered() == ()
    assert store.outbox.delivery() == Delivery(0, 1, "channel_not_found", None)


def test_a_parent_stands_where_the_last_post_was_sent() -> None:
    store = in_memory()
    assert store.outbox.parent_of(1) is None
    letters = [
        a_letter("1", alert_id=2),
        a_letter("2"),
        a_letter("3", method=Method.REPLY),
        a_letter("4", method=Method.EDIT),
        a_letter("5"),
    ]
    for number, envelope in enumerate(_promised(store, *letters)[:4], 1):
        store.outbox.sent(
            envelope.row,
            moment(number),
            Standing("C1", f"{number}.0"),
            method=envelope.letter.method,
        )
    assert store.outbox.parent_of(1) == Standing("C1", "2.0")
    assert store.outbox.parent_of(2) == Standing("C1", "1.0")
    assert store.outbox.parent_of(None) is None
    assert store.outbox.last_touch_of(1) == moment(4)
    assert store.outbox.last_touch_of(2) == moment(1)
    assert store.outbox.last_touch_of(3) is None
    assert store.outbox.last_touch_of(None) is None


def test_an_edit_that_became_a_post_is_the_new_parent() -> None:
    store = in_memory()
    (first, edit) = _promised(store, a_letter("1"), a_letter("2", method=Method.EDIT))
    store.outbox.sent(first.row, moment(1), Standing("C1", "1.0"), method=Method.POST)
    store.outbox.sent(edit.row, moment(2), Standing("C1", "2.0"), method=Method.POST)
    assert store.outbox.parent_of(1) == Standing("C1", "2.0")


# What was told of an alert, and when


def _sends(store: Store, *letters: Letter, at: int) -> None:
    """Letters that are promised and sent at the moment."""
    for envelope in _promised(store, *letters, at=at):
        standing = Standing("C1", f"{envelope.row}.0")
        store.outbox.sent(envelope.row, moment(at), standing, method=envelope.letter.method)


def a_reply(key: str, reason: Reason = Reason.REMINDER, **fields: Any) -> Letter:
    """A reply in the thread of alert 1."""
    return a_letter(key, reason=reason, method=Method.REPLY, **fields)


def _told(store: Store) -> tuple[dict[int, Any], dict[int, int]]:
    memory = store.alerts.memory(moment(9))
    return dict(memory.last_told), dict(memory.reminders)


def test_what_people_notice_was_told_and_an_edit_they_do_not() -> None:
    store = in_memory()
    _sends(store, a_letter("1"), a_letter("2", alert_id=2), at=1)
    _sends(store, a_reply("3", Reason.BLIND), at=2)
    _sends(store, a_letter("4", method=Method.EDIT), at=3)
    assert _told(store) == ({1: moment(2), 2: moment(1)}, {})
    _decided(store, alerts=(an_alert(closed_at=moment(4)),))
    assert _told(store) == ({2: moment(1)}, {}), "a closed alert reminds nobody"


def test_reminders_are_counted_since_the_last_other_news() -> None:
    store = in_memory()
    _sends(store, a_letter("1"), a_letter("2", alert_id=2), at=1)
    _sends(store, a_reply("r1"), at=2)
    _sends(store, a_letter("e", method=Method.EDIT, reason=Reason.CHANGED), at=3)
    _sends(store, a_reply("r2"), a_reply("other", alert_id=2), at=4)
    assert _told(store) == ({1: moment(4), 2: moment(4)}, {1: 2, 2: 1})
    _sends(store, a_reply("worse", Reason.WORSE), at=5)
    assert _told(store) == ({1: moment(5), 2: moment(4)}, {2: 1})


def test_what_waits_is_about_to_be_told_and_what_is_dead_or_dropped_never_was() -> None:
    store = in_memory()
    _sends(store, a_letter("1"), at=1)
    (waits, refused, outdone) = _promised(
        store, a_reply("r1"), a_reply("r2", alert_id=2), a_reply("r3", alert_id=2), at=2
    )
    store.outbox.dead(refused.row, "msg_too_long")
    store.outbox.dropped(outdone.row, "a newer letter says it", moment(2))
    assert _told(store) == ({1: moment(9)}, {})
    store.outbox.sending(waits.row)
    assert _told(store) == ({1: moment(9)}, {})


def test_a_closed_alert_is_unheard_if_nothing_of_it_ever_stood() -> None:
    store = in_memory()
    ended = {"state": RiskState.RESOLVED, "resolved_at": moment(2), "ended": "reactivated"}
    risks = (tracked("12", **ended), tracked("13", alert_id=2, **ended))
    _decided(store, tracked=risks, alerts=(an_alert(1), an_alert(2)))
    _sends(store, a_letter("1"), at=1)
    (waits,) = _promised(store, a_letter("2", alert_id=2))
    _decided(store, alerts=(an_alert(1, closed_at=moment(2)), an_alert(2, closed_at=moment(2))))
    assert store.alerts.memory(moment(9)).unheard == frozenset(), "it still may"
    store.outbox.dropped(waits.row, CAME_AND_WENT, moment(3))
    assert store.alerts.memory(moment(9)).unheard == {2}


def test_an_open_alert_is_unshown_while_the_last_it_should_show_is_refused() -> None:
    def unshown() -> frozenset[int]:
        return store.alerts.memory(moment(9)).unshown

    def an_edit(key: str) -> Letter:
        return a_letter(key, reason=Reason.WORSE, method=Method.EDIT)

    store = in_memory()
    _sends(store, a_letter("1"), at=1)
    (edit, reply) = _promised(store, an_edit("2"), a_reply("3"), at=2)
    assert unshown() == frozenset(), "it waits"
    store.outbox.dead(reply.row, "msg_too_long")
    assert unshown() == frozenset(), "a reply shows nothing"
    store.outbox.dead(edit.row, "not_in_channel", "not_in_channel")
    assert unshown() == {1}
    (again,) = _promised(store, an_edit("4"))
    assert unshown() == frozenset()
    store.outbox.dropped(again.row, "a newer letter says it", moment(3))
    assert unshown() == {1}, "what was left out shows nothing"
    _sends(store, an_edit("5"), at=4)
    assert unshown() == frozenset()
    (refused,) = _promised(store, an_edit("6"), at=5)
    store.outbox.dead(refused.row, "not_in_channel", "not_in_channel")
    _decided(store, alerts=(an_alert(closed_at=moment(6)),))
    assert unshown() == frozenset(), "nobody edits what is over"


def test_overlays_that_no_longer_hold_are_lifted_with_what_was_decided() -> None:
    store = in_memory()
    overlay = store.overlays.add(
        Overlay(0, Sort.SNOOZE, "Dana", "", moment(1), fingerprint="f", is_until_worse=True)
    )
    _decided(store, 2, lifted=(overlay.overlay_id,))
    assert store.overlays.all() == (replace(overlay, lifted_at=moment(2)),)


def test_what_came_and_went_is_counted_by_alert_from_the_moment_it_was_found() -> None:
    store = in_memory()
    letters = [a_letter("1"), a_reply("2"), a_letter("3", alert_id=2), a_letter("4", alert_id=2)]
    for envelope in _promised(store, *letters):
        is_last = envelope.letter.key == "4"
        why = "a newer letter says it" if is_last else CAME_AND_WENT
        store.outbox.dropped(envelope.row, why, moment(envelope.letter.alert_id or 0))
    assert store.digests.came_and_went_since(moment(1)) == 2
    assert store.digests.came_and_went_since(moment(2)) == 1
    assert store.digests.came_and_went_since(moment(3)) == 0


def test_what_was_sent_is_counted_from_a_moment_on() -> None:
    store = in_memory()
    _sends(store, a_letter("1"), a_letter("2", alert_id=2), at=1)
    _sends(store, a_letter("3"), at=2)
    _promised(store, a_letter("4"), at=3)
    assert [store.digests.sent_since(moment(at)) for at in (1, 2, 3)] == [3, 1, 0]


# Sources


def test_a_source_that_was_never_tried_is_not_fresh() -> None:
    assert in_memory().sources.freshness("netsuite") == SourceFreshness("netsuite")


def test_the_first_of_several_failures_is_kept_and_the_last_error() -> None:
    sources = in_memory().sources
    sources.good("netsuite", moment(1))
    sources.good("expensify", moment(1))
    sources.failed("netsuite", moment(2), "HTTP 503", is_permanent=False)
    sources.failed("netsuite", moment(3), "HTTP 403", is_permanent=True)
    assert sources.freshness("netsuite") == SourceFreshness(
        "netsuite", moment(1), moment(2), "HTTP 403", is_permanent=True
    )
    assert sources.freshness("expensify") == SourceFreshness("expensify", moment(1))
    sources.good("netsuite", moment(4))
    assert sources.freshness("netsuite") == SourceFreshness("netsuite", moment(4))


def test_a_source_may_fail_before_it_ever_was_good() -> None:
    sources = in_memory().sources
    sources.failed("netsuite", moment(1), "HTTP 401", is_permanent=True)
    assert sources.freshness("netsuite") == SourceFreshness(
        "netsuite", None, moment(1), "HTTP 401", is_permanent=True
    )


# Settings


def test_the_settings_are_those_of_the_last_cycle_and_kept_when_they_change() -> None:
    store = in_memory()
    assert store.settings.load() is None
    settings = {"account": "1234567_SB1", "every": 900, "lists": ("class", "Ä"), "workspace": [{}]}
    for number in (1, 2, 3):
        store.settings.save(settings, moment(number))
        assert store.settings.load() == {**settings, "lists": ["class", "Ä"]}
    store.settings.save({**settings, "every": 60}, moment(4))
    assert store.settings.load() == {**settings, "lists": ["class", "Ä"], "every": 60}
    assert store._db.execute("select count(*) from settings").fetchone() == (2,)


def test_the_settings_of_an_earlier_cycle_are_known_by_its_moment() -> None:
    store = in_memory()
    store.settings.save({"every": 900}, moment(2))
    store.settings.save({"every": 60}, moment(5))
    assert [store.settings.load(as_of=moment(number)) for number in (1, 2, 4, 5)] == [
        None,
        {"every": 900},
        {"every": 900},
        {"every": 60},
    ]
