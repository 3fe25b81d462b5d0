"""The example file, the schema and the code say the same."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from monitor.config.load import check
from monitor.config.settings import Settings
from monitor.config.show import json_schema
from tests.configuration import ENVIRON

_FOLDER = Path(__file__).parent.parent / "config"
_EXAMPLE = _FOLDER / "monitor.example.toml"
_LINE = re.compile(r"(?P<off># )?(?P<key>[a-z_]+) = (?P<value>.+?)  # (?P<comment>.+)")


class Key(NamedTuple):
    """What is said of one key. The default is a JSON value; "none" = left out, "required"."""

    section: str
    name: str
    default: str
    comment: str


def keys_of_the_example() -> Iterator[Key]:
    section = ""
    for line in _EXAMPLE.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        if match := _LINE.fullmatch(line):
            comment, _, stated = match["comment"].partition(" Default: ")
            shown = json.dumps(tomllib.loads(f"x = {match['value']}")["x"])
            default = stated.removesuffix(".") or shown
            if comment.endswith(" Required."):
                comment, default = comment.removesuffix(" Required."), "required"
            yield Key(section, match["key"], default, comment)


def _keys_of_the_code(model: type[BaseModel] = Settings, section: str = "") -> Iterator[Key]:
    for name, field in model.model_fields.items():
        inner = list(_sections_in(field.annotation))
        for other in inner:
            yield from _keys_of_the_code(other, f"{section}.{name}".strip("."))
        if not inner and name != "coding":  # its keys are the kinds
            default = "required" if field.is_required() else _default(model, name)
            yield Key(section, name, default, str(field.description))


def _sections_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _sections_in(argument)


def _default(model: type[BaseModel], name: str) -> str:
    """As the schema states it, so that lengths of time are written as people write them."""
    shown = json_schema()["$defs"][model.__name__]["properties"][name].get("default")
    return "none" if shown is None else json.dumps(shown)


def test_the_example_shows_every_key_with_its_meaning_and_its_default() -> None:
    # method stands once in the file and once in either way to sign in
    code = {key for key in _keys_of_the_code() if (key.name, key.default) != ("method", "required")}
    assert set(keys_of_the_example()) == code


def test_the_example_is_valid_once_its_secrets_are_there() -> None:
    settings = check(tomllib.loads(_EXAMPLE.read_text()), _EXAMPLE, ENVIRON)
    assert [workspace.name for workspace in settings.workspaces] == ["Acme US"]


@pytest.mark.parametrize(
    ("put_in", "taken_out"),
    [
        pytest.param(
            ("consumer_key", "consumer_secret", "token_id", "token_secret"),
            ("client_id", "certificate_id", "private_key"),
            id="tba instead of oauth2",
        ),
        pytest.param(("webhook_url",), ("token", "channel"), id="a webhook instead of a bot"),
    ],
)
def test_the_other_way_in_the_example_is_valid_too(
    put_in: tuple[str, ...], taken_out: tuple[str, ...]
) -> None:
    text = _EXAMPLE.read_text()
    for key in put_in:
        text = text.replace(f"# {key} = ", f"{key} = ")
    for key in taken_out:
        text = re.sub(rf"(?m)^{key} = .*$", "", text)
    if "consumer_key" in put_in:
        text = text.replace('method = "oauth2"', 'method = "tba"')
    document = tomllib.loads(text)
    check(document, _EXAMPLE, ENVIRON)
    assert list(Draft202012Validator(json_schema()).iter_errors(document)) == []


def test_the_schema_in_the_folder_is_the_one_the_code_prints() -> None:
    assert json.loads((_FOLDER / "monitor.schema.json").read_text()) == json_schema(), (
        "run: monitor config schema > config/monitor.schema.json"
    )


def test_the_schema_is_a_schema_and_the_example_obeys_it() -> None:
    Draft202012Validator.check_schema(json_schema())
    document = tomllib.loads(_EXAMPLE.read_text())
    assert list(Draft202012Validator(json_schema()).iter_errors(document)) == []


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        pytest.param('channel = "C0123456789"', "chanel = 1", id="an unknown key"),
        pytest.param('every = "15m"', 'every = "15"', id="a length without unit"),
        pytest.param('class = "tag:1"', 'class = "tag:0"', id="no place"),
        pytest.param('class = "tag:1"', 'clas = "tag:1"', id="no kind"),
        pytest.param('token = "env:SLACK_BOT_TOKEN"', 'token = "xoxb-1"', id="a literal secret"),
        pytest.param('lists = ["class"', 'lists = ["clas"', id="no list"),
    ],
)
def test_the_schema_shows_editors_what_the_code_refuses(line: str, instead: str) -> None:
    text = _EXAMPLE.read_text()
    assert line in text
    document = tomllib.loads(text.replace(line, instead))
    assert list(Draft202012Validator(json_schema()).iter_errors(document)) != []


def test_every_key_and_section_in_the_schema_is_described() -> None:
    schema = json_schema()
    undescribed = [
        f"{name}.{key}"
        for name, section in [*schema["$defs"].items(), ("", schema)]
        for key, value in section["properties"].items()
        if "description" not in value
    ]
    assert undescribed == []
