"""The same worlds behind real sockets: the whole program, with its configuration and its file."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

from monitor.adapters.store import Store
from monitor.app import App
from monitor.cli.demo.clock import StoryClock
from monitor.cli.demo.folder import prepare
from monitor.config.load import load
from monitor.cycle import CycleResult
from monitor.simulator import serve
from monitor.simulator.expensify.office import Policy
from tests.backtest.history import BEGIN, History, said_of
from tests.backtest.laws import Tally
from tests.backtest.worlds import Company


def live_served(seed: int, folder: Path) -> Tally:
    """Twelve hours of the world of this seed, each cycle as a process of its own would run it."""
    clock = StoryClock(BEGIN)
    company = Company(seed, clock.now)
    with serve(company.world) as servers, ExitStack() as opened:
        config = prepare(folder / "demo", company.world, servers)
        config.write_text(_with_workspaces(config.read_text(), company))

        def cycle() -> CycleResult:
            app = App(load(config), clock)
            with app.sources() as (netsuite, expensify):
                return app.cycle(netsuite, expensify)[0]

        def store() -> Store:
            opened.close()
            return opened.enter_context(Store.open(App(load(config), clock).settings.database))

        return History(company, clock, cycle, store).live()


def _with_workspaces(config: str, company: Company) -> str:
    """The demo's configuration with this company's workspaces instead of its own."""
    before, rest = config.split("[[workspace]]", 1)
    preference = f'show_projects_only = "{said_of(company)}"'
    workspaces = "".join(map(_workspace, company.policies()))
    after = "[slack]" + rest.split("[slack]", 1)[1]
    return f"{before}[netsuite.preferences]\n{preference}\n\n{workspaces}{after}"


def _workspace(policy: Policy) -> str:
    keys = {
        "policy_id": policy.policy_id,
        "name": policy.name,
        "subsidiary": policy.subsidiary,
        "reimbursable_export": policy.reimbursable_export,
        "company_card_export": policy.company_card_export,
        "cross_subsidiary_customers": policy.cross_subsidiary_customers,
        "journal_cards": list(policy.journal_cards),
        "required": list(policy.required),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    coding = [f"{kind} = {json.dumps(place)}" for kind, place in policy.coding.items()]
    return "\n".join(["[[workspace]]", *lines, "[workspace.coding]", *coding, "\n"])
