"""Values of the core with harmless defaults: a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from monitor.core.drift import Drift, DriftedChange
from monitor.core.imported import ImportVerdict
from monitor.core.listed import ListedValue, ListHistory
from monitor.core.match import RecordBook
from monitor.core.predict import Situation
from monitor.core.records import SHOWN_FIELDS, Change, ChangeWord, FieldChange, Kind, Record, Ref
from monitor.core.reports import (
    CodedText,
    Coding,
    Failure,
    PendingReport,
    ReportLine,
    ReportState,
    Workspace,
)
from monitor.core.risks import (
    BadText,
    Cause,
    Certainty,
    ExposedReport,
    Remedy,
    RemedyCode,
    Risk,
)
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import Bound, Evidence, Imported, LastSync, Source

US, UK = "4C6722D4BD2BD941", "9D11AA00BB22CC33"
NETSUITE_URL = "https://1234567.app.netsuite.com"


def at(time: str, day: int = 24) -> datetime:
    """A moment of November 2026: at("09:15")."""
    hour, minute = map(int, time.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


NOW = at("12:00")
FIRST_POLL, LAST_POLL = at("06:00"), at("10:00")


def a_record(
    kind: str = "class", record_id: str = "12", path: str = "Marketing", **fields: Any
) -> Record:
    """A record that is in order, named by its whole path."""
    return Record(
        **{
            "kind": kind,
            "id": record_id,
            "name": path.rpartition(" : ")[2],
            "full_name": path,
            "is_inactive": False,
            "subsidiary_ids": ("1",),
            **fields,
        }
    )


def a_class(record_id: str = "12", path: str = "Sales : Marketing", **fields: Any) -> Record:
    """A class of subsidiary 1 that is in order."""
    return a_record("class", record_id, path, **fields)


def a_subsidiary(record_id: str, parent_id: str | None = None, **fields: Any) -> Record:
    """One subsidiary of the account."""
    path = f"Subsidiary {record_id}"
    fields = {"parent_id": parent_id, "subsidiary_ids": None, **fields}
    return a_record(Kind.SUBSIDIARY, record_id, path, **fields)


def a_tree(*ids: str, **parents: str) -> SubsidiaryTree:
    """The subsidiaries 1 (with its child 3) and 2, or those named: a_tree("1", _2="1")."""
    if not ids and not parents:
        ids, parents = ("1", "2"), {"_3": "1"}
    children = (a_subsidiary(child[1:], parent) for child, parent in parents.items())
    return SubsidiaryTree([*(a_subsidiary(record_id) for record_id in ids), *children])


def a_workspace(policy_id: str = US, **fields: Any) -> Workspace:
    """A workspace of subsidiary 1 that keeps classes at its first tag level."""
    return Workspace(
        policy_id,
        **{
            "name": "Acme UK" if policy_id == UK else "Acme US",
            "subsidiary": "1",
            "coding": (Coding("class", "tag:1"),),
            **fields,
        },
    )


def a_line(*texts: str, line_id: str = "l1", **fields: Any) -> ReportLine:
    """A cash line, coded to these texts at tag 1, 2 …; "" leaves a level out."""
    coded = tuple(CodedText(f"tag:{n}", text) for n, text in enumerate(texts, 1) if text)
    return ReportLine(line_id, texts=coded, **fields)


def a_report(report_id: str = "R1", *lines: ReportLine, **fields: Any) -> PendingReport:
    """An approved report of one line, coded to the class that a_class() makes."""
    return PendingReport(
        report_id,
        **{
            "policy_id": US,
            "name": "Trip to Boston",
            "submitter": "ana@acme.example",
            "state": ReportState.APPROVED,
            "total": Decimal("812.00"),
            "currency": "USD",
            "created_at": at("08:00", day=20),
            "submitted_at": at("08:00", day=21),
            "approved_at": at("08:00", day=22),
            "lines": lines or (a_line("Sales : Marketing"),),
            **fields,
        },
    )


def a_failure(moment: datetime, code: str = "NS0831") -> Failure:
    """NetSuite refused an export."""
    return Failure(moment, code, f"{code}: Invalid or missing classification.")


def a_change(
    before: Record | None = None,
    after: Record | None = None,
    *,
    seen: tuple[datetime, datetime] = (at("09:00"), at("09:15")),
    **fields: Any,
) -> Change:
    """What two snapshots show of one record; default: the class was inactivated between them."""
    if before is None and after is None:
        before, after = a_class(), a_class(is_inactive=True)
    shown = after or before
    assert shown is not None
    return Change(
        **{
            "kind": shown.kind,
            "id": shown.id,
            "name": shown.name,
            "full_name": shown.full_name,
            "change": _word(before, after),
            "fields": _fields(before, after),
            "seen_between": seen,
            "modified_at": after.modified_at if after else None,
            "before": before,
            "after": after,
            **fields,
        }
    )


def _word(before: Record | None, after: Record | None) -> ChangeWord:
    if before is None or after is None:
        return ChangeWord.ADDED if before is None else ChangeWord.DELETED
    if before.is_inactive != after.is_inactive:
        return ChangeWord.INACTIVATED if after.is_inactive else ChangeWord.REACTIVATED
    if before.name != after.name:
        return ChangeWord.RENAMED
    return ChangeWord.MOVED if before.parent_id != after.parent_id else ChangeWord.EDITED


def _fields(before: Record | None, after: Record | None) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, old, new)
        for name in SHOWN_FIELDS
        if (old := getattr(before, name, None)) != (new := getattr(after, name, None))
    )


def a_value(
    text: str = "Sales : Marketing",
    first: datetime = FIRST_POLL,
    gone: datetime | None = None,
    *,
    place: str = "tag:1",
    is_enabled: bool = True,
) -> ListedValue:
    """A value that Expensify offers since the first poll, until `gone`."""
    return ListedValue(place, text, is_enabled, first, gone)


def a_history(*values: ListedValue, polls: Iterable[datetime] = ()) -> ListHistory:
    """What the pickers offered; default polls: 06:00, 09:00 and 10:00."""
    return ListHistory(US, tuple(polls) or (FIRST_POLL, at("09:00"), LAST_POLL), values)


def an_evidence(
    bound: Bound,
    moment: datetime,
    *,
    observed: datetime = NOW,
    source: Source = Source.OPERATOR,
    **fields: Any,
) -> Evidence:
    """One thing learned about the last sync, by default read now by a person."""
    return Evidence(US, bound, moment, source, observed, **fields)


def a_last_sync(
    not_before: datetime | None = None, not_after: datetime | None = None, **fields: Any
) -> LastSync:
    """What is known of the last sync; by default nothing."""
    return LastSync(US, not_before, not_after, **fields)


def a_verdict(imported: Imported = Imported.NO, **fields: Any) -> ImportVerdict:
    """Whether Expensify has imported a change, from a source that needs no explanation."""
    return ImportVerdict(imported, **{"sentence": "the last known sync was before it", **fields})


def a_drift(
    *changes: Change,
    imported: Imported = Imported.NO,
    policy_id: str = US,
    last: LastSync | None = None,
) -> Drift:
    """Changes since the last sync, all with the same verdict."""
    verdict = a_verdict(imported)
    drifted = {change.ref: DriftedChange(change, verdict) for change in changes}
    return Drift(policy_id, last or LastSync(policy_id), drifted)


def a_situation(
    *reports: PendingReport,
    present: Iterable[Record] = (),
    former: Iterable[Record] = (),
    gone: Iterable[Record] = (),
    drift: Drift | None = None,
    **fields: Any,
) -> Situation:
    """One workspace in a tree of three subsidiaries, all lists readable; it is noon."""
    return Situation(
        **{
            "now": NOW,
            "book": RecordBook(present, former=former, gone=gone),
            "workspaces": (a_workspace(),),
            "reports": reports,
            "drift": {drift.policy_id: drift} if drift else {},
            "tree": a_tree(),
            **fields,
        }
    )


def a_bad_text(text: str = "Sales : Marketing", lines: int = 1, **fields: Any) -> BadText:
    """A class tag that means the risk's record."""
    place = fields.pop("place", "tag:1")
    return BadText(CodedText(place, text), lines, **{"basis": "full_path", **fields})


