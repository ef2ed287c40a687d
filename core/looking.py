"""Looking at a recipient (查看收件信息): who must ship may look, counted and recorded."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.entities import Assignment, Look, Vanishing
from core.errors import QuotaSpent, RecipientGone
from core.fulfilling import live_assignment, refuse_stopped
from core.ports import Store
from core.values import Actor, Recipient, Rules


@dataclass(frozen=True, slots=True)
class Peek:
    """A recipient in plain words, and when the message showing it must be gone."""

    assignment: Assignment
    recipient: Recipient
    due_at: datetime
    left_today: int


class Looking:
    """The one way to a recipient's plain data."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def may_look(self, store: Store, actor: Actor, assignment_id: int) -> Assignment:
        """Return the assignment when looking is allowed now, without looking.

        Raises `AssignmentNotFound`, `AlreadyShipped`, `AssignmentEnded`, `OrderStopped`,
        `QuotaSpent`.
        """
        assignment = live_assignment(store, actor, assignment_id)
        refuse_stopped(store, assignment)
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
        store.record(actor, "looked", order_id=assignment.order_id, assignment=assignment_id)
        due_at = store.now + self._rules.vanish_after
        bot_id, chat_id, message_id = where
        store.chats.vanish(
            Vanishing(bot_id=bot_id, chat_id=chat_id, message_id=message_id, due_at=due_at)
        )
        store.flush()
        left = self._quota(store, actor) - store.looks.seen_today(actor.shop_id, today)
        return Peek(assignment, recipient, due_at, left)

    def _quota(self, store: Store, actor: Actor) -> int:
        open_now = store.assignments.open_count(actor.shop_id)
        return max(self._rules.peek_quota_floor, 2 * open_now)

    def _today(self, store: Store) -> str:
        return store.now.astimezone(ZoneInfo(self._rules.time_zone)).date().isoformat()
