"""What programs read of their own shop: who it is, and with whom it is bound."""

from collections.abc import Sequence
from typing import Final

from core.acting import acting
from core.entities import Shop
from core.orders.views import BindingRow
from core.ports import Store
from core.values import Actor

MOST_PARTNERS: Final = 100


class ShopReading:
    """The shop a key belongs to."""

    def own(self, store: Store, actor: Actor) -> Shop:
        """Return it."""
        return acting(store, actor).shop

    def partners(self, store: Store, actor: Actor, after: int, limit: int) -> Sequence[BindingRow]:
        """Return at most `limit` (≤ `MOST_PARTNERS`) shops it is bound with, or asks to be.

        In the order in which that was asked for; `after` is a binding's id.
        """
        shop = acting(store, actor).shop
        return store.bindings.page(shop, after, min(limit, MOST_PARTNERS))
