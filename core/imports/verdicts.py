"""What news of whole orders means against what is stored: new, known, changed, or left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.changes.applying import Changed
from core.changes.judging import Diff, Stored, judge
from core.changes.order_news import NOTES, news_of
from core.entities import Order
from core.ids import key
from core.imports.incoming import IncomingOrder
from core.ports import Store
from core.text.free_text import HIDDEN, holds_recipient
from core.values import NO_NOTES

_LEFT_OUT = {
    "unpaid": "unpaid",
    "part_shipped": "already_shipped",
    "shipped": "already_shipped",
    "done": "already_shipped",
    "closed": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one order, against what is stored.

    `order` is what is stored; of a new one only where an earlier import of it was undone. What is
    known has a `change` without differences where its times are to be kept.
    """

    kind: Literal["new", "known", "changed", "skipped"]
    incoming: IncomingOrder
    order: Order | None = None
    change: Changed | None = None
    why: str = ""

    @property
    def diffs(self) -> tuple[Diff, ...]:
        """Return what differs of a stored order."""
        return tuple(self.change.diffs) if self.change else ()

    @property
    def readdresses(self) -> bool:
        """Return whether a note that comes in with it names a recipient."""
        if self.kind == "new":
            notes = self.incoming.buyer_note, self.incoming.seller_note
            return any(note and holds_recipient(note) for note in notes)
        noted = [diff for diff in self.diffs if diff["field"] in NOTES]
        return any(diff["new"] == HIDDEN for diff in noted)


def verdicts(store: Store, merchant_id: int, orders: Sequence[IncomingOrder]) -> Iterator[Verdict]:
    """Judge orders of one platform against what is stored, in their order."""
    if not orders:
        return
    numbers = [one.order_no for one in orders]
    stored = store.orders.by_numbers(merchant_id, orders[0].platform, numbers)
    ids = [key(order) for order in stored.values()]
    lines, hashes = store.orders.lines(ids), store.orders.same_hashes(ids)
    notes = store.orders.notes(ids)
    for incoming in orders:
        order = stored.get(incoming.order_no)
        if order is None or order.closed_reason == "undone":
            yield _judge_new(incoming, order)
            continue
        order_id = key(order)
        now = Stored(
            order, lines.get(order_id, []), hashes.get(order_id), notes.get(order_id, NO_NOTES)
        )
        yield _judge_stored(store, now, incoming)


def _judge_stored(store: Store, stored: Stored, incoming: IncomingOrder) -> Verdict:
    order, news = stored.order, news_of(stored.order, incoming)
    judged = judge(store, stored, news)
    change = Changed(order, news, judged.diffs, judged.as_of) if judged.as_of else None
    return Verdict("changed" if judged.diffs else "known", incoming, order, change)


def _judge_new(incoming: IncomingOrder, undone: Order | None) -> Verdict:
    """Judge an order that is not there, or not any more since its import was undone."""
    why = _LEFT_OUT.get(incoming.order_status)
    if why is None and incoming.after_sale == "refunded":
        why = "refunded"
    if why is not None:
        return Verdict("skipped", incoming, why=why)
    return Verdict("new", incoming, undone)
