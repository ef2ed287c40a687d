"""历史: `/why` and the 📜 buttons of both sides' cards."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo, Says
from bot.keyboards import data as d
from bot.screens import finding
from bot.screens import past as screens
from bot.screens.screen import Screen
from bot.turn import Turn
from core.acting import acting
from core.ids import key
from core.ports import Store
from core.values import Actor

router = Router(name="past")


@router.message(Says("why"))
async def why(_: Message, turn: Turn) -> None:
    """`/why 6912…`; alone as a reply to a card it means that order, else it asks."""
    card = turn.replied
    if turn.said and turn.said.args:
        await _show(turn, turn.actor(), turn.said.args)
    elif card is not None and card.kind in ("order", "assignment"):
        actor = turn.actor(card.shop_id)
        await turn.show(await turn.read(lambda s: _of_card(turn, s, actor, card.kind, card.ref_id)))
    else:
        await _ask(turn, turn.actor())


async def _ask(turn: Turn, actor: Actor) -> None:
    role = await turn.read(lambda store: acting(store, actor).shop.role)
    question = screens.ask_why(turn.t, actor.shop_id, role, private=turn.private)
    await turn.ask_words(screens.ASK_WHY, question, shop=actor.shop_id)


@router.message(Asked(screens.ASK_WHY))
async def take_text(_: Message, turn: Turn) -> None:
    """Which order, in private; the question is answered by it."""
    actor = turn.actor(turn.data["shop"])
    await turn.show(await turn.write(lambda s: _found(turn, s, actor, turn.text), hush=True))


@router.message(RepliesTo(screens.ASK_WHY))
async def take_reply(_: Message, turn: Turn) -> None:
    """Which order, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await _show(turn, turn.actor(turn.replied.shop_id), turn.text)


@router.callback_query(d.ShowHistory.filter())
async def order_history(_: CallbackQuery, turn: Turn, callback_data: d.ShowHistory) -> None:
    """历史 of the merchant's order, or an older page of it."""
    pressed, actor, past = callback_data, turn.actor(callback_data.shop), turn.services.past
    found = await turn.read(lambda s: past.of_order(s, actor, pressed.order, pressed.before))
    await turn.show(screens.past_screen(turn.t, found))


@router.callback_query(d.ShowTrail.filter())
async def assignment_history(_: CallbackQuery, turn: Turn, callback_data: d.ShowTrail) -> None:
    """历史 as the factory may read it."""
    pressed, actor, past = callback_data, turn.actor(callback_data.shop), turn.services.past
    found = await turn.read(
        lambda s: past.of_assignment(s, actor, pressed.assignment, pressed.before)
    )
    await turn.show(screens.past_screen(turn.t, found))


async def _show(turn: Turn, actor: Actor, text: str) -> None:
    await turn.show(await turn.read(lambda store: _found(turn, store, actor, text)))


def _found(turn: Turn, store: Store, actor: Actor, text: str) -> Screen:
    """Return the history of the order that the text means, or what to do when it is not one."""
    services = turn.services
    if acting(store, actor).shop.role == "factory":
        given = services.listing.find_assignment(store, actor, text).assignment
        return _of_card(turn, store, actor, "assignment", key(given))
    found = services.finding.orders(store, actor, text)
    if not found.hits:
        return finding.nothing_found(turn.t, actor.shop_id, found)
    if len(found.hits) == 1:
        return _of_card(turn, store, actor, "order", found.hits[0].order.id)
    return screens.several(turn.t, actor.shop_id, found)


def _of_card(turn: Turn, store: Store, actor: Actor, kind: str, ref_id: int) -> Screen:
    past = turn.services.past
    read = past.of_order if kind == "order" else past.of_assignment
    return screens.past_screen(turn.t, read(store, actor, ref_id))
