"""Opening a shop, question by question: role, name, ship-from; and changing ship-from later.

What was answered so far stands in the person's open question (encrypted), so it survives restarts
and nothing is half opened. A binding link opened by a newcomer waits in it too.
"""

from dataclasses import asdict, dataclass
from typing import Any

from core.acting import owning
from core.entities import Role, Shop
from core.errors import CoreError, DraftGone
from core.ids import key
from core.orders.views import BindingView
from core.people.bindings import Bindings
from core.people.shops import Shops, clean_name
from core.ports import Store
from core.text.contact import read_contact
from core.values import Actor, ShipFrom

LANDING, NAME, SHIP_FROM, CHECK = "landing", "shop_name", "ship_from", "ship_from_check"


@dataclass(frozen=True, slots=True)
class Opened:
    """The new shop; the binding a link had asked for, or why it could not be asked."""

    shop: Shop
    binding: BindingView | None = None
    problem: CoreError | None = None


class Opening:
    """The questions that open a shop."""

    def __init__(self, shops: Shops, bindings: Bindings) -> None:
        self._shops = shops
        self._bindings = bindings

    def arrive(self, store: Store, account_id: int, link_token: str) -> Shop:
        """Keep the link a newcomer opened until they have a shop. Raises `LinkUnknown`."""
        factory = self._bindings.of_link(store, link_token)
        store.accounts.ask(account_id, LANDING, {"landing": link_token})
        return factory

    def leave(self, store: Store, account_id: int) -> None:
        """Close the open question; a binding link that waits for a shop goes on waiting."""
        landing = self._data(store, account_id).get("landing")
        store.accounts.hush(account_id)
        if landing:
            store.accounts.ask(account_id, LANDING, {"landing": landing})

    def bind_landed(self, store: Store, actor: Actor) -> BindingView:
        """Ask for the binding of the link that waits, for this shop of several.

        Raises `DraftGone` when no link waits, and as `Bindings.request_by_link`.
        """
        landing = self._data(store, actor.account_id).get("landing")
        if not landing:
            raise DraftGone
        store.accounts.hush(actor.account_id)
        return self._bindings.request_by_link(store, actor, landing)

    def begin(self, store: Store, account_id: int, role: Role) -> None:
        """Ask for the name. Raises `RegistrationClosed`."""
        self._shops.may_open(store, account_id)
        landing = self._data(store, account_id).get("landing")
        store.accounts.ask(account_id, NAME, {"role": role, "landing": landing})

    def name(self, store: Store, account_id: int, text: str) -> None:
        """Take the name, ask for ship-from. Raises `NameMissing`, `TextTooLong`."""
        data = self._data(store, account_id)
        store.accounts.ask(account_id, SHIP_FROM, {**data, "name": clean_name(text)})

    def change_ship_from(self, store: Store, actor: Actor) -> None:
        """Ask for the ship-from of an open shop. Raises `OwnerOnly`."""
        owning(store, actor)
        store.accounts.ask(actor.account_id, SHIP_FROM, {"shop": actor.shop_id})

    def ship_from(self, store: Store, account_id: int, text: str) -> ShipFrom:
        """Take the ship-from, to be confirmed. Raises a `core.text.contact.ContactError`."""
        read = read_contact(text)
        parsed = ShipFrom(read.contact, read.phone, read.address)
        data = self._data(store, account_id)
        store.accounts.ask(account_id, CHECK, {**data, "ship_from": asdict(parsed)})
        return parsed

    def finish(self, store: Store, account_id: int) -> Opened:
        """Open the shop as answered; a merchant who came by a link asks for its binding too.

        Raises `DraftGone` when nothing waits to be confirmed, `RegistrationClosed`.
        """
        data = self._confirmed(store, account_id)
        shop = self._shops.open(
            store, account_id, data["role"], data["name"], ShipFrom(**data["ship_from"])
        )
        if shop.role != "merchant":
            self.leave(store, account_id)  # a factory does not ask to be bound
            return Opened(shop)
        store.accounts.hush(account_id)
        if not data.get("landing"):
            return Opened(shop)
        try:
            actor = Actor(account_id, key(shop))
            return Opened(shop, self._bindings.request_by_link(store, actor, data["landing"]))
        except CoreError as problem:
            # The link died meanwhile, or is their own: the shop is open all the same.
            return Opened(shop, problem=problem)

    def finish_change(self, store: Store, actor: Actor) -> Shop:
        """Keep the confirmed ship-from of an open shop. Raises `DraftGone`."""
        data = self._confirmed(store, actor.account_id)
        if data.get("shop") != actor.shop_id:
            raise DraftGone
        store.accounts.hush(actor.account_id)
        return self._shops.move(store, actor, ShipFrom(**data["ship_from"]))

    def _confirmed(self, store: Store, account_id: int) -> dict[str, Any]:
        talk = store.accounts.talk(account_id)
        if talk is None or talk[0] != CHECK:
            raise DraftGone
        return talk[1]

    def _data(self, store: Store, account_id: int) -> dict[str, Any]:
        talk = store.accounts.talk(account_id)
        return talk[1] if talk else {}
