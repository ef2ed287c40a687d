"""What is due, by indexes that hold only what waits, and quiet hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from core.clock.quiet import quiet_until
from core.entities import Assignment, AuditRow, ChangeNotice, Order, QuietHours
from core.ports.clock import DueRow
from storage.listed import within
from storage.nouns.late import LateLists
from storage.nouns.waiting import WaitingOrders
from storage.owing import chats_of_shop, release
from storage.rows import chunks, run, table_of

_GIVEN, _NOTICE = table_of(Assignment), table_of(ChangeNotice)
_ROW: tuple[Any, ...] = (
    Assignment.id, Assignment.order_id, Assignment.merchant_id, Assignment.factory_id,
    Assignment.binding_id, Assignment.tag, Order.order_no, Assignment.status, Assignment.extra,
    Assignment.sort_at, Assignment.held_until, Assignment.remind_at, Assignment.silent_at,
    Assignment.looked_at, Assignment.ended_at, Assignment.changed_at, Order.after_sale,
    Order.closed_reason, Order.held_at, Order.let_go_at, Assignment.draft_id,
)  # fmt: skip
_ROWS = select(*_ROW).join(Order, col(Order.id) == col(Assignment.order_id))
_MOST: Any = bindparam("most")
_REMIND = (
    _ROWS.where(col(Assignment.remind_at) <= bindparam("now"))
    .order_by(col(Assignment.remind_at))
    .limit(_MOST)
)
_SILENT = (
    _ROWS.where(col(Assignment.silent_at) <= bindparam("now"))
    .order_by(col(Assignment.silent_at))
    .limit(_MOST)
)
_THESE = _ROWS.where(within(col(Assignment.id), "ids")).order_by(
    col(Assignment.sort_at), col(Assignment.id)
)
_NEAREST = (
    _ROWS.where(
        col(Assignment.factory_id) == bindparam("factory"),
        col(Assignment.tab) == "to_ship",
        col(Assignment.sort_at) <= bindparam("until"),
    )
    .order_by(col(Assignment.sort_at), col(Assignment.id))
    .limit(_MOST)
)
_UNTOUCHED = (
    _ROWS.where(
        col(Assignment.binding_id) == bindparam("binding"),
        col(Assignment.status) == "assigned",
        col(Assignment.looked_at).is_(None),
        col(Assignment.assigned_at) <= bindparam("before"),
    )
    .order_by(col(Assignment.id))
    .limit(_MOST)
)
_ASKED_BACK = (
    _ROWS.where(
        col(Assignment.binding_id) == bindparam("binding"),
        col(Assignment.status) == "recall_asked",
    )
    .order_by(col(Assignment.id))
    .limit(_MOST)
)
_UNSEEN_OF = select(col(ChangeNotice.assignment_id)).where(
    within(col(ChangeNotice.assignment_id), "ids"), col(ChangeNotice.seen_at).is_(None)
)
_SET_REMINDER = (
    update(_GIVEN).where(_GIVEN.c.id == bindparam("one")).values(remind_at=bindparam("at"))
)
_TOLD_LATE = select(func.max(col(AuditRow.at))).where(
    col(AuditRow.order_id) == bindparam("order"), col(AuditRow.act) == "late"
)
_END_SILENCE = update(_GIVEN).where(within(_GIVEN.c.id, "ids")).values(silent_at=bindparam("again"))
_REPEATED = (
    update(_NOTICE)
    .where(_NOTICE.c.id == bindparam("one"))
    .values(repeated_at=bindparam("now"), due_at=bindparam("at"))
)
_PUT_OFF = update(_NOTICE).where(_NOTICE.c.id == bindparam("one")).values(due_at=bindparam("at"))
_ESCALATED = (
    update(_NOTICE)
    .where(within(_NOTICE.c.id, "ids"))
    .values(escalated_at=bindparam("now"), due_at=None)
)


class ClockStore(LateLists, WaitingOrders):
    """`core.ports.clock.ClockPort`."""

    def reminders_due(self, until: datetime, limit: int) -> Sequence[DueRow]:
        """Return assignments whose reminder was due by then, the longest due first."""
        return self._found(_REMIND, now=until, most=limit)

    def set_reminders(self, moments: Sequence[tuple[int, datetime | None]]) -> None:
        """Set when each is next reminded of."""
        if moments:
            run(self.session, _SET_REMINDER, [{"one": one, "at": at} for one, at in moments])
            self.read_again(Assignment, [one for one, _ in moments])

    def told_late(self, order_id: int) -> datetime | None:
        """Return when both sides last heard that the order is late."""
        return self.session.scalar(_TOLD_LATE, {"order": order_id})

    def silent_due(self, limit: int) -> Sequence[DueRow]:
        """Return assignments left alone for too long, the longest first."""
        return self._found(_SILENT, now=self.now, most=limit)

    def end_silence(self, assignment_ids: Sequence[int], again: datetime | None) -> None:
        """Keep that their merchant has heard of it; told `again` when it goes on until then."""
        if assignment_ids:
            run(self.session, _END_SILENCE, {"ids": assignment_ids, "again": again})
            self.read_again(Assignment, assignment_ids)

    def repeated(self, notices: Sequence[tuple[int, datetime]]) -> None:
        """Keep that these were told to the factory again, and when the merchant is told."""
        if notices:
            every = [{"one": one, "at": at, "now": self.now} for one, at in notices]
            run(self.session, _REPEATED, every)
            self._forget_loaded(ChangeNotice)

    def put_off(self, notices: Sequence[tuple[int, datetime]]) -> None:
        """Look at these again only then."""
        if notices:
            run(self.session, _PUT_OFF, [{"one": one, "at": at} for one, at in notices])
            self._forget_loaded(ChangeNotice)

    def escalated(self, notice_ids: Sequence[int]) -> None:
        """Keep that the merchant was told of these."""
        if notice_ids:
            run(self.session, _ESCALATED, {"ids": notice_ids, "now": self.now})
            self._forget_loaded(ChangeNotice)

    def unseen_of(self, assignment_ids: Sequence[int]) -> set[int]:
        """Return those of the assignments of which a change waits to be seen."""
        return set(run(self.session, _UNSEEN_OF, {"ids": assignment_ids}).scalars())

    def rows(self, assignment_ids: Sequence[int]) -> Sequence[DueRow]:
        """Return these assignments, the nearest deadline first."""
        found: list[DueRow] = []
        for some in chunks(assignment_ids):
            found += self._found(_THESE, ids=some)
        return found

    def nearest(self, factory_id: int, until: datetime, limit: int) -> Sequence[DueRow]:
        """Return what a factory has to ship by then, the nearest deadline first."""
        return self._found(_NEAREST, factory=factory_id, until=until, most=limit)

    def untouched(self, binding_id: int, before: datetime, limit: int) -> Sequence[DueRow]:
        """Return what was assigned before then and is as it was assigned."""
        return self._found(_UNTOUCHED, binding=binding_id, before=before, most=limit)

    def asked_back(self, binding_id: int, limit: int) -> Sequence[DueRow]:
        """Return what a factory is asked for and has not answered, the first asked first."""
        return self._found(_ASKED_BACK, binding=binding_id, most=limit)

    def hears_from(self, shop_id: int) -> datetime | None:
        """Return when the first of the shop's chats hears again; None when one hears now."""
        spans = [one["quiet"] for one in chats_of_shop(self.session, shop_id)]
        ends = [quiet_until(self.now, *span) for span in spans if span[0] is not None]
        later = [one for one in ends if one is not None]
        return min(later) if later and len(later) == len(spans) else None

    def quiet_of(self, chat_id: int) -> QuietHours | None:
        """Return the chat's quiet hours."""
        return self.found(QuietHours, chat_id)

    def set_quiet(self, chat_id: int, span: tuple[int, int] | None) -> None:
        """Set the chat's quiet hours, or end them; what waits for their end follows."""
        kept = self.quiet_of(chat_id)
        if span is not None:
            self.session.merge(QuietHours(chat_id=chat_id, starts=span[0], ends=span[1]))
        elif kept is not None:
            self.session.delete(kept)
        release(self.session, self.now, chat_id, quiet_until(self.now, *span) if span else None)

    def _found(self, query: Any, **values: Any) -> Sequence[DueRow]:
        return [DueRow(*row) for row in run(self.session, query, values)]
