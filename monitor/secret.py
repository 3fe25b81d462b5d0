"""References like `env:NAME` -> secrets, resolved once; and the last net that keeps them unseen."""

from __future__ import annotations

import base64
import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from monitor.errors import ConfigError

REDACTED = "[secret]"

_HOW = "write env:NAME, file:PATH or credential:NAME"
_NAMED = {
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    "credential": re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]*"),
}


class Secret:
    """A secret. Only `reveal` gives it away; printing it shows its reference."""

    __slots__ = ("_value", "reference")

    def __init__(self, reference: str, value: str | None) -> None:
        self.reference = reference
        self._value = value

    @property
    def is_resolved(self) -> bool:
        """Whether it was looked up, not only referred to."""
        return self._value is not None

    def reveal(self) -> str:
        """The value; only of what was resolved."""
        assert self._value is not None, f"{self.reference} was never looked up"
        return self._value

    def __repr__(self) -> str:
        return f"Secret({self.reference!r})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return (self.reference, self._value) == (other.reference, other._value)

    def __hash__(self) -> int:
        return hash(self.reference)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is never pickled")


def resolve(
    reference: str, *, folder: Path = Path(), environ: Mapping[str, str] = os.environ
) -> Secret:
    """Look the reference up, remember the value for redaction, and wrap it.

    A relative `file:` is looked for in `folder`. One newline at the end is dropped. Raises
    ConfigError with one sentence that never repeats a value.
    """
    refer(reference)
    scheme, _, place = reference.partition(":")
    value = _without_newline(_RESOLVERS[scheme](place, folder, environ))
    if not value.strip():
        raise ConfigError(f"{reference} is empty: put the secret there")
    hide(value)
    return Secret(reference, value)


def hide(value: str) -> None:
    """Redact it from now on: a secret, or an address that whoever knows it may use."""
    _resolved.add(value)
    _look_for_all()


def refer(reference: str) -> Secret:
    """The secret that the reference means, not looked up: it need not be there.

    Raises ConfigError when it is no reference; what stands there is never repeated.
    """
    scheme, _, place = reference.partition(":")
    if scheme not in _RESOLVERS or not place:
        raise ConfigError(f"secrets never stand in the configuration: {_HOW}")
    if scheme in _NAMED and not _NAMED[scheme].fullmatch(place):
        # Not repeated: it may be the secret itself.
        what = "variable" if scheme == "env" else "credential"
        raise ConfigError(f"what follows {scheme}: is no {what}'s name: write {scheme}:NAME")
    return Secret(reference, None)


def remember(value: str) -> None:
    """Redact a secret that was fetched (an access token); the newest few are remembered."""
    _fetched.append(value)
    _look_for_all()


def forget() -> None:
    """Start over: no secret is known any more."""
    _resolved.clear()
    _fetched.clear()
    _any_known.clear()


def redact(text: str) -> str:
    """The text with every known secret replaced, escaped or encoded as it may be; and with what
    looks like one, known or not.
    """
    return _SHAPED.sub(REDACTED, _any_known[0].sub(REDACTED, text) if _any_known else text)


_SHAPED = re.compile(
    r"(?<![\w-])(?:eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"  # a signed assertion, or a token like it
    r"|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,})"  # Slack's tokens
    r"|(?<=/services/)T\w+/B\w+/\w{8,}"  # a webhook
    r"|(?<=oauth_signature=)[\"']?[\w%+/=-]{8,}"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]*",
    re.ASCII,
)
_resolved: set[str] = set()
_fetched: deque[str] = deque(maxlen=16)
_any_known: list[re.Pattern[str]] = []
_SHORTEST = 4
"""Shorter values would redact half of every sentence."""
_SHORTEST_PART = 12
"""A part of a secret (a line of a key, a URL's path) is hidden from this length on."""


