"""Shops, who is in them and how they came in, and sealed ship-from."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from core.entities import Account, Member, MemberInvite, Rank, SealedShipFrom, Shop
from core.ids import key
from core.people.staff_views import MemberRow
from core.values import ShipFrom
from storage.nouns.base import Noun
from storage.rows import rows_of, run, table_of

FIELDS = ("contact", "phone", "address")
_OF_ACCOUNT = (
    select(Shop)
    .join(Member, col(Member.shop_id) == col(Shop.id))
    .where(col(Member.account_id) == bindparam("account"), col(Member.left_at).is_(None))
)
# Whoever works for shops leaves these out: always few, and in an index of their own.
SUSPENDED = select(col(Shop.id)).where(col(Shop.suspended_at).is_not(None))
_OF_MEMBER = _OF_ACCOUNT.where(col(Shop.id) == bindparam("shop"))
_ALL_OF = _OF_ACCOUNT.order_by(col(Shop.id))
_IN_SHOP = (col(Member.shop_id) == bindparam("shop"), col(Member.left_at).is_(None))
_RANK = select(col(Member.rank)).where(*_IN_SHOP, col(Member.account_id) == bindparam("account"))
_ROWS = (
    select(col(Account.id), col(Account.name), col(Member.rank), col(Member.joined_at))
    .join(Member, col(Member.account_id) == col(Account.id))
    .where(*_IN_SHOP, col(Member.rank) == bindparam("rank"))
)
_STAFF = (
    _ROWS.where(col(Member.account_id) > bindparam("after"))
    .order_by(col(Member.account_id))
    .limit(bindparam("most"))
)
_EVERYBODY = select(col(Member.account_id)).where(*_IN_SHOP).order_by(col(Member.account_id))
_MEMBER, _INVITE = table_of(Member), table_of(MemberInvite)
_OF_PERSON = (_MEMBER.c.shop_id == bindparam("shop"), _MEMBER.c.account_id == bindparam("account"))
_SET_RANK = update(_MEMBER).where(*_OF_PERSON).values(rank=bindparam("new_rank"))
_LEAVE = (
    update(_MEMBER).where(*_OF_PERSON, _MEMBER.c.left_at.is_(None)).values(left_at=bindparam("now"))
)
# Of two who use one invitation at once, only one finds it unused.
_USE = (
    update(_INVITE)
    .where(
        _INVITE.c.token_hash == bindparam("token"),
        _INVITE.c.used_by.is_(None),
        _INVITE.c.expires_at > bindparam("now"),
    )
    .values(used_by=bindparam("account"), used_at=bindparam("now"))
    .execution_options(preserve_rowcount=True)
)


class ShopStore(Noun):
    """`core.ports.ShopPort`."""

    def of(self, shop_id: int) -> Shop:
        """Return a shop a foreign key names: it exists."""
        return self.lasting_one(Shop, shop_id)

    def of_member(self, shop_id: int, account_id: int) -> Shop | None:
        """Return the shop when the account is a member of it now."""
        values = {"shop": shop_id, "account": account_id}
        shop: Shop | None = self.session.scalars(_OF_MEMBER, values).one_or_none()
        if shop is not None:
            self.visit.lasting[Shop, shop_id] = shop  # whoever acts is asked for again and again
        return shop

    def suspended(self, shop_ids: Collection[int]) -> set[int]:
        """Return which of these an operator has suspended."""
        chosen = SUSPENDED.where(col(Shop.id).in_(sorted(shop_ids)))
        return {one for one in self.session.scalars(chosen) if one is not None}

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

    def rank_of(self, shop_id: int, account_id: int) -> Rank | None:
        """Return what the account is in the shop now; None when it is no member."""
        found = run(self.session, _RANK, {"shop": shop_id, "account": account_id})
        return found.scalar_one_or_none()

    def set_rank(self, shop_id: int, account_id: int, rank: Rank) -> None:
        """Make a member owner or staff."""
        values = {"shop": shop_id, "account": account_id, "new_rank": rank}
        run(self.session, _SET_RANK, values)

    def owner(self, shop_id: int) -> MemberRow | None:
        """Return the shop's owner; a closed shop has none."""
        found = run(self.session, _ROWS, {"shop": shop_id, "rank": "owner"}).one_or_none()
        return MemberRow(*found) if found else None

    def staff(self, shop_id: int, after: int, limit: int) -> Sequence[MemberRow]:
        """Return staff with an account after `after`, by account."""
        values = {"shop": shop_id, "rank": "staff", "after": after, "most": limit}
        return [MemberRow(*row) for row in rows_of(self.session, _STAFF, values)]

    def everybody(self, shop_id: int) -> Sequence[int]:
        """Return every member's account."""
        return list(run(self.session, _EVERYBODY, {"shop": shop_id}).scalars())

    def join(self, shop_id: int, account_id: int) -> None:
        """Make an account staff; one who was there before begins anew."""
        self.session.merge(
            Member(shop_id=shop_id, account_id=account_id, rank="staff", joined_at=self.now)
        )
        self.session.flush()

    def leave(self, shop_id: int, account_id: int) -> None:
        """End a membership."""
        run(self.session, _LEAVE, {"shop": shop_id, "account": account_id, "now": self.now})

    def add_invite(self, invite: MemberInvite) -> None:
        """Keep a new invitation."""
        self.session.add(invite)

    def invite(self, token_hash: str) -> MemberInvite | None:
        """Return the invitation."""
        return self.session.get(MemberInvite, token_hash)

    def use_invite(self, token_hash: str, account_id: int) -> bool:
        """Use the invitation up; False when it was used before, or is too old."""
        values = {"token": token_hash, "account": account_id, "now": self.now}
        return run(self.session, _USE, values).rowcount == 1

    def alerted_in(self, chat_id: int) -> Sequence[Shop]:
        """Return the shops whose alerts go to that group."""
        return self.session.scalars(
            select(Shop).where(col(Shop.alert_chat_id) == chat_id).order_by(col(Shop.id))
        ).all()

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
