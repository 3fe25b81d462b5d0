"""Remedy -> what is to be done, step by step: least reach first, then Sync, then the export."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.clicks import (
    Case,
    link,
    named,
    noun,
    recode_words,
    sync_path,
    who_recodes,
)
from monitor.core.fixes import AFTER_FIX, FIXES, NEVER_SYNCED
from monitor.core.risks import TEXT, RemedyCode
from monitor.core.sync import Imported

NO_USE = "No pending report uses it: "
"""Begins the step of a risk without reports."""


def steps_of(code: RemedyCode, case: Case, *, has_failed: bool) -> Iterator[str]:
    """Every step, that of least reach first; then Sync, then the export of what failed."""
    if code in FIXES:
        yield from FIXES[code](case)
    elif code in _RECODES and not case.reports:
        yield f"{NO_USE}code new expenses to another {noun(case)}."
    elif code in _RECODES:
        yield f"{recode_words(case)}: {who_recodes(case)}."
        yield from _other_ways(code, case)
    if words := _sync_words(code, case):
        yield f"{words}: a workspace admin, {sync_path(case.workspace)}."
    if has_failed:
        yield (
            "Automatic export of the failed reports is paused: after the fix a workspace admin "
            "exports them by hand."
        )


def _other_ways(code: RemedyCode, case: Case) -> Iterator[str]:
    if code in _REACTIVATES:
        yield (
            f"Or a NetSuite administrator makes {named(case)} active again until the reports are "
            f"exported{link(case)}; ask first who inactivated it."
        )
    if code is RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE:
        subsidiary = case.workspace.subsidiary
        what = f"{named(case)}{link(case)}"
        yield f"Or a NetSuite administrator adds subsidiary {subsidiary} to {what}."


_RECODES = {
    RemedyCode.SYNC_AND_RECODE,
    RemedyCode.RECODE_OR_REACTIVATE,
    RemedyCode.RECODE,
    RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE,
}
_REACTIVATES = {RemedyCode.SYNC_AND_RECODE, RemedyCode.RECODE_OR_REACTIVATE}


def _sync_words(code: RemedyCode, case: Case) -> str:
    """When to Sync, and what for; empty where it would do nothing."""
    if code in _AT_ONCE:
        return _AT_ONCE[code]
    if code is RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE:
        return "After adding the subsidiary, Sync" if case.reports else ""
    if code in NEVER_SYNCED or case.ref.kind == TEXT:
        return ""
    if case.imported is Imported.YES:
        is_revived = code is RemedyCode.RECODE_OR_REACTIVATE and case.reports
        return "After reactivating, Sync" if is_revived else ""
    if not case.reports:
        return "Sync, so that new expenses stop using it"
    if code is RemedyCode.SYNC_AND_RECODE and case.imported is Imported.UNKNOWN:
        return "After either, Sync, so that Expensify has what NetSuite has"
    return "After recoding, Sync, so that new expenses stop using it"


_AT_ONCE = {
    RemedyCode.SYNC: "Sync now",
    RemedyCode.SYNC_TO_BE_SURE: "Sync now to be sure",
    **AFTER_FIX,
}
"""Remedies that end with the same Sync, imported or not."""
