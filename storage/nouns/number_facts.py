"""What a platform may refuse a parcel's number for: other orders under it, e-waybills drawn."""

from typing import Any, Final

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.entities import Order, PlatformCall, SealedRecipient, Shipment, Ticket
from core.orders.recipients import Known, same_recipient
from core.platforms.facts import Reuse
from core.values import MaskedRecipient
from storage.rows import rows_of

MOST: Final = 50  # orders under one number that are looked at
_THEIRS = (
    col(SealedRecipient.same_hash), col(SealedRecipient.masked_name),
    col(SealedRecipient.masked_phone), col(SealedRecipient.masked_address),
)  # fmt: skip
_MINE = select(*_THEIRS).where(col(SealedRecipient.order_id) == bindparam("order"))
_told = aliased(PlatformCall)
# Those that were shipped before it, or told before it was.
_REUSES = (
    select(col(Shipment.shipped_at), col(Shipment.merchant_id), *_THEIRS)
    .join(Order, col(Order.id) == col(Shipment.order_id))
    .outerjoin(SealedRecipient, col(SealedRecipient.order_id) == col(Shipment.order_id))
    .where(
        col(Shipment.tracking_number) == bindparam("number"),
        col(Shipment.order_id) != bindparam("order"),
        col(Shipment.verdict).in_(["", "let_go"]),
        col(Order.platform) == bindparam("platform"),
        col(Order.tab) != "undone",
        or_(
            col(Shipment.id) < bindparam("shipment"),
            exists().where(
                col(_told.shipment_id) == col(Shipment.id), col(_told.state) == "done"
            ),
        ),
    )
    .order_by(col(Shipment.id))
    .limit(MOST)
)  # fmt: skip

_DRAWN = (
    select(col(Ticket.number))
    .where(
        col(Ticket.order_id) == bindparam("order"),
        col(Ticket.state).in_(["drawn", "cancelling", "kept", "used"]),
    )
    .order_by(col(Ticket.id))
)


def drawn_for(session: Session, order_id: int) -> list[str]:
    """Return the numbers its platform has drawn for an order and has not taken back."""
    return [number for (number,) in rows_of(session, _DRAWN, {"order": order_id})]


def reuses_of(session: Session, order: Order, shipment: Shipment) -> list[Reuse]:
    """Return the other orders of its platform under a parcel's number, first sent first."""
    asked = {"number": shipment.tracking_number, "order": order.id, "shipment": shipment.id,
             "platform": order.platform}  # fmt: skip
    rows = rows_of(session, _REUSES, asked)
    if not rows:
        return []
    mine = next(iter(rows_of(session, _MINE, {"order": order.id})), None)
    return [
        Reuse(at, merchant == order.merchant_id, _same(mine, theirs))
        for at, merchant, *theirs in rows
    ]


def _same(mine: Any, theirs: Any) -> bool | None:
    """Nobody can say of a recipient that was erased meanwhile."""
    if mine is None or theirs[0] is None:
        return None
    return same_recipient(
        *(Known(mark, MaskedRecipient(*masks)) for mark, *masks in (mine, theirs))
    )
