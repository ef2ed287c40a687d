"""Exporting what shipped: which days, and the workbook. No recipients, and never a formula."""

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Attachment, Button, Screen
from bot.screens.words import CHINA, carrier_name, platform_name
from bot.texts import Translator

SPANS = (0, 6, 29)  # days before today that are taken along


def choose_span(t: Translator, shop_id: int) -> Screen:
    """Ask which days."""
    names = (t("Today"), t("Last 7 days"), t("Last 30 days"))
    buttons = tuple(
        Button(name, d.Export(shop=shop_id, days=days).pack())
        for name, days in zip(names, SPANS, strict=True)
    )
    text = t("Shipped orders with tracking numbers, as .xlsx. Which days?")
    return Screen(text, (buttons, menu_button(t, shop_id)))


def nothing_shipped(t: Translator, shop_id: int) -> Screen:
    """Say that there is nothing to export, and where to look instead."""
    buttons = (
        Button(t("Other days"), d.OpenMenu(shop=shop_id, place="export").pack()),
        Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack()),
    )
    return Screen(t("Nothing shipped in these days."), (buttons, menu_button(t, shop_id)))


def export_screen(t: Translator, shop_id: int, content: bytes, parcels: int, today: date) -> Screen:
    """Hand the workbook over."""
    name = t.plain("shipped_{day}.xlsx", day=today.isoformat())
    text = t.n("{n} parcel shipped. The file holds no recipients.",
               "{n} parcels shipped. The file holds no recipients.", parcels)  # fmt: skip
    return Screen(text, (menu_button(t, shop_id),), attachment=Attachment(name, content))


def failed(t: Translator, shop_id: int) -> Screen:
    """Say that a file could not be made, and how to try again."""
    text = t("The file could not be made. Nothing is lost: please ask for it again.")
    return Screen(text, (menu_button(t, shop_id),))


def file_below(t: Translator) -> Screen:
    """Say, in place of the progress, that the file is there."""
    return Screen(t("✅ The file is ready, below."))


def workbook(t: Translator, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return an .xlsx of the rows `core.listing.Listing.shipped` gives.

    Every cell is a string, so that long numbers keep their digits and nothing is ever a formula.
    Many rows take a second: to be called beside the event loop.
    """
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(t.plain("Shipped"))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(_columns(t)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(_values(t, row)):
                sheet.write_string(number, column, value)
    return file.getvalue()


def _columns(t: Translator) -> tuple[tuple[str, int], ...]:
    return (
        (t("Order number"), 22), (t("Sub-order number"), 22), (t("Platform"), 10),
        (t("Product"), 30), (t("Spec"), 16), (t("Code"), 14), (t("Pieces"), 7),
        (t("Factory"), 16), (t("Tag"), 7), (t("Carrier"), 12), (t("Tracking number"), 20),
        (t("Shipped at"), 20),
    )  # fmt: skip


def _values(t: Translator, row: Mapping[str, Any]) -> tuple[str, ...]:
    shipped_at: datetime = row["shipped_at"]
    return (
        row["order_no"], row["sub_order_no"] or "", platform_name(t, row["platform"]),
        row["product_name"] or "", row["sku_spec"] or "", row["product_code"] or "",
        str(row["quantity"] or ""),
        row["alias"] or row["factory"], row["tag"], carrier_name(t, row["carrier"]),
        row["tracking_number"], shipped_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
    )  # fmt: skip
