"""Finding orders: `/find`, `/orders 6912…`, the 🔍 button, and a number sent by itself."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.filters import Asked, RepliesTo, Says
from bot.keyboards import data as d
from bot.screens import finding as screens
from bot.screens.assignments import assignment_card
from bot.screens.orders import order_card
from bot.screens.screen import Screen
from bot.turn import Turn
from core.acting import acting
from core.orders.finding import Found
from core.ports import Store
from core.values import Actor

router = Router(name="finding")
# Included last before the fallback: what nothing else has claimed.
stray_router = Router(name="stray orders")


@router.message(Says("find"))
async def find(_: Message, turn: Turn) -> None:
    """`/find …`, for both roles; alone it asks."""
    if turn.said and turn.said.args:
        await show_found(turn, turn.actor(), turn.said.args)
    else:
        await _ask(turn, turn.actor())


@router.callback_query(d.AskFind.filter())
async def ask_find(_: CallbackQuery, turn: Turn, callback_data: d.AskFind) -> None:
    """🔍 in a list or on a card."""
    await _ask(turn, turn.actor(callback_data.shop))


async def _ask(turn: Turn, actor: Actor) -> None:
    role = await turn.read(lambda store: acting(store, actor).shop.role)
    question = screens.ask_find(turn.t, actor.shop_id, role, private=turn.private)
    await turn.ask_words(screens.ASK_FIND, question, shop=actor.shop_id)


@router.message(Asked(screens.ASK_FIND))
async def take_text(_: Message, turn: Turn) -> None:
    """What to look for, in private; the question is answered by it."""
    actor = turn.actor(turn.data["shop"])
    await turn.show(await turn.write(lambda s: found_screen(turn, s, actor, turn.text), hush=True))


@router.message(RepliesTo(screens.ASK_FIND))
async def take_reply(_: Message, turn: Turn) -> None:
    """What to look for, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await show_found(turn, turn.actor(turn.replied.shop_id), turn.text)


async def show_found(turn: Turn, actor: Actor, text: str) -> None:
    """Look for the text and show what it led to."""
    await turn.show(await turn.read(lambda store: found_screen(turn, store, actor, text)))


def found_screen(turn: Turn, store: Store, actor: Actor, text: str) -> Screen:
    """Return the order's card, the several that may be meant, or what to try instead."""
    services = turn.services
    if acting(store, actor).shop.role == "factory":
        given = services.listing.find_assignment(store, actor, text)
        return assignment_card(turn.t, given, store.now)
    return _shown(turn, store, actor, services.finding.orders(store, actor, text))


def _shown(turn: Turn, store: Store, actor: Actor, found: Found) -> Screen:
    if not found.hits:
        return screens.nothing_found(turn.t, actor.shop_id, found)
    if len(found.hits) == 1:
        card = turn.services.listing.order(store, actor, found.hits[0].order.id)
        return order_card(turn.t, card, store.now)
    return screens.found_list(turn.t, actor.shop_id, found, store.now)


class StrayOrder(Filter):
    """A merchant's plain private message that is the number, end, tag or parcel of an order."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool | dict[str, Found]:  # noqa: ARG002
        """Look it up; what leads nowhere is left to the fallback."""
        if not (turn.private and turn.role == "merchant" and turn.text):
            return False
        if turn.said is not None or turn.step:
            return False
        actor = turn.actor()
        found = await turn.read(lambda s: turn.services.finding.plainly(s, actor, turn.text))
        return {"found": found} if found.hits else False


@stray_router.message(StrayOrder())
async def stray_order(_: Message, turn: Turn, found: Found) -> None:
    """A number by itself opens its order."""
    actor = turn.actor()
    await turn.show(await turn.read(lambda store: _shown(turn, store, actor, found)))
