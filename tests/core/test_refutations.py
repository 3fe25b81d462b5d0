"""What clean exports teach: a rule is taken back for one record, and capped by two reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.predict import RuleState, examine, predict
from monitor.core.records import Ref
from monitor.core.refutations import Cap, Counter, Refutation, Refutations, Trust
from monitor.core.reports import Route
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported
from tests.core.builders import (
    UK,
    US,
    a_change,
    a_class,
    a_drift,
    a_report,
    a_situation,
    a_workspace,
    at,
)

CLASS = Ref("class", "12")
SUBSIDIARIES = {US: "1", UK: "2"}


def a_refutation(report_id: str = "R9", **fields: Any) -> Refutation:
    """Report R9 of subsidiary 1 used the inactive class 12, and was exported at ten."""
    return Refutation(
        **{
            "cause": Cause.INACTIVE,
            "ref": CLASS,
            "subsidiary": "1",
            "route": Route.EXPENSE_REPORT,
            "report_id": report_id,
            "exported_at": at("10:00"),
            **fields,
        }
    )


def asked(known: Refutations, **fields: Any) -> Counter | None:
    """What speaks against “class 12 is inactive” in Acme US, edited at nine."""
    return known.verdict(
        **{
            "cause": Cause.INACTIVE,
            "ref": CLASS,
            "policy_id": US,
            "route": Route.EXPENSE_REPORT,
            "changed_at": at("09:00"),
            **fields,
        }
    )


HERE = Counter(is_capped=False, sentence="report R9 exported all the same")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param({}, HERE, id="the same record, subsidiary and route: refuted"),
        pytest.param({"changed_at": None}, HERE, id="unchanged as long as anybody knows: refuted"),
        pytest.param({"changed_at": at("10:00")}, None, id="changed in the same moment: not"),
        pytest.param({"changed_at": at("11:00")}, None, id="changed after the export: not"),
        pytest.param({"ref": Ref("class", "13")}, None, id="another record: not"),
        pytest.param({"ref": Ref("department", "12")}, None, id="another kind: not"),
        pytest.param({"policy_id": UK}, None, id="another subsidiary: not"),
        pytest.param({"route": Route.JOURNAL_ENTRY}, None, id="another route: not"),
        pytest.param({"cause": Cause.DELETED}, None, id="another rule: not"),
    ],
)
def test_an_export_refutes_a_rule_only_there(
    question: dict[str, Any], answer: Counter | None
) -> None:
    known = Refutations([a_refutation()], subsidiaries=SUBSIDIARIES)
    assert asked(known, **question) == answer


def test_workspaces_of_one_subsidiary_learn_from_each_other() -> None:
    known = Refutations([a_refutation()], subsidiaries={US: "1", UK: "1"})
    assert asked(known, policy_id=UK) == HERE


def test_without_subsidiaries_the_account_is_one() -> None:
    known = Refutations([a_refutation(subsidiary="")], subsidiaries={US: None})
    assert asked(known) == HERE


TWO = (a_refutation("R9"), a_refutation("R10", ref=Ref("class", "13"), exported_at=at("11:00")))


def trusted(moment: datetime) -> Trust:
    return Trust(Cause.INACTIVE, moment, "dana", "the class was opened for an hour")


@pytest.mark.parametrize(
    ("refutations", "trusts", "caps"),
    [
        pytest.param([a_refutation()], [], [], id="one report: no cap"),
        pytest.param(
            TWO, [], [Cap(Cause.INACTIVE, ("R9", "R10"), at("11:00"))], id="two reports: capped"
        ),
        pytest.param(
            [a_refutation(), a_refutation(ref=Ref("class", "13"))],
            [],
            [],
            id="two records in one report: one export is no two",
        ),
        pytest.param(
            [TWO[0], TWO[1]._replace(cause=Cause.DELETED)], [], [], id="two rules: no cap"
        ),
        pytest.param(
            [TWO[0], TWO[1]._replace(is_lesson=False)],
            [],
            [],
            id="one of them explained by a sync that nobody saw: no cap",
        ),
        pytest.param(
            [*TWO, a_refutation("R11", exported_at=at("13:00"))],
            [trusted(at("11:00"))],
            [],
            id="trusted in the moment of the second: that one is forgiven, too",
        ),
        pytest.param(TWO, [trusted(at("12:00"))], [], id="a person trusts it again: lifted"),
        pytest.param(
            TWO, [trusted(at("10:30"))], [], id="trusted between the two: the older is forgiven"
        ),
        pytest.param(
            [*TWO, a_refutation("R11", exported_at=at("13:00"))],
            [trusted(at("10:30"))],
            [Cap(Cause.INACTIVE, ("R10", "R11"), at("13:00"))],
            id="two more after the trust: capped again",
        ),
        pytest.param(
            TWO,
            [trusted(at("12:00"))._replace(cause=Cause.DELETED)],
            [Cap(Cause.INACTIVE, ("R9", "R10"), at("11:00"))],
            id="another rule is trusted: no matter",
        ),
    ],
)
def test_two_reports_cap_a_rule_until_a_person_lifts_it(
    refutations: list[Refutation], trusts: list[Trust], caps: list[Cap]
) -> None:
    known = Refutations(refutations, trusts, SUBSIDIARIES)
    assert list(known.caps()) == caps
    counter = asked(known, ref=Ref("class", "99"))
    assert (counter is not None and counter.is_capped) == bool(caps)


def test_a_lifted_cap_leaves_what_was_seen_of_the_record_itself() -> None:
    known = Refutations(TWO, [trusted(at("12:00"))], SUBSIDIARIES)
    assert asked(known) == HERE


def test_a_cap_names_its_reports_and_how_it_is_lifted() -> None:
    (cap,) = Refutations(TWO).caps()
    assert cap.sentence == (
        "only possible since reports R9, R10 exported although the rule inactive spoke against "
        "it: `monitor trust inactive` lifts that"
    )


@given(st.permutations([*TWO, a_refutation("R11"), a_refutation("R12", ref=Ref("class", "14"))]))
def test_the_order_in_which_evidence_came_makes_no_difference(order: list[Refutation]) -> None:
    straight = Refutations(sorted(order), subsidiaries=SUBSIDIARIES)
    mixed = Refutations(order, subsidiaries=SUBSIDIARIES)
    assert mixed.caps() == straight.caps()
    assert asked(mixed) == asked(straight)


def _inactive(known: Refutations) -> Any:
    gone = a_class(is_inactive=True)
    return a_situation(
        a_report(),
        present=[gone],
        former=[a_class()],
        drift=a_drift(a_change(a_class(), gone), imported=Imported.NO),
        workspaces=(a_workspace(),),
        refutations=known,
    )


def test_the_predictor_is_silent_where_an_export_went_well_and_explain_names_it() -> None:
    situation = _inactive(Refutations([a_refutation()], subsidiaries=SUBSIDIARIES))
    assert predict(situation) == ()
    verdicts = examine(situation, CLASS, situation.workspaces[0]).verdicts
    said = {one.cause: (one.state, one.why) for one in verdicts}
    assert said[Cause.INACTIVE] == (RuleState.REFUTED, "report R9 exported all the same")


def test_a_capped_rule_says_possible_of_every_other_record() -> None:
    others = [one._replace(ref=Ref("class", "99")) for one in TWO]
    (risk,) = predict(_inactive(Refutations(others, subsidiaries=SUBSIDIARIES)))
    assert (risk.cause, risk.certainty) == (Cause.INACTIVE, Certainty.POSSIBLE)
