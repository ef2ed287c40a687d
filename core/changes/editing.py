"""修改: a merchant changes an order by hand, by `core.changes.changing` as every other door does.

A change is begun on a revision of the order. When the order has changed meanwhile nothing is done:
what differs is shown, what was asked for is kept, and the merchant confirms once more.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.acting import acting
from core.changes.changing import Changing
from core.changes.edit_errors import OrderErased, OrderOver
from core.changes.edit_views import Edited, EditView, Pending, WorkDone
from core.changes.judging import Stored, judge
from core.changes.order_news import NOTES, OrderNews
from core.entities import Assignment
from core.errors import DraftGone, OrderNotFound, TextTooLong
from core.ids import key
from core.marks import mark_of
from core.orders.listing import factory_name_of
from core.orders.notes import notes_of
from core.ports import Store
from core.text.deadline_text import check_deadline, read_deadline
from core.text.plain import visible
from core.values import Actor

NOTE_LIMIT = 500
NOTICES = 20
NOTE, SHIP_BY = "edit_note", "edit_ship_by"

Question = tuple[str, Mapping[str, Any]]  # the step a person is at, and what they said so far

# What one press of a button says of an order.
ACTS: dict[str, Mapping[str, Any]] = {
    "hold": {"held": True},
    "release": {"held": False},
    "refund_open": {"after_sale": "open"},
    "refund_closed": {"after_sale": "none"},
    "refunded": {"after_sale": "refunded"},
    "cancel": {"closed": "cancelled"},
    "no_buyer_note": {"buyer_note": ""},
    "no_seller_note": {"seller_note": ""},
}


def edit_view(store: Store, actor: Actor, order_id: int) -> EditView:
    """Return the merchant's own order while it may change. Raises `OrderNotFound`, `OrderOver`."""
    acting(store, actor, "merchant")
    order = store.orders.get(order_id)
    if order is None or order.merchant_id != actor.shop_id or order.closed_reason == "undone":
        raise OrderNotFound
    if order.erased_at is not None:
        raise OrderErased
    if order.closed_reason is not None:
        raise OrderOver(order.closed_reason)
    if order.after_sale == "refunded":
        raise OrderOver("refunded")
    return as_it_stands(store, order_id)


def as_it_stands(store: Store, order_id: int) -> EditView:
    """Return an order with how far its factories are, whether it may change or not."""
    order, parcels = store.orders.of(order_id), store.shipments.of_order(order_id)
    live = list(store.assignments.live_of(order_id))
    known = {key(one) for one in live}
    senders = sorted({one.assignment_id for one in parcels} - known)
    given = live + [store.assignments.of(one) for one in senders]
    return EditView(
        order,
        [one for one in store.orders.lines([order_id])[order_id] if one.quantity and not one.extra],
        store.orders.masked(order_id),
        store.shipments.shipped_of_order(order_id),
        [_work(store, one) for one in given],
        notes_of(store, order),
    )


def _work(store: Store, given: Assignment) -> WorkDone:
    return WorkDone(
        factory_name_of(store, given), given.tag, given.extra, given.status,
        given.accepted_at is not None, given.looked_at is not None,
        sum(store.shipments.shipped_pieces(key(given)).values()),
        sum(store.assignments.pieces(key(given)).values()),
    )  # fmt: skip


def asked(store: Store, actor: Actor, *steps: str) -> dict[str, Any]:
    """Return what was asked of this person for this shop. Raises `DraftGone`."""
    acting(store, actor, "merchant")
    talk = store.accounts.talk(actor.account_id)
    if talk is None or talk[0] not in steps or talk[1].get("shop") != actor.shop_id:
        raise DraftGone
    return talk[1]


