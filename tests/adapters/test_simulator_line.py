"""The line that breaks at its n-th call: what a caller sees of each way."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from json import JSONDecodeError, loads

import pytest

from monitor.simulator.line import WAYS, Break, Line
from monitor.simulator.servers import served
from monitor.simulator.web import Page

_SEEN = {
    "refused": "ConnectionRefusedError",
    "401": "HTTP 401",
    "403": "HTTP 403",
    "429": "HTTP 429",
    "429 later": "HTTP 429, in 7 s",
    "500": "HTTP 500",
    "silent": "TimeoutError",
    "silent, done": "TimeoutError",
    "html": "JSONDecodeError",
    "html, done": "JSONDecodeError",
    "reset unheard": "ConnectionResetError",
    "reset": "ConnectionResetError",
    "cut": "IncompleteRead",
    "torn": "JSONDecodeError",
    "dripping": "2, after 8 s",
    "again": "1",
}
"""What the second of three calls comes to; the service counts those that it hears."""
_UNHEARD = {"refused", "401", "403", "429", "429 later", "500", "silent", "html", "reset unheard"}


class Counting(Page):
    """Answers how often it was asked."""

    asked = 0

    def gives_rows(self) -> bool:
        return True

    def do_GET(self) -> None:
        self.do_POST()

    def respond(self) -> None:
        type(self).asked += 1
        self.answer_json(200, {"n": self.asked})


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def url(line: Line) -> Iterator[str]:
    Counting.asked = 0
    with served(type("_Counting", (Counting,), {"asked": 0}), line) as url:
        yield url


def _asked(line: Line, url: str, passed: list[float]) -> str:
    """What comes of one call; nobody waits long for one that is never answered."""
    line.knock()
    passed.clear()
    try:
        with urllib.request.urlopen(url, timeout=0.2 if line.is_silent_next() else 60) as answer:
            said = str(loads(answer.read())["n"])
            return f"{said}, after {sum(passed):.0f} s" if passed else said
    except urllib.error.HTTPError as error:
        later = error.headers.get("Retry-After")
        error.close()
        return f"HTTP {error.code}, in {later} s" if later else f"HTTP {error.code}"
    except urllib.error.URLError as error:
        return type(error.reason).__name__
    except (OSError, HTTPException, JSONDecodeError) as error:
        return type(error).__name__


@pytest.mark.parametrize("way", WAYS)
def test_the_second_of_three_calls_goes_wrong_as_it_is_told(line: Line, url: str, way: str) -> None:
    passed: list[float] = []
    line.breaks(Break(2, way, passes=passed.append))
    third = "2" if way in _UNHEARD else "3"
    assert [_asked(line, url, passed) for _ in range(3)] == ["1", _SEEN[way], third]


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("dripping", "again")])
def test_a_break_that_lasts_ends_when_the_line_is_mended(line: Line, url: str, way: str) -> None:
    line.breaks(Break(1, way, lasts=True))
    assert [_asked(line, url, []) for _ in range(2)] == [_SEEN[way]] * 2
    line.mend()
    assert _asked(line, url, []) == ("1" if way in _UNHEARD else "3")
