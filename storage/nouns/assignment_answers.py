"""What a factory answers beside accepting and declining: asked back, held; who accepted before."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlmodel import col

from core.assignments.batch_views import HeldOrder
from core.columns import UtcDateTime
from core.entities import Account, AssignDraftItem, Assignment, AuditRow
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import rows_of, run, table_of

_TABLE = table_of(Assignment)
_BATCH = _TABLE.c.draft_id == bindparam("draft")
_BEGUN = or_(
    _TABLE.c.status == "accepted",
    and_(_TABLE.c.status == "assigned", _TABLE.c.looked_at.is_not(None)),
)
_ASKABLE = select(_TABLE.c.id).where(_BATCH, _BEGUN).order_by(_TABLE.c.id)
_ASKED = select(_TABLE.c.id).where(_BATCH, _TABLE.c.status == "recall_asked").order_by(_TABLE.c.id)
_ASK = (
    update(_TABLE)
    .where(within(_TABLE.c.id, "ids"), _BEGUN)
    .values(
        status="recall_asked",
        recall_asked_by=bindparam("by"),
        silent_at=bindparam("again"),
    )
)
_KEEP = (
    update(_TABLE)
    .where(within(_TABLE.c.id, "ids"), _TABLE.c.status == "recall_asked")
    .values(status="accepted", recall_asked_by=None, silent_at=None)
)
_HOLD = (
    update(_TABLE)
    .where(within(_TABLE.c.id, "ids"), _TABLE.c.status.in_(("assigned", "accepted", "held")))
    .values(
        status="held", held_until=bindparam("until"), held_reason=bindparam("reason"),
        hold_due_at=bindparam("due"), held_agreed_at=None, silent_at=None,
    )
)  # fmt: skip
_RESUME = (
    update(_TABLE)
    .where(within(_TABLE.c.id, "ids"), _TABLE.c.status == "held")
    .values(
        status="accepted", hold_due_at=None,
        accepted_at=func.coalesce(_TABLE.c.accepted_at, bindparam("at", type_=UtcDateTime())),
    )
)  # fmt: skip
_HELD_UNTIL = (
    select(_TABLE.c.id)
    .where(
        _TABLE.c.factory_id == bindparam("shop"),
        _TABLE.c.tab == "to_ship",
        _TABLE.c.status == "held",
        _TABLE.c.held_until == bindparam("until", type_=UtcDateTime()),
    )
    .order_by(_TABLE.c.id)
    .limit(bindparam("most"))
)
_DUE = (
    select(
        col(Assignment.id), col(Assignment.merchant_id), col(Assignment.factory_id),
        (col(Assignment.status) == "held").label("held"),
    )
    .where(col(Assignment.hold_due_at) <= bindparam("now"))
    .order_by(col(Assignment.hold_due_at), col(Assignment.id))
    .limit(bindparam("most"))
)  # fmt: skip
_TOLD = update(_TABLE).where(within(_TABLE.c.id, "ids")).values(hold_due_at=None)
_GAVE_BACK = (
    select(col(Assignment.factory_id))
    .join(AssignDraftItem, col(AssignDraftItem.order_id) == col(Assignment.order_id))
    .where(
        col(AssignDraftItem.draft_id) == bindparam("draft"),
        col(Assignment.extra) == "",
        or_(
            col(Assignment.status) == "declined",
            and_(
                col(Assignment.status) == "recalled",
                or_(
                    col(Assignment.held_until).is_not(None),
                    col(Assignment.recall_asked_by).is_not(None),
                ),
            ),
        ),
    )
    .distinct()
)
_COLLEAGUES = (
    select(col(Account.name), func.count())
    .select_from(Assignment)
    .join(
        AuditRow,
        and_(
            col(AuditRow.order_id) == col(Assignment.order_id),
            col(AuditRow.act) == "accepted",
            col(AuditRow.shop_id) == col(Assignment.factory_id),
            col(AuditRow.at) >= col(Assignment.assigned_at),
        ),
    )
    .join(Account, col(Account.id) == col(AuditRow.account_id))
    .where(
        within(col(Assignment.id), "ids"),
        col(Assignment.status).in_(("accepted", "held")),
        col(AuditRow.account_id) != bindparam("me"),
    )
    .group_by(col(Account.id), col(Account.name))
    .order_by(func.count().desc(), col(Account.id))
)


class AssignmentAnswers(Noun):
    """The part of `AssignmentStore` for what the two sides ask of each other."""

    def askable_of(self, draft_id: int) -> Sequence[int]:
        """Return what of a batch the factory has begun, nothing shipped and not asked for yet."""
        return run(self.session, _ASKABLE, {"draft": draft_id}).scalars().all()

    def asked_of(self, draft_id: int) -> Sequence[int]:
        """Return what of a batch is asked back and not answered."""
        return run(self.session, _ASKED, {"draft": draft_id}).scalars().all()

    def ask_back(
        self, assignment_ids: Sequence[int], account_id: int, silent_at: datetime | None
    ) -> None:
        """Put these into 申请撤回, as far as they are begun; where their orders stand stays.

        Their merchant is told at `silent_at` when the factory has not answered.
        """
        asked = {"ids": assignment_ids, "by": account_id, "again": silent_at}
        run(self.session, _ASK, asked)
        self.read_again(Assignment, assignment_ids)

    def keep_asked(self, assignment_ids: Sequence[int]) -> None:
        """The factory keeps these: accepted again."""
        run(self.session, _KEEP, {"ids": assignment_ids})
        self.read_again(Assignment, assignment_ids)

    def hold_many(
        self, assignment_ids: Sequence[int], until: datetime, due: datetime, reason: str
    ) -> None:
        """Let these wait for goods until then; where their orders stand stays."""
        how = {"until": until, "due": due, "reason": reason}
        run(self.session, _HOLD, {"ids": assignment_ids, **how})
        self.read_again(Assignment, assignment_ids)

    def resume_many(self, assignment_ids: Sequence[int]) -> None:
        """Accept those of these that wait for goods; where their orders stand stays."""
        run(self.session, _RESUME, {"ids": assignment_ids, "at": self.now})
        self.read_again(Assignment, assignment_ids)

    def held_until(self, factory_id: int, until: datetime, limit: int) -> Sequence[int]:
        """Return what of a factory waits for goods until just then."""
        asked = {"shop": factory_id, "until": until, "most": limit}
        return run(self.session, _HELD_UNTIL, asked).scalars().all()

    def holds_due(self, limit: int) -> Sequence[HeldOrder]:
        """Return what was held until a day that has come, also what is held no longer."""
        rows = rows_of(self.session, _DUE, {"now": self.now, "most": limit})
        return [HeldOrder(*row) for row in rows]

    def hold_told(self, assignment_ids: Sequence[int]) -> None:
        """The day of these needs no more reminding."""
        if assignment_ids:
            run(self.session, _TOLD, {"ids": assignment_ids})
            self.read_again(Assignment, assignment_ids)

    def gave_back(self, draft_id: int) -> set[int]:
        """Return the factories that gave back, or could not ship, orders of a selection."""
        return set(run(self.session, _GAVE_BACK, {"draft": draft_id}).scalars())

    def accepted_by_others(
        self, assignment_ids: Sequence[int], account_id: int
    ) -> Sequence[tuple[str, int]]:
        """Return which colleagues have accepted how many of these, the most first."""
        asked = {"ids": assignment_ids, "me": account_id}
        return [(name, n) for name, n in rows_of(self.session, _COLLEAGUES, asked)]
