"""What buyer and merchant wrote of orders, sealed as recipients are: people write phones there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from core.entities import Order, SealedNotes
from core.ids import key
from core.values import OrderNotes
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import insert_rows, rows_of, run, table_of

_SEALED = select(
    col(SealedNotes.order_id), col(SealedNotes.merchant_id), col(SealedNotes.row_key),
    col(SealedNotes.buyer_note), col(SealedNotes.seller_note),
).where(within(col(SealedNotes.order_id), "orders"))  # fmt: skip
_ERASE = delete(table_of(SealedNotes)).where(within(table_of(SealedNotes).c.order_id, "orders"))


class OrderNoting(Noun):
    """The part of `OrderStore` that keeps notes."""

    def notes(self, order_ids: Sequence[int]) -> dict[int, OrderNotes]:
        """Open the notes of these orders, of those that have any."""
        if not order_ids:
            return {}
        rows = rows_of(self.session, _SEALED, {"orders": list(order_ids)})
        return {row.order_id: self._read(row) for row in rows}

    def note_mark(self, text: str) -> str:
        """Return a fingerprint of a note that nobody without the keys can make or test."""
        return self.sealer.keyed_hash("note", text).hex()[:16]

    def put_notes(self, given: Sequence[tuple[Order, OrderNotes]]) -> None:
        """Keep notes, sealed, in place of what stood there."""
        if not given:
            return
        run(self.session, _ERASE, {"orders": [key(order) for order, _ in given]})
        self.add_notes(
            [(key(order), self.note_row(order.merchant_id, order.platform, order.order_no, notes))
             for order, notes in given]
        )  # fmt: skip

    def add_notes(self, rows: Sequence[tuple[int, dict[str, Any] | None]]) -> None:
        """Keep sealed notes of orders that have none yet; None is an order without."""
        sealed = [{"order_id": order_id, **row} for order_id, row in rows if row is not None]
        if sealed:
            insert_rows(self.session, SealedNotes, sealed)

    def note_row(
        self, merchant_id: int, platform: str, order_no: str, notes: OrderNotes
    ) -> dict[str, Any] | None:
        """Return the columns of an order's notes, sealed for this merchant and order."""
        if not any(notes):
            return None
        row_key = f"{platform}:{order_no}"
        sealed = {
            field: self.sealer.seal(text, tenant=merchant_id, row=row_key, field=field)
            if text
            else b""
            for field, text in notes._asdict().items()
        }
        current = self.sealer.current_key
        return {"merchant_id": merchant_id, "row_key": row_key, "key_id": current, **sealed}

    def _read(self, row: Any) -> OrderNotes:
        buyer, seller = (
            self.sealer.open(sealed, tenant=row.merchant_id, row=row.row_key, field=field)
            if (sealed := getattr(row, field))
            else ""
            for field in OrderNotes._fields
        )
        return OrderNotes(buyer, seller)
