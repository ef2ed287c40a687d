"""The present screen of a thing: shown again for a repeated update or a button that came late."""

from collections.abc import Callable

from bot.screens import kept, paste_questions, pasting, shipping
from bot.screens import shops as shop_screens
from bot.screens.bindings import binding_card
from bot.screens.keys import key_list
from bot.screens.platforms import link_list
from bot.screens.scanning import photos_screen
from bot.screens.screen import CardRef, Screen
from bot.screens.webhooks import webhook_list
from bot.texts import Translator
from bot.turn import Turn
from core.errors import DraftGone
from core.ports import Store
from core.shipments.pasted import Pasted, origin_of
from core.values import Actor

Show = Callable[[Turn, Store, Actor, int], Screen]


def _binding(turn: Turn, store: Store, actor: Actor, binding_id: int) -> Screen:
    return binding_card(turn.t, turn.services.bindings.view(store, actor, binding_id))


def _shipment(turn: Turn, store: Store, actor: Actor, shipment_id: int) -> Screen:
    parcel = turn.services.shipping.correctable(store, actor, shipment_id)
    card = turn.services.listing.assignment(store, actor, parcel.assignment_id)
    return shipping.standing(turn.t, card, shipment_id)


def _parcels(turn: Turn, store: Store, actor: Actor, assignment_id: int) -> Screen:
    return shipping.standing(turn.t, turn.services.listing.assignment(store, actor, assignment_id))


def _photos(turn: Turn, store: Store, actor: Actor, draft_id: int) -> Screen:
    return photos_screen(turn.t, turn.services.photos.view(store, actor, draft_id))


def _pasted(turn: Turn, store: Store, actor: Actor, message_id: int) -> Screen:
    origin = origin_of(turn.chat_id, message_id)
    return _report(turn, actor, lambda: turn.services.entering.find(store, actor, origin))


def _paste(turn: Turn, store: Store, actor: Actor, draft_id: int) -> Screen:
    return _report(turn, actor, lambda: turn.services.entering.show(store, actor, draft_id))


def _paste_ask(turn: Turn, store: Store, actor: Actor, draft_id: int) -> Screen:
    show = paste_questions.question
    return _report(turn, actor, lambda: turn.services.entering.show(store, actor, draft_id), show)


def _report(
    turn: Turn, actor: Actor, look: Callable[[], Pasted],
    show: Callable[[Translator, int, Pasted], Screen] = pasting.report,
) -> Screen:  # fmt: skip
    try:
        return show(turn.t, actor.shop_id, look())
    except DraftGone:
        return pasting.expired(turn.t, actor.shop_id)


def _keys(turn: Turn, store: Store, actor: Actor, _: int) -> Screen:
    return key_list(turn.t, turn.services.programs.keys.own(store, actor), turn.house.address)


def _webhooks(turn: Turn, store: Store, actor: Actor, _: int) -> Screen:
    own = turn.services.programs.webhooks.own(store, actor)
    return webhook_list(turn.t, own, turn.house.address)


def _platforms(turn: Turn, store: Store, actor: Actor, _: int) -> Screen:
    own = turn.services.platforms.linking.own(store, actor)
    return link_list(turn.t, own, turn.house.sellers.names)


def _kept(show: kept.Present) -> Show:
    def shown(turn: Turn, store: Store, actor: Actor, ref_id: int) -> Screen:
        return show(turn.t, turn.services, store, actor, ref_id)

    return shown


# What a remembered card shows now, by its kind.
PRESENT: dict[str, Show] = {
    "assignment": _kept(kept.present_assignment),
    "shipment": _shipment,
    "parcels": _parcels,
    "photos": _photos,
    "numbers_in": _pasted,
    "numbers": _paste,
    "numbers_ask": _paste_ask,
    "binding": _binding,
    "order": _kept(kept.present_order),
    "edit": _kept(kept.present_edit),
    "batch": _kept(kept.present_batch),
    "given": _kept(kept.present_given),
    "import": _kept(kept.present_import),
    "question": _kept(kept.present_question),
    "keys": _keys,
    "webhooks": _webhooks,
    "platforms": _platforms,
}


def present_screen(turn: Turn, store: Store, card: CardRef) -> Screen:
    """Return what stands now behind a card. Raises as its use case when it may not be seen."""
    actor = Actor(turn.account_id, card.shop_id)
    show = PRESENT.get(card.kind)
    return show(turn, store, actor, card.ref_id) if show else home(turn, store, card.shop_id)


def home(turn: Turn, store: Store, shop_id: int | None) -> Screen:
    """Return the menu of a shop; else the shops to choose from, or the welcome without any."""
    mine = turn.services.accounts.shops(store, turn.account_id)
    shop = next((one for one in mine if one.id == shop_id), None)
    if shop is None:
        return (
            shop_screens.switch_list(turn.t, mine, None) if mine else shop_screens.welcome(turn.t)
        )
    return shop_screens.home(turn.t, shop, store.counts(shop_id or 0))


async def home_screen(turn: Turn, shop_id: int | None = None) -> Screen:
    """Return the menu of the shop switched on (or of `shop_id`), else the welcome."""
    return await turn.read(lambda store: home(turn, store, shop_id or _current(turn, store)))


async def shop_screen(turn: Turn, shop_id: int | None = None) -> Screen:
    """Return a shop's card for its own people. Raises `ShopNotFound`."""
    actor, accounts = turn.actor(shop_id), turn.services.accounts

    def look(store: Store) -> Screen:
        profile = turn.services.shops.profile(store, actor)
        many = len(accounts.shops(store, turn.account_id)) > 1
        return shop_screens.shop_card(turn.t, profile, many)

    return await turn.read(look)


def _current(turn: Turn, store: Store) -> int | None:
    """Return the shop switched on; a press carries no look-up, so it is read here."""
    if turn.shop_id is not None:
        return turn.shop_id
    account = store.accounts.get(turn.account_id)
    return account.shop_id if account else None
