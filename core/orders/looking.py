"""Looking at a recipient (查看收件信息): who must ship may look, counted and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.acting import acting
from core.answers.fulfilling import live_assignment, refuse_stopped
from core.entities import Assignment, Look, Vanishing
from core.errors import QuotaSpent, RecipientGone
from core.orders.notes import Whole, whole_texts
from core.orders.standing import stop_reason
from core.orders.views import PackRow
from core.people.suspending import refuse_waiting
from core.ports import Store
from core.values import Actor, Concealed, Recipient, Rules

INCOMPLETE, QUOTA, CONCEALED = "recipient_incomplete", "quota", "concealed"


@dataclass(frozen=True, slots=True)
class Peek:
    """A recipient in plain words, and when the message showing it must be gone.

    One that is `Concealed` is still to be opened by the platform, for this one look.
    """

    assignment: Assignment
    recipient: Recipient | Concealed
    due_at: datetime
    left_today: int
    whole: Sequence[Whole] = ()  # what was written and is shown only in part elsewhere


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An assignment that is not given out, and why.

    `reason`: `shipped`, `ended`, `recipient_incomplete`, `quota`, `concealed` (the platform
    encrypted the recipient and opens one at a time), `no_ticket` (it did, and an e-waybill can be
    drawn), `suspended` (the merchant is), or as `OrderStopped.reason`.
    """

    tag: str
    reason: str


@dataclass(frozen=True, slots=True)
class LookedMany:
    """Assignments with their recipients in plain words, and those left out."""

    seen: Sequence[tuple[PackRow, Recipient]]
    left_out: Sequence[LeftOut]
    left_today: int


class Looking:
    """The one way to a recipient's plain data."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def may_look(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Return the assignment when looking is allowed now, without looking.

        Raises `AssignmentNotFound`, `AlreadyShipped`, `AssignmentEnded`, `OrderStopped`,
        `PartnerSuspended`, `QuotaSpent`.
        """
        assignment = live_assignment(store, actor, assignment_id)
        refuse_stopped(store, assignment)
        refuse_waiting(store, assignment.merchant_id)
        if not store.looks.seen_before(actor.shop_id, assignment_id):
            quota = self._quota(store, actor)
            if store.looks.seen_today(actor.shop_id, self._today(store)) >= quota:
                raise QuotaSpent(quota)
        return assignment

    def look(
        self, store: Store, actor: Actor, assignment_id: int, where: tuple[int, int, int]
    ) -> Peek:
        """Record the look, owe the vanishing of message `where` (bot, chat, message), and give.

        The quota counts assignments, `max(floor, 2 × open assignments)` a day per shop; a second
        look at the same one is free. Raises as `may_look`, and `RecipientGone`.
        """
        assignment = self.may_look(store, actor, assignment_id)
        recipient = store.orders.recipient(assignment.order_id)
        if recipient is None:
            raise RecipientGone
        today = self._today(store)
        store.looks.add(
            Look(
                shop_id=actor.shop_id, account_id=actor.account_id, assignment_id=assignment_id,
                order_id=assignment.order_id, day=today, at=store.now,
            )
        )  # fmt: skip
        assignment.looked_at = assignment.looked_at or store.now
        if assignment.status == "assigned":
            assignment.silent_at = None
        store.record(actor, "looked", order_id=assignment.order_id, assignment=assignment_id)
        due_at = store.now + self._rules.vanish_after
        bot_id, chat_id, message_id = where
        store.chats.vanish(
            Vanishing(bot_id=bot_id, chat_id=chat_id, message_id=message_id, due_at=due_at),
            [assignment.order_id],
        )
        store.flush()
        left = self._quota(store, actor) - store.looks.seen_today(actor.shop_id, today)
        return Peek(assignment, recipient, due_at, left, whole_texts(store, assignment))

    def look_many(
        self, store: Store, actor: Actor, assignment_ids: Sequence[int], *, act: str = "printed"
    ) -> LookedMany:
        """Record a look at each of these and give them, what may not be looked at left out.

        Counted and recorded as `look` does, one by one; what exceeds today's quota is left out. The
        vanishing of the message is the caller's to owe in the same transaction, with its orders.
        One that is not this factory's does not exist.
        """
        acting(store, actor, "factory")
        rows = store.assignments.to_pack(actor.shop_id, assignment_ids)
        waiting = store.shops.suspended({row.merchant_id for row in rows})
        refused = [
            (row, _refusal(row) or ("suspended" if row.merchant_id in waiting else ""))
            for row in rows
        ]
        left_out = [LeftOut(row.tag, why) for row, why in refused if why]
        kept = store.orders.recipients([row.order_id for row, why in refused if not why])
        recipients = {one: who for one, who in kept.items() if isinstance(who, Recipient)}
        gone = [row for row, why in refused if not why and row.order_id not in recipients]
        left_out += [
            LeftOut(row.tag, CONCEALED if row.order_id in kept else INCOMPLETE) for row in gone
        ]
        open_rows = [row for row, why in refused if not why and row.order_id in recipients]
        seen = store.looks.seen_of(actor.shop_id, [row.id for row in open_rows])
        spent = store.looks.seen_today(actor.shop_id, self._today(store))
        room = max(0, self._quota(store, actor) - spent)
        fresh = [row.id for row in open_rows if row.id not in seen]
        beyond = set(fresh[room:])
        left_out += [LeftOut(row.tag, QUOTA) for row in open_rows if row.id in beyond]
        given = [row for row in open_rows if row.id not in beyond]
        self._record(store, actor, given, act)
        return LookedMany(
            [(row, recipients[row.order_id]) for row in given], left_out, room - len(fresh[:room])
        )

    def _record(self, store: Store, actor: Actor, rows: Sequence[PackRow], act: str) -> None:
        today = self._today(store)
        store.looks.add_many(
            [
                Look(
                    shop_id=actor.shop_id, account_id=actor.account_id, assignment_id=row.id,
                    order_id=row.order_id, day=today, at=store.now,
                )
                for row in rows
            ]
        )  # fmt: skip
        store.assignments.mark_looked([row.id for row in rows])
        store.record_all(
            actor, act, [{"order_id": row.order_id, "assignment": row.id} for row in rows]
        )

    def _quota(self, store: Store, actor: Actor) -> int:
        open_now = store.assignments.open_count(actor.shop_id)
        return max(self._rules.peek_quota_floor, 2 * open_now)

    def _today(self, store: Store) -> str:
        return store.now.astimezone(ZoneInfo(self._rules.time_zone)).date().isoformat()


def pack_refusal(row: PackRow) -> str | None:
    """Return why an assignment is not packed any more (a `LeftOut.reason`), or None."""
    if row.status == "shipped":
        return "shipped"
    return stop_reason(row, row.extra) or ("ended" if row.ended else None)


def _refusal(row: PackRow) -> str | None:
    return pack_refusal(row) or (None if row.complete else INCOMPLETE)
