"""The message that stands in the channel: what each part says, and how long it may grow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.message import Message, ReportRow
from monitor.core.message.parent import parent_message
from monitor.core.message.plain import as_text
from monitor.core.message.words import Voice
from monitor.core.risks import Risk
from monitor.core.sync import Imported
from tests.core.alert_builders import VOICE, a_failed, of_class, reactivated
from tests.core.builders import (
    NOW,
    US,
    a_bad_text,
    a_remedy,
    a_risk,
    an_exposed_report,
    at,
)

BY_DANA = "It was inactivated (Nov 24, 2026 09:15 UTC, by Dana Lee)."
LIST_SAYS = "Expensify's own list still shows what NetSuite had before"


def parent(*risks: Risk, voice: Voice = VOICE, **fields: Any) -> Message:
    """The parent of alert 7."""
    return parent_message(risks, 7, voice, now=NOW, **fields)


def facts(risk: Risk, **fields: Any) -> tuple[str, ...]:
    """What is said of the record itself."""
    return parent(risk, **fields).sections[0].lines


@pytest.mark.parametrize(
    ("risk", "line"),
    [
        pytest.param(a_risk(), BY_DANA, id="what, when, by whom"),
        pytest.param(
            a_risk(changed_by=None),
            "It was inactivated (Nov 24, 2026 09:15 UTC, NetSuite does not tell the monitor by "
            "whom).",
            id="by whom is not known",
        ),
        pytest.param(
            a_risk(earliest_at=at("09:00")),
            "It was inactivated (Nov 24, 2026 between 09:00 and 09:15 UTC, by Dana Lee).",
            id="somewhere between two snapshots",
        ),
        pytest.param(
            a_risk(earliest_at=at("18:00", day=23)),
            "It was inactivated (between Nov 23, 2026 18:00 UTC and Nov 24, 2026 09:15 UTC, "
            "by Dana Lee).",
            id="between two snapshots of two days",
        ),
        pytest.param(
            a_risk(earliest_at=at("09:15")), BY_DANA, id="between two snapshots of one minute"
        ),
        pytest.param(
            a_risk(since=None), "It was inactivated (by Dana Lee).", id="when is not known"
        ),
        pytest.param(
            a_risk(what_changed=""),
            "It was last edited (Nov 24, 2026 09:15 UTC, by Dana Lee).",
            id="it was so from the beginning",
        ),
        pytest.param(
            a_risk(what_changed="class “Sales : Ads” was renamed to “Sales : Marketing”"),
            "Class “Sales : Ads” was renamed to “Sales : Marketing” (Nov 24, 2026 09:15 UTC, by "
            "Dana Lee).",
            id="the former name is told in full",
        ),
    ],
)
def test_what_changed_by_whom_and_when(risk: Risk, line: str) -> None:
    assert facts(risk)[0] == line


def test_nothing_is_said_of_a_change_that_nobody_saw() -> None:
    assert facts(a_risk(what_changed="", since=None)) == (
        f"Expensify has not imported the change yet: {LIST_SAYS}.",
    )


@pytest.mark.parametrize(
    ("imported", "sentence", "line"),
    [
        pytest.param(
            Imported.NO,
            LIST_SAYS,
            f"Expensify has not imported the change yet: {LIST_SAYS}.",
            id="not imported, and how we know",
        ),
        pytest.param(
            Imported.YES,
            "Expensify has synced after it",
            "Expensify has already imported the change: Expensify has synced after it.",
            id="imported, and how we know",
        ),
        pytest.param(
            Imported.UNKNOWN,
            "cannot tell whether Expensify has seen it; Sync to be sure",
            "Cannot tell whether Expensify has seen it; Sync to be sure.",
            id="not known is said once",
        ),
        pytest.param(
            Imported.UNKNOWN,
            "no sync since then is known",
            "Cannot tell whether Expensify has imported it: no sync since then is known.",
            id="not known, and why",
        ),
    ],
)
def test_whether_expensify_has_imported_it(imported: Imported, sentence: str, line: str) -> None:
    assert facts(a_risk(imported=imported, import_sentence=sentence))[-1] == line


def test_a_doubt_is_said_with_the_risk() -> None:
    assert facts(reactivated(is_ambiguous=True))[1:3] == (
        "How sure: likely, since the monitor cannot see everything that NetSuite checks.",
        "Several NetSuite records have this name, so this is a guess.",
    )


def test_a_change_by_somebody_is_masked_too() -> None:
    assert facts(a_risk(), voice=Voice(mask_people=True))[0].endswith("by D.L.).")


@pytest.mark.parametrize(
    ("sync_helps", "lead"),
    [
        ("yes", ("Sync now fixes it; no report needs to be changed.",)),
        ("partly", ("Sync alone is not enough: it does not change what is already coded.",)),
        ("no", ("Sync alone does not help.",)),
        ("unknown", ()),
    ],
)
def test_what_to_do_begins_with_whether_sync_helps(sync_helps: str, lead: tuple[str, ...]) -> None:
    remedy = a_remedy(sync_helps=sync_helps)
    section = parent(a_risk(remedy=remedy)).sections[1]
    assert section == ("What to do", (*lead, *remedy.steps))


def test_a_remedy_without_steps_is_said_by_its_sentence() -> None:
    remedy = a_remedy(sync_helps="unknown", steps=())
    section = parent(a_risk(remedy=remedy)).sections[1]
    assert section.lines == (f"{remedy.code}.",)


def test_of_several_records_each_has_its_own_steps_and_the_last_ones_are_said_once() -> None:
    risks = [
        of_class(number, remedy=a_remedy(steps=("Recode 1 line.", f"Or open {number}.", "Sync.")))
        for number in (13, 14)
    ]
    first, second, shared = parent(*risks).sections
    assert first.lines[-2:] == ("Recode 1 line.", "Or open 13.")
    assert second.lines[-2:] == ("Recode 1 line.", "Or open 14.")
    assert shared == (
        "What to do about all of them",
        ("Sync alone is not enough: it does not change what is already coded.", "Sync."),
    )


def test_records_with_nothing_in_common_share_no_section() -> None:
    one = of_class(13, remedy=a_remedy(steps=("Recode.",)))
    other = of_class(14, remedy=a_remedy(steps=("Sync.",), sync_helps="no"))
    assert [section.title for section in parent(one, other).sections] == [
        "Class “Sales : Class 13” is inactive in NetSuite",
        "Class “Sales : Class 14” is inactive in NetSuite",
    ]


def test_the_surest_and_most_exposed_records_come_first() -> None:
    small, large = of_class(13), of_class(14, an_exposed_report("R1"), an_exposed_report("R2"))
    titles = [section.title for section in parent(reactivated(), small, large).sections]
    assert [title[:24] for title in titles[:3]] == [
        "Class “Sales : Class 14”",
        "Class “Sales : Class 13”",
        "Class “Sales : Marketing",
    ]


def test_beyond_three_records_the_rest_is_named() -> None:
    message = parent(*(of_class(number) for number in range(10, 15)))
    assert message.sections[-1] == (
        "The same alert holds 2 more records",
        (
            "Class “Sales : Class 13”, class “Sales : Class 14”.",
            "`monitor risks` tells what to do about each.",
        ),
    )


def test_beyond_fifteen_records_the_rest_is_counted() -> None:
    message = parent(*(of_class(number) for number in range(100, 120)))
    assert message.sections[-1].title == "The same alert holds 17 more records"
    assert message.sections[-1].lines[0].endswith("class “Sales : Class 114” and 5 more.")


def test_what_cannot_be_seen_stands_above_all_else() -> None:
    message = parent(a_risk(), unseen=("NetSuite: the role may not sign in.",))
    assert message.sections[0] == (
        "The monitor cannot see everything now; this is how it last was",
        ("NetSuite: the role may not sign in.",),
    )


@pytest.mark.parametrize(
    ("report", "words"),
    [
        pytest.param(
            an_exposed_report("R1", lines=3, total_lines=14, bad_texts=(a_bad_text(lines=3),)),
            "Trip to Boston (R1) · ana@acme.example · USD 812.00 · approved, waiting for 2 days 4 h"
            " · Class tag “Sales : Marketing” on 3 of 14 lines",
            id="name, submitter, amount, state, age, the bad value and where it sits",
        ),
        pytest.param(
            an_exposed_report("R1", name=""),
            "Report (R1) · ana@acme.example · USD 812.00 · approved, waiting for 2 days 4 h"
            " · Class tag “Sales : Marketing” on 1 of 1 line",
            id="a report without a name",
        ),
        pytest.param(
            an_exposed_report(
                "R1", bad_texts=(a_bad_text("Ads"), a_bad_text(place="report_field:Class"))
            ),
            "Trip to Boston (R1) · ana@acme.example · USD 812.00 · approved, waiting for 2 days 4 h"
            " · Class tag “Ads” on 1 of 1 line; Report field Class “Sales : Marketing”",
            id="two texts mean the record; a report field holds for all lines",
        ),
        pytest.param(
            a_failed("R1", lines=0, bad_texts=()),
            "Trip to Boston (R1) · ana@acme.example · USD 812.00 · "
            "export failed, paused, waiting for 2 days 4 h",
            id="recoded, but its export failed",
        ),
    ],
)
def test_a_row_of_the_list(report: Any, words: str) -> None:
    assert parent(a_risk(report)).reports == (ReportRow(words, person="ana@acme.example"),)


def test_a_report_behind_two_risks_is_one_row_with_both_bad_values() -> None:
    other = of_class(13, an_exposed_report(bad_texts=(a_bad_text("Class 13"),)))
    (row,) = parent(a_risk(), other).reports
    assert row.text.endswith(
        "Class tag “Sales : Marketing” on 1 of 1 line; Class tag “Class 13” on 1 of 1 line"
    )


def test_a_row_says_that_its_export_is_unclear() -> None:
    (row,) = parent(a_risk(an_exposed_report(is_export_unclear=True))).reports
    assert " · exported, but not known by which route · " in row.text


def test_a_row_links_the_report_where_the_experience_is_known() -> None:
    voice = replace(VOICE, experiences={US: "new"})
    message = parent(a_risk(), voice=voice)
    assert [row.url for row in message.reports] == ["https://new.expensify.com/r/R1"]
    assert as_text(message).count("1 of 1 line · https://new.expensify.com/r/R1\n") == 1


def test_ten_reports_are_listed_and_the_rest_is_counted() -> None:
    message = parent(a_risk(*(an_exposed_report(f"R{number}") for number in range(100, 112))))
    assert (len(message.reports), message.more_reports) == (10, 2)


@pytest.mark.parametrize("count", [1, 10])
def test_up_to_ten_reports_none_is_left_out(count: int) -> None:
    message = parent(a_risk(*(an_exposed_report(f"R{number}") for number in range(count))))
    assert (len(message.reports), message.more_reports) == (count, 0)


def test_the_last_line_holds_every_report_id_to_paste() -> None:
    message = parent(a_risk(*(an_exposed_report(f"R{number}") for number in range(100, 112))))
    ids = ", ".join(f"R{number}" for number in range(100, 112))
    assert as_text(message).splitlines()[-1] == f"Report ids: {ids}"


def test_a_line_of_ids_that_would_not_fit_says_how_many_are_missing() -> None:
    ids = [f"74123456789{number:05}" for number in range(200)]
    line = as_text(parent(a_risk(*map(an_exposed_report, ids)))).splitlines()[-1]
    named = line.removeprefix("Report ids: ").partition(" and ")[0].split(", ")
    assert named == ids[: len(named)]
    assert line.endswith(f" and {200 - len(named)} more (`monitor risks` lists them)")
    assert 900 < len(line) < 1_100


@pytest.mark.parametrize(
    ("voice", "line"),
    [
        (
            replace(VOICE, read_at=at("11:45")),
            "Alert 7 · Acme US · Data as of Nov 24, 2026 11:45 UTC",
        ),
        (VOICE, "Alert 7 · Acme US · Nothing was read yet"),
    ],
)
def test_the_freshness_line_tells_how_old_the_oldest_data_is(voice: Voice, line: str) -> None:
    assert parent(a_risk(), voice=voice).footer.splitlines()[0] == line


def test_a_bulk_edit_with_long_names_leaves_room_for_the_frame_of_slack() -> None:
    names = [f"Sales and Marketing : Europe, Middle East and Africa : {n}" for n in range(40)]
    risks = [
        of_class(
            number,
            *(
                an_exposed_report(
                    f"74123456789{number:03}{n:02}",
                    name="Quarterly offsite in Boston, travel and hotel",
                    bad_texts=(a_bad_text(name),),
                )
                for n in range(4)
            ),
            remedy=a_remedy(steps=tuple("x" * 250 for _ in range(4))),
        )
        for number, name in enumerate(names)
    ]
    voice = replace(VOICE, experiences={US: "classic"})
    assert len(as_text(parent(*risks, voice=voice))) < 8_000
