"""People: meeting them, their language, which of their shops is switched on, their invitation."""

import hashlib
import secrets
from collections.abc import Sequence

from core.acting import acting
from core.entities import Account, Shop
from core.errors import InviteUnknown, ShopNotFound
from core.ports import Store
from core.values import Actor


class Accounts:
    """Use cases on a person's own account; every one acts on the caller only."""

    def meet(self, store: Store, telegram_id: int, name: str) -> Account:
        """Return the account of a Telegram person, made on first sight, with their present name."""
        account = store.accounts.by_telegram(telegram_id)
        if account is None:
            return store.accounts.add(
                Account(telegram_id=telegram_id, name=name, created_at=store.now)
            )
        account.name = name
        return account

    def speak(self, store: Store, account_id: int, lang: str) -> Account:
        """Set the language a person reads."""
        account = self._get(store, account_id)
        account.lang = lang
        return account

    def switch(self, store: Store, account_id: int, shop_id: int) -> Shop:
        """Switch a shop on for this person's commands. Raises `ShopNotFound`."""
        shop = acting(store, Actor(account_id, shop_id)).shop
        self._get(store, account_id).shop_id = shop_id
        return shop

    def shops(self, store: Store, account_id: int) -> Sequence[Shop]:
        """Return the shops this person is a member of, oldest first."""
        return store.shops.all_of(account_id)

    def new_invite(self, store: Store) -> str:
        """Make a single-use invitation and return its token; only its hash is kept."""
        token = secrets.token_urlsafe(24)
        store.accounts.add_invite(_hash(token))
        store.record(None, "invite")
        return token

    def redeem(self, store: Store, account_id: int, token: str) -> Account:
        """Let this person open shops. Using their own invitation again is fine.

        Raises `InviteUnknown` when it never existed or somebody else used it.
        """
        invite = store.accounts.invite(_hash(token))
        if invite is None or invite.used_by not in (None, account_id):
            raise InviteUnknown
        account = self._get(store, account_id)
        if invite.used_by is None:
            invite.used_by, invite.used_at = account_id, store.now
            account.invited_at = store.now
            store.record(None, "invite_used", account_id=account_id)
        return account

    def _get(self, store: Store, account_id: int) -> Account:
        account = store.accounts.get(account_id)
        if account is None:
            raise ShopNotFound
        return account


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
