"""What happened to a record, who did it, and what is known about its import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.core.message.values import Section
from monitor.core.message.words import Voice, kind_word, sentence
from monitor.core.risks import NO_CHANGE, NOBODY, Certainty, Risk
from monitor.core.sync import Imported


def called(risk: Risk) -> str:
    """The record as people call it: class “Sales : Marketing”."""
    return f"{kind_word(risk.ref.kind)} “{risk.full_name}”"


def urgency(risk: Risk) -> tuple[object, ...]:
    """Sort key: what is surest and holds up most comes first."""
    ready = sum(report.state.is_approved for report in risk.reports)
    return -risk.certainty, -ready, -len(risk.reports), risk.full_name, risk.fingerprint


def title_of(risk: Risk) -> str:
    """The record and what is wrong with it: Class “Sales : Marketing” is inactive in NetSuite."""
    return capital(f"{called(risk)} {risk.cause}")


def what_was(risk: Risk, voice: Voice) -> Section:
    """What happened to the record, who did it, and whether Expensify has imported it."""
    return Section(title_of(risk), tuple(_facts(risk, voice)))


def changes(risk: Risk, voice: Voice) -> Iterator[str]:
    """What somebody did, if anybody did anything that is known."""
    if (risk.what_changed or risk.since) and not _is_about_no_change(risk):
        yield what_changed(risk, voice)


def what_changed(risk: Risk, voice: Voice) -> str:
    """What somebody did: It was inactivated (Nov 24, 2026 09:15 EST, by Dana Lee)."""
    subject = f"{called(risk)} "
    what = risk.what_changed or f"{subject}was last edited"
    if what.startswith(subject):
        what = f"It {what.removeprefix(subject)}"
    by = f"by {voice.person(risk.changed_by)}" if risk.changed_by else _NOBODY_KNOWS
    when = f"{_when(risk.since, risk.earliest_at, voice)}, " if risk.since else ""
    return sentence(f"{what} ({when}{by})")


def _when(at: datetime, earliest: datetime | None, voice: Voice) -> str:
    """The moment, or the two between which it was: Nov 24, 2026 between 09:00 and 09:15 EST."""
    latest = voice.moment(at)
    if earliest is None or voice.moment(earliest) == latest:
        return latest
    begin, end = earliest.astimezone(voice.zone), at.astimezone(voice.zone)
    if (begin.date(), begin.tzname()) != (end.date(), end.tzname()):
        return f"between {voice.moment(earliest)} and {latest}"
    return latest.replace(f"{end:%H:%M}", f"between {begin:%H:%M} and {end:%H:%M}")


_NOBODY_KNOWS = "NetSuite does not tell the monitor by whom"


def _is_about_no_change(risk: Risk) -> bool:
    """Nothing changed in NetSuite that a sync could bring over."""
    return risk.cause in NO_CHANGE or risk.ref.id.startswith(NOBODY)


def _facts(risk: Risk, voice: Voice) -> Iterator[str]:
    yield from changes(risk, voice)
    if risk.certainty is Certainty.LIKELY:
        yield "How sure: likely, since the monitor cannot see everything that NetSuite checks."
    if risk.certainty is Certainty.POSSIBLE and not risk.is_ambiguous:
        yield "How sure: only possible now, and nothing shows yet that it is over."
    if risk.is_ambiguous:
        yield "Several NetSuite records have this name, so this is a guess."
    yield _imported(risk, voice)


def _imported(risk: Risk, voice: Voice) -> str:
    how = risk.import_sentence.rstrip(".")
    if _is_about_no_change(risk):
        since = f" (since {voice.moment(risk.since)})" if risk.since else ""
        return sentence(f"{how}{since}")
    if risk.imported is Imported.YES:
        return f"Expensify has already imported the change: {how}."
    if risk.imported is Imported.NO:
        return f"Expensify has not imported the change yet: {how}."
    if how.startswith("cannot tell"):
        return sentence(how)
    return f"Cannot tell whether Expensify has imported it: {how}."


def capital(words: str) -> str:
    """With a capital first letter; the rest as it is."""
    return words[:1].upper() + words[1:]
