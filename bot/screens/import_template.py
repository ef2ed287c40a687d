"""Our own sheet as a workbook to fill in (模板), for orders no platform exports."""

import io

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Attachment, Button, Lines, Row, Screen
from bot.texts import Translator
from core.imports.own_sheet import OWN_COLUMNS, OwnField

WIDTHS: dict[OwnField, int] = {
    "product_name": 26, "whole_address": 44, "buyer_note": 22, "seller_note": 22, "order_no": 22,
}  # fmt: skip


def template_row(t: Translator, shop_id: int) -> Row:
    """Return the way to the template, for where there is no export to send."""
    return (Button(t("📄 Template"), d.OpenMenu(shop=shop_id, place="template").pack()),)


def template_screen(t: Translator, shop_id: int, content: bytes) -> Screen:
    """Hand the template over."""
    text = Lines([t("📄 <b>Template</b> for orders without an export")]).gap()
    text.add(
        t("Fill it in, one product a row, and send it back here as .xlsx."),
        t("The example row may stay, it is never imported."),
    )
    name = t.plain("Order template.xlsx")
    return Screen(text.text(), (menu_button(t, shop_id),), attachment=Attachment(name, content))


def template_workbook(t: Translator) -> bytes:
    """Return the template. Its cells are text, so that long numbers keep their digits."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file) as book:
        text = book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "font_color": "#888888", "italic": True})
        needed = book.add_format({"bold": True, "bg_color": "#FDE9D9", "border": 1})
        other = book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1})
        orders = book.add_worksheet(t.plain("Orders"))
        hints = book.add_worksheet(t.plain("How to fill it in"))
        orders.freeze_panes(1, 1)
        hints.set_column(0, 0, 14)
        hints.set_column(1, 1, 90)
        for place, column in enumerate(OWN_COLUMNS):
            orders.set_column(place, place, WIDTHS.get(column.field, 14), text)
            orders.write_string(0, place, column.name, needed if column.needed else other)
            orders.write_string(1, place, column.example, grey)
            hints.write_string(place, 0, column.name, needed if column.needed else other)
            hints.write_string(place, 1, _hint(t, column.field))
        for place, line in enumerate(_rules(t), start=len(OWN_COLUMNS) + 1):
            hints.write_string(place, 0, line)
    return file.getvalue()


def _rules(t: Translator) -> tuple[str, ...]:
    return (
        t.plain("Coloured columns are needed, the others may stay empty."),
        t.plain("Do not rename the columns; their order does not matter."),
        t.plain("An order number imported before is not added again: its order is changed to what "
                "the row says."),
    )  # fmt: skip


def _hint(t: Translator, field: OwnField) -> str:
    return {
        "order_no": t.plain("Your own number: 4 to 64 letters, digits, - or _. Several products of "
                            "one order: a row for each, with the same number."),
        "product_name": t.plain("What the factory has to send."),
        "sku_spec": t.plain("Colour, size, model."),
        "product_code": t.plain("Your code or the factory's, to find and pick it by."),
        "quantity": t.plain("Whole pieces, e.g. 2."),
        "price": t.plain("In yuan for one piece; only for your own sums."),
        "name": t.plain("Needed in the first row of an order."),
        "phone": t.plain("Mobile or landline; with its extension where it has one."),
        "whole_address": t.plain("Province, city, district and the rest in one cell."),
        "buyer_note": t.plain("Shown to the factory."),
        "seller_note": t.plain("Shown to the factory, as your own remark."),
        "ship_by": t.plain("E.g. 2026-06-18 18:00, China time. Empty: 48 hours after the import."),
    }[field]  # fmt: skip