def _look_for_all() -> None:
    texts = {text for value in (*_resolved, *_fetched) for text in _texts(value)}
    # Longest first: a secret that contains another is redacted whole.
    patterns = map(_tolerant, sorted(texts, key=len, reverse=True))
    _any_known[:] = [re.compile("|".join(patterns))] if texts else []
    re.purge()  # it would keep hundreds of these, and with them every token of the last weeks


def _texts(value: str) -> set[str]:
    """The secret, the parts of it that tell enough, and what stands for it in base64."""
    texts = {value.strip()} | {part for part in _parts(value) if len(part) >= _SHORTEST_PART}
    if len(value) >= 8:
        texts.update(_base64(value.encode()))
    return {text for text in texts if len(text) >= _SHORTEST}


def _parts(value: str) -> Iterator[str]:
    if "-----BEGIN" in value:
        yield from (line for line in value.splitlines() if not line.startswith("-----"))
    elif value.startswith(("https://", "http://")):
        # HTTP libraries print host and path apart.
        address = urlsplit(value)
        yield address.path
        yield address.path.rpartition("/")[2]
        yield address.query


def _base64(secret: bytes) -> Iterator[str]:
    """What stands for the secret wherever it sits in an encoded text ("id:secret")."""
    for before in range(3):
        first, last = (8 * before + 5) // 6, 8 * (before + len(secret)) // 6
        padded = bytes(before) + secret
        yield base64.b64encode(padded).decode()[first:last]
        yield base64.urlsafe_b64encode(padded).decode()[first:last]


def _tolerant(text: str) -> str:
    """A pattern that finds the text in a URL, in JSON, in Python's repr, and any nesting."""
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    code, utf16 = ord(character), character.encode("utf-16-be").hex()
    percent = "".join(f"%{byte:02x}" for byte in character.encode())
    units = rf"{_SOME}u".join(["", *(utf16[at : at + 4] for at in range(0, len(utf16), 4))])
    escapes = [percent, units, rf"{_SOME}x{code:02x}", rf"{_SOME}u{code:08x}"]
    if character in _SHORT_ESCAPES:
        escapes.append(_SHORT_ESCAPES[character])
    before = "" if character == "\\" else _ANY
    return rf"(?:{before}{re.escape(character)}|(?i:{'|'.join(escapes)}))"


_SOME, _ANY = r"\\{1,32}+", r"\\{0,32}+"
"""Backslashes, doubled at every level of nesting; not without end, which somebody could send, and
all that stand there or none: nothing is tried twice.
"""
_SHORT_ESCAPES = {
    "\n": rf"{_SOME}n",
    "\r": rf"{_SOME}r",
    "\t": rf"{_SOME}t",
    "\b": rf"{_SOME}b",
    "\f": rf"{_SOME}f",
    " ": r"\+",  # in a form
    "\\": r"\\{1,32}",  # but the next one may be the secret's own
}


def _from_environment(name: str, _folder: Path, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise ConfigError(f"env:{name} is not set: set the environment variable {name}")
    return environ[name]


def _from_file(name: str, folder: Path, _environ: Mapping[str, str]) -> str:
    path = folder / name
    try:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise ConfigError(f"{path} can be read by others ({mode:04o}): run chmod 600 {path}")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{path} is not there: put the secret into that file") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{path} cannot be read ({reason})") from error


def _from_credential(name: str, _folder: Path, environ: Mapping[str, str]) -> str:
    credentials = environ.get("CREDENTIALS_DIRECTORY")
    if not credentials:
        raise ConfigError(
            f"credential:{name} works under systemd only ($CREDENTIALS_DIRECTORY is not set): "
            f"add LoadCredential={name}:PATH to the service, or use file: or env:"
        )
    try:
        return (Path(credentials) / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"credential:{name} cannot be read: add LoadCredential={name}:PATH to the service"
        ) from error


def _without_newline(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


_RESOLVERS = {"env": _from_environment, "file": _from_file, "credential": _from_credential}
