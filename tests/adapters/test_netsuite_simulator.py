"""The simulated NetSuite behaves as the documented one, also where that is awkward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jwt
import pytest
from requests import PreparedRequest

from monitor.adapters.http import Answer, Http, Request
from monitor.adapters.netsuite.auth import SignedRequest
from tests.adapters.netsuite_account import (
    CERTIFICATE,
    CLIENT,
    REALM,
    START,
    TBA,
    Account,
    a_key,
    an_account,
    private_pem,
)

_PATH = "/services/rest/query/v1/suiteql"
_TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
_JSON = "application/vnd.oracle.resource+json; type={}; charset=UTF-8"


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


def send(account: Account, query: str, *params: str | None, **options: Any) -> Answer:
    """A question as any client may send it."""
    request = Request(
        account.url + options.get("path", _PATH),
        params={name: str(options[name]) for name in ("limit", "offset") if name in options},
        headers=options.get("headers", {"Prefer": "transient"}),
        json={"q": query, "params": list(params)},
        auth=options.get("auth", SignedRequest(TBA, REALM, account.clock)),
    )
    return Http("netsuite", account.clock).once(request)


def rows(account: Account, query: str, *params: str, **options: Any) -> list[dict[str, Any]]:
    document = send(account, query, *params, **options).document()
    return [{name: row[name] for name in row if name != "links"} for row in document["items"]]


def refusal(account: Account, query: str, *params: str | None, **options: Any) -> tuple[int, str]:
    """The status, and the detail of the refusal."""
    answer = send(account, query, *params, **options)
    assert answer.headers["content-type"] == _JSON.format("error")
    return answer.status, answer.document()["o:errorDetails"][0]["detail"]


def three_classes(account: Account) -> None:
    account.tables.add("class", -3, name="Sales", subsidiary=[1, 2])
    account.tables.add("class", 12, name="Field", parent=-3)
    account.tables.add("class", 13, name="Events", isinactive="T")


def test_an_answer_has_the_recorded_shape(account: Account) -> None:
    three_classes(account)
    query = "SELECT t.id, t.FullName, t.parent, t.subsidiary, t.isinactive FROM classification t"
    answer = send(account, query + " ORDER BY t.id", limit=2, offset=0)
    address = f"{account.url}{_PATH}?limit=2&offset="
    assert (answer.status, answer.headers["content-type"]) == (200, _JSON.format("collection"))
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.document() == {
        "links": [
            {"rel": "self", "href": f"{address}0"},
            {"rel": "first", "href": f"{address}0"},
            {"rel": "last", "href": f"{address}2"},
            {"rel": "next", "href": f"{address}2"},
        ],
        "count": 2,
        "hasMore": True,
        "items": [
            {
                "links": [],
                "id": "-3",
                "fullname": "Sales",
                "subsidiary": "1, 2",
                "isinactive": "F",
            },
            {
                "links": [],
                "id": "12",
                "fullname": "Sales : Field",
                "parent": "-3",
                "isinactive": "F",
            },
        ],
        "offset": 0,
        "totalResults": 3,
    }


def links(answer: Answer) -> dict[str, str]:
    """Where the links of an answer lead, by offset."""
    return {one["rel"]: one["href"].rpartition("=")[2] for one in answer.document()["links"]}


def test_the_links_lead_through_the_pages_and_the_last_one_may_lie(account: Account) -> None:
    three_classes(account)
    query = "SELECT t.id FROM classification t ORDER BY t.id"
    page = {"limit": 1, "offset": 1}
    right = {"self": "1", "first": "0", "last": "2", "prev": "0", "next": "2"}
    assert links(send(account, query, **page)) == right
    assert "next" not in links(send(account, query, limit=1, offset=2))
    account.suiteql.has_wrong_last_link = True
    assert links(send(account, query, limit=2, offset=0))["last"] == "1"


@pytest.mark.parametrize(
    ("limit", "offset"),
    [(1001, 0), (0, 0), ("many", 0), (10, 5), (10, "-10")],
)
def test_a_page_has_at_most_a_thousand_rows_and_begins_at_a_page(
    account: Account, limit: Any, offset: Any
) -> None:
    query = "SELECT t.id FROM classification t"
    assert refusal(account, query, limit=limit, offset=offset)[0] == 400


def test_a_question_needs_its_header_and_its_place(account: Account) -> None:
    assert refusal(account, "SELECT 1 AS one FROM dual", headers={})[0] == 400
    assert refusal(account, "SELECT 1 AS one FROM dual", path="/services/rest/x")[0] == 404


def test_without_an_order_pages_overlap(account: Account) -> None:
    for number in range(50):
        account.tables.add("class", number, name="x")
    whole = [str(number) for number in range(50)]
    query = "SELECT t.id FROM classification t"
    assert [row["id"] for row in rows(account, query + " ORDER BY t.id")] == whole
    shuffled = [row["id"] for row in rows(account, query)]
    assert shuffled != whole and sorted(shuffled, key=int) == whole


PREFIX = "Invalid search query. Detailed unprocessed description follows. "
UNSUPPORTED = PREFIX + "Search error occurred: Invalid or unsupported search."


@pytest.mark.parametrize(
    ("query", "params", "detail"),
    [
        ("SELECT t.id FROM classification t LIMIT 5", (), "Invalid search query"),
        ("WITH a AS (SELECT 1) SELECT 1 FROM a", (), "Invalid search query"),
        ("DELETE FROM classification", (), "Invalid search query"),
        ("SELECT * FROM classification", (), UNSUPPORTED),
        ("SELECT t.id FROM classification t WHERE", (), UNSUPPORTED),
        ("SELECT t.id FROM classification t WHERE t.id > ?", (), UNSUPPORTED),
        ("SELECT t.id FROM classification t WHERE t.id > ?", (None,), UNSUPPORTED),
        (
            "SELECT t.colour FROM classification t",
            (),
            PREFIX + "Search error occurred: Unknown identifier 'colour'. "
            "Available identifiers are: {t=t}.",
        ),
        (
            "SELECT t.id FROM klassification t",
            (),
            PREFIX + "Search error occurred: Record 'klassification' was not found.",
        ),
    ],
)
def test_what_the_dialect_does_not_know_is_refused(
    account: Account, query: str, params: tuple[None, ...], detail: str
) -> None:
    assert refusal(account, query, *params) == (400, detail)


def test_the_first_rows_can_be_fetched_and_an_offset_in_the_query_is_ignored(
    account: Account,
) -> None:
    three_classes(account)
    query = "SELECT t.id FROM classification t ORDER BY t.id OFFSET 1 ROWS FETCH FIRST 1 ROWS ONLY"
    assert rows(account, query) == [{"id": "-3"}]


@pytest.mark.parametrize(
    ("how", "detail"),
    [
        (
            "identifier",
            "Search error occurred: Unknown identifier 'name'. "
            "Available identifiers are: {classification=classification}.",
        ),
        (
            "field",
            "Search error occurred: Field 'name' for record 'classification' was not found.",
        ),
        (
            "not-exposed",
            "Search error occurred: Field 'name': NOT_EXPOSED - Not available for channel SEARCH.",
        ),
        ("unsupported", "Search error occurred: Invalid or unsupported search."),
    ],
)
def test_a_hidden_column_is_refused_in_the_words_that_were_chosen(
    account: Account, how: str, detail: str
) -> None:
    account.suiteql.hidden_columns["classification", "name"] = how
    query = "SELECT t.id, t.name FROM classification t"
    assert refusal(account, query) == (400, PREFIX + detail)
    assert rows(account, "SELECT t.id FROM classification t") == []


def test_a_column_may_make_the_whole_query_fail(account: Account) -> None:
    account.suiteql.hidden_columns["classification", "name"] = "failing"
    assert refusal(account, "SELECT t.name FROM classification t")[0] == 500


@pytest.mark.parametrize(
    ("says", "detail"),
    [
        ("record", "Search error occurred: Record 'job' was not found."),
        ("type", "Invalid search type: job."),
    ],
)
def test_a_hidden_table_is_refused_in_the_words_that_were_chosen(
    account: Account, says: str, detail: str
) -> None:
    account.suiteql.hidden_tables.add("job")
    account.suiteql.says_of_tables = says
    assert refusal(account, "SELECT t.id FROM job t") == (400, PREFIX + detail)


def test_rows_a_role_may_not_see_are_missing_and_nobody_says_so(account: Account) -> None:
    three_classes(account)
    account.suiteql.hidden_rows.add(("classification", 12))
    query = "SELECT t.id FROM classification t WHERE t.id > ? ORDER BY t.id"
    assert rows(account, query, "-99") == [{"id": "-3"}, {"id": "13"}]
    assert rows(account, "SELECT COUNT(*) AS cnt FROM classification t") == [{"cnt": "2"}]
    assert rows(account, "SELECT COUNT(*) AS cnt FROM department") == [{"cnt": "0"}]


def test_without_one_world_there_are_no_subsidiaries_anywhere(account: Account) -> None:
    account.suiteql.is_one_world = False
    for table in ("subsidiary", "customersubsidiaryrelationship", "classificationsubsidiarymap"):
        assert "was not found" in refusal(account, f"SELECT COUNT(*) AS cnt FROM {table}")[1]
    for table in ("classification", "department", "location", "job", "employee"):
        assert "'subsidiary'" in refusal(account, f"SELECT t.subsidiary FROM {table} t")[1]


@pytest.mark.parametrize(
    ("edited_at", "there"),
    [
        pytest.param(datetime(2026, 12, 1, 7, 30, tzinfo=UTC), "2026-11-30 23:30:00", id="winter"),
        pytest.param(datetime(2027, 3, 14, 9, 59, tzinfo=UTC), "2027-03-14 01:59:00", id="before"),
        pytest.param(datetime(2027, 3, 14, 10, 0, tzinfo=UTC), "2027-03-14 03:00:00", id="after"),
    ],
)
def test_a_moment_is_in_the_accounts_zone_unless_it_is_asked_for_in_utc(
    account: Account, edited_at: datetime, there: str
) -> None:
    account.suiteql.zone = ZoneInfo("America/Los_Angeles")
    account.clock.move_to(edited_at)
    account.tables.add("class", 1, name="x")
    query = (
        "SELECT TO_CHAR(t.lastmodifieddate,'YYYY-MM-DD HH24:MI:SS') AS there, "
        "TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate),'YYYY-MM-DD HH24:MI:SS') AS utc "
        "FROM classification t"
    )
    assert rows(account, query) == [{"there": there, "utc": f"{edited_at:%Y-%m-%d %H:%M:%S}"}]


@pytest.mark.parametrize(
    ("user_format", "shown"), [("%m/%d/%Y", "11/30/2026"), ("%d.%m.%Y", "30.11.2026")]
)
def test_a_bare_date_is_shown_as_the_user_likes_it_without_its_time(
    account: Account, user_format: str, shown: str
) -> None:
    account.suiteql.zone = ZoneInfo("America/Los_Angeles")
    account.suiteql.user_format = user_format
    account.clock.move_to(datetime(2026, 12, 1, 7, 30, tzinfo=UTC))
    account.tables.add("employee", 1, releasedate="2026-11-30")
    query = "SELECT t.lastmodifieddate, t.releasedate FROM employee t"
    assert rows(account, query) == [{"lastmodifieddate": shown, "releasedate": shown}]


def test_a_rename_and_a_move_reach_the_children_and_leave_their_edit_times(
    account: Account,
) -> None:
    three_classes(account)
    account.tables.add("class", 14, name="Retail", parent=12)
    stamp = account.tables.stamp()
    account.clock.move_to(START + timedelta(hours=1))
    account.tables.rename("class", -3, "Revenue")
    account.tables.move("class", 12, 13)
    found = {row["id"]: (row["fullname"], row["lastmodifieddate"]) for row in classes(account)}
    now = account.tables.stamp()
    assert found == {
        -3: ("Revenue", now),
        12: ("Events : Field", now),
        13: ("Events", stamp),
        14: ("Events : Field : Retail", stamp),
    }


def classes(account: Account) -> list[dict[str, Any]]:
    return account.tables.all("class")


def test_a_deleted_record_takes_its_pairs_along_and_may_be_logged(account: Account) -> None:
    three_classes(account)
    account.tables.delete("class", -3)
    account.tables.delete("class", 13, is_logged=False)
    account.tables.add("project", 5, entityid="P5")
    account.tables.add_resource(5, 501)
    account.tables.add_resource(5, 502)
    account.tables.remove_resource(5, 501)
    assert rows(account, "SELECT r.jobresource FROM jobresources r") == [{"jobresource": "502"}]
    account.tables.delete("project", 5)
    for table in ("jobresources", "classificationsubsidiarymap"):
        assert rows(account, f"SELECT COUNT(*) AS cnt FROM {table}") == [{"cnt": "0"}]
    query = "SELECT d.recordid, d.recordtypeid FROM deletedrecord d ORDER BY d.recordid"
    assert rows(account, query) == [
        {"recordid": "-3", "recordtypeid": "-101"},
        {"recordid": "5", "recordtypeid": "-7"},
    ]


def an_assertion(account: Account, **changes: Any) -> str:
    now = int(START.timestamp())
    claims = {
        "iss": CLIENT,
        "scope": ["rest_webservices"],
        "aud": account.url + _TOKEN_PATH,
        "iat": now,
        "exp": now + 300,
    }
    header = {"kid": changes.pop("kid", CERTIFICATE)}
    algorithm = changes.pop("alg", "ES256")
    key = private_pem(a_key("3072" if algorithm.startswith("RS") else "secp256r1"))
    return jwt.encode({**claims, **changes}, key, algorithm=algorithm, headers=header)


def token(account: Account, **form: str) -> tuple[int, dict[str, Any]]:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    whole = {"grant_type": "client_credentials", "client_assertion_type": kind, **form}
    answer = Http("netsuite", account.clock).once(Request(account.url + _TOKEN_PATH, form=whole))
    return answer.status, answer.document()


def test_a_token_lives_an_hour_and_nobody_comes_in_without_one(account: Account) -> None:
    account.oauth2()
    status, told = token(account, client_assertion=an_assertion(account))
    assert (status, told["expires_in"], told["token_type"]) == (200, "3600", "Bearer")

    def bearer(request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {told['access_token']}"
        return request

    assert send(account, "SELECT 1 AS one FROM dual", auth=bearer).status == 200
    account.clock.move_to(START + timedelta(hours=1))
    answer = send(account, "SELECT 1 AS one FROM dual", auth=bearer)
    assert (answer.status, answer.headers["www-authenticate"]) == (
        401,
        'Bearer realm="1234567", error="invalid_token"',
    )
    assert send(account, "SELECT 1 AS one FROM dual", auth=None).status == 401


@pytest.mark.parametrize(
    ("form", "changes", "refused"),
    [
        ({"grant_type": "password"}, {}, (400, "unsupported_grant_type")),
        ({"client_assertion_type": "saml"}, {}, (400, "invalid_request")),
        ({"client_assertion": "no.jwt.at.all"}, {}, (400, "invalid_grant")),
        ({}, {"kid": "another"}, (400, "invalid_grant")),
        ({}, {"alg": "RS256"}, (400, "invalid_grant")),
        ({}, {"aud": "https://elsewhere.example"}, (400, "invalid_grant")),
        ({}, {"exp": int(START.timestamp())}, (400, "invalid_grant")),
        ({}, {"exp": int(START.timestamp()) + 3601}, (400, "invalid_grant")),
        ({}, {"scope": []}, (400, "invalid_scope")),
        ({}, {"scope": "rest_webservices restlets"}, (400, "invalid_scope")),
        ({}, {"iss": "another"}, (401, "invalid_client")),
    ],
)
def test_the_token_endpoint_looks_at_every_part_of_an_assertion(
    account: Account, form: dict[str, str], changes: dict[str, Any], refused: tuple[int, str]
) -> None:
    account.oauth2()
    whole = {"client_assertion": an_assertion(account, **changes), **form}
    status, told = token(account, **whole)
    assert (status, told["error"]) == refused


def test_a_nonce_is_used_up_even_by_a_request_that_went_wrong(account: Account) -> None:
    signed = SignedRequest(TBA, REALM, account.clock)
    header: list[str] = []

    def once(request: PreparedRequest) -> PreparedRequest:
        if not header:
            header.append(signed(request).headers["Authorization"])
        request.headers["Authorization"] = header[0]
        return request

    account.faults.next("500")
    query = "SELECT 1 AS one FROM dual"
    assert [send(account, query, auth=once).status for _ in range(2)] == [500, 401]


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_from_another_time_is_refused(account: Account, minutes: int) -> None:
    signed = SignedRequest(TBA, REALM, account.clock)
    request = PreparedRequest()
    request.prepare("POST", account.url + _PATH, json={"q": "SELECT 1"})
    authorization = signed(request).headers["Authorization"]
    account.clock.move_to(START + timedelta(minutes=abs(minutes)))
    assert not account.sign_in.admits(authorization, "POST", account.url + _PATH)


def test_the_date_header_is_the_accounts_time(account: Account) -> None:
    answer = send(account, "SELECT 1 AS one FROM dual")
    assert answer.headers["date"] == "Tue, 24 Nov 2026 08:00:00 GMT"
