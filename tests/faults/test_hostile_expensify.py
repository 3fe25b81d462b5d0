"""Expensify's answers and files may hold anything: what cannot be read is said, the rest stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.expensify.parse import parse_reports
from monitor.adapters.expensify.policies import policy_lists, summaries
from monitor.core.reports import PendingReport, UnreadReport
from monitor.errors import SourceError
from monitor.simulator.sample import US
from tests.adapters.expensify_office import Desk, a_desk, a_workspace
from tests.faults.hostile import ANYTHING, TEXTS, examples, short_and_long
from tests.scenarios.story import Story, a_story

_LONGEST_SENTENCE = 1_000
_WORKSPACES = {US: a_workspace()}


def a_row(**changes: Any) -> dict[str, Any]:
    """A report as our template writes it."""
    line = {"id": "L1", "tags": ["Sales"], "tag": "Sales", "category": "", "billable": "false"}
    return {
        "id": "R-1",
        "policy": US,
        "name": "Trip",
        "submitter": "dana@acme.example",
        "status": "APPROVED",
        "state": "APPROVED",
        "total": "81200",
        "currency": "USD",
        "created": "2026-11-20 10:00:00",
        "submitted": "",
        "approved": "2026-11-21 10:00:00",
        "fields": {},
        "lines": [{**line, "reimbursable": "true", "card": "", "bank": ""}],
        "history": [],
        **changes,
    }


HOSTILE_ROWS = st.builds(
    lambda row, line, event, field: {
        **row,
        **field,
        "lines": [{**row["lines"][0], **line}],
        "history": [event] if event else [],
    },
    st.just(a_row()),
    st.dictionaries(st.sampled_from(sorted(a_row()["lines"][0])), ANYTHING, max_size=2),
    st.dictionaries(
        st.sampled_from(
            ["action", "label", "created", "manual", "message", "messages", "card", "reimbursable"]
        ),
        st.sampled_from(["EXPORTINTEGRATION", "INTEGRATIONSMESSAGE", "NetSuite"]) | ANYTHING,
    ),
    st.dictionaries(st.sampled_from(sorted(a_row())), ANYTHING, max_size=3),
)
NEAR_ROWS = st.builds(
    a_row,
    id=st.sampled_from(["R-1041", "R-1", "R-2"]) | TEXTS.filter(bool),
    name=TEXTS,
    submitter=TEXTS,
    currency=TEXTS,
    total=st.sampled_from(["1e20", "-5", "", "9" * 20, "0"]),
    lines=st.lists(
        st.fixed_dictionaries(
            {
                "id": TEXTS,
                "tags": st.lists(st.just("Sales : Marketing") | TEXTS, max_size=3),
                "tag": TEXTS,
                "category": TEXTS,
                "billable": TEXTS,
                "reimbursable": TEXTS,
                "card": TEXTS,
                "bank": TEXTS,
            }
        ),
        max_size=3,
    ),
)
"""Reports that are read, with strange texts wherever one may stand."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as one:
        yield one


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as one:
        yield one


