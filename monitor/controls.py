"""What people say of alerts and risks: taken, not now, never mind these; laid over, and lifted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from glob import escape
from shlex import quote

from monitor.adapters.store import Store
from monitor.core.alerts import Alert, Matcher, Overlay, Sort, TrackedRisk
from monitor.errors import UsageError

LASTS = timedelta(hours=24)
"""How long what is laid over an alert holds when nobody says otherwise."""
LONGEST = timedelta(days=366)
_LONGEST_REASON, _LONGEST_NAME, _LONGEST_PATTERN = 300, 80, 200
"""They stand in the message in Slack, which has to have room for the reports."""
_MOST_NAMED = 8
_UNSAVED = 0
"""The store gives the number."""


def acknowledge(
    store: Store, target: str, *, author: str, reason: str, now: datetime, for_: timedelta
) -> Overlay:
    """Somebody is at it: no reminders of the alert or risk for so long.

    `target`: an open alert's number, or the fingerprint of a risk that an alert tells of; raises
    UsageError for anything else. An earlier acknowledgement of the same is lifted.
    """
    with store.immediate():
        alert_id, fingerprint = _aimed_at(store, target)
        said = Overlay(
            _UNSAVED, Sort.ACK, author, reason, now, _end(now, for_), alert_id, fingerprint
        )
        return _laid(store, said)


def snooze(
    store: Store,
    target: str,
    *,
    author: str,
    reason: str,
    now: datetime,
    for_: timedelta | None,
    until_worse: bool,
) -> Overlay:
    """Nothing but its end is told of the alert or risk: for so long, until it gets worse, or
    whichever comes first. `target` as for `acknowledge`; an earlier snooze of it is lifted.
    """
    if for_ is None and not until_worse:
        raise UsageError("say how long: for a time, or until it gets worse")
    expires_at = None if for_ is None else _end(now, for_)
    with store.immediate():
        alert_id, fingerprint = _aimed_at(store, target)
        said = Overlay(
            _UNSAVED, Sort.SNOOZE, author, reason, now, expires_at, alert_id, fingerprint
        )
        return _laid(store, replace(said, is_until_worse=until_worse))


def silence(
    store: Store, matcher: Matcher, *, author: str, reason: str, now: datetime, for_: timedelta
) -> Overlay:
    """What matches is not told for so long. An earlier silence of just the same is lifted; raises
    UsageError for a matcher that everything would match.
    """
    if not matcher.kind and not matcher.policy_id and not matcher.pattern.strip("*? "):
        raise UsageError(
            "that would silence everything: say which kind, names or workspace (to hear nothing at "
            "all for a while, set shadow = true in [alerts])"
        )
    if len(matcher.pattern) > _LONGEST_PATTERN:
        raise UsageError(f"the pattern is too long: write at most {_LONGEST_PATTERN} characters")
    said = Overlay(_UNSAVED, Sort.SILENCE, author, reason, now, _end(now, for_), matcher=matcher)
    with store.immediate():
        return _laid(store, said)


def lift(store: Store, overlay_id: int, now: datetime) -> Overlay:
    """End an acknowledgement, a snooze or a silence before its time; raises UsageError for what is
    not in force.
    """
    with store.immediate():
        in_force = store.overlays.active(now)
        for one in in_force:
            if one.overlay_id == overlay_id and store.overlays.lift(overlay_id, now):
                return replace(one, lifted_at=now)
    numbers = _named(str(one.overlay_id) for one in in_force)
    known = f"in force: {numbers}" if numbers else "nothing is in force"
    raise UsageError(f"there is nothing to lift under number {overlay_id} ({known})")


def targets(store: Store) -> tuple[str, ...]:
    """What can be acknowledged or snoozed: numbers of open alerts, then the risks they tell of."""
    return (
        *(str(alert.alert_id) for alert in store.alerts.open()),
        *_told(store.alerts.tracked()),
    )


def replaced_by(store: Store, laid: Overlay) -> tuple[Overlay, ...]:
    """Those that it took the place of, when it was laid."""
    return tuple(
        one
        for one in store.overlays.all()
        if one.lifted_at is not None
        and abs(one.lifted_at - laid.created_at) < timedelta(milliseconds=1)
        and one.overlay_id < laid.overlay_id
        and _subject(one) == _subject(laid)
    )


def _end(now: datetime, length: timedelta) -> datetime:
    if not timedelta() < length <= LONGEST:
        raise UsageError(f"it has to end after now, and within {LONGEST.days} days")
    return now + length


def _aimed_at(store: Store, target: str) -> tuple[int | None, str]:
    said = target.strip()
    if said.removeprefix("#") in (str(one.alert_id) for one in store.alerts.open()):
        return int(said.removeprefix("#")), ""
    tracked = store.alerts.tracked()
    for one in tracked:
        if one.risk.fingerprint.casefold() == said.casefold():
            if one.alert_id is None:
                raise _untold(one)
            return None, one.risk.fingerprint
    what = f"alert {said} is not open" if said.isdecimal() else f"no risk {said!r} stands"
    raise UsageError(f"{what}: {_known(said, store.alerts.open(), tuple(_told(tracked)))}")


def _untold(one: TrackedRisk) -> UsageError:
    risk = one.risk
    named = f" --match {quote(escape(risk.full_name))}" if risk.full_name else ""
    return UsageError(
        f"nobody was told of {risk.fingerprint}; to keep it from being told: "
        f"monitor silence --kind {risk.ref.kind}{named}"
    )


def _known(said: str, alerts: Iterable[Alert], risks: tuple[str, ...]) -> str:
    """What may have been meant, or all that there is."""
    ending = [one for one in risks if one.casefold().endswith(f"/{said.casefold()}")]
    if len(ending) == 1:
        return f"did you mean {ending[0]}?"
    open_ones = [*_alerts(alerts), *risks]
    return f"open are {_named(open_ones)}" if open_ones else "nothing is open"


def _alerts(alerts: Iterable[Alert]) -> Iterator[str]:
    yield from (f"alert {alert.alert_id}" for alert in alerts)


def _told(risks: Iterable[TrackedRisk]) -> Iterator[str]:
    yield from (one.risk.fingerprint for one in risks if one.alert_id is not None)


def _named(names: Iterable[str]) -> str:
    """The first few of them, and how many there are besides."""
    known = tuple(names)
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return ", ".join(known[:_MOST_NAMED]) + more


def _laid(store: Store, said: Overlay) -> Overlay:
    """Keep it in the place of an earlier one of the same sort about the same."""
    author, reason = (" ".join(text.split()) for text in (said.author, said.reason))
    if len(reason) > _LONGEST_REASON:
        raise UsageError(
            f"the reason is too long for a message: write at most {_LONGEST_REASON} characters"
        )
    for one in store.overlays.active(said.created_at):
        if _subject(one) == _subject(said):
            store.overlays.lift(one.overlay_id, said.created_at)
    return store.overlays.add(replace(said, author=author[:_LONGEST_NAME], reason=reason))


def _subject(one: Overlay) -> tuple[object, ...]:
    return (one.sort, one.alert_id, one.fingerprint, one.matcher)
