"""回传单号 and 更正: a reply to a card ships it, a reply to the confirmation corrects it."""

from collections.abc import Callable

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot import sending
from bot.filters import RepliesTo, SaysAnything
from bot.handlers.fulfilling import card_screen
from bot.keyboards import data as d
from bot.screens import shipping as screens
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.fulfilling import live_assignment, refuse_stopped
from core.ports import Store
from core.replies import read_reply
from core.shipping import Question, Shipped
from core.values import Actor
from core.views import AssignmentCard

router = Router(name="shipping")
# Included last before the fallback: a number that replies to nothing.
stray_router = Router(name="stray numbers")

Act = Callable[[Store, Actor], Shipped | Question]


@router.message(RepliesTo("assignment"), ~SaysAnything())
async def reply(_: Message, turn: Turn) -> None:
    """The number of an order: shipped, or a question."""
    ref, text = _replied(turn), _typed(turn)
    if not text:
        await turn.show(screens.text_only(turn.t))
        return
    shipping = turn.services.shipping
    done = await _settle(
        turn, ref.shop_id, lambda store, actor: shipping.reply(store, actor, ref.ref_id, text), ref
    )
    if isinstance(done, Shipped):
        await _redraw_replied(turn, ref)


@router.message(RepliesTo("shipment"), ~SaysAnything())
async def correct(_: Message, turn: Turn) -> None:
    """The right number of a parcel."""
    ref, text = _replied(turn), _typed(turn)
    if not text:
        await turn.show(screens.text_only(turn.t))
        return
    shipping = turn.services.shipping
    await _settle(
        turn,
        ref.shop_id,
        lambda store, actor: shipping.correct(store, actor, ref.ref_id, text),
        ref,
    )


@router.message(RepliesTo("parcels"), ~SaysAnything())
async def correct_one_of_several(_: Message, turn: Turn) -> None:
    """A right number, but of which parcel?"""
    ref = _replied(turn)
    actor, listing = turn.actor(ref.shop_id), turn.services.listing
    card = await turn.read(lambda store: listing.assignment(store, actor, ref.ref_id))
    await turn.show(screens.choose_parcel(turn.t, card))


@router.callback_query(d.AskNumber.filter())
async def ask_number(_: CallbackQuery, turn: Turn, callback_data: d.AskNumber) -> None:
    """填写单号: open a reply field, if the order may still be shipped."""
    actor = turn.actor(callback_data.shop)

    def look(store: Store) -> AssignmentCard:
        refuse_stopped(store, live_assignment(store, actor, callback_data.assignment))
        return turn.services.listing.assignment(store, actor, callback_data.assignment)

    await turn.show(screens.ask_number(turn.t, await turn.read(look)), fresh=True)


@router.callback_query(d.Correct.filter())
async def ask_correction(_: CallbackQuery, turn: Turn, callback_data: d.Correct) -> None:
    """更正: open a reply field for that parcel's number."""
    actor, shipping = turn.actor(callback_data.shop), turn.services.shipping
    parcel = await turn.read(
        lambda store: shipping.correctable(store, actor, callback_data.shipment)
    )
    await turn.show(screens.ask_correction(turn.t, parcel), fresh=True)


@router.callback_query(d.ChooseCarrier.filter())
async def choose(_: CallbackQuery, turn: Turn, callback_data: d.ChooseCarrier) -> None:
    """The carrier, or the list of all of them."""
    pressed, shipping = callback_data, turn.services.shipping
    if pressed.carrier == screens.ALL:
        await turn.show(screens.every_carrier(turn.t, pressed))
        return
    await _settle(
        turn,
        pressed.shop,
        lambda store, actor: shipping.choose(
            store, actor, pressed.draft, pressed.index, pressed.carrier
        ),
        await _about(turn, pressed),
    )


@router.callback_query(d.InsistNumber.filter())
async def insist(_: CallbackQuery, turn: Turn, callback_data: d.InsistNumber) -> None:
    """仍然使用."""
    pressed, shipping = callback_data, turn.services.shipping
    await _settle(
        turn,
        pressed.shop,
        lambda store, actor: shipping.insist(store, actor, pressed.draft, pressed.index),
        await _about(turn, pressed),
    )


@router.callback_query(d.DropShip.filter())
async def drop(_: CallbackQuery, turn: Turn, callback_data: d.DropShip) -> None:
    """不是这个: nothing is shipped, the order's card is there for the right number."""
    shop_id = callback_data.shop
    actor, shipping = turn.actor(shop_id), turn.services.shipping

    def work(store: Store) -> Screen:
        assignment_id = shipping.drop(store, actor, callback_data.draft)
        return card_screen(turn, shop_id, assignment_id)(store)

    about = await _about(turn, callback_data)
    await turn.show(screens.dropped(turn.t, await turn.write(work, about)))


class StrayNumber(Filter):
    """A plain private message of a factory that reads as a tracking number."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Read it only where nothing else has claimed the message."""
        if not turn.private or turn.role != "factory" or turn.said is not None or turn.step:
            return False
        return bool(turn.text and read_reply(turn.text).numbers)


@stray_router.message(StrayNumber())
async def stray(_: Message, turn: Turn) -> None:
    """A number, but of which order? The next ones to ship are offered."""
    actor, listing = turn.actor(), turn.services.listing

    def look(store: Store) -> Screen:
        page = listing.assignments(store, actor, "to_ship")
        return screens.stray_number(turn.t, actor.shop_id, page, store.now)

    await turn.show(await turn.read(look))


async def _settle(turn: Turn, shop_id: int, act: Act, about: CardRef | None) -> Shipped | Question:
    """Run one shipping use case and show its outcome: the confirmation, or what is in doubt."""
    actor = turn.actor(shop_id)
    done = await turn.write(lambda store: act(store, actor), about)
    if isinstance(done, Shipped):
        await turn.show(screens.shipped(turn.t, done))
    else:
        await turn.show(screens.question(turn.t, shop_id, done))
    return done


async def _about(
    turn: Turn, pressed: d.ChooseCarrier | d.InsistNumber | d.DropShip
) -> CardRef | None:
    """Return the order a question was asked about."""
    draft = await turn.read(lambda store: store.drafts.ship(pressed.draft))
    return CardRef("assignment", draft.assignment_id, pressed.shop) if draft else None


async def _redraw_replied(turn: Turn, ref: CardRef) -> None:
    """Show in the replied card that it has shipped. A reply field cannot be edited: it stays."""
    original = turn.message.reply_to_message if turn.message else None
    if original is not None:
        screen = await turn.read(card_screen(turn, ref.shop_id, ref.ref_id))
        await sending.edit(turn.bot, turn.chat_id, original.message_id, screen)


def _replied(turn: Turn) -> CardRef:
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    return turn.replied


def _typed(turn: Turn) -> str:
    """Return what was typed, also under a picture."""
    return turn.text or (turn.message.caption or "" if turn.message else "")
