"""Cards on screens follow what has happened to many orders at once, without a message of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from core.entities import BATCH_FROM
from core.events import Event
from core.ports import Store


@dataclass(frozen=True, slots=True)
class CardsOutdated(Event):
    """To either side: cards of the chat do not say what stands any more. Nothing is sent for it.

    One that nobody has begun with stands for those that come after it.
    """

    joins: ClassVar[bool] = True
    urgent: ClassVar[bool] = True  # nothing rings


def outdate_cards(store: Store, orders: int, shops: Iterable[int]) -> None:
    """Owe these shops' chats that their cards follow an act on so many orders.

    Of fewer than `BATCH_FROM` each is told by its own card, which older ones of it follow.
    """
    if orders >= BATCH_FROM:
        for shop_id in sorted(set(shops)):
            store.emit(CardsOutdated(), to=shop_id)
