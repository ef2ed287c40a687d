"""取电子面单: which carrier, drawn by a job; what was printed ships by a press; one given back."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.tickets_job import DRAW
from bot.jobs import begin, job_of
from bot.keyboards import data as d
from bot.screens import tickets as screens
from bot.screens.assignments import assignment_card
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.ports import Store
from core.shipments.printing import PICKED, SLIPS
from core.text.carriers import CARRIERS
from core.tickets.drawing import Wanted
from core.tickets.turns import TicketResult
from core.values import Actor

router = Router(name="tickets")

SENT = 500  # orders that leave by one press


@router.callback_query(d.DrawTickets.filter())
async def draw(_: CallbackQuery, turn: Turn, callback_data: d.DrawTickets) -> None:
    """🧾: ask by which carrier, then draw."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)

    def look(store: Store) -> tuple[Wanted, int, CardRef | None]:
        ids = store.tickets.undrawn(_meant(turn, store, actor, pressed.of, pressed.ref))
        wanted = turn.services.tickets.drawing.wanted(store, actor, ids[:SLIPS])
        return wanted, len(ids[SLIPS:]), _shown(turn, store)

    wanted, rest, about = await turn.read(look)
    if pressed.carrier not in CARRIERS:
        await turn.show(
            screens.ask_carrier(turn.t, pressed, wanted, rest), fresh=not pressed.carrier
        )
        return
    payload = {
        "of": pressed.of, "ref": pressed.ref, "carrier": pressed.carrier,
        "ids": list(wanted.ids), "rest": rest,
    }  # fmt: skip
    job = job_of(turn, DRAW, actor, turn.pressed or 0, payload)
    await begin(turn, job, screens.drawing(turn.t, len(wanted.ids)), about)


@router.callback_query(d.SendPrinted.filter())
async def send(_: CallbackQuery, turn: Turn, callback_data: d.SendPrinted) -> None:
    """🚚: ask, then ship what was printed."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    leaving = turn.services.tickets.leaving

    def printed(store: Store) -> Sequence[int]:
        return leaving.printed(store, actor, _meant(turn, store, actor, pressed.of, pressed.ref))

    if not pressed.sure:
        ids = await turn.read(printed)
        screen = screens.ask_send(turn.t, pressed, len(ids[:SENT]), len(ids[SENT:]))
        await turn.show(screen, fresh=True)
        return
    done = await turn.write(lambda store: leaving.send(store, actor, printed(store)[:SENT]))
    await turn.show(screens.sent(turn.t, pressed.shop, done))


@router.callback_query(d.CancelTicket.filter())
async def cancel(_: CallbackQuery, turn: Turn, callback_data: d.CancelTicket) -> None:
    """退回: ask, then owe it to the platform."""
    shop_id, assignment_id = callback_data.shop, callback_data.assignment
    actor, services = turn.actor(shop_id), turn.services
    cancelling = services.tickets.cancelling

    def look(store: Store) -> Screen:
        card = services.listing.assignment(store, actor, assignment_id)
        ticket = card.ticket
        if ticket is None or ticket.state != "drawn":
            return assignment_card(turn.t, card, store.now).under(
                screens.cancel_words(turn.t, TicketResult(assignment_id, ""))
            )
        return screens.ask_cancel(turn.t, shop_id, assignment_id, ticket)

    def give_back(store: Store) -> Screen:
        [result] = cancelling.cancel(store, actor, [assignment_id]) or [TicketResult(0, "")]
        card = services.listing.assignment(store, actor, assignment_id)
        return assignment_card(turn.t, card, store.now).under(screens.cancel_words(turn.t, result))

    about = CardRef("assignment", assignment_id, shop_id)
    if callback_data.sure:
        await turn.show(await turn.write(give_back, about))
    else:
        await turn.show(await turn.read(look))


def _meant(turn: Turn, store: Store, actor: Actor, of: str, ref: int) -> Sequence[int]:
    """Return what is meant: open, ticked, of a batch, or one."""
    return turn.services.printing.chosen(store, actor, of, ref, limit=PICKED).ids


def _shown(turn: Turn, store: Store) -> CardRef | None:
    card = store.chats.shown(turn.house.bot_id, turn.chat_id, turn.pressed or 0)
    return CardRef(card.kind, card.ref_id, card.shop_id) if card else None
