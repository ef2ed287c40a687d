"""Erasing what is known of a consumer: by age, when two shops part, when somebody asks.

Of an order that is over nobody needs the recipient any more. What goes: name, phone and address,
their masked forms and the hash that finds the same recipient, the notes, questions and answers, and
both in the history of changes. The order stays, with what was sent and when: it says that it was
erased, and no later news of it brings a recipient back (`core.changes.judging`).
"""

from collections.abc import Sequence
from typing import Final, Literal

from core.ports import Store
from core.ports.erasing import Erasable
from core.text.masking import mask_phone
from core.text.phones import read_phone
from core.values import Rules

Why = Literal["age", "parted", "asked"]

SLICE: Final = 500  # orders erased in one visit
LOOKED: Final = 20_000  # recipients passed over in one visit, looking for a phone


class PhoneUnclear(ValueError):
    """What was given is no telephone number."""


class Erasing:
    """Use cases of erasing: the clock's, and the operator's. No shop asks for them."""

    def __init__(self, rules: Rules) -> None:
        self._kept = rules.retention

    def due(self, store: Store) -> int:
        """Erase a slice of what is due. Returns how many; fewer than `SLICE` when that was all."""
        ids = store.erasing.old(store.now - self._kept, SLICE)
        self._erase(store, ids, "age")
        return len(ids) or self._parted(store)

    def find(self, store: Store, order_no: str) -> Sequence[Erasable]:
        """Return the orders of any shop with this number that are not erased yet."""
        return store.erasing.numbered(order_no)

    def called(self, store: Store, phone: str, after: int) -> tuple[int, Sequence[Erasable]]:
        """Return, of the next recipients behind order `after`, the orders of those with this phone.

        With them comes how far it has looked, 0 at the end. Raises `PhoneUnclear`.
        """
        read = read_phone(phone)
        if read is None:
            raise PhoneUnclear
        last, ids = store.erasing.called(str(read), mask_phone(phone), after, LOOKED)
        return last, store.erasing.these(ids)

    def ask(self, store: Store, found: Sequence[Erasable]) -> int:
        """Erase these, those that are still worked on left out. Returns how many."""
        ids = [one.id for one in store.erasing.these([one.id for one in found]) if one.over]
        self._erase(store, ids, "asked")
        return len(ids)

    def _parted(self, store: Store) -> int:
        asked = store.erasing.parted()
        if asked is None:
            return 0
        ids = store.erasing.between(asked.merchant_id, asked.factory_id, SLICE)
        self._erase(store, ids, "parted")
        if len(ids) < SLICE:
            store.erasing.settle(asked)
        return len(ids)

    def _erase(self, store: Store, ids: Sequence[int], why: Why) -> None:
        if not ids:
            return
        store.erasing.erase(ids)
        store.chats.outdate(list(ids))
        store.record_all(None, "erased", [{"order_id": one, "why": why} for one in ids])
