"""The values a key may hold, as types: durations, zones, channels, addresses, secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import core_schema

from monitor.config.duration import PATTERN, format_duration, parse_duration
from monitor.core.records import Kind
from monitor.core.reports import EMPLOYEE_DEFAULT, NOT_CODED
from monitor.errors import ConfigError
from monitor.secret import Secret, refer, resolve

CODED_KINDS = (Kind.CLASS, Kind.DEPARTMENT, Kind.LOCATION, Kind.PROJECT, Kind.CUSTOMER)
WATCHED_KINDS = (*CODED_KINDS, Kind.EMPLOYEE)
SEGMENT = "segment:"
_SEGMENT_KIND = f"{SEGMENT}[a-z][a-z0-9_]*"

Entry = TypeVar("Entry")

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


class Section(BaseModel):
    """A table of the file: knows all its keys, never changes, describes itself."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, validate_default=True
    )


class Surroundings(NamedTuple):
    """What references are resolved against: the file's folder and the environment."""

    folder: Path = Path()
    environ: Mapping[str, str] = os.environ
    is_resolving: bool = True
    """Whether secrets are looked up; else a reference is enough, wherever it leads."""


def _secret(reference: Any, validation: ValidationInfo) -> Secret:
    if isinstance(reference, Secret):
        return reference
    if not isinstance(reference, str):
        raise ValueError('write a reference in quotes, like "env:NAME"')  # noqa: TRY004 (pydantic's)
    around = validation.context or Surroundings()
    try:
        if not around.is_resolving:
            return refer(reference)
        return resolve(reference, folder=around.folder, environ=around.environ)
    except ConfigError as error:
        raise ValueError(str(error)) from error


def _duration(text: Any) -> timedelta:
    return text if isinstance(text, timedelta) else parse_duration(str(text))


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "write one like America/New_York"
        raise ValueError(f"{name!r} is no time zone: {hint}") from error
    return name


def _account(text: str) -> str:
    return text.upper().replace("-", "_")


def https_address(text: str) -> str:
    """The address without its last slash; ValueError unless https (on loopback http, too)."""
    parts = urlsplit(text)
    is_loopback = bool(_LOOPBACK.fullmatch(parts.hostname or ""))
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError("write an address that begins with https://")
    if parts.scheme == "http" and not is_loopback:
        raise ValueError("write https://: credentials never travel unencrypted")
    if parts.username or parts.password:
        raise ValueError("write the address without a user name or password")
    return text.rstrip("/")


def at_least_one(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Not pydantic's min_length: that one also complains when all entries are wrong."""
    if not entries:
        raise ValueError("is empty: write at least one")
    return entries


def _optional(check: Callable[[str], str]) -> Callable[[str], str]:
    """The same check for a key that may be empty (= off)."""
    return lambda text: check(text) if text else text


def _two_hours(text: str) -> str:
    begin, end = text.split("-")
    if begin == end:
        raise ValueError('begins and ends at one time: write two, or "" for none')
    return text


def _kind(text: str) -> str:
    return _known(text, WATCHED_KINDS, "kind")


def _coded_kind(text: str) -> str:
    if re.fullmatch(_SEGMENT_KIND, text):
        return text
    return _known(text, CODED_KINDS, "kind")


def _listed(*words: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^(?:{'|'.join(words)})$"})


def _known(text: str, known: tuple[str, ...], what: str) -> str:
    if text in known:
        return text
    near = get_close_matches(text, known, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(known)}"
    raise ValueError(f"unknown {what} `{text}`: {hint}")


@dataclass(frozen=True, slots=True)
class _Shaped:
    """Text of one shape: checked here, and told to editors by the schema."""

    pattern: str
    sentence: str

    def __get_pydantic_core_schema__(
        self, source: Any, text_schema: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, text_schema(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, json_schema: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**json_schema(schema), "pattern": f"^(?:{self.pattern})$"}

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.sentence)
        return text


_HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=1)]
Duration = Annotated[
    timedelta,
    PlainValidator(_duration),
    PlainSerializer(format_duration),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]
SecretReference = Annotated[
    Secret,
    PlainValidator(_secret),
    PlainSerializer(lambda secret: secret.reference),
    WithJsonSchema({"type": "string", "pattern": "^(credential|file|env):.+$"}),
]
ZoneName = Annotated[str, AfterValidator(_zone)]
Account = Annotated[
    str,
    _Shaped("[A-Za-z0-9]+([_-][A-Za-z0-9]+)*", 'write the account id, like "1234567_SB1"'),
    AfterValidator(_account),
]
Address = Annotated[str, AfterValidator(https_address)]
AddressOrNone = Annotated[str, AfterValidator(_optional(https_address))]
WatchedKind = Annotated[str, AfterValidator(_kind), _listed(*WATCHED_KINDS)]
CodedKind = Annotated[str, AfterValidator(_coded_kind), _listed(*CODED_KINDS, _SEGMENT_KIND)]
Place = Annotated[
    str,
    _Shaped(
        rf"tag:[1-9][0-9]?|report_field:.*\S.*|{EMPLOYEE_DEFAULT}|{NOT_CODED}",
        f'write "tag:1" (a tag level), "report_field:NAME", "{EMPLOYEE_DEFAULT}" or "{NOT_CODED}"',
    ),
]
SegmentTable = Annotated[
    str, _Shaped("[a-z][a-z0-9_]*", 'write a record table, like "customrecord_cseg_region"')
]
Channel = Annotated[
    str,
    _Shaped(
        r"|[CGD][A-Z0-9]{6,}|#[^\sA-Z#]{1,80}",
        'write the channel\'s id ("C0123456789") or its name ("#netsuite-exports")',
    ),
]
SlackUser = Annotated[str, _Shaped("[UW][A-Z0-9]{4,}", 'write a Slack user id, like "U0123ABC"')]
HoursOrNone = Annotated[
    str,
    _Shaped(f"|{_HOUR}-{_HOUR}", 'write two times like "20:00-07:00", or "" for none'),
    AfterValidator(_optional(_two_hours)),
]
HourOrNone = Annotated[str, _Shaped(f"|{_HOUR}", 'write a time like "09:00", or "" for none')]
ListenOrNone = Annotated[
    str, _Shaped(r"|[^\s:]+:\d{1,5}", 'write HOST:PORT like "127.0.0.1:9469", or "" for none')
]
