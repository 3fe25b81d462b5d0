"""The configuration, who may change its files, and what readings so far showed of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from monitor.adapters.netsuite.segments import spec_of
from monitor.answers.caveats import RulesOff, caps_of, rules_off
from monitor.answers.known import Known, known
from monitor.answers.standing import questions_of
from monitor.app import App
from monitor.checking.findings import Finding, bad, fine, note
from monitor.checking.machine import kept_by_others
from monitor.config.settings import Settings
from monitor.config.stored import StoredSettings
from monitor.core.message.words import counted, listed
from monitor.secret import Secret

_WHERE_FROM = {
    "file": "{} that only the owner can read",
    "env": "{} of the environment",
    "credential": "{} of systemd",
}
_NOUNS = {"file": "file", "env": "variable", "credential": "credential"}


def configuration(app: App, config: Path) -> Iterator[Finding]:
    """What the file says, and who else could have it say something else."""
    settings = app.settings
    yield fine("configuration", f"{config}, {counted(len(settings.workspaces), 'workspace')}")
    yield from _shadow(settings)
    yield from _metrics(settings.health.metrics)
    secrets = tuple(_secrets(settings))
    yield fine("secrets", listed(_sources(secrets)))
    folders = [config.parent / _file_of(one).parent for one in secrets if _is_file(one)]
    yield from kept_by_others("configuration", [config, config.parent, *folders])


def remembered(app: App, *, is_offline: bool) -> Iterator[Finding]:
    """What the readings so far show of the configuration as it is now; nothing before the first.

    Which lists and columns the role is shown is better asked than remembered.
    """
    path = app.settings.database
    if not path.is_file() or not path.stat().st_size:
        return
    names = {workspace.policy_id: workspace.name for workspace in app.settings.workspaces}
    with known(path) as database:
        present = Known(database.store, StoredSettings.read(app.settings.public()))
        for off in rules_off(present):
            if is_offline or off.is_blind:
                yield note("rules", off.sentence, _remedy(off, app.settings))
        for cap in caps_of(present):
            yield note(
                f"rule {cap.cause.code}",
                cap.sentence,
                f"look at these reports; if the rule is right: `monitor trust {cap.cause.code}`",
            )
        for one in questions_of(present, now=app.clock.now()):
            yield note(
                f"workspace {names[one.policy_id]}",
                one.sentence,
                "correct what it names, in the configuration or at its source",
            )


def _shadow(settings: Settings) -> Iterator[Finding]:
    if settings.alerts.shadow:
        yield note(
            "alerts",
            "shadow mode is on, so nobody is told",
            "see `monitor alerts --shadow`, then write shadow = false in [alerts]",
        )


def _metrics(address: str) -> Iterator[Finding]:
    if not address:
        return
    host = address.rpartition(":")[0]
    if find_spec("prometheus_client") is None:
        yield bad(
            "metrics",
            "[health] metrics needs the package prometheus-client, without which nothing runs",
            "run `pip install '.[metrics]'`, or leave metrics out",
        )
    elif host != "localhost" and not _is_loopback(host):
        yield note(
            "metrics",
            f"whoever reaches {address} may read the numbers: nothing guards them",
            "write 127.0.0.1 in [health] metrics, or let a firewall guard it",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _remedy(off: RulesOff, settings: Settings) -> str:
    grant = f"grant the role {spec_of(off.kind).permission}"
    if off.is_blind:
        return f"{grant}; `monitor status` tells since when it is so"
    if off.kind in (*settings.netsuite.kinds, "subsidiary"):
        return f"{grant}, or leave it off"
    return f"name {off.kind} in netsuite.lists, and {grant}"


def _secrets(section: BaseModel) -> Iterator[Secret]:
    for name in type(section).model_fields:
        yield from _secrets_in(getattr(section, name))


def _secrets_in(value: Any) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, BaseModel):
        yield from _secrets(value)


def _sources(secrets: tuple[Secret, ...]) -> Iterator[str]:
    for scheme, count in sorted(Counter(map(_scheme, secrets)).items()):
        yield _WHERE_FROM[scheme].format(counted(count, _NOUNS[scheme]))


def _scheme(secret: Secret) -> str:
    return secret.reference.partition(":")[0]


def _is_file(secret: Secret) -> bool:
    return _scheme(secret) == "file"


def _file_of(secret: Secret) -> Path:
    return Path(secret.reference.partition(":")[2])
