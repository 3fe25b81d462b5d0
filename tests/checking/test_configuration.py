"""The configuration: what its settings leave without effect, and who else may change its files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.app import App
from monitor.checking.configuration import configuration
from monitor.checking.findings import Finding, bad, fine, note
from monitor.config.load import check, load
from tests.configuration import ENVIRON as BY_DEFAULT
from tests.configuration import PEM, a_document
from tests.scenarios.story import Story, a_story

ENVIRON = {"SLACK_BOT_TOKEN": "xoxb-0001-bot", "ID": "aa_partner_0001", "PEM": PEM}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as story:
        story.config.chmod(0o644)
        yield story


def found(story: Story) -> list[Finding]:
    return list(configuration(story.app, story.config))


def test_where_all_is_in_order_it_is_named_with_where_its_secrets_are(story: Story) -> None:
    assert found(story) == [
        fine("configuration", f"{story.config}, 2 workspaces"),
        fine("secrets", "5 files that only the owner can read"),
    ]


def test_secrets_are_counted_by_where_they_are(story: Story, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "pem").write_text(PEM)
    environ = {**ENVIRON, "CREDENTIALS_DIRECTORY": str(credentials)}
    changes = {
        "netsuite.auth.client_id": f"file:{story.config.parent}/client_id",
        "netsuite.auth.private_key": "credential:pem",
        "expensify.partner_user_id": "env:ID",
        "expensify.partner_user_secret": "env:ID",
    }
    settings = check(a_document(changes), story.config, environ)
    _, secrets = configuration(App(settings, story.clock), story.config)
    assert secrets == fine(
        "secrets",
        "1 credential of systemd, 3 variables of the environment and "
        "1 file that only the owner can read",
    )


def test_shadow_mode_is_told(story: Story) -> None:
    config = story.config.read_text()
    story.config.write_text(f"{config}\n[alerts]\nshadow = true\n")
    story.app = App(load(story.config), story.clock)
    assert found(story)[1:-1] == [
        note(
            "alerts",
            "shadow mode is on, so nobody is told",
            "see `monitor alerts --shadow`, then write shadow = false in [alerts]",
        )
    ]


def metrics_at(address: str, story: Story) -> list[Finding]:
    """What is found of the numbers that are served there."""
    settings = check(a_document({"health.metrics": address}), story.config, BY_DEFAULT)
    found = configuration(App(settings, story.clock), story.config)
    return [one for one in found if one.subject == "metrics"]


@pytest.mark.parametrize("address", ["127.0.0.1:9469", "localhost:9469", ""])
def test_numbers_for_this_machine_alone_are_in_order(story: Story, address: str) -> None:
    assert metrics_at(address, story) == []


@pytest.mark.parametrize("address", ["0.0.0.0:9469", "10.0.0.7:9469", "monitor.example:9469"])
def test_numbers_for_others_are_told(story: Story, address: str) -> None:
    assert metrics_at(address, story) == [
        note(
            "metrics",
            f"whoever reaches {address} may read the numbers: nothing guards them",
            "write 127.0.0.1 in [health] metrics, or let a firewall guard it",
        )
    ]


def test_numbers_without_their_package_are_told(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    assert metrics_at("127.0.0.1:9469", story) == [
        bad(
            "metrics",
            "[health] metrics needs the package prometheus-client, without which nothing runs",
            "run `pip install '.[metrics]'`, or leave metrics out",
        )
    ]


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_can_change_is_told(story: Story, mode: int) -> None:
    story.config.chmod(mode)
    assert found(story)[2:] == [
        note(
            "configuration",
            f"others can change {story.config} ({mode:04o}), and with it whom the monitor asks "
            "and tells",
            f"run chmod go-w {story.config}",
        )
    ]


def test_a_folder_in_which_others_can_replace_a_secret_is_told_once(
    story: Story, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    keys.chmod(0o770)
    for name in ("client_id", "slack_token"):
        (story.config.parent / name).rename(keys / name)
        text = story.config.read_text().replace(f'"file:{name}"', f'"file:{keys / name}"')
        story.config.write_text(text)
    story.app = App(load(story.config), story.clock)
    (told,) = found(story)[2:]
    assert told.do == f"run chmod go-w {keys}"
