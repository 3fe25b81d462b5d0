"""NetSuite: the sign-in, its clock, every list and what a list lacks, and what is too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from monitor.adapters.netsuite import NetSuite
from monitor.adapters.netsuite.capability import cure
from monitor.adapters.netsuite.segments import spec_of
from monitor.adapters.netsuite.source import Examined
from monitor.answers.caveats import rules_by_list, rules_resting_on
from monitor.answers.witnesses import WitnessView, logins_view, notes_view
from monitor.app import App
from monitor.checking.findings import Finding, bad, clock, fine, note, tried
from monitor.core.message.words import counted, length, listed
from monitor.core.records import Kind
from monitor.core.risks import Cause

_LOOKS_BACK = timedelta(days=30)
_REFUSES_LATER = "; beyond 5 minutes NetSuite lets nobody in"
_MAY_BE_HIDDEN = (
    "if there are some in NetSuite: set the role's subsidiary restriction to All, and no class, "
    "department, location or employee restriction"
)

Rules = Mapping[str, tuple[Cause, ...]]


def netsuite(app: App) -> Iterator[Finding]:
    """What the account shows the monitor's role; its clock is looked at even where that fails."""
    with app.sources() as (source, _):
        yield from tried("NetSuite", _role(app, source))
        yield from clock("NetSuite", source.clock_ahead, otherwise=_REFUSES_LATER)


def _role(app: App, source: NetSuite) -> Iterator[Finding]:
    settings = app.settings.netsuite
    source.server_time()  # the first question signs in
    yield fine("NetSuite", f"signed in to the account {settings.account} ({settings.auth.method})")
    rules = rules_by_list(app.settings.workspaces)
    for examined in source.examine((Kind.SUBSIDIARY, *settings.kinds)):
        yield _list(examined, rules)
        if examined.kind == Kind.SUBSIDIARY and examined.rows is not None:
            yield from _subsidiaries(app, source)
    yield from _not_watched(settings.kinds, rules)
    yield _deletions(is_shown=source.sight.has_deletions())
    yield from _witnesses(app, source)
    yield from _too_much(settings.kinds, source)


def _list(examined: Examined, rules: Rules) -> Finding:
    """One list; `rules` are those that need it, by the workspaces' own coding."""
    kind, needed = examined.kind, rules.get(examined.kind, ())
    subject, spec = f"NetSuite list {kind}", spec_of(kind)
    if examined.rows is None:
        what, _, do = examined.detail.rpartition(": ")
        return note(subject, f"off: {what}{_off(needed)}", do)
    rows = counted(examined.rows, "row")
    if lacking := examined.missing_columns:
        off = tuple(one for one in rules_resting_on(kind, lacking) if one in needed)
        return note(subject, f"{rows}, without {listed(lacking)}{_off(off)}", cure(spec))
    if not examined.rows and needed:
        return note(subject, "0 rows: it is empty, or hidden from the role", _MAY_BE_HIDDEN)
    return fine(subject, f"{rows}, every column ({spec.permission})")


def _subsidiaries(app: App, source: NetSuite) -> Iterator[Finding]:
    """The workspaces whose subsidiary is none."""
    seen = source.sight.subsidiaries()
    for one in app.settings.workspaces:
        if one.subsidiary is not None and one.subsidiary not in seen:
            yield bad(
                f"workspace {one.name}",
                f"NetSuite shows the role no subsidiary {one.subsidiary}, so every record would "
                "seem to be outside of it",
                "check subsidiary in [[workspace]] (it is an internal id), and set the role's "
                "subsidiary restriction to All",
            )


def _off(causes: tuple[Cause, ...]) -> str:
    return f" (so these rules are off: {', '.join(one.code for one in causes)})" if causes else ""


def _not_watched(kinds: tuple[str, ...], rules: Rules) -> Iterator[Finding]:
    """The lists that rules need and the configuration leaves out."""
    for kind, causes in rules.items():
        if kind not in (Kind.SUBSIDIARY, *kinds):
            yield note(
                f"NetSuite list {kind}",
                f"off: netsuite.lists does not name it{_off(causes)}",
                f"name it there, and grant {spec_of(kind).permission}",
            )


def _deletions(*, is_shown: bool) -> Finding:
    subject = "NetSuite deletions"
    if is_shown:
        return fine(subject, "the role is shown what was deleted")
    return note(
        subject,
        "NetSuite shows the role no deleted records, so a deletion is believed a cycle later",
        "grant Deleted Records to know it at once",
    )


def _witnesses(app: App, source: NetSuite) -> Iterator[Finding]:
    """What else NetSuite tells: optional, so nothing of it is bad."""
    since = app.clock.now() - _LOOKS_BACK
    logins = source.logins(app.settings.expensify.netsuite_application, since=since)
    notes = source.notes(None, since=since, most_pages=1)
    authors = frozenset(one.author for one in notes.notes if one.author)
    named = logins.detail or ", ".join(logins.applications)
    yield _witness(logins_view(named, is_off=logins.is_off))
    if logins.failed_at is not None:
        yield note(
            "NetSuite login audit",
            f"{logins.words} ({length(app.clock.now() - logins.failed_at)} ago, and none since)",
            "in Expensify, connect the workspace to NetSuite anew",
        )
    yield _witness(notes_view(authors, is_off=notes.is_off))


def _witness(view: WitnessView) -> Finding:
    """What it shows; where it is not to be trusted, its sentence ends with what to do, in
    brackets.
    """
    subject = f"NetSuite {view.title}"
    if view.is_trusted:
        return fine(subject, view.sentence)
    what, _, do = view.sentence.removesuffix(")").rpartition(" (")
    return note(subject, what, do)


def _too_much(kinds: tuple[str, ...], source: NetSuite) -> Iterator[Finding]:
    """What the role may read and nobody needs. What it may write, no SELECT tells."""
    shown = tuple(source.sight.too_much(kinds))
    for one in shown:
        yield note(
            "NetSuite role",
            f"may read {one.what}, which the monitor never does",
            one.remedy,
        )
    if not shown:
        yield fine(
            "NetSuite role",
            "nothing was found that it may read beyond its lists (View is enough for these: "
            "whether it may edit, NetSuite does not tell)",
        )
