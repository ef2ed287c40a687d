"""面单 and 拣货单: pressed here, made by a job; slips go to the presser's private chat only."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.printing_job import PICK, SLIPS
from bot.jobs import begin, job_of
from bot.keyboards import data as d
from bot.screens import printing as screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.ports import Store
from core.shipments.printing import PICKED, Chosen
from core.values import Actor

router = Router(name="printing")

Shown = tuple[Chosen, CardRef | None]


@router.callback_query(d.PrintSlips.filter())
async def print_slips(_: CallbackQuery, turn: Turn, callback_data: d.PrintSlips) -> None:
    """🖨: the first slips, or the next ones."""
    pressed, actor, printing = callback_data, turn.actor(callback_data.shop), turn.services.printing

    def look(store: Store) -> Shown:
        chosen = printing.chosen(store, actor, pressed.of, pressed.ref, after=pressed.after)
        return chosen, _shown(turn, store)

    chosen, about = await turn.read(look)
    payload = {**_asked(pressed), "ids": list(chosen.ids), "rest": chosen.rest}
    job = job_of(turn, SLIPS, actor, turn.pressed or 0, payload)
    progress = screens.making_slips(turn.t, len(chosen.ids), private=turn.private)
    await begin(turn, job, progress, about, fresh=True)


@router.callback_query(d.PickList.filter())
async def pick_list(_: CallbackQuery, turn: Turn, callback_data: d.PickList) -> None:
    """🧺: what to fetch."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)

    def look(store: Store) -> CardRef | None:
        _meant(turn, store, actor, pressed)
        return _shown(turn, store)

    about = await turn.read(look)
    job = job_of(turn, PICK, actor, turn.pressed or 0, _asked(pressed))
    await begin(turn, job, screens.making_pick(turn.t), about, fresh=True)


def _meant(turn: Turn, store: Store, actor: Actor, pressed: d.PickList) -> Chosen:
    return turn.services.printing.chosen(store, actor, pressed.of, pressed.ref, limit=PICKED)


def _asked(pressed: d.PrintSlips | d.PickList) -> dict[str, str | int]:
    return {"of": pressed.of, "ref": pressed.ref, "after": pressed.after}


def _shown(turn: Turn, store: Store) -> CardRef | None:
    """Return what the pressed message shows: it goes on showing that."""
    card = store.chats.shown(turn.house.bot_id, turn.chat_id, turn.pressed or 0)
    return CardRef(card.kind, card.ref_id, card.shop_id) if card else None
