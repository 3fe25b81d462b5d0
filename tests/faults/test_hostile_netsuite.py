"""NetSuite's answers may hold anything: a reading is whole or refused in a sentence of ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.netsuite import NetSuite
from monitor.errors import SourceError
from tests.adapters.netsuite_account import TBA, Account, Kept, an_account
from tests.faults.hostile import ANYTHING, TEXTS, TRICKS, examples, short_and_long
from tests.scenarios.story import Story, a_story

_LONGEST_SENTENCE = 1_000
_IDS = st.sampled_from(["1", "2", "7", "-5"]) | ANYTHING
_COLUMNS = [
    "name",
    "fullname",
    "parent",
    "isinactive",
    "includechildren",
    "subsidiary",
    "externalid",
    "lastmodified_utc",
    "companyname",
    "altname",
    "firstname",
    "lastname",
    "entityid",
    "email",
    "class",
    "department",
    "location",
    "hiredate",
    "releasedate",
    "customer",
    "links",
    "cnt",
    "owner",
    "value",
    "times",
    "recordid",
    "first",
    "newest",
    "utcnow",
    "status",
    "application",
    "failed",
    "detail",
    "record_type",
    "record_id",
    "changed_at",
    "author_id",
]
ROWS = st.lists(
    st.builds(
        lambda record_id, more: {"id": record_id, **more},
        _IDS,
        st.dictionaries(st.sampled_from(_COLUMNS), ANYTHING, max_size=8),
    ),
    max_size=4,
)
NEAR_ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 6).map(str), "name": TEXTS, "isinactive": st.sampled_from("TF")},
        optional={
            "fullname": TEXTS,
            "parent": st.integers(1, 6).map(str),
            "subsidiary": st.sampled_from(["1", "1, 2", "", "9"]),
            "externalid": TEXTS,
            "lastmodified_utc": st.sampled_from(
                ["2026-11-24T08:00:00Z", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"]
            ),
        },
    ),
    min_size=1,
    max_size=5,
)
"""Rows that might be believed: strange names, repeated ids, parents in a circle."""


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as one:
        yield one


def says(document: Any) -> str:
    return json.dumps(document)


def ask_all(netsuite: NetSuite, clock: Any) -> Iterator[Callable[[], object]]:
    """Everything that is ever asked of NetSuite."""
    since = clock.now() - timedelta(days=1)
    for kind in ("class", "project", "customer", "employee", "segment:customrecord_cseg_x"):
        yield lambda kind=kind: netsuite.read(kind, Kept())
    yield lambda: netsuite.confirm_deleted("class", ["1", "2"])
    yield lambda: netsuite.logins("Expensify", since=since)
    yield lambda: netsuite.notes(None, since=since, most_pages=2)
    yield lambda: netsuite.notes(3, since=since, most_pages=2)
    yield netsuite.server_time
    yield lambda: list(netsuite.examine(["class"]))


@short_and_long(15, 2_000)
def test_whatever_rows_come_a_question_ends_in_an_answer_or_in_one_of_our_sentences(
    account: Account, number: int
) -> None:
    @given(items=ROWS)
    @examples(number)
    def holds(items: list[dict[str, Any]]) -> None:
        account.faults.clear()
        account.faults.always("says", detail=says({"items": items}))
        with account.netsuite(TBA) as netsuite:
            for ask in ask_all(netsuite, account.clock):
                refuses_in_a_sentence(ask)

    holds()


@short_and_long(15, 2_000)
def test_whatever_document_comes_a_question_ends_in_one_of_our_sentences(
    account: Account, number: int
) -> None:
    documents = st.fixed_dictionaries(
        {},
        optional={
            "items": ANYTHING,
            "o:errorDetails": ANYTHING | st.lists(st.dictionaries(st.text(), ANYTHING)),
            "o:errorCode": ANYTHING,
            "title": ANYTHING,
            "access_token": ANYTHING,
            "expires_in": ANYTHING,
            "error": ANYTHING,
        },
    )

    @given(document=documents | ANYTHING)
    @examples(number)
    def holds(document: Any) -> None:
        account.faults.clear()
        account.sign_in.faults.clear()
        account.faults.always("says", detail=says(document))
        account.sign_in.faults.always("says", detail=says(document))
        for credentials in (TBA, account.oauth2()):
            with account.netsuite(credentials) as netsuite:
                refuses_in_a_sentence(netsuite.server_time)
                refuses_in_a_sentence(lambda of=netsuite: of.read("class", Kept()))

    holds()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("good\r\nX-More: 1", id="a header of its own"),
        pytest.param("tökén", id="letters that no header has"),
        pytest.param(["x"], id="no text"),
        pytest.param("x" * 20_000, id="longer than any header"),
    ],
)
def test_a_token_that_is_none_is_refused_in_a_sentence(account: Account, token: Any) -> None:
    account.sign_in.faults.always("says", detail=says({"access_token": token}))
    with account.netsuite() as netsuite, pytest.raises(SourceError) as refused:
        netsuite.read("class", Kept())
    assert str(refused.value) == "NetSuite's sign-in sent a token that is none"
    assert account.asked == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        pytest.param("id", float("inf"), id="an endless id"),
        pytest.param("id", 10**30, id="an id that no database holds"),
        pytest.param("id", True, id="a truth for an id"),
        pytest.param("id", "1" * 5_000, id="an id of five thousand digits"),
        pytest.param("id", 1.5, id="half an id"),
        pytest.param("parent", float("nan"), id="a parent that is no number"),
        pytest.param("lastmodified_utc", "0001-01-01T00:00:00+23:00", id="before the calendar"),
        pytest.param("lastmodified_utc", "x" * 1_000_000, id="a megabyte for a moment"),
        pytest.param("isinactive", "x" * 1_000_000, id="a megabyte for a box"),
        pytest.param("name", None, id="no name, said aloud"),
        pytest.param("name", {"a": "x" * 1_000_000}, id="an object for a name"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_a_short_sentence(
    account: Account, column: str, value: Any
) -> None:
    row = {"id": "1", "name": "Marketing", "isinactive": "F", column: value}
    account.faults.next("says", match="ORDER BY t.id", detail=says({"items": [row]}))
    account.tables.add("class", 1, name="Marketing")
    with pytest.raises(SourceError) as refused:
        account.read("class")
    assert len(str(refused.value)) < _LONGEST_SENTENCE
    assert str(refused.value).endswith("nothing of this reading is kept")


@short_and_long(6, 300)
def test_a_cycle_over_hostile_rows_keeps_all_or_nothing_and_shows_no_traceback(
    story: Story, number: int
) -> None:
    story.cycle()

    @given(items=st.one_of(NEAR_ROWS, ROWS), field=st.sampled_from(["class", "employee"]))
    @examples(number)
    def holds(items: list[dict[str, Any]], field: str) -> None:
        table = {"class": "classification", "employee": "employee"}[field]
        story.world.netsuite.faults.clear()
        before = newest(story)
        count = says({"items": [{"cnt": len(items)}]})
        story.world.netsuite.faults.always("says", match=f"(*) AS cnt FROM {table} t", detail=count)
        page = says({"items": items})
        story.world.netsuite.faults.always(
            "says", match=f"FROM {table} t WHERE t.id >", detail=page
        )
        story.clock.sleep(900)
        result = story.cycle()
        assert result.exit_code in (0, 2)
        assert (newest(story) > before) == (result.snapshot is not None)
        assert all(len(sentence) < _LONGEST_SENTENCE for sentence in result.failures)

    holds()
    story.world.netsuite.faults.clear()
    story.clock.sleep(900)
    assert story.cycle().exit_code == 0, "the next good answer is taken"


def test_a_name_is_kept_as_it_is_whatever_it_tries(account: Account) -> None:
    for number, name in enumerate(TRICKS, 1):
        account.tables.add("class", number, name=name)
    reading, records = account.read("class")
    assert reading.rows == len(TRICKS)
    assert [record.name for record in records] == list(TRICKS)


def newest(story: Story) -> int:
    with story.store() as store:
        latest = store.snapshots.latest()
        return latest.id if latest else 0


def refuses_in_a_sentence(ask: Callable[[], object]) -> None:
    """It ends; what it raises is one of ours, and short enough to be read."""
    try:
        ask()
    except SourceError as refused:
        assert len(str(refused)) < _LONGEST_SENTENCE
        assert "\n" not in str(refused)
