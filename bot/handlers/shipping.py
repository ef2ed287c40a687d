"""回传单号 and 更正: a reply to a card ships it, a reply to the confirmation corrects it."""

from collections.abc import Callable
from typing import cast

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.filters import RepliesTo, SaysAnything
from bot.keyboards import data as d
from bot.redrawing import redraw
from bot.screens import combining as combining_screens
from bot.screens import shipping as screens
from bot.screens.present import present_screen
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.answers.fulfilling import live_assignment, refuse_stopped
from core.ids import key
from core.orders.finding import LONGEST
from core.orders.views import AssignmentCard
from core.ports import Store
from core.shipments.parcels import Split
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.text.replies import read_reply
from core.values import Actor

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
    await _settle(
        turn, ref.shop_id, lambda store, actor: shipping.reply(store, actor, ref.ref_id, text), ref
    )


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
        actor = turn.actor(pressed.shop)
        draft = await turn.read(lambda store: shipping.asked(store, actor, pressed.draft))
        about = screens.asked_about(pressed.shop, draft)
        await turn.show(screens.every_carrier(turn.t, pressed, about))
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


@router.callback_query(d.TakeNumber.filter())
async def take(_: CallbackQuery, turn: Turn, callback_data: d.TakeNumber) -> None:
    """用它发货: a number that came where a reason was expected."""
    pressed, shipping = callback_data, turn.services.shipping
    await _settle(
        turn,
        pressed.shop,
        lambda store, actor: shipping.take(store, actor, pressed.draft),
        await _about(turn, pressed),
    )


@router.callback_query(d.SplitPieces.filter())
async def split(_: CallbackQuery, turn: Turn, callback_data: d.SplitPieces) -> None:
    """How many pieces are in each parcel."""
    pressed, shipping = callback_data, turn.services.shipping
    how = cast("Split", pressed.how)  # a claim: the use case knows the ways
    await _settle(
        turn,
        pressed.shop,
        lambda store, actor: shipping.split(store, actor, pressed.draft, how),
        await _about(turn, pressed),
    )


@router.callback_query(d.Combine.filter())
async def combine(_: CallbackQuery, turn: Turn, callback_data: d.Combine) -> None:
    """合并发货: the recipient's other orders go in the same parcel."""
    actor, combining = turn.actor(callback_data.shop), turn.services.combining
    about = CardRef("shipment", callback_data.shipment, callback_data.shop)

    def work(store: Store) -> tuple[Screen, list[int]]:
        gone = combining.combine(store, actor, callback_data.shipment, callback_data.mark)
        parcel = present_screen(turn, store, about)
        if not gone.leaving:
            waiting = combining.waiting(store, actor, callback_data.shipment)
            return combining_screens.not_combined(turn.t, parcel, waiting), []
        screen = combining_screens.combined(turn.t, parcel, gone)
        return screen, [one.order.assignment_id for one in gone.leaving]

    screen, assignments = await turn.write(work, about)
    shown = await turn.show(screen)
    await redraw(turn, [("assignment", one) for one in assignments], shown)


@router.callback_query(d.DropShip.filter())
async def drop(_: CallbackQuery, turn: Turn, callback_data: d.DropShip) -> None:
    """不是这个: nothing happens; what is shown takes the right number in a reply."""
    shop_id = callback_data.shop
    actor, shipping = turn.actor(shop_id), turn.services.shipping

    def work(store: Store) -> Screen:
        draft = shipping.drop(store, actor, callback_data.draft)
        screen = present_screen(turn, store, screens.asked_about(shop_id, draft))
        return (screens.dropped if draft.shipment_id is None else screens.kept)(turn.t, screen)

    await turn.show(await turn.write(work, await _about(turn, callback_data)))


def _stray(turn: Turn) -> bool:
    """Return whether this is a factory's message in private that nothing has asked for."""
    return turn.private and turn.role == "factory" and turn.said is None and not turn.step


class StrayOrder(Filter):
    """A plain private message of a factory that is the tag or the number of one of its orders."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool | dict[str, int]:  # noqa: ARG002
        """Look it up: what is no order's may be a word, or a tracking number."""
        if not _stray(turn) or len(turn.text.split()) != 1 or len(turn.text) > LONGEST:
            return False
        found = await turn.read(lambda store: store.assignments.find(turn.shop_id or 0, turn.text))
        return {"assignment_id": key(found)} if found else False


@stray_router.message(StrayOrder())
async def stray_order(_: Message, turn: Turn, assignment_id: int) -> None:
    """A tag or a number by itself opens its order."""
    card = CardRef("assignment", assignment_id, turn.shop_id or 0)
    await turn.show(await turn.read(lambda store: present_screen(turn, store, card)))


class StrayNumber(Filter):
    """A plain private message of a factory that reads as a tracking number."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Read it only where nothing else has claimed the message."""
        return _stray(turn) and bool(turn.text and read_reply(turn.text).numbers)


@stray_router.message(StrayNumber())
async def stray(_: Message, turn: Turn) -> None:
    """A number, but of which order? The next ones to ship are offered."""
    actor, listing = turn.actor(), turn.services.listing

    def look(store: Store) -> Screen:
        page = listing.assignments(store, actor, "to_ship")
        return screens.stray_number(turn.t, actor.shop_id, page, store.now)

    await turn.show(await turn.read(look))


async def _settle(turn: Turn, shop_id: int, act: Act, about: CardRef | None) -> None:
    """Run one shipping use case and show its outcome: the confirmation, or what is in doubt."""
    actor = turn.actor(shop_id)
    await show_outcome(turn, shop_id, await turn.write(lambda store: act(store, actor), about))


async def show_outcome(turn: Turn, shop_id: int, done: Shipped | Question, said: str = "") -> None:
    """Show the confirmation, or what is in doubt, under what is `said` of it."""
    if isinstance(done, Shipped):
        given = key(done.assignment)
        about_it = [("assignment", given), ("parcels", given)]
        about_it += [("shipment", key(one)) for one in done.shipments]
        screen = screens.shipped(turn.t, done)
        shown = await turn.show(screen.under(said) if said else screen)
        await redraw(turn, about_it, shown)
    else:
        screen = screens.question(turn.t, shop_id, done)
        await turn.show(screen.under(said) if said else screen)


async def _about(
    turn: Turn,
    pressed: d.ChooseCarrier | d.InsistNumber | d.SplitPieces | d.DropShip | d.TakeNumber,
) -> CardRef | None:
    """Return the order, or the parcel, that a question was asked about."""
    draft = await turn.read(lambda store: store.drafts.ship(pressed.draft))
    return screens.asked_about(pressed.shop, draft) if draft else None


def _replied(turn: Turn) -> CardRef:
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    return turn.replied


def _typed(turn: Turn) -> str:
    """Return what was typed, also under a picture."""
    return turn.text or (turn.message.caption or "" if turn.message else "")
