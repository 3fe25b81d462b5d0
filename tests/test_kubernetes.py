"""The parts of the manifest in config/kubernetes/ fit together.

That it obeys Kubernetes' own schemas is checked beside the tests (kubernetes-validate).
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.cli import main
from monitor.config.load import check

_ROOT = Path(__file__).parent.parent
_MANIFEST = _ROOT / "config" / "kubernetes" / "monitor.yaml"
CONFIG_MAP, STATEFUL_SET = YAML(typ="safe").load_all(_MANIFEST)
POD = STATEFUL_SET["spec"]["template"]["spec"]
(CONTAINER,) = POD["containers"]


def document() -> dict[str, Any]:
    return tomllib.loads(CONFIG_MAP["data"]["monitor.toml"])


def test_its_names_fit_together() -> None:
    name = STATEFUL_SET["metadata"]["name"]
    assert CONFIG_MAP["metadata"]["name"] == STATEFUL_SET["spec"]["serviceName"] == name
    labels = STATEFUL_SET["spec"]["template"]["metadata"]["labels"]
    assert STATEFUL_SET["spec"]["selector"]["matchLabels"] == labels
    (claim,) = STATEFUL_SET["spec"]["volumeClaimTemplates"]
    volumes = {volume["name"] for volume in POD["volumes"]} | {claim["metadata"]["name"]}
    assert {mount["name"] for mount in CONTAINER["volumeMounts"]} == volumes


def test_its_configuration_is_right_with_the_secrets_where_it_mounts_them(tmp_path: Path) -> None:
    pem = "-----BEGIN PRIVATE KEY-----\nbm90LWEta2V5\n-----END PRIVATE KEY-----\n"
    for name in (
        "netsuite_client_id",
        "netsuite_private_key",
        "expensify_partner_user_id",
        "expensify_partner_user_secret",
        "slack_bot_token",
    ):
        secret = pem if name.endswith("key") else "xoxb-0001-bot"
        (tmp_path / name).write_text(secret)
        (tmp_path / name).chmod(0o440)  # as an fsGroup makes them
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    settings = check(document(), tmp_path / "monitor.toml", environ)
    said = {entry["name"]: entry["value"] for entry in CONTAINER["env"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert said["CREDENTIALS_DIRECTORY"] == mounts["credentials"]
    assert str(settings.database.parent) == mounts["database"]


PROBE = CONTAINER["livenessProbe"]["exec"]["command"]


@pytest.mark.parametrize(
    "command", [CONTAINER["args"], shlex.split(PROBE[-1])[:4]], ids=["what runs", "the probe"]
)
def test_its_commands_are_commands_of_the_monitor(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    program, _option, path, name = command
    assert (program, path) == ("monitor", "/etc/sync-drift-monitor/monitor.toml")
    assert main([name, "--help"]) == 0
    assert f"monitor {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "lives"),
    [
        pytest.param(0, True, id="healthy"),
        pytest.param(4, True, id="Slack refused a message: no restart helps"),
        pytest.param(3, False, id="the last good cycle is too old"),
        pytest.param(2, False, id="the database cannot be read"),
    ],
)
def test_a_pod_is_restarted_only_where_that_may_help(
    tmp_path: Path, code: int, lives: bool
) -> None:
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\nexit {code}\n")
    monitor.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    assert (subprocess.run(PROBE, env=environ, check=False).returncode == 0) is lives
