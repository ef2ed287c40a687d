"""接口密钥: keys by which a shop's own programs act for it, each in the name of its maker.

A key speaks for the person who made it: once they have left the shop, it opens nothing. Making and
ending keys is the owner's affair.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from core.acting import owning
from core.entities import ApiKey, Role, Shop
from core.ids import key
from core.ports import Store
from core.programs.errors import (
    KeyNameUnfit,
    KeyNotFound,
    KeyRefused,
    RotatedMeanwhile,
    ScopeMissing,
    ScopesUnfit,
    TooManyKeys,
)
from core.text.plain import one_line
from core.values import Actor

Scope = Literal["read", "ship", "recipients", "orders"]

# read: lists and cards, masked. ship: answer, ship, correct. recipients: see them in full, print
# labels. orders: bring in, change, cancel, assign, recall.
SCOPES: Final[Mapping[Role, tuple[Scope, ...]]] = {
    "factory": ("read", "ship", "recipients"),
    "merchant": ("read", "orders"),
}
MOST_KEYS: Final = 10
LONGEST_NAME: Final = 40
OVERLAP: Final = timedelta(hours=24)  # how long a key goes on after another took over from it
USED_EVERY: Final = timedelta(minutes=1)  # how exact the last use is kept

_PREFIX = "daifa_"  # scanners for leaked secrets know it by that


class NewKey(NamedTuple):
    """A key just made, and its token: it is shown once and never again."""

    key: ApiKey
    token: str


class OwnKeys(NamedTuple):
    """A shop and its living keys, the oldest first."""

    shop: Shop
    keys: Sequence[ApiKey]


class Holder(NamedTuple):
    """Who asks by a key: the actor it speaks for; `used_at`, when somebody did last."""

    actor: Actor
    key_id: int
    used_at: datetime | None


class Keys:
    """接口密钥: use cases of a shop's owner, and the proof of a program."""

    def own(self, store: Store, actor: Actor) -> OwnKeys:
        """Return the shop's living keys. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        return OwnKeys(shop, store.programs.keys_of(actor.shop_id))

    def one(self, store: Store, actor: Actor, key_id: int) -> ApiKey:
        """Return one of them. Raises `OwnerOnly`, `KeyNotFound`."""
        found = next((one for one in self.own(store, actor).keys if one.id == key_id), None)
        if found is None:
            raise KeyNotFound
        return found

    def make(self, store: Store, actor: Actor, name: str, scopes: Collection[str]) -> NewKey:
        """Make a key. Raises `OwnerOnly`, `KeyNameUnfit`, `ScopesUnfit`, `TooManyKeys`."""
        shop = owning(store, actor).shop
        name = one_line(name)
        if not 0 < len(name) <= LONGEST_NAME:
            raise KeyNameUnfit(LONGEST_NAME)
        chosen = [one for one in SCOPES[shop.role] if one in scopes]
        if not chosen or len(chosen) != len(set(scopes)):
            raise ScopesUnfit
        if len(store.programs.keys_of(actor.shop_id)) >= MOST_KEYS:
            raise TooManyKeys(MOST_KEYS)
        made = self._new(store, actor, name, " ".join(chosen))
        store.record(actor, "api_key_made", key=key(made.key), name=name, scopes=chosen)
        return made

    def rotate(self, store: Store, actor: Actor, key_id: int, seen: int | None = None) -> NewKey:
        """Make a key that takes over from another: the old one goes on for `OVERLAP`.

        Rotated again, the one before ends at once; so `seen` is what `rotation` said when it was
        asked about. Raises `OwnerOnly`, `KeyNotFound`, `RotatedMeanwhile`.
        """
        old = self.one(store, actor, key_id)
        if seen not in (None, rotation(old)):
            raise RotatedMeanwhile
        made = self._new(store, actor, old.name, old.scopes)
        soon = store.now + OVERLAP
        old.ends_at = soon if old.ends_at is None else store.now
        store.record(actor, "api_key_rotated", key=key_id, by=key(made.key))
        return made

    def revoke(self, store: Store, actor: Actor, key_id: int) -> ApiKey:
        """End a key at once. Raises `OwnerOnly`, `KeyNotFound`."""
        old = self.one(store, actor, key_id)
        old.ends_at = store.now
        store.record(actor, "api_key_revoked", key=key_id)
        return old

    def prove(self, store: Store, token: str, scope: Scope) -> Holder:
        """Prove who holds this token, and that the key may do it.

        Raises `KeyRefused`, `ScopeMissing`.
        """
        found = store.programs.holder(_hash(token))
        if found is None:
            raise KeyRefused
        if scope not in found.scopes.split():
            raise ScopeMissing(scope)
        actor = Actor(found.account_id, found.shop_id, "api")
        return Holder(actor, found.key_id, found.last_used_at)

    def used(self, store: Store, key_id: int) -> None:
        """Keep that a key was used now."""
        store.programs.used(key_id)

    def _new(self, store: Store, actor: Actor, name: str, scopes: str) -> NewKey:
        token = _PREFIX + secrets.token_urlsafe(32)
        made = store.programs.add_key(
            ApiKey(
                shop_id=actor.shop_id, account_id=actor.account_id, name=name, scopes=scopes,
                token_hash=_hash(token), tail=token[-4:], created_at=store.now,
            )
        )  # fmt: skip
        return NewKey(made, token)


def rotation(one: ApiKey) -> int:
    """Return a number that is another one once the key was rotated; never 0."""
    return 1 if one.ends_at is None else 2


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
