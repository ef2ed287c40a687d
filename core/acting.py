"""Proof that an actor may act: ids in a button or a URL are claims, stored membership is proof."""

from typing import NamedTuple

from core.entities import Role, Shop
from core.errors import ShopNotFound, WrongRole
from core.people.staff_errors import OwnerOnly
from core.ports import Store
from core.values import Actor


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

    Raises `ShopNotFound` (not a member: for them it does not exist) and `WrongRole`.
    """
    shop = store.shops.of_member(actor.shop_id, actor.account_id)
    if shop is None:
        raise ShopNotFound
    if role is not None and shop.role != role:
        raise WrongRole(role)
    return Acting(actor, shop)


def owning(store: Store, actor: Actor) -> Acting:
    """Prove `actor` as the shop's owner. Raises `ShopNotFound` and, for staff, `OwnerOnly`."""
    proved = acting(store, actor)
    if store.shops.rank_of(actor.shop_id, actor.account_id) != "owner":
        raise OwnerOnly
    return proved
