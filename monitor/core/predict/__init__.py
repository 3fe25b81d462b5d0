"""Records, drift, reports -> risks: which pending reports would fail if exported now."""

from monitor.core.predict.blind import blind_risks, is_blind_to
from monitor.core.predict.ending import ending_of
from monitor.core.predict.predictor import predict
from monitor.core.predict.situation import Situation

__all__ = ["Situation", "blind_risks", "ending_of", "is_blind_to", "predict"]
