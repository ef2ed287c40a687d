"""The factory's answers short of shipping: the card, 接单, 拒单, 已知晓."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo
from bot.keyboards import data as d
from bot.screens import assignments as screens
from bot.screens import declining
from bot.screens.screen import CardRef, Screen
from bot.screens.shipping import question
from bot.turn import Turn
from core.answers.fulfilling import DECLINE_REASONS, live_assignment
from core.orders.views import AssignmentCard
from core.ports import Store
from core.shipments.shipping import Question
from core.values import Actor

router = Router(name="fulfilling")

ASK_REASON = "decline"
OTHER = "other"

Act = Callable[[Store, Actor, int], object]


@router.callback_query(d.ShowAssignment.filter())
async def show(_: CallbackQuery, turn: Turn, callback_data: d.ShowAssignment) -> None:
    """An order's card."""
    look = card_screen(turn, callback_data.shop, callback_data.assignment)
    await turn.show(await turn.read(look))


@router.callback_query(d.Accept.filter())
async def accept(_: CallbackQuery, turn: Turn, callback_data: d.Accept) -> None:
    """接单."""
    act = turn.services.fulfilling.accept
    await turn.show(await answered(turn, callback_data.shop, callback_data.assignment, act))
    await turn.toast(turn.t("Accepted."))


@router.callback_query(d.Acknowledge.filter())
async def acknowledge(_: CallbackQuery, turn: Turn, callback_data: d.Acknowledge) -> None:
    """已知晓."""
    act = turn.services.fulfilling.acknowledge
    await turn.show(await answered(turn, callback_data.shop, callback_data.assignment, act))
    await turn.toast(turn.t("The merchant is told that you have seen it."))


@router.callback_query(d.Decline.filter())
async def decline(_: CallbackQuery, turn: Turn, callback_data: d.Decline) -> None:
    """拒单: why, then back to the merchant."""
    shop_id, assignment_id = callback_data.shop, callback_data.assignment
    if callback_data.why in DECLINE_REASONS:
        await turn.show(await _declined(turn, shop_id, assignment_id, callback_data.why))
        return
    card = await turn.read(lambda store: _open_card(turn, store, shop_id, assignment_id))
    if callback_data.why != OTHER:
        await turn.show(declining.decline_reasons(turn.t, card))
    else:
        question = declining.ask_decline_words(turn.t, card, private=turn.private)
        await turn.ask_words(ASK_REASON, question, shop=shop_id, assignment=assignment_id)


@router.message(Asked(ASK_REASON))
async def take_reason(_: Message, turn: Turn) -> None:
    """The reason in words, in private; a reply to an order's card is that order's number."""
    shop_id, assignment_id = turn.data["shop"], turn.data["assignment"]
    await _in_words(turn, shop_id, assignment_id, hush=True)


@router.message(RepliesTo(ASK_REASON))
async def take_reply(_: Message, turn: Turn) -> None:
    """The reason in words, as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    shop_id, assignment_id = turn.replied.shop_id, turn.replied.ref_id
    await _in_words(turn, shop_id, assignment_id)


async def _in_words(turn: Turn, shop_id: int, assignment_id: int, *, hush: bool = False) -> None:
    """Decline for what was typed; a tracking number is asked about instead."""
    actor, look = turn.actor(shop_id), card_screen(turn, shop_id, assignment_id)

    def work(store: Store) -> Screen | Question:
        done = turn.services.replying.decline(store, actor, assignment_id, turn.text)
        store.flush()
        return done if isinstance(done, Question) else look(store)

    about = CardRef("assignment", assignment_id, shop_id)
    done = await turn.write(work, about, hush=hush)
    await turn.show(done if isinstance(done, Screen) else question(turn.t, shop_id, done))


def card_screen(turn: Turn, shop_id: int, assignment_id: int) -> Callable[[Store], Screen]:
    """Return what looks up the factory's card as it stands."""
    actor = turn.actor(shop_id)

    def look(store: Store) -> Screen:
        card = turn.services.listing.assignment(store, actor, assignment_id)
        return screens.assignment_card(turn.t, card, store.now)

    return look


def _open_card(turn: Turn, store: Store, shop_id: int, assignment_id: int) -> AssignmentCard:
    """Return the card of an order that can still be answered."""
    actor = turn.actor(shop_id)
    live_assignment(store, actor, assignment_id)
    return turn.services.listing.assignment(store, actor, assignment_id)


async def _declined(turn: Turn, shop_id: int, assignment_id: int, reason: str) -> Screen:
    def act(store: Store, actor: Actor, one: int) -> object:
        return turn.services.fulfilling.decline(store, actor, one, reason)

    return await answered(turn, shop_id, assignment_id, act)


async def answered(
    turn: Turn, shop_id: int, assignment_id: int, act: Act, *, hush: bool = False
) -> Screen:
    """Run one use case on an assignment; return its card as it stands afterwards."""
    actor, look = turn.actor(shop_id), card_screen(turn, shop_id, assignment_id)

    def work(store: Store) -> Screen:
        act(store, actor, assignment_id)
        store.flush()
        return look(store)

    return await turn.write(work, CardRef("assignment", assignment_id, shop_id), hush=hush)
