"""A secret is found by its reference, once, and is never shown, however it is written."""

from __future__ import annotations

import base64
import gc
import json
import pickle
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ConfigError
from monitor.secret import REDACTED, Secret, forget, hide, redact, remember, resolve


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _a_file(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_each_reference_leads_to_its_secret(folder: Path) -> None:
    relative = _a_file(folder / "beside.key", b"beside-the-configuration\n")
    absolute = _a_file(folder / "far.key", b"somewhere-else")
    credentials = folder / "credentials"
    credentials.mkdir()
    _a_file(credentials / "slack.token", b"from-systemd\n", 0o444)  # systemd guards the folder
    environ = {"TOKEN": "from-the-environment", "CREDENTIALS_DIRECTORY": str(credentials)}
    found = {
        reference: resolve(reference, folder=folder, environ=environ).reveal()
        for reference in (
            "env:TOKEN",
            f"file:{relative.name}",
            f"file:{absolute}",
            "credential:slack.token",
        )
    }
    assert list(found.values()) == [
        "from-the-environment",
        "beside-the-configuration",
        "somewhere-else",
        "from-systemd",
    ]


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        pytest.param(b"one-newline\n", "one-newline", id="one newline is an editor's"),
        pytest.param(b"windows\r\n", "windows", id="in either alphabet"),
        pytest.param(b"two-newlines\n\n", "two-newlines\n", id="two are the secret's own"),
        pytest.param(b" blanks ", " blanks ", id="blanks stay"),
        pytest.param("schlüssel".encode(), "schlüssel", id="it is UTF-8"),
    ],
)
def test_only_one_newline_at_the_end_is_dropped(folder: Path, content: bytes, secret: str) -> None:
    _a_file(folder / "key", content)
    assert resolve("file:key", folder=folder).reveal() == secret


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o777])
def test_a_file_that_others_can_reach_is_refused(folder: Path, mode: int) -> None:
    path = _a_file(folder / "key", b"shared-secret", mode)
    with pytest.raises(ConfigError) as refused:
        resolve("file:key", folder=folder)
    assert str(refused.value) == (
        f"{path} can be read by others ({mode:04o}): run chmod 600 {path}"
    )


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o700])
def test_a_file_of_its_owner_only_is_read(folder: Path, mode: int) -> None:
    _a_file(folder / "key", b"private-secret", mode)
    assert resolve("file:key", folder=folder).reveal() == "private-secret"


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        pytest.param(
            "env:GONE", "env:GONE is not set: set the environment variable GONE", id="not set"
        ),
        pytest.param("env:EMPTY", "env:EMPTY is empty: put the secret there", id="empty variable"),
        pytest.param("file:empty", "file:empty is empty: put the secret there", id="empty file"),
        pytest.param(
            "file:gone", "{folder}/gone is not there: put the secret into that file", id="no file"
        ),
        pytest.param("file:.", "{folder} cannot be read (Is a directory)", id="a folder"),
        pytest.param(
            "file:binary", "{folder}/binary cannot be read (it is not UTF-8 text)", id="x"
        ),
        pytest.param(
            "credential:slack",
            "credential:slack works under systemd only ($CREDENTIALS_DIRECTORY is not set): add "
            "LoadCredential=slack:PATH to the service, or use file: or env:",
            id="a credential without systemd",
        ),
        pytest.param(
            "credential:../etc/passwd",
            "what follows credential: is no credential's name: write credential:NAME",
            id="a credential is a name, no path",
        ),
        pytest.param(
            "env:xoxb-1-literal",
            "what follows env: is no variable's name: write env:NAME",
            id="a literal behind env: is not repeated",
        ),
        *(
            pytest.param(
                literal,
                "secrets never stand in the configuration: write env:NAME, file:PATH or "
                "credential:NAME",
                id=f"literal {literal[:8]!r} is not repeated",
            )
            for literal in ("xoxb-1-literal", "https://hooks.slack.com/x", "env:", "ENV:X", "")
        ),
    ],
)
def test_a_reference_that_leads_nowhere_says_what_to_do(
    folder: Path, reference: str, sentence: str
) -> None:
    folder.chmod(0o700)
    _a_file(folder / "empty", b"\n")
    _a_file(folder / "binary", b"\xff\xfe\x00")
    with pytest.raises(ConfigError) as refused:
        resolve(reference, folder=folder, environ={"EMPTY": ""})
    assert str(refused.value) == sentence.format(folder=folder)


