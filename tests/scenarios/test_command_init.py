"""`monitor init`: a file that loads, explains every key, holds no secret, and replaces nothing."""

from __future__ import annotations

import os
import re
import resource
import stat
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from monitor.cli import main
from monitor.cli.init.answers import SCHEMES, SIGN_INS, Answers, WorkspaceAnswer, mistakes
from monitor.config.fields import CODED_KINDS, Place
from monitor.config.first import as_first_file, write_new
from monitor.config.load import check, load
from monitor.config.settings import Settings
from monitor.errors import ConfigError, UsageError
from tests.configuration import ENVIRON
from tests.scenarios.asking import Ended
from tests.test_config_example import keys_of_the_example

_ROOT = Path(__file__).parents[2]
ENOUGH = (
    *("--account", "1234567_SB1", "--certificate-id", "kid_abc"),
    *("--workspace", "4C6722D4BD2BD941=Acme US", "--channel", "C0123456789"),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def init(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> Ended:
        code = main(["init", "--yes", *arguments])
        return Ended(code, *capsys.readouterr())

    return run


def on_a_terminal(folder: Path, typed: str, *arguments: str) -> Ended:
    """The command in the folder, with a person who types this."""
    ours, theirs = os.openpty()
    os.write(ours, typed.encode() or b"\x04")  # who types nothing ends the input
    ended = subprocess.run(
        [sys.executable, "-m", "monitor", "init", *arguments],
        stdin=theirs,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def read(path: Path) -> Settings:
    """The settings of a file whose secrets are not there yet."""
    return check(tomllib.loads(path.read_text()), path, is_resolving=False)


# What is written


def test_what_the_options_say_is_what_the_file_says(folder: Path, init: Any) -> None:
    ended = init(
        *ENOUGH,
        *("--workspace", "P2", "--subsidiary", "3", "--coding", "project=report_field:A=B"),
        *("--coding", "class=tag:2", "--buttons", "--shadow", "--time-zone", "Europe/Berlin"),
    )
    assert (ended.code, ended.err) == (0, "")
    coding = {"project": "report_field:A=B", "class": "tag:2"}
    assert tomllib.loads((folder / "config/monitor.toml").read_text()) == {
        "store": {},
        "schedule": {"time_zone": "Europe/Berlin"},
        "netsuite": {
            "account": "1234567_SB1",
            "auth": {
                "method": "oauth2",
                "client_id": "env:NETSUITE_CLIENT_ID",
                "certificate_id": "kid_abc",
                "private_key": "env:NETSUITE_PRIVATE_KEY",
            },
            "preferences": {},
        },
        "expensify": {
            "partner_user_id": "env:EXPENSIFY_PARTNER_USER_ID",
            "partner_user_secret": "env:EXPENSIFY_PARTNER_USER_SECRET",
        },
        "workspace": [
            {
                "policy_id": "4C6722D4BD2BD941",
                "name": "Acme US",
                "subsidiary": "3",
                "coding": coding,
            },
            {"policy_id": "P2", "subsidiary": "3", "coding": coding},
        ],
        "slack": {
            "token": "env:SLACK_BOT_TOKEN",
            "channel": "C0123456789",
            "app_token": "env:SLACK_APP_TOKEN",
        },
        "alerts": {"shadow": True},
        "health": {},
    }


def test_what_nobody_says_is_the_default(folder: Path, init: Any) -> None:
    init(*ENOUGH)
    workspace = {
        "policy_id": "4C6722D4BD2BD941",
        "name": "Acme US",
        "coding": {"class": "tag:1"},
    }
    answers = Answers(account="1234567_SB1", workspaces=(WorkspaceAnswer(**workspace),))
    settings = read(folder / "config/monitor.toml")
    assert settings == check(answers.document(), Path(), is_resolving=False)
    assert settings.policy() == check(Answers().document(), Path(), is_resolving=False).policy()


def test_only_its_owner_may_read_it_and_nothing_lies_beside_it(folder: Path, init: Any) -> None:
    before = os.umask(0)
    try:
        init(*ENOUGH)
    finally:
        os.umask(before)
    (path,) = (folder / "config").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("method", SIGN_INS)
@pytest.mark.parametrize("channel", ["C0123456789", ""])
def test_it_explains_every_key_as_the_example_does(method: str, channel: str) -> None:
    text = as_first_file(Answers(method=method, channel=channel).document())
    for key in keys_of_the_example():
        is_of_the_other = re.match(r"(oauth2|tba): ", key.comment) and method not in key.comment
        written = re.search(rf"(?m)^(# )?{key.name} = .*  # {re.escape(key.comment)}", text)
        assert bool(written) is not bool(is_of_the_other), key


def test_what_stands_commented_out_is_the_default(folder: Path, init: Any) -> None:
    init(*ENOUGH)
    text = (folder / "config/monitor.toml").read_text()
    active = re.sub(r"(?m)^# (\S+ = (?!.*Default: none))", r"\1", text)
    assert active.count("\n# ") < text.count("\n# ") - 30
    whole = check(tomllib.loads(active), Path(), is_resolving=False).model_dump()
    few = read(folder / "config/monitor.toml").model_dump()
    for coding in (one["workspace"][0]["coding"] for one in (whole, few)):
        for kind in CODED_KINDS:
            coding.setdefault(kind, "none")
    assert whole == few


# Whatever somebody answers


def _is_place(text: str) -> bool:
    try:
        TypeAdapter(Place).validate_python(text)
    except ValidationError:
        return False
    return True


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['a"b', "a\\", "'''", '"""', "#", "\n[slack]\n", "\x7f", "\x00", "\u2028", "Büro 🏢"]
)
SOME_WORDS = WORDS.filter(str.strip)
WORKSPACES = st.builds(
    WorkspaceAnswer,
    policy_id=SOME_WORDS,
    name=WORDS,
    subsidiary=SOME_WORDS | st.just(""),
    coding=st.dictionaries(
        st.sampled_from(CODED_KINDS),
        st.sampled_from(["tag:1", "tag:12", "employee_default", "none"])
        | SOME_WORDS.map("report_field:{}".format).filter(_is_place),
    ),
)
ANSWERS = st.builds(
    Answers,
    account=st.from_regex(r"[A-Za-z0-9]{1,9}([_-][A-Za-z0-9]{1,4})?", fullmatch=True),
    method=st.sampled_from(SIGN_INS),
    certificate_id=SOME_WORDS,
    workspaces=st.lists(
        WORKSPACES, min_size=1, max_size=3, unique_by=lambda one: one.policy_id
    ).map(tuple),
    channel=st.sampled_from(["", "C0123456789", "#netsuite-exports", "#büro"]),
    has_buttons=st.booleans(),
    is_shadow=st.booleans(),
    time_zone=st.sampled_from(["America/New_York", "UTC", "Europe/Berlin"]),
    scheme=st.sampled_from(SCHEMES),
)


@given(ANSWERS)
def test_every_answer_survives_the_file_and_the_file_loads(answers: Answers) -> None:
    said = answers.document()
    read_back = tomllib.loads(as_first_file(said))
    kept = {section: keys for section, keys in read_back.items() if keys or section in said}
    kept["netsuite"].pop("preferences")
    assert kept == said
    settings = check(read_back, Path(), is_resolving=False)
    assert [one.name for one in settings.workspace] == [one.name for one in answers.workspaces]


@given(st.text() | st.sampled_from(["xoxb-1", "xapp-1-A", "-----BEGIN PRIVATE KEY-----"]))
def test_an_answer_is_either_refused_or_loads(text: str) -> None:
    for said in (
        {"account": text},
        {"certificate_id": text},
        {"channel": text},
        {"workspaces": (WorkspaceAnswer(text, text, text, {"class": text}),)},
    ):
        if not mistakes(**said):
            written = as_first_file(Answers(**said).document())
            check(tomllib.loads(written), Path(), is_resolving=False)


# What is left alone


def _a_file(path: Path) -> None:
    path.write_text("mine")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(_a_file, id="a file"),
        pytest.param(lambda path: path.symlink_to("nowhere"), id="a link to nothing"),
        pytest.param(Path.mkdir, id="a folder"),
    ],
)
def test_what_is_there_is_never_replaced(folder: Path, init: Any, make: Any) -> None:
    path = folder / "monitor.toml"
    make(path)
    before = (path.is_symlink(), path.is_dir(), path.is_file() and path.read_text())
    ended = init("--config", str(path), *ENOUGH)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"monitor: {path} is there already, and stays as it is: change it by hand, move it away, "
        "or name another --config\n"
    )
    assert (path.is_symlink(), path.is_dir(), path.is_file() and path.read_text()) == before
    assert [*folder.iterdir()] == [path]


