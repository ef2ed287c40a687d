"""A file that changes many orders at once leaves each as a change of its own would."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from core.changes.applying import Changed
from core.changes.judging import Stored, judge
from core.changes.order_news import news_of
from core.imports.incoming import IncomingOrder
from core.orders.notes import notes_of
from core.ports import Store
from core.values import Actor
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, line, order_no
from tests.core.truth import faults


def changed(number: int) -> IncomingOrder:
    """Return the nth order as the later file says it, each in another way."""
    return [
        incoming(number, note="周末送"),
        incoming(number, name="李四"),
        incoming(number, status="closed"),
        incoming(number, after_sale="open"),
        incoming(number, hours=3, note="急"),
        incoming(number, quantity=4),
        incoming(number, lines=(line(number), line(number, 2, 2))),
        incoming(number),
    ][number % 8]


def seen(store: Store, firm: Firm, number: int) -> tuple[object, ...]:
    """Return all that a change leaves behind, but for when it came."""
    assert isinstance(store, SqlStore)
    (order,) = store.orders.find(firm.merchant.shop_id, order_no(number))
    order_id = order.id or 0
    last = store.orders.changes_since(order_id, firm.watch.now)
    recipient = store.orders.recipient(order_id)
    assert recipient is not None
    return (
        order.status, order.tab, order.sort_at, order.revision, order.complete, order.pieces,
        order.closed_reason, order.after_sale, order.ship_by, notes_of(store, order),
        order.updated_at, recipient.name, store.orders.masked(order_id),
        [(one.source, one.revision, [diff["field"] for diff in one.diffs]) for one in last],
        [(one.act, one.door) for one in store.history(order_id)],
    )  # fmt: skip


def differing(store: Store, firm: Firm, numbers: Iterable[int]) -> list[Changed]:
    """Return the changes of these orders, as an import finds them."""
    found = []
    for number in numbers:
        (order,) = store.orders.find(firm.merchant.shop_id, order_no(number))
        order_id, new = order.id or 0, changed(number)
        lines = store.orders.lines([order_id])[order_id]
        same = store.orders.same_hashes([order_id]).get(order_id)
        news = news_of(order, new)
        judged = judge(store, Stored(order, lines, same), news)
        assert judged.diffs
        found.append(Changed(order, news, judged.diffs, judged.as_of or {}))
    return found


@pytest.mark.parametrize("assigned", [False, True])
async def test_changed_together_orders_stand_as_if_changed_alone(
    firm: Firm, assigned: bool
) -> None:
    """Orders 0–6 change one by one, 8–14 in the same ways together."""
    await firm.imports([incoming(n) for n in range(16)])
    if assigned:
        await firm.assigns(*range(16))
    firm.watch.moves(minutes=1)
    filing = Actor(firm.merchant.account_id, firm.merchant.shop_id, "file")

    def alone(store: Store) -> None:
        for one in differing(store, firm, range(7)):
            firm.services.changing.apply(store, filing, [one])

    def together(store: Store) -> None:
        firm.services.changing.apply(store, filing, differing(store, firm, range(8, 15)))

    await firm.database.write(alone)
    told = await firm.owed("OrderChanged")
    assert told == 7 * assigned
    await firm.database.write(together)
    assert await firm.owed("OrdersChanged") == 1 * assigned  # one message for many
    after = await firm.looks(lambda store: [seen(store, firm, n) for n in range(16)])
    assert after[:7] == after[8:15]
    assert await firm.looks(faults) == []


async def test_recipients_that_come_unmasked_later_are_filled_in_together(firm: Firm) -> None:
    first = [incoming(n) for n in range(20)]
    masked = [replace(one, recipient=replace(one.recipient, name="张**")) for one in first]
    await firm.imports(masked)
    done = await firm.imports(first)
    assert len(done.changed) == 20
    assert {one.diffs[0]["first"] for one in done.changed} == {True}
    for n in range(20):
        order = await firm.order(n)
        assert (order.complete, order.revision, order.tab) == (True, 2, "unassigned")
    names = await firm.looks(
        lambda store: {
            found.name
            for order in store.orders.find(firm.merchant.shop_id, order_no(3))
            if (found := store.orders.recipient(order.id or 0))
        }
    )
    assert names == {"张三丰"}
    assert await firm.looks(faults) == []