def an_exposed_report(report_id: str = "R1", **fields: Any) -> ExposedReport:
    """An approved report with one line at risk of one."""
    return ExposedReport(
        report_id,
        **{
            "name": "Trip to Boston",
            "submitter": "ana@acme.example",
            "state": ReportState.APPROVED,
            "amount": Decimal("812.00"),
            "currency": "USD",
            "lines": 1,
            "total_lines": 1,
            "bad_texts": (a_bad_text(),),
            "waiting_since": at("08:00", day=22),
            **fields,
        },
    )


def a_remedy(code: RemedyCode = RemedyCode.SYNC_AND_RECODE, **fields: Any) -> Remedy:
    """What to do: recode, and Sync."""
    steps = ("Recode 1 line to another class: a workspace admin can recode an approved report.",)
    return Remedy(code, **{"sync_helps": "partly", "steps": steps, **fields})


def a_risk(*reports: ExposedReport, **fields: Any) -> Risk:
    """The class Marketing was inactivated and not imported; one approved report uses it."""
    return Risk(
        **{
            "policy_id": US,
            "ref": Ref("class", "12"),
            "full_name": "Sales : Marketing",
            "cause": Cause.INACTIVE,
            "certainty": Certainty.CERTAIN,
            "likely_code": "NS0831",
            "imported": Imported.NO,
            "import_sentence": "Expensify's own list still shows what NetSuite had before",
            "remedy": a_remedy(),
            "reports": reports or (an_exposed_report(),),
            "since": at("09:15"),
            "changed_by": "Dana Lee",
            "what_changed": "class “Sales : Marketing” was inactivated",
            **fields,
        }
    )


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)
