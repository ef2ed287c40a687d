"""Narrowing the merchant's lists: kept per person and shop, asked of every page."""

from collections.abc import Sequence
from dataclasses import replace

from core.acting import acting
from core.entities import MerchantTab
from core.errors import Invalid, NotFound, ShopNotFound
from core.orders.finding import LONGEST
from core.orders.listing import PAGE
from core.orders.lookups import CodeSeen
from core.orders.narrowing import Narrowed, Narrowing
from core.orders.views import BindingRow, Cursor, OrderRow, Page
from core.ports import Store
from core.text.periods import china_day, code_of
from core.text.plain import half_width, one_line
from core.text.regions import PROVINCES, short_province
from core.values import Actor

PARTNERS = 8


class ProvinceUnknown(Invalid):
    """The text names no province."""


class CodeUnknown(NotFound):
    """No order of this merchant has a product of that code."""


class Filtering:
    """筛选."""

    def narrowing(self, store: Store, actor: Actor) -> Narrowing:
        """Return what this person has narrowed this shop's lists to."""
        acting(store, actor, "merchant")
        return Narrowing(**store.drafts.narrowed(actor.account_id, actor.shop_id))

    def view(self, store: Store, actor: Actor, tab: MerchantTab) -> Narrowed:
        """Return the filter with its names; in 待分配 with how many orders match."""
        narrowing = self.narrowing(store, actor)
        matching = None
        if narrowing and tab == "unassigned":
            conditions = narrowing.conditions(tab, store.now)
            matching = store.orders.matching(actor.shop_id, tab, conditions)
        return Narrowed(narrowing, self._name(store, actor, narrowing), matching)

    def page(
        self, store: Store, actor: Actor, tab: MerchantTab, cursor: Cursor | None = None
    ) -> Page[OrderRow]:
        """Return a page of the tab as far as it matches.

        A page looks at a bounded number of orders; `Page.cut` says that it ended before the tab
        did, and the cursor on that side goes on from there.
        """
        narrowing = self.narrowing(store, actor)
        if not narrowing:
            return store.orders.page(actor.shop_id, tab, cursor, PAGE)
        conditions = narrowing.conditions(tab, store.now)
        return store.orders.narrowed_page(actor.shop_id, tab, conditions, cursor, PAGE)

    def clear(self, store: Store, actor: Actor) -> None:
        """清除筛选."""
        acting(store, actor, "merchant")
        self._keep(store, actor, Narrowing())

    def by_factory(self, store: Store, actor: Actor, factory_id: int | None) -> None:
        """Only what that factory has; None for any. Raises `ShopNotFound`."""
        if factory_id is not None and not store.bindings.ever(actor.shop_id, factory_id):
            raise ShopNotFound
        self._change(store, actor, factory_id=factory_id)

    def by_line(self, store: Store, actor: Actor, line_id: int | None) -> None:
        """Only orders with the product code of that line. Raises `CodeUnknown`."""
        code = ""
        if line_id is not None:
            acting(store, actor, "merchant")
            code = store.orders.code_of_line(actor.shop_id, line_id) or ""
            if not code:
                raise CodeUnknown
        self._change(store, actor, code=code)

    def by_code(self, store: Store, actor: Actor, text: str) -> None:
        """Only orders with that product code, typed in any case. Raises `CodeUnknown`."""
        acting(store, actor, "merchant")
        code = one_line(half_width(text))[:LONGEST]
        spelled = [one for one in (code, code.upper(), code.lower()) if one]
        known = [one for one in spelled if store.orders.by_code(actor.shop_id, one, 1)]
        if not known:
            raise CodeUnknown
        self._change(store, actor, code=known[0])

    def by_province(self, store: Store, actor: Actor, text: str) -> None:
        """Only orders to that province; empty for any. Raises `ProvinceUnknown`."""
        province = short_province(one_line(text)) if text else ""
        if text and not province:
            raise ProvinceUnknown
        self._change(store, actor, province=province)

    def by_paid(self, store: Store, actor: Actor, text: str) -> None:
        """Only orders paid in that period; empty for any. Raises as `core.text.periods`."""
        paid = code_of(text, china_day(store.now)) if text else ""
        self._change(store, actor, paid=paid)

    def by_due(self, store: Store, actor: Actor, *, due_today: bool) -> None:
        """Only what must ship by the end of today."""
        self._change(store, actor, due_today=due_today)

    def codes(self, store: Store, actor: Actor, tab: MerchantTab) -> Sequence[CodeSeen]:
        """Return product codes on the tab's first orders, the commonest first."""
        acting(store, actor, "merchant")
        return store.orders.codes_seen(actor.shop_id, tab)

    def provinces(self, store: Store, actor: Actor, tab: MerchantTab) -> Sequence[str]:
        """Return provinces of the tab's first orders, in the usual order."""
        acting(store, actor, "merchant")
        seen = set(store.orders.provinces_seen(actor.shop_id, tab))
        return [one for one in PROVINCES if one in seen]

    def partners(self, store: Store, actor: Actor, after: int = 0) -> Sequence[BindingRow]:
        """Return a page, and one more, of the shops this one is or was bound with."""
        shop = acting(store, actor).shop
        return store.bindings.partners(shop, after, PARTNERS + 1)

    def _change(self, store: Store, actor: Actor, **changes: object) -> None:
        narrowing = self.narrowing(store, actor)
        self._keep(store, actor, replace(narrowing, **changes))  # type: ignore[arg-type]

    def _keep(self, store: Store, actor: Actor, narrowing: Narrowing) -> None:
        store.drafts.narrow(actor.account_id, actor.shop_id, narrowing.kept())

    def _name(self, store: Store, actor: Actor, narrowing: Narrowing) -> str:
        if narrowing.factory_id is None:
            return ""
        known = store.bindings.ever(actor.shop_id, narrowing.factory_id)
        own = known.merchant_alias if known else ""
        return own or store.shops.of(narrowing.factory_id).name