class Editing:
    """Use cases of 修改, short of the recipient and the lines, which have services of their own."""

    def __init__(self, changing: Changing) -> None:
        self._changing = changing

    def view(self, store: Store, actor: Actor, order_id: int) -> EditView:
        """Return the order to be changed. Raises `OrderNotFound`, `OrderOver`."""
        return edit_view(store, actor, order_id)

    def begin(self, store: Store, actor: Actor, order_id: int, field: str) -> EditView:
        """Ask for a note, or the deadline (`ship_by`). Raises as `view`."""
        view = edit_view(store, actor, order_id)
        store.accounts.ask(actor.account_id, _step(field), {**begun(view), "field": field})
        return view

    def act(
        self, store: Store, actor: Actor, order_id: int, revision: int, what: str
    ) -> Edited:  # fmt: skip
        """Do what one button says (`ACTS`). Raises as `view`, `DraftGone` for a forged one."""
        if what not in ACTS:
            raise DraftGone
        view = edit_view(store, actor, order_id)
        return self.change(store, actor, view, revision, OrderNews(order_id, **ACTS[what]))

    def put_ship_by(
        self, store: Store, actor: Actor, order_id: int, revision: int, moment: datetime
    ) -> Edited:  # fmt: skip
        """Set the deadline. Raises as `view`, `DeadlinePast`, `DeadlineFar`."""
        view = edit_view(store, actor, order_id)
        check_deadline(moment, store.now)
        return self.change(store, actor, view, revision, OrderNews(order_id, ship_by=moment))

    def take(self, store: Store, actor: Actor, text: str) -> Edited:
        """Take the note or the deadline that was asked for.

        Raises as `view`, `TextTooLong`, and as `core.text.deadline_text.read_deadline`.
        """
        data = asked(store, actor, NOTE, SHIP_BY)
        view = edit_view(store, actor, data["order"])
        if data["field"] in NOTES:
            said: str = visible(text).strip()
            if len(said) > NOTE_LIMIT:
                raise TextTooLong(NOTE_LIMIT)
        else:
            said = read_deadline(text, store.now).isoformat()
        return self._typed(store, actor, view, {**data, "said": said})

    def confirm_typed(self, store: Store, actor: Actor, mark: int) -> Edited:
        """Do what was kept while the order changed. Raises as `view`, `DraftGone`."""
        data = asked(store, actor, NOTE, SHIP_BY)
        if "said" not in data or mark_of(data) != mark:
            raise DraftGone
        return self._typed(store, actor, edit_view(store, actor, data["order"]), data)

    def _typed(self, store: Store, actor: Actor, view: EditView, data: Mapping[str, Any]) -> Edited:
        field, said = data["field"], data["said"]
        value: Any = datetime.fromisoformat(said) if field == "ship_by" else said
        news = OrderNews(data["order"], **{field: value})
        if news.ship_by is not None:
            check_deadline(news.ship_by, store.now)
        return self.change_or_keep(store, actor, view, news, (_step(field), data))

    def change_or_keep(
        self, store: Store, actor: Actor, view: EditView, news: OrderNews, question: Question
    ) -> Edited:
        """Change the order as asked at the question's revision; what comes too late for it is kept.

        Then it is to be confirmed against the order as it stands now.
        """
        step, data = question
        done = self.change(store, actor, view, data["revision"], news)
        if done.kind != "moved":
            return done
        kept = {**data, "revision": view.order.revision}
        store.accounts.ask(actor.account_id, step, kept)
        diffs = expected(store, view, news)
        return Edited("moved", view, done.diffs, pending=Pending(diffs, mark_of(kept)))

    def change(
        self, store: Store, actor: Actor, view: EditView, revision: int, news: OrderNews
    ) -> Edited:
        """Change the order if it is still at `revision`; the question it answers is closed."""
        order_id = news.order_id
        if view.order.revision != revision:
            return Edited("moved", view, _since(store, view, revision))
        [done] = self._changing.change(store, actor, [replace(news, by_hand=True)])
        store.accounts.hush(actor.account_id)
        after = as_it_stands(store, order_id)
        if done.kind != "changed":
            return Edited("known", after)
        change_id = store.orders.changes_since(order_id, after.order.updated_at)[-1].id
        told = [
            one.factory_name
            for one in store.notices.of_order(order_id, NOTICES)
            if one.change_id == change_id
        ]
        return Edited("changed", after, done.diffs, tuple(dict.fromkeys(told)))


def expected(store: Store, view: EditView, news: OrderNews) -> list[dict[str, Any]]:
    """Return how the order would differ."""
    order_id = key(view.order)
    lines = store.orders.lines([order_id])[order_id]
    same_hash = store.orders.same_hashes([order_id]).get(order_id)
    return list(judge(store, Stored(view.order, lines, same_hash, view.notes), news).diffs)


def begun(view: EditView) -> dict[str, Any]:
    """Return what every question about an order keeps: whose, which, and how it stood."""
    order = view.order
    return {"shop": order.merchant_id, "order": key(order), "revision": order.revision}


def _step(field: str) -> str:
    return NOTE if field in NOTES else SHIP_BY


def _since(store: Store, view: EditView, revision: int) -> list[dict[str, Any]]:
    """Return how the order has changed since a revision of it."""
    changes = store.orders.changes_since(key(view.order), view.order.created_at)
    return [diff for one in changes if one.revision > revision for diff in one.diffs]
