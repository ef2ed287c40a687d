"""回传 of many orders: a paste in the private chat, or as a reply, and what it asks."""

from collections.abc import Callable
from typing import cast

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.keyboards import data as d
from bot.redrawing import redraw
from bot.screens import paste_questions as asking
from bot.screens import pasting as screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.ports import Store
from core.shipments.pasted import Answer, Answered, Pasted, origin_of
from core.text.pasting import looks_pasted, read_paste
from core.values import Actor

router = Router(name="pasting")

REDRAWN = 10  # orders of one paste whose cards in the chat are brought up to date
# Replies to these are a paste, whatever they say.
ANSWERED = frozenset({"given", "numbers", "numbers_ask"})
# Replies to these are about one order, unless they speak of another.
OF_ONE_ORDER = frozenset({"assignment", "shipment", "parcels"})
Found = dict[str, int]


class Pastes(Filter):
    """The message is a paste; gives the shop, and the batch it answers."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool | Found:  # noqa: ARG002
        """Look at what it replies to first, then at its words; only then at the orders."""
        message, replied = turn.message, turn.replied
        if message is None or not turn.text or turn.said is not None:
            return False
        if replied is not None and replied.kind in ANSWERED:
            within = replied.ref_id if replied.kind == "given" else 0
            return bool(read_paste(turn.text)) and {"shop_id": replied.shop_id, "within": within}
        if not _may_be_one(turn, message) or not looks_pasted(turn.text):
            return False
        if replied is not None and replied.kind in OF_ONE_ORDER:
            return await _speaks_of_others(turn, replied) and {"shop_id": replied.shop_id}
        return {"shop_id": replied.shop_id if replied else turn.shop_id or 0}


def _may_be_one(turn: Turn, message: Message) -> bool:
    if turn.replied is not None and turn.replied.kind in OF_ONE_ORDER:
        return True
    if turn.role != "factory" or turn.step:
        return False
    original = message.reply_to_message
    of_mine = original and original.from_user and original.from_user.id == turn.house.bot_id
    return turn.private or bool(of_mine)


async def _speaks_of_others(turn: Turn, replied: CardRef) -> bool:
    actor, entering = turn.actor(replied.shop_id), turn.services.entering
    lines = read_paste(turn.text)

    def look(store: Store) -> bool:
        own = replied.ref_id
        if replied.kind == "shipment":
            own = turn.services.shipping.correctable(store, actor, own).assignment_id
        return entering.names_others(store, actor, lines, own)

    return await turn.read(look)


@router.message(Pastes())
async def paste(message: Message, turn: Turn, shop_id: int, within: int = 0) -> None:
    """Lines of orders and numbers: shipped, asked about, or handed back."""
    actor, entering = turn.actor(shop_id), turn.services.entering
    lines, origin = read_paste(turn.text), origin_of(turn.chat_id, message.message_id)
    about = CardRef("numbers_in", message.message_id, shop_id)

    def work(store: Store) -> Pasted:
        return entering.paste(store, actor, lines, origin=origin, within=within)

    await show_report(turn, shop_id, await turn.write(work, about))


async def show_report(turn: Turn, shop_id: int, pasted: Pasted) -> None:
    """Show what became of the lines, and ask about the first that is in doubt."""
    shown = await turn.show(screens.report(turn.t, shop_id, pasted))
    if pasted.asked is not None:
        await turn.show(asking.question(turn.t, shop_id, pasted), fresh=True)
    await _redraw(turn, pasted, shown)


@router.callback_query(d.AnswerPaste.filter())
async def answer(_: CallbackQuery, turn: Turn, callback_data: d.AnswerPaste) -> None:
    """An answer about one line, or the list of all carriers."""
    pressed, entering = callback_data, turn.services.entering
    actor = turn.actor(pressed.shop)
    if pressed.say == asking.ALL:
        pasted = await turn.read(_showing(turn, actor, pressed.draft))
        await turn.show(asking.question(turn.t, pressed.shop, pasted, every=True))
        return
    # A claim: the use case takes only an answer to what it asks.
    said = Answered(cast("Answer", pressed.say), pressed.choice, pressed.alike)

    def work(store: Store) -> Pasted:
        return entering.answer(store, actor, pressed.draft, pressed.line, said)

    pasted = await turn.write(work, CardRef("numbers_ask", pressed.draft, pressed.shop))
    shown = await turn.show(asking.question(turn.t, pressed.shop, pasted))
    await _redraw(turn, pasted, shown)


@router.callback_query(d.ShowPaste.filter())
async def page(_: CallbackQuery, turn: Turn, callback_data: d.ShowPaste) -> None:
    """Another page of what became of the lines."""
    pressed = callback_data
    pasted = await turn.read(_showing(turn, turn.actor(pressed.shop), pressed.draft))
    await turn.show(screens.report(turn.t, pressed.shop, pasted, pressed.page))


def _showing(turn: Turn, actor: Actor, draft_id: int) -> Callable[[Store], Pasted]:
    return lambda store: turn.services.entering.show(store, actor, draft_id)


async def _redraw(turn: Turn, pasted: Pasted, shown: int) -> None:
    """Bring the report, and the first orders' cards, up to date."""
    orders = list(dict.fromkeys(one.order for one in pasted.of("shipped", "corrected")))
    about = [("numbers", pasted.draft_id)] + [("assignment", one) for one in orders[:REDRAWN]]
    await redraw(turn, about, shown)
