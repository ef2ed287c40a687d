"""What people wrote about an order, as its cards show it: without anybody's phone or home.

Whole it is seen only with the recipient, by the factory that may look (`core.orders.looking`), and
on its packing slips. A note that names another address is what parcels get
lost by: the merchant is told of it until the recipient is put right.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from core.changes.judging import standing_since
from core.entities import Assignment, Order
from core.ids import key
from core.orders.standing import stop_reason
from core.orders.views import PackRow
from core.ports import Store
from core.text.free_text import HIDDEN, as_shown
from core.values import NO_NOTES, OrderNotes

Said = Literal["buyer_note", "seller_note", "question", "answer"]


@dataclass(frozen=True, slots=True)
class Notes:
    """买家留言 and 商家备注 as anybody may read them; `partly`: something in them is not shown."""

    buyer: str
    seller: str
    partly: bool


NONE = Notes("", "", partly=False)


class Whole(NamedTuple):
    """A text of which the cards show only a part, as it was written."""

    kind: Said
    text: str


def notes_of(store: Store, order: Order) -> OrderNotes:
    """Return an order's notes as they were written."""
    return store.orders.notes([key(order)]).get(key(order), NO_NOTES)


def shown(notes: OrderNotes) -> Notes:
    """Return notes as they are shown."""
    buyer, seller = map(as_shown, notes)
    return Notes(buyer, seller, (buyer, seller) != notes)


def noted(row: PackRow) -> PackRow:
    """Return a row with its notes as they are shown where no recipient is."""
    if not row.buyer_note and not row.seller_note:
        return row
    return replace(
        row, buyer_note=as_shown(row.buyer_note), seller_note=as_shown(row.seller_note)
    )  # fmt: skip


def readdressing(order: Order, notes: OrderNotes) -> str:
    """Return the note that names another recipient than the order may have, as it was written.

    Empty where none does, where the recipient was put right since, and where it is too late. The
    buyer's counts first: whoever pays says where it goes.
    """
    if stop_reason(order) in ("cancelled", "refunded", "shipped_elsewhere", "undone"):
        return ""
    if order.status == "shipped":
        return ""
    right_since = standing_since(order, "recipient")
    for field, note in notes._asdict().items():
        if as_shown(note) == HIDDEN and right_since <= standing_since(order, field):
            return str(note)
    return ""


def whole_texts(store: Store, assignment: Assignment) -> list[Whole]:
    """Return what was written of an assignment's order and is shown only in part elsewhere."""
    notes = notes_of(store, store.orders.of(assignment.order_id))
    asked = store.questions.last_of(key(assignment))
    question, answer = store.questions.texts(asked) if asked is not None else ("", "")
    every = (
        Whole("buyer_note", notes.buyer_note), Whole("seller_note", notes.seller_note),
        Whole("question", question), Whole("answer", answer),
    )  # fmt: skip
    return [one for one in every if as_shown(one.text) != one.text]
