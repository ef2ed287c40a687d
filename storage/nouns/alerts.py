"""The outbox: alerts are claimed with a lease, sent, settled. Order is kept within a chat."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, delete, func, or_, select, update
from sqlmodel import col

from core.entities import Account, Alert, AlertState, Chat, Member, QuietHours
from core.events import Event, revive
from core.orders.shown import CardsOutdated
from core.people.suspending import ShopWaits
from storage.nouns.base import Noun
from storage.nouns.shops import SUSPENDED

# What a suspended shop is owed waits for it, but that it is suspended is told.
MAY_GO = or_(col(Alert.shop_id).not_in(SUSPENDED), col(Alert.event) == ShopWaits.__name__)


def _urgent() -> ColumnElement[int]:
    """Return 1 for a chat that is owed something urgent, of which something is said."""
    names = {name for name, event in Event.registry.items() if event.urgent}
    names.discard(CardsOutdated.__name__)
    return func.max(case((col(Alert.event).in_(sorted(names)), 1), else_=0))


class AlertStore(Noun):
    """`core.ports.AlertPort`."""

    def get(self, alert_id: int) -> Alert | None:
        """Return the alert."""
        return self.session.get(Alert, alert_id)

    def claim(self, limit: int, lease_until: datetime, busy: Collection[int]) -> Sequence[Alert]:
        """Lease the oldest owed alert of each chat that is due; `busy` chats wait.

        Chats that are owed something urgent come first, for a thousand digests may not hold it up;
        within a chat the order stays. One that is tried again holds up what came after it; one that
        waits for the end of quiet hours lets the others pass.

        A lease that ran out means a sender died between sending and settling: nobody knows
        whether the message arrived, so it goes again, marked doubtful.
        """
        heads = self._heads(busy).add_columns(_urgent().label("urgent")).subquery()
        due = self.session.scalars(
            select(Alert)
            .join(heads, heads.c[0] == col(Alert.id))
            .where(
                col(Alert.due_at) <= self.now,
                or_(col(Alert.lease_until).is_(None), col(Alert.lease_until) <= self.now),
            )
            .order_by(heads.c.urgent.desc(), col(Alert.id))
            .limit(limit)
            # Where many may claim; SQLite has one writer.
            .with_for_update(of=Alert, skip_locked=True)
        ).all()
        for alert in due:
            alert.doubtful = alert.doubtful or alert.lease_until is not None
            alert.lease_until = lease_until
            alert.attempts += 1
        return due

    def release(self) -> None:
        """End every lease: whoever held one is known to be dead, so nobody need wait for it."""
        self.session.execute(
            update(Alert)
            .where(col(Alert.state) == "owed", col(Alert.lease_until) > self.now)
            .values(lease_until=self.now)
        )

    def settle(self, alert_id: int, state: AlertState) -> None:
        """Record the final outcome."""
        alert = self.session.get_one(Alert, alert_id)
        alert.state, alert.settled_at, alert.lease_until = state, self.now, None

    def postpone(self, alert_id: int, due_at: datetime, *, doubtful: bool) -> None:
        """Try again later; `doubtful` when the message may have arrived."""
        alert = self.session.get_one(Alert, alert_id)
        alert.due_at, alert.lease_until = due_at, None
        alert.doubtful = alert.doubtful or doubtful

    def next_due(self, busy: Collection[int]) -> datetime | None:
        """Return when the next alert can be claimed; `busy` chats do not count."""
        lease, due = col(Alert.lease_until), col(Alert.due_at)
        claimable = case((lease > due, lease), else_=due)
        found: datetime | None = self.session.scalar(
            select(func.min(claimable)).where(col(Alert.id).in_(self._heads(busy)))
        )
        waiting: datetime | None = self.session.scalar(
            select(func.min(due)).where(
                col(Alert.state) == "owed", due > self.now, col(Alert.chat_id).not_in(busy)
            )
        )
        return min((one for one in (found, waiting) if one is not None), default=None)

    def _heads(self, busy: Collection[int]) -> Select[tuple[int | None]]:
        """Select the oldest owed alert of each chat, those left out that wait for their time."""
        return (
            select(func.min(Alert.id))
            .where(
                col(Alert.state) == "owed",
                col(Alert.chat_id).not_in(busy),
                or_(col(Alert.due_at) <= self.now, col(Alert.attempts) > 0),
                MAY_GO,
            )
            .group_by(col(Alert.chat_id))
        )

    def unreachable(self, chat_id: int) -> bool:
        """Keep that a chat takes no messages; what it is owed waits. True when it is news."""
        known = self.session.get(Chat, chat_id) is not None
        if not known:
            self.session.add(Chat(chat_id=chat_id, unreachable_since=self.now))
        self._restate(chat_id, "owed", "unreachable")
        return not known

    def reachable(self, chat_id: int) -> None:
        """The chat is back: what it was owed meanwhile is owed again."""
        self.session.execute(delete(Chat).where(col(Chat.chat_id) == chat_id))
        self._restate(chat_id, "unreachable", "owed")

    def is_unreachable(self, chat_id: int) -> bool:
        """Return whether the chat takes no messages."""
        return self.found(Chat, chat_id) is not None

    def _restate(self, chat_id: int, before: AlertState, after: AlertState) -> None:
        self.session.flush()
        self.session.execute(
            update(Alert)
            .where(col(Alert.chat_id) == chat_id, col(Alert.state) == before)
            .values(state=after, due_at=self.now, lease_until=None)
        )

    def any_reachable(self, shop_id: int) -> bool:
        """Return whether the shop's group, or any member's chat, takes messages."""
        if self.visit.shops.of(shop_id).alert_chat_id is not None:
            return True  # a group that does not is left at once: `core.people.gathering.fall_back`
        found = self.session.scalar(
            select(col(Account.id))
            .join(Member, col(Member.account_id) == col(Account.id))
            .outerjoin(Chat, col(Chat.chat_id) == col(Account.telegram_id))
            .where(
                col(Member.shop_id) == shop_id,
                col(Member.left_at).is_(None),
                col(Chat.chat_id).is_(None),
            )
            .limit(1)
        )
        return found is not None

    def forget(self) -> None:
        """Drop every alert: only for sample data, whose history nobody need be told."""
        self.session.execute(delete(Alert))

    def move_chat(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup; its quiet hours go along."""
        self.session.execute(
            update(Alert)
            .where(col(Alert.chat_id) == old, col(Alert.state) == "owed")
            .values(chat_id=new)
        )
        quiet = self.found(QuietHours, old)
        if quiet is not None:
            self.session.merge(QuietHours(chat_id=new, starts=quiet.starts, ends=quiet.ends))
            self.session.delete(quiet)

    def retell(self, chat_id: int, shop_id: int, account_id: int) -> None:
        """Tell what the group is owed about the shop as that account's, in its language."""
        self.session.flush()
        self.session.execute(
            update(Alert)
            .where(
                col(Alert.state) == "owed",
                col(Alert.chat_id) == chat_id,
                col(Alert.shop_id) == shop_id,
            )
            .values(account_id=account_id)
        )

    def send_home(self, shop_id: int, chat_id: int, thread_id: int | None) -> int:
        """Owe the shop's people what that place of a group was still owed. Returns how many.

        What is on its way there stays: should it not arrive, it comes home then.
        """
        self.session.flush()
        left = self.session.scalars(
            select(Alert)
            .where(
                col(Alert.state) == "owed",
                col(Alert.chat_id) == chat_id,
                col(Alert.shop_id) == shop_id,
                col(Alert.thread_id) == thread_id,
                or_(col(Alert.lease_until).is_(None), col(Alert.lease_until) <= self.now),
            )
            .order_by(col(Alert.id))
        ).all()
        self.visit.emit_all([revive(one.event, one.payload) for one in left], to=shop_id)
        for alert in left:
            self.session.delete(alert)
        self.session.flush()
        return len(left)
