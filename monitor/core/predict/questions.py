"""Where the configuration and the coded texts disagree: what the operator is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from monitor.core.match import RecordBook, readable
from monitor.core.places import HealthBefore, PlaceHealth, SetUpQuestion, has_fallen
from monitor.core.predict.situation import Situation
from monitor.core.predict.submitters import submitter_questions
from monitor.core.reports import EMPLOYEE_DEFAULT, Route, Workspace, tag_level

_MOST_QUOTED = 3
_MATCHES_BETTER = 0.95
"""A kind that nearly all texts match is what the place holds."""

_Books = Sequence[RecordBook]


def place_health(situation: Situation) -> tuple[PlaceHealth, ...]:
    """How well the texts at every configured place match, workspace by workspace."""
    return tuple(
        health
        for workspace in situation.workspaces
        for health in situation.usage(workspace).meanings.health
    )


def is_place_unclear(situation: Situation) -> bool:
    """Whether it is to be asked what some place holds: then the records of all kinds matter."""
    return any(
        place in meanings.doubted or not workspace.kinds_at(place)
        for workspace in situation.workspaces
        for meanings in [situation.usage(workspace).meanings]
        for place in meanings.texts
    )


def set_up_questions(
    situation: Situation, others: RecordBook | None = None
) -> tuple[SetUpQuestion, ...]:
    """Everything to look at in the configuration, workspace by workspace.

    `others`: records of kinds that nobody codes and the situation therefore leaves out.
    """
    books = (situation.book, others) if others else (situation.book,)
    return tuple(
        question
        for workspace in situation.workspaces
        for question in (
            *_ill_places(workspace, situation, books),
            *_unnamed_places(workspace, situation, books),
            *_bills(workspace),
            *submitter_questions(workspace, situation),
        )
    )


def _ill_places(
    workspace: Workspace, situation: Situation, books: _Books
) -> Iterator[SetUpQuestion]:
    """Places whose rules are off because too many texts match nothing."""
    before = situation.health_before
    for health in situation.usage(workspace).meanings.health:
        if not health.is_healthy:
            fall = _fall(health, before.get((health.policy_id, health.place)))
            sentence = (
                f"{_counted(health, workspace)}{fall}: "
                f"nothing is predicted there. {_better(health.place, workspace, situation, books)}"
            )
            yield SetUpQuestion(workspace.policy_id, health.place, sentence)


def _unnamed_places(
    workspace: Workspace, situation: Situation, books: _Books
) -> Iterator[SetUpQuestion]:
    """Places that no line of the configuration names, though they hold a kind that is watched."""
    usage = situation.usage(workspace)
    for place in sorted(usage.meanings.texts):
        is_named = bool(workspace.kinds_at(place))
        kind = "" if is_named else _best_kind(place, workspace, situation, books)
        if kind:
            sentence = (
                f"the texts at {place} match {kind} records, and the configuration names nothing "
                f'there: is [workspace.coding] {kind} = "{place}" meant?'
            )
            yield SetUpQuestion(workspace.policy_id, place, sentence)
        elif _is_too_deep(place, workspace):
            sentence = _too_deep(place, usage.meanings.texts[place])
            yield SetUpQuestion(workspace.policy_id, place, sentence)


def _is_too_deep(place: str, workspace: Workspace) -> bool:
    """Of a workspace that codes no tag at all, nobody expects that its tags are NetSuite's."""
    deepest = max((tag_level(coding.place) for coding in workspace.coding), default=0)
    return 0 < deepest < tag_level(place)


def _too_deep(place: str, texts: Collection[str]) -> str:
    quoted = ", ".join(f"“{readable(text)}”" for text in sorted(texts)[:_MOST_QUOTED])
    more = f" and {len(texts) - _MOST_QUOTED} more" if len(texts) > _MOST_QUOTED else ""
    return (
        f"expenses carry tags at {place} ({quoted}{more}), deeper than any level that "
        "[workspace.coding] names: they are not looked at; if NetSuite gets them, name their kind"
    )


def _bills(workspace: Workspace) -> Iterator[SetUpQuestion]:
    """A vendor bill takes nothing from an employee."""
    routes = {workspace.reimbursable_export, workspace.company_card_export}
    kinds = workspace.kinds_at(EMPLOYEE_DEFAULT)
    if Route.VENDOR_BILL in routes and kinds:
        sentence = (
            f"{' and '.join(kinds)} come from the employee's default, but vendor bills take them "
            "from the vendor: how are these lines coded?"
        )
        yield SetUpQuestion(workspace.policy_id, EMPLOYEE_DEFAULT, sentence)


def _counted(health: PlaceHealth, workspace: Workspace) -> str:
    kinds = " or ".join(workspace.kinds_at(health.place))
    matched = f"only {health.matched} of" if health.matched else "none of the"
    return f"{matched} {health.texts} texts at {health.place} match a {kinds}"


def _fall(health: PlaceHealth, before: HealthBefore | None) -> str:
    if before is None or before.trusted is None or not has_fallen(health, before):
        return ""
    return (
        f", and {before.trusted:.0%} did when the place was last in order "
        "(were the tags mapped anew?)"
    )


def _better(place: str, workspace: Workspace, situation: Situation, books: _Books) -> str:
    kind = _best_kind(place, workspace, situation, books)
    if kind:
        return f'They match {kind} records: is [workspace.coding] {kind} = "{place}" meant?'
    return "What does Expensify keep there?"


def _best_kind(place: str, workspace: Workspace, situation: Situation, books: _Books) -> str:
    """The other kind that nearly all texts of the place match, "" when there is none."""
    meanings = situation.usage(workspace).meanings
    ruled_out = {*situation.unreadable, *workspace.kinds_at(place)}
    shares = {
        kind: meanings.share_of(place, kind, book)
        for book in books
        for kind in sorted(book.kinds - ruled_out)
    }
    best = max(sorted(shares), key=lambda kind: shares[kind], default="")
    return best if best and shares[best] >= _MATCHES_BETTER else ""
