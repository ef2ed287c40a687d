"""逾期: what is past its deadline, for either side, and the way on."""

from datetime import datetime

from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens import assignments, order_list
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.texts import Translator
from core.clock.due import COUNTED
from core.orders.views import AssignmentRow, Cursor, OrderRow, Page


def late_orders(t: Translator, shop_id: int, page: Page[OrderRow], n: int, now: datetime) -> Screen:
    """Show a page of the merchant's late orders."""
    hint = t("Past their deadline and not shipped, the most overdue first.")
    rows = [
        (Button(order_list.row_words(t, row, now), d.ShowOrder(shop=shop_id, order=row.id).pack()),)
        for row in page.rows
    ]
    back = d.ListOrders(shop=shop_id, tab="to_ship").pack()
    return _list(t, shop_id, n, hint, (*rows, *_ways(t, shop_id, page), _back(t, back)))


def late_assignments(
    t: Translator, shop_id: int, page: Page[AssignmentRow], n: int, now: datetime
) -> Screen:
    """Show a page of what the factory is late with. A reply to it ships nothing."""
    hint = t("Past their deadline: ship these first, the most overdue on top.")
    rows = assignments.assignment_buttons(t, shop_id, page, now)
    back = d.ListOrders(shop=shop_id, tab="to_ship").pack()
    screen = _list(t, shop_id, n, hint, (*rows, *_ways(t, shop_id, page), _back(t, back)))
    return Screen(screen.text, screen.rows, CardRef("assignments", 0, shop_id))


def _list(t: Translator, shop_id: int, n: int, hint: str, rows: tuple[Row, ...]) -> Screen:
    shown = f"{n}+" if n >= COUNTED else str(n)
    text = Lines([t("⏰ <b>Late</b> · {n}", n=shown)])
    text.add(hint if n else t("Nothing is late. Well done!"))
    return Screen(text.text(), (*filter(None, rows), menu_button(t, shop_id)))


def _ways(
    t: Translator, shop_id: int, page: Page[OrderRow] | Page[AssignmentRow]
) -> tuple[Row, ...]:
    def way(words: str, cursor: Cursor) -> Button:
        return Button(words, d.ListLate(shop=shop_id, **cursors.pack(cursor)).pack())

    ways = ((t("⬅️ Previous"), page.before), (t("Next ➡️"), page.after))
    return (tuple(way(words, cursor) for words, cursor in ways if cursor is not None),)


def _back(t: Translator, pressed: str) -> Row:
    return (Button(t("📋 To ship"), pressed),)
