"""How NetSuite lets the monitor in: a token that is kept and renewed, or signed requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1.rfc5849 import signature
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header, unescape
from requests import Request

from monitor.adapters.netsuite import Credentials, NetSuite, OAuth2, TokenBased
from monitor.adapters.netsuite.auth import SignedRequest
from monitor.errors import ConfigError, SourceError
from tests.adapters.netsuite_account import (
    CERTIFICATE,
    CLIENT,
    REALM,
    START,
    TBA,
    Account,
    PatientClock,
    a_key,
    an_account,
    private_pem,
    public_pem,
)

_TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


def ask(netsuite: NetSuite) -> None:
    assert netsuite.server_time() is not None


def refused(account: Account, credentials: Credentials) -> SourceError:
    with account.netsuite(credentials) as netsuite, pytest.raises(SourceError) as error:
        netsuite.server_time()
    return error.value


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [("secp256r1", "ES256"), ("secp384r1", "ES384"), ("secp521r1", "ES512"), ("3072", "PS256")],
)
def test_the_algorithm_follows_from_the_key_and_the_assertion_says_what_netsuite_asks(
    account: Account, key: str, algorithm: str
) -> None:
    with account.netsuite(account.oauth2(a_key(key))) as netsuite:
        ask(netsuite)
    (assertion,) = account.sign_in.assertions
    now = int(START.timestamp())
    assert assertion.pop("jti")
    assert assertion == {
        "typ": "JWT",
        "alg": algorithm,
        "kid": CERTIFICATE,
        "iss": CLIENT,
        "scope": ["rest_webservices"],
        "aud": account.url + _TOKEN_PATH,
        "iat": now,
        "exp": now + 300,
    }


def a_locked_pem() -> str:
    return (
        a_key()
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass"))
        .decode()
    )


@pytest.mark.parametrize(
    ("pem", "sentence"),
    [
        pytest.param(
            private_pem(a_key("2048")),
            "has 2048 bits: NetSuite takes RSA keys of 3072 or 4096 bits",
            id="RSA below 3072 bits",
        ),
        pytest.param(
            private_pem(a_key("secp256k1")),
            "is of a kind NetSuite does not take: use RSA, or EC P-256",
            id="a curve NetSuite does not know",
        ),
        pytest.param(
            a_locked_pem(),
            "is no PEM key that can be read: it is broken, or has a pass phrase; "
            "write it again, without one",
            id="locked",
        ),
        pytest.param(
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "is no PEM key that can be read: it is broken, or has a pass phrase; "
            "write it again, without one",
            id="no key at all",
        ),
    ],
)
def test_a_key_netsuite_does_not_take_is_a_mistake_in_the_configuration(
    account: Account, pem: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as mistake:
        account.netsuite(OAuth2(CLIENT, CERTIFICATE, pem))
    assert str(mistake.value) == f"netsuite.auth.private_key {sentence}"


_UPLOADED = (
    "(invalid_grant): check that the certificate with [netsuite.auth] certificate_id is uploaded, "
    "not expired, and belongs to this private key"
)


def another_key(account: Account) -> OAuth2:
    account.sign_in.certificates[CERTIFICATE] = public_pem(a_key("secp384r1"))
    return OAuth2(CLIENT, CERTIFICATE, private_pem(a_key()))


def another_certificate(account: Account) -> OAuth2:
    return replace(account.oauth2(), certificate_id="certificate-2")


def another_client(account: Account) -> OAuth2:
    return replace(account.oauth2(), client_id="client-2")


def no_scope(account: Account) -> OAuth2:
    account.sign_in.scopes = {"restlets"}
    return account.oauth2()


def a_wrong_clock(account: Account) -> OAuth2:
    account.clock = PatientClock(START + timedelta(minutes=10))
    return account.oauth2()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        pytest.param(another_key, _UPLOADED, id="the key of another certificate"),
        pytest.param(another_certificate, _UPLOADED, id="a certificate NetSuite does not know"),
        pytest.param(
            another_client,
            "(invalid_client): check [netsuite.auth] client_id: it must be the integration's "
            "client id",
            id="another client",
        ),
        pytest.param(
            no_scope,
            "(invalid_scope): tick REST Web Services on the integration record",
            id="a scope that is not ticked",
        ),
        pytest.param(
            a_wrong_clock,
            f"{_UPLOADED}; this machine's clock is 600 s off NetSuite's, which can cause it",
            id="a clock that runs ahead",
        ),
    ],
)
def test_a_refused_sign_in_is_permanent_and_says_what_to_do(
    account: Account, wrong: Any, why: str
) -> None:
    error = refused(account, wrong(account))
    assert str(error) == f"NetSuite refused to sign the monitor in {why}"
    assert error.is_permanent
    assert [query for query, _ in account.world.netsuite.requests] == ["token"]


def test_one_token_serves_many_requests_and_is_remembered_as_a_secret(account: Account) -> None:
    account.tables.add("class", 12, name="Marketing")
    with account.netsuite() as netsuite:
        for _ in range(5):
            ask(netsuite)
    assert account.tokens_given == 1
    assert account.remembered == list(account.sign_in.tokens)


def test_a_token_is_renewed_a_minute_before_its_end(account: Account) -> None:
    with account.netsuite() as netsuite:
        ask(netsuite)
        account.clock.move_to(START + timedelta(minutes=58, seconds=59))
        ask(netsuite)
        assert account.tokens_given == 1
        account.clock.move_to(START + timedelta(minutes=59))
        ask(netsuite)
    assert account.tokens_given == 2
    assert [status for _, status in account.asked] == [200, 200, 200]
    assert account.remembered == list(account.sign_in.tokens)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        pytest.param(1800, timedelta(minutes=29), id="a number"),
        pytest.param("1800", timedelta(minutes=29), id="text"),
        pytest.param(None, timedelta(minutes=59), id="nothing: an hour, as always"),
        pytest.param("soon", timedelta(minutes=59), id="nonsense: an hour, as always"),
    ],
)
def test_a_tokens_lifetime_may_be_told_in_any_way(
    account: Account, told: Any, kept: timedelta
) -> None:
    account.sign_in.expires_in = told
    with account.netsuite() as netsuite:
        ask(netsuite)
        account.clock.move_to(START + kept - timedelta(seconds=1))
        ask(netsuite)
        assert account.tokens_given == 1
        account.clock.move_to(START + kept)
        ask(netsuite)
        assert account.tokens_given == 2


def test_a_token_that_ended_early_is_fetched_anew_and_nobody_notices(account: Account) -> None:
    with account.netsuite() as netsuite:
        ask(netsuite)
        account.sign_in.revoke()
        ask(netsuite)
    assert [status for _, status in account.asked] == [200, 401, 200]
    assert account.tokens_given == 2


def test_a_second_refusal_is_final_after_one_new_token(account: Account) -> None:
    account.faults.always("401")
    error = refused(account, account.oauth2())
    assert str(error) == (
        "NetSuite refused the monitor's credentials (401): check [netsuite.auth], and "
        "Setup > Users/Roles > View Login Audit Trail in NetSuite"
    )
    assert error.is_permanent
    assert [status for _, status in account.asked] == [401, 401]
    assert account.tokens_given == 2


@pytest.mark.parametrize("fault", ["429", "500", "503", "html", "drop", "cut", "truncated"])
def test_a_sign_in_that_fails_in_passing_is_tried_again(account: Account, fault: str) -> None:
    account.sign_in.faults.next(fault, times=3)
    with account.netsuite() as netsuite:
        ask(netsuite)
    assert len(account.clock.sleeps) == 3
    assert account.tokens_given == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("500", "NetSuite's sign-in answers HTTP 500: it may be down for maintenance"),
        ("html", "NetSuite's sign-in answers with a web page: it may be down for maintenance"),
        ("truncated", "NetSuite's sign-in sent no whole JSON"),
        (
            "drop",
            "NetSuite cannot be reached (no connection): check the network and [netsuite]",
        ),
    ],
)
def test_a_sign_in_that_keeps_failing_is_asked_four_times_and_may_pass_later(
    account: Account, fault: str, words: str
) -> None:
    account.sign_in.faults.always(fault)
    error = refused(account, account.oauth2())
    assert (str(error), error.is_permanent) == (words, False)
    assert [query for query, _ in account.world.netsuite.requests] == ["token"] * 4


@pytest.mark.parametrize("answer", ["[]", "null", '"token"', "7"])
def test_a_sign_in_that_answers_no_object_is_no_crash(account: Account, answer: str) -> None:
    account.sign_in.faults.always("says", detail=answer)
    assert str(refused(account, account.oauth2())) == "NetSuite's sign-in sent no whole JSON"


def test_every_attempt_to_sign_in_carries_an_assertion_of_its_own(account: Account) -> None:
    with account.netsuite() as netsuite:
        ask(netsuite)
        account.sign_in.revoke()
        ask(netsuite)
    first, second = account.sign_in.assertions
    assert first["jti"] != second["jti"]


@pytest.mark.parametrize("body", ["text", "empty", "page", "bare"])
@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_final_at_once_whoever_worded_its_body(
    account: Account, status: int, body: str
) -> None:
    account.sign_in.faults.always(f"{status} {body}")
    error = refused(account, account.oauth2())
    assert str(error) == (
        f"NetSuite refused to sign the monitor in (HTTP {status}): "
        "check [netsuite.auth] and the integration record"
    )
    assert error.is_permanent
    assert account.clock.sleeps == []


@pytest.mark.parametrize("body", ["text", "empty", "page", "bare"])
def test_a_busy_sign_in_may_say_how_long_to_wait_whoever_words_it(
    account: Account, body: str
) -> None:
    account.sign_in.faults.next(f"503 {body}", times=2, detail="7")
    with account.netsuite() as netsuite:
        ask(netsuite)
    assert account.clock.sleeps == [7.0, 7.0]


def test_an_assertion_that_waited_long_for_its_turn_is_signed_anew(account: Account) -> None:
    account.sign_in.faults.next("503", times=3, detail="110")
    with account.netsuite() as netsuite:
        ask(netsuite)
    (assertion,) = account.sign_in.assertions
    assert assertion["iat"] == int(START.timestamp()) + 180


def test_credentials_show_no_secret() -> None:
    shown = repr(OAuth2("the-client", CERTIFICATE, "the-key")) + repr(TBA)
    secrets = ["the-client", "the-key", TBA.consumer_secret, TBA.token_secret, TBA.token_id]
    assert [secret for secret in secrets if secret in shown] == []


def test_signed_requests_are_let_in(account: Account) -> None:
    with account.netsuite(TBA) as netsuite:
        ask(netsuite)
    assert account.tokens_given == 0
    assert account.remembered == []


@pytest.mark.parametrize("wrong", ["consumer_key", "consumer_secret", "token_id", "token_secret"])
def test_a_refused_signature_is_final_at_once(account: Account, wrong: str) -> None:
    error = refused(account, replace(TBA, **{wrong: "another"}))
    assert "NetSuite refused the monitor's credentials (401)" in str(error)
    assert error.is_permanent
    assert [status for _, status in account.asked] == [401]


def test_a_refused_signature_says_when_the_clocks_differ(account: Account) -> None:
    account.clock = PatientClock(START - timedelta(minutes=10))
    assert "clock is 600 s off NetSuite's" in str(refused(account, TBA))


def test_every_attempt_has_a_nonce_that_was_never_used(account: Account) -> None:
    account.faults.next("500", times=3)
    with account.netsuite(TBA) as netsuite:
        ask(netsuite)
        ask(netsuite)
    assert [status for _, status in account.asked] == [500, 500, 500, 200, 200]
    assert len(account.sign_in.nonces) == 5


class Heard(NamedTuple):
    """What a server hears of a signed request, as oauthlib's verifier wants it."""

    uri: str
    http_method: str
    params: list[tuple[str, str]]
    signature: str


