"""Calls owed to platforms: claimed, settled, listed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import col

from core.columns import UtcDateTime
from core.entities import (
    Order,
    OrderLine,
    OutsideOrder,
    PlatformCall,
    PlatformLink,
    Shipment,
    ShipmentPiece,
)
from core.platforms.facts import Leg, Parcel
from storage.nouns.base import Noun
from storage.nouns.number_facts import drawn_for, reuses_of
from storage.nouns.shops import SUSPENDED
from storage.rows import rows_of, run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_DUE = (
    select(PlatformCall)
    .join(PlatformLink, col(PlatformLink.id) == col(PlatformCall.link_id))
    .where(
        col(PlatformCall.state) == "owed", col(PlatformCall.due_at) <= _NOW,
        col(PlatformLink.ended_at).is_(None), col(PlatformLink.paused_at).is_(None),
        col(PlatformLink.due_at).is_not(None), col(PlatformLink.shop_id).not_in(SUSPENDED),
        col(PlatformCall.link_id).not_in(bindparam("busy", expanding=True)),
    )
    .order_by(col(PlatformCall.due_at), col(PlatformCall.id))
    .limit(bindparam("limit"))
    .with_for_update(of=PlatformCall, skip_locked=True)
)  # fmt: skip
_NEXT = (
    select(func.min(col(PlatformCall.due_at)))
    .join(PlatformLink, col(PlatformLink.id) == col(PlatformCall.link_id))
    .where(
        col(PlatformCall.state) == "owed", col(PlatformLink.ended_at).is_(None),
        col(PlatformLink.paused_at).is_(None), col(PlatformLink.due_at).is_not(None),
        col(PlatformLink.shop_id).not_in(SUSPENDED),
    )
)  # fmt: skip
_OWED = select(func.count()).where(
    col(PlatformCall.link_id) == bindparam("link"), col(PlatformCall.state).in_(["owed", "waits"])
)
_GIVEN_UP = (
    select(PlatformCall, col(Order.order_no))
    .join(Order, col(Order.id) == col(PlatformCall.order_id))
    .where(col(PlatformCall.link_id) == bindparam("link"), col(PlatformCall.state) == "given_up")
    .order_by(col(PlatformCall.id))
    .limit(bindparam("limit"))
)
_OF_ORDER = (
    select(PlatformCall)
    .where(col(PlatformCall.order_id) == bindparam("order"))
    .order_by(col(PlatformCall.id))
)
_PACKED = (
    select(col(OrderLine.sub_order_no), col(ShipmentPiece.quantity))
    .join(OrderLine, col(OrderLine.id) == col(ShipmentPiece.line_id))
    .where(col(ShipmentPiece.shipment_id) == bindparam("shipment"), col(OrderLine.extra) == "")
    .order_by(col(OrderLine.id))
)
_TOLD = select(col(PlatformCall.handle)).where(
    col(PlatformCall.shipment_id) == bindparam("shipment"), col(PlatformCall.kind) == "ship"
)
_DROP = delete(table_of(PlatformCall)).where(
    table_of(PlatformCall).c.link_id == bindparam("link"),
    table_of(PlatformCall).c.state != "done",
)


class PlatformCalls(Noun):
    """The half of `PlatformStore` that is about what platforms are to be told."""

    def owed(self, link_id: int) -> int:
        """Return how many calls are owed."""
        return self.session.scalar(_OWED, {"link": link_id}) or 0

    def given_up(self, link_id: int, limit: int) -> Sequence[tuple[PlatformCall, str]]:
        """Return calls that were given up, with their order's number, the oldest first."""
        rows = self.session.execute(_GIVEN_UP, {"link": link_id, "limit": limit})
        return [(call, order_no) for call, order_no in rows]

    def call(self, call_id: int) -> PlatformCall | None:
        """Return a call."""
        return self.found(PlatformCall, call_id)

    def calls_of(self, order_id: int) -> Sequence[PlatformCall]:
        """Return an order's calls, the oldest first."""
        return self.session.scalars(_OF_ORDER, {"order": order_id}).all()

    def due_calls(self, limit: int, busy: Sequence[int]) -> Sequence[PlatformCall]:
        """Return calls that are due, of links not `busy`, the longest due first."""
        values = {"now": self.now, "limit": limit, "busy": list(busy)}
        return self.session.scalars(_DUE, values).all()

    def next_call(self) -> datetime | None:
        """Return when the next call is due."""
        return self.session.scalar(_NEXT)

    def parcel(self, call: PlatformCall) -> Parcel:
        """Return what the platform is to be told, as it stands now."""
        shipment = self.session.get_one(Shipment, call.shipment_id)
        order = self.visit.orders.of(call.order_id)
        outside = self.session.get(OutsideOrder, call.order_id)
        packed = rows_of(self.session, _PACKED, {"shipment": call.shipment_id})
        return Parcel(
            order.order_no, shipment.carrier, shipment.tracking_number,
            {sub: pieces for sub, pieces in packed if pieces},
            refusing_refund=order.let_go_at is not None or shipment.verdict == "let_go",
            handles=(outside.handles or {}) if outside is not None else {},
            siblings=[
                one.tracking_number for one in self.visit.shipments.of_order(call.order_id)
                if one.id != call.shipment_id
            ],
            paid_at=order.paid_at, reuses=reuses_of(self.session, order, shipment),
            drawn=drawn_for(self.session, call.order_id),
            earlier=[
                one.number for one in self.visit.shipments.old_numbers(call.order_id)
                if one.shipment_id == call.shipment_id
            ],
        )  # fmt: skip

    def told_as(self, call: PlatformCall) -> Leg | None:
        """Return the parcel as the platform was told it before; None where it was not."""
        handle = self.session.scalar(_TOLD, {"shipment": call.shipment_id})
        return None if handle is None else Leg("", "", {}, handle)

    def owe_correction(self, call: PlatformCall) -> None:
        """Owe the correction of a parcel whose number changed while it was being told."""
        self.session.add(
            PlatformCall(
                link_id=call.link_id, order_id=call.order_id, shipment_id=call.shipment_id,
                kind="correct", due_at=self.now, owed_at=self.now,
            )
        )  # fmt: skip

    def drop_calls(self, link_id: int) -> None:
        """Owe a link nothing any more."""
        run(self.session, _DROP, {"link": link_id})
