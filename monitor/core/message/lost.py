"""Expensify lost most of its own lists of a workspace: what is gone, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from shlex import quote

from monitor.core.clicks import sync_clicks
from monitor.core.lost import AcceptedList, LostList
from monitor.core.message.foot import footer
from monitor.core.message.values import Message, Section, Tone
from monitor.core.message.words import Voice, kind_plural, kind_word, length, listed

_TAGS = {
    "new": "Expensify: Settings > Workspaces > {name} > Tags",
    "classic": "Expensify: Settings > Workspaces > Group > {name} > Tags",
}
"""Where an admin sees the values. Inferred for report fields: Expensify's pages name no path."""
_FIELDS = {
    "new": "Expensify: Settings > Workspaces > {name} > Reports",
    "classic": "Expensify: Settings > Workspaces > Group > {name} > Reports",
}


def lost_message(lost: Iterable[LostList], alert_id: int, voice: Voice) -> Message:
    """Which list, how much of it, between which looks; that NetSuite still has it; what to do."""
    lost = tuple(lost)
    policy_id = lost[0].policy_id
    counts = listed(f"{one.gone} of {one.before} {_kinds(one)}" for one in lost)
    return Message(
        Tone.LOST,
        f"{voice.workspace(policy_id)} no longer offers {counts}, and NetSuite still has them",
        (
            Section("What happened", (*(_vanished(one, voice) for one in lost), _STILL_THERE)),
            Section("What it means", _MEANS),
            Section("What to do", _to_do(lost, voice)),
        ),
        footer=footer(alert_id, policy_id, voice),
    )


def found_message(
    lost: Iterable[LostList], alert_id: int, voice: Voice, *, lived: timedelta
) -> Message:
    """Expensify offers again what NetSuite has."""
    lost = tuple(lost)
    policy_id = lost[0].policy_id
    lists = listed(place_words(one) for one in lost)
    headline = f"{voice.workspace(policy_id)} offers what NetSuite has again in {lists}"
    return _over(headline, _GOES_BY_IT_AGAIN, footer(alert_id, policy_id, voice), lived)


def accepted_message(
    lost: Mapping[LostList, AcceptedList], alert_id: int, voice: Voice, *, lived: timedelta
) -> Message:
    """Somebody said that it was on purpose."""
    policy_id = next(iter(lost)).policy_id
    lists = listed(place_words(one) for one in lost)
    people = listed(dict.fromkeys(voice.person(one.author) for one in lost.values() if one.author))
    by = f" by {people}" if people else ""
    headline = f"the loss in {lists} of {voice.workspace(policy_id)} was accepted{by}"
    return _over(headline, _GOES_BY_WHAT_IS_LEFT, footer(alert_id, policy_id, voice), lived)


def dropped_message(
    lost: Iterable[LostList], alert_id: int, voice: Voice, *, lived: timedelta
) -> Message:
    """The configuration names the lists no more: nobody looks whether the values came back."""
    lost = tuple(lost)
    policy_id = lost[0].policy_id
    lists = listed(place_words(one) for one in lost)
    headline = f"the monitor looks no more at {lists} of {voice.workspace(policy_id)}"
    return _over(headline, _DROPPED, footer(alert_id, policy_id, voice), lived)


def _over(headline: str, line: str, foot: str, lived: timedelta) -> Message:
    headline = f"{headline}, after {length(lived)}"
    return Message(Tone.RESOLVED, headline, (Section("", (line,)),), footer=foot)


def place_words(one: LostList) -> str:
    """Where a person finds the list: tag level 1 (classes)."""
    kind, _, name = one.place.partition(":")
    words = f"tag level {name}" if kind == "tag" else f"report field {name}"
    return f"{words} ({_kinds(one)})"


def lost_words(one: LostList) -> str:
    """In one line: 38 of 40 values of tag level 1 (classes) vanished from Expensify."""
    return f"{one.gone} of {one.before} values of {place_words(one)} vanished from Expensify"


_MEANS = (
    "People cannot choose these values for new expenses until they are back.",
    "Reports that are coded already keep their values, and no report is called at risk because "
    "Expensify lost them: the monitor goes by the list as it last was.",
)
_GOES_BY_IT_AGAIN = "The monitor goes by Expensify's own list again."
_GOES_BY_WHAT_IS_LEFT = "The monitor goes by Expensify's own list as it is now."
_DROPPED = (
    "The monitor's configuration does not name it any more. Whether its values came back is not "
    "known."
)


def _vanished(one: LostList, voice: Voice) -> str:
    seen, missed = voice.moment(one.last_seen_at), voice.moment(one.missed_at)
    return f"{lost_words(one)} between {seen} and {missed}."


_STILL_THERE = (
    "NetSuite still has all of these records, and they are active: nobody deleted or inactivated "
    "them there."
)


def _to_do(lost: tuple[LostList, ...], voice: Voice) -> tuple[str, ...]:
    policy_id = lost[0].policy_id
    name = voice.workspace(policy_id)
    experience = voice.experiences.get(policy_id, "new")
    paths = [(_TAGS if one.place.startswith("tag:") else _FIELDS)[experience] for one in lost]
    looks = " and ".join(path.format(name=name) for path in dict.fromkeys(paths))
    return (
        f"Check whether somebody switched the values off or removed them: {looks}.",
        f"If nobody did, Sync to bring them back: a workspace admin, "
        f"{sync_clicks(name, experience)}. "
        "Expensify's daily sync is known to delete all tags by itself.",
        "Do not disconnect NetSuite from the workspace: that clears its configuration.",
        f"If it was on purpose, say so: {_commands(lost, name)}.",
    )


def _commands(lost: tuple[LostList, ...], name: str) -> str:
    kinds = dict.fromkeys(one.kinds[0] for one in lost)
    return listed(f"`monitor accept-deletions {kind} --workspace {quote(name)}`" for kind in kinds)


def _kinds(one: LostList) -> str:
    return listed(kind_plural(kind_word(kind)) for kind in one.kinds)
