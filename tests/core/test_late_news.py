"""News of a platform that comes late, twice or in another order leads to the same order."""

import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from core.changes.order_news import OrderNews
from core.entities import Alert, Assignment, AuditRow, ChangeNotice, Counter, OrderChange
from core.entities.assignment import OVER_STATUSES
from core.ids import key
from core.imports.incoming import IncomingRecipient
from core.orders.notes import notes_of
from core.shipments.sending import Shipped
from core.values import Actor
from storage.sqlite import Desk
from storage.store import SqlStore, store_maker
from tests.core.everybody import town
from tests.core.firm import START, Watch, incoming, line, order_no
from tests.core.truth import faults

SHUFFLES = 2  # orders told the same: as it was drawn, and shuffled with repetitions
FIRST = 11  # the numbers of the orders, which a town does not have yet
LATER = START + timedelta(hours=1)  # after the orders came in


def recipient(n: int) -> IncomingRecipient:
    return IncomingRecipient("李四", f"1381234567{n}", "浙江省", "杭州市", "西湖区", "", f"{n} 号")


NEWS = st.builds(
    OrderNews,
    order_id=st.just(0),
    at=st.integers(0, 6).map(lambda n: LATER + timedelta(minutes=n)),
    recipient=st.none() | st.integers(0, 3).map(recipient),
    buyer_note=st.none() | st.sampled_from(["", "a", "b"]),
    seller_note=st.none() | st.sampled_from(["", "c"]),
    ship_by=st.none() | st.integers(1, 3).map(lambda n: START + timedelta(hours=n)),
    lines=st.none() | st.tuples(st.integers(1, 3), st.integers(0, 2)).map(
        lambda n: (line(1, n[0]), line(1, n[1], 2))
    ),
    held=st.none() | st.booleans(),
    after_sale=st.none() | st.sampled_from(["none", "open", "refunded"]),
    closed=st.none() | st.just("cancelled"),
)  # fmt: skip


class Street:
    """A copy of a town in which each order is told the same news, in an order of its own."""

    def __init__(self, folder: Path) -> None:
        path = folder / "street.sqlite3"
        shutil.copyfile(town().path, path)
        self.watch, self.s = Watch(), town().services
        self.merchant, self.factory = (town().people[one] for one in ("merchant", "factory"))
        self.desk = Desk(path, store_maker(town().sealer, self.watch), writes=True)
        self.desk.visit(self._begin)
        self.numbers = range(FIRST, FIRST + SHUFFLES)

    def _begin(self, store: SqlStore) -> None:
        """The orders come in, and go to the factory."""
        numbers = range(FIRST, FIRST + SHUFFLES)
        some = [replace(incoming(one), recipient=recipient(9)) for one in numbers]
        town().brings(store, "merchant", some)
        names = [order_no(one) for one in numbers]
        self.s.assigning.direct(store, self.merchant, names, town().numbers["factory"])

    def order_id(self, store: SqlStore, number: int) -> int:
        return key(store.orders.find(self.merchant.shop_id, order_no(number))[0])

    def ships(self, store: SqlStore, number: int) -> None:
        [given] = store.assignments.live_of(self.order_id(store, number))
        reply = self.s.shipping.reply
        done = reply(store, self.factory, key(given), f"SF12345678901{number}")
        assert isinstance(done, Shipped)

    def tells(self, number: int, news: Sequence[OrderNews]) -> None:
        """Tell the news of the order, one after the other."""
        platform = Actor(self.merchant.account_id, self.merchant.shop_id, "platform")
        self.watch.moves(minutes=1)

        def work(store: SqlStore) -> None:
            order_id = self.order_id(store, number)
            self.s.changing.change(store, platform, [_of(one, order_id, number) for one in news])

        self.desk.visit(work)

    def stands(self, number: int) -> dict[str, Any]:
        """Return all that must be the same whatever order the news came in."""
        return self.desk.visit(lambda store: _standing(store, self.order_id(store, number)))

    def told(self, number: int) -> set[str]:
        """Return which fields the factory was told of."""

        def look(store: SqlStore) -> set[str]:
            notices = store.notices.of_order(self.order_id(store, number), 99)
            changes = [store.orders.change(one.change_id) for one in notices]
            return {diff["field"] for one in changes if one is not None for diff in one.diffs}

        return self.desk.visit(look)

    def books(self) -> dict[str, Any]:
        """Return everything that one more notice, alert, line of history or count would change."""
        return self.desk.visit(_books)


