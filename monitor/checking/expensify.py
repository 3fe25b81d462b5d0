"""Expensify: the credential, its clock, and its workspaces held against [[workspace]]."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.adapters.expensify import Expensify
from monitor.adapters.expensify.policies import PolicySummary
from monitor.app import App
from monitor.checking.findings import Finding, bad, clock, fine, note, tried
from monitor.core.workspace import Workspace

_PERSONAL = "personal"
"""Everybody has one such workspace: it exports nowhere."""
_MAKE_ADMIN = "make the credential's owner an admin of it, in Expensify"


def expensify(app: App) -> Iterator[Finding]:
    """What the credential is shown; the clock is looked at even where it is refused."""
    with app.sources() as (_, source):
        yield from tried("Expensify", _credential(app, source))
        yield from clock("Expensify", source.clock_ahead)


def _credential(app: App, source: Expensify) -> Iterator[Finding]:
    by_id = {one.policy_id: one for one in source.policies()}
    yield fine("Expensify", "the credential is accepted")
    for workspace in app.settings.workspaces:
        yield _watched(workspace, by_id.pop(workspace.policy_id, None))
    yield from unwatched(by_id.values())


def unwatched(policies: Iterable[PolicySummary]) -> Iterator[Finding]:
    """The workspaces that no [[workspace]] names: forgotten ones, or more than is needed.

    Expensify tells at best whether a workspace has connections, never that NetSuite is one.
    """
    for one in policies:
        if one.sort.startswith(_PERSONAL):
            continue
        known = f"“{one.name}” ({one.policy_id})"
        if one.has_connections is not False:
            yield note(
                "Expensify",
                f"the credential also sees {known}, which no [[workspace]] names",
                "if it exports to this NetSuite account, add it as a [[workspace]]; if not, "
                "use a credential whose owner is not in it",
            )
        elif one.role == "admin":
            yield note(
                "Expensify",
                f"the credential's owner is also an admin of {known}, which has no connections: "
                "that is more than the monitor needs",
                "use a credential whose owner is an admin of the watched workspaces only",
            )


def _watched(workspace: Workspace, policy: PolicySummary | None) -> Finding:
    subject = f"workspace {workspace.name}"
    if policy is None:
        return bad(
            subject,
            f"the credential does not see {workspace.policy_id}",
            f"check policy_id in [[workspace]], and {_MAKE_ADMIN}",
        )
    seen = f"seen as “{policy.name}” ({policy.role or 'role not told'})"
    if policy.role == "user":
        return bad(subject, f"{seen}: Expensify shows a user no reports but their own", _MAKE_ADMIN)
    if policy.role != "admin":
        return note(subject, f"{seen}: who is no admin may be shown too little", _MAKE_ADMIN)
    if policy.has_connections is False:
        return note(
            subject,
            f"{seen}, but its connections are switched off",
            "check that policy_id names the workspace that exports to NetSuite",
        )
    return fine(subject, seen)
