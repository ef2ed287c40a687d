"""Making the workbook of 对账: read in chunks, written beside the event loop."""

import asyncio
from contextlib import closing
from functools import partial

from bot.house import House
from bot.screens import exports as screens
from bot.screens.reconcile_book import ReconcileBook
from bot.screens.screen import Screen
from bot.texts import Translator
from core.orders.narrowing import Scope
from core.orders.views import Cursor
from core.values import Actor


async def reconciled(house: House, actor: Actor, t: Translator, scope: Scope) -> Screen:
    """Return the screen with the workbook, or that nothing shipped.

    Raises `TooMuchToExport` and as `acting`. A parcel shipped meanwhile may come along.
    """
    use = house.services.reconciling
    await house.database.read(lambda store: use.check(store, actor, scope))
    after: Cursor | None = None
    with closing(ReconcileBook(t, scope.role)) as book:
        while True:
            rows = await house.database.read(
                partial(use.rows, actor=actor, scope=scope, after=after)
            )
            if not rows:
                break
            await asyncio.to_thread(book.add, rows)
            after = Cursor(rows[-1].shipped_at, rows[-1].shipment_id)
        if after is None:
            return screens.nothing_shipped(t, actor.shop_id)
        content = await asyncio.to_thread(book.content)
        return screens.export_screen(t, actor.shop_id, scope, book.all, content)
