"""The full matrix of a merchant's acts: each, on an order in each state, stopped in each way."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from core.answers.stopping import NothingToLetGo
from core.assignments.splitting import Choice, NothingToSplit
from core.changes.edit_errors import OrderOver
from core.changes.order_news import OrderNews
from core.entities import Order
from core.errors import AssignmentNotFound, CoreError, NothingToAssign, NotRecallable, OrderStopped
from core.ids import key
from storage.store import SqlStore
from tests.core.firm import Firm, incoming, line
from tests.core.test_batches import ships_half
from tests.core.test_moves import Undone
from tests.core.truth import faults

STATES = ("unassigned", "assigned", "accepted", "held", "recall_asked", "part_shipped", "shipped",
          "declined", "recalled", "cancelled")  # fmt: skip
# How each stop comes about once the order is in its state: by a button of its merchant.
STOPS = {
    "": "", "on hold": "hold", "refund open": "refund_open", "refunded": "refunded",
    "cancelled": "cancel",
}  # fmt: skip


async def in_every_state(firm: Firm) -> None:
    """Bring the nth order into the nth state, as people do."""
    await firm.opens("second", "factory", 2002)
    await firm.binds(factory="second")
    numbers = range(1, len(STATES) + 1)
    await firm.imports([incoming(n, quantity=2) for n in numbers])
    given = dict(zip(STATES[1:], await firm.assigns(*numbers[1:]), strict=True))
    s, merchant, factory = firm.services, firm.merchant, firm.factory
    for state in ("accepted", "recall_asked"):
        await firm.does(s.fulfilling.accept, factory, given[state])
    await firm.does(s.recall_asking.one, merchant, given["recall_asked"])
    await firm.does(s.holding.hold_days, factory, given["held"], 2)
    await firm.does(s.shipping.reply, factory, given["shipped"], "SF1234567890124")
    await ships_half(firm, given["part_shipped"])
    await firm.does(s.fulfilling.decline, factory, given["declined"], "price")
    await firm.does(s.recalling.one, merchant, given["recalled"])
    await firm.imports([incoming(len(STATES), quantity=2, status="closed")])
    for state, one in given.items():
        assert (await firm.assignment(one)).status == state


def acts(firm: Firm, store: SqlStore, order: Order) -> dict[str, Callable[[], object]]:
    """Return every act of a merchant on that order, through the use case its button runs."""
    s, me, order_id = firm.services, firm.merchant, key(order)
    last = store.assignments.latest_of(order_id)
    given = key(last) if last is not None else 0

    def edit(**said: Any) -> object:
        view, news = s.editing.view(store, me, order_id), OrderNews(order_id, **said)
        return s.editing.change(store, me, view, order.revision, news).kind

    def pieces(n: int) -> object:
        return edit(lines=(line(order_id, n),))

    def split() -> None:
        mark = s.splitting.plan(store, me, order_id).mark
        s.splitting.split(store, me, order_id, firm.people["second"].shop_id, Choice((1,), mark))

    def says(what: str) -> Callable[[], object]:
        return lambda: s.editing.act(store, me, order_id, order.revision, what).kind

    return {
        "note": lambda: edit(seller_note="送贺卡"),
        "recipient": lambda: edit(recipient=incoming(99).recipient),
        "more": lambda: pieces(3),
        "fewer": lambda: pieces(1),
        "hold": says("hold"),
        "release": says("release"),
        "refund opens": says("refund_open"),
        "refund over": says("refund_closed"),
        "refunded": says("refunded"),
        "cancel": says("cancel"),
        "let go": lambda: s.stopping.let_go(store, me, order_id),
        "assign": lambda: s.assigning.direct(store, me, [order.order_no], firm.numbers["second"]),
        "recall": lambda: s.recalling.one(store, me, given),
        "ask back": lambda: s.recall_asking.one(store, me, given),
        "split": split,
    }


def stops(firm: Firm, store: SqlStore, number: int, stop: str) -> None:
    """Stop the order as its merchant does; what is over stays over."""
    order = store.orders.of(number)
    if STOPS[stop] and order.closed_reason is None:
        firm.services.editing.act(store, firm.merchant, number, order.revision, STOPS[stop])


REFUSED: dict[type[CoreError], str] = {
    OrderOver: "over", OrderStopped: "stopped", NotRecallable: "late", AssignmentNotFound: "none",
    NothingToAssign: "none", NothingToSplit: "none", NothingToLetGo: "none",
}  # fmt: skip


def _status(store: SqlStore, order_id: int) -> str:
    """Return where the order's newest assignment stands."""
    given = store.assignments.latest_of(order_id)
    return given.status if given is not None else "unassigned"


