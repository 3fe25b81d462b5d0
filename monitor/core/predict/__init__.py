"""Records, drift, reports -> risks: which pending reports would fail if exported now."""

from monitor.core.predict.blind import blind_risks, is_blind_to
from monitor.core.predict.ending import ending_of, ways_of
from monitor.core.predict.examination import (
    Examination,
    Matched,
    RuleState,
    RuleVerdict,
    examine,
)
from monitor.core.predict.predictor import predict
from monitor.core.predict.questions import is_place_unclear, place_health, set_up_questions
from monitor.core.predict.situation import Situation
from monitor.core.predict.sweep import BrokenDefault, sweep_employees

__all__ = [
    "BrokenDefault",
    "Examination",
    "Matched",
    "RuleState",
    "RuleVerdict",
    "Situation",
    "blind_risks",
    "ending_of",
    "examine",
    "is_blind_to",
    "is_place_unclear",
    "place_health",
    "predict",
    "set_up_questions",
    "sweep_employees",
    "ways_of",
]
