"""The summary of a day in words: what stands, what is watched, what was missed, what is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from monitor.core.alerts import Matcher
from monitor.core.digest import BulkEdit, Digest, Hidden, OpenAlert
from monitor.core.freshness import SourceFreshness
from monitor.core.message.discreet import discreet
from monitor.core.message.facts import called
from monitor.core.message.headline import headline
from monitor.core.message.overlaid import overlay_lines, until
from monitor.core.message.self_test import DELIVERY, self_test_lines
from monitor.core.message.values import Message, Section, Tone
from monitor.core.message.words import (
    SOURCE_NAMES,
    Voice,
    counted,
    kind_plural,
    kind_word,
    length,
    listed,
    sentence,
)
from monitor.core.outcomes import Outcome
from monitor.core.predict import BrokenDefault
from monitor.core.records import Kind, Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Certainty, Risk

_MOST_LINES = 8
"""Of one section; the rest is counted."""


def digest_message(digest: Digest, voice: Voice, now: datetime) -> Message:
    """The whole summary; one short line where nothing needs anybody."""
    sections = (
        Section("Open alerts", _few([_alert(one, voice) for one in digest.alerts], "alert")),
        Section("Watched, not told one by one", _watched(digest, voice)),
        Section("Employees whose next report would fail", _defaults(digest, voice)),
        Section("Failures that nobody had predicted", _misses(digest, voice)),
        Section("Silenced", _few([_hidden(one, voice) for one in digest.hidden], "silence")),
        Section(DELIVERY, tuple(_delivery(digest, voice))),
        Section("What the monitor sees", tuple(_sight(digest, voice, now))),
    )
    return Message(
        Tone.DIGEST,
        f"{_day(digest.day)}: {_headline(digest)}",
        tuple(section for section in sections if section.lines),
        footer="The monitor sends this once a day, so that its silence is never mistaken for calm.",
    )


def _day(day: date) -> str:
    return f"{day:%A}, {day:%b} {day.day}, {day.year}"


def _headline(digest: Digest) -> str:
    if digest.is_all_well:
        return "all is well, nothing to do"
    several = (
        (len(digest.alerts), "open alert"),
        (len(digest.watched), "watched risk"),
        (sum(one.risks for one in digest.hidden), "silenced risk"),
        (len(digest.misses), "unpredicted failure"),
        (len(_people(digest)), "broken employee default"),
        (digest.post.refused, "refused message"),
    )
    parts = [counted(number, noun) for number, noun in several if number]
    parts += ["the monitor cannot see everything"] if digest.is_blind else []
    return " · ".join(parts) or "no report is at risk; see below"


def _people(digest: Digest) -> set[Ref]:
    return {one.employee for one in digest.broken_defaults or ()}


def _alert(alert: OpenAlert, voice: Voice) -> str:
    """Alert 3 (Acme US, open since …): 2 reports … will fail with NS0831. Acknowledged by …"""
    risks = tuple(discreet(risk, voice) for risk in alert.risks)
    about = headline(risks) or listed(alert.lost) or "the monitor cannot see everything"
    where = [voice.workspace(alert.policy_id)] if alert.policy_id else []
    since = ", ".join([*where, f"open since {voice.moment(alert.opened_at)}"])
    laid_over = overlay_lines(alert.overlays, risks, voice)
    names = f" ({listed(_called(risks))})" if risks else ""
    said = sentence(f"alert {alert.alert_id} ({since}): {about}{names}")
    blind = ["Part of it cannot be seen now."] if alert.is_blind and risks else []
    return " ".join([said, *laid_over, *blind])


def _called(risks: tuple[Risk, ...]) -> list[str]:
    names = [called(risk) for risk in risks[:2]]
    more = len(risks) - len(names)
    return [*names, f"{more} more"] if more else names


def _watched(digest: Digest, voice: Voice) -> tuple[str, ...]:
    others = [_one_watched(discreet(risk, voice), voice) for risk in digest.others_watched]
    edits = [_bulk_edit(edit, voice) for edit in digest.bulk_edits]
    return (*_few(others, "risk"), *_few(edits, "edit"))


def _one_watched(risk: Risk, voice: Voice) -> str:
    """Class “Sales : Fairs” (Acme US) is inactive in NetSuite: 2 drafts use it."""
    is_drafts = all(report.state is ReportState.OPEN for report in risk.reports)
    uses = "uses" if len(risk.reports) == 1 else "use"
    why = f"{counted(len(risk.reports), 'draft' if is_drafts else 'report')} {uses} it"
    doubt = ", and that it fails is only possible" if risk.certainty is Certainty.POSSIBLE else ""
    where = voice.workspace(risk.policy_id)
    return sentence(f"{called(risk)} ({where}) {risk.cause}: {why}{doubt}")


def _bulk_edit(edit: BulkEdit, voice: Voice) -> str:
    """12 employees (Acme US) were edited by Dana Lee …, and Expensify's rules still give …"""
    count = counted(len(edit.risks), "employee")
    was_or_were = "was" if len(edit.risks) == 1 else "were"
    by = f" by {voice.person(edit.changed_by)}" if edit.changed_by else ""
    when = f" from {voice.moment(edit.since)} on" if edit.since else ""
    workspace = voice.workspace(edit.policy_id)
    return (
        f"{count} ({workspace}) {was_or_were} edited in NetSuite{by}{when}, and Expensify's rules "
        "still give the old tags: Sync now fixes it."
    )


