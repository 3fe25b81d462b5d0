"""Why an outcome that somebody tells of counts neither for nor against what was predicted."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from monitor.core.outcomes import Label, Outcome
from monitor.core.predictions import Prediction

COUNTED = frozenset({Label.FAILED_AS_PREDICTED, Label.EXPORTED, Label.MISSED})
"""What makes up precision and recall."""

_WHY = {
    Label.FAILED_OTHERWISE: "it failed with a code that no rule is about",
    Label.CODE_UNKNOWN: "it failed, and neither code nor words say why",
    Label.FIXED_FIRST: "what was predicted had ended before that moment (fixed first)",
}
_UNREAD = (
    "Expensify was not read after that moment, so nobody knows whether something was fixed: "
    "import the file again after the next cycle (not tested)"
)
_ENDED = (
    "the prediction ended after that moment: perhaps something was fixed before the export, "
    "perhaps the export ended it (not tested)"
)


def why_uncounted(found: Collection[Outcome], predictions: Iterable[Prediction]) -> str:
    """The reason, empty when it counts. `found`: the labels that the outcome got.

    `predictions`: all that was ever predicted of the report.
    """
    labels = {one.label for one in found}
    if labels & COUNTED:
        return ""
    if not labels:
        return _unpredicted(predictions)
    known = next((why for label, why in _WHY.items() if label in labels), None)
    if known is not None:
        return known
    stands = any(one.prediction is not None and one.prediction.until is None for one in found)
    return _UNREAD if stands else _ENDED


def _unpredicted(predictions: Iterable[Prediction]) -> str:
    """Nothing at all could be held against the export."""
    several = tuple(predictions)
    said = [one for one in several if one.is_said]
    if any(one.is_settled for one in said):
        return "an export has already shown whether the prediction was right, that counts once"
    if said:
        return "it was predicted only after that moment"
    return "it was only called possible" if several else "nothing was predicted of it"
