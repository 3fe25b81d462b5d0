"""Shadow mode: what would have been told stays in the outbox, and nobody hears it."""

from __future__ import annotations

from monitor.adapters.store import Store
from monitor.adapters.store.correspondence import SHADOW
from monitor.clock import Clock
from monitor.delivery.walk import DeliveryResult

_WHY = f"{SHADOW}: decided and recorded, told to nobody"


def keep_to_itself(store: Store, clock: Clock) -> DeliveryResult:
    """Shadow mode: what would have been told stays in the outbox's history, and nobody hears it.

    Letters of an alert that the channel knows, or may know, wait for the end of shadow mode
    instead: else its message would stand there for ever as it was. Then they are told as one.
    """
    with store.immediate():
        for envelope in store.outbox.undelivered():
            if store.outbox.may_stand(envelope.letter.alert_id):
                store.outbox.kept_back(envelope.row)
                continue
            store.outbox.dropped(envelope.row, _WHY, clock.now())
    return DeliveryResult()