def test_somebody_who_was_quicker_keeps_the_file(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    _a_file(path)
    with pytest.raises(UsageError, match="is there already"):
        write_new(path, "another")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [(path.name, "mine")]


def test_where_it_cannot_be_written_nothing_is_left(folder: Path, init: Any) -> None:
    (folder / "note").write_text("mine")
    ended = init("--config", "note/monitor.toml", *ENOUGH)
    assert ended.code == 2
    assert ended.err.startswith("monitor: note/monitor.toml cannot be written (")
    assert [one.read_text() for one in folder.iterdir()] == ["mine"]


def test_a_full_disk_leaves_no_half_file(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-B", "-m", "monitor", "init", *ENOUGH],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        check=False,
    )
    assert ended.returncode == 2 and "cannot be written" in ended.stderr
    assert [*(folder / "config").iterdir()] == []


# What is refused


@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        pytest.param(
            [],
            ["nobody can be asked here: add --account, --workspace, --channel, --certificate-id"],
            id="what nobody said, all at once",
        ),
        pytest.param(
            ["--auth", "tba", "--webhook"],
            ["nobody can be asked here: add --account, --workspace"],
            id="four tokens have no certificate, a webhook has its channel",
        ),
        pytest.param(
            [*ENOUGH, "--account", "1 2", "--channel", "Foo", "--time-zone", "US/Estern"],
            [
                '--account: write the account id, like "1234567_SB1"',
                "--time-zone: 'US/Estern' is no time zone: did you mean US/Eastern?",
                '--channel: write the channel\'s id ("C0123456789") or its name '
                '("#netsuite-exports")',
            ],
            id="all that is wrong",
        ),
        pytest.param(
            [*ENOUGH, "--workspace", "P2", "--coding", "clas=tag:1"],
            ["--coding: unknown kind `clas`: did you mean `class`?"],
            id="a kind that is none, once for all workspaces",
        ),
        pytest.param(
            [*ENOUGH, "--workspace", "4C6722D4BD2BD941=Other"],
            ["--workspace: workspace[0] has the same: each stands once"],
            id="a workspace twice",
        ),
        pytest.param(
            [*ENOUGH, "--coding", "class"],
            ["--coding: 'class' says no place: write KIND=PLACE, like class=tag:1"],
            id="a kind without its place",
        ),
        pytest.param(
            ["--coding", "class=tag:1"],
            ["--subsidiary and --coding are about a --workspace: name it"],
            id="a place without a workspace",
        ),
        pytest.param(
            [*ENOUGH, "--webhook"],
            ["--channel: a webhook has its own: leave one of the two out"],
            id="a channel and a webhook",
        ),
        pytest.param(
            [*ENOUGH, "--db", "monitor.db"],
            ["leave --db out: [store] path in the configuration names the database"],
            id="a database",
        ),
        pytest.param(
            [*ENOUGH, "--certificate-id", "-----BEGIN PRIVATE KEY-----"],
            [
                "--certificate-id: looks like a secret: none is asked for here, and none belongs "
                "into a configuration"
            ],
            id="a secret",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    folder: Path, init: Any, arguments: list[str], sentences: list[str]
) -> None:
    assert init(*arguments) == (2, "", "".join(f"monitor: {one}\n" for one in sentences))
    assert [*folder.iterdir()] == []


# What is next


def _offered(out: str) -> list[str]:
    """The places of secrets that it names."""
    return re.findall(r"(?m)^  (\S+)  +\S", out)


def _value(place: str) -> str:
    return ENVIRON[Path(place).name.upper()]


@pytest.mark.parametrize("method", SIGN_INS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("slack", [("--channel", "C0123456789", "--buttons"), ("--webhook",)])
def test_with_the_secrets_it_names_in_place_the_file_loads_and_with_one_less_it_does_not(
    folder: Path, init: Any, method: str, scheme: str, slack: tuple[str, ...]
) -> None:
    ended = init(*ENOUGH[:-2], *slack, "--auth", method, "--secrets", scheme)
    names = _offered(ended.out)
    assert len(names) == len(set(names)) >= 5
    path = folder / "config/monitor.toml"
    load(path, _put(folder, names, scheme))
    for name in names:
        environ = _put(folder, [one for one in names if one != name], scheme)
        with pytest.raises(ConfigError, match=Path(name).name):
            load(path, environ)


def _put(folder: Path, places: list[str], scheme: str) -> Mapping[str, str]:
    """Do what it says: put these secrets, and no others, where they belong."""
    if scheme == "env":
        return {place: _value(place) for place in places}
    for old in [*folder.glob("config/secrets/*"), *folder.glob("config/credentials/*")]:
        old.unlink()
    for place in places:
        file = folder / place
        file.parent.mkdir(exist_ok=True)
        file.write_text(_value(place))
        file.chmod(0o600)
    return {"CREDENTIALS_DIRECTORY": "config/credentials"}


def test_the_secrets_that_lie_in_the_environment_are_not_even_looked_at(
    folder: Path, init: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    told = init(*ENOUGH)
    written = (folder / "config/monitor.toml").read_text()
    assert [value for value in ENVIRON.values() if value in told.out + written] == []


@pytest.mark.parametrize(
    ("environ", "arguments", "command"),
    [
        pytest.param("", [], "monitor check", id="the usual place"),
        pytest.param("x.toml", [], "monitor check", id="where the environment says"),
        pytest.param(
            "", ["--config", "a b.toml"], "monitor --config 'a b.toml' check", id="elsewhere"
        ),
        pytest.param(
            "",
            ["--config", "a b/c.toml", "--secrets", "credential"],
            "CREDENTIALS_DIRECTORY='a b/credentials' monitor --config 'a b/c.toml' check",
            id="with credentials, where only systemd says where they are",
        ),
    ],
)
def test_the_next_command_finds_the_file(
    folder: Path,
    init: Any,
    monkeypatch: pytest.MonkeyPatch,
    environ: str,
    arguments: list[str],
    command: str,
) -> None:
    monkeypatch.setenv("MONITOR_CONFIG", environ)
    assert init(*ENOUGH, *arguments).out.endswith(f"\n\nThen:\n  {command}\n")


def test_each_secret_is_named_with_what_it_is(init: Any) -> None:
    assert re.findall(r"(?m)^  (\S+)  +(\S.*)$", init(*ENOUGH).out) == [
        ("NETSUITE_CLIENT_ID", "client id of NetSuite's integration record"),
        ("NETSUITE_PRIVATE_KEY", "private key of that certificate (PEM)"),
        ("EXPENSIFY_PARTNER_USER_ID", "partner user id of the integration credentials"),
        ("EXPENSIFY_PARTNER_USER_SECRET", "partner user secret of the integration credentials"),
        ("SLACK_BOT_TOKEN", "bot token (xoxb-…)"),
    ]


def test_a_service_of_systemds_must_be_able_to_read_it(folder: Path, init: Any) -> None:
    assert "\n  chmod 644 config/monitor.toml\n" in init(*ENOUGH, "--secrets", "credential").out


# On a terminal


def test_somebody_is_asked_and_what_is_wrong_is_asked_again(folder: Path) -> None:
    first = ["12 3", "1234567_SB1", "magic", "oauth2", "-----BEGIN KEY-----", "kid_abc"]
    one = ["4C67", "Acme “US”", "1", "tga:1", "tag:1", "", "", "tag:2", "", "y"]
    other = ["4C67", "P2", "", "", "", "", "", "", "", "n"]
    last = ["#Foo", "C0123456789", "", "Europe/Berlin", "file", "y"]
    ended = on_a_terminal(folder, "".join(f"{line}\n" for line in [*first, *one, *other, *last]))
    assert ended.code == 0 and "Wrote config/monitor.toml." in ended.out
    assert ended.err.count("Error: ") == 6
    assert "Error: workspace[0] has the same" in ended.err
    nowhere = dict.fromkeys(CODED_KINDS, "none")
    expected = Answers(
        account="1234567_SB1",
        workspaces=(
            WorkspaceAnswer(
                "4C67", "Acme “US”", "1", {**nowhere, "class": "tag:1", "project": "tag:2"}
            ),
            WorkspaceAnswer("P2", coding={**nowhere, "class": "tag:1"}),
        ),
        is_shadow=True,
        time_zone="Europe/Berlin",
        scheme="file",
    )
    settings = read(folder / "config/monitor.toml")
    assert settings == check(expected.document(), Path(), is_resolving=False)


def test_what_an_option_says_is_not_asked_and_the_end_of_input_writes_nothing(
    folder: Path,
) -> None:
    ended = on_a_terminal(folder, "\x04", *ENOUGH)
    assert ended.code == 130
    assert [line for line in re.split(r"[\n:]", ended.err) if "?" in line or "[" in line] == [
        "How to sign in to NetSuite (oauth2, tba) [oauth2]"
    ]
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--yes"], "nobody can be asked here: add --account", id="told not to ask"),
        pytest.param(["--config", "link"], "link is there already", id="there is a file already"),
    ],
)
def test_nobody_is_asked_in_vain(folder: Path, arguments: list[str], sentence: str) -> None:
    (folder / "link").symlink_to("nowhere")
    ended = on_a_terminal(folder, "", *arguments)
    assert ended.code == 2 and ended.err.startswith(f"monitor: {sentence}")
    assert [one.name for one in folder.iterdir()] == ["link"]
