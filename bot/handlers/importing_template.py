"""The template for orders no platform exports: `/template`, and a button near the files."""

import asyncio

from aiogram import Router
from aiogram.types import Message

from bot.filters import Says
from bot.screens.import_template import template_screen, template_workbook
from bot.turn import Turn

router = Router(name="template")


@router.message(Says("template"))
async def template(_: Message, turn: Turn) -> None:
    """`/template`."""
    await show_template(turn, turn.shop_id or 0)


async def show_template(turn: Turn, shop_id: int) -> None:
    """Send the template: also from the menu. It holds nobody's data, so groups get it too."""
    actor = turn.actor(shop_id)
    await turn.read(lambda store: turn.services.listing.merchant(store, actor))
    content = await asyncio.to_thread(template_workbook, turn.t)
    await turn.show(template_screen(turn.t, actor.shop_id, content))
