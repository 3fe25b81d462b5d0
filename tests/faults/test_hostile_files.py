"""Files and words that the commands are given may be anything: a sentence, and nothing is kept."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import main
from tests.configuration import a_document, a_file
from tests.faults.hostile import (
    ANYTHING,
    TEXTS,
    examples,
    is_harmless_on_a_terminal,
    short_and_long,
)
from tests.scenarios.story import a_story

_FINE, _TROUBLE, _CANNOT, _CONFIG = 0, 2, 3, 78
_DATES = st.sampled_from(
    ["2026-11-20T09:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:00", ""]
)
_CONNECTIONS = st.dictionaries(
    st.sampled_from(["lastSyncDate", "lastErrorSyncDate", "lastSync", "options", "config", "data"]),
    st.one_of(
        ANYTHING,
        _DATES,
        st.dictionaries(
            st.sampled_from(["successfulDate", "errorDate", "errorMessage", "isAuthentication"]),
            ANYTHING | _DATES,
        ),
    ),
)
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("4C6722D4BD2BD941") | ANYTHING,
        "connections": ANYTHING
        | st.dictionaries(st.sampled_from(["netsuite", "xero", "\x1b[31m"]), _CONNECTIONS),
    },
)
_CELLS = TEXTS | st.sampled_from(
    ["R-1041", "failed", "exported", "2026-11-20", "0001-01-01", "class", "12", "rename", '"']
)
_TABLES = st.lists(st.lists(_CELLS, max_size=6), max_size=5)
_EXAMPLE = Path(__file__).parents[2] / "config" / "monitor.example.toml"


class Asked(NamedTuple):
    """A database that was read once, and a file beside it."""

    database: Path
    file: Path
    ask: Callable[..., tuple[int, str, str]]

    def gets(self, content: bytes, *command: str) -> int:
        """The command with such a file; what it prints is fit for a terminal, and no traceback."""
        self.file.write_bytes(content)
        code, out, err = self.ask(*command)
        assert is_harmless_on_a_terminal(out + err)
        assert "Traceback" not in err
        assert bool(err) or code == _FINE
        return code

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with closing(sqlite3.connect(self.database)) as db:
            tables = db.execute("select name from sqlite_schema where type = 'table'").fetchall()
            return {
                name: db.execute(f'select count(*) from "{name}"').fetchone()[0]
                for (name,) in tables
            }


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The database after a first look."""
    with a_story(tmp_path_factory.mktemp("once")) as story:
        story.cycle()
        return story.app.settings.database.read_bytes()