def test_a_credential_that_systemd_did_not_load_says_how_to(folder: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve("credential:slack", environ={"CREDENTIALS_DIRECTORY": str(folder)})
    assert str(refused.value) == (
        "credential:slack cannot be read: add LoadCredential=slack:PATH to the service"
    )


def test_a_secret_shows_its_reference_and_never_itself() -> None:
    secret = resolve("env:TOKEN", environ={"TOKEN": "never-to-be-seen"})
    shown = f"{secret} {secret!r} {[secret]} {vars(type(secret)).keys()}"
    assert "never-to-be-seen" not in shown
    assert str(secret) == "Secret('env:TOKEN')"
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(secret)


def test_secrets_are_equal_when_reference_and_value_are() -> None:
    assert Secret("env:A", "value") == Secret("env:A", "value")
    assert Secret("env:A", "value") != Secret("env:A", "other")
    assert Secret("env:A", "value") != Secret("env:B", "value")
    assert len({Secret("env:A", "value"), Secret("env:A", "value")}) == 1


_SECRETS = st.text(st.characters(codec="utf-8"), min_size=8, max_size=40).filter(
    # nothing of a secret that is mostly blank or brackets could be told from the line around it
    lambda text: len({c for c in text if c.isalnum()}) >= 6
)


@given(secret=_SECRETS)
def test_a_secret_is_redacted_in_every_way_of_writing_it(secret: str) -> None:
    forget()
    remember(secret)
    written = {
        "plain": secret,
        "in a URL": quote(secret, safe=""),
        "in a form": urlencode({"k": secret}),
        "in JSON": json.dumps({"k": secret}),
        "in JSON, unescaped": json.dumps({"k": secret}, ensure_ascii=False),
        "in JSON in JSON": json.dumps(json.dumps({"k": secret})),
        "as Python shows it": repr({"k": secret}),
    }
    plain = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    leaks = {
        way: line
        for way, text in written.items()
        if any(form in (line := redact(f"before {text} after")) for form in plain)
    }
    assert leaks == {}


@given(secret=_SECRETS, before=st.text(max_size=9), after=st.text(max_size=9))
def test_a_secret_is_redacted_inside_encoded_credentials(
    secret: str, before: str, after: str
) -> None:
    forget()
    remember(secret)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        header = encode(f"{before}:{secret}:{after}".encode("utf-8", "replace")).decode()
        assert REDACTED in redact(f"Authorization: Basic {header}")


def test_a_line_of_a_private_key_is_redacted_alone() -> None:
    line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
    remember(f"-----BEGIN PRIVATE KEY-----\n{line}\nshort\n-----END PRIVATE KEY-----")
    assert redact(f"cannot read {line!r} short") == f"cannot read '{REDACTED}' short"


def test_the_path_of_a_webhook_is_redacted_without_its_host() -> None:
    remember("https://hooks.slack.com/services/T0A1/B0A2/abcdefghijkl9876")
    assert redact("host hooks.slack.com, url: /services/T0A1/B0A2/abcdefghijkl9876 refused") == (
        f"host hooks.slack.com, url: {REDACTED} refused"
    )
    assert redact("…/abcdefghijkl9876") == f"…/{REDACTED}"


def test_of_two_secrets_the_longer_is_redacted_whole() -> None:
    remember("inner-part")
    remember("outer-inner-part-outer")
    assert redact("outer-inner-part-outer inner-part") == f"{REDACTED} {REDACTED}"


def test_a_very_short_secret_does_not_eat_every_sentence() -> None:
    remember("e1")
    assert redact("line 1 of file1") == "line 1 of file1"


def test_a_resolved_secret_is_redacted_however_many_tokens_were_fetched_since() -> None:
    resolve("env:TOKEN", environ={"TOKEN": "resolved-for-good"})
    for count in range(100):
        remember(f"fetched-token-{count}-")
    assert redact("resolved-for-good fetched-token-99- fetched-token-98-") == (
        f"{REDACTED} {REDACTED} {REDACTED}"
    )


def test_a_token_that_was_fetched_long_ago_is_kept_by_nobody() -> None:
    for number in range(100, 200):
        remember(f"0fT0k3n{number}")
    patterns = [str(one.pattern) for one in gc.get_objects() if isinstance(one, re.Pattern)]
    kept = sorted(n for n in range(100, 200) if any(f"0fT0k3n{n}" in one for one in patterns))
    assert kept == [*range(184, 200)]


def test_an_address_that_is_a_secret_is_hidden_for_good_in_whole_and_in_parts() -> None:
    hide("https://hc.example/ping/5f0c9a7e-41d2?token=0123456789")
    for number in range(50):
        remember(f"access-token-{number}")
    told = "GET /ping/5f0c9a7e-41d2/fail?token=0123456789 at hc.example"
    assert redact(told) == f"GET {REDACTED}/fail?{REDACTED} at hc.example"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "client_assertion=eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl&x=1",
            f"client_assertion={REDACTED}&x=1",
            id="a signed assertion",
        ),
        pytest.param(
            'Authorization: OAuth oauth_nonce="a", oauth_signature="dGhpcyBpcw%3D%3D", x',
            f'Authorization: OAuth oauth_nonce="a", oauth_signature={REDACTED}", x',
            id="a signature of one request",
        ),
        pytest.param("token xoxb-12345678-abc.", f"token {REDACTED}.", id="a bot token"),
        pytest.param("xapp-1-A0123-456-abc", REDACTED, id="an app token"),
        pytest.param(
            "https://hooks.slack.com/services/T0001/B0001/abcdefgh12",
            f"https://hooks.slack.com/services/{REDACTED}",
            id="a webhook",
        ),
        pytest.param(
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
            f"{REDACTED}-----END EC PRIVATE KEY-----",
            id="a private key",
        ),
        pytest.param(
            "the token is no bot token (xoxb-…): eyJ and oauth_signature are words",
            "the token is no bot token (xoxb-…): eyJ and oauth_signature are words",
            id="what only speaks of them stays",
        ),
    ],
)
def test_what_looks_like_a_secret_is_redacted_although_nobody_named_it(
    text: str, told: str
) -> None:
    assert redact(text) == told


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["\\", "\\n", "eyJ", "eyJaaaaaaaaaaa.", "xoxb-", "-", "%5c"])
def test_no_text_that_somebody_sends_keeps_the_logs_busy(piece: str) -> None:
    remember("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w\n-----END PRIVATE KEY-----")
    text = piece * (200_000 // len(piece))
    assert len(redact(text)) <= len(text)
