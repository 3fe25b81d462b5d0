"""How fresh each source is, and when each workspace last synced, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.answers.freshness import ago, source_name
from monitor.answers.imports import WorkspaceSync
from monitor.answers.review import Review
from monitor.cli.output.page.pieces import Column, Part, badge, bullets, moment, part, table
from monitor.cli.output.page.tree import Element, Node, element
from monitor.cli.output.sync_text import sync_lines
from monitor.cli.output.words import NOTHING, plain
from monitor.core.alerts import SourceFreshness
from monitor.core.cycles import CycleEnd

_SOURCES = (Column("Source"), Column("Last complete reading"), Column("Age"), Column("State"))


def freshness(review: Review) -> Part:
    """The sources, the last cycle, and the syncs."""
    sources = review.standing.freshness.sources
    return part(
        "freshness",
        "How fresh this is",
        table("Sources", _SOURCES, (_source(one, review) for one in sources)),
        *_last_cycle(review),
        element("h3", "Expensify's last sync"),
        *(_sync(one, review.time_zone) for one in review.standing.syncs),
        *_witnesses(review),
    )


def _source(one: SourceFreshness, review: Review) -> tuple[Node, ...]:
    now = review.generated_at
    if one.last_good_at is None:
        return source_name(one.source), "never", NOTHING, badge("never read", "bad")
    read_at = moment(one.last_good_at, review.time_zone)
    return source_name(one.source), read_at, ago(now - one.last_good_at), _state(one, review)


def _state(one: SourceFreshness, review: Review) -> Node:
    if one.failing_since is not None:
        since = moment(one.failing_since, review.time_zone)
        why = f": {one.error}" if one.error else ""
        return element("span", badge("failing", "bad"), " since ", since, why)
    if review.standing.freshness.is_stale(one.last_good_at):
        return badge("too old", "bad")
    return badge("fresh", "good")


def _last_cycle(review: Review) -> Iterator[Element]:
    last = review.standing.last_cycle
    if last is None:
        return
    kind = "good" if last.end is CycleEnd.GOOD else "bad"
    why = f" ({last.detail})" if last.detail else ""
    began = moment(last.began_at, review.time_zone)
    yield element("p", "The last cycle began ", began, ": ", badge(last.end.value, kind), why)


def _sync(known: WorkspaceSync, zone: str) -> Element:
    said, *because = sync_lines(known, zone)
    sentence = said.removeprefix(f"{plain(known.workspace.name)}: ")
    head = element("p", element("strong", known.workspace.name), f": {sentence}")
    evidence = [bullets(line.strip() for line in because)] if because else []
    return element("div", head, *evidence, class_="sync")


def _witnesses(review: Review) -> Iterator[Element]:
    if review.standing.witnesses:
        yield bullets(f"{one.title}: {one.sentence}" for one in review.standing.witnesses)
