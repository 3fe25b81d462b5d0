"""The page of `monitor report` for any review: what it is made of never depends on what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings

from monitor.adapters.store.correspondence import FiledAlert, FiledLetter
from monitor.adapters.store.outbox import Delivery
from monitor.adapters.store.unseen_times import UnreadList, UnreadSpell
from monitor.answers.caveats import RulesOff
from monitor.answers.difference import Basis, Difference, DriftedChange, Range
from monitor.answers.exposure import Exposure
from monitor.answers.freshness import Freshness
from monitor.answers.history import PastAlert
from monitor.answers.imports import WorkspaceSync
from monitor.answers.review import Review
from monitor.answers.standing import Standing
from monitor.answers.untold import Untold
from monitor.answers.waiting import Waiting
from monitor.cli.output.page import page
from monitor.cli.output.page.alerts import MOST_ALERTS, MOST_BARS
from monitor.cli.output.page.blindness import MOST_SPELLS
from monitor.cli.output.page.changes import MOST_CHANGES
from monitor.cli.output.page.risks import MOST_REPORTS, MOST_RISKS
from monitor.cli.output.page.tree import shown
from monitor.core.alerts import Method, Overlay, Reason, RiskState, Sort, TrackedRisk
from monitor.core.cycles import Cycle, CycleEnd
from monitor.core.freshness import SourceFreshness
from monitor.core.message import Message, Tone
from monitor.core.places import SetUpQuestion
from monitor.core.records import Change, ChangeWord, FieldChange, ListState, Ref, Snapshot
from monitor.core.refutations import Cap
from monitor.core.reports import UnreadReport
from monitor.core.risks import Cause, Risk
from monitor.core.score import score
from monitor.core.sync import Bound, Imported
from tests.core.builders import (
    NETSUITE_URL,
    NOW,
    UK,
    US,
    a_bad_text,
    a_change,
    a_class,
    a_last_sync,
    a_remedy,
    a_risk,
    a_workspace,
    an_evidence,
    an_exposed_report,
    at,
)
from tests.pages import read
from tests.test_page_tree import ANY, HOSTILE

ENOUGH = 4.5
"""The contrast that WCAG asks of small text (level AA)."""
QUARTER = timedelta(minutes=15)


def a_step(number: int = 1, **fields: object) -> Change:
    """One class was inactivated; the greater the number, the later."""
    seen = (at("06:00", 20) + number * QUARTER, at("06:15", 20) + number * QUARTER)
    return a_change(seen=seen)._replace(id=str(number), **fields)


def an_alert(number: int = 1, headline: str = "3 reports", closed: bool = True) -> PastAlert:
    """It was open for a quarter of an hour, and one message was sent of it."""
    opened = at("06:00", 20) + number * QUARTER
    message = Message(Tone.AT_RISK, headline)
    letter = FiledLetter(
        number, Reason.OPENED, Method.POST, False, "sent", "", opened, opened, message
    )
    filed = FiledAlert(number, US, opened, opened + QUARTER if closed else None)
    return PastAlert(filed, "Acme US", 1, 3, (letter,))


def tracked(risk: Risk, state: RiskState = RiskState.OPEN, alert_id: int | None = 5) -> TrackedRisk:
    return TrackedRisk(risk, state, opened_at=NOW, alert_id=alert_id)


def a_review(
    *risks: Risk,
    changes: tuple[Change, ...] = (),
    imported: dict[str, Imported] | None = None,
    **fields: object,
) -> Review:
    """Nothing is wrong, nothing happened, everything is fresh."""
    snapshot = Snapshot(71, NOW)
    fresh = Freshness(
        NOW,
        QUARTER,
        snapshot,
        sources=(SourceFreshness("netsuite", NOW), SourceFreshness("expensify", NOW)),
    )
    difference = Difference(
        NOW,
        Range(at("00:00", 20), NOW, Basis.MOMENT, Snapshot(1, at("00:00", 20)), snapshot),
        tuple(DriftedChange(one, imported or {US: Imported.NO}) for one in changes),
        (a_workspace(),),
    )
    found = Review(
        account="1234567",
        netsuite_url=NETSUITE_URL,
        difference=difference,
        exposure=Exposure(fresh, tuple(map(tracked, risks)), (a_workspace(),)),
        standing=Standing(fresh),
        score=score(()),
    )
    return replace(found, **fields)


def saying(text: str) -> Review:
    """A review in which everything that comes from outside is this text."""
    report = an_exposed_report(
        text[:50],  # an address has an end
        name=text,
        submitter=text,
        currency=text,
        bad_texts=(a_bad_text(text, place=text),),
    )
    risk = a_risk(
        report,
        ref=Ref("employee", text),
        full_name=text,
        likely_code=text,
        import_sentence=text,
        remedy=a_remedy(steps=(text, text)),
        changed_by=text,
        what_changed=text,
    )
    workspace = a_workspace(name=text)
    change = a_step(
        kind=text,
        full_name=text,
        change=ChangeWord.RENAMED,
        fields=(FieldChange("name", text, text), FieldChange(text, (text, text), None)),
        modified_by=text,
    )
    found = a_review(risk, changes=(change,), account=text)
    source = SourceFreshness("netsuite", NOW, at("11:00"), text)
    evidence = an_evidence(Bound.NOT_BEFORE, at("09:00"), note=text)
    sync = a_last_sync(at("09:00"), evidence=(evidence,), contradictions=(text,))
    overlay = Overlay(1, Sort.ACK, text, text, NOW, NOW, alert_id=5)
    return replace(
        found,
        difference=replace(found.difference, workspaces=(workspace,), remarks=(text,)),
        exposure=replace(
            found.exposure, workspaces=(workspace,), doubts=(text,), overlays=(overlay,)
        ),
        standing=Standing(
            replace(found.standing.freshness, sources=(source,)),
            syncs=(WorkspaceSync(workspace, sync),),
            rules_off=(RulesOff("class", (Cause.INACTIVE,), text, is_blind=True),),
            unread=((UnreadReport(text, text, text), NOW),),
            questions=(SetUpQuestion(US, text, text),),
            last_cycle=Cycle(NOW, QUARTER, CycleEnd.BROKEN, text),
        ),
        alerts=(replace(an_alert(1, text), workspace=text),),
        unread_lists=(UnreadList(text, ListState.BLIND, text, at("08:00"), None),),
    )


PLAIN = read(page(saying("x")))


@given(ANY)
@example(HOSTILE[0])
@example(HOSTILE[1])
@settings(max_examples=60)
def test_no_text_makes_the_page_another_one(text: str) -> None:
    found = read(page(saying(text)))
    assert found.skeleton == PLAIN.skeleton
    assert found.texts("style") == PLAIN.texts("style")
    assert found["risks"].all("td")[0].text == shown(text)
    assert shown(text) in found["alerts"].texts("td")


@given(ANY)
@settings(max_examples=20)
def test_no_text_makes_the_masked_page_another_one(text: str) -> None:
    masked = replace(saying(text), people=frozenset([text, "Dana Lee"]))
    assert read(page(masked)).skeleton == PLAIN.skeleton


def test_a_page_that_says_nothing_says_so() -> None:
    found = read(page(a_review()))
    assert "No pending report would fail" in found["risks"].text
    assert "No alert was open" in found["alerts"].text
    assert "Nothing changed in NetSuite's lists" in found["changes"].text
    assert "Every rule is on" in found["blindness"].text
    assert "Both sources were read all the time" in found["blindness"].text
    assert found.all("aside") == []


def test_all_that_is_not_seen_or_not_predicted_now_is_told() -> None:
    off = RulesOff("class", (Cause.INACTIVE,), "the list class cannot be read", is_blind=True)
    cap = Cap(Cause.OUTSIDE_SUBSIDIARY, ("R1",), NOW)
    untold = Untold(a_workspace(), 1, (a_class(),))
    unread = UnreadReport("R2", US, "it has no lines")
    question = SetUpQuestion(US, "tag:1", "is a question")
    review = a_review()
    standing = replace(
        review.standing,
        rules_off=(off,),
        caps=(cap,),
        untold=(untold,),
        unread=((unread, NOW),),
        questions=(question,),
    )
    found = read(page(replace(review, standing=standing)))["blindness"]
    assert found.texts("li") == [
        off.sentence,
        f"rule outside_subsidiary: {cap.sentence}",
        f"Acme US: {untold.sentence}",
        unread.sentence,
        "Acme US: is a question",
    ]


def test_how_fresh_it_is_says_what_fails_since_when_and_how_the_last_cycle_ended() -> None:
    review = a_review()
    fresh = replace(
        review.standing.freshness,
        sources=(
            SourceFreshness("netsuite", at("10:00"), at("11:00"), "HTTP 500"),
            SourceFreshness("expensify", at("11:50")),
            SourceFreshness("another", at("09:00")),
            SourceFreshness("unread"),
        ),
    )
    last = Cycle(at("11:50"), QUARTER, CycleEnd.BROKEN, "the disk is full")
    standing = replace(review.standing, freshness=fresh, last_cycle=last)
    found = read(page(replace(review, standing=standing)))["freshness"]
    assert found.rows() == [
        [
            *("NetSuite", "2026-11-24 10:00 UTC", "2 h ago"),
            "failing since 2026-11-24 11:00 UTC: HTTP 500",
        ],
        ["Expensify", "2026-11-24 11:50 UTC", "10 min ago", "fresh"],
        ["another", "2026-11-24 09:00 UTC", "3 h ago", "too old"],
        ["unread", "never", "–", "never read"],
    ]
    assert found.texts("p")[0] == (
        "The last cycle began 2026-11-24 11:50 UTC: it broke off (the disk is full)"
    )


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    reports = [an_exposed_report(f"R{number}") for number in range(MOST_REPORTS + 2)]
    risks = [a_risk(*reports, ref=Ref("class", str(number))) for number in range(MOST_RISKS + 3)]
    review = a_review(
        *risks,
        changes=tuple(map(a_step, range(MOST_CHANGES + 4))),
        alerts=tuple(map(an_alert, range(MOST_ALERTS + 5))),
        unread=tuple(
            UnreadSpell("netsuite", at("06:00") + number * QUARTER, None)
            for number in range(MOST_SPELLS + 6)
        ),
    )
    found = read(page(review))
    said = [one.text for one in found.all("p") if one.attributes.get("class") == "left-out"]
    assert (
        said[:MOST_RISKS]
        == ["2 more reports are not on this page; to see all: monitor risks"] * MOST_RISKS
    )
    assert said[MOST_RISKS:] == [
        "3 more risks are not on this page; to see all: monitor risks",
        "5 more alerts are not on this page; to see all: "
        "monitor alerts --since 2026-11-20T00:00:00Z",
        "4 more changes, all older, are not on this page; to see all: "
        "monitor diff --each --since 2026-11-20T00:00:00Z",
        "6 more older times are not on this page; to see all: monitor report --since WHEN",
    ]
    assert len(found["risks"].all("article")) == MOST_RISKS
    changes = found["changes"].rows()
    assert len(changes) == MOST_CHANGES
    assert changes[0][0].endswith(f" class:{MOST_CHANGES + 3}")
    assert found["alerts"].rows()[0][0] == str(MOST_ALERTS + 4)
    assert len([one for one in found.all("div") if one.attributes.get("class") == "bar"]) == (
        MOST_BARS
    )


@pytest.mark.parametrize(
    ("opened", "closed", "bar"),
    [
        pytest.param(at("00:00", 19), at("00:00", 21), (0, 222), id="since before the range"),
        pytest.param(at("00:00", 20), at("12:00", 22), (0, 556), id="in its first half"),
        pytest.param(at("12:00", 22), at("12:01", 22), (556, 6), id="for a minute: still seen"),
        pytest.param(at("11:59"), NOW, (994, 6), id="at its end: within the picture"),
        pytest.param(at("12:00", 22), None, (556, 444), id="open still: to its end"),
    ],
)
def test_a_bar_stands_where_its_alert_was_open(
    opened: datetime, closed: datetime | None, bar: tuple[int, int]
) -> None:
    alert = FiledAlert(1, US, opened, closed)
    review = a_review(alerts=(replace(an_alert(), alert=alert),))
    track, drawn = read(page(review))["alerts"].all("rect")
    assert (int(drawn.attributes["x"]), int(drawn.attributes["width"])) == bar
    assert track.attributes["width"] == "1000"
    assert drawn.attributes["class"] == ("resolved" if closed else "open")


def test_a_step_leads_to_the_record_in_the_own_account_and_nowhere_else() -> None:
    ours = f"{NETSUITE_URL}/app/common/otherlists/classtype.nl?id=-5"
    theirs = ours.replace("1234567", "evil")
    step = f"Open ({ours}), not {theirs} or {ours[:-2]}x"
    review = a_review(a_risk(remedy=a_remedy(steps=(step,))))
    (steps,) = read(page(review)).all("ol")
    assert [one.attributes["href"] for one in steps.all("a")] == [ours]
    assert steps.text == step


def test_what_nobody_was_told_is_said() -> None:
    review = a_review()
    delivery = Delivery(waiting=1, dead=2, last_error="channel_not_found", last_sent_at=None)
    standing = replace(review.standing, delivery=delivery, waiting=Waiting(is_shadow=True))
    assert read(page(replace(review, standing=standing)))["alerts"].texts("p")[:3] == [
        "In force: shadow mode: decided and recorded, told to nobody.",
        "2 messages refused by Slack for good: channel_not_found",
        "1 message not told yet.",
    ]


def test_workspaces_that_differ_are_named_beside_what_each_has_imported() -> None:
    imported = {US: Imported.YES, UK: Imported.UNKNOWN}
    review = a_review(changes=(a_step(),), imported=imported)
    both = (a_workspace(US), a_workspace(UK))
    review = replace(review, difference=replace(review.difference, workspaces=both))
    (row,) = read(page(review))["changes"].all("tbody")[0].all("tr")
    assert row.all("td")[-1].texts("li") == ["yes: Acme US", "unknown: Acme UK"]


def test_a_change_whose_moment_nobody_knows_is_told_between_two_readings() -> None:
    (row,) = read(page(a_review(changes=(a_step(1),))))["changes"].rows()
    assert row[4] == "between 2026-11-20 06:15 UTC and 2026-11-20 06:30 UTC"


@pytest.mark.parametrize(
    ("state", "alert_id", "said"),
    [
        pytest.param(RiskState.OPEN, 5, "alert 5", id="told"),
        pytest.param(RiskState.WATCH, None, "watched, nobody was told", id="watched"),
        pytest.param(RiskState.BLIND, 5, "as last seen: a source cannot be read", id="blind"),
    ],
)
def test_a_risk_says_whether_people_were_told(
    state: RiskState, alert_id: int | None, said: str
) -> None:
    review = a_review(a_risk())
    exposure = replace(review.exposure, risks=(tracked(a_risk(), state, alert_id),))
    (risk,) = read(page(replace(review, exposure=exposure))).all("article")
    assert risk.texts("p")[0] == f"will fail with NS0831 Acme US · {said}"


def test_what_was_said_of_a_risk_stands_with_it() -> None:
    review = a_review(a_risk())
    laid = Overlay(1, Sort.ACK, "Omar", "on it", NOW, at("13:00"), alert_id=5)
    exposure = replace(review.exposure, overlays=(laid,))
    (risk,) = read(page(replace(review, exposure=exposure))).all("article")
    assert "Acknowledged by Omar until 2026-11-24 13:00 UTC: on it." in risk.texts("p")


@pytest.mark.parametrize("block", range(3), ids=["in light", "in the dark", "on paper"])
def test_every_word_stands_out_from_its_ground(block: int) -> None:
    (style,) = PLAIN.texts("style")
    colors = dict(
        re.findall(r"--([\w-]+): (#\w{6})", re.findall(r":root {(.*?)}", style, re.S)[block])
    )
    grounds = {"ink": ("paper", "shade", "bad-shade"), "quiet": ("paper", "shade")}
    grounds |= {one: ("paper", f"{one}-shade") for one in ("bad", "doubt", "good")}
    grounds["link"] = ("paper",)
    low = [
        (word, ground)
        for word, behind in grounds.items()
        for ground in behind
        if _contrast(colors[word], colors[ground]) < ENOUGH
    ]
    assert low == []


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
