"""Parcels a platform is still to be told, written from the audit rows of the visit that made them.

So whatever ships (a reply, a paste, a photo, a file, a program) owes the call in its own
transaction, and a parcel the merchant is still asked about is owed once it may go. Assignments to a
factory that is on the platform too: `storage.givings_owed`, first, for parcels wait for them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, case, exists, insert, literal, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.columns import UtcDateTime
from core.entities import (
    AuditRow,
    OrderLine,
    OutsideOrder,
    PlatformCall,
    PlatformLink,
    Shipment,
    ShipmentPiece,
)
from storage.givings_owed import owe_givings
from storage.listed import within
from storage.rows import run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_C = table_of(PlatformCall).c
_GIVING: Any = aliased(PlatformCall)
ANY_LINK = (
    select(literal(1))
    .where(col(PlatformLink.ended_at).is_(None), col(PlatformLink.connected_at).is_not(None))
    .limit(1)
)


# What the buyer did not order, and what stands beside the order's own pieces, the platform does
# not count.
_OF_THE_ORDER = exists().where(
    col(ShipmentPiece.shipment_id) == col(Shipment.id),
    col(OrderLine.id) == col(ShipmentPiece.line_id),
    col(OrderLine.extra) == "",
)


def _acts(*acts: str) -> Any:
    return select(col(AuditRow.order_id)).where(
        col(AuditRow.id) > bindparam("since"), col(AuditRow.act).in_(acts)
    )


# A parcel of an assignment that the platform is still to be told waits for that.
_STATE = case(
    (
        exists().where(
            col(_GIVING.assignment_id) == col(Shipment.assignment_id),
            col(_GIVING.kind) == "assign", col(_GIVING.state).in_(["owed", "waits"]),
        ),
        "waits",
    ),
    else_="owed",
)  # fmt: skip


def _already(kind: str) -> Any:
    return exists().where(_C.shipment_id == col(Shipment.id), _C.kind == kind)


def _owing(kind: str) -> Any:
    """Select calls of this kind for shipments of orders that came in by a link."""
    return (
        select(
            col(OutsideOrder.link_id), col(Shipment.order_id), col(Shipment.id),
            literal(kind, String()), _STATE, _NOW, literal(0),
            literal("", String()), _NOW, literal("", String()), literal("", String()),
        )
        .join(OutsideOrder, col(OutsideOrder.order_id) == col(Shipment.order_id))
        .join(
            PlatformLink,
            and_(
                col(PlatformLink.id) == col(OutsideOrder.link_id),
                col(PlatformLink.ended_at).is_(None),
            ),
        )
    )  # fmt: skip


_COLUMNS = [
    "link_id", "order_id", "shipment_id", "kind", "state", "due_at", "tries", "handle", "owed_at",
    "why", "said",
]  # fmt: skip
_SHIP = insert(table_of(PlatformCall)).from_select(
    _COLUMNS,
    _owing("ship").where(
        col(Shipment.order_id).in_(_acts("shipped", "judged", "let_go")),
        col(Shipment.verdict).in_(["", "let_go"]),
        _OF_THE_ORDER,
        ~_already("ship"),
    ),
)
_CORRECTED = (
    select(col(Shipment.id))
    .where(col(Shipment.order_id).in_(_acts("corrected")), col(Shipment.corrected_at) == _NOW)
    .where(
        exists().where(_C.shipment_id == col(Shipment.id), _C.kind == "ship", _C.state == "done")
    )
)
_AGAIN = (
    update(table_of(PlatformCall))
    .where(_C.kind == "correct", _C.shipment_id.in_(_CORRECTED))
    .values(state="owed", due_at=_NOW, tries=0, why="", said="", sent_at=None, done_at=None)
)
# What was refused is told again with the number that was put right: nobody need press for it.
_MENDED = (
    update(table_of(PlatformCall))
    .where(
        _C.kind == "ship", _C.state == "given_up",
        _C.shipment_id.in_(
            select(col(Shipment.id)).where(
                col(Shipment.order_id).in_(_acts("corrected")), col(Shipment.corrected_at) == _NOW
            )
        ),
    )
    .values(state="owed", due_at=_NOW, tries=0)
)  # fmt: skip
_CORRECT = insert(table_of(PlatformCall)).from_select(
    _COLUMNS,
    _owing("correct").where(col(Shipment.id).in_(_CORRECTED), ~_already("correct")),
)


_UNTOLD = _owing("ship").where(
    col(OutsideOrder.link_id) == bindparam("link"),
    col(Shipment.verdict).in_(["", "let_go"]),
    _OF_THE_ORDER,
    ~_already("ship"),
)
_CORRECTED_AWAY = select(col(Shipment.id)).where(
    exists().where(
        _C.shipment_id == col(Shipment.id), _C.link_id == bindparam("link"), _C.kind == "ship",
        _C.state == "done", _C.done_at < col(Shipment.corrected_at),
    )
)  # fmt: skip
_AGAIN_AWAY = (
    update(table_of(PlatformCall))
    .where(
        _C.kind == "correct", _C.shipment_id.in_(_CORRECTED_AWAY),
        _C.done_at < select(col(Shipment.corrected_at))
        .where(col(Shipment.id) == _C.shipment_id)
        .scalar_subquery(),
    )
    .values(state="owed", due_at=_NOW, tries=0, why="", said="", sent_at=None, done_at=None)
)  # fmt: skip
_CORRECT_AWAY = insert(table_of(PlatformCall)).from_select(
    _COLUMNS,
    _owing("correct").where(col(Shipment.id).in_(_CORRECTED_AWAY), ~_already("correct")),
)
_REFUSED_FOR_REFUND = (
    update(table_of(PlatformCall))
    .where(_C.kind == "ship", _C.state == "given_up", _C.why == "refund_open")
    .values(state="owed", due_at=_NOW, tries=0)
)
_REFUND_OVER = _REFUSED_FOR_REFUND.where(
    _C.link_id == bindparam("link"), within(_C.order_id, "orders"),
    _C.shipment_id.in_(
        select(col(Shipment.id)).where(
            within(col(Shipment.order_id), "orders"), col(Shipment.verdict).in_(["", "let_go"])
        )
    ),
)  # fmt: skip
_LET_GO = _REFUSED_FOR_REFUND.where(
    _C.shipment_id.in_(
        select(col(Shipment.id)).where(
            col(Shipment.order_id).in_(_acts("judged", "let_go")),
            col(Shipment.verdict) == "let_go",
        )
    )
)
_OWE_UNTOLD, _OWE_ALL_UNTOLD = (
    # As if it had been sent: somebody may have entered it there, so it is read back first.
    insert(table_of(PlatformCall)).from_select([*_COLUMNS, "sent_at"], some.add_columns(_NOW))
    for some in (_UNTOLD.where(within(col(Shipment.order_id), "orders")), _UNTOLD)
)


def owe_untold(
    session: Session, link_id: int, now: datetime, orders: Sequence[int] | None = None
) -> None:
    """Owe the parcels of a link's orders that shipped while nobody could tell them; None: of all.

    They left before the shop was linked, or while it was disconnected. Of all, what was corrected
    meanwhile is owed, too.
    """
    values: dict[str, Any] = {"link": link_id, "now": now}
    if orders is None:
        for statement in (_OWE_ALL_UNTOLD, _AGAIN_AWAY, _CORRECT_AWAY):
            run(session, statement, values)
    elif orders:
        run(session, _OWE_UNTOLD, {**values, "orders": list(orders)})


def owe_after_refund(session: Session, link_id: int, now: datetime, orders: Sequence[int]) -> None:
    """Owe parcels again that were refused for a refund, of orders that are in none any more."""
    if orders:
        run(session, _REFUND_OVER, {"link": link_id, "now": now, "orders": list(orders)})


def owe_calls(session: Session, since: int, now: datetime) -> None:
    """Owe what the audit rows after `since` ask for."""
    values = {"since": since, "now": now}
    owe_givings(session, values)
    for statement in (_SHIP, _MENDED, _LET_GO, _AGAIN, _CORRECT):
        run(session, statement, values)