def refuses_in_a_sentence(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except SourceError as refused:
        assert len(str(refused)) < _LONGEST_SENTENCE
        assert "\n" not in str(refused)
        return None


@short_and_long(60, 10_000)
def test_a_report_is_read_or_named_as_unread_and_holds_nothing_but_texts(number: int) -> None:
    @given(row=HOSTILE_ROWS)
    @examples(number)
    def holds(row: dict[str, Any]) -> None:
        content = json.dumps({"reports": [a_row(id="R-9"), row]}).encode()
        found = refuses_in_a_sentence(lambda: parse_reports(content, _WORKSPACES))
        if not isinstance(found, tuple):
            return
        assert isinstance(found[0], PendingReport), "one report spoils no other"
        if isinstance(found[1], UnreadReport):
            assert len(found[1].why) < _LONGEST_SENTENCE
        else:
            whole = found[1]
            texts = (whole.policy_id, whole.submitter, whole.name, whole.currency)
            lines = [line.line_id for line in whole.lines]
            assert all(isinstance(text, str) for text in (*texts, *lines))
            json.dumps([*texts, *lines], ensure_ascii=False).encode()

    holds()


@short_and_long(100, 20_000)
def test_whatever_the_policy_getter_says_it_is_read_or_refused(number: int) -> None:
    tag = st.dictionaries(st.sampled_from(["name", "enabled", "tags", "glCode"]), ANYTHING)
    policy = st.fixed_dictionaries(
        {},
        optional={
            "name": ANYTHING,
            "tags": st.lists(tag) | ANYTHING,
            "reportFields": st.lists(
                st.dictionaries(st.sampled_from(["name", "values"]), ANYTHING | st.lists(ANYTHING))
            )
            | ANYTHING,
        },
    )

    @given(policy=policy | ANYTHING, listed=ANYTHING | st.lists(ANYTHING))
    @examples(number)
    def holds(policy: Any, listed: Any) -> None:
        refuses_in_a_sentence(lambda: policy_lists({"policyInfo": {US: policy}}, [US]))
        refuses_in_a_sentence(lambda: policy_lists({"policyInfo": policy}, [US]))
        refuses_in_a_sentence(lambda: summaries({"policyList": listed}))

    holds()


@short_and_long(25, 3_000)
def test_whatever_body_comes_a_job_ends_in_one_of_our_sentences(desk: Desk, number: int) -> None:
    envelope = st.fixed_dictionaries(
        {},
        optional={
            "responseCode": ANYTHING | st.sampled_from([200, "207", 401, 404, 429, 500, 666]),
            "responseMessage": ANYTHING,
            "filename": ANYTHING,
            "policyList": ANYTHING,
        },
    )
    bodies = envelope.map(json.dumps) | ANYTHING.map(json.dumps) | st.text(max_size=50)

    @given(body=bodies.map(lambda text: text.encode("utf-8", "replace").decode()))
    @examples(number)
    def holds(body: str) -> None:
        desk.faults.clear()
        desk.faults.always("body", detail=body)
        refuses_in_a_sentence(desk.expensify.policies)
        refuses_in_a_sentence(
            lambda: desk.jobs.start_export({"type": "combinedReportData"}, {}, "")
        )
        refuses_in_a_sentence(lambda: desk.jobs.download("export.json"))

    holds()


@short_and_long(6, 300)
def test_a_cycle_over_hostile_reports_goes_on_and_shows_no_traceback(
    story: Story, number: int
) -> None:
    story.cycle()

    @given(rows=st.lists(NEAR_ROWS | HOSTILE_ROWS, max_size=4))
    @examples(number)
    def holds(rows: list[dict[str, Any]]) -> None:
        story.world.expensify.faults.clear()
        content = json.dumps({"reports": rows})
        story.world.expensify.faults.always("body", match='"download"', detail=content)
        story.clock.sleep(900)
        result = story.cycle()
        assert result.exit_code in (0, 2)
        assert all(len(sentence) < _LONGEST_SENTENCE for sentence in result.failures)

    holds()
    story.world.expensify.faults.clear()
    story.clock.sleep(900)
    assert story.cycle().exit_code == 0, "the next good answer is taken"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        pytest.param("submitter", 5, "a value is not what it should be", id="a number"),
        pytest.param("name", [], "a value is not what it should be", id="an empty list"),
        pytest.param("policy", ["x"], "a value is not what it should be", id="a list"),
        pytest.param("total", "9" * 5_000, "is no amount", id="an amount without end"),
        pytest.param("created", "0001-01-01 00:00:00", "in it is no moment", id="a zero"),
        pytest.param("approved", "0001-01-01T00:00:00+23:00", "in it is no moment", id="no moment"),
    ],
)
def test_what_our_template_never_writes_makes_a_report_unread(
    field: str, value: Any, why: str
) -> None:
    content = json.dumps({"reports": [a_row(**{field: value})]}).encode()
    (unread,) = parse_reports(content, _WORKSPACES)
    assert isinstance(unread, UnreadReport)
    assert why in unread.why or unread.why.endswith("…")
    assert len(unread.why) <= 201
