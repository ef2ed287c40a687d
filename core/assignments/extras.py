"""赠品, 补发, 换货: what goes to a buyer beside the order, as an extra shipment with its own lines.

An extra is an assignment of its own, with its own tag, to one bound factory. It does not count into
where its order stands: an order that has shipped stays shipped. A gift stops when its order stops;
a resend or an exchange goes on, since an after-sale is often why it is sent.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from core.acting import acting
from core.changes.edit_errors import OrderErased
from core.entities import Assignment, Extra, Order
from core.errors import (
    Conflict,
    DraftGone,
    Invalid,
    OrderNotFound,
    OrderStopped,
    TooMany,
)
from core.events import OrderAssigned
from core.ids import key
from core.marks import mark_of
from core.orders.standing import stop_reason
from core.orders.views import BindingRow, LineView
from core.people.suspending import dealing
from core.ports import Store
from core.text.free_text import as_shown
from core.text.plain import half_width, one_line
from core.values import Actor

KINDS: tuple[Extra, ...] = ("gift", "resend", "exchange")
LINES_LIMIT, NAME_LIMIT, PIECES_LIMIT = 10, 80, 999
FACTORIES = 60  # bound factories offered at once (a message takes 100 buttons), its own first
_AT_A_TIME = 50

EXTRA_LINES, EXTRA_CHECK = "extra_lines", "extra_check"

_UNIT = "[件个只条双套盒瓶袋包箱支把张台]"
_AFTER = re.compile(
    rf"(?P<name>.*?\S)\s*(?:[x*×]\s*(?P<times>\d+)\s*{_UNIT}?|(?P<n>\d+)\s*{_UNIT})"
)
_BEFORE = re.compile(rf"(?P<n>\d+)\s*{_UNIT}\s+(?P<name>\S.*)")  # 2件套 is a product


class RecipientIncomplete(Conflict):
    """Nothing can be sent to a recipient that came masked or with something missing."""


@dataclass(eq=False)
class ExtraUnreadable(Invalid):
    """A line without a product's name, or with a number of pieces that cannot be meant."""

    line: str


class LineNamesRecipient(Invalid):
    """A phone or an address in a product's name, which stands in every list."""


@dataclass(frozen=True, slots=True)
class ExtraPlan:
    """What would be sent, and the bound factories that could; `mark` tells it from others."""

    order: Order
    kind: Extra
    lines: Sequence[LineView]
    factories: Sequence[BindingRow]
    mark: int


def read_lines(text: str) -> list[LineView]:
    """Read one product per line: `杯刷 ×2`, `杯刷 2件`, `2件 杯刷`; without a number it is one.

    Raises `ExtraUnreadable`, `LineNamesRecipient`, `TooMany`.
    """
    rows = [one for one in map(one_line, half_width(text).split("\n")) if one]
    if len(rows) > LINES_LIMIT:
        raise TooMany(LINES_LIMIT)
    if not rows:
        raise ExtraUnreadable("")
    return [_read(row) for row in rows]


def _read(row: str) -> LineView:
    found = _AFTER.fullmatch(row.replace("X", "x")) or _BEFORE.fullmatch(row)
    groups = found.groupdict() if found else {"name": row}
    quantity = int(groups.get("times") or groups.get("n") or 1)
    name = groups["name"].strip(" ,;:、")
    if not name or len(name) > NAME_LIMIT or not 1 <= quantity <= PIECES_LIMIT:
        raise ExtraUnreadable(row)
    if as_shown(name) != name:
        raise LineNamesRecipient
    return LineView(name, "", "", quantity)