def _defaults(digest: Digest, voice: Voice) -> tuple[str, ...]:
    if digest.broken_defaults is None:
        return ("Not looked at today, for NetSuite could not be read.",)
    if not digest.broken_defaults:
        return ()
    lines = [_default(one, voice) for one in digest.broken_defaults]
    first = (
        f"{counted(len(_people(digest)), 'employee')} with a default that NetSuite would refuse:"
    )
    return (first, *_few(lines, "default"), "`monitor risks --employees` lists them all.")


def _default(one: BrokenDefault, voice: Voice) -> str:
    employee = voice.person(one.employee_name)
    return sentence(f"{employee}: {one.default.kind} “{one.default_name}” {one.cause}")


def _misses(digest: Digest, voice: Voice) -> tuple[str, ...]:
    return _few([_miss(one, voice) for one in digest.misses], "failure")


def _miss(one: Outcome, voice: Voice) -> str:
    """R-1077 (Acme US) failed with NS0831 on …: what the monitor would have needed."""
    code = f" with {one.code}" if one.code else ""
    where = f"{one.report_id} ({voice.workspace(one.policy_id)})"
    lacking = f": {one.lacking}" if one.lacking else ""
    return sentence(f"{where} failed{code} on {voice.moment(one.at)}{lacking}")


def _hidden(one: Hidden, voice: Voice) -> str:
    """2 risks hidden by silence 4 (class zz-*) of Dana Lee until …: reason."""
    silence = one.silence
    matcher = silence.matcher
    parts = [matcher.kind, _names(matcher, voice)] if matcher else []
    parts += [f"in {voice.workspace(matcher.policy_id)}"] if matcher and matcher.policy_id else []
    about = " ".join(filter(None, parts)) or "everything"
    said = (
        f"{counted(one.risks, 'risk')} hidden by silence {silence.overlay_id} ({about}) "
        f"of {voice.person(silence.author)}{until(silence, voice)}"
    )
    return sentence(f"{said}: {silence.reason}" if silence.reason else said)


def _names(matcher: Matcher, voice: Voice) -> str:
    """The names it silences; those of employees are people's."""
    is_of_people = matcher.kind == Kind.EMPLOYEE and matcher.pattern
    return voice.person(matcher.pattern) if is_of_people else matcher.pattern


def _delivery(digest: Digest, voice: Voice) -> Iterator[str]:
    """What reached the channel, what did not, and how its test of itself went."""
    post = digest.post
    parts = [f"{counted(post.sent, 'message')} sent"] if digest.since else []
    parts += [f"{post.waiting} waiting"] if post.waiting else []
    parts += [f"{post.refused} refused by Slack"] if post.refused else []
    if parts:
        since = f" since {voice.moment(digest.since)}" if digest.since else ""
        yield sentence(f"{', '.join(parts)}{since}")
    if post.error:
        yield sentence(f"Slack's last answer: {post.error}")
    if post.came_and_went:
        yield (
            f"{counted(post.came_and_went, 'alert')} came and went before anybody was told: "
            "opened and over while messages were held."
        )
    if digest.self_test is not None:
        yield from self_test_lines(digest.self_test, voice)


def _sight(digest: Digest, voice: Voice, now: datetime) -> Iterator[str]:
    for source in digest.sight.sources:
        yield _source(source, voice, now)
    for kind, why in digest.sight.blind_kinds:
        yield sentence(f"the list of {kind_plural(kind_word(kind))} is not up to date: {why}")
    for unsure in digest.sight.unsure_policies:
        yield sentence(f"{voice.workspace(unsure.policy_id)}: {unsure.why}")


def _source(source: SourceFreshness, voice: Voice, now: datetime) -> str:
    name = SOURCE_NAMES.get(source.source, source.source)
    if source.last_good_at is None:
        read = "was never read"
    else:
        ago = length(now - source.last_good_at)
        when = f"{ago} ago" if now > source.last_good_at else "just now"
        read = f"was last read in full on {voice.moment(source.last_good_at)} ({when})"
    if source.failing_since is None:
        return sentence(f"{name} {read}")
    since = voice.moment(source.failing_since)
    return sentence(f"{name} cannot be read since {since}, and {read}: {source.error}")


def _few(lines: Iterable[str], noun: str) -> tuple[str, ...]:
    """The first of them, and how many more there are."""
    lines = tuple(lines)
    left = len(lines) - _MOST_LINES
    if left <= 0:
        return lines
    return (*lines[:_MOST_LINES], f"… and {counted(left, f'more {noun}')}.")
