"""Whatever somebody wrote, a page says just that, and is made of nothing else for it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.cli.output.page.tree import LONGEST_TEXT, element, link, reworded, shown, written
from monitor.cli.output.words import plain
from tests.pages import Part, read

HOSTILE = (
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "&lt;b&gt; &amp; &#0; &#x27; &nosuch;",
    "]]> <!-- --> <![CDATA[ <?php ?>",
    "</style></title><style>*{display:none}",
    "a\0b\x1b[31m\x7f\r\n\t",
    "\ud800 and \udfff",
    "\u202ename\u202c \u2066x\u2069 \u2028\u2029",
    "{0} {body} %s $x",
    "x" * 5_000,
)
ANY = st.one_of(
    st.text(min_size=1),
    st.text(alphabet="<>&\"'/=!-]a \0\n{}", min_size=1),
    st.sampled_from(HOSTILE),
)


@given(ANY, ANY)
@example(*HOSTILE[:2])
@example(*HOSTILE[2:4])
def test_any_text_is_read_back_as_it_was_shown(said: str, label: str) -> None:
    tree = element("p", said, element("strong", said), said, aria_label=label, class_="x")
    text = shown(said)
    assert read(written(tree)) == Part(
        "",
        {},
        [
            Part(
                "p",
                {"aria-label": shown(label), "class": "x"},
                [text, Part("strong", {}, [text]), text],
            )
        ],
    )


@given(ANY)
def test_what_can_be_printed_and_has_an_end_is_shown_as_it_is(said: str) -> None:
    whole = said[:LONGEST_TEXT]
    assert shown(whole) == plain(whole)
    assert not whole.isprintable() or shown(whole) == whole
    assert shown(said).encode()  # no lone surrogate is left


def test_a_text_without_end_is_cut_and_says_how_much_is_missing() -> None:
    assert shown("x" * (LONGEST_TEXT + 5)) == "x" * LONGEST_TEXT + " … (5 characters left out)"


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        pytest.param("script", {}, id="an element that runs"),
        pytest.param("img", {}, id="an element that loads"),
        pytest.param("p", {"onclick": "x"}, id="an attribute that runs"),
        pytest.param("p", {"style": "x"}, id="an attribute that may load"),
        pytest.param("a", {"href": "javascript:alert(1)"}, id="an address that runs"),
        pytest.param("a", {"href": "http://plain.example"}, id="an address without TLS"),
    ],
)
def test_what_might_run_or_load_is_no_part_of_a_page(name: str, attributes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="page"):
        element(name, "text", **attributes)


def test_a_link_without_an_https_address_is_its_text_alone() -> None:
    assert link("R-1", "") == "R-1"
    assert link("R-1", "javascript:alert(1)") == "R-1"
    assert link("R-1", f"https://x.example/{'x' * LONGEST_TEXT}") == "R-1"
    found = read(written(link("R-1", 'https://x.example/?a="&b')))
    (anchor,) = found.all("a")
    assert anchor.attributes["href"] == 'https://x.example/?a="&b'
    assert anchor.attributes["rel"] == "noreferrer noopener"


def test_other_words_reach_every_text_and_label_and_nothing_else() -> None:
    tree = element("p", "one", element("td", "two", data_label="x"), aria_label="three", id="four")
    assert reworded(tree, str.upper) == element(
        "p", "ONE", element("td", "TWO", data_label="x"), aria_label="THREE", id="four"
    )
