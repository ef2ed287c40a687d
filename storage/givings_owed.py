"""Assignments a platform is still to be told, written from the audit rows that made or ended them.

Only of orders that came in by a merchant's link, at a factory whose shop there is linked too, and
that is bound to the merchant's there; and only where the assignment has whole lines, for the
platform knows no parts of one. What was assigned before both were linked is not told afterwards.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    String,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.columns import UtcDateTime
from core.entities import (
    Assignment,
    AssignmentPiece,
    AuditRow,
    OrderLine,
    OutsideOrder,
    OutsidePartner,
    PlatformCall,
    PlatformLink,
)
from core.entities.assignment import OVER_STATUSES
from storage.nouns.platform_partners import may_act
from storage.rows import run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_C = table_of(PlatformCall).c
_TOLD: Any = aliased(PlatformCall)
_BACK: Any = aliased(PlatformCall)
_THEIRS: Any = aliased(PlatformLink)
_OVER = sorted(OVER_STATUSES)
_GIVEN = ("assigned", "split")
_TAKEN = ("recalled", "recall_agreed", "declined", "pieces_taken_back")
_COLUMNS = [
    "link_id", "order_id", "assignment_id", "factory_link_id", "kind", "state", "due_at", "tries",
    "handle", "owed_at", "why", "said",
]  # fmt: skip


def _acts(*acts: str) -> Any:
    return select(col(AuditRow.order_id)).where(
        col(AuditRow.id) > bindparam("since"), col(AuditRow.act).in_(acts)
    )


def _ended(*acts: str) -> Any:
    """Assignments of the orders these acts were about that are over."""
    return select(col(Assignment.id)).where(
        col(Assignment.order_id).in_(_acts(*acts)), col(Assignment.status).in_(_OVER)
    )


def _blank(kind: str, state: Any) -> list[Any]:
    return [
        literal(kind, String()), state, _NOW, literal(0), literal("", String()), _NOW,
        literal("", String()), literal("", String()),
    ]  # fmt: skip


# What never reached the platform need not be taken back there.
_UNTOLD = delete(table_of(PlatformCall)).where(
    _C.kind == "assign", _C.state.in_(["owed", "waits", "given_up", "dropped"]),
    _C.sent_at.is_(None), _C.handle == "",
    _C.assignment_id.in_(_ended(*_TAKEN, "changed")),
)  # fmt: skip
_TAKE_BACK_OF = and_(
    col(_TOLD.kind) == "assign",
    or_(col(_TOLD.sent_at).is_not(None), col(_TOLD.handle) != ""),
    col(Assignment.order_id).in_(_acts(*_TAKEN)),
    # Where the order itself was cancelled the platform takes it back of its own accord.
    col(Assignment.status) != "cancelled",
    col(Assignment.status) != "shipped",
    or_(
        col(Assignment.status).in_(_OVER),
        col(Assignment.order_id).in_(_acts("pieces_taken_back")),
    ),
)
_TAKE_BACK = insert(table_of(PlatformCall)).from_select(
    _COLUMNS,
    select(
        col(_TOLD.link_id), col(_TOLD.order_id), col(_TOLD.assignment_id),
        col(_TOLD.factory_link_id), *_blank("unassign", literal("owed", String())),
    )
    .join(Assignment, col(Assignment.id) == col(_TOLD.assignment_id))
    .join(
        PlatformLink,
        and_(col(PlatformLink.id) == col(_TOLD.link_id), col(PlatformLink.ended_at).is_(None)),
    )
    .where(
        _TAKE_BACK_OF,
        ~exists().where(
            col(_BACK.assignment_id) == col(_TOLD.assignment_id), col(_BACK.kind) == "unassign"
        ),
    )
    .order_by(col(_TOLD.id)),
)  # fmt: skip
_TAKE_BACK_AGAIN = (
    update(table_of(PlatformCall))
    .where(
        _C.kind == "unassign", _C.state == "done",
        _C.assignment_id.in_(
            select(col(_TOLD.assignment_id))
            .join(Assignment, col(Assignment.id) == col(_TOLD.assignment_id))
            .where(_TAKE_BACK_OF, col(_TOLD.handle) != "")
        ),
    )
    .values(state="owed", due_at=_NOW, tries=0, why="", said="", sent_at=None, done_at=None)
)  # fmt: skip
# What may have reached it is no longer told again: what takes it back finds out.
_UNSURE = (
    update(table_of(PlatformCall))
    .where(
        _C.kind == "assign", _C.state.in_(["owed", "waits", "given_up"]),
        _C.assignment_id.in_(_ended(*_TAKEN, "changed")),
    )
    .values(state="dropped", why="taken_back")
)  # fmt: skip
_WHOLE = ~exists().where(
    col(AssignmentPiece.assignment_id) == col(Assignment.id),
    col(OrderLine.id) == col(AssignmentPiece.line_id),
    or_(col(OrderLine.extra) != "", col(AssignmentPiece.quantity) != col(OrderLine.quantity)),
)
_STATE = case(
    (
        exists().where(
            col(_BACK.order_id) == col(Assignment.order_id),
            col(_BACK.kind).in_(["assign", "unassign"]), col(_BACK.state).in_(["owed", "waits"]),
        ),
        "waits",
    ),
    else_="owed",
)  # fmt: skip
_GIVE = insert(table_of(PlatformCall)).from_select(
    _COLUMNS,
    select(
        col(OutsideOrder.link_id), col(Assignment.order_id), col(Assignment.id),
        func.min(col(_THEIRS.id)), *_blank("assign", _STATE),
    )
    .join(OutsideOrder, col(OutsideOrder.order_id) == col(Assignment.order_id))
    .join(
        PlatformLink,
        and_(
            col(PlatformLink.id) == col(OutsideOrder.link_id),
            col(PlatformLink.ended_at).is_(None),
        ),
    )
    .join(OutsidePartner, col(OutsidePartner.link_id) == col(PlatformLink.id))
    .join(
        _THEIRS,
        and_(
            col(_THEIRS.shop_id) == col(Assignment.factory_id), col(_THEIRS.role) == "factory",
            col(_THEIRS.platform) == col(PlatformLink.platform),
            col(_THEIRS.outside_id) == col(OutsidePartner.outside_id), may_act(_THEIRS),
        ),
    )
    .where(
        col(Assignment.order_id).in_(_acts(*_GIVEN)), col(Assignment.assigned_at) == _NOW,
        col(Assignment.status).not_in(_OVER), col(Assignment.extra) == "", _WHOLE,
        ~exists().where(
            col(_BACK.assignment_id) == col(Assignment.id), col(_BACK.kind) == "assign"
        ),
    )
    .group_by(col(OutsideOrder.link_id), col(Assignment.order_id), col(Assignment.id))
    .order_by(col(Assignment.id)),
)  # fmt: skip


def owe_givings(session: Session, values: Mapping[str, Any]) -> None:
    """Owe what the audit rows after `since` ask for, what is taken back before what is given."""
    for statement in (_UNTOLD, _TAKE_BACK, _TAKE_BACK_AGAIN, _UNSURE, _GIVE):
        run(session, statement, values)