def _of(news: OrderNews, order_id: int, number: int) -> OrderNews:
    """Return the news as it is of that order."""
    lines = news.lines and tuple(
        line(number, each.quantity, which) for which, each in enumerate(news.lines, 1)
    )
    return replace(news, order_id=order_id, lines=lines)


def _standing(store: SqlStore, order_id: int) -> dict[str, Any]:
    order = store.orders.of(order_id)
    lines = store.orders.lines([order_id])[order_id]
    names = {key(one): one.sub_order_no[-1] for one in lines}
    given = [store.assignments.of(one) for one in _assignments(store, order_id)]
    parcels = store.shipments.of_order(order_id)
    return {
        "order": (order.status, order.tab, order.province, order.factory_id is None),
        **notes_of(store, order)._asdict(),
        "ship_by": order.ship_by,
        "held": order.held_at is not None,
        "after_sale": order.after_sale,
        "closed": order.closed_reason,
        "recipient": store.orders.recipient(order_id),
        "lines": [one.quantity for one in lines if one.quantity],
        "assignments": [(one.status, one.tab, _pieces(store, one, names)) for one in given],
        # What was asked of a parcel and is over is as if it was never asked.
        "parcels": [one.verdict in {"asked", "intercept"} for one in parcels],
    }  # fmt: skip


def _pieces(store: SqlStore, given: Assignment, names: Mapping[int, str]) -> dict[str, int]:
    """Return what it owes or has shipped; one that ended without owns what it had then."""
    if given.status in OVER_STATUSES:
        return {}
    pieces = store.assignments.pieces(key(given))
    return {names[line]: n for line, n in pieces.items() if n}


def _assignments(store: SqlStore, order_id: int) -> list[int]:
    latest = store.assignments.latest_of(order_id)
    return [key(latest)] if latest is not None else []


def _books(store: SqlStore) -> dict[str, Any]:
    kept: dict[str, Any] = {
        entity.__name__: store.session.scalar(select(func.count()).select_from(entity))
        for entity in (Alert, AuditRow, ChangeNotice, OrderChange)
    }
    counters = store.session.scalars(
        select(Counter).order_by(col(Counter.shop_id), col(Counter.name))
    )
    return kept | {"counters": [(one.shop_id, one.name, one.n) for one in counters]}


FIELDS = ("buyer_note", "seller_note", "ship_by", "held", "after_sale", "recipient", "lines")
FIELDS_OF = {"quantity": "lines", "line_added": "lines", "line_removed": "lines"}
DRAWN = given(st.lists(NEWS, min_size=2, max_size=4), st.booleans(), st.integers(0, 999))


@settings(max_examples=60, deadline=None)
@DRAWN
def test_any_shuffle_with_repetitions_ends_in_the_same_order(
    news: list[OrderNews], ships: bool, seed: int
) -> None:
    told_in_every_order(news, ships, seed)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None)
@DRAWN
def test_any_shuffle_of_very_many(news: list[OrderNews], ships: bool, seed: int) -> None:
    told_in_every_order(news, ships, seed)


def told_in_every_order(news: list[OrderNews], ships: bool, seed: int) -> None:
    """Tell it to orders in different orders: all of them end alike, and have had their say."""
    picks = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, street_in(Path(folder)) as street:
        before = street.stands(FIRST)
        for number in street.numbers:
            if ships:
                street.desk.visit(partial(street.ships, number=number))
            said = list(news)
            if number > FIRST:
                said += picks.choices(news, k=1)
                picks.shuffle(said)
            street.tells(number, said)
        first, *others = [street.stands(number) for number in street.numbers]
        assert street.desk.visit(faults) == []
        assert all(one == first for one in others)
        assert len(first["parcels"]) == int(ships)
        if not ships and first["closed"] is None:
            differ = {name for name in FIELDS if first[name] != before[name]}
            for number in street.numbers:
                assert differ <= {FIELDS_OF.get(one, one) for one in street.told(number)}
        books, again = street.books(), picks.choice(street.numbers)
        street.tells(again, picks.sample(news, len(news)))  # is no news to anybody
        assert street.stands(again) == first
        assert street.books() == books


@contextmanager
def street_in(folder: Path) -> Iterator[Street]:
    street = Street(folder)
    try:
        yield street
    finally:
        street.desk.close()
