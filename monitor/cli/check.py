"""`monitor check`: tries everything the monitor needs, and names what is missing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import click

from monitor.cli.invocation import Invocation
from monitor.core.message.words import counted
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.adapters.netsuite import NetSuite
    from monitor.app import App

_SIGNS = {"ok": "✓", "note": "!", "bad": "✗"}
_COLORS = {"ok": "green", "note": "yellow", "bad": "red"}
_SKEW_SECONDS = 60.0
_WEBHOOK_SAYS_LESS = (
    "a webhook can only add messages: nothing is edited, so figures that merely change are not "
    "told; there are no threads, no lists of more than ten reports, and no buttons"
)
_IN_SHADOW = (
    "shadow mode is on, so nobody is told: see `monitor alerts --shadow`, then write "
    "shadow = false in [alerts]"
)
_NO_APP_TOKEN = (
    "[slack] app_token leads to no app-level token, which begins with xapp-: create one with the "
    "scope connections:write (api.slack.com/apps > Basic Information > App-Level Tokens)"
)
_LOOKS_BACK = timedelta(days=30)


class Finding(NamedTuple):
    """One thing that was tried. `state` is ok, note or bad."""

    state: str
    subject: str
    sentence: str


@click.command()
@click.option("--offline", is_flag=True, help="Only the configuration and this machine.")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@click.pass_obj
def check(invocation: Invocation, offline: bool, is_json: bool) -> int:
    """Try the configuration, the credentials, every list, and the Slack channel.

    Nothing is written anywhere, and Slack hears nothing (`monitor test-alert` sends a sample).

    \b
    Ends with
      0    all that is needed works (also with remarks marked !)
      2    something marked ✗ does not work
      78   the configuration is wrong
    """
    from monitor.app import App

    app = App.from_settings(invocation.settings())
    findings = list(_findings(app, is_offline=offline))
    if is_json:
        rows = [finding._asdict() for finding in findings]
        click.echo(json.dumps({"schema_version": 1, "findings": rows}, ensure_ascii=False))
    else:
        for finding in findings:
            sign = click.style(_SIGNS[finding.state], fg=_COLORS[finding.state])
            click.echo(f"{sign} {finding.subject}: {finding.sentence}")
    return 2 if any(finding.state == "bad" for finding in findings) else 0


def _findings(app: App, *, is_offline: bool) -> Iterator[Finding]:
    from monitor.config.unheeded import unheeded

    yield Finding("ok", "configuration", counted(len(app.settings.workspaces), "workspace"))
    for key in unheeded(app.settings):
        if key != "slack.app_token":  # of which the buttons say why
            yield Finding("note", "configuration", f"{key} has no effect in this version")
    if app.settings.alerts.shadow:
        yield Finding("note", "alerts", _IN_SHADOW)
    yield Finding("ok", "SQLite", sqlite3.sqlite_version)
    folder = app.settings.database.absolute().parent
    if not folder.is_dir():
        yield Finding("bad", "database", f"the folder {folder} is not there: create it")
    yield from _tried("database", _remembered(app))
    if is_offline:
        yield from _tried("NetSuite", _signer(app))
        yield from _buttons(app, is_offline=True)
        return
    yield from _tried("NetSuite", _netsuite(app))
    yield from _tried("Expensify", _expensify(app))
    yield from _tried("Slack", _slack(app))
    yield from _tried("buttons", _buttons(app, is_offline=False))


def _tried(subject: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """What was found, until an error ends it: the error is a finding, too."""
    try:
        yield from findings
    except MonitorError as error:
        yield Finding("bad", subject, str(error))


def _signer(app: App) -> Iterator[Finding]:
    with app.sources():
        yield Finding("ok", "NetSuite", "its credentials can be used (nobody was asked)")


def _remembered(app: App) -> Iterator[Finding]:
    """What the readings so far show of the configuration as it is now; nothing before the first."""
    from monitor.answers.caveats import caps_of, rules_off
    from monitor.answers.known import Known, known
    from monitor.answers.standing import questions_of
    from monitor.config.stored import StoredSettings

    if not app.settings.database.is_file():
        return
    names = {workspace.policy_id: workspace.name for workspace in app.settings.workspaces}
    with known(app.settings.database) as database:
        present = Known(database.store, StoredSettings.read(app.settings.public()))
        for off in rules_off(present):
            yield Finding("note", "rules", off.sentence)
        for cap in caps_of(present):
            yield Finding("note", f"rule {cap.cause.code}", cap.sentence)
        for one in questions_of(present, now=app.clock.now()):
            yield Finding("note", f"workspace {names[one.policy_id]}", one.sentence)


def _netsuite(app: App) -> Iterator[Finding]:
    from monitor.answers.caveats import rules_by_list

    with app.sources() as (netsuite, _):
        rules = rules_by_list(app.settings.workspaces)
        told = netsuite.server_time()
        skew = abs((told - app.clock.now()).total_seconds()) if told else None
        if skew is not None and skew > _SKEW_SECONDS:
            yield Finding(
                "note", "NetSuite", f"its clock and this machine's are {skew:.0f} s apart"
            )
        for examined in netsuite.examine(("subsidiary", *app.settings.netsuite.kinds)):
            subject = f"NetSuite list {examined.kind}"
            if examined.rows is None:
                without = ", ".join(cause.code for cause in rules.get(examined.kind, ()))
                off = f" (so these rules are off: {without})" if without else ""
                yield Finding("note", subject, f"off: {examined.detail}{off}")
            elif examined.missing_columns:
                without = ", ".join(examined.missing_columns)
                yield Finding("note", subject, f"{examined.rows} rows, without {without}")
            else:
                yield Finding("ok", subject, f"{examined.rows} rows")
        yield from _witnesses(app, netsuite)


def _witnesses(app: App, netsuite: NetSuite) -> Iterator[Finding]:
    """What else NetSuite tells: optional, so nothing of it is bad."""
    from monitor.answers.witnesses import logins_view, notes_view

    since = app.clock.now() - _LOOKS_BACK
    logins = netsuite.logins(app.settings.expensify.netsuite_application, since=since)
    notes = netsuite.notes(None, since=since, most_pages=1)
    authors = frozenset(note.author for note in notes.notes if note.author)
    for view in (
        logins_view(logins.detail or ", ".join(logins.applications), is_off=logins.is_off),
        notes_view(authors, is_off=notes.is_off),
    ):
        yield Finding("ok" if view.is_trusted else "note", f"NetSuite {view.title}", view.sentence)


def _expensify(app: App) -> Iterator[Finding]:
    with app.sources() as (_, expensify):
        seen = {policy.policy_id: policy for policy in expensify.policies()}
    for workspace in app.settings.workspaces:
        policy = seen.get(workspace.policy_id)
        subject = f"workspace {workspace.name}"
        if policy is None:
            yield Finding(
                "bad",
                subject,
                f"the credential does not see {workspace.policy_id}: "
                "check policy_id, and make the credential's owner an admin of it",
            )
        else:
            yield Finding("ok", subject, f"seen as “{policy.name}” ({policy.role})")


def _slack(app: App) -> Iterator[Finding]:
    who = app.channel.verify()
    yield Finding(
        "ok",
        "Slack",
        f"signed in as {who}, channel {app.channel.name}"
        if who
        else "a webhook cannot be tried without posting: use `monitor test-alert`",
    )
    if not app.channel.can_edit:
        yield Finding("note", "Slack", _WEBHOOK_SAYS_LESS)


def _buttons(app: App, *, is_offline: bool) -> Iterator[Finding]:
    """Whether people can press them; nothing where nobody asked for any."""
    slack = app.settings.slack
    if slack.app_token is None:
        return
    if slack.token is None:
        yield Finding("note", "buttons", "a webhook's messages have no buttons: remove app_token")
    elif not slack.app_token.reveal().startswith("xapp-"):
        yield Finding("bad", "buttons", _NO_APP_TOKEN)
    elif is_offline:
        yield Finding("ok", "buttons", "there is an app token (nobody was asked)")
    else:
        app.try_buttons()
        yield Finding("ok", "buttons", "Slack lets the app connect; they work under `monitor run`")
