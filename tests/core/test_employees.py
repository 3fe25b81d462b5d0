"""Who a submitter is in NetSuite: by e-mail and subsidiary, and when e-mails tell too little."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from monitor.core.employees import EmployeeBook, EmployeeFound, default_of
from monitor.core.records import Record
from monitor.core.reports import Workspace
from tests.core.builders import NOW, a_workspace, at
from tests.core.rule_builders import a_staff, an_employee

ANA, BO = "ana@acme.example", "bo@acme.example"
ALIASED = a_workspace(aliases=(("ana@old.example", ANA),))


def _record_id(found: EmployeeFound) -> str | None:
    return found.record.id if found.record else None


@pytest.mark.parametrize(
    ("staff", "workspace", "address", "record_id", "is_usable"),
    [
        pytest.param([an_employee()], a_workspace(), ANA, "7", True, id="the one with the address"),
        pytest.param(
            [an_employee()], a_workspace(), " ANA@Acme.Example ", "7", True,
            id="blanks and case do not matter",
        ),
        pytest.param(
            [an_employee(email=" Ana@ACME.example")], a_workspace(), ANA, "7", True,
            id="nor do they in NetSuite",
        ),
        pytest.param(
            [an_employee()], ALIASED, "Ana@old.example", "7", True, id="through an alias",
        ),
        pytest.param(
            [an_employee("7", subsidiary_id="2"), an_employee("8")], a_workspace(), ANA, "8", True,
            id="of two subsidiaries the workspace's own",
        ),
        pytest.param(
            [an_employee(subsidiary_id="2")], a_workspace(), ANA, None, False,
            id="not somebody of another subsidiary",
        ),
        pytest.param(
            [an_employee(subsidiary_id="2")], a_workspace(subsidiary=None), ANA, "7", True,
            id="without subsidiaries anybody with the address",
        ),
        pytest.param(
            [an_employee(subsidiary_id=None)], a_workspace(), ANA, "7", True,
            id="somebody of whom NetSuite names no subsidiary, if nobody else fits",
        ),
        pytest.param(
            [an_employee("7", subsidiary_id=None), an_employee("8")], a_workspace(), ANA, "8", True,
            id="rather somebody of whom it does",
        ),
        pytest.param(
            [an_employee("7", is_inactive=True), an_employee("8")], a_workspace(), ANA, "8", True,
            id="of an inactive and an active one the active",
        ),
        pytest.param(
            [an_employee("7", released_on="2026-11-23"), an_employee("8")], a_workspace(), ANA,
            "8", True, id="of one who left and one who did not, who did not",
        ),
        pytest.param(
            [an_employee(released_on="2026-11-24")], a_workspace(), ANA, "7", True,
            id="on the last day somebody is still there",
        ),
        pytest.param(
            [an_employee(released_on="2026-11-23")], a_workspace(), ANA, "7", False,
            id="the day after, no more",
        ),
        pytest.param(
            [an_employee(hired_on="2026-11-24")], a_workspace(), ANA, "7", True,
            id="on the first day somebody is there already",
        ),
        pytest.param(
            [an_employee(hired_on="2026-11-26")], a_workspace(), ANA, "7", False,
            id="two days before, not yet",
        ),
        pytest.param(
            [an_employee("7", hired_on="2026-12-01"), an_employee("8")], a_workspace(), ANA,
            "8", True, id="of one who comes and one who is there, who is there",
        ),
        pytest.param(
            [an_employee(is_inactive=True)], a_workspace(), ANA, "7", False,
            id="an inactive one is known, and unusable",
        ),
        pytest.param([an_employee()], a_workspace(), BO, None, False, id="nobody has the address"),
    ],
)  # fmt: skip
def test_who_it_is(
    staff: list[Record], workspace: Workspace, address: str, record_id: str, is_usable: bool
) -> None:
    found = a_staff(*staff).find(workspace, address)
    assert (_record_id(found), found.is_usable, found.is_several) == (record_id, is_usable, False)


def test_of_several_usable_ones_nobody_knows_which() -> None:
    found = a_staff(an_employee("7"), an_employee("8")).find(a_workspace(), ANA)
    assert found == EmployeeFound(ANA, is_several=True, is_known=True)


@pytest.mark.parametrize(
    ("book", "is_known"),
    [
        pytest.param(a_staff(an_employee(subsidiary_id="2")), True, id="in another subsidiary"),
        pytest.param(a_staff(gone=[an_employee()]), True, id="before the record was deleted"),
        pytest.param(
            a_staff(an_employee(email=BO), former=[an_employee()]), True,
            id="under an older address",
        ),
        pytest.param(a_staff(an_employee(email=BO)), False, id="never"),
    ],
)  # fmt: skip
def test_an_address_was_known(book: EmployeeBook, is_known: bool) -> None:
    assert book.find(a_workspace(), ANA).is_known is is_known


def _addresses(known: int, unknown: int) -> tuple[EmployeeBook, set[str]]:
    staff = [an_employee(str(n), f"known{n}@acme.example") for n in range(known)]
    strangers = {f"stranger{n}@acme.example" for n in range(unknown)}
    return a_staff(*staff), {str(one.email) for one in staff} | strangers


@pytest.mark.parametrize(
    ("known", "unknown", "is_trusted"),
    [
        pytest.param(4, 1, True, id="one in five is a stranger: believed"),
        pytest.param(3, 2, False, id="two in five are strangers: not believed"),
        pytest.param(1, 3, True, id="of four submitters nothing can be concluded"),
        pytest.param(8, 2, True, id="exactly a fifth: believed"),
        pytest.param(7, 2, False, id="more than a fifth: not believed"),
    ],
)
def test_too_many_strangers_say_that_emails_tell_nothing(
    known: int, unknown: int, is_trusted: bool
) -> None:
    book, addresses = _addresses(known, unknown)
    assert book.is_trustworthy(a_workspace(), addresses) is is_trusted


def test_inactive_employees_are_no_strangers() -> None:
    staff = [an_employee(str(n), f"p{n}@x.example", is_inactive=True) for n in range(5)]
    assert a_staff(*staff).is_trustworthy(a_workspace(), {str(one.email) for one in staff})


@pytest.mark.parametrize("email", [None, "", "  "])
def test_without_any_address_nothing_is_believed(email: str | None) -> None:
    book = a_staff(an_employee(email=email))
    assert (book.is_readable, book.is_trustworthy(a_workspace(), {ANA})) == (False, False)


def test_a_default_that_nobody_has_may_be_out_of_sight() -> None:
    book = a_staff(an_employee(class_id="12"))
    assert [book.tells(kind) for kind in ("class", "department", "project")] == [True, False, False]


def test_the_default_of_an_employee() -> None:
    employee = an_employee(class_id="12", location_id="4")
    kinds = ("class", "department", "location", "project")
    assert [default_of(employee, kind) for kind in kinds] == ["12", None, "4", None]


def test_without_a_day_nobody_has_left_or_is_yet_to_come() -> None:
    for day in ({"released_on": "2020-01-01"}, {"hired_on": "2030-01-01"}):
        book = EmployeeBook([an_employee(**day)])
        assert book.find(a_workspace(), ANA).is_usable
    book = EmployeeBook([an_employee(is_inactive=True)])
    assert not book.find(a_workspace(), ANA).is_usable
    assert (
        not EmployeeBook([an_employee(released_on="2020-01-01")], now=NOW)
        .find(a_workspace(), ANA)
        .is_usable
    )


@pytest.mark.parametrize(
    ("day", "moment", "is_usable"),
    [
        pytest.param({"hired_on": "2026-11-25"}, "09:59", False, id="the 24th in every zone"),
        pytest.param({"hired_on": "2026-11-25"}, "10:00", True, id="the 25th on Kiritimati"),
        pytest.param({"released_on": "2026-11-23"}, "11:59", True, id="the 23rd on Baker Island"),
        pytest.param({"released_on": "2026-11-23"}, "12:00", False, id="the 23rd in no zone"),
    ],
)
def test_nobody_has_left_or_is_yet_to_come_whose_day_it_still_is_somewhere(
    day: dict[str, str], moment: str, is_usable: bool
) -> None:
    book = EmployeeBook([an_employee(**day)], now=at(moment))
    assert book.find(a_workspace(), ANA).is_usable is is_usable


def test_the_days_do_not_depend_on_the_zone_in_which_the_moment_is_told() -> None:
    told_in_tokyo = at("09:59").astimezone(timezone(timedelta(hours=9)))
    book = EmployeeBook([an_employee(hired_on="2026-11-25")], now=told_in_tokyo)
    assert not book.find(a_workspace(), ANA).is_usable
