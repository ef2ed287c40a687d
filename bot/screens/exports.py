"""对账: which days, whose parcels, and the workbook handed over. No recipients."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.reconcile_book import Totals
from bot.screens.screen import Attachment, Button, CardRef, Row, Screen
from bot.screens.short import cut
from bot.screens.words import period_name
from bot.texts import Translator, escape
from core.entities import Role
from core.orders.filtering import PARTNERS
from core.orders.narrowing import Scope
from core.orders.views import BindingRow
from core.text.periods import LONGEST, NAMED, Period

ASK = "span"


def choose_span(t: Translator, shop_id: int, *, private: bool) -> Screen:
    """Ask which days: a button, or typed."""
    buttons = [
        Button(period_name(t, name), d.ExportSpan(shop=shop_id, period=name).pack())
        for name in NAMED
    ]
    rows = [tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3)]
    text = t("⬇️ Shipped orders, numbers and totals as .xlsx, without recipients. Which days?")
    own = t("Send other days like 3.1-3.5 (China time), at most {n}.", n=LONGEST)
    if not private:
        own = t("For other days reply to this message, e.g. 3.1-3.5 (at most {n} days).", n=LONGEST)
    card = CardRef(ASK, shop_id, shop_id)
    return Screen(f"{text}\n{own}", (*rows, menu_button(t, shop_id)), card)


def choose_partner(
    t: Translator, shop_id: int, role: Role, period: Period, rows: Sequence[BindingRow]
) -> Screen:
    """Ask whose parcels; `rows` may hold one more than a page."""
    everybody = t("All factories") if role == "merchant" else t("All merchants")
    buttons: list[Row] = [(_file(shop_id, period, 0, everybody),)]
    for row in rows[:PARTNERS]:
        words = cut(row.alias or row.name, 24)
        if row.status != "bound":
            words = t.plain("{name} (ended)", name=words)
        buttons.append((_file(shop_id, period, row.shop_id, words),))
    if len(rows) > PARTNERS:
        more = d.ExportSpan(shop=shop_id, period=period.code, after=rows[PARTNERS - 1].id)
        buttons.append((Button(t("Next page ➡️"), more.pack()),))
    whose = t("Which factory's parcels?") if role == "merchant" else t("Which merchant's parcels?")
    days = escape(period_name(t, period.code))
    return Screen(f"{days}\n{whose}", (*buttons, _other_days(t, shop_id)))


def _file(shop_id: int, period: Period, partner_id: int, words: str) -> Button:
    pressed = d.ExportFile(shop=shop_id, period=period.code, partner=partner_id)
    return Button(words, pressed.pack())


def _other_days(t: Translator, shop_id: int) -> Row:
    return (Button(t("Other days"), d.OpenMenu(shop=shop_id, place="export").pack()),)


def nothing_shipped(t: Translator, shop_id: int) -> Screen:
    """Say that there is nothing to export, and where to look instead."""
    buttons = (
        *_other_days(t, shop_id),
        Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack()),
    )
    return Screen(t("Nothing shipped in these days."), (buttons, menu_button(t, shop_id)))


def export_screen(
    t: Translator, shop_id: int, scope: Scope, totals: Totals, content: bytes
) -> Screen:
    """Hand the workbook over; the caption says the totals."""
    first, last = scope.period
    name = t.plain("reconcile_{first}_{last}.xlsx", first=first.isoformat(), last=last.isoformat())
    text = t("{days} · orders: {orders}, parcels: {parcels}, pieces: {pieces}. No recipients "
             "inside.",
             days=period_name(t, scope.period.code), orders=len(totals.orders),
             parcels=len(totals.parcels), pieces=totals.pieces)  # fmt: skip
    rows = (_other_days(t, shop_id), menu_button(t, shop_id))
    return Screen(text, rows, attachment=Attachment(name, content))


def making(t: Translator) -> Screen:
    """Say that a file is being made."""
    return Screen(t("Making the file …"))


def failed(t: Translator, shop_id: int) -> Screen:
    """Say that a file could not be made, and how to try again."""
    text = t("The file could not be made. Nothing is lost: please ask for it again.")
    return Screen(text, (menu_button(t, shop_id),))


def file_below(t: Translator) -> Screen:
    """Say, in place of the progress, that the file is there."""
    return Screen(t("✅ The file is ready, below."))
