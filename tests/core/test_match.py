"""What a coded text means: which names count, in which order, and how sure a match is."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.match import Basis, Match, RecordBook, normalise, tightened
from monitor.core.records import Record, Ref
from tests.core.builders import a_class, a_record

KINDS = ("class",)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        pytest.param("Marketing", "marketing", id="case does not matter"),
        pytest.param("STRASSE", normalise("Straße"), id="a sharp s is two, as capitals say"),
        pytest.param("R&amp;D", "r&d", id="an entity is decoded"),
        pytest.param("R&amp;amp;D", "r&d", id="an entity encoded twice is decoded twice"),
        pytest.param("R&#38;D", "r&d", id="so is a numbered one"),
        pytest.param("Men&apos;s", "men's", id="and an apostrophe"),
        pytest.param("A &NBSP; B", "a b", id="even one that is no entity before case is folded"),
        pytest.param(r"01\: San Francisco", "01: san francisco", id="a colon is unescaped"),
        pytest.param(r"01\\: San", "01: san", id="however often it was escaped"),
        pytest.param("Cafe\u0301", "café", id="an accent of its own joins its letter"),
        pytest.param("  Sales \t:\n Field ", "sales : field", id="blanks collapse, ends are cut"),
        pytest.param("Sales\u00a0: Field", "sales : field", id="a hard blank is a blank"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_both_systems_texts_are_made_alike(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(st.text() | st.text(alphabet="&;amp#38\\: AaÄäǰΐ́ͅßlt"))
def test_what_was_made_alike_stays_as_it_is(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert tightened(tightened(once)) == tightened(once)


@pytest.mark.parametrize(
    ("text", "tight"),
    [
        pytest.param("sales : field", "sales:field", id="blanks around a colon go"),
        pytest.param("sales :field", "sales:field", id="on either side"),
        pytest.param("field sales", "field sales", id="other blanks stay"),
    ],
)
def test_tightened_knows_only_colons(text: str, tight: str) -> None:
    assert tightened(text) == tight


MARKETING = a_class("12", "Sales : Marketing")
RENAMED = a_class("12", "Sales : Brand")
MOVED_ALONG = a_class("12", "Revenue : Marketing", parent_id="10")
SAN_FRANCISCO = a_class("7", "01: San Francisco")
GHOST = a_class("40", "Sales : Marketing")


def _book(
    *present: Record, former: tuple[Record, ...] = (), gone: tuple[Record, ...] = ()
) -> RecordBook:
    return RecordBook(present, former=former, gone=gone)


TWELVE = Ref("class", "12")


@pytest.mark.parametrize(
    ("text", "book", "meant"),
    [
        pytest.param(
            "Sales : Marketing",
            _book(MARKETING),
            Match(TWELVE, Basis.FULL_PATH),
            id="the whole path names the record",
        ),
        pytest.param(
            "sales:  MARKETING",
            _book(MARKETING),
            Match(TWELVE, Basis.FULL_PATH),
            id="with or without blanks around the colon",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(a_class("12", "Sales:Marketing")),
            Match(TWELVE, Basis.FULL_PATH),
            id="and the other way round",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(MARKETING, a_class("13", "Sales:Marketing")),
            Match(TWELVE, Basis.FULL_PATH),
            id="written alike comes before alike but for blanks",
        ),
        pytest.param(
            "Marketing",
            _book(MARKETING),
            Match(TWELVE, Basis.LEAF),
            id="the last name alone will do",
        ),
        pytest.param(
            "Marketing",
            _book(MARKETING, a_class("13", "Marketing")),
            Match(Ref("class", "13"), Basis.FULL_PATH),
            id="but a whole path comes before a last name",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(RENAMED, former=(MARKETING,)),
            Match(TWELVE, Basis.FORMER_NAME),
            id="a former path still means the renamed record",
        ),
        pytest.param(
            "Marketing",
            _book(RENAMED, former=(MARKETING,)),
            Match(TWELVE, Basis.FORMER_NAME),
            id="so does a former last name, if nothing is called so now",
        ),
        pytest.param(
            "Marketing",
            _book(RENAMED, a_class("13", "Ops : Marketing"), former=(MARKETING,)),
            Match(Ref("class", "13"), Basis.LEAF),
            id="a present last name comes before a former one",
        ),
        pytest.param(
            "Marketing",
            _book(RENAMED, a_class("13", "Ops : Marketing"), former=(a_class("12", "Marketing"),)),
            Match(TWELVE, Basis.FORMER_NAME),
            id="a former whole path comes before a present last name",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(MOVED_ALONG, former=(MARKETING,)),
            Match(TWELVE, Basis.FORMER_NAME),
            id="a renamed parent leaves its child recognisable",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(RENAMED, GHOST, former=(MARKETING,)),
            Match(Ref("class", "40"), Basis.FULL_PATH),
            id="a name given to another record means that one",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(gone=(MARKETING,)),
            Match(TWELVE, Basis.FORMER_NAME),
            id="a deleted record is still meant",
        ),
        pytest.param(
            "Sales : Marketing",
            _book(GHOST, gone=(MARKETING,), former=(MARKETING,)),
            Match(Ref("class", "40"), Basis.FULL_PATH),
            id="deleted and created again: the new one is meant",
        ),
        pytest.param(
            "01: San Francisco",
            _book(SAN_FRANCISCO),
            Match(Ref("class", "7"), Basis.FULL_PATH),
            id="a bare colon may be part of a name",
        ),
        pytest.param(
            "San Francisco",
            _book(SAN_FRANCISCO),
            None,
            id="and what stands behind it is no last name",
        ),
        pytest.param(
            r"01\: San Francisco",
            _book(SAN_FRANCISCO),
            Match(Ref("class", "7"), Basis.FULL_PATH),
            id="nor does escaping hide it",
        ),
        pytest.param("Legal", _book(MARKETING), None, id="an unknown text means nothing"),
        pytest.param("  ", _book(a_class("12", "")), None, id="no text means nothing"),
    ],
)
def test_the_text_means(text: str, book: RecordBook, meant: Match | None) -> None:
    assert book.find(text, KINDS) == meant


INACTIVE_GHOST = a_class("40", "Sales : Marketing", is_inactive=True)


@pytest.mark.parametrize(
    ("book", "meant"),
    [
        pytest.param(_book(GHOST, MARKETING), "12", id="two active ones: the older"),
        pytest.param(_book(MARKETING, INACTIVE_GHOST), "12", id="one active: that one"),
        pytest.param(
            _book(a_class("9", "Sales : Marketing", is_inactive=True), GHOST),
            "40",
            id="the active one, though it is younger",
        ),
        pytest.param(
            _book(
                a_class("99", "Legal"),
                gone=(MARKETING,),
                former=(a_class("99", "Sales : Marketing"),),
            ),
            "99",
            id="of two that were once called so, the one that still exists",
        ),
    ],
)
def test_of_several_that_fit_one_is_meant_and_nothing_is_sure(book: RecordBook, meant: str) -> None:
    found = book.find("Sales : Marketing", KINDS)
    assert found is not None
    assert (found.ref.id, found.is_ambiguous) == (meant, True)


def test_one_record_under_two_spellings_is_not_ambiguous() -> None:
    spelled_otherwise = a_class("12", "SALES : Marketing")
    book = _book(MARKETING, former=(spelled_otherwise, spelled_otherwise))
    assert book.find("Sales:Marketing", KINDS) == Match(TWELVE, Basis.FULL_PATH)
    gone = _book(gone=(MARKETING,), former=(spelled_otherwise, MARKETING))
    assert gone.find("Sales:Marketing", KINDS) == Match(TWELVE, Basis.FORMER_NAME)


def test_only_kinds_kept_at_the_place_are_meant() -> None:
    department = a_record("department", "5", "Sales : Marketing")
    book = _book(MARKETING, department)
    assert book.find("Sales : Marketing", ("department",)) == Match(
        Ref("department", "5"), Basis.FULL_PATH
    )
    assert book.find("Sales : Marketing", ()) is None


def test_two_kinds_may_share_a_place_and_a_name() -> None:
    book = _book(a_record("customer", "3", "Globex"), a_record("project", "2", "Globex"))
    assert book.find("Globex", ("project", "customer")) == Match(
        Ref("customer", "3"), Basis.FULL_PATH, is_ambiguous=True
    )


CUSTOMER = a_record("customer", "3", "Globex", other_names=("Globex Corp.", "C-100"))
PROJECT = a_record("project", "8", "Website", other_names=("P-8",), customer_id="3")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Website", id="its own name"),
        pytest.param("P-8", id="another name of its own"),
        pytest.param("Globex : Website", id="customer and project"),
        pytest.param("globex:website", id="the same, tight"),
        pytest.param("Globex Corp. : Website", id="by another name of the customer"),
    ],
)
def test_a_project_goes_by_many_names(text: str) -> None:
    book = _book(CUSTOMER, PROJECT)
    assert book.find(text, ("project",)) == Match(Ref("project", "8"), Basis.FULL_PATH)


@pytest.mark.parametrize(
    "book",
    [
        pytest.param(
            _book(a_record("customer", "3", "Initech"), PROJECT, former=(CUSTOMER,)),
            id="of a customer who was renamed",
        ),
        pytest.param(_book(PROJECT, gone=(CUSTOMER,)), id="of a customer who is gone"),
        pytest.param(_book(gone=(PROJECT, CUSTOMER)), id="of a customer who is gone with it"),
    ],
)
def test_a_project_is_still_known_by_the_former_name(book: RecordBook) -> None:
    assert book.find("Globex : Website", ("project",)) == Match(
        Ref("project", "8"), Basis.FORMER_NAME
    )


@pytest.mark.parametrize("text", ["M-12", "Globex : Marketing"])
def test_a_class_goes_by_no_further_names(text: str) -> None:
    marketing = a_class("12", "Sales : Marketing", other_names=("M-12",), customer_id="3")
    assert _book(CUSTOMER, marketing).find(text, KINDS) is None
    former = a_record("customer", "3", "Initech")
    assert _book(former, marketing, former=(CUSTOMER,)).find(text, KINDS) is None


def test_a_record_is_got_as_it_is_or_as_it_last_was() -> None:
    book = _book(RENAMED, former=(MARKETING,), gone=(GHOST, MARKETING))
    assert book.get(TWELVE) == RENAMED
    assert book.get(Ref("class", "40")) == GHOST
    assert book.get(Ref("class", "99")) is None
    assert book.former(TWELVE) == (MARKETING,)
    assert book.gone == {GHOST.ref: GHOST}


_NAME = st.text(alphabet="AaBb&;mpßÄé 01", min_size=1).filter(lambda name: normalise(name) != "")


@given(
    path=st.lists(_NAME, min_size=1, max_size=3).map(" : ".join),
    others=st.lists(_NAME.map(lambda name: f"{name}!"), max_size=4, unique_by=normalise),
    respell=st.sampled_from(
        [
            str.swapcase,
            html.escape,
            lambda text: html.escape(html.escape(text)),
            lambda text: text.replace(":", r"\:"),
            lambda text: text.replace(" ", " \t "),
            lambda text: f" {text} ",
            lambda text: unicodedata.normalize("NFD", text),
            tightened,
        ]
    ),
)
def test_however_a_path_is_spelled_it_finds_its_record(
    path: str, others: list[str], respell: Callable[[str], str]
) -> None:
    record = a_class("12", path)
    book = _book(*(a_class(str(n), name) for n, name in enumerate(others, 100)), record)
    assert book.find(respell(path), KINDS) == Match(TWELVE, Basis.FULL_PATH)
