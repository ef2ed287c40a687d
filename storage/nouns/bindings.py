"""Bindings of a pair, and a side's list of them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlmodel import col

from core.entities import Assignment, Binding, Shop
from core.entities.assignment import UNSHIPPED_STATUSES
from core.ids import key
from core.orders.views import BindingRow
from storage.counters import OPEN_OF_BINDING
from storage.nouns.base import Noun
from storage.rows import run, total

_OF_PAIR = select(Binding).where(
    col(Binding.merchant_id) == bindparam("merchant"),
    col(Binding.factory_id) == bindparam("factory"),
)
_BOUND = _OF_PAIR.where(col(Binding.status) == "bound")
_LIVE = _OF_PAIR.where(or_(col(Binding.status) == "pending", col(Binding.status) == "bound"))

EVER = ("bound", "unbound")

_PART_SHIPPED = select(func.count()).where(
    col(Assignment.binding_id) == bindparam("binding"), col(Assignment.status) == "part_shipped"
)


class BindingStore(Noun):
    """`core.ports.BindingPort`."""

    def get(self, binding_id: int) -> Binding | None:
        """Return the binding."""
        return self.lasting(Binding, binding_id)

    def live(self, merchant_id: int, factory_id: int) -> Binding | None:
        """Return the pair's pending or bound binding."""
        return self._of_pair(_LIVE, merchant_id, factory_id)

    def bound(self, merchant_id: int, factory_id: int) -> Binding | None:
        """Return the pair's binding when it is bound."""
        return self._of_pair(_BOUND, merchant_id, factory_id)

    def _of_pair(
        self, query: Select[tuple[Binding]], merchant_id: int, factory_id: int
    ) -> Binding | None:
        values = {"merchant": merchant_id, "factory": factory_id}
        return self.session.scalars(query, values).one_or_none()

    def add(self, binding: Binding) -> Binding:
        """Keep a new request."""
        self.session.add(binding)
        self.session.flush()
        return binding

    def expired(self, limit: int) -> Sequence[Binding]:
        """Return requests past their time."""
        return self.session.scalars(
            select(Binding)
            .where(col(Binding.status) == "pending", col(Binding.expires_at) <= self.now)
            .order_by(col(Binding.expires_at))
            .limit(limit)
        ).all()

    def ever(self, merchant_id: int, factory_id: int) -> Binding | None:
        """Return the pair's last binding that was answered with yes, ended or not."""
        return self.session.scalars(
            select(Binding)
            .where(
                col(Binding.merchant_id) == merchant_id,
                col(Binding.factory_id) == factory_id,
                col(Binding.status).in_(EVER),
            )
            .order_by(col(Binding.id).desc())
            .limit(1)
        ).one_or_none()

    def page(self, shop: Shop, after_id: int, limit: int) -> Sequence[BindingRow]:
        """Return the shop's live bindings after `after_id`, with the other side's name."""
        live = col(Binding.status).in_(("pending", "bound"))
        return self._page(shop, after_id, limit, live)

    def partners(self, shop: Shop, after_id: int, limit: int) -> Sequence[BindingRow]:
        """Return whom the shop is or was bound with, each once, by their last binding."""
        mine, other = (
            (Binding.merchant_id, Binding.factory_id)
            if shop.role == "merchant"
            else (Binding.factory_id, Binding.merchant_id)
        )
        last = (
            select(func.max(Binding.id))
            .where(col(mine) == key(shop), col(Binding.status).in_(EVER))
            .group_by(col(other))
        )
        return self._page(shop, after_id, limit, col(Binding.id).in_(last))

    def _page(
        self, shop: Shop, after_id: int, limit: int, which: ColumnElement[bool]
    ) -> Sequence[BindingRow]:
        merchant = shop.role == "merchant"
        mine, other, alias = (
            (Binding.merchant_id, Binding.factory_id, Binding.merchant_alias)
            if merchant
            else (Binding.factory_id, Binding.merchant_id, Binding.factory_alias)
        )
        rows = self.session.execute(
            select(
                col(Binding.id), col(Shop.id), col(Shop.number), col(Shop.name), col(alias),
                col(Binding.status), OPEN_OF_BINDING,
            )
            .join(Shop, col(Shop.id) == col(other))
            .where(
                col(mine) == key(shop),
                which,
                col(Binding.id) > after_id,
            )
            .order_by(col(Binding.id))
            .limit(limit)
        )  # fmt: skip
        return [BindingRow(*row) for row in rows]

    def unshipped(self, binding_id: int) -> Sequence[int]:
        """Return the open assignments of the binding of which no parcel is out."""
        return self.session.scalars(
            select(col(Assignment.id)).where(
                col(Assignment.binding_id) == binding_id,
                col(Assignment.status).in_(sorted(UNSHIPPED_STATUSES)),
            )
        ).all()  # type: ignore[return-value]

    def open_of(self, binding: Binding) -> int:
        """Return how many assignments of the binding are live."""
        return self.counters.open_of(binding)

    def part_shipped(self, binding_id: int) -> int:
        """Count the binding's assignments that have gone out in part: always few."""
        return int(run(self.session, _PART_SHIPPED, {"binding": binding_id}).scalar_one())

    def open_orders(self, shop: Shop) -> int:
        """Sum the shop's live assignments over all its bindings, ended ones too."""
        mine = Binding.merchant_id if shop.role == "merchant" else Binding.factory_id
        counted = select(func.coalesce(total(OPEN_OF_BINDING), 0))
        return int(self.session.scalar(counted.where(col(mine) == key(shop))) or 0)

    def begun(self, binding_id: int) -> int:
        """Return how many of those the factory has accepted or looked at."""
        return (
            self.session.scalar(
                select(func.count()).where(
                    col(Assignment.binding_id) == binding_id,
                    col(Assignment.status).in_(sorted(UNSHIPPED_STATUSES)),
                    or_(
                        col(Assignment.status) != "assigned",
                        col(Assignment.looked_at).is_not(None),
                    ),
                )
            )
            or 0
        )
