"""Taking many new orders in at once: set-based, sealed row by row, one counter shift per tab."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.changes.order_news import GROUPS
from core.entities import Order, OrderLine, SealedRecipient
from core.entities.order import AfterSale, ClosedReason
from core.imports.incoming import IncomingLine, IncomingOrder
from core.orders.recipients import concealed_hash, masked_of, recipient_of
from core.orders.standing import Pieces, deadline, merchant_tab
from core.text.regions import short_province
from core.values import Concealed, MaskedRecipient, OrderNotes, Recipient
from storage.listed import within
from storage.nouns.order_notes import OrderNoting
from storage.rows import insert_rows

_NUMBERED = select(col(Order.platform), col(Order.order_no), col(Order.id)).where(
    col(Order.merchant_id) == bindparam("merchant"), within(col(Order.order_no), "numbers")
)


class _Fresh(NamedTuple):
    """Of an order that has just come in, what decides where it stands."""

    after_sale: AfterSale
    ship_by: datetime | None
    paid_at: datetime | None
    created_at: datetime
    closed_reason: ClosedReason | None = None
    held_at: datetime | None = None
    let_go_at: datetime | None = None


class OrderIntake(OrderNoting):
    """The bulk half of `OrderStore`."""

    def add_many(
        self, merchant_id: int, incoming: Sequence[IncomingOrder], import_id: int | None = None
    ) -> list[int]:
        """Keep new orders with lines and recipients; returns their ids in the given order.

        `import_id` is the file they came in, if any.
        """
        if not incoming:
            return []
        orders = [self.order_row(merchant_id, one, import_id) for one in incoming]
        insert_rows(self.session, Order, orders)
        ids = self._ids(merchant_id, incoming)
        lines = [
            line_row(merchant_id, ids[_no(one)], line) for one in incoming for line in one.lines
        ]
        insert_rows(self.session, OrderLine, lines)
        insert_rows(
            self.session, SealedRecipient,
            [{"order_id": ids[_no(one)], **self.recipient_row(merchant_id, one)}
             for one in incoming],
        )  # fmt: skip
        self.add_notes([(ids[_no(one)], self.incoming_notes(merchant_id, one)) for one in incoming])
        self.counters.shift(merchant_id, Counter(row["tab"] for row in orders))
        return [ids[_no(one)] for one in incoming]

    def same_hash(self, recipient: Recipient | Concealed) -> str:
        """Return the keyed hash that is equal for equal recipients.

        Ciphertexts of one recipient differ each time: the platform's own mark of it is hashed.
        """
        if isinstance(recipient, Concealed):
            exact = hashlib.sha256(recipient.same.encode()).hexdigest()
            return concealed_hash(self.sealer.keyed_hash("concealed", exact).hex())
        digest = self.sealer.keyed_hash(recipient.name, recipient.phone, recipient.address)
        return digest.hex()

    def sealed_row(
        self,
        merchant_id: int,
        platform: str,
        order_no: str,
        recipient: Recipient | Concealed,
        masked: MaskedRecipient,
    ) -> dict[str, Any]:
        """Return a recipient's columns, sealed for this merchant and order."""
        row_key = f"{platform}:{order_no}"
        sealed = {
            field: self.sealer.seal(
                getattr(recipient, field), tenant=merchant_id, row=row_key, field=field
            )
            for field in ("name", "phone", "address")
        }
        return {
            "merchant_id": merchant_id,
            "row_key": row_key,
            "key_id": self.sealer.current_key,
            "masked_name": masked.name,
            "masked_phone": masked.phone,
            "masked_address": masked.address,
            "same_hash": self.same_hash(recipient),
            **sealed,
        }

    def recipient_row(self, merchant_id: int, one: IncomingOrder) -> dict[str, Any]:
        """Return the columns of an incoming order's recipient."""
        return self.sealed_row(
            merchant_id, one.platform, one.order_no,
            recipient_of(one.recipient), masked_of(one.recipient),
        )  # fmt: skip

    def incoming_notes(self, merchant_id: int, one: IncomingOrder) -> dict[str, Any] | None:
        """Return the columns of an incoming order's notes, or None where it has none."""
        notes = OrderNotes(one.buyer_note, one.seller_note)
        return self.note_row(merchant_id, one.platform, one.order_no, notes)

    def order_row(
        self, merchant_id: int, one: IncomingOrder, import_id: int | None
    ) -> dict[str, Any]:
        """Return the columns of an order that has just come in and is nobody's yet."""
        fresh = _Fresh(one.after_sale, one.ship_by, one.paid_at, self.now)
        pieces = sum(line.quantity for line in one.lines)
        tab = merchant_tab(fresh, "unassigned", Pieces(pieces, 0, 0))
        return {
            "merchant_id": merchant_id, "platform": one.platform, "order_no": one.order_no,
            "reversed_no": one.order_no[::-1], "province": short_province(one.recipient.province),
            "import_id": import_id, "factory_id": None, "status": "unassigned",
            "after_sale": one.after_sale, "closed_reason": None, "tab": tab,
            "sort_at": deadline(fresh) if tab == "unassigned" else self.now, "revision": 1,
            "complete": one.recipient.complete, "pieces": pieces, "paid_at": one.paid_at,
            "ship_by": one.ship_by, "created_at": self.now, "updated_at": self.now,
            "erased_at": None,
            "as_of": dict.fromkeys(GROUPS, one.at.isoformat()) if one.at else None,
        }  # fmt: skip

    def _ids(self, merchant_id: int, incoming: Sequence[IncomingOrder]) -> dict[str, int]:
        asked = {"merchant": merchant_id, "numbers": [one.order_no for one in incoming]}
        rows = self.session.execute(_NUMBERED, asked)
        return {f"{platform}:{order_no}": order_id for platform, order_no, order_id in rows}


def _no(one: IncomingOrder) -> str:
    return f"{one.platform}:{one.order_no}"


def line_row(merchant_id: int, order_id: int, line: IncomingLine) -> dict[str, Any]:
    """Return the columns of a product line."""
    return {
        "merchant_id": merchant_id,
        "extra": "",
        "order_id": order_id,
        "sub_order_no": line.sub_order_no,
        "product_name": line.product_name,
        "sku_spec": line.sku_spec,
        "product_code": line.product_code,
        "quantity": line.quantity,
        "price_fen": line.price_fen,
    }
