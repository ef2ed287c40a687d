"""What a door says of a stored order: one value, whether a file, a person or a platform says it.

What is None is not said. The groups of fields are judged and dated each for itself
(`core.changes.judging`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.entities import AfterSale, Order
from core.ids import key
from core.imports.incoming import IncomingLine, IncomingOrder, IncomingRecipient

Closing = Literal["cancelled", "shipped_elsewhere"]
Group = Literal[
    "recipient", "buyer_note", "seller_note", "ship_by", "lines", "held", "after_sale", "closed"
]
GROUPS: tuple[Group, ...] = (
    "buyer_note", "seller_note", "ship_by", "lines", "recipient", "held", "after_sale", "closed",
)  # fmt: skip
NOTES = ("buyer_note", "seller_note")

_CLOSING: dict[str, Closing] = {
    "closed": "cancelled",
    "shipped": "shipped_elsewhere",
    "done": "shipped_elsewhere",
}


@dataclass(frozen=True, slots=True)
class OrderNews:
    """News of the order `order_id`: each field as it is now, None where nothing is said of it.

    `at` is when that was true at its source; None: now. `lines` are all the lines of the order, but
    for its extras. `held` holds or releases. What is closed stays closed. `by_hand` overrules what
    files and platforms said before: the same said once more is no news (`core.changes.overruling`).
    """

    order_id: int
    at: datetime | None = None
    recipient: IncomingRecipient | None = None
    buyer_note: str | None = None
    seller_note: str | None = None
    ship_by: datetime | None = None
    lines: tuple[IncomingLine, ...] | None = None
    held: bool | None = None
    after_sale: AfterSale | None = None
    closed: Closing | None = None
    by_hand: bool = False


def news_of(order: Order, incoming: IncomingOrder) -> OrderNews:
    """Return what a whole order that came in says of the one stored.

    A masked recipient says nothing, nor does a platform's order that is open: nothing reopens.
    """
    return OrderNews(
        key(order), incoming.at,
        recipient=incoming.recipient if incoming.recipient.complete else None,
        buyer_note=incoming.buyer_note, seller_note=incoming.seller_note,
        ship_by=incoming.ship_by, lines=incoming.lines, after_sale=incoming.after_sale,
        closed=_CLOSING.get(incoming.order_status),
    )  # fmt: skip