class Extras:
    """Use cases of a merchant's 赠品 / 补发 / 换货."""

    def begin(self, store: Store, actor: Actor, order_id: int, kind: str) -> Order:
        """Ask what goes into it. Raises `OrderNotFound`, `OrderStopped`, `RecipientIncomplete`."""
        order = _for(store, actor, order_id, kind)
        data = {"order": order_id, "kind": kind, "shop": actor.shop_id}
        store.accounts.ask(actor.account_id, EXTRA_LINES, data)
        return order

    def take(self, store: Store, actor: Actor, text: str) -> ExtraPlan:
        """Take the lines as written, to be confirmed. Raises `DraftGone`, and as `read_lines`."""
        data = _asked(store, actor)
        order = _for(store, actor, data["order"], data["kind"])
        return self._plan(store, actor, order, data["kind"], read_lines(text))

    def take_same(self, store: Store, actor: Actor, order_id: int, kind: str) -> ExtraPlan:
        """Take what the order itself holds: the usual resend. Raises as `begin`."""
        order = _for(store, actor, order_id, kind)
        lines = [
            LineView(one.product_name, one.sku_spec, one.product_code, one.quantity)
            for one in store.orders.lines([order_id])[order_id]
            if one.quantity and not one.extra
        ]
        return self._plan(store, actor, order, cast("Extra", kind), lines)

    def send(self, store: Store, actor: Actor, factory_id: int, mark: int) -> Assignment:
        """Hand the confirmed extra to a factory, which is told.

        `mark` is of the plan that was shown: written anew, it is another. Raises `DraftGone`,
        `NotBound`.
        """
        data = _asked(store, actor)
        if "lines" not in data or mark_of(data) != mark:
            raise DraftGone
        order = _for(store, actor, data["order"], data["kind"])
        binding = dealing(store, actor.shop_id, factory_id)
        lines = [LineView(**one) for one in data["lines"]]
        given = store.assignments.open_extra(order, binding, actor, data["kind"], lines)
        store.accounts.hush(actor.account_id)
        store.record(
            actor, "extra_assigned", order_id=order.id, assignment=given.id, kind=data["kind"],
            factory=factory_id, pieces=sum(one.quantity for one in lines),
        )  # fmt: skip
        store.emit(OrderAssigned(key(given)), to=factory_id)
        return given

    def _plan(
        self, store: Store, actor: Actor, order: Order, kind: Extra, lines: Sequence[LineView]
    ) -> ExtraPlan:
        data = {
            "order": key(order), "kind": kind, "shop": actor.shop_id,
            "lines": [asdict(one) for one in lines],
        }  # fmt: skip
        store.accounts.ask(actor.account_id, EXTRA_CHECK, data)
        return ExtraPlan(order, kind, lines, _factories(store, actor, order), mark_of(data))


def _for(store: Store, actor: Actor, order_id: int, kind: str) -> Order:
    """Return the merchant's own order when this kind of extra may go to its buyer now."""
    acting(store, actor, "merchant")
    order = store.orders.get(order_id)
    if order is None or order.merchant_id != actor.shop_id or order.closed_reason == "undone":
        raise OrderNotFound
    if kind not in KINDS:
        raise DraftGone
    stopped = stop_reason(order, kind)
    if stopped is not None:
        raise OrderStopped(stopped)
    if order.erased_at is not None:
        raise OrderErased
    if not order.complete or store.orders.masked(order_id) is None:
        raise RecipientIncomplete
    return order


def _asked(store: Store, actor: Actor) -> dict[str, Any]:
    """Return what was asked and answered so far, for this shop. Raises `DraftGone`."""
    acting(store, actor, "merchant")
    talk = store.accounts.talk(actor.account_id)
    if talk is None or talk[0] not in (EXTRA_LINES, EXTRA_CHECK):
        raise DraftGone
    if talk[1]["shop"] != actor.shop_id:
        raise DraftGone
    return talk[1]


def _factories(store: Store, actor: Actor, order: Order) -> list[BindingRow]:
    """Return bound factories, the one that has the order first."""
    shop, after, bound = store.shops.of(actor.shop_id), 0, list[BindingRow]()
    while rows := store.bindings.page(shop, after, _AT_A_TIME):
        bound += [row for row in rows if row.status == "bound"]
        after = rows[-1].id
        if len(rows) < _AT_A_TIME:
            break
    bound.sort(key=lambda row: row.shop_id != order.factory_id)
    return bound[:FACTORIES]
