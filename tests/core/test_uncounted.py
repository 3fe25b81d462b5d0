"""Why an outcome from elsewhere counts neither for nor against what was predicted."""

from __future__ import annotations

import pytest

from monitor.core.outcomes import judge_export, judge_failure
from monitor.core.predictions import Prediction
from monitor.core.records import Ref
from monitor.core.reports import Failure
from monitor.core.risks import Cause, Certainty
from monitor.core.uncounted import why_uncounted
from tests.core.builders import US, at

TRIED = at("10:00")
MADE = Prediction(
    "R1", US, Ref("class", "12"), Cause.INACTIVE, Certainty.CERTAIN, "NS0831", at("09:00")
)


@pytest.mark.parametrize(
    ("known", "read_at", "why"),
    [
        pytest.param([MADE], at("10:15"), "", id="it stood at the next reading: it counts"),
        pytest.param([MADE], TRIED, "Expensify was not read after that moment", id="not read"),
        pytest.param(
            [MADE._replace(until=at("10:15"))],
            at("12:00"),
            "the prediction ended after that moment",
            id="ended after",
        ),
        pytest.param(
            [MADE._replace(until=at("09:30"))],
            at("12:00"),
            "what was predicted had ended before",
            id="ended before",
        ),
        pytest.param(
            [MADE._replace(is_settled=True)],
            at("12:00"),
            "an export has already shown",
            id="settled",
        ),
        pytest.param(
            [MADE._replace(since=at("11:00"))],
            at("12:00"),
            "it was predicted only after",
            id="later",
        ),
        pytest.param(
            [MADE._replace(certainty=Certainty.POSSIBLE)],
            at("12:00"),
            "it was only called possible",
            id="a guess",
        ),
        pytest.param([], at("12:00"), "nothing was predicted of it", id="nothing"),
    ],
)
def test_of_an_export(known: list[Prediction], read_at: object, why: str) -> None:
    found = tuple(judge_export("R1", US, TRIED, known, read_at=read_at))  # type: ignore[arg-type]
    said = why_uncounted(found, known)
    assert said.startswith(why) and bool(said) == bool(why)


@pytest.mark.parametrize(
    ("code", "known", "why"),
    [
        pytest.param("NS0831", [MADE], "", id="predicted: it counts"),
        pytest.param("NS0831", [], "", id="missed: it counts"),
        pytest.param("NS0109", [MADE], "it failed with a code that no rule is about", id="other"),
        pytest.param("", [MADE], "it failed, and neither code nor words say why", id="no code"),
    ],
)
def test_of_a_failure(code: str, known: list[Prediction], why: str) -> None:
    found = tuple(judge_failure("R1", US, Failure(TRIED, code, ""), known, ""))
    assert why_uncounted(found, known) == why
