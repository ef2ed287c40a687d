"""What people, programs and the clock do all day, as work for one visit each.

Lists, cards and searches are those of `bench.lists`; here are the acts, and the questions of the
clock, of couriers and of whoever talks to platforms.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NamedTuple

from bench.house import FACTORY, NEW_ORDERS, bring_drafts
from bench.lists import Screens
from bench.millions import Filled
from core.ids import key
from core.programs.facts import PageAsked
from core.services import Services
from core.values import Actor, Rules
from storage.store import SqlStore

MESSAGE = (7, FACTORY, 1)  # bot, chat, message
LEASE = timedelta(minutes=1)
WAITING = """SELECT a.id FROM assignment a JOIN orders o ON o.id = a.order_id
    WHERE ? IN (a.factory_id, a.merchant_id) AND a.status = ? AND o.tab = 'to_ship' LIMIT 9"""


class HotAct(NamedTuple):
    """Its name, the work, and whose it is: a shop's, or the whole house's."""

    name: str
    work: Callable[[SqlStore], object]
    writes: bool = True
    of_the_house: bool = False


def hot_acts(filled: Filled, raw: sqlite3.Connection) -> list[HotAct]:
    """Return all, over a database filled from this file.

    A list too short for a second page has none.
    """
    screens = [
        HotAct(one.name, one.looks[0], writes=False)
        for one in Screens(filled, raw, 1).all()
        if one.looks
    ]
    return [*_keys(filled), *screens, *_people(filled, raw), *_programs(filled), *_clock()]


def _keys(filled: Filled) -> Iterator[HotAct]:
    make = Services(Rules()).programs.keys.make
    for one in (filled.merchant, filled.factory):
        yield HotAct("a program's key", lambda s, one=one: make(s, one, "bench", ("read",)))  # type: ignore[misc]


def _people(filled: Filled, raw: sqlite3.Connection) -> Iterator[HotAct]:
    use, merchant, factory = Services(Rules()), filled.merchant, filled.factory

    def waiting(shop: Actor, status: str) -> list[int]:
        return [row[0] for row in raw.execute(WAITING, (shop.shop_id, status)).fetchall()]

    taken, given, frozen = waiting(factory, "accepted"), waiting(factory, "assigned"), list[int]()
    to_recall = next(one for one in waiting(merchant, "assigned") if one not in given)

    def look(store: SqlStore) -> object:
        # The only recipient that is really sealed is the new order's.
        [order] = store.orders.find(merchant.shop_id, f"69{NEW_ORDERS:017d}")
        assignment = store.assignments.latest_of(key(order))
        assert assignment is not None
        return use.looking.look(store, factory, key(assignment), MESSAGE)

    yield HotAct(
        "orders come in, a draft is frozen",
        lambda s: frozen.extend(bring_drafts(use, s, merchant, factory, [NEW_ORDERS])),
    )
    yield HotAct("确认分配", lambda s: use.assigning.confirm(s, merchant, frozen[0]))
    yield HotAct(
        "number by reply", lambda s: use.shipping.reply(s, factory, taken[0], "SF1234567890123")
    )
    yield HotAct("接单", lambda s: use.fulfilling.accept(s, factory, given[0]))
    yield HotAct("拒单", lambda s: use.fulfilling.decline(s, factory, given[1], "缺货"))
    yield HotAct("撤回", lambda s: use.recalling.one(s, merchant, to_recall))
    yield HotAct("查看收件人", look)


def _programs(filled: Filled) -> Iterator[HotAct]:
    programs, merchant, factory = Services(Rules()).programs, filled.merchant, filled.factory
    page = PageAsked(after=0, limit=50)
    yield HotAct(
        "GET /v1/assignments", lambda s: programs.reading.page(s, factory, page), writes=False
    )
    yield HotAct(
        "GET /v1/orders", lambda s: programs.order_reading.page(s, merchant, page), writes=False
    )
    yield HotAct("GET /v1/events", lambda s: programs.feed.after(s, factory, 0, 100), writes=False)


def _clock() -> Iterator[HotAct]:
    use, busy = Services(Rules()), [1, 2]

    def house(name: str, work: Callable[[SqlStore], object], *, writes: bool = True) -> HotAct:
        return HotAct(name, work, writes, of_the_house=True)

    yield house("alerts are claimed", lambda s: s.alerts.claim(25, s.now + LEASE, busy))
    yield house("when the next alert is due", lambda s: s.alerts.next_due(busy), writes=False)
    yield house("platform calls are claimed", lambda s: s.platforms.due_calls(20, busy))
    yield house("when the next call is due", lambda s: s.platforms.next_call(), writes=False)
    yield house("e-waybills due", lambda s: s.tickets.due(20, busy))
    yield house("links due", lambda s: s.platforms.due(busy))
    yield house("jobs are claimed", lambda s: s.jobs.claim(s.now + LEASE))
    yield house("webhooks due", lambda s: (s.webhooks.behind(20), s.webhooks.due()))
    yield house("what waiting programs are told", lambda s: s.programs.fed_since(0), writes=False)
    yield house("what fell due", lambda s: use.timing.tell_due(s, 500))
    yield house("shops get their digest", use.digests.adopt)
    yield house("a day is counted", use.days.tally)
    yield house("counts are added up", lambda s: s.add_up())