async def outcomes(firm: Firm, stop: str, act: str) -> list[str]:
    """Try the act on the order of each state, so stopped; nothing of it is kept."""
    found: list[str] = []

    def tried(store: SqlStore, number: int) -> None:
        stops(firm, store, number, stop)
        order = store.orders.of(number)
        before = _status(store, number)
        try:
            done = acts(firm, store, order)[act]()
        except CoreError as error:
            found.append(REFUSED[type(error)])
        else:
            store.flush()
            after = _status(store, number)
            led = f">{after}" if after != before else ""
            found.append(f"{'same' if done == 'known' else 'ok'}{led}")
            assert faults(store) == [], (act, STATES[number - 1], stop)
        raise Undone

    for number in range(1, len(STATES) + 1):
        with pytest.raises(Undone):
            await firm.database.write(partial(tried, number=number))
    return found


# An act's outcomes, in the order of `STATES`: done (`>` where that leaves the order's newest
# assignment elsewhere), nothing new (`same`), or refused. `all`: the same in every state.
MATRIX = {
    "": """
        note: ok ok ok ok ok ok ok ok ok over
        recipient: ok ok ok ok ok ok ok ok ok over
        more: ok ok ok ok ok ok ok ok ok over
        fewer: ok ok ok ok ok ok>shipped ok ok ok over
        hold: ok ok ok ok ok ok ok ok ok over
        release: same same same same same same same same same over
        refund opens: ok ok ok ok ok ok ok ok ok over
        refund over: same same same same same same same same same over
        refunded: ok ok ok ok ok ok ok ok ok over
        cancel: ok ok>cancelled ok>cancelled ok>cancelled ok>cancelled ok>cancelled ok ok ok over
        let go: all none
        assign: ok>assigned none none none none none none ok>assigned ok>assigned none
        recall: none ok>recalled late ok>recalled late late late late late late
        ask back: none ok>recalled ok>recall_asked ok>recalled ok late late late late late
        split: ok>assigned ok none ok>assigned none none none ok>assigned ok>assigned stopped
    """,
    "on hold": """
        note: ok ok ok ok ok ok ok ok ok over
        recipient: ok ok ok ok ok ok ok ok ok over
        more: ok ok ok ok ok ok ok ok ok over
        fewer: ok ok ok ok ok ok>shipped ok ok ok over
        hold: same same same same same same same same same over
        release: ok ok ok ok ok ok ok ok ok over
        refund opens: ok ok ok ok ok ok ok ok ok over
        refund over: same same same same same same same same same over
        refunded: ok ok ok ok ok ok ok ok ok over
        cancel: ok ok>cancelled ok>cancelled ok>cancelled ok>cancelled ok>cancelled ok ok ok over
        let go: all none
        assign: all none
        recall: none ok>recalled late ok>recalled late late late late late late
        ask back: none ok>recalled ok>recall_asked ok>recalled ok late late late late late
        split: all stopped
    """,
    "refund open": """
        note: ok ok ok ok ok ok ok ok ok over
        recipient: ok ok ok ok ok ok ok ok ok over
        more: ok ok ok ok ok ok ok ok ok over
        fewer: ok ok ok ok ok ok>shipped ok ok ok over
        hold: ok ok ok ok ok ok ok ok ok over
        release: same same same same same same same same same over
        refund opens: same same same same same same same same same over
        refund over: ok ok ok ok ok ok ok ok ok over
        refunded: ok ok ok ok ok ok ok ok ok over
        cancel: ok ok>cancelled ok>cancelled ok>cancelled ok>cancelled ok>cancelled ok ok ok over
        let go: ok ok ok ok ok ok ok ok ok none
        assign: all none
        recall: none ok>recalled late ok>recalled late late late late late late
        ask back: none ok>recalled ok>recall_asked ok>recalled ok late late late late late
        split: all stopped
    """,
    "refunded": """
        note: all over
        recipient: all over
        more: all over
        fewer: all over
        hold: all over
        release: all over
        refund opens: all over
        refund over: all over
        refunded: all over
        cancel: all over
        let go: all none
        assign: all none
        recall: none ok>recalled late ok>recalled late late late late late late
        ask back: none ok>recalled ok>recall_asked ok>recalled ok late late late late late
        split: all stopped
    """,
    "cancelled": """
        note: all over
        recipient: all over
        more: all over
        fewer: all over
        hold: all over
        release: all over
        refund opens: all over
        refund over: all over
        refunded: all over
        cancel: all over
        let go: all none
        assign: all none
        recall: none late late late late late late late late late
        ask back: none late late late late late late late late late
        split: all stopped
    """,
}


@pytest.mark.parametrize("stop", STOPS)
async def test_every_act_of_the_merchant_in_every_state(firm: Firm, stop: str) -> None:
    await in_every_state(firm)
    for row in MATRIX[stop].strip().splitlines():
        act, expected = row.strip().split(": ")
        first, *others = expected.split()
        wanted = others * len(STATES) if first == "all" else [first, *others]
        assert await outcomes(firm, stop, act) == wanted, act


async def test_no_act_is_left_out_of_the_matrix(firm: Firm) -> None:
    await firm.imports([incoming(1)])
    every = await firm.looks(lambda store: set(acts(firm, store, store.orders.of(1))))
    for rows in MATRIX.values():
        assert {row.split(":")[0].strip() for row in rows.strip().splitlines()} == every