def heard(url: str, query: dict[str, str], credentials: TokenBased) -> Heard:
    request = Request("POST", url, params=query, json={"q": "SELECT 1"}).prepare()
    SignedRequest(credentials, REALM, PatientClock())(request)
    given = dict(parse_authorization_header(request.headers["Authorization"]))
    params = signature.collect_parameters(
        uri_query=str(request.url).partition("?")[2],
        headers={"Authorization": request.headers["Authorization"]},
        exclude_oauth_signature=True,
        with_realm=False,
    )
    assert given["realm"] == REALM
    assert given["oauth_timestamp"] == str(int(START.timestamp()))
    return Heard(str(request.url), "POST", params, unescape(given["oauth_signature"]))


_words = st.text(min_size=1, max_size=12)
_hosts = st.sampled_from(
    (
        "https://1234567-sb1.suitetalk.api.netsuite.com",
        "https://Proxy.Example:443",
        "http://proxy.example:80",
        "https://proxy.example:8443",
        "http://127.0.0.1:9999",
    )
)


@given(
    host=_hosts,
    query=st.dictionaries(_words, _words, max_size=3),
    credentials=st.builds(TokenBased, _words, _words, _words, _words),
)
def test_the_signature_is_the_one_that_oauthlib_computes(
    host: str, query: dict[str, str], credentials: TokenBased
) -> None:
    request = heard(host + "/services/rest/query/v1/suiteql", query, credentials)
    assert signature.verify_hmac_sha256(
        request, credentials.consumer_secret, credentials.token_secret
    )
    assert not signature.verify_hmac_sha256(request, "another", credentials.token_secret)
