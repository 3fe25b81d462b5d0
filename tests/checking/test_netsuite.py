"""NetSuite: every list with what it lacks and which rules that costs, and what is too much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.checking.findings import Finding, State, bad, fine, note
from monitor.checking.netsuite import netsuite
from monitor.config.load import load
from tests.scenarios.story import Story, a_story

RESTRICTIONS = (
    "if there are some in NetSuite: set the role's subsidiary restriction to All, and no class, "
    "department, location or employee restriction"
)
OF_PEOPLE = (
    "not_a_resource, employee_default_broken, employee_unusable, employee_default_empty, "
    "employee_edited_since_sync, employee_rule_stale"
)
IN_ORDER = [
    fine("NetSuite", "signed in to the account 1234567 (oauth2)"),
    fine(
        "NetSuite list subsidiary",
        "2 rows, every column (Lists > Subsidiaries (View), and OneWorld)",
    ),
    fine("NetSuite list class", "11 rows, every column (Lists > Classes (View))"),
    fine("NetSuite list department", "3 rows, every column (Lists > Departments (View))"),
    fine("NetSuite list location", "2 rows, every column (Lists > Locations (View))"),
    fine("NetSuite list project", "1 row, every column (Lists > Projects (View))"),
    fine("NetSuite list customer", "1 row, every column (Lists > Customers (View))"),
    fine("NetSuite list employee", "6 rows, every column (Lists > Employees (View))"),
    fine("NetSuite deletions", "the role is shown what was deleted"),
    fine("NetSuite login audit", "shows the logins of Expensify Connect"),
    fine("NetSuite system notes", "who edited a record is known"),
    fine(
        "NetSuite role",
        "nothing was found that it may read beyond its lists (View is enough for these: "
        "whether it may edit, NetSuite does not tell)",
    ),
    fine("NetSuite clock", "agrees with this machine's to the minute"),
]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """Acme, whose records two people have edited: a role that sees both sees everybody."""
    with a_story(tmp_path) as story:
        for author in (501, 900):
            story.tables.trail.author = author
            story.tables.edit("class", 10, externalid=f"X{author}")
        yield story


def found(story: Story) -> list[Finding]:
    return list(netsuite(App(load(story.config), story.clock)))


def amiss(story: Story) -> list[Finding]:
    """All that is not in order."""
    return [one for one in found(story) if one.state is not State.OK]


def test_where_all_is_in_order_nothing_is_to_be_done(story: Story) -> None:
    assert found(story) == IN_ORDER


def hide(table: str) -> Callable[[Story], object]:
    return lambda story: story.world.netsuite.suiteql.hidden_tables.add(table)


def hide_column(table: str, column: str) -> Callable[[Story], object]:
    def hidden(story: Story) -> None:
        story.world.netsuite.suiteql.hidden_columns[table, column] = "identifier"

    return hidden


def hide_rows(table: str, *ids: int) -> Callable[[Story], object]:
    rows = {(table, one) for one in ids}
    return lambda story: story.world.netsuite.suiteql.hidden_rows.update(rows)


def show(table: str, *columns: str) -> Callable[[Story], object]:
    return lambda story: story.world.netsuite.suiteql.show(table, *columns)


def too_much(what: str, do: str) -> Finding:
    return note("NetSuite role", f"may read {what}, which the monitor never does", do)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param(
            hide("customer"),
            note(
                "NetSuite list customer",
                "off: NetSuite shows no table customer to the monitor's role",
                "grant Lists > Customers (View), or the feature is off",
            ),
            id="a list that no rule needs is off",
        ),
        pytest.param(
            hide("department"),
            note(
                "NetSuite list department",
                "off: NetSuite shows no table department to the monitor's role (so these rules "
                "are off: deleted, inactive, outside_subsidiary, employee_default_broken, "
                "edited_since_sync, parent_inactive)",
                "grant Lists > Departments (View), or the feature is off",
            ),
            id="a list is off, and the rules that need it",
        ),
        pytest.param(
            hide_column("employee", "isinactive"),
            note(
                "NetSuite list employee",
                "off: NetSuite shows the table employee without its column isinactive to the "
                "monitor's role, and nothing can be said without it (so these rules are off: "
                f"{OF_PEOPLE})",
                "grant Lists > Employees (View)",
            ),
            id="a list without the column that all depends on is off",
        ),
        pytest.param(
            hide_column("classification", "externalid"),
            note(
                "NetSuite list class",
                "11 rows, without externalid",
                "grant Lists > Classes (View), or the feature is off",
            ),
            id="a column that no rule needs is wanting",
        ),
        pytest.param(
            hide_column("job", "allowexpenses"),
            note(
                "NetSuite list project",
                "1 row, without allowexpenses (so these rules are off: project_closed_to_expenses)",
                "grant Lists > Projects (View), or the feature is off",
            ),
            id="a column is wanting, and the rule that needs it",
        ),
        pytest.param(
            hide_column("location", "parent"),
            note(
                "NetSuite list location",
                "2 rows, without parent",
                "grant Lists > Locations (View), or the feature is off",
            ),
            id="no workspace keeps locations, so no rule is lost with their column",
        ),
        pytest.param(
            hide_rows("department", 1, 2, 3),
            note(
                "NetSuite list department",
                "0 rows: it is empty, or hidden from the role",
                RESTRICTIONS,
            ),
            id="a list that rules need is empty",
        ),
        pytest.param(
            hide("deletedrecord"),
            note(
                "NetSuite deletions",
                "NetSuite shows the role no deleted records, so a deletion is believed a cycle "
                "later",
                "grant Deleted Records to know it at once",
            ),
            id="no deleted records",
        ),
        pytest.param(
            hide("loginaudit"),
            note(
                "NetSuite login audit",
                "NetSuite shows the monitor's role no login audit, so Expensify's logins are no "
                "evidence",
                "grant Setup > View Login Audit Trail",
            ),
            id="no login audit",
        ),
        pytest.param(
            hide("systemnote"),
            note(
                "NetSuite system notes",
                "NetSuite shows the monitor's role no system notes: who edited a record is unknown",
                "grant System Notes for Analytics and REST",
            ),
            id="no system notes",
        ),
        pytest.param(
            show("transaction"),
            too_much("transactions", "take all that stands under Transactions away from the role"),
            id="transactions are too much",
        ),
        pytest.param(
            show("vendor"),
            too_much("vendors", "take Lists > Vendors away from the role"),
            id="vendors are too much",
        ),
        pytest.param(
            show("account"),
            too_much("accounts", "take Lists > Accounts away from the role"),
            id="accounts are too much",
        ),
        pytest.param(
            show("item"),
            too_much("items", "take Lists > Items away from the role"),
            id="items are too much",
        ),
        *(
            pytest.param(
                show("employee", column),
                too_much(
                    f"employees' {what}",
                    "give the role no other permission for employees than Lists > Employees (View)",
                ),
                id=f"{what} are too much",
            )
            for column, what in (
                ("socialsecuritynumber", "social security numbers"),
                ("birthdate", "dates of birth"),
                ("laborcost", "labor costs"),
            )
        ),
    ],
)
def test_what_is_not_in_order_is_told_with_what_to_do(
    story: Story, changed: Callable[[Story], object], told: Finding
) -> None:
    changed(story)
    assert amiss(story) == [told]


def test_an_empty_list_that_no_rule_needs_is_in_order(story: Story) -> None:
    hide_rows("location", 1, -5)(story)
    empty = fine("NetSuite list location", "0 rows, every column (Lists > Locations (View))")
    assert empty in found(story)


def test_a_login_that_was_refused_is_told_with_netsuite_s_words(story: Story) -> None:
    story.clock.sleep(60)
    story.tables.trail.log_in(is_good=False, detail="Token revoked")
    story.clock.sleep(600)
    assert amiss(story) == [
        note(
            "NetSuite login audit",
            "NetSuite refused the login of Expensify Connect: Token revoked "
            "(10 min ago, and none since)",
            "in Expensify, connect the workspace to NetSuite anew",
        )
    ]


@pytest.mark.parametrize("subsidiary", ["7", "Acme Inc."], ids=["a wrong id", "a name"])
def test_a_workspace_s_subsidiary_that_the_role_is_not_shown_is_told(
    story: Story, subsidiary: str
) -> None:
    config = story.config.read_text()
    story.config.write_text(config.replace('subsidiary = "2"', f'subsidiary = "{subsidiary}"'))
    assert amiss(story) == [
        bad(
            "workspace Acme UK",
            f"NetSuite shows the role no subsidiary {subsidiary}, so every record would seem to "
            "be outside of it",
            "check subsidiary in [[workspace]] (it is an internal id), and set the role's "
            "subsidiary restriction to All",
        )
    ]


def test_without_the_list_nothing_is_said_of_a_subsidiary(story: Story) -> None:
    hide("subsidiary")(story)
    assert [one.subject for one in amiss(story)] == ["NetSuite list subsidiary"]


def watching(story: Story, lists: str) -> None:
    config = story.config.read_text()
    story.config.write_text(config.replace("[netsuite]\n", f"[netsuite]\nlists = {lists}\n"))


def test_a_list_that_is_not_watched_is_off_for_the_rules_and_too_much_for_the_role(
    story: Story,
) -> None:
    watching(story, '["class", "department", "project", "location", "customer"]')
    off = note(
        "NetSuite list employee",
        f"off: netsuite.lists does not name it (so these rules are off: {OF_PEOPLE})",
        "name it there, and grant Lists > Employees (View)",
    )
    readable = too_much(
        "the list employee",
        "take Lists > Employees (View) away from the role, or name it in netsuite.lists",
    )
    assert amiss(story) == [off, readable]
    hide("employee")(story)
    assert amiss(story) == [off]


def test_what_the_role_may_not_read_is_not_shown_however_netsuite_says_so(story: Story) -> None:
    story.world.netsuite.faults.always("500", match="FROM vendor")
    story.world.netsuite.faults.always("403", match="FROM item")
    story.world.netsuite.suiteql.says_of_tables = "unsupported"
    assert found(story) == IN_ORDER


def test_where_netsuite_is_too_busy_to_say_nothing_is_said_of_the_role(story: Story) -> None:
    story.world.netsuite.faults.always("503", match="FROM vendor")
    (told,) = amiss(story)
    assert (told.state, told.subject) == (State.BAD, "NetSuite")
    assert told.do == "try again in a few minutes; should it stay, ask the service's status page"
    assert "NetSuite role" not in [one.subject for one in found(story)]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        pytest.param(95, "95 s behind", id="NetSuite's is ahead"),
        pytest.param(-120, "120 s ahead of", id="NetSuite's is behind"),
    ],
)
def test_a_clock_that_is_off_is_told_with_its_direction(
    story: Story, seconds: int, said: str
) -> None:
    ours = story.clock.now
    story.world.netsuite.sign_in.now = lambda: ours() + timedelta(seconds=seconds)
    (told,) = amiss(story)
    assert (told.subject, told.sentence) == (
        "NetSuite clock",
        f"this machine's clock is {said} NetSuite's; beyond 5 minutes NetSuite lets nobody in",
    )


def test_where_nobody_is_let_in_the_clock_is_told_all_the_same(story: Story) -> None:
    story.world.netsuite.faults.always("401")
    refused, clock = found(story)
    assert (refused.state, refused.subject) == (State.BAD, "NetSuite")
    assert refused.sentence == "NetSuite refused the monitor's credentials (401)"
    assert refused.do.startswith("check [netsuite.auth]")
    assert clock == IN_ORDER[-1]
