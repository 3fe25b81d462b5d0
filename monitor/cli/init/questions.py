"""What `monitor init` asks on a terminal; an answer that is wrong is asked for again at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import click

from monitor.cli.init.answers import OAUTH2, SCHEMES, SIGN_INS, Answers, WorkspaceAnswer, mistakes
from monitor.config.fields import CODED_KINDS
from monitor.core.workspace import NOT_CODED

USUAL_CODING = {"class": "tag:1"}
"""Where Expensify keeps a kind when nobody says; the others nowhere."""
_WHERE = """Where does Expensify keep each kind?
tag:1 (a tag level), report_field:NAME, employee_default or none"""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, asked where it applies and no option answered it."""

    name: str
    text: str
    default: str | bool | None = None
    choices: tuple[str, ...] = ()
    applies: Callable[[Answers], bool] = lambda _: True

    def ask(self) -> Any:
        """The answer, which is in order."""
        if isinstance(self.default, bool):
            return click.confirm(self.text, self.default, err=True)
        if self.choices:
            kind = click.Choice(self.choices)
            return str(click.prompt(self.text, self.default, type=kind, err=True))
        return _asked(self.text, self.default, lambda answer: {self.name: answer})


_FIRST = (
    Question("account", "NetSuite's account id (Setup > Company > Company Information)"),
    Question("method", "How to sign in to NetSuite", OAUTH2, SIGN_INS),
    Question(
        "certificate_id",
        "The certificate's id, as NetSuite shows it (no secret)",
        applies=lambda said: said.method == OAUTH2,
    ),
)
_LAST = (
    Question("channel", "Slack channel's id, like C0123456789 (empty: a webhook has its own)", ""),
    Question(
        "has_buttons",
        "Buttons in Slack (they need an app-level token)",
        default=False,
        applies=lambda said: bool(said.channel),
    ),
    Question("time_zone", "Time zone of the people who read", Answers().time_zone),
    Question("scheme", "Where the secrets are kept", Answers().scheme, SCHEMES),
    Question("is_shadow", "Begin in shadow mode (decide and record, tell nobody)", default=False),
)


def asked(said: Mapping[str, Any]) -> Answers:
    """Ask for all that the options did not say."""
    answers = _each(_FIRST, replace(Answers(), **said), said)
    if "workspaces" not in said:
        answers = replace(answers, workspaces=_workspaces())
    return _each(_LAST, answers, said)


def _each(questions: tuple[Question, ...], answers: Answers, said: Mapping[str, Any]) -> Answers:
    for question in questions:
        if question.name not in said and question.applies(answers):
            answers = replace(answers, **{question.name: question.ask()})
    return answers


def _workspaces() -> tuple[WorkspaceAnswer, ...]:
    known: tuple[WorkspaceAnswer, ...] = ()
    while not known or click.confirm("Another workspace", default=False, err=True):
        known = (*known, _workspace(known))
    return known


def _workspace(before: tuple[WorkspaceAnswer, ...]) -> WorkspaceAnswer:
    def answered(
        text: str, default: str | None, become: Callable[[str], WorkspaceAnswer]
    ) -> WorkspaceAnswer:
        said = _asked(text, default, lambda said: {"workspaces": (*before, become(said))})
        return become(said)

    one = answered(
        "Expensify workspace's id (in the address of its settings page)", None, WorkspaceAnswer
    )
    one = answered("What messages call it (empty: its id)", "", partial(_named, one))
    one = answered(
        "Its NetSuite subsidiary's internal id (empty without OneWorld)",
        "",
        partial(_below, one),
    )
    click.echo(_WHERE, err=True)
    for kind in CODED_KINDS:
        usual = USUAL_CODING.get(kind, NOT_CODED)
        one = answered(f"  {kind}", usual, partial(_coded, one, kind))
    return one


def _named(one: WorkspaceAnswer, said: str) -> WorkspaceAnswer:
    return replace(one, name=said)


def _below(one: WorkspaceAnswer, said: str) -> WorkspaceAnswer:
    return replace(one, subsidiary=said)


def _coded(one: WorkspaceAnswer, kind: str, said: str) -> WorkspaceAnswer:
    return replace(one, coding={**one.coding, kind: said})


def _asked(text: str, default: str | None, said: Callable[[str], dict[str, Any]]) -> str:
    def tried(answer: str) -> str:
        for sentence in mistakes(**said(answer.strip())):
            raise click.UsageError(sentence)
        return answer.strip()

    is_shown = bool(default)
    return str(click.prompt(text, default, value_proc=tried, show_default=is_shown, err=True))
