"""Golden texts of the summary of a day: empty, full, blind, masked, on a day of two offsets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.core.alerts import Matcher, Overlay, Sight, Sort, SourceFreshness, UnsureView
from monitor.core.digest import Digest, Hidden, OpenAlert, Post
from monitor.core.message import Message
from monitor.core.message.digest import digest_message
from monitor.core.message.self_test import with_self_test
from monitor.core.outcomes import Label, Outcome
from monitor.core.predict import BrokenDefault
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty, Risk
from tests.core.builders import NOW, US, a_risk, at, hours
from tests.core.golden_builders import DANA, JONAS, OMAR, VOICE, draft, marketing
from tests.core.golden_news import ACK

DAY = date(2026, 11, 24)
READ = Sight(
    sources=(
        SourceFreshness("netsuite", at("11:58")),
        SourceFreshness("expensify", at("11:57")),
    ),
    is_whole=True,
)
PASSED = SourceFreshness("channel", at("14:00", day=23))
FAIRS = marketing(
    draft(JONAS),
    ref=Ref("class", "14"),
    full_name="Sales : Fairs",
    what_changed="class “Sales : Fairs” was inactivated",
)


def a_digest(**fields: object) -> Digest:
    """A day on which nothing happened, and all could be read."""
    quiet = Digest(DAY, at("14:00", day=23), sight=READ, post=Post(sent=1), self_test=PASSED)
    return replace(quiet, **fields)  # type: ignore[arg-type]


def a_stale_rule(number: int, *, after: timedelta = timedelta(0)) -> Risk:
    """An employee whom somebody edited, and whose rule in Expensify still gives the old tag."""
    return a_risk(
        ref=Ref("employee", str(number)),
        full_name=f"Employee {number}",
        cause=Cause.EMPLOYEE_RULE_STALE,
        certainty=Certainty.LIKELY,
        reports=(),
        since=at("09:15") + after,
    )


def a_silence(**fields: object) -> Overlay:
    """Somebody silenced every class that is called zz-something in Acme US."""
    silence = Overlay(
        4,
        Sort.SILENCE,
        "Dana Lee",
        "they are to be deleted",
        NOW,
        expires_at=at("14:15", day=25),
        matcher=Matcher("class", "zz-*", US),
    )
    return replace(silence, **fields)  # type: ignore[arg-type]


def a_broken_default(number: int = 7, name: str = "Priya Nair") -> BrokenDefault:
    """An employee with a default that NetSuite would refuse."""
    return BrokenDefault(
        US,
        Ref("employee", str(number)),
        name,
        Ref("department", "9"),
        "Old Ventures",
        Cause.INACTIVE,
        Certainty.CERTAIN,
        has_pending_report=False,
    )


def a_full_day() -> Digest:
    """Something of everything."""
    return a_digest(
        alerts=(
            OpenAlert(3, US, at("09:15"), (marketing(DANA, OMAR),), (ACK,)),
            OpenAlert(4, US, at("10:00"), lost=("38 of 40 values vanished from Expensify",)),
        ),
        watched=(FAIRS, *(a_stale_rule(n, after=timedelta(seconds=n)) for n in range(12))),
        broken_defaults=tuple(a_broken_default(n, f"Employee {n}") for n in range(10)),
        misses=(
            Outcome("R-1077", US, at("08:00"), Label.MISSED, "NS0831", lacking="no rule saw it"),
        ),
        hidden=(Hidden(a_silence(), 2),),
        post=Post(12, 3, 1, "channel_not_found", 2),
    )


def digest_empty() -> Message:
    return digest_message(a_digest(), VOICE, NOW)


def digest_full() -> Message:
    return digest_message(a_full_day(), VOICE, NOW)


def digest_with_masked_people() -> Message:
    return digest_message(a_full_day(), replace(VOICE, mask_people=True), NOW)


def digest_blind() -> Message:
    refused = "NetSuite refused the sign-in (HTTP 401): the certificate may have expired, renew it"
    sight = Sight(
        sources=(
            SourceFreshness("netsuite", at("09:00"), at("09:15"), refused, is_permanent=True),
            SourceFreshness("expensify"),
        ),
        blind_kinds=(("department", "the role may not see it"),),
        unsure_policies=(UnsureView(US, "the role sees 2 subsidiaries, not 5 as before"),),
    )
    failing = SourceFreshness("channel", at("14:00", day=22), at("14:00", day=23), "missing_scope")
    blind = a_digest(
        sight=sight,
        broken_defaults=None,
        self_test=failing,
        alerts=(OpenAlert(3, "", at("09:15"), is_blind=True),),
    )
    return digest_message(blind, VOICE, NOW)


def digest_of_the_first_day() -> Message:
    return digest_message(Digest(DAY, sight=READ), VOICE, NOW)


def digest_of_a_day_of_two_offsets() -> Message:
    now = datetime(2026, 11, 1, 14, tzinfo=UTC)
    sight = Sight(
        sources=(
            SourceFreshness("netsuite", now - hours(8.5)),
            SourceFreshness("expensify", now),
        )
    )
    day = a_digest(day=date(2026, 11, 1), since=now - hours(25), sight=sight)
    return digest_message(day, VOICE, now)


def digest_that_tested_its_channel() -> Message:
    return with_self_test(digest_empty(), at("12:00"), VOICE)


MESSAGES: tuple[Callable[[], Message], ...] = (
    digest_empty,
    digest_full,
    digest_with_masked_people,
    digest_blind,
    digest_of_the_first_day,
    digest_of_a_day_of_two_offsets,
    digest_that_tested_its_channel,
)
