"""Rules about a workspace as a whole: no record of NetSuite is at fault."""

from __future__ import annotations

from monitor.core.predict.rules.subject import Answer, Off, Subject, fires
from monitor.core.risks import Cause, Certainty


def billable_without_customer(subject: Subject) -> Answer:
    """A billable line names neither a customer nor a project."""
    if not subject.usage.is_seeing_customers:
        return Off("the customers or projects, or the texts that name them, cannot be read")
    cells = subject.use.coded if subject.use.lines else frozenset()
    return fires(Cause.BILLABLE_WITHOUT_CUSTOMER, Certainty.CERTAIN, "NS0046", cells)


def sync_failing(subject: Subject) -> Answer:
    """The workspace fails to sync: what else would be said of it may be said in vain."""
    if subject.workspace.policy_id not in subject.situation.failing:
        return ()
    return fires(Cause.SYNC_FAILING, Certainty.LIKELY, None, subject.use.coded)
