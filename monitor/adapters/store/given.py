"""What a decision was given, as small named bodies, so that only what changed is written again."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.adapters.store.bodies import from_body, to_body
from monitor.core.alerts import Endings, Sight, SourceFreshness
from monitor.core.recorded import Given
from monitor.core.risks import Risk

Facts = dict[tuple[str, str], str]
"""(sort, name) -> body."""

_RISK, _ENDING, _FAILED, _SIGHT, _UNREAD = "risk", "ending", "failed", "sight", "unread"
_FORESEEN = (_RISK, _ENDING, _FAILED)
_ZLIB = b"\x78"
_MILLISECOND = timedelta(milliseconds=1)
_THERE = "1"
"""A body that says no more than its name."""


@dataclass(frozen=True, slots=True)
class _End:
    """How one risk would end now."""

    sentence: str = ""
    ways: Mapping[str, str] = field(default_factory=dict)
    is_unseen: bool = False


def facts_of(given: Given, at: datetime, known: Facts) -> tuple[Facts, list[int | None]]:
    """The bodies, and how long before `at` each source was read well (milliseconds; None while it
    fails): those moments pass by, and are no change.

    Where nothing was predicted, what was `known` is kept: it comes back as it was.
    """
    sight, read_before = _without_readings(given.sight, at)
    facts = {(_SIGHT, ""): to_body(sight)}
    if given.risks is None:
        kept = {key: body for key, body in known.items() if key[0] in _FORESEEN}
        return {**facts, **kept, (_UNREAD, ""): _THERE}, read_before
    facts |= {(_RISK, risk.fingerprint): to_body(risk) for risk in given.risks}
    facts |= {(_ENDING, name): to_body(end) for name, end in _ends(given.endings).items()}
    facts |= {(_FAILED, report_id): _THERE for report_id in given.endings.still_failed}
    return facts, read_before


def given_from(facts: Facts, read_before: list[int | None], at: datetime) -> Given:
    """What `facts_of` took apart."""
    sight = _with_readings(from_body(Sight, facts[_SIGHT, ""]), read_before, at)
    if (_UNREAD, "") in facts:
        return Given(None, sight)
    risks = _of_sort(facts, _RISK)
    ends = {name: from_body(_End, text) for name, text in _of_sort(facts, _ENDING).items()}
    endings = Endings(
        {name: end.sentence for name, end in ends.items()},
        still_failed=frozenset(name for sort, name in facts if sort == _FAILED),
        ways={name: end.ways for name, end in ends.items()},
        unseen=frozenset(name for name, end in ends.items() if end.is_unseen),
    )
    return Given(tuple(from_body(Risk, risks[name]) for name in sorted(risks)), sight, endings)


def _ends(endings: Endings) -> dict[str, _End]:
    names = {*endings.by_fingerprint, *endings.ways, *endings.unseen}
    return {
        name: _End(
            endings.by_fingerprint.get(name, ""),
            endings.ways.get(name, {}),
            name in endings.unseen,
        )
        for name in names
    }


def _without_readings(sight: Sight, at: datetime) -> tuple[Sight, list[int | None]]:
    """What is read well is read anew by every cycle; what fails keeps its last good moment."""
    read_before: list[int | None] = []
    sources: list[SourceFreshness] = []
    for source in sight.sources:
        if source.failing_since is not None or source.last_good_at is None:
            read_before.append(None)
            sources.append(source)
            continue
        read_before.append((at - source.last_good_at) // _MILLISECOND)
        sources.append(source._replace(last_good_at=None))
    return replace(sight, sources=tuple(sources)), read_before


def _with_readings(sight: Sight, read_before: list[int | None], at: datetime) -> Sight:
    sources = tuple(
        source if before is None else source._replace(last_good_at=at - before * _MILLISECOND)
        for source, before in zip(sight.sources, read_before, strict=True)
    )
    return replace(sight, sources=sources)


def _of_sort(facts: Facts, wanted: str) -> dict[str, str]:
    return {name: body for (sort, name), body in facts.items() if sort == wanted}


def packed(text: str) -> bytes:
    """A body as it is kept: compressed where that is shorter."""
    plain = text.encode()
    small = zlib.compress(plain, 9)
    return small if len(small) < len(plain) else plain


def unpacked(body: bytes) -> str:
    """The text of it: what is compressed begins like no text of ours."""
    return (zlib.decompress(body) if body[:1] == _ZLIB else body).decode()
