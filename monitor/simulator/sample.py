"""A small believable company: two subsidiaries, two workspaces, a dozen classes, ten reports."""

from __future__ import annotations

from monitor.simulator.world import World

US, UK = "4C6722D4BD2BD941", "7A1D93E0C55F0B12"
MARKETING = "12"
PLATFORM = "21"

_CLASSES = (
    (10, "Sales", None),
    (11, "Field Sales", 10),
    (12, "Marketing", 10),
    (13, "Events", 12),
    (14, "Partner Sales", 10),
    (20, "Engineering", None),
    (21, "Platform", 20),
    (22, "Mobile", 20),
    (30, "Operations", None),
    (31, "IT", 30),
    (32, "Facilities", 30),
)
_DEPARTMENTS = ((1, "Commercial"), (2, "Product"), (3, "Finance & Legal"))
_PEOPLE = (
    (501, "Dana", "Lee", 1),
    (502, "Omar", "Haddad", 1),
    (503, "Ines", "Costa", 1),
    (504, "Tom", "Baker", 2),
    (505, "Priya", "Nair", 2),
    (506, "Jonas", "Weber", 1),
)
_REPORTS = (
    # id, workspace, class tag, project tag, submitter, state, cents, currency
    ("R-1041", US, "Sales : Marketing", "Atlas", "dana.lee", "APPROVED", 81_200, "USD"),
    ("R-1043", US, "Sales : Marketing", "", "omar.haddad", "APPROVED", 130_050, "USD"),
    ("R-1044", US, "Engineering : Platform", "Atlas", "jonas.weber", "APPROVED", 45_990, "USD"),
    ("R-1047", US, "Sales : Field Sales", "", "ines.costa", "SUBMITTED", 9_820, "USD"),
    ("R-1050", US, "Sales : Marketing", "", "ines.costa", "SUBMITTED", 22_400, "USD"),
    ("R-1051", US, "Operations : IT", "", "jonas.weber", "OPEN", 3_575, "USD"),
    ("R-2010", UK, "Engineering : Mobile", "", "priya.nair", "APPROVED", 61_000, "GBP"),
    ("R-2011", UK, "Sales : Partner Sales", "", "tom.baker", "SUBMITTED", 18_300, "GBP"),
)


def acme(world: World) -> World:
    """Fill the world with Acme; every workspace has just synced."""
    _lists(world)
    office = world.expensify.office
    coding = {"class": "tag:1", "project": "tag:2", "department": "report_field:Department"}
    office.add_policy(US, "Acme US", subsidiary="1", coding=coding)
    office.add_policy(UK, "Acme UK", subsidiary="2", coding=coding)
    for policy_id in (US, UK):
        world.sync(policy_id)
    for report_id, policy, tag, project, person, state, cents, currency in _REPORTS:
        office.add_report(
            report_id,
            policy,
            tags=[(tag, project), (tag, "")],
            submitter=f"{person}@acme.example",
            state=state,
            total=cents,
            currency=currency,
            name=f"{person.split('.')[0].capitalize()}'s expenses",
            customField={"Department": "Commercial"},
        )
    return world


def _lists(world: World) -> None:
    tables = world.netsuite.tables
    tables.add("subsidiary", 1, name="Acme Inc.", parent=None)
    tables.add("subsidiary", 2, name="Acme UK Ltd.", parent=1)
    for record_id, name, parent in _CLASSES:
        tables.add(
            "class", record_id, name=name, parent=parent, includechildren="T", subsidiary=[1]
        )
    for record_id, name in _DEPARTMENTS:
        tables.add("department", record_id, name=name, includechildren="T", subsidiary=[1])
    tables.add("location", 1, name="01: San Francisco", subsidiary=[1])
    tables.add("location", -5, name="London", subsidiary=[2])
    tables.add("customer", 900, entityid="CUST900", companyname="Globex")
    tables.db.execute("insert into customersubsidiaryrelationship values (1, 900, 1, 'T')")
    tables.add(
        "project",
        1001,
        entityid="PRJ1001",
        companyname="Atlas",
        customer=900,
        allowexpenses="T",
        limittimetoassignees="F",
    )
    tables.db.execute("insert into jobresources values (1001, 501)")
    for record_id, first, last, subsidiary in _PEOPLE:
        tables.add(
            "employee",
            record_id,
            entityid=f"{first} {last}",
            firstname=first,
            lastname=last,
            email=f"{first.lower()}.{last.lower()}@acme.example",
            subsidiary=subsidiary,
            department=1,
        )
