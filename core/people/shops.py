"""Opening a shop and keeping its name and ship-from right."""

import secrets

from core.acting import acting, owning
from core.entities import Role, Shop
from core.errors import NameMissing, RegistrationClosed, TextTooLong
from core.ids import key
from core.orders.views import ShopProfile
from core.people.numbers import new_number
from core.ports import Store
from core.text.plain import one_line
from core.values import Actor, Rules, ShipFrom

NAME_LIMIT = 40
ROLE_LETTER: dict[Role, str] = {"merchant": "M", "factory": "F"}


def clean_name(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a name on one line, without invisible characters.

    Raises `NameMissing` and `TextTooLong`.
    """
    name = one_line(text)
    if not name:
        raise NameMissing
    if len(name) > limit:
        raise TextTooLong(limit)
    return name


class Shops:
    """Use cases on one's own shop."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def may_open(self, store: Store, account_id: int) -> None:
        """Raise `RegistrationClosed` where an invitation is needed and missing."""
        account = store.accounts.get(account_id)
        invited = account is not None and account.invited_at is not None
        if self._rules.registration == "invite" and not invited:
            raise RegistrationClosed

    def open(
        self, store: Store, account_id: int, role: Role, name: str, ship_from: ShipFrom
    ) -> Shop:
        """Open a shop, make the account its owner and switch it on.

        Raises `RegistrationClosed`, `NameMissing`, `TextTooLong`.
        """
        self.may_open(store, account_id)
        shop = store.shops.add(
            Shop(
                role=role,
                number=self._free_number(store, role),
                name=clean_name(name),
                link_token=secrets.token_urlsafe(16),
                created_at=store.now,
            ),
            owner_id=account_id,
        )
        actor = Actor(account_id, key(shop))
        store.shops.put_ship_from(actor.shop_id, ship_from)
        account = store.accounts.get(account_id)
        if account is not None:
            account.shop_id = shop.id
        store.record(actor, "shop_opened", role=role, number=shop.number)
        return shop

    def profile(self, store: Store, actor: Actor) -> ShopProfile:
        """Return the shop as its own people see it."""
        shop = acting(store, actor).shop
        mine = store.shops.rank_of(actor.shop_id, actor.account_id) == "owner"
        return ShopProfile(shop, store.shops.ship_from(actor.shop_id), mine)

    def owned(self, store: Store, actor: Actor) -> Shop:
        """Return the shop to its owner, before they change it. Raises `OwnerOnly`."""
        return owning(store, actor).shop

    def rename(self, store: Store, actor: Actor, name: str) -> Shop:
        """Change the name bound shops see. Raises `NameMissing`, `TextTooLong`, `OwnerOnly`."""
        shop = owning(store, actor).shop
        before, shop.name = shop.name, clean_name(name)
        store.record(actor, "shop_renamed", before=before, after=shop.name)
        return shop

    def move(self, store: Store, actor: Actor, ship_from: ShipFrom) -> Shop:
        """Change where the shop ships from. The audit says that it changed, not to what.

        Raises `OwnerOnly`.
        """
        shop = owning(store, actor).shop
        store.shops.put_ship_from(actor.shop_id, ship_from)
        store.record(actor, "ship_from_changed")
        return shop

    def replace_link(self, store: Store, actor: Actor) -> Shop:
        """Give the shop a new binding link; the old one stops working. Raises `OwnerOnly`."""
        shop = owning(store, actor).shop
        shop.link_token = secrets.token_urlsafe(16)
        store.record(actor, "link_replaced")
        return shop

    def _free_number(self, store: Store, role: Role) -> str:
        while True:
            number = new_number(ROLE_LETTER[role])
            if store.shops.by_number(number) is None:
                return number
