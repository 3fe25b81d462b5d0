"""A day with everything that goes wrong: no secret in a log, an output, a file or Slack."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor.cli import main
from monitor.logs import start_logs
from monitor.simulator.sample import MARKETING
from tests.scenarios.story import Story, a_story

NETSUITE_FAULTS = ("401", "403", "429", "500", "html", "truncated", "cut", "drop", "row-without-id")
EXPENSIFY_FAULTS = ("401", "410", "500", "html", "drop", "broken-file")
SLACK_FAULTS = ("429", "500", "html", "drop", "invalid_auth")
COMMANDS = (
    ["diff", "--since", "baseline"],
    ["diff", "--since", "baseline", "--json"],
    ["diff", "--since", "baseline", "--format", "csv"],
    ["risks"],
    ["risks", "--json"],
    ["status"],
    ["status", "--json"],
    ["report", "-o", "-"],
    ["alerts", "--json"],
    ["explain", "class:12"],
    ["health", "--json"],
    ["score", "--json"],
    ["db", "stats"],
    ["synced", "Acme US"],
    ["config", "show"],
    ["check"],
    ["check", "--json"],
    ["test-alert"],
    ["run", "--nonsense"],
)
SECRET_FILES = ("netsuite.pem", "expensify_secret", "slack_token")


def test_a_day_full_of_failures_gives_no_secret_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = io.StringIO()
    start_logs(verbosity=2, stream=log, is_terminal=False)
    with a_story(tmp_path) as story:
        folder = story.config.parent
        live(story)
        story.clock.sleep(120)  # the commands ask on the machine's clock: leave them room
        outputs = {" ".join(command): ask(story, command, capsys) for command in COMMANDS}
        outputs["backup"] = ask(story, ["backup", str(folder / "backups")], capsys)
        story.world.netsuite.faults.always("401")
        story.world.expensify.faults.always("401")
        story.world.slack.faults.always("invalid_auth")
        outputs |= {f"failing {c}": ask(story, [c], capsys) for c in ("check", "test-alert")}
        said = {
            "the log": log.getvalue(),
            "Slack": json.dumps(story.world.slack.messages),
            **outputs,
            **{
                path.name: path.read_bytes().decode("latin-1")
                for path in folder.rglob("*")
                if path.is_file() and path.name not in (*SECRET_FILES, "client_id", "expensify_id")
            },
        }
        shapes = set(shapes_of_all_secrets(story))
    assert len(log.getvalue().splitlines()) > 50
    found = {place for place, text in said.items() for shape in shapes if shape in text}
    assert found == set()


def live(story: Story) -> None:
    """One cycle after the other, each with another thing that fails."""
    story.cycle()
    story.tables.inactivate("class", MARKETING)
    story.cycle()
    for fault in NETSUITE_FAULTS:
        story.world.netsuite.faults.next(fault, times=20)
        story.cycle()
        story.world.netsuite.faults.clear()
    for fault in EXPENSIFY_FAULTS:
        story.world.expensify.faults.next(fault, times=20)
        story.cycle()
        story.world.expensify.faults.clear()
    for number, fault in enumerate(SLACK_FAULTS):
        story.world.slack.faults.next(fault, times=5)
        (story.tables.reactivate if number % 2 else story.tables.inactivate)("class", 21)
        story.cycle()
        story.world.slack.faults.clear()
    story.world.netsuite.sign_in.revoke()
    story.cycle()


def ask(story: Story, command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    main(["--config", str(story.config), *command])
    return "".join(capsys.readouterr())


def shapes_of_all_secrets(story: Story) -> Iterator[str]:
    """Every secret of the day, as written and as a wire or a log might spell it."""
    folder = story.config.parent
    pem = (folder / "netsuite.pem").read_text()
    secrets = [
        *(line for line in pem.splitlines() if line and not line.startswith("-")),
        (folder / "expensify_secret").read_text(),
        (folder / "slack_token").read_text(),
        *story.world.netsuite.sign_in.tokens,
    ]
    assert len(secrets) >= 5, "the key, the secret, the token of Slack, and tokens of the day"
    for secret in secrets:
        yield secret
        yield quote(secret, safe="")
        yield base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]
