"""Records, drift, reports -> risks: which pending reports would fail if exported now."""

from monitor.core.predict.predictor import Situation, predict

__all__ = ["Situation", "predict"]
