"""What was said of one report before its export, and which failures that foretells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from monitor.core.netsuite_words import refused_reference
from monitor.core.records import Ref
from monitor.core.reports import Failure
from monitor.core.risks import Cause, Certainty

_CODES: dict[Cause, tuple[str, ...]] = {
    Cause.DELETED: ("NS0831",),
    Cause.INACTIVE: ("NS0831", "NS0770"),
    Cause.OUTSIDE_SUBSIDIARY: ("NS0831", "NS0921"),
    Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: ("NS0728",),
    Cause.PROJECT_CLOSED_TO_EXPENSES: ("NS0831",),
    Cause.NOT_A_RESOURCE: ("NS0024",),
    Cause.BILLABLE_WITHOUT_CUSTOMER: ("NS0046",),
    Cause.EMPLOYEE_DEFAULT_BROKEN: ("NS0831", "NS0655"),
    Cause.EMPLOYEE_UNUSABLE: ("NS0023",),
    Cause.SEGMENT_VALUE_DELETED: ("NS0831",),
    Cause.SEGMENT_VALUE_INACTIVE: ("NS0831",),
    Cause.PROJECTS_ONLY: ("NS0831", "NS0024"),
    Cause.EMPLOYEE_DEFAULT_EMPTY: ("NS0005", "NS0885"),
    Cause.EDITED_SINCE_SYNC: ("NS0831",),
    Cause.EMPLOYEE_EDITED_SINCE_SYNC: ("NS0831",),
    Cause.UNKNOWN_TEXT: ("NS0831", "NS0046"),
    Cause.NEW_NOT_IMPORTED: ("NS0831",),
    Cause.PARENT_INACTIVE: ("NS0831",),
}
"""With which codes the exports fail that a cause foretells."""

MODELLED = frozenset(code for codes in _CODES.values() for code in codes)
"""Codes that some rule foretells: another one is nobody's miss."""


class Prediction(NamedTuple):
    """What one risk says of one report, from `since` until it said so no more."""

    report_id: str
    policy_id: str
    ref: Ref
    cause: Cause
    certainty: Certainty
    code: str | None
    since: datetime
    until: datetime | None = None
    is_settled: bool = False
    """An export has shown whether it was right: what becomes of the report later is nothing to it.
    """

    @property
    def is_said(self) -> bool:
        """Surer than possible: what is only possible is no prediction to be counted."""
        return self.certainty > Certainty.POSSIBLE

    def foretells(self, failure: Failure) -> bool:
        """Whether such a failure is what it meant: by its code, and the record if it is named."""
        refused = refused_reference(failure.text)
        if refused is not None and self.ref in refused.refs:
            return True
        if refused is not None and any(ref.kind == self.ref.kind for ref in refused.refs):
            return False
        # A failing sync stands for whatever risk it hides.
        codes = MODELLED if self.cause is Cause.SYNC_FAILING else _CODES.get(self.cause, ())
        return failure.code in codes or (bool(failure.code) and failure.code == self.code)


def foretold_at(predictions: Iterable[Prediction], at: datetime) -> dict[Ref, datetime]:
    """The records of which it was said, and still is, that they would fail an export at that
    moment; since when.
    """
    return {
        one.ref: one.since
        for one in predictions
        if one.is_said and one.until is None and one.since < at
    }