@pytest.fixture
def asked(read_once: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    database = tmp_path / "monitor.db"
    database.write_bytes(read_once)

    def ask(*command: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--db", str(database), *command])
        return code, *capsys.readouterr()

    return Asked(database, tmp_path / "file", ask)


def as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    page = io.StringIO(newline="")
    csv.writer(page).writerows([header, *rows])
    return page.getvalue().encode("utf-8", "replace")


def as_json(document: Any) -> bytes:
    return json.dumps(document).encode("utf-8", "replace")


@short_and_long(15, 2_000)
def test_a_policy_file_is_taken_or_refused_and_nothing_of_it_is_kept_then(
    asked: Asked, number: int
) -> None:
    before = asked.rows()

    @given(content=(POLICIES | _CONNECTIONS | ANYTHING).map(as_json) | st.binary(max_size=60))
    @examples(number)
    def holds(content: bytes) -> None:
        nonlocal before
        code = asked.gets(content, "synced", "Acme US", "--from-json", str(asked.file))
        assert code in (_FINE, _TROUBLE)
        after = asked.rows()
        assert code == _FINE or after == before
        before = after

    holds()
    assert asked.ask("status")[0] == _FINE, "what was taken can be told"


@short_and_long(15, 2_000)
def test_a_table_of_outcomes_is_taken_row_by_row_or_refused(asked: Asked, number: int) -> None:
    header = ["report_id", "at", "outcome", "code", "words"]
    tables = _TABLES.map(lambda rows: as_csv(header, rows))

    @given(content=tables | st.binary(max_size=80).map(lambda b: b"report_id,at,outcome\n" + b))
    @examples(number)
    def holds(content: bytes) -> None:
        assert asked.gets(content, "score", "--import", str(asked.file)) in (_FINE, _TROUBLE)

    holds()


@short_and_long(15, 2_000)
def test_a_table_of_changes_is_rehearsed_or_refused_and_changes_nothing(
    asked: Asked, number: int
) -> None:
    before = asked.rows()
    header = ["kind", "id", "change", "value"]
    tables = _TABLES.map(lambda rows: as_csv(header, rows))

    @given(content=tables | st.binary(max_size=80).map(lambda b: b"kind,id,change,value\n" + b))
    @examples(number)
    def holds(content: bytes) -> None:
        code = asked.gets(content, "what-if", "--from-csv", str(asked.file))
        assert code in (_FINE, _TROUBLE)

    holds()
    assert asked.rows() == before


def places(inside: Any, at: str = "") -> Iterator[str]:
    """Every key of a document, dotted."""
    pairs = inside.items() if isinstance(inside, dict) else enumerate(inside)
    for key, value in pairs:
        yield f"{at}{key}"
        if isinstance(value, dict | list):
            yield from places(value, f"{at}{key}.")


_KEYS = st.sampled_from(
    [
        *places(a_document()),
        *(
            "schedule.every",
            "schedule.time_zone",
            "store.path",
            "health.ping_url",
            "slack.base_url",
        ),
        *("netsuite.base_url", "netsuite.page_size", "alerts.mentions", "alerts.digest_at"),
        *("workspace.0.coding.class", "workspace.0.aliases", "health.metrics", "x\x1b[31m"),
    ]
)
_IN_TOML = st.one_of(
    st.booleans(),
    st.integers(-(2**80), 2**80),
    TEXTS,
    st.lists(TEXTS, max_size=2),
    st.dictionaries(TEXTS.map(lambda key: json.dumps(key)[1:-1]), TEXTS, max_size=2),
)


@short_and_long(40, 10_000)
def test_a_configuration_is_taken_or_refused_whole_in_sentences_without_its_values(
    asked: Asked, number: int
) -> None:
    @given(changes=st.dictionaries(_KEYS, _IN_TOML, min_size=1, max_size=2))
    @examples(number)
    def holds(changes: dict[str, Any]) -> None:
        try:
            text = a_file(changes)
        except (TypeError, KeyError, AttributeError, ValueError):
            return  # one change lies within what the other one made a text
        content = text.encode("utf-8", "replace")
        assert asked.gets(content, "check", "--offline", "--config", str(asked.file)) == _CONFIG

    holds()


@short_and_long(40, 10_000)
def test_a_configuration_of_any_bytes_is_refused_in_a_sentence(asked: Asked, number: int) -> None:
    example = _EXAMPLE.read_bytes()
    torn = st.builds(
        lambda at, what: example[:at] + what + example[at + 3 :],
        st.integers(0, len(example)),
        st.binary(max_size=9),
    )

    @given(content=st.binary(max_size=99) | torn)
    @examples(number)
    def holds(content: bytes) -> None:
        assert asked.gets(content, "check", "--offline", "--config", str(asked.file)) == _CONFIG

    holds()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a = " + b"[" * 5_000 + b"]" * 5_000, id="lists in lists"),
        pytest.param(b"a = " + b"{b=" * 3_000 + b"1" + b"}" * 3_000, id="tables in tables"),
        pytest.param(b".".join([b"a"] * 1_500) + b"=1", id="a key of very many parts"),
        pytest.param(b"[netsuite]\npage_size = " + b"9" * 5_000, id="a number without end"),
        pytest.param(b'"\\u001b[31m\\u202e" = 1', id="a key that steers a terminal"),
        pytest.param(b'[schedule]\ntime_zone = "../../etc/passwd"', id="a zone that is a path"),
        pytest.param(b'[slack]\ntoken = "file:a\\u0000b"', id="a path that can be none"),
        pytest.param(b"#" + b"x" * 1_000_000, id="a megabyte of nothing"),
        pytest.param(b".".join([b"a"] * 600_000) + b"=1", id="a key of more than a megabyte"),
    ],
)
@pytest.mark.parametrize("command", [("config", "show"), ("run", "--once")])
def test_a_configuration_made_to_hurt_is_refused(
    asked: Asked, content: bytes, command: tuple[str, ...]
) -> None:
    asked.file.write_bytes(content)
    code = main(["--config", str(asked.file), *command])
    assert code == _CONFIG


def test_no_sentence_about_a_configuration_repeats_a_secret_written_into_it(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "hunter2-hunter2-hunter2"
    for key in places(a_document({"slack.app_token": "env:X", "health.ping_url": "https://x/y"})):
        for value in (secret, f"env:{secret}", f"credential:{secret}/", f"xoxb {secret}"):
            if "policy_id" in key or key in ("netsuite.account", "slack.channel"):
                continue  # no secrets, and a person needs to see which
            content = a_file({key: value})
            asked.file.write_text(content)
            main(["--config", str(asked.file), "check", "--offline"])
    printed = "".join(capsys.readouterr())
    assert printed.count("\n") > 10
    assert secret not in printed.replace(f"env:{secret} is not set", "")


ODD_WORDS = ["\udcff", "\x1b[31m", "9" * 5_000, "-", "", "0001-01-01T00:00:00Z", "9999-12-31", "²"]


@pytest.mark.parametrize(
    "command",
    [
        ("ack", "{}"),
        ("ack", "1", "--reason", "{}"),
        ("silence", "--kind", "class", "--match", "{}", "--for", "1d"),
        ("silence", "--match", "zz", "--by", "{}", "--until", "{}"),
        ("unsilence", "{}"),
        ("explain", "{}"),
        ("explain", "class:{}"),
        ("diff", "--since", "{}"),
        ("diff", "--record", "class:{}"),
        ("diff", "--since", "@{}"),
        ("synced", "{}"),
        ("synced", "Acme US", "--at", "{}"),
        ("synced", "Acme US", "--note", "{}"),
        ("forget", "{}@acme.example"),
        ("score", "--since", "{}"),
        ("what-if", "--rename", "class:12={}"),
        ("what-if", "--inactivate", "class:{}"),
        ("accept-deletions", "{}"),
        ("trust", "{}"),
    ],
    ids=" ".join,
)
def test_odd_words_end_in_a_sentence_and_the_database_can_still_be_asked(
    asked: Asked, command: tuple[str, ...]
) -> None:
    for word in ODD_WORDS:
        code, out, err = asked.ask(*(part.replace("{}", word) for part in command))
        assert code in (_FINE, _TROUBLE, _CANNOT), (word[:40], err)
        assert is_harmless_on_a_terminal(out + err)
    for question in (["status"], ["risks"], ["explain", "class:12"]):
        assert asked.ask(*question)[0] == _FINE
