"""Shops, members and sealed ship-from."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.entities import Member, SealedShipFrom, Shop
from core.ids import key
from core.values import ShipFrom
from storage.nouns.base import Noun

FIELDS = ("contact", "phone", "address")
_OF_ACCOUNT = (
    select(Shop)
    .join(Member, col(Member.shop_id) == col(Shop.id))
    .where(col(Member.account_id) == bindparam("account"), col(Member.left_at).is_(None))
)
_OF_MEMBER = _OF_ACCOUNT.where(col(Shop.id) == bindparam("shop"))
_ALL_OF = _OF_ACCOUNT.order_by(col(Shop.id))


class ShopStore(Noun):
    """`core.ports.ShopPort`."""

    def of(self, shop_id: int) -> Shop:
        """Return a shop a foreign key names: it exists."""
        return self.lasting_one(Shop, shop_id)

    def of_member(self, shop_id: int, account_id: int) -> Shop | None:
        """Return the shop when the account is a member of it now."""
        return self.session.scalars(
            _OF_MEMBER, {"shop": shop_id, "account": account_id}
        ).one_or_none()

    def all_of(self, account_id: int) -> Sequence[Shop]:
        """Return every shop the account is a member of, oldest first."""
        return self.session.scalars(_ALL_OF, {"account": account_id}).all()

    def by_number(self, number: str) -> Shop | None:
        """Return the shop with that public number."""
        return self.session.scalars(select(Shop).where(col(Shop.number) == number)).one_or_none()

    def by_link(self, token: str) -> Shop | None:
        """Return the shop whose binding link carries that token."""
        return self.session.scalars(select(Shop).where(col(Shop.link_token) == token)).one_or_none()

    def add(self, shop: Shop, owner_id: int) -> Shop:
        """Keep a new shop and its owner."""
        self.session.add(shop)
        self.session.flush()
        self.session.add(
            Member(shop_id=key(shop), account_id=owner_id, rank="owner", joined_at=self.now)
        )
        self.session.flush()
        return shop

    def ship_from(self, shop_id: int) -> ShipFrom | None:
        """Return where the shop ships from."""
        kept = self.found(SealedShipFrom, shop_id)
        if kept is None:
            return None
        plain = (
            self.sealer.open(getattr(kept, one), tenant=shop_id, row="ship_from", field=one)
            for one in FIELDS
        )
        return ShipFrom(*plain)

    def put_ship_from(self, shop_id: int, ship_from: ShipFrom) -> None:
        """Keep where the shop ships from, sealed."""
        sealed = {
            one: self.sealer.seal(
                getattr(ship_from, one), tenant=shop_id, row="ship_from", field=one
            )
            for one in FIELDS
        }
        self.session.merge(
            SealedShipFrom(shop_id=shop_id, key_id=self.sealer.current_key, **sealed)
        )
