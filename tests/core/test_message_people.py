"""Risks about people, texts and workspaces in words: discreet, and true where nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.alerts import Matcher
from monitor.core.alerts.track import is_worth_telling
from monitor.core.digest import Hidden
from monitor.core.message.digest import digest_message
from monitor.core.message.headline import headline
from monitor.core.message.listing import list_csv, list_lines
from monitor.core.message.parent import parent_message
from monitor.core.message.rows import row_of
from monitor.core.message.thread import Ended, resolved_message, uncertain_message
from monitor.core.message.values import Message
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, RemedyCode, Risk
from monitor.core.sync import Imported
from tests.core.builders import NOW, US, a_remedy, a_risk, an_exposed_report, at, hours
from tests.core.golden_digests import a_digest, a_silence

MASKED = Voice(mask_people=True)


def an_employee_risk(name: str = "Ana Lee", **fields: Any) -> Risk:
    """Ana has left; her approved report would be refused."""
    steps = (f"A NetSuite administrator fills in the missing default of employee “{name}”.",)
    return a_risk(
        ref=Ref("employee", "7"),
        full_name=name,
        cause=Cause.EMPLOYEE_UNUSABLE,
        remedy=a_remedy(RemedyCode.FIX_EMPLOYEE, steps=steps),
        what_changed=f"employee “{name}” was inactivated",
        **fields,
    )


def _words(message: Message) -> str:
    lines = [line for section in message.sections for line in (section.title, *section.lines)]
    return "\n".join([message.headline, *lines, *(row.text for row in message.reports)])


def _parent(risk: Risk, voice: Voice = MASKED) -> str:
    return _words(parent_message((risk,), 1, voice, now=NOW))


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        pytest.param("Ana Lee", "“A.L.”", id="a name"),
        pytest.param("ana.lee@acme.example", "“A.L.”", id="an address that no employee has"),
    ],
)
def test_a_submitter_is_told_by_initials(name: str, initials: str) -> None:
    risk = an_employee_risk(name)
    ended = (Ended(risk, "it is over"),)
    told = [
        _parent(risk),
        _words(resolved_message(ended, 1, MASKED, lived=hours(1))),
        _words(uncertain_message(ended, 1, MASKED)),
    ]
    assert all(initials in words and name not in words for words in told)


def test_the_title_of_a_report_names_nobody_where_people_are_masked() -> None:
    risk = a_risk(an_exposed_report("R1", name="Dana Lee's expenses"))
    masked = (_parent(risk), list_csv((risk,), MASKED), *list_lines((risk,), MASKED, NOW))
    assert all("R1" in said and "expenses" not in said for said in masked)
    assert row_of(risk.reports[0], (risk,), MASKED, NOW).text.startswith("R1 · ")
    open_ones = (_parent(risk, Voice()), list_csv((risk,), Voice()))
    assert all("Dana Lee's expenses" in said for said in open_ones)


@pytest.mark.parametrize(
    ("kind", "about"), [("employee", "employee D.L."), ("class", "class Dana Lee")]
)
def test_a_silence_of_employees_names_none_of_them_in_the_summary(kind: str, about: str) -> None:
    silence = a_silence(matcher=Matcher(kind, "Dana Lee", ""), author="Omar Haddad")
    summary = digest_message(a_digest(hidden=(Hidden(silence, 1),)), MASKED, NOW)
    assert f"1 risk hidden by silence 4 ({about}) of O.H." in _words(summary)


def test_where_nobody_asks_for_discretion_the_name_is_told() -> None:
    assert "“Ana Lee”" in _parent(an_employee_risk(), Voice())


def test_a_record_is_no_person() -> None:
    assert "“Sales : Marketing”" in _parent(a_risk())


@pytest.mark.parametrize(
    ("risk", "said"),
    [
        pytest.param(
            a_risk(
                ref=Ref("workspace", US), full_name="Acme US", cause=Cause.SYNC_FAILING,
                imported=Imported.NO, import_sentence="login refused", since=at("07:00"),
                what_changed="",
            ),
            "Login refused (since Nov 24, 2026 07:00 UTC).",
            id="a failing sync says since when",
        ),
        pytest.param(
            a_risk(
                ref=Ref("text", "0123456789ab"), full_name="Markting", cause=Cause.UNKNOWN_TEXT,
                imported=Imported.UNKNOWN, import_sentence="NetSuite has nothing of that name",
                since=None, what_changed="",
            ),
            "NetSuite has nothing of that name.",
            id="an unknown text waits for no import",
        ),
        pytest.param(
            an_employee_risk(
                "ana@acme.example", imported=Imported.UNKNOWN, import_sentence="nobody is there",
            ),
            "Cannot tell whether Expensify has imported it: nobody is there.",
            id="an employee may be imported",
        ),
    ],
)  # fmt: skip
def test_only_what_changed_may_be_imported(risk: Risk, said: str) -> None:
    assert said in _parent(risk, Voice()).splitlines()


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        pytest.param("segment:customrecord_region", "Segment value “X” is inactive", id="segment"),
        pytest.param("text", "Text “X” is inactive", id="text"),
    ],
)
def test_what_it_is_called(kind: str, called: str) -> None:
    assert called in _parent(a_risk(ref=Ref(kind, "5"), full_name="X"), Voice())


def test_a_text_sits_at_a_tag() -> None:
    row = _parent(a_risk(ref=Ref("text", "5")), Voice()).splitlines()[-1]
    assert "Tag “Sales : Marketing” on 1 of 1 line" in row


def test_a_report_that_is_less_sure_than_its_risk_is_only_expected_to_fail() -> None:
    weaker = an_exposed_report("R2", cause=Cause.PARENT_INACTIVE, certainty=Certainty.LIKELY)
    said = headline((a_risk(an_exposed_report("R1"), weaker),))
    assert said.startswith("1 report (USD 812.00, 1 person) ready to export will fail")
    assert "1 report (USD 812.00, 1 person) ready to export is expected to fail" in said


def test_a_risk_whose_only_ready_report_is_a_mere_guess_is_not_told() -> None:
    draft = an_exposed_report("R1", state=ReportState.OPEN)
    guess = an_exposed_report("R2", cause=Cause.PARENT_INACTIVE, certainty=Certainty.POSSIBLE)
    assert not is_worth_telling(a_risk(draft, guess))
    assert is_worth_telling(a_risk(draft, an_exposed_report("R2")))
