"""Reports that could not be read: named from then on until they can be, and new only once."""

from __future__ import annotations

from monitor.core.reports import UnreadReport
from tests.adapters.store_memory import in_memory, moment
from tests.adapters.test_store_expensify import US

NO_STATE = UnreadReport("R1", US, "its state '' is unknown")
NO_POLICY = UnreadReport("R2", "", "a value is not what it should be")


def test_a_report_is_news_once_and_keeps_since_when_it_cannot_be_read() -> None:
    store = in_memory()
    with store.immediate():
        assert store.unread.record([NO_STATE], moment(1)) == (NO_STATE,)
        assert store.unread.record([NO_POLICY, NO_STATE], moment(2)) == (NO_POLICY,)
        assert store.unread.record([NO_STATE, NO_POLICY], moment(3)) == ()
    assert store.unread.all() == ((NO_STATE, moment(1)), (NO_POLICY, moment(2)))


def test_another_reason_is_news_about_the_same_report() -> None:
    store = in_memory()
    other = NO_STATE._replace(why="its total 'NaN' is no amount")
    with store.immediate():
        store.unread.record([NO_STATE], moment(1))
        assert store.unread.record([other], moment(2)) == (other,)
    assert store.unread.all() == ((other, moment(1)),)


def test_one_that_is_read_again_is_forgotten_and_news_when_it_comes_back() -> None:
    store = in_memory()
    with store.immediate():
        store.unread.record([NO_STATE], moment(1))
        store.unread.record([], moment(2))
        assert store.unread.all() == ()
        assert store.unread.record([NO_STATE], moment(3)) == (NO_STATE,)
    assert store.unread.all() == ((NO_STATE, moment(3)),)
