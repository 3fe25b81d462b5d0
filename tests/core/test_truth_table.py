"""Every rule by every state of the import: how sure it is, by which error, and what fixes it."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.predict import Situation, predict
from monitor.core.predict.rules import RULES
from monitor.core.records import Record
from monitor.core.reports import PendingReport
from monitor.core.risks import Cause
from monitor.core.sync import Imported, SyncFailure
from tests.core.builders import (
    US,
    a_class,
    a_history,
    a_record,
    a_situation,
    a_value,
    at,
    hours,
)
from tests.core.rule_builders import (
    a_customer,
    a_project,
    a_staff,
    a_trip,
    an_employee,
    by_default,
    changed,
    coded,
)

YES, NO, UNKNOWN = Imported.YES, Imported.NO, Imported.UNKNOWN
REGION = "segment:customrecord_region"
MARKETING, WEBSITE, GLOBEX = "Sales : Marketing", "Website", "Globex"
EAST = a_record(REGION, "5", "East", subsidiary_ids=None)


FAILURE = SyncFailure(US, at("07:00"), "NetSuite refused Expensify's login")


def classes(
    before: Record | None,
    after: Record | None,
    imported: Imported,
    text: str = MARKETING,
    **fields: Any,
) -> Situation:
    world = {"workspaces": (coded("tag:1", "class"),)}
    return changed(before, after, imported, a_trip(text), **{**world, **fields})


def parents(imported: Imported) -> Situation:
    """The class above Marketing was inactivated."""
    after = a_class("1", "Sales", is_inactive=True)
    present = [a_class(parent_id="1"), after]
    return classes(a_class("1", "Sales"), after, imported, present=present)


def projects(before: Record, after: Record | None, imported: Imported, **fields: Any) -> Situation:
    world = {"workspaces": (coded("tag:1", "project"),), "employees": a_staff(an_employee())}
    return changed(before, after, imported, a_trip(WEBSITE), **{**world, **fields})


def customers(
    before: Record,
    after: Record | None,
    imported: Imported,
    report: PendingReport | None = None,
    **fields: Any,
) -> Situation:
    world = {"workspaces": (coded("tag:1", "customer"),)}
    return changed(before, after, imported, report or a_trip(GLOBEX), **{**world, **fields})


def segments(before: Record, after: Record | None, imported: Imported) -> Situation:
    return changed(before, after, imported, a_trip("East"), workspaces=(coded("tag:1", REGION),))


def defaults(before: Record, after: Record | None, imported: Imported) -> Situation:
    """Ana's default class is the one that changed, and the report names none."""
    staff = a_staff(an_employee(class_id="12"))
    world = {"workspaces": (by_default("class"),), "employees": staff}
    return changed(before, after, imported, a_trip(), **world)


def people(before: Record, after: Record, imported: Imported, **fields: Any) -> Situation:
    world: dict[str, Any] = {"workspaces": (by_default("class"),), "present": [a_class()]}
    return changed(before, after, imported, a_trip(), **{**world, **fields})


def emptied(imported: Imported) -> Situation:
    """Ana's default class was taken away, and the form requires one; Bo has one."""
    return people(
        an_employee(class_id="12"),
        an_employee(),
        imported,
        workspaces=(by_default("class", required=("class",)),),
        employees=a_staff(an_employee(), an_employee("9", "bo@x.example", class_id="12")),
    )


def tagged_people(before: Record, after: Record, imported: Imported) -> Situation:
    world = {"workspaces": (coded("tag:1", "class"),), "present": [a_class(), a_class("13", "Ops")]}
    return people(before, after, imported, **world)


def two_texts(text: str, **fields: Any) -> Situation:
    """A report whose text matches nothing, beside one whose text does."""
    return a_situation(a_trip(text, **fields), present=[a_class()])


OFF = a_class(is_inactive=True)
ELSEWHERE = a_class(subsidiary_ids=("2",))
CLOSED = a_project(allow_expenses=False)
LIMITED = a_project(limit_to_resources=True, resource_ids=("9",))
ADMITTED = a_project(limit_to_resources=True, resource_ids=("7", "9"))
FOREIGN = a_customer(subsidiary_ids=("2",))
OFF_REGION = EAST._replace(is_inactive=True)
OTHER_CLASS = an_employee(class_id="13")
HAS_CLASS = an_employee(class_id="12")
LEFT = an_employee(is_inactive=True)
STRANGER = an_employee("9", "bo@x.example")

