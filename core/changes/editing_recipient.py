"""收件信息 changed by hand: what was pasted is read, kept sealed, shown masked, then confirmed."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from core.changes.edit_errors import RecipientUnclear, RecipientUnready
from core.changes.edit_views import Edited, EditView, RecipientPlan
from core.changes.editing import Editing, asked, begun, edit_view
from core.changes.order_news import OrderNews
from core.errors import DraftGone
from core.ids import key
from core.marks import mark_of
from core.orders.notes import readdressing
from core.orders.recipients import masked_of, recipient_of
from core.ports import Store
from core.text.contact import LONGEST
from core.text.recipient_text import NOTHING, Reading, RecipientParts, read_recipient
from core.values import Actor, Recipient

RECIPIENT = "edit_recipient"


class RecipientEditing:
    """Use cases of changing an order's recipient."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing

    def begin(self, store: Store, actor: Actor, order_id: int) -> EditView:
        """Ask for the new recipient. Raises `OrderNotFound`, `OrderOver`."""
        view = edit_view(store, actor, order_id)
        store.accounts.ask(actor.account_id, RECIPIENT, {**begun(view), "parts": {}})
        return view

    def from_note(self, store: Store, actor: Actor, order_id: int) -> RecipientPlan | EditView:
        """Begin with what a note names (`core.orders.notes.readdressing`).

        Where nothing of it can be taken, the new recipient is asked for. Raises as `begin`.
        """
        view = self.begin(store, actor, order_id)
        note = readdressing(view.order, view.notes)[:LONGEST]
        return self.take(store, actor, note) if not read_recipient(note).nothing else view

    def take(self, store: Store, actor: Actor, text: str) -> RecipientPlan:
        """Take what was sent, over what was understood before; nothing is changed yet.

        Raises `RecipientUnclear` when nothing in it is a part of a recipient, `DraftGone`,
        `OrderOver`, `core.text.contact.ContactTooLong`.
        """
        data = asked(store, actor, RECIPIENT)
        view = edit_view(store, actor, data["order"])
        known = RecipientParts(**data["parts"])
        reading = read_recipient(text, known)
        if reading.nothing:
            raise RecipientUnclear
        parts = known if reading.masked else reading.parts.over(known)
        return self._keep(store, actor, view, {**data, "parts": asdict(parts)}, reading)

    def adopt(self, store: Store, actor: Actor, order_id: int) -> RecipientPlan:
        """Take what is missing from the recipient the order has. Raises `DraftGone`."""
        data = asked(store, actor, RECIPIENT)
        old = store.orders.recipient(order_id)
        if data["order"] != order_id or not isinstance(old, Recipient):
            raise DraftGone
        view = edit_view(store, actor, order_id)
        parts = RecipientParts(**data["parts"]).with_old(old)
        return self._keep(store, actor, view, {**data, "parts": asdict(parts)}, Reading(parts))

    def confirm(self, store: Store, actor: Actor, mark: int) -> Edited:
        """Change the recipient to what was shown. Raises `DraftGone`, `RecipientUnready`."""
        data = asked(store, actor, RECIPIENT)
        if mark_of(data) != mark:
            raise DraftGone
        view = edit_view(store, actor, data["order"])
        parts = RecipientParts(**data["parts"])
        if parts.missing:
            raise RecipientUnready(parts.missing)
        news = OrderNews(data["order"], recipient=parts.incoming())
        return self._editing.change_or_keep(store, actor, view, news, (RECIPIENT, data))

    def plan(self, store: Store, actor: Actor, view: EditView) -> RecipientPlan | None:
        """Return the plan that is open for this order, or None when none is."""
        try:
            data = asked(store, actor, RECIPIENT)
        except DraftGone:
            return None
        return _planned(store, view, data) if data["order"] == view.order.id else None

    def _keep(
        self, store: Store, actor: Actor, view: EditView, data: Mapping[str, Any], read: Reading
    ) -> RecipientPlan:
        """Keep what is understood so far, as of the order that is shown with it."""
        kept = {**data, "revision": view.order.revision}
        store.accounts.ask(actor.account_id, RECIPIENT, kept)
        wrong = sum(map(str.isdigit, read.wrong))
        return replace(_planned(store, view, kept), masked=read.masked, wrong=wrong)


def _planned(store: Store, view: EditView, data: Mapping[str, Any]) -> RecipientPlan:
    parts, order_id = RecipientParts(**data["parts"]), key(view.order)
    return RecipientPlan(
        view, masked_of(parts.incoming()), parts.missing, mark_of(data),
        letters=len(parts.detail), adoptable=_fills(store, order_id, parts),
        same=not parts.missing and _same(store, order_id, parts),
    )  # fmt: skip


def _fills(store: Store, order_id: int, parts: RecipientParts) -> bool:
    """Return whether the order's own recipient has all that is missing."""
    if parts == NOTHING or not parts.missing or not store.orders.of(order_id).complete:
        return False
    old = store.orders.recipient(order_id)
    return isinstance(old, Recipient) and not parts.with_old(old).missing


def _same(store: Store, order_id: int, parts: RecipientParts) -> bool:
    new = store.orders.same_hash(recipient_of(parts.incoming()))
    return new == store.orders.same_hashes([order_id]).get(order_id)
