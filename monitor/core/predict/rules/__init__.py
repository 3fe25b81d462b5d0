"""The rules, one small function each: why NetSuite would refuse something for one workspace."""

from monitor.core.predict.rules.record_rules import BY_SUBSIDIARY, access_of, broken_as_default
from monitor.core.predict.rules.subject import SURE_UNTIL, Finding, Off, Subject
from monitor.core.predict.rules.table import RULES, Judged, Rule, findings, judge, rules_for

__all__ = [
    "BY_SUBSIDIARY",
    "RULES",
    "SURE_UNTIL",
    "Finding",
    "Judged",
    "Off",
    "Rule",
    "Subject",
    "access_of",
    "broken_as_default",
    "findings",
    "judge",
    "rules_for",
]