TABLE_ROWS: list[tuple[str, Situation, str]] = [
    ("deleted, imported",
     classes(a_class(), None, YES), "deleted certain NS0831 yes recode no"),
    ("deleted, not imported: Sync helps new expenses",
     classes(a_class(), None, NO), "deleted certain NS0831 no recode partly"),
    ("deleted, nobody knows whether imported",
     classes(a_class(), None, UNKNOWN), "deleted certain NS0831 unknown recode unknown"),
    ("inactivated, imported: Sync will not help",
     classes(a_class(), OFF, YES), "inactive certain NS0831 yes recode_or_reactivate no"),
    ("inactivated, not imported",
     classes(a_class(), OFF, NO), "inactive certain NS0831 no sync_and_recode partly"),
    ("inactivated, nobody knows whether imported",
     classes(a_class(), OFF, UNKNOWN), "inactive certain NS0831 unknown sync_and_recode unknown"),
    ("an inactive project has an error of its own",
     projects(a_project(), a_project(is_inactive=True), NO),
     "inactive certain NS0770 no sync_and_recode partly"),
    ("lost its subsidiary, imported",
     classes(a_class(), ELSEWHERE, YES),
     "outside_subsidiary certain NS0831 yes restore_subsidiary_or_recode no"),
    ("lost its subsidiary, not imported",
     classes(a_class(), ELSEWHERE, NO),
     "outside_subsidiary certain NS0831 no restore_subsidiary_or_recode no"),
    ("lost its subsidiary, nobody knows whether imported",
     classes(a_class(), ELSEWHERE, UNKNOWN),
     "outside_subsidiary certain NS0831 unknown restore_subsidiary_or_recode no"),
    ("a customer moved to another subsidiary, imported",
     customers(a_customer(), FOREIGN, YES),
     "customer_outside_subsidiary certain NS0728 yes enable_cross_subsidiary no"),
    ("a customer moved to another subsidiary, not imported",
     customers(a_customer(), FOREIGN, NO),
     "customer_outside_subsidiary certain NS0728 no enable_cross_subsidiary no"),
    ("a customer moved to another subsidiary, nobody knows whether imported",
     customers(a_customer(), FOREIGN, UNKNOWN),
     "customer_outside_subsidiary certain NS0728 unknown enable_cross_subsidiary no"),
    ("a project closed to expenses, imported",
     projects(a_project(), CLOSED, YES),
     "project_closed_to_expenses certain NS0831 yes open_project no"),
    ("a project closed to expenses, not imported",
     projects(a_project(), CLOSED, NO),
     "project_closed_to_expenses certain NS0831 no open_project no"),
    ("a project closed to expenses, nobody knows whether imported",
     projects(a_project(), CLOSED, UNKNOWN),
     "project_closed_to_expenses certain NS0831 unknown open_project no"),
    ("limited to others, imported",
     projects(a_project(), LIMITED, YES), "not_a_resource certain NS0024 yes open_project no"),
    ("limited to others, not imported",
     projects(a_project(), LIMITED, NO), "not_a_resource certain NS0024 no open_project no"),
    ("limited to others, nobody knows whether imported",
     projects(a_project(), LIMITED, UNKNOWN),
     "not_a_resource certain NS0024 unknown open_project no"),
    ("a billable line without customer: no sync would change that",
     a_situation(
         a_trip("", is_billable=True), present=[a_customer()],
         workspaces=(coded("tag:1", "customer"),),
     ),
     "billable_without_customer certain NS0046 unknown add_customer no"),
    ("a default that was inactivated, imported",
     defaults(a_class(), OFF, YES), "employee_default_broken certain NS0831 yes fix_employee no"),
    ("a default that was inactivated, not imported",
     defaults(a_class(), OFF, NO), "employee_default_broken certain NS0831 no fix_employee no"),
    ("a default that was inactivated, nobody knows whether imported",
     defaults(a_class(), OFF, UNKNOWN),
     "employee_default_broken certain NS0831 unknown fix_employee no"),
    ("a default that was deleted is as certain",
     defaults(a_class(), None, NO), "employee_default_broken certain NS0831 no fix_employee no"),
    ("a default that never had the subsidiary is as unsure as its rule",
     a_situation(
         a_trip(), present=[ELSEWHERE], workspaces=(by_default("class"),),
         employees=a_staff(HAS_CLASS),
     ),
     "employee_default_broken likely NS0831 unknown fix_employee no"),
    ("a default department has an error of its own",
     a_situation(
         a_trip(), present=[a_record("department", "4", "Ops", is_inactive=True)],
         workspaces=(by_default("department"),),
         employees=a_staff(an_employee(department_id="4")),
     ),
     "employee_default_broken certain NS0655 unknown fix_employee no"),
    ("the employee was inactivated, imported",
     people(an_employee(), LEFT, YES), "employee_unusable likely NS0023 yes fix_employee no"),
    ("the employee was inactivated, not imported",
     people(an_employee(), LEFT, NO), "employee_unusable likely NS0023 no fix_employee no"),
    ("the employee was inactivated, nobody knows whether imported",
     people(an_employee(), LEFT, UNKNOWN),
     "employee_unusable likely NS0023 unknown fix_employee no"),
    ("the employee is hired from the day after tomorrow on: so far no zone on earth has that day",
     people(an_employee(), an_employee(hired_on="2026-11-26"), UNKNOWN),
     "employee_unusable likely NS0023 unknown fix_employee no"),
    ("an address that nobody ever had is only possible",
     a_situation(a_trip("Marketing"), present=[a_class()], employees=a_staff(STRANGER)),
     "employee_unusable possible NS0023 unknown fix_employee no"),
    ("a segment value deleted, imported",
     segments(EAST, None, YES), "segment_value_deleted likely NS0831 yes recode no"),
    ("a segment value deleted, not imported",
     segments(EAST, None, NO), "segment_value_deleted likely NS0831 no recode partly"),
    ("a segment value deleted, nobody knows whether imported",
     segments(EAST, None, UNKNOWN), "segment_value_deleted likely NS0831 unknown recode unknown"),
    ("a segment value inactivated, imported",
     segments(EAST, OFF_REGION, YES),
     "segment_value_inactive likely NS0831 yes recode_or_reactivate no"),
    ("a segment value inactivated, not imported",
     segments(EAST, OFF_REGION, NO),
     "segment_value_inactive likely NS0831 no sync_and_recode partly"),
    ("a segment value inactivated, nobody knows whether imported",
     segments(EAST, OFF_REGION, UNKNOWN),
     "segment_value_inactive likely NS0831 unknown sync_and_recode unknown"),
    ("a customer where NetSuite takes only projects",
     a_situation(
         a_trip(GLOBEX), present=[a_customer()], workspaces=(coded("tag:1", "customer"),),
         show_projects_only="yes",
     ),
     "projects_only likely NS0831 unknown change_preference no"),
    ("a required default is missing, and somebody else has one",
     a_situation(
         a_trip(), present=[a_class()], workspaces=(by_default("class", required=("class",)),),
         employees=a_staff(an_employee(), an_employee("9", "bo@x.example", class_id="12")),
     ),
     "employee_default_empty likely NS0005 unknown fix_employee no"),
    ("reactivated, not imported: Sync fixes it",
     classes(OFF, a_class(), NO), "edited_since_sync likely NS0831 no sync yes"),
    ("reactivated, nobody knows whether imported",
     classes(OFF, a_class(), UNKNOWN),
     "edited_since_sync likely NS0831 unknown sync_to_be_sure unknown"),
    ("renamed, not imported: nobody knows whether Sync helps",
     classes(a_class(), a_class(path="Sales : Brand"), NO),
     "edited_since_sync possible NS0831 no sync_to_be_sure unknown"),
    ("a project opened to expenses, not imported",
     projects(CLOSED, a_project(), NO), "edited_since_sync likely NS0831 no sync yes"),
    ("the submitter became a resource, not imported",
     projects(LIMITED, ADMITTED, NO), "edited_since_sync likely NS0831 no sync yes"),
    ("a customer given the subsidiary, not imported",
     customers(FOREIGN, a_customer(), NO), "edited_since_sync likely NS0831 no sync yes"),
    ("a segment value reactivated, not imported",
     segments(OFF_REGION, EAST, NO), "edited_since_sync likely NS0831 no sync yes"),
    ("a default edited that the lines take, not imported",
     people(OTHER_CLASS, HAS_CLASS, NO), "employee_edited_since_sync likely NS0831 no sync yes"),
    ("a default edited that the lines take, nobody knows whether imported",
     people(OTHER_CLASS, HAS_CLASS, UNKNOWN),
     "employee_edited_since_sync likely NS0831 unknown sync_to_be_sure unknown"),
    ("the employee's subsidiary edited, whatever the lines take",
     people(
         HAS_CLASS._replace(subsidiary_id="2"), HAS_CLASS, NO,
         workspaces=(coded("tag:1", "class"),),
     ),
     "employee_edited_since_sync likely NS0831 no sync yes"),
    ("a default edited, nobody knows whether imported, 26 hours later",
     people(
         OTHER_CLASS, HAS_CLASS, UNKNOWN, now=at("09:15") + hours(27),
     ),
     "employee_edited_since_sync possible NS0831 unknown sync_to_be_sure unknown"),
    ("the workspace cannot sync",
     a_situation(a_trip(MARKETING), present=[a_class()], failing={US: FAILURE}),
     "sync_failing likely None no fix_connection no"),
    ("a text that no record has or had",
     two_texts("Markting"), "unknown_text possible NS0831 unknown recode no"),
    ("an approved text that Expensify does not offer either",
     a_situation(
         a_trip("Markting"), present=[a_class()], lists={US: a_history(a_value())},
     ),
     "unknown_text likely NS0831 unknown recode no"),
    ("an unknown text where a billable line needs its customer",
     a_situation(
         a_trip("Globx", is_billable=True), present=[a_customer()],
         workspaces=(coded("tag:1", "customer"),),
     ),
     "unknown_text possible NS0046 unknown recode no"),
    ("a record added since the last sync: Sync fixes it",
     classes(None, a_class(), NO), "new_not_imported possible NS0831 no sync yes"),
    ("a record added, nobody knows whether imported",
     classes(None, a_class(), UNKNOWN),
     "new_not_imported possible NS0831 unknown sync_to_be_sure unknown"),
    ("something above it is inactive",
     a_situation(
         a_trip(MARKETING),
         present=[a_class(parent_id="1"), a_class("1", "Sales", is_inactive=True)],
     ),
     "parent_inactive possible NS0831 unknown reactivate_parent no"),
    ("a default edited whose kind is a tag, not imported: only new expenses are touched",
     tagged_people(OTHER_CLASS, HAS_CLASS, NO), "employee_rule_stale possible None no sync yes"),
    ("a default edited whose kind is a tag, nobody knows whether imported",
     tagged_people(OTHER_CLASS, HAS_CLASS, UNKNOWN),
     "employee_rule_stale possible None unknown sync_to_be_sure unknown"),
    # What no import could change is never said to be imported, whatever else was edited.
    ("something above it was inactivated, imported: it is a risk beside it",
     parents(YES),
     "inactive certain NS0831 yes recode_or_reactivate no; "
     "parent_inactive possible NS0831 unknown reactivate_parent no"),
    ("something above it was inactivated, not imported: it is a risk beside it",
     parents(NO),
     "inactive certain NS0831 no sync_and_recode partly; "
     "parent_inactive possible NS0831 unknown reactivate_parent no"),
    ("something above it was inactivated, nobody knows whether imported: it is a risk beside it",
     parents(UNKNOWN),
     "inactive certain NS0831 unknown sync_and_recode unknown; "
     "parent_inactive possible NS0831 unknown reactivate_parent no"),
    ("a customer renamed where NetSuite takes only projects, imported",
     customers(
         a_customer(path="Globe"), a_customer(), YES, show_projects_only="yes"
     ),
     "projects_only likely NS0831 unknown change_preference no"),
    ("a customer renamed where NetSuite takes only projects, not imported",
     customers(
         a_customer(path="Globe"), a_customer(), NO, show_projects_only="yes"
     ),
     "projects_only likely NS0831 unknown change_preference no"),
    ("a customer renamed where NetSuite takes only projects, nobody knows whether imported",
     customers(
         a_customer(path="Globe"), a_customer(), UNKNOWN, show_projects_only="yes"
     ),
     "projects_only likely NS0831 unknown change_preference no"),
    ("the required default was taken away, imported",
     emptied(YES),
     "employee_default_empty likely NS0005 yes fix_employee no"),
    ("the required default was taken away, not imported",
     emptied(NO),
     "employee_default_empty likely NS0005 no fix_employee no"),
    ("the required default was taken away, nobody knows whether imported",
     emptied(UNKNOWN),
     "employee_default_empty likely NS0005 unknown fix_employee no"),
    ("a text that no record has, beside a class renamed, imported",
     classes(a_class(path="Brand"), a_class(), YES, "Markting"),
     "unknown_text possible NS0831 unknown recode no"),
    ("a text that no record has, beside a class renamed, not imported",
     classes(a_class(path="Brand"), a_class(), NO, "Markting"),
     "edited_since_sync possible NS0831 no sync_to_be_sure unknown; "
     "unknown_text possible NS0831 unknown recode no"),
    ("a text that no record has, beside a class renamed, nobody knows whether imported",
     classes(a_class(path="Brand"), a_class(), UNKNOWN, "Markting"),
     "edited_since_sync possible NS0831 unknown sync_to_be_sure unknown; "
     "unknown_text possible NS0831 unknown recode no"),
    ("a billable line without customer, beside a customer renamed, imported",
     customers(
         a_customer(path="Globe"), a_customer(), YES, report=a_trip("", is_billable=True)
     ),
     "billable_without_customer certain NS0046 unknown add_customer no"),
    ("a billable line without customer, beside a customer renamed, not imported",
     customers(
         a_customer(path="Globe"), a_customer(), NO, report=a_trip("", is_billable=True)
     ),
     "edited_since_sync possible NS0831 no sync_to_be_sure unknown; "
     "billable_without_customer certain NS0046 unknown add_customer no"),
    ("a billable line without customer, beside a customer renamed, nobody knows whether imported",
     customers(
         a_customer(path="Globe"), a_customer(), UNKNOWN, report=a_trip("", is_billable=True)
     ),
     "edited_since_sync possible NS0831 unknown sync_to_be_sure unknown; "
     "billable_without_customer certain NS0046 unknown add_customer no"),
    ("the workspace cannot sync, so nothing else likely is said, imported",
     classes(OFF, a_class(), YES, failing={US: FAILURE}),
     "sync_failing likely None no fix_connection no"),
    ("the workspace cannot sync, so nothing else likely is said, not imported",
     classes(OFF, a_class(), NO, failing={US: FAILURE}),
     "sync_failing likely None no fix_connection no"),
    ("the workspace cannot sync, so nothing else likely is said, nobody knows whether imported",
     classes(OFF, a_class(), UNKNOWN, failing={US: FAILURE}),
     "sync_failing likely None no fix_connection no"),
    ("the workspace cannot sync, and what is certain stays, imported",
     classes(a_class(), OFF, YES, failing={US: FAILURE}),
     "inactive certain NS0831 yes recode_or_reactivate no; "
     "sync_failing likely None no fix_connection no"),
    ("the workspace cannot sync, and what is certain stays, not imported",
     classes(a_class(), OFF, NO, failing={US: FAILURE}),
     "inactive certain NS0831 no sync_and_recode partly; "
     "sync_failing likely None no fix_connection no"),
    ("the workspace cannot sync, and what is certain stays, nobody knows whether imported",
     classes(a_class(), OFF, UNKNOWN, failing={US: FAILURE}),
     "inactive certain NS0831 unknown sync_and_recode unknown; "
     "sync_failing likely None no fix_connection no"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("situation", "said"),
    [pytest.param(situation, said, id=sentence) for sentence, situation, said in TABLE_ROWS],
)
def test_it_is_said_of(situation: Situation, said: str) -> None:
    """Nothing else is said beside it."""
    assert [
        f"{risk.cause.code} {risk.certainty.code} {risk.likely_code} {risk.imported} "
        f"{risk.remedy.code.code} {risk.remedy.sync_helps}"
        for risk in predict(situation)
    ] == said.split("; ")


IMPORTED_AND_OVER = [
    ("reactivated and imported", classes(OFF, a_class(), YES)),
    ("renamed and imported", classes(a_class(), a_class(path="Sales : Brand"), YES)),
    ("a project opened and imported", projects(CLOSED, a_project(), YES)),
    ("the submitter became a resource, imported", projects(LIMITED, ADMITTED, YES)),
    ("a customer given the subsidiary, imported", customers(FOREIGN, a_customer(), YES)),
    ("a segment value reactivated and imported", segments(OFF_REGION, EAST, YES)),
    ("a default edited and imported", people(OTHER_CLASS, HAS_CLASS, YES)),
    ("a default edited whose kind is a tag, imported", tagged_people(OTHER_CLASS, HAS_CLASS, YES)),
    ("a record added and imported", classes(None, a_class(), YES)),
]


@pytest.mark.parametrize(
    "situation",
    [pytest.param(situation, id=sentence) for sentence, situation in IMPORTED_AND_OVER],
)
def test_nothing_is_left_of(situation: Situation) -> None:
    assert predict(situation) == ()


def test_the_table_has_a_row_for_every_rule() -> None:
    told = {said.split()[0] for _, _, said in TABLE_ROWS}
    assert told == {rule.cause.code for rule in RULES} == {cause.code for cause in Cause}


def test_the_rules_stand_in_the_order_of_strength() -> None:
    assert [rule.cause for rule in RULES] == list(Cause)
