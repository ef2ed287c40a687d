"""Answering and ending many assignments at once: accepted, declined, taken back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.entities import Assignment, AssignmentStatus, Order
from core.entities.assignment import UNSHIPPED_STATUSES
from core.orders.placing import place_order
from core.orders.standing import FACTORY_TAB
from core.orders.views import FoundOrder
from storage.listed import within
from storage.nouns.base import Noun
from storage.rows import chunks, run, table_of

_TABLE = table_of(Assignment)
_IDS: Any = bindparam("ids", expanding=True)
_ORDER_IDS: Any = bindparam("orders", expanding=True)
_ENDING = select(
    _TABLE.c.id, _TABLE.c.order_id, _TABLE.c.factory_id, _TABLE.c.binding_id, _TABLE.c.changed_at
).where(_TABLE.c.id.in_(_IDS), _TABLE.c.status.in_(sorted(UNSHIPPED_STATUSES)))
_END = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(_IDS))
    .values(
        status=bindparam("to"), tab=bindparam("place"), sort_at=bindparam("now"),
        ended_at=bindparam("now"), changed_at=None, decline_reason=bindparam("reason"),
        remind_at=None, silent_at=None,
    )
)  # fmt: skip
_ACCEPT = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(_IDS), _TABLE.c.status == "assigned")
    .values(status="accepted", accepted_at=bindparam("now"), silent_at=None)
)
_BATCH = _TABLE.c.draft_id == bindparam("draft")
_RECALLABLE = (
    select(_TABLE.c.id)
    .where(
        _BATCH,
        or_(
            and_(_TABLE.c.status == "assigned", _TABLE.c.looked_at.is_(None)),
            _TABLE.c.status == "held",
        ),
    )
    .order_by(_TABLE.c.id)
)
_STATES = (
    select(_TABLE.c.status, _TABLE.c.looked_at.is_not(None), func.count())
    .where(_BATCH)
    .group_by(_TABLE.c.status, _TABLE.c.looked_at.is_not(None))
)
_TAGS = (
    select(_TABLE.c.id, _TABLE.c.factory_id, _TABLE.c.binding_id, _TABLE.c.tag)
    .where(_TABLE.c.id.in_(_IDS))
    .order_by(_TABLE.c.id)
)
_SENT_OFF = (
    update(_TABLE).where(within(_TABLE.c.id, "ids")).values(status=bindparam("to"), silent_at=None)
)
_SENT_LAST = _SENT_OFF.values(
    tab=bindparam("place"), sort_at=bindparam("now"), ended_at=bindparam("now"), remind_at=None
)
_LIVE = aliased(Assignment)
# Nothing of it in a parcel, nothing stopping it, nobody else at work: it waits where it waited
# before it was assigned. `sort_at` of 待发货 and of 待分配 is the same, its deadline.
_PLAIN = (
    select(col(Order.id), col(Order.merchant_id))
    .where(
        col(Order.id).in_(_ORDER_IDS),
        col(Order.status) == "assigned",
        col(Order.tab) == "to_ship",
        ~exists().where(
            col(_LIVE.order_id) == col(Order.id),
            col(_LIVE.ended_at).is_(None),
            col(_LIVE.extra) == "",
        ),
    )
    .order_by(col(Order.id))
)  # fmt: skip
_GIVE_BACK = (
    update(table_of(Order))
    .where(table_of(Order).c.id.in_(_ORDER_IDS))
    .values(status="unassigned", tab="unassigned", factory_id=None)
)


class AssignmentEndings(Noun):
    """The part of `AssignmentStore` that answers and ends many."""

    def recallable_of(self, draft_id: int) -> Sequence[int]:
        """Return what of a batch the factory has not begun (`core.assignments.recalling`)."""
        return run(self.session, _RECALLABLE, {"draft": draft_id}).scalars().all()

    def states_of(self, draft_id: int) -> Sequence[tuple[AssignmentStatus, bool, int]]:
        """Return how many of a batch stand where: (status, recipient looked at, how many)."""
        rows = run(self.session, _STATES, {"draft": draft_id})
        return [(status, bool(looked), n) for status, looked, n in rows]

    def tags_of(self, assignment_ids: Sequence[int]) -> Sequence[tuple[int, int, int, str]]:
        """Return (assignment, factory, binding, tag) of each."""
        found: list[tuple[int, int, int, str]] = []
        for some in chunks(assignment_ids):
            rows = run(self.session, _TAGS, {"ids": some})
            found += [(one, factory, binding, tag) for one, factory, binding, tag in rows]
        return found

    def accept_many(self, assignment_ids: Sequence[int]) -> None:
        """Accept these as far as they are new; where their orders stand does not change."""
        for some in chunks(assignment_ids):
            run(self.session, _ACCEPT, {"ids": some, "now": self.now})
        self.read_again(Assignment, assignment_ids)

    def send_off(self, orders: Sequence[FoundOrder], status: AssignmentStatus) -> None:
        """Move these open assignments of one factory, which has shipped of them."""
        ids, tab = [one.assignment_id for one in orders], FACTORY_TAB[status]
        ended = tab != "to_ship"
        last = {"place": tab, "now": self.now} if ended else {}
        run(self.session, _SENT_LAST if ended else _SENT_OFF, {"ids": ids, "to": status, **last})
        self.read_again(Assignment, ids)
        if not ended:
            return
        self.counters.shift(orders[0].factory_id, {"to_ship": -len(orders), tab: len(orders)})
        bindings = Counter(one.binding_id for one in orders)
        self.counters.shift_open({binding_id: -n for binding_id, n in bindings.items()})

    def take_back(
        self, assignment_ids: Sequence[int], status: AssignmentStatus, reason: str = ""
    ) -> list[tuple[int, int]]:
        """End these open, unshipped assignments; their orders stand as their pieces then say.

        Returns (assignment, order) of each one ended.
        """
        ended: list[Any] = []
        for some in chunks(assignment_ids):
            ended += run(self.session, _ENDING, {"ids": some})
        how = {"to": status, "place": FACTORY_TAB[status], "now": self.now, "reason": reason}
        for some in chunks([one.id for one in ended]):
            run(self.session, _END, {"ids": some, **how})
        self._count_ended(ended)
        self.read_again(Assignment, assignment_ids)
        self._place([one.order_id for one in ended])
        return [(one.id, one.order_id) for one in ended]

    def _count_ended(self, ended: Sequence[Any]) -> None:
        waiting = Counter(one.factory_id for one in ended if one.changed_at is not None)
        for factory_id, n in Counter(one.factory_id for one in ended).items():
            moves = {"to_ship": -n, "ended": n, "changed": -waiting[factory_id]}
            self.counters.shift(factory_id, moves)
        self.counters.shift_open(
            {binding_id: -n for binding_id, n in Counter(one.binding_id for one in ended).items()}
        )

    def _place(self, order_ids: Sequence[int]) -> None:
        """Put the plain orders back in one go, each unusual one by what its pieces say."""
        back: dict[int, int] = {}
        for some in chunks(order_ids):
            plain = run(self.session, _PLAIN, {"orders": some})
            back |= {order_id: merchant_id for order_id, merchant_id in plain}
        for some in chunks(list(back)):
            run(self.session, _GIVE_BACK, {"orders": some})
        for merchant_id, n in Counter(back.values()).items():
            self.counters.shift(merchant_id, {"to_ship": -n, "unassigned": n})
        self.read_again(Order, back)
        for order_id in dict.fromkeys(order_ids):
            if order_id not in back:
                place_order(self.visit, self.visit.orders.of(order_id))
