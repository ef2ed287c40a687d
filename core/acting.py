"""Proof that an actor may act: ids in a button or a URL are claims, stored membership is proof."""

from dataclasses import dataclass
from typing import NamedTuple

from core.entities import Role, Shop
from core.errors import Forbidden, ShopNotFound, WrongRole
from core.people.staff_errors import OwnerOnly
from core.ports import Store
from core.values import Actor


@dataclass(eq=False)
class ShopSuspended(Forbidden):
    """An operator suspended the shop: its own people do nothing with it; `why` says whom to ask."""

    name: str
    why: str


class Acting(NamedTuple):
    """An actor with the shop they were proved to act for."""

    actor: Actor
    shop: Shop

    @property
    def shop_id(self) -> int:
        """Return the proved shop's id."""
        return self.actor.shop_id


def acting(store: Store, actor: Actor, role: Role | None = None) -> Acting:
    """Prove `actor` against membership, and the shop against `role`.

    Raises `ShopNotFound` (not a member: for them it does not exist), `ShopSuspended` and
    `WrongRole`.
    """
    shop = store.shops.of_member(actor.shop_id, actor.account_id)
    if shop is None:
        raise ShopNotFound
    if shop.suspended_at is not None:
        raise ShopSuspended(shop.name, shop.suspended_why)
    if role is not None and shop.role != role:
        raise WrongRole(role)
    return Acting(actor, shop)


def owning(store: Store, actor: Actor) -> Acting:
    """Prove `actor` as the shop's owner. Raises `ShopNotFound` and, for staff, `OwnerOnly`."""
    proved = acting(store, actor)
    if store.shops.rank_of(actor.shop_id, actor.account_id) != "owner":
        raise OwnerOnly
    return proved
