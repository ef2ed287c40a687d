"""Who works in a shop: invited by link, listed, removed, made owner; each may leave.

A shop has exactly one owner. Staff do all of the day's work; what concerns the shop itself (its
people, its name and sender, its link, where its alerts go, its end) is the owner's.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.acting import acting, owning
from core.entities import MemberInvite, Shop
from core.events import MemberJoined, MemberLeft, MemberRemoved, OwnershipGiven
from core.ids import key
from core.people.staff_errors import (
    AlreadyMember,
    MemberNotFound,
    OwnerStays,
    StaffInviteExpired,
    StaffInviteUnknown,
    StaffInviteUsed,
)
from core.people.staff_views import MemberRow, Staff
from core.ports import Store
from core.values import Actor

INVITE_KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link into a shop's staff: for one person, until `expires_at`. The token is not kept."""

    shop: Shop
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Parted:
    """Somebody who is no longer in a shop. `acted`: it was the shop switched on for them."""

    shop: Shop
    name: str
    telegram_id: int
    acted: bool


class Staffing:
    """Use cases on a shop's people."""

    def invite(self, store: Store, actor: Actor) -> Invitation:
        """Make an invitation for one person; only the token's hash is kept. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        token, expires_at = secrets.token_urlsafe(24), store.now + INVITE_KEPT
        store.shops.add_invite(
            MemberInvite(
                token_hash=_hash(token), shop_id=actor.shop_id, invited_by=actor.account_id,
                created_at=store.now, expires_at=expires_at,
            )
        )  # fmt: skip
        store.record(actor, "staff_invited", expires=expires_at.isoformat())
        return Invitation(shop, token, expires_at)

    def join(self, store: Store, account_id: int, token: str) -> Shop:
        """Use an invitation: the person becomes staff, and acts for the shop from here on.

        Of two who open one link at once, one joins. Raises `StaffInviteUnknown`,
        `StaffInviteUsed`, `StaffInviteExpired`, and `AlreadyMember`, which uses nothing up.
        """
        token_hash = _hash(token)
        invite = store.shops.invite(token_hash)
        if invite is None or store.shops.of(invite.shop_id).closed_at is not None:
            raise StaffInviteUnknown
        shop = store.shops.of(invite.shop_id)
        if store.shops.of_member(invite.shop_id, account_id) is not None:
            raise AlreadyMember(shop.name)
        if invite.used_by is not None:
            raise StaffInviteUsed
        if invite.expires_at <= store.now:
            raise StaffInviteExpired
        if not store.shops.use_invite(token_hash, account_id):
            raise StaffInviteUsed
        store.shops.join(invite.shop_id, account_id)
        account = store.accounts.of(account_id)
        account.shop_id = invite.shop_id
        actor = Actor(account_id, invite.shop_id)
        store.record(actor, "staff_joined", invited_by=invite.invited_by)
        self._tell_owner(store, MemberJoined(account_id), invite.shop_id)
        return shop

    def people(self, store: Store, actor: Actor, after: int, limit: int) -> Staff:
        """Return the owner, and staff by account after `after`. Every member may see them."""
        shop = acting(store, actor).shop
        owner = store.shops.owner(actor.shop_id)
        mine = owner is not None and owner.account_id == actor.account_id
        return Staff(shop, mine, owner, store.shops.staff(actor.shop_id, after, limit))

    def one(self, store: Store, actor: Actor, account_id: int) -> tuple[Shop, MemberRow]:
        """Return one of the staff, to be removed or made owner.

        Raises `OwnerOnly`, and `MemberNotFound` (also for the owner's own account).
        """
        shop = owning(store, actor).shop
        return shop, self._other(store, actor, account_id)

    def remove(self, store: Store, actor: Actor, account_id: int) -> Parted:
        """Take one of the staff out. They are told. Raises `OwnerOnly`, `MemberNotFound`."""
        shop = owning(store, actor).shop
        self._other(store, actor, account_id)
        parted = part(store, shop, account_id)
        store.record(actor, "staff_removed", account=account_id)
        store.emit_to(MemberRemoved(), actor.shop_id, [account_id])
        return parted

    def leave(self, store: Store, actor: Actor) -> Parted:
        """Leave a shop by oneself; the owner is told. Raises `OwnerStays`."""
        shop = acting(store, actor).shop
        if store.shops.rank_of(actor.shop_id, actor.account_id) == "owner":
            raise OwnerStays
        parted = part(store, shop, actor.account_id)
        store.record(actor, "staff_left")
        self._tell_owner(store, MemberLeft(actor.account_id), actor.shop_id)
        return parted

    def hand_over(self, store: Store, actor: Actor, account_id: int) -> MemberRow:
        """Make one of the staff the owner, who is told; I become staff.

        Raises `OwnerOnly`, `MemberNotFound`.
        """
        owning(store, actor)
        heir = self._other(store, actor, account_id)
        store.shops.set_rank(actor.shop_id, actor.account_id, "staff")
        store.shops.set_rank(actor.shop_id, account_id, "owner")
        store.record(actor, "ownership_given", account=account_id)
        store.emit_to(OwnershipGiven(actor.account_id), actor.shop_id, [account_id])
        return heir

    def _other(self, store: Store, actor: Actor, account_id: int) -> MemberRow:
        found = store.shops.staff(actor.shop_id, account_id - 1, 1)
        if not found or found[0].account_id != account_id:
            raise MemberNotFound
        return found[0]

    def _tell_owner(self, store: Store, event: MemberJoined | MemberLeft, shop_id: int) -> None:
        owner = store.shops.owner(shop_id)
        if owner is not None:
            store.emit_to(event, shop_id, [owner.account_id])


def part(store: Store, shop: Shop, account_id: int) -> Parted:
    """End a membership, with everything it had opened for the person.

    The shop is switched off for them, the question about it is closed, what they were shown of
    recipients vanishes now, and what their group hears in their language, it hears in the owner's.
    """
    shop_id = key(shop)
    store.shops.leave(shop_id, account_id)
    store.programs.end_keys(shop_id, account_id)
    store.webhooks.end_of(shop_id, account_id)
    account = store.accounts.of(account_id)
    acted = account.shop_id == shop_id
    if acted:
        account.shop_id = None
    talk = store.accounts.talk(account_id)
    if talk is not None and (acted or talk[1].get("shop") == shop_id):
        store.accounts.hush(account_id)
    store.chats.vanish_now(account.telegram_id)
    owner = store.shops.owner(shop_id)
    if owner is not None and shop.alert_chat_id and shop.alert_account_id == account_id:
        shop.alert_account_id = owner.account_id
        store.alerts.retell(shop.alert_chat_id, shop_id, owner.account_id)
    return Parted(shop, account.name, account.telegram_id, acted)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
