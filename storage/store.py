"""The Store: one visit's answers to everything the business asks (`core.ports.Store`).

Each noun has its own module; they share the visit's session, its `now` and the sealer.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlmodel import Session, col

from core.entities import Account, AuditRow, Chat, KeyMark, Member, Shop
from core.entities import Alert as AlertRow
from core.events import Event
from core.values import Actor
from storage import trail
from storage.counters import Counters
from storage.nouns.accounts import AccountStore
from storage.nouns.alerts import AlertStore
from storage.nouns.assignments import AssignmentStore
from storage.nouns.base import Lasting
from storage.nouns.bindings import BindingStore
from storage.nouns.chats import ChatStore
from storage.nouns.drafts import DraftStore
from storage.nouns.jobs import JobStore
from storage.nouns.looks import LookStore
from storage.nouns.orders import OrderStore
from storage.nouns.photos import PhotoStore
from storage.nouns.shipments import ShipmentStore
from storage.nouns.shops import ShopStore
from storage.rows import insert_rows, run
from storage.sealing import Sealer

_PRIVATE = (col(Account.id), col(Account.telegram_id), col(Chat.chat_id))
# Who is in the shop, each with the group it has instead of their private chats, if any.
_CHATS = (
    select(
        *_PRIVATE, col(Shop.alert_chat_id), col(Shop.alert_thread_id), col(Shop.alert_account_id)
    )
    .join(Member, col(Member.account_id) == col(Account.id))
    .join(Shop, col(Shop.id) == col(Member.shop_id))
    .outerjoin(Chat, col(Chat.chat_id) == col(Account.telegram_id))
    .where(col(Member.shop_id) == bindparam("shop"), col(Member.left_at).is_(None))
)
_OF_PEOPLE = (
    select(*_PRIVATE)
    .outerjoin(Chat, col(Chat.chat_id) == col(Account.telegram_id))
    .where(col(Account.id).in_(bindparam("accounts", expanding=True)))
)


class SqlStore:
    """`core.ports.Store` over one SQLModel session."""

    def __init__(self, session: Session, sealer: Sealer, now: datetime) -> None:
        self.session = session
        self.sealer = sealer
        self.now = now
        self.counters = Counters(session)
        self.lasting: Lasting = {}

    @cached_property
    def accounts(self) -> AccountStore:
        """People."""
        return AccountStore(self)

    @cached_property
    def shops(self) -> ShopStore:
        """Shops."""
        return ShopStore(self)

    @cached_property
    def bindings(self) -> BindingStore:
        """Bindings."""
        return BindingStore(self)

    @cached_property
    def orders(self) -> OrderStore:
        """Orders."""
        return OrderStore(self)

    @cached_property
    def assignments(self) -> AssignmentStore:
        """Assignments."""
        return AssignmentStore(self)

    @cached_property
    def shipments(self) -> ShipmentStore:
        """Parcels."""
        return ShipmentStore(self)

    @cached_property
    def drafts(self) -> DraftStore:
        """Prepared work."""
        return DraftStore(self)

    @cached_property
    def chats(self) -> ChatStore:
        """What chats were shown."""
        return ChatStore(self)

    @cached_property
    def alerts(self) -> AlertStore:
        """The outbox."""
        return AlertStore(self)

    @cached_property
    def jobs(self) -> JobStore:
        """Long work."""
        return JobStore(self)

    @cached_property
    def looks(self) -> LookStore:
        """Looks at recipients."""
        return LookStore(self)

    @cached_property
    def photos(self) -> PhotoStore:
        """Photos of waybills."""
        return PhotoStore(self)

    def key_mark(self, fingerprint: str) -> bool:
        """Keep which key ring seals this database; False when it was another one."""
        kept = self.session.scalars(select(KeyMark)).one_or_none()
        if kept is None:
            self.session.add(KeyMark(fingerprint=fingerprint, since=self.now))
            return True
        return kept.fingerprint == fingerprint

    def troubles(self) -> str:
        """Return what the database itself finds wrong with its file; empty when it is whole."""
        if self.session.get_bind().dialect.name != "sqlite":
            return ""
        found = self.session.execute(text("PRAGMA quick_check")).scalars().all()
        return "" if found == ["ok"] else "; ".join(found[:3])

    def flush(self) -> None:
        """Write pending changes of entities, so that statements see them."""
        self.session.flush()

    def counts(self, shop_id: int) -> dict[str, int]:
        """Return the shop's counters by name."""
        return self.counters.of(shop_id)

    def emit(self, event: Event, to: int) -> None:
        """Owe `event` to every chat of shop `to`, in this transaction."""
        self.emit_all([event], to)

    def emit_all(self, events: Sequence[Event], to: int) -> None:
        """Owe these events, in order, to every chat of shop `to`: its group, else its people's."""
        self._owe(events, to, self._chats(to))

    def emit_to(self, event: Event, shop_id: int, accounts: Sequence[int]) -> None:
        """Owe an event about a shop to these people's private chats, members or not."""
        found = run(self.session, _OF_PEOPLE, {"accounts": list(accounts)})
        self._owe([event], shop_id, [_private(*row) for row in found])

    def _owe(self, events: Sequence[Event], shop_id: int, chats: Sequence[dict[str, Any]]) -> None:
        rows = [
            {
                **chat, "shop_id": shop_id, "event": type(event).__name__,
                "payload": event.payload(), "due_at": self.now, "attempts": 0,
                "doubtful": False, "created_at": self.now,
            }
            for chat in chats
            for event in events
        ]  # fmt: skip
        if rows:
            insert_rows(self.session, AlertRow, rows)

    def _chats(self, shop_id: int) -> list[dict[str, Any]]:
        found = run(self.session, _CHATS, {"shop": shop_id}).all()
        for *_, group, thread, account in found[:1]:
            if group is not None:
                return [
                    {"chat_id": group, "thread_id": thread, "account_id": account, "state": "owed"}
                ]
        return [_private(*row[:3]) for row in found]

    def record(
        self, actor: Actor | None, act: str, *, order_id: int | None = None, **detail: Any
    ) -> None:
        """Append one audit row. `detail` holds ids and words, never a recipient."""
        self.record_all(actor, act, [{"order_id": order_id, **detail}])

    def record_all(self, actor: Actor | None, act: str, rows: Sequence[dict[str, Any]]) -> None:
        """Append an audit row per item; its `order_id` becomes the column, the rest the detail."""
        values = [
            {
                "at": self.now,
                "account_id": actor.account_id if actor else None,
                "shop_id": actor.shop_id if actor else None,
                "order_id": row.get("order_id"),
                "door": actor.door if actor else "tick",
                "act": act,
                "detail": {name: value for name, value in row.items() if name != "order_id"},
            }
            for row in rows
        ]
        if values:
            insert_rows(self.session, AuditRow, values)

    def record_batch(self, actor: Actor, act: str, draft_id: int) -> None:
        """Append an audit row for every assignment of a batch."""
        trail.record_batch(self.session, self.now, actor, act, draft_id)

    def record_each(
        self, actor: Actor | None, act: str, ids: Sequence[int], *, reasons: bool = False
    ) -> None:
        """Append an audit row for each of these assignments; with `reasons`, why declined."""
        trail.record_each(self.session, self.now, actor, act, ids, reasons=reasons)

    def history(self, order_id: int) -> Sequence[AuditRow]:
        """Return everything that happened to an order, oldest first."""
        return self.session.scalars(
            select(AuditRow).where(col(AuditRow.order_id) == order_id).order_by(col(AuditRow.id))
        ).all()


def _private(account_id: int, chat_id: int, dead: int | None) -> dict[str, Any]:
    """Return where somebody's alert goes; one to a dead chat is owed for later."""
    return {
        "chat_id": chat_id, "thread_id": None, "account_id": account_id,
        "state": "unreachable" if dead else "owed",
    }  # fmt: skip


def store_maker(
    sealer: Sealer, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Callable[[Session], SqlStore]:
    """Return what `Database.open` needs: a store for each visit, with that visit's `now`."""
    return lambda session: SqlStore(session, sealer, clock())
