"""E-waybills whose orders left or were taken back, from the audit rows of the visit that did it.

So whichever way a parcel leaves, its number counts as used; and whichever way an order ends, a
number nobody needs any more is owed back to the platform.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlmodel import Session, col

from core.columns import UtcDateTime
from core.entities import Assignment, AuditRow, Shipment, Ticket
from core.entities.assignment import OVER_STATUSES
from storage.rows import run, table_of

_NOW: Any = bindparam("now", type_=UtcDateTime())
_T = table_of(Ticket).c
_TOUCHED = _T.order_id.in_(
    select(col(AuditRow.order_id)).where(
        col(AuditRow.id) > bindparam("since"), col(AuditRow.order_id).is_not(None)
    )
)
_LEFT = exists().where(
    col(Shipment.assignment_id) == _T.assignment_id, col(Shipment.tracking_number) == _T.number
)
_OVER = exists().where(
    col(Assignment.id) == _T.assignment_id, col(Assignment.status).in_(sorted(OVER_STATUSES))
)
_USED = (
    update(table_of(Ticket))
    .where(_TOUCHED, _T.state.in_(["drawn", "cancelling"]), _LEFT)
    .values(state="used", due_at=None, ended_at=_NOW)
)
# A parcel's number was put right: the drawn one is free again.
_FREE = (
    update(table_of(Ticket))
    .where(_TOUCHED, _T.state == "used", ~_LEFT)
    .values(state="drawn", ended_at=None)
)
_FALLEN = (
    update(table_of(Ticket))
    .where(_TOUCHED, _T.state == "drawn", _OVER)
    .values(state="cancelling", due_at=_NOW, sent_at=None, tries=0)
)


def settle_tickets(session: Session, since: int, now: datetime) -> None:
    """Settle what the audit rows after `since` say of e-waybills."""
    values = {"since": since, "now": now}
    for statement in (_USED, _FREE, _FALLEN):
        run(session, statement, values)
