"""Binding a merchant and a factory: requested by the merchant, answered by the factory."""

from collections.abc import Sequence
from dataclasses import replace

from core.acting import acting
from core.assignments.recalling import take_back
from core.entities import Binding, BindingStatus, Role, Shop
from core.entities.binding import BINDING_MOVES
from core.errors import (
    AlreadyBound,
    AlreadyPending,
    BindingMovedOn,
    BindingNotFound,
    LinkUnknown,
    NotAFactory,
    NumberUnknown,
    OwnShop,
)
from core.events import (
    TAGS_NAMED,
    BindingConfirmed,
    BindingEnded,
    BindingExpired,
    BindingRefused,
    BindingRequested,
    BindingWithdrawn,
)
from core.ids import key
from core.orders.shown import outdate_cards
from core.orders.views import BindingRow, BindingView
from core.people.numbers import read_number
from core.people.shops import clean_name
from core.ports import Store
from core.values import Actor, Rules

ALIAS_LIMIT = 20


class Bindings:
    """Use cases of both sides of a binding."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def request(self, store: Store, actor: Actor, number: str) -> BindingView:
        """Ask the factory with that number to be bound.

        Raises `NotANumber`, `WrongCheckCharacter` (see `core.people.numbers`), `NumberUnknown`,
        `NotAFactory`, `OwnShop`, `AlreadyPending`, `AlreadyBound`, `WrongRole`.
        """
        acting(store, actor, "merchant")
        read = read_number(number)
        factory = store.shops.by_number(read)
        if factory is None or factory.closed_at is not None:
            raise NumberUnknown(read)
        return self._request(store, actor, factory)

    def request_by_link(self, store: Store, actor: Actor, token: str) -> BindingView:
        """Ask the factory whose link was opened. Raises `LinkUnknown` and as `request`."""
        acting(store, actor, "merchant")
        return self._request(store, actor, self.of_link(store, token))

    def of_link(self, store: Store, token: str) -> Shop:
        """Return the shop a link leads to. Raises `LinkUnknown`."""
        shop = store.shops.by_link(token)
        if shop is None or shop.closed_at is not None:
            raise LinkUnknown
        return shop

    def _request(self, store: Store, actor: Actor, factory: Shop) -> BindingView:
        factory_id = key(factory)
        if store.shops.of_member(factory_id, actor.account_id) is not None:
            raise OwnShop
        if factory.role != "factory":
            raise NotAFactory(factory.number)
        live = store.bindings.live(actor.shop_id, factory_id)
        if live is not None:
            raise (AlreadyPending if live.status == "pending" else AlreadyBound)(key(live))
        binding = store.bindings.add(
            Binding(
                merchant_id=actor.shop_id,
                factory_id=factory_id,
                status="pending",
                requested_by=actor.account_id,
                requested_at=store.now,
                expires_at=store.now + self._rules.bind_expires,
            )
        )
        store.record(actor, "binding_requested", binding=binding.id, factory=factory_id)
        store.emit(BindingRequested(key(binding)), to=factory_id)
        return self.view(store, actor, key(binding))

    def confirm(self, store: Store, actor: Actor, binding_id: int) -> BindingView:
        """The factory agrees. Raises `BindingMovedOn` when the request is no longer open."""
        binding = self._answer(store, actor, binding_id, "bound")
        store.emit(BindingConfirmed(binding_id), to=binding.merchant_id)
        return self.view(store, actor, binding_id)

    def refuse(self, store: Store, actor: Actor, binding_id: int) -> BindingView:
        """The factory declines. Raises `BindingMovedOn`."""
        binding = self._answer(store, actor, binding_id, "refused")
        store.emit(BindingRefused(binding_id), to=binding.merchant_id)
        return self.view(store, actor, binding_id)

    def withdraw(self, store: Store, actor: Actor, binding_id: int) -> BindingView:
        """The merchant takes the request back. Raises `BindingMovedOn`."""
        acting(store, actor, "merchant")
        binding = self._mine(store, actor, binding_id)
        self._move(store, actor, binding, "withdrawn")
        store.emit(BindingWithdrawn(binding_id), to=binding.factory_id)
        return self.view(store, actor, binding_id)

    def unbind(self, store: Store, actor: Actor, binding_id: int, *, back: bool) -> BindingView:
        """Either side ends it; `back` returns unshipped orders to the merchant, else they finish.

        Raises `BindingMovedOn` when it is not bound.
        """
        acting(store, actor)
        binding = self._mine(store, actor, binding_id)
        self._move(store, actor, binding, "unbound")
        unshipped = store.bindings.unshipped(binding_id) if back else ()
        tags = tuple(store.assignments.of(one).tag for one in unshipped[:TAGS_NAMED])
        returned = take_back(store, actor, unshipped)
        store.erasing.part(binding.merchant_id, binding.factory_id)
        other = binding.factory_id if actor.shop_id == binding.merchant_id else binding.merchant_id
        store.flush()
        left = store.bindings.open_of(binding)
        ended = BindingEnded(binding_id, actor.shop_id, returned, left, tags)
        store.emit(ended, to=other)
        outdate_cards(store, returned, [binding.merchant_id, binding.factory_id])
        return self.view(store, actor, binding_id)

    def expire(self, store: Store, limit: int = 100) -> int:
        """End requests nobody answered in time; both sides are told. Returns how many."""
        due = store.bindings.expired(limit)
        for binding in due:
            self._move(store, None, binding, "expired")
            for side in (binding.merchant_id, binding.factory_id):
                store.emit(BindingExpired(key(binding)), to=side)
        return len(due)

    def call(self, store: Store, actor: Actor, binding_id: int, alias: str) -> BindingView:
        """Set the alias only my side sees; an empty text removes it. Raises `TextTooLong`."""
        shop = acting(store, actor).shop
        binding = self._mine(store, actor, binding_id)
        text = clean_name(alias, ALIAS_LIMIT) if alias.strip() else ""
        if shop.role == "merchant":
            binding.merchant_alias = text
        else:
            binding.factory_alias = text
        store.record(actor, "alias_set", binding=binding_id)
        return self.view(store, actor, binding_id)

    def view(self, store: Store, actor: Actor, binding_id: int) -> BindingView:
        """Return the binding as the actor's side sees it. Raises `BindingNotFound`."""
        mine = acting(store, actor).shop
        binding = self._mine(store, actor, binding_id)
        other_id = binding.factory_id if mine.role == "merchant" else binding.merchant_id
        other = store.shops.of(other_id)
        bound = binding.status == "bound"
        store.flush()
        part_shipped = store.bindings.part_shipped(binding_id)
        opened = store.bindings.open_of(binding)
        return BindingView(
            binding=binding,
            mine=mine,
            other=other,
            other_ship_from=store.shops.ship_from(other_id) if bound else None,
            opened=opened,
            unshipped=opened - part_shipped,
            part_shipped=part_shipped,
        )

    def preview(self, store: Store, actor: Actor, binding_id: int) -> BindingView:
        """Return the binding with what unbinding would meet. Raises `BindingNotFound`.

        Costs by the open orders, as unbinding does; no list or card asks for it.
        """
        view = self.view(store, actor, binding_id)
        return replace(view, begun=store.bindings.begun(binding_id))

    def page(
        self, store: Store, actor: Actor, after_id: int, limit: int, role: Role | None = None
    ) -> tuple[Shop, Sequence[BindingRow]]:
        """Return my shop, and bound and pending shops of the other role after `after_id`.

        Oldest first. `role` is what my shop must be: else `WrongRole`.
        """
        shop = acting(store, actor, role).shop
        return shop, store.bindings.page(shop, after_id, limit)

    def _answer(
        self, store: Store, actor: Actor, binding_id: int, status: BindingStatus
    ) -> Binding:
        acting(store, actor, "factory")
        binding = self._mine(store, actor, binding_id)
        self._move(store, actor, binding, status)
        return binding

    def _mine(self, store: Store, actor: Actor, binding_id: int) -> Binding:
        binding = store.bindings.get(binding_id)
        if binding is None or actor.shop_id not in (binding.merchant_id, binding.factory_id):
            raise BindingNotFound
        return binding

    def _move(
        self, store: Store, actor: Actor | None, binding: Binding, status: BindingStatus
    ) -> None:
        if status not in BINDING_MOVES[binding.status]:
            raise BindingMovedOn(binding.status)
        binding.status = status
        if status == "unbound":
            binding.ended_at = store.now
        else:
            binding.answered_at = store.now
        store.record(actor, f"binding_{status}", binding=binding.id)
