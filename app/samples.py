"""Sample shops, bindings and orders for the playground, made through the real use cases.

People, phones and addresses are made up. Every tab has something in it: late and refunded orders,
an incomplete recipient, a change that waits, an open request.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.sample_goods import made_up_order
from core.entities import Role
from core.ids import key
from core.imports.incoming import IncomingOrder, Sheet
from core.orders.views import Cursor
from core.ports import Store
from core.services import Services
from core.values import Actor, ShipFrom
from playground.people import LIN_XIAOMAN, SUN_LI, WANG_DALI, ZHAO_MIN, Person

ORDERS = 60
SENDERS: dict[int, tuple[Role, str, ShipFrom]] = {
    LIN_XIAOMAN.id: (
        "merchant", "小满优选",
        ShipFrom("林小满", "13800001001", "浙江省 杭州市 余杭区 仓前街道示例路 1 号"),
    ),
    WANG_DALI.id: (
        "factory", "大力日用百货厂",
        ShipFrom("王大力", "13800002001", "浙江省 金华市 义乌市 稠江街道示例路 88 号"),
    ),
    ZHAO_MIN.id: (
        "factory", "敏记食品厂",
        ShipFrom("赵敏", "13800002002", "福建省 漳州市 龙海区 海澄镇示例路 6 号"),
    ),
}  # fmt: skip


class Samples:
    """Fills an empty database; does nothing where somebody has a shop already."""

    def __init__(self, services: Services) -> None:
        self._use = services
        self._random = random.Random(20_260_601)  # noqa: S311 - the same sample every time

    def fill(self, store: Store) -> bool:
        """Make everything in one transaction. Returns False when there was something already."""
        if store.accounts.by_telegram(LIN_XIAOMAN.id) is not None:
            return False
        cast = (LIN_XIAOMAN, WANG_DALI, ZHAO_MIN)
        for person in (
            *cast,
            SUN_LI,
        ):  # nobody has opened the bot yet: what they are owed waits for that
            store.alerts.unreachable(person.id)
        merchant, daily, food = (self._open(store, person) for person in cast)
        self._hire(store, daily, SUN_LI)
        self._bind(store, merchant, daily, confirmed=True)
        orders = self._orders(store.now)
        self._import(store, merchant, orders)
        self._ship_some(store, merchant, daily, orders[18:34])
        self._assign(store, merchant, daily, orders[34:52])
        self._change_some(store, merchant, orders)
        store.alerts.forget()
        # What follows is news: the two factories find it when they open the bot.
        self._assign(store, merchant, daily, orders[52:54])
        self._bind(store, merchant, food, confirmed=False)
        return True

    def _open(self, store: Store, person: Person) -> Actor:
        role, name, ship_from = SENDERS[person.id]
        account = self._use.accounts.meet(store, person.id, person.first_name)
        shop = self._use.shops.open(store, key(account), role, name, ship_from)
        return Actor(key(account), key(shop))

    def _hire(self, store: Store, owner: Actor, person: Person) -> None:
        """Invite somebody into a shop's staff; they have opened the link."""
        made = self._use.staffing.invite(store, owner)
        account = self._use.accounts.meet(store, person.id, person.first_name)
        self._use.staffing.join(store, key(account), made.token)

    def _bind(self, store: Store, merchant: Actor, factory: Actor, *, confirmed: bool) -> None:
        number = store.shops.of(factory.shop_id).number
        view = self._use.bindings.request(store, merchant, number)
        if confirmed:
            self._use.bindings.confirm(store, factory, key(view.binding))

    def _orders(self, now: datetime) -> list[IncomingOrder]:
        """Return orders due from a day ago to three days ahead, the first ones late."""
        return [
            made_up_order(number, now + timedelta(hours=2 * number - 20), self._random)
            for number in range(ORDERS)
        ]

    def _import(self, store: Store, merchant: Actor, orders: Sequence[IncomingOrder]) -> None:
        sheet = Sheet("doudian", tuple(orders), (), rows_read=len(orders))
        draft_id = self._use.importing.keep(
            store, merchant, sheet, "示例.xlsx", (LIN_XIAOMAN.id, 0)
        )
        self._use.importing.confirm(store, merchant, draft_id)

    def _assign(
        self, store: Store, merchant: Actor, factory: Actor, orders: Sequence[IncomingOrder]
    ) -> None:
        number = store.shops.of(factory.shop_id).number
        order_nos = [order.order_no for order in orders]
        self._use.assigning.direct(store, merchant, order_nos, number)

    def _ship_some(
        self, store: Store, merchant: Actor, factory: Actor, orders: Sequence[IncomingOrder]
    ) -> None:
        self._assign(store, merchant, factory, orders)
        cursor: Cursor | None = None
        while True:
            page = self._use.listing.assignments(store, factory, "to_ship", cursor)
            for row in page.rows:
                self._use.shipping.reply(store, factory, row.id, self._number())
            if page.after is None:
                return
            cursor = page.after

    def _number(self) -> str:
        digits = "".join(self._random.choices("0123456789", k=13))
        return self._random.choice(("SF", "YT", "JT")) + digits

    def _change_some(self, store: Store, merchant: Actor, orders: Sequence[IncomingOrder]) -> None:
        """Refund, cancel and change a few: before, during and after a factory has them."""
        changed = [
            replace(orders[4], after_sale="open"),
            replace(orders[7], order_status="closed"),
            replace(orders[20], after_sale="open"),
            replace(orders[36], after_sale="open"),
            replace(orders[37], order_status="closed"),
            replace(orders[40], buyer_note="麻烦放门口,谢谢"),
            replace(
                orders[41],
                recipient=replace(orders[41].recipient, address="改到示例小区 9 幢 301 室"),
            ),
        ]
        self._import(store, merchant, changed)
