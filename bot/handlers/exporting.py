"""Exporting shipped orders with their tracking numbers."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Says
from bot.keyboards.data import Export
from bot.screens import exports as screens
from bot.screens.words import CHINA
from bot.turn import Turn
from core.ports import Store
from core.values import Actor

router = Router(name="exporting")

LONGEST = 366  # days: a button says how many, and a button may be forged


class Shipped(NamedTuple):
    """What shipped in some days, and the day it was asked."""

    today: date
    rows: Sequence[Mapping[str, Any]]


@router.message(Says("export"))
async def export(_: Message, turn: Turn) -> None:
    """`/export`."""
    await show_export(turn, turn.shop_id or 0)


async def show_export(turn: Turn, shop_id: int) -> None:
    """Ask which days: also from the menu."""
    actor = turn.actor(shop_id)
    await turn.read(lambda store: turn.services.listing.merchant(store, actor))
    await turn.show(screens.choose_span(turn.t, actor.shop_id))


@router.callback_query(Export.filter())
async def send_export(_: CallbackQuery, turn: Turn, callback_data: Export) -> None:
    """Build the workbook beside the event loop and send it."""
    actor, days = turn.actor(callback_data.shop), min(max(callback_data.days, 0), LONGEST)
    shipped = await turn.read(lambda store: _shipped(turn, store, actor, days))
    if not shipped.rows:
        await turn.show(screens.nothing_shipped(turn.t, actor.shop_id))
        return
    await turn.toast(turn.t("Making the file …"))
    content = await asyncio.to_thread(screens.workbook, turn.t, shipped.rows)
    parcels = len({(row["order_no"], row["tracking_number"]) for row in shipped.rows})
    await turn.show(screens.export_screen(turn.t, actor.shop_id, content, parcels, shipped.today))


def _shipped(turn: Turn, store: Store, actor: Actor, days: int) -> Shipped:
    """Read whole China-time days: today and `days` before it."""
    today = store.now.astimezone(CHINA).date()
    since = datetime.combine(today - timedelta(days=days), time.min, CHINA)
    until = store.now + timedelta(seconds=1)
    return Shipped(today, list(turn.services.listing.shipped(store, actor, since, until)))
