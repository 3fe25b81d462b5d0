"""A key that is missing, misspelt or in the wrong form is told with what was meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.configuration import GONE, problems_of


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"slack.chanel": "C1"},
            "unknown key `chanel` in [slack]: did you mean `channel`?",
            id="a misspelt key is named with the one that was meant",
        ),
        pytest.param(
            {"slak": {}},
            "unknown key `slak` at the top level: did you mean `slack`?",
            id="a misspelt section is named with the one that was meant",
        ),
        pytest.param(
            {"netsuite.auth.clientid": "x"},
            "unknown key `clientid` in [netsuite.auth]: did you mean `client_id`?",
            id="an unknown key of the sign-in is told without the method in its path",
        ),
        pytest.param(
            {"workspace.0.color": "red"},
            "unknown key `color` in [workspace[0]]: remove it; `monitor config schema` has all.",
            id="a key like no other has no suggestion",
        ),
        pytest.param(
            {"netsuite.account": GONE},
            "netsuite.account: is missing: write account = … (The account id as NetSuite shows "
            "it, either spelling; the host is derived from it.)",
            id="a missing key says what belongs there",
        ),
        pytest.param(
            {"netsuite.auth.certificate_id": GONE},
            "netsuite.auth.certificate_id: is missing: write certificate_id = … (oauth2: the "
            "certificate id that NetSuite shows (the key's name, no secret).)",
            id="a missing key of the sign-in says so too",
        ),
        pytest.param(
            {"expensify": GONE},
            "expensify: the section [expensify] is missing (The Expensify credentials.)",
            id="a missing section is one problem, not one a key",
        ),
        pytest.param(
            {"workspace": []},
            "workspace: is empty: write at least one",
            id="without a workspace there is nothing to watch",
        ),
        pytest.param(
            {"workspace": {"policy_id": "P1"}},
            "workspace: write [[workspace]], with two brackets: there may be several",
            id="one bracket instead of two is recognised",
        ),
        pytest.param(
            {"netsuite.auth.method": "oauth"},
            'netsuite.auth.method: write "oauth2" or "tba"',
            id="the sign-in method is one of two",
        ),
    ],
)
def test_a_wrong_key_is_told_with_what_was_meant(changes: dict[str, Any], problem: str) -> None:
    assert problems_of(changes) == (problem,)
