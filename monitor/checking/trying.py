"""What is tried, in its order: this machine, then each service; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.app import App
from monitor.checking.configuration import configuration, remembered
from monitor.checking.expensify import expensify
from monitor.checking.findings import Finding, State, fine, tried
from monitor.checking.machine import machine
from monitor.checking.netsuite import netsuite
from monitor.checking.slack import buttons, slack


def everything(
    app: App,
    config: Path,
    *,
    is_offline: bool = False,
    begin: Callable[[str], object] = lambda _service: None,
) -> Iterator[Finding]:
    """All that was found; `begin` is called with a service's name before it is asked.

    Offline only the configuration, its file and this machine are looked at.
    """
    yield from tried("configuration", configuration(app, config))
    here = list(tried("database", machine(app.settings.database)))
    yield from here
    if not any(one.state is State.BAD and one.subject == "database" for one in here):
        yield from tried("database", remembered(app, is_offline=is_offline))
    if is_offline:
        yield from tried("NetSuite", _credentials(app))
        yield from buttons(app, is_offline=True)
        return
    begin("NetSuite")
    yield from tried("NetSuite", netsuite(app))
    begin("Expensify")
    yield from tried("Expensify", expensify(app))
    begin("Slack")
    yield from tried("Slack", slack(app))
    yield from tried("buttons", buttons(app, is_offline=False))


def _credentials(app: App) -> Iterator[Finding]:
    with app.sources():
        yield fine("NetSuite", "its credentials can be used (nobody was asked)")
