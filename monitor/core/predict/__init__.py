"""Records, drift, reports -> risks: which pending reports would fail if exported now."""

from monitor.core.predict.ending import ending_of
from monitor.core.predict.predictor import Situation, predict

__all__ = ["Situation", "ending_of", "predict"]
