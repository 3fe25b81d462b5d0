"""Where the configuration and the coded texts disagree: what the operator is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.core.places import FALL, PlaceHealth, SetUpQuestion
from monitor.core.predict.situation import Situation
from monitor.core.predict.usage import Usage
from monitor.core.reports import EMPLOYEE_DEFAULT, Route, Workspace

_MATCHES_BETTER = 0.95
"""A kind that nearly all texts match is what the place holds."""


def place_health(situation: Situation) -> tuple[PlaceHealth, ...]:
    """How well the texts at every configured place match, workspace by workspace."""
    return tuple(
        health
        for workspace in situation.workspaces
        for health in situation.usage(workspace).meanings.health
    )


def set_up_questions(situation: Situation) -> tuple[SetUpQuestion, ...]:
    """Everything to look at in the configuration, workspace by workspace."""
    return tuple(
        question
        for workspace in situation.workspaces
        for question in (
            *_ill_places(workspace, situation),
            *_unnamed_places(workspace, situation),
            *_bills(workspace),
        )
    )


def _ill_places(workspace: Workspace, situation: Situation) -> Iterator[SetUpQuestion]:
    """Places whose rules are off because too many texts match nothing."""
    usage = situation.usage(workspace)
    for health in usage.meanings.health:
        if not health.is_healthy:
            sentence = (
                f"{_counted(health, workspace)}{_fall(health, situation.health_before)}: "
                f"nothing is predicted there. {_better(health.place, workspace, usage, situation)}"
            )
            yield SetUpQuestion(workspace.policy_id, health.place, sentence)


def _unnamed_places(workspace: Workspace, situation: Situation) -> Iterator[SetUpQuestion]:
    """Places that no line of the configuration names, though they hold a kind that is watched."""
    usage = situation.usage(workspace)
    for place in sorted(usage.meanings.texts):
        kind = "" if workspace.kinds_at(place) else _best_kind(place, workspace, usage, situation)
        if kind:
            sentence = (
                f"the texts at {place} match {kind} records, and the configuration names nothing "
                f'there: is [workspace.coding] {kind} = "{place}" meant?'
            )
            yield SetUpQuestion(workspace.policy_id, place, sentence)


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
    return f"only {health.matched} of {health.texts} texts at {health.place} match a {kinds}"


def _fall(health: PlaceHealth, before: Mapping[tuple[str, str], float]) -> str:
    earlier = before.get((health.policy_id, health.place))
    if earlier is None or earlier - health.share <= FALL:
        return ""
    return f", after {earlier:.0%} at the last look (were the tags mapped anew?)"


def _better(place: str, workspace: Workspace, usage: Usage, situation: Situation) -> str:
    kind = _best_kind(place, workspace, usage, situation)
    if kind:
        return f'They match {kind} records: is [workspace.coding] {kind} = "{place}" meant?'
    return "What does Expensify keep there?"


def _best_kind(place: str, workspace: Workspace, usage: Usage, situation: Situation) -> str:
    """The other kind that nearly all texts of the place match, "" when there is none."""
    others = situation.book.kinds - set(situation.unreadable) - set(workspace.kinds_at(place))
    shares = {kind: usage.meanings.share_of(place, kind) for kind in sorted(others)}
    best = max(shares, key=lambda kind: shares[kind], default="")
    return best if best and shares[best] >= _MATCHES_BETTER else ""
