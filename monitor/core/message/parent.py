"""The message that stands in the channel while an alert lives: numbers first, then the cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.core.message.cures import cures, shared_cures
from monitor.core.message.discreet import discreet
from monitor.core.message.headline import headline, once
from monitor.core.message.overlaid import overlay_lines
from monitor.core.message.values import Message, ReportRow, Section, Tone
from monitor.core.message.words import Voice, counted, kind_word, place_word, sentence, standing_of
from monitor.core.risks import NO_CHANGE, NOBODY, Certainty, ExposedReport, Risk
from monitor.core.sync import Imported

if TYPE_CHECKING:  # decisions import these words
    from monitor.core.alerts.overlays import Overlay

MOST_ROWS = 10
MOST_RECORDS = 3
_MOST_ID_CHARACTERS = 1_000
_MOST_NAMES = 12


def parent_message(
    risks: tuple[Risk, ...],
    alert_id: int,
    voice: Voice,
    *,
    now: datetime,
    unseen: tuple[str, ...] = (),
    gone: Mapping[str, str] | None = None,
    overlays: tuple[Overlay, ...] = (),
    why: tuple[str, ...] = (),
) -> Message:
    """The open alert in words. `unseen`: what cannot be seen at the moment, and stands above all
    else. `gone`: risks whose cause is over (how, by fingerprint) while failed reports still wait.
    `overlays`: what people laid over it. `why`: what else is to be known, one sentence each.
    """
    gone = gone or {}
    risks = tuple(discreet(risk, voice) for risk in risks)
    ordered = sorted(risks, key=urgency)
    spelled, rest = ordered[:MOST_RECORDS], ordered[MOST_RECORDS:]
    reports = once(risks)
    return Message(
        tone=Tone.AT_RISK,
        headline=headline(risks),
        sections=(
            *_unseen(unseen),
            *_untitled((*overlay_lines(overlays, risks, voice), *why)),
            *_records(spelled, voice, gone),
            *_unspelled(rest),
        ),
        reports=tuple(_row(report, risks, voice, now) for report in reports[:MOST_ROWS]),
        more_reports=max(0, len(reports) - MOST_ROWS),
        footer=f"{footer(alert_id, risks[0].policy_id, voice)}\n{all_ids(reports)}",
    )


def footer(alert_id: int, policy_id: str, voice: Voice) -> str:
    """The freshness line: the oldest data time."""
    workspace = voice.workspace(policy_id)
    read = f"Data as of {voice.moment(voice.read_at)}" if voice.read_at else "Nothing was read yet"
    return " · ".join(part for part in (f"Alert {alert_id}", workspace, read) if part)


def called(risk: Risk) -> str:
    """The record as people call it: class “Sales : Marketing”."""
    return f"{kind_word(risk.ref.kind)} “{risk.full_name}”"


def urgency(risk: Risk) -> tuple[object, ...]:
    """Sort key: what is surest and holds up most comes first."""
    ready = sum(report.state.is_approved for report in risk.reports)
    return -risk.certainty, -ready, -len(risk.reports), risk.full_name, risk.fingerprint


def _unseen(sentences: tuple[str, ...]) -> Iterator[Section]:
    if sentences:
        title = "The monitor cannot see everything now; this is how it last was"
        yield Section(title, sentences)


def _untitled(lines: tuple[str, ...]) -> Iterator[Section]:
    if lines:
        yield Section("", lines)


def _records(risks: list[Risk], voice: Voice, gone: Mapping[str, str]) -> Iterator[Section]:
    """What happened to each record and what to do; what holds for all of them is said once."""
    told = [_what_happened(risk, voice, gone.get(risk.fingerprint, "")) for risk in risks]
    if len(risks) == 1:
        yield from (*told, Section("What to do", cures(risks[0])))
        return
    shared = shared_cures(risks)
    for risk, section in zip(risks, told, strict=True):
        own = (line for line in cures(risk) if line not in shared)
        yield section._replace(lines=(*section.lines, *own))
    if shared:
        yield Section("What to do about all of them", shared)


def what_was(risk: Risk, voice: Voice) -> Section:
    """What happened to the record, who did it, and whether Expensify has imported it."""
    return Section(title_of(risk), tuple(_facts(risk, voice)))


def title_of(risk: Risk) -> str:
    """The record and what is wrong with it: Class “Sales : Marketing” is inactive in NetSuite."""
    return _capital(f"{called(risk)} {risk.cause}")


def _what_happened(risk: Risk, voice: Voice, gone: str) -> Section:
    if gone:
        title = f"{called(risk)}: the cause is gone, but failed reports still wait for their export"
        return Section(_capital(title), (sentence(gone),))
    return what_was(risk, voice)


def _facts(risk: Risk, voice: Voice) -> Iterator[str]:
    if (risk.what_changed or risk.since) and not _is_about_no_change(risk):
        yield what_changed(risk, voice)
    if risk.certainty is Certainty.LIKELY:
        yield "How sure: likely, since the monitor cannot see everything that NetSuite checks."
    if risk.certainty is Certainty.POSSIBLE and not risk.is_ambiguous:
        yield "How sure: only possible now, and nothing shows yet that it is over."
    if risk.is_ambiguous:
        yield "Several NetSuite records have this name, so this is a guess."
    yield _imported(risk, voice)


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


def _unspelled(risks: list[Risk]) -> Iterator[Section]:
    """A bulk edit is one message: beyond the first few, records are only named."""
    if not risks:
        return
    names = ", ".join(called(risk) for risk in risks[:_MOST_NAMES])
    more = len(risks) - _MOST_NAMES
    names += f" and {more} more" if more > 0 else ""
    title = f"The same alert holds {counted(len(risks), 'more record')}"
    yield Section(title, (sentence(names), "`monitor risks` tells what to do about each."))


def _row(report: ExposedReport, risks: tuple[Risk, ...], voice: Voice, now: datetime) -> ReportRow:
    parts = (
        f"{report.name or 'Report'} ({report.report_id})",
        voice.person(report.submitter),
        f"{report.currency} {report.amount:,.2f}",
        standing_of(report, now),
        "exported, but not known by which route" if report.is_export_unclear else "",
        "; ".join(_bad_values(report, risks)),
    )
    url = voice.report_url(risks[0].policy_id, report.report_id)
    # Whoever is masked is not mentioned either.
    person = "" if voice.mask_people else report.submitter
    return ReportRow(" · ".join(part for part in parts if part), url, person)


def _bad_values(report: ExposedReport, risks: tuple[Risk, ...]) -> Iterator[str]:
    """Where the bad values sit: Class tag “Sales : Marketing” on 3 of 14 lines."""
    for risk in risks:
        for same in risk.reports:
            if same.report_id != report.report_id:
                continue
            for bad in same.bad_texts:
                place = place_word(bad.coded.place, risk.ref.kind)
                where = f" on {bad.lines} of {counted(same.total_lines, 'line')}"
                is_of_all = bad.coded.place.startswith("report_field:")
                yield f"{place} “{bad.coded.text}”{'' if is_of_all else where}"


def all_ids(reports: Iterable[ExposedReport]) -> str:
    """Every id on one line, for search and to paste."""
    line = f"Report ids: {', '.join(report.report_id for report in reports)}"
    if len(line) <= _MOST_ID_CHARACTERS:
        return line
    kept = line[:_MOST_ID_CHARACTERS].rpartition(", ")[0]
    left = line.count(", ") - kept.count(", ")
    return f"{kept} and {left} more (`monitor risks` lists them)"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
