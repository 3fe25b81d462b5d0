"""What readings so far showed: rules that are off or capped, and questions about the set-up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.app import App
from monitor.checking.configuration import remembered
from monitor.checking.findings import Finding, note
from monitor.config.load import load
from monitor.core.places import SetUpQuestion
from monitor.core.records import Ref
from monitor.core.refutations import Refutation
from monitor.core.reports import Route
from monitor.core.risks import Cause
from monitor.simulator.sample import US
from tests.scenarios.asking import ago
from tests.scenarios.story import Story, a_story

OF_PEOPLE = (
    "not_a_resource, employee_default_broken, employee_unusable, employee_default_empty, "
    "employee_edited_since_sync, employee_rule_stale"
)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as story:
        yield story


def found(story: Story, *, is_offline: bool = True) -> list[Finding]:
    app = App(load(story.config), story.clock)
    return list(remembered(app, is_offline=is_offline))


def test_before_the_first_reading_nothing_is_remembered(story: Story) -> None:
    assert found(story) == []


def test_an_empty_file_remembers_nothing_either(story: Story) -> None:
    story.app.settings.database.touch()
    assert found(story) == []


def test_after_a_good_cycle_there_is_nothing_to_say(story: Story) -> None:
    story.cycle()
    assert found(story) == []


def test_a_list_that_is_off_is_remembered_only_where_nobody_asks_for_it_again(
    story: Story,
) -> None:
    story.world.netsuite.suiteql.hidden_tables.add("employee")
    story.cycle()
    (told,) = found(story)
    assert told.sentence.startswith(f"rules that are off ({OF_PEOPLE}): the list employee cannot")
    assert told.do == "grant the role Lists > Employees (View), or leave it off"
    assert found(story, is_offline=False) == []


def test_a_list_that_is_not_watched_is_told_with_where_to_name_it(story: Story) -> None:
    story.cycle()
    config = story.config.read_text()
    lists = 'lists = ["class", "department", "project"]'
    story.config.write_text(config.replace("[netsuite]\n", f"[netsuite]\n{lists}\n"))
    assert found(story) == [
        note(
            "rules",
            f"rules that are off ({OF_PEOPLE}): the list employee is not among netsuite.lists",
            "name employee in netsuite.lists, and grant the role Lists > Employees (View)",
        )
    ]


def test_a_list_that_became_blind_is_told_whoever_is_asked(story: Story) -> None:
    story.cycle()
    story.world.netsuite.suiteql.hidden_tables.add("department")
    story.at("08:15").cycle()
    (told,) = found(story, is_offline=False)
    assert "the list department cannot be read" in told.sentence
    assert told.do == (
        "grant the role Lists > Departments (View); `monitor status` tells since when it is so"
    )


def test_a_rule_that_exports_spoke_against_is_told_with_how_to_trust_it(story: Story) -> None:
    story.cycle()
    with story.store() as store, store.immediate():
        store.lessons.add(
            Refutation(Cause.INACTIVE, Ref("class", "12"), "1", Route.EXPENSE_REPORT, f"R{n}", at)
            for n, at in enumerate([ago(hours=3), ago(hours=2)])
        )
    (told,) = found(story, is_offline=False)
    assert told.subject == "rule inactive"
    assert told.sentence.startswith("only possible since reports R0, R1 exported")
    assert told.do == "look at these reports; if the rule is right: `monitor trust inactive`"


def test_a_question_about_the_set_up_is_told_with_its_workspace(story: Story) -> None:
    story.cycle()
    with story.store() as store, store.immediate():
        store.places.ask([SetUpQuestion(US, "tag:1", "is this meant?")])
    assert found(story, is_offline=False) == [
        note(
            "workspace Acme US",
            "is this meant?",
            "correct what it names, in the configuration or at its source",
        )
    ]
