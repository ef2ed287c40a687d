"""对账: what shipped in a span of days, for either side of a binding, parcel by parcel."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.acting import acting
from core.errors import Invalid, ShopNotFound
from core.orders.lookups import ShippedRow
from core.orders.narrowing import Scope
from core.orders.views import Cursor
from core.ports import Store
from core.text.periods import Period, china_day, period_of
from core.values import Actor

LIMIT = 100_000  # parcels in one workbook
CHUNK = 1_000  # parcels read in one visit


@dataclass(eq=False)
class TooMuchToExport(Invalid):
    """More parcels than one workbook takes."""

    limit: int


class Reconciling:
    """Use cases of both roles: a merchant asks about factories, a factory about merchants."""

    def period(self, store: Store, actor: Actor, text: str) -> Period:
        """Return the days a name, a code or typed words mean. Raises as `core.text.periods`."""
        acting(store, actor)
        return period_of(text, china_day(store.now))

    def scope(self, store: Store, actor: Actor, text: str, partner_id: int) -> Scope:
        """Return what to export; 0 is everybody. Raises `ShopNotFound` for one never bound."""
        shop = acting(store, actor).shop
        merchant, factory = actor.shop_id, partner_id
        if shop.role == "factory":
            merchant, factory = factory, merchant
        if partner_id and not store.bindings.ever(merchant, factory):
            raise ShopNotFound
        return Scope(shop.role, self.period(store, actor, text), partner_id or None)

    def size(self, store: Store, actor: Actor, scope: Scope, limit: int = LIMIT) -> int:
        """Return how many parcels it is, counted as far as one more than `limit`."""
        acting(store, actor, scope.role)
        return store.shipments.count_between(actor.shop_id, scope, limit + 1)

    def check(self, store: Store, actor: Actor, scope: Scope) -> None:
        """Refuse what no workbook takes. Raises `TooMuchToExport`."""
        if self.size(store, actor, scope) > LIMIT:
            raise TooMuchToExport(LIMIT)

    def rows(
        self, store: Store, actor: Actor, scope: Scope, after: Cursor | None
    ) -> Sequence[ShippedRow]:
        """Return the rows of the next `CHUNK` parcels, oldest first; none at the end.

        One row per product in a parcel. A parcel whose pieces were not told apart is a row without
        a product. No recipients.
        """
        acting(store, actor, scope.role)
        return store.shipments.between(actor.shop_id, scope, after, CHUNK)
