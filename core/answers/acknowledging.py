"""全部已知晓: a factory has seen many changes at once, and each merchant is told once.

Only what had changed when the person was shown it: a change that comes between the list and the
press stays unseen.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.acting import acting
from core.answers.answer_events import ChangesAcknowledged
from core.changes.change_views import Unseen
from core.entities import BATCH_FROM
from core.events import NUMBERS_NAMED, ChangeAcknowledged
from core.orders.shown import outdate_cards
from core.ports import Store
from core.values import Actor

AT_ONCE: Final = 500  # of one press; the rest is offered again


class Acknowledging:
    """Use cases of a factory over its unseen changes."""

    def all(self, store: Store, actor: Actor, binding_id: int, until: datetime) -> int:
        """See what had changed until then, of one binding or (0) of all, the oldest first.

        Returns how many were unseen: at most `AT_ONCE`. Raises `WrongRole`.
        """
        acting(store, actor, "factory")
        unseen = store.notices.unseen(actor.shop_id, binding_id, until, AT_ONCE)
        ids = [one.id for one in unseen]
        store.notices.see_many(actor, ids)
        store.record_each(actor, "acknowledged", ids)
        self._tell(store, unseen)
        outdate_cards(store, len(unseen), {actor.shop_id, *(one.merchant_id for one in unseen)})
        return len(unseen)

    def _tell(self, store: Store, seen: Sequence[Unseen]) -> None:
        by_binding: dict[tuple[int, int], list[Unseen]] = defaultdict(list)
        for one in seen:
            by_binding[one.merchant_id, one.binding_id].append(one)
        for (merchant_id, binding_id), told in by_binding.items():
            if len(told) < BATCH_FROM:
                store.emit_all([ChangeAcknowledged(one.id) for one in told], to=merchant_id)
                continue
            numbers = tuple(one.order_no for one in told[:NUMBERS_NAMED])
            store.emit(ChangesAcknowledged(binding_id, len(told), numbers), to=merchant_id)
