"""The merchant's way out of a stop: 拒绝退款并发货, for an after-sale that is open."""

from dataclasses import dataclass

from core.acting import acting
from core.answers.stop_events import OrderLetGo
from core.answers.under_way import let_waiting_go
from core.assignments.auto_assigning import AutoAssigning
from core.clock.waiting import tell_waiting_late
from core.clock.watching import unseen_after, watch_order
from core.entities import Order, OrderChange
from core.errors import Conflict, OrderNotFound
from core.ids import key
from core.orders.placing import place_order
from core.orders.standing import stop_reason
from core.ports import Store
from core.values import Actor


@dataclass(eq=False)
class NothingToLetGo(Conflict):
    """No after-sale waits: the order is stopped for another `reason`, or by nothing (empty)."""

    reason: str


class Stopping:
    """放行 of a whole order, before it ships."""

    def __init__(self, auto: AutoAssigning) -> None:
        self._auto = auto

    def may_let_go(self, store: Store, actor: Actor, order_id: int) -> Order:
        """Return the order when an open after-sale stops it.

        Raises `OrderNotFound`, `NothingToLetGo`.
        """
        acting(store, actor, "merchant")
        order = store.orders.get(order_id)
        if order is None or order.merchant_id != actor.shop_id or order.closed_reason == "undone":
            raise OrderNotFound
        stopped = stop_reason(order)
        if stopped != "refund_open":
            raise NothingToLetGo(stopped or "")
        return order

    def let_go(self, store: Store, actor: Actor, order_id: int) -> Order:
        """Let the order ship in spite of its open after-sale; its factories are told, once.

        One that no factory has goes by the merchant's rules, as when the after-sale is over.
        It holds for this after-sale only (`core.orders.standing.set_after_sale`).
        Raises as `may_let_go`.
        """
        order = self.may_let_go(store, actor, order_id)
        order.let_go_at = order.updated_at = store.now
        order.revision += 1
        change = store.orders.add_change(
            OrderChange(
                order_id=order_id, revision=order.revision, source=actor.door,
                account_id=actor.account_id, changed_at=store.now,
                diffs=[{"field": "let_go", "old": "refund_open", "new": None}],
            )
        )  # fmt: skip
        store.record(actor, "let_go", order_id=order_id)
        place_order(store, order)
        watch_order(store, order)
        tell_waiting_late(store, order.merchant_id, [order_id])
        let_waiting_go(store, actor, order)
        if stop_reason(order) is None:  # else it is on hold besides: nothing to ship yet
            self._tell(store, order_id, key(change))
            self._auto.arrived(store, actor, [order_id])
        return order

    def _tell(self, store: Store, order_id: int, change_id: int) -> None:
        """Tell the factories at work: news to be seen as any change is."""
        told = [one for one in store.assignments.live_of(order_id) if one.extra in ("", "gift")]
        store.assignments.mark_all_changed(told)
        for one in told:
            store.emit(OrderLetGo(key(one)), to=one.factory_id)
        if told:
            unseen = unseen_after(store.shops.of(told[0].merchant_id))
            store.notices.add_many([(change_id, one) for one in told], store.now + unseen)
