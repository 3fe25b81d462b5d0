"""All subjects in their order: one that cannot be looked at stops no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.checking import State, everything
from tests.scenarios.story import Story, a_story

NOBODY = 65534


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as story:
        yield story


@pytest.fixture
def unreachable(story: Story) -> Iterator[Story]:
    """Its folder is another user's, as a service's is for who is not that service."""
    folder, euid = story.config.parent, os.geteuid()
    folder.chmod(0)
    if euid == 0:
        os.seteuid(NOBODY)
    yield story
    os.seteuid(euid)
    folder.chmod(0o700)


def test_files_that_this_user_may_not_look_at_stop_nothing_else(unreachable: Story) -> None:
    found = list(everything(unreachable.app, unreachable.config, is_offline=True))
    assert [(one.subject, one.do) for one in found if one.state is State.BAD] == [
        (subject, "run `monitor check` as the user of the service")
        for subject in ("configuration", "database")
    ]
    assert found[-1].subject == "NetSuite"


def test_each_service_is_announced_before_anything_is_told_of_it(story: Story) -> None:
    order: list[str] = []
    for one in everything(story.app, story.config, begin=lambda name: order.append(f"ask {name}")):
        order.append(one.subject)
    asked = [order.index(f"ask {name}") for name in ("NetSuite", "Expensify", "Slack")]
    told = [order.index(f"NetSuite{about}") for about in ("", " clock")]
    assert asked[0] < told[0] < told[1] < asked[1] < order.index("Expensify clock") < asked[2]
    assert asked[2] < order.index("Slack")
