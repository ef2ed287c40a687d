"""Selecting orders: all that match the filter, pasted numbers, none again; what was left out."""

import asyncio

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo
from bot.handlers.exporting_job import LEFT_OUT
from bot.handlers.orders import list_screen
from bot.jobs import begin, job_of
from bot.keyboards import data as d
from bot.screens import selecting as screens
from bot.screens.screen import Screen
from bot.turn import Turn
from core.ports import Store
from core.values import Actor

router = Router(name="selecting")

INLINE = 500  # rows of a file made within the update; a handler ends within 5 s


@router.callback_query(d.TickMatching.filter())
async def tick_matching(_: CallbackQuery, turn: Turn, callback_data: d.TickMatching) -> None:
    """全选筛选结果."""
    actor = turn.actor(callback_data.shop)
    look = list_screen(turn, actor.shop_id, "unassigned", None, tick=True)

    def work(store: Store) -> Screen:
        taken = turn.services.assigning.take_matching(store, actor)
        return look(store).under(screens.matched(turn.t, taken))

    await turn.show(await turn.write(work))


@router.callback_query(d.ClearTicked.filter())
async def clear(_: CallbackQuery, turn: Turn, callback_data: d.ClearTicked) -> None:
    """清空已选."""
    actor = turn.actor(callback_data.shop)
    look = list_screen(turn, actor.shop_id, "unassigned", None, tick=True)

    def work(store: Store) -> Screen:
        turn.services.assigning.clear(store, actor)
        return look(store)

    await turn.show(await turn.write(work, hush=True))
    await turn.toast(turn.t("Nothing is ticked now."))


@router.callback_query(d.FindPasted.filter())
async def ask(_: CallbackQuery, turn: Turn, callback_data: d.FindPasted) -> None:
    """粘贴单号: a question that stays open, for a long paste comes as several messages."""
    actor = turn.actor(callback_data.shop)
    await turn.read(lambda store: turn.services.listing.merchant(store, actor))
    question = screens.ask_numbers(turn.t, actor.shop_id, private=turn.private)
    await turn.ask_words(screens.ASK, question, shop=actor.shop_id)


@router.message(Asked(screens.ASK))
async def take_paste(_: Message, turn: Turn) -> None:
    """A paste, in private."""
    await _pasted(turn, turn.actor(turn.data["shop"]))


@router.message(RepliesTo(screens.ASK))
async def take_reply(_: Message, turn: Turn) -> None:
    """A paste as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    await _pasted(turn, turn.actor(turn.replied.shop_id))


async def _pasted(turn: Turn, actor: Actor) -> None:
    assigning = turn.services.assigning
    taken = await turn.write(lambda store: assigning.take_pasted(store, actor, turn.text))
    await turn.show(screens.pasted(turn.t, actor.shop_id, taken, private=turn.private))


@router.callback_query(d.SkippedFile.filter())
async def left_out(_: CallbackQuery, turn: Turn, callback_data: d.SkippedFile) -> None:
    """下载跳过的订单: at once, or beside when there are many. The screen it is under stays."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    assigning = turn.services.assigning
    rows = await turn.read(lambda store: assigning.left_out(store, actor, draft_id))
    if not rows:
        await turn.show(screens.nothing_left_out(turn.t, actor.shop_id), fresh=True)
    elif len(rows) <= INLINE:
        made = await asyncio.to_thread(screens.left_out_file, turn.t, actor.shop_id, rows)
        await turn.show(made, fresh=True)
    else:
        job = job_of(turn, LEFT_OUT, actor, turn.pressed or 0, {"draft_id": draft_id})
        await begin(turn, job, screens.making_file(turn.t), fresh=True)
