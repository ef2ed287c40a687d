"""/platform: the owner links the shop to its platform, pauses, disconnects, sees how it stands.

A merchant's, for its orders; a factory's, so that what its merchants assign is its on the platform
too, and it ships there itself.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from core.acting import owning
from core.entities import OrderAside, OutsidePartner, PlatformCall, PlatformLink, Shop
from core.ids import key
from core.platforms.facts import Grant, OutsideRole
from core.platforms.platform_errors import (
    AuthorisationUnknown,
    CallNotFound,
    LinkNotFound,
    OutsideRoleDiffers,
    OutsideShopTaken,
)
from core.platforms.platform_events import PlatformLinked
from core.ports import Store
from core.values import Actor

ASKED_FOR: Final = timedelta(minutes=15)  # so long an authorisation may take
REACH: Final = timedelta(days=3)  # so far back a new link looks: what is older has shipped
NAMED: Final = 10  # calls and orders set aside that are named; one more says there are more


class OwnLinks(NamedTuple):
    """A shop and its platform shops, the oldest first."""

    shop: Shop
    links: Sequence[PlatformLink]


class LinkView(NamedTuple):
    """How one platform shop stands: what is owed to it, given up, and what could not be read.

    `partners` are bound to it there; of a merchant's, whether that factory is linked here.
    """

    link: PlatformLink
    owed: int
    given_up: Sequence[tuple[PlatformCall, str]]  # with the order's number
    aside: Sequence[OrderAside]
    now: datetime
    partners: Sequence[tuple[OutsidePartner, bool]] = ()


class Linking:
    """Use cases of a shop's owner, and of the page the platform sends them back to."""

    def own(self, store: Store, actor: Actor) -> OwnLinks:
        """Return the shop's platform shops. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        return OwnLinks(shop, store.platforms.own(actor.shop_id))

    def one(self, store: Store, actor: Actor, link_id: int) -> LinkView:
        """Return one of them. Raises as `own`, and `LinkNotFound`."""
        link = self._one(store, actor, link_id)
        return LinkView(
            link, store.platforms.owed(link_id), store.platforms.given_up(link_id, NAMED + 1),
            store.platforms.asides(link_id, NAMED + 1), store.now,
            store.platforms.partners(link_id),
        )  # fmt: skip

    def begin(self, store: Store, actor: Actor, platform: str) -> str:
        """Prepare an authorisation; returns the word that must come back with its answer.

        Raises as `own`. The word is kept as a hash, and is good once.
        """
        shop = self.own(store, actor).shop
        word = secrets.token_urlsafe(24)
        store.platforms.forget_asked(actor.shop_id, platform)
        store.platforms.add(
            PlatformLink(
                shop_id=actor.shop_id, account_id=actor.account_id, role=shop.role,
                platform=platform, asked_hash=_hashed(word), asked_until=store.now + ASKED_FOR,
                created_at=store.now,
            )
        )  # fmt: skip
        return word

    def asked(self, store: Store, platform: str, word: str) -> None:
        """Prove that an authorisation is awaited. Raises `AuthorisationUnknown`."""
        self._asked(store, platform, word)

    def finish(
        self, store: Store, platform: str, word: str, grant: Grant, role: OutsideRole = "unknown"
    ) -> PlatformLink:
        """Link what the platform has granted; what changed in the last `REACH` comes in first.

        A shop that was linked before goes on with its new tokens where it stood, also one that was
        disconnected: its orders, and parcels nobody could tell meanwhile. `role` is what it
        is in the platform's own programme: a factory's must be a factory there, a merchant's may
        have no part in it. Raises `AuthorisationUnknown`, `OutsideShopTaken`, `OutsideRoleDiffers`.
        """
        asked = self._asked(store, platform, word)
        if role != asked.role and (role != "unknown" or asked.role == "factory"):
            raise OutsideRoleDiffers(grant.shop_name)
        there = store.platforms.linked(platform, grant.shop_id)
        if there is not None and there.shop_id != asked.shop_id:
            raise OutsideShopTaken(grant.shop_name)
        if there is not None:
            asked.ended_at = store.now
            store.flush()
        link = there or asked
        link.asked_hash, link.asked_until = "", None
        link.account_id = asked.account_id
        link.outside_id, link.outside_name = grant.shop_id, grant.shop_name
        link.connected_at = store.now
        link.synced_to = link.synced_to or _since(store, link)
        link.due_at, link.paused_at, link.partners_at = store.now, None, None
        link.failing_since, link.told_at, link.why = None, None, ""
        store.platforms.keep(link, grant)
        actor = Actor(link.account_id, link.shop_id, "platform")
        store.record(actor, "platform_linked", link=key(link), platform=platform)
        store.emit(PlatformLinked(key(link)), to=link.shop_id)
        return link

    def pause(self, store: Store, actor: Actor, link_id: int) -> PlatformLink:
        """Leave the platform alone until `resume`. Raises as `one`."""
        link = self._one(store, actor, link_id)
        if link.paused_at is None:
            link.paused_at, link.due_at = store.now, None
            store.record(actor, "platform_paused", link=link_id)
        return link

    def resume(self, store: Store, actor: Actor, link_id: int) -> PlatformLink:
        """Go on where it stood: what changed meanwhile comes in now. Raises as `one`."""
        link = self._one(store, actor, link_id)
        if link.paused_at is not None:
            link.paused_at, link.due_at = None, store.now
            store.record(actor, "platform_resumed", link=link_id)
        return link

    def look_now(self, store: Store, actor: Actor, link_id: int) -> PlatformLink:
        """Look at once instead of when it is due, at partners too, and at what stands aside.

        Raises as `one`.
        """
        link = self._one(store, actor, link_id)
        if link.paused_at is None and link.due_at is not None:
            link.due_at, link.partners_at = store.now, None
            store.platforms.fetch_asides(link_id)
        return link

    def disconnect(self, store: Store, actor: Actor, link_id: int) -> PlatformLink:
        """End it: the tokens are erased, what is owed is dropped. Raises as `one`."""
        link = self._one(store, actor, link_id)
        store.platforms.end(link)
        store.record(actor, "platform_ended", link=link_id)
        return link

    def retry(self, store: Store, actor: Actor, link_id: int, call_id: int) -> PlatformCall:
        """Tell the platform again what was given up. Raises as `one`, `CallNotFound`."""
        self._one(store, actor, link_id)
        call = store.platforms.call(call_id)
        if call is None or call.link_id != link_id or call.state != "given_up":
            raise CallNotFound
        call.state, call.due_at, call.tries = "owed", store.now, 0
        store.record(actor, "telling_retried", order_id=call.order_id, shipment=call.shipment_id)
        return call

    def _one(self, store: Store, actor: Actor, link_id: int) -> PlatformLink:
        mine = self.own(store, actor).links
        found = next((one for one in mine if one.id == link_id), None)
        if found is None:
            raise LinkNotFound
        return found

    def _asked(self, store: Store, platform: str, word: str) -> PlatformLink:
        asked = store.platforms.asked(_hashed(word))
        if asked is None or asked.platform != platform:
            raise AuthorisationUnknown
        return asked


def _since(store: Store, link: PlatformLink) -> datetime:
    """Return from when a new link takes changes: earlier where the shop was linked before."""
    reach, left = store.now - REACH, store.platforms.adopt(link)
    return reach if left is None else min(reach, left)


def _hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
