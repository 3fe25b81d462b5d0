"""Which reference NetSuite refused, told from what it says in each of its interfaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.netsuite_words import RefusedReference, refused_reference
from monitor.core.records import Ref

_UPSERT = "An error occured in a upsert request: "
_FIELD = "You have entered an Invalid Field Value"


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        pytest.param(
            f"{_UPSERT}Invalid class reference key 12 for subsidiary 3.",
            RefusedReference("class", "12", subsidiary="3"),
            id="a class of another subsidiary",
        ),
        pytest.param(
            f"{_UPSERT}Invalid department reference key 1 for subsidiary 12",
            RefusedReference("department", "1", subsidiary="12"),
            id="a department, without the full stop",
        ),
        pytest.param(
            "NS0831: Invalid location reference key -5 for subsidiary 1.",
            RefusedReference("location", "-5", subsidiary="1"),
            id="a negative id, behind Expensify's code",
        ),
        pytest.param(
            "Invalid customer reference key 88 for entity 7.",
            RefusedReference("customer", "88", entity="7"),
            id="a project refused for an employee",
        ),
        pytest.param(
            "Invalid apacct reference key 223.",
            RefusedReference("apacct", "223"),
            id="the single form: nobody it was refused for",
        ),
        pytest.param(
            f"{_FIELD} 53384 for the following field: customer.",
            RefusedReference("customer", "53384"),
            id="a field's value",
        ),
        pytest.param(
            r'{"error":{"code":"INVALID_FLD_VALUE","message":"{\"message\":\"'
            rf'{_FIELD} 29 for the following field: class\",\"id\":\"\"}}"}}}}',
            RefusedReference("class", "29"),
            id="SuiteScript: the sentence inside JSON inside JSON",
        ),
        pytest.param(
            '{"o:errorDetails":[{"detail":"Error while accessing a resource. '
            f'{_FIELD} 4 for the following field: department.","o:errorCode":"USER_ERROR"}}]}}',
            RefusedReference("department", "4"),
            id="REST: the sentence inside the error's detail",
        ),
        pytest.param(
            f"{_FIELD} 2 for the following field: class. Invalid location reference key 9.",
            RefusedReference("class", "2"),
            id="two sentences: the first speaks",
        ),
        pytest.param("NS0831: Invalid or missing classification.", None, id="no id: nothing"),
        pytest.param("", None, id="no words: nothing"),
    ],
)
def test_a_refusal_names_its_reference(words: str, refused: RefusedReference | None) -> None:
    assert refused_reference(words) == refused


@pytest.mark.parametrize(
    ("kind", "refs"),
    [
        pytest.param("class", {Ref("class", "8")}, id="a class is a class"),
        pytest.param(
            "customer",
            {Ref("customer", "8"), Ref("project", "8")},
            id="the field customer holds projects too",
        ),
        pytest.param("apacct", set(), id="accounts are not watched"),
    ],
)
def test_what_it_can_be_among_the_watched_lists(kind: str, refs: set[Ref]) -> None:
    assert RefusedReference(kind, "8").refs == refs


@given(st.text(), st.integers(), st.text())
def test_whatever_stands_around_it_the_reference_is_found(
    before: str, record_id: int, after: str
) -> None:
    words = f"{before} Invalid class reference key {record_id} for subsidiary 3. {after}"
    found = refused_reference(words)
    assert found is not None
    if not before:
        assert found == RefusedReference("class", str(record_id), subsidiary="3")
