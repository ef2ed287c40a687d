"""Selecting orders to assign: pasting numbers, what came of it, the file of what was left out."""

import io
from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words, menu_button
from bot.screens.assigning import open_lines, skipped_lines
from bot.screens.screen import Attachment, Button, CardRef, Lines, Row, Screen
from bot.screens.words import skip_words
from bot.texts import Translator
from core.assignments.selecting import BATCH_LIMIT, LeftOut, Selection, Taken
from core.orders.finding import SHORTEST

ASK = "paste"


def ask_numbers(t: Translator, shop_id: int, *, private: bool) -> Screen:
    """Ask for a paste of numbers: of anybody in a group, by a reply."""
    text = Lines([t("📋 <b>Paste order numbers</b>")])
    text.add(t("Any text with order numbers in it will do, or with their last characters (at least "
               "{n}). Several messages add up.", n=SHORTEST))  # fmt: skip
    card = CardRef(ASK, shop_id, shop_id)
    return ask_in_words(t, text.text(), card, t.plain("Order numbers"), private=private)


def pasted(t: Translator, shop_id: int, taken: Taken, *, private: bool) -> Screen:
    """Say what a paste added, and what it did not and why."""
    text = Lines([_ticked(t, taken)])
    if taken.read.moved_on:
        n = len(taken.read.moved_on)
        text.gap().add(t.n("{n} does not wait to be assigned:", "{n} do not wait to be assigned:",
                           n))  # fmt: skip
        text.add(*skipped_lines(t, taken.read.moved_on))
    text.gap().add(*open_lines(t, taken.read))
    more = t("Paste more, or go on with what is ticked.")
    text.gap().add(more if private else t("Reply with more, or go on with what is ticked."))
    card = None if private else CardRef(ASK, shop_id, shop_id)
    return Screen(text.text(), (*_onward(t, shop_id, taken.selection), menu_button(t, shop_id)),
                  card)  # fmt: skip


def _ticked(t: Translator, taken: Taken) -> str:
    if not taken.added:
        return t("Nothing was added: {n} ticked as before.", n=taken.selection.size)
    return t("☑️ <b>{n} ticked</b>, {added} of them now.", n=taken.selection.size,
             added=taken.added)  # fmt: skip


def matched(t: Translator, taken: Taken) -> str:
    """Say what 全选筛选结果 added, as a line above the list."""
    text = Lines([_ticked(t, taken)])
    if taken.more:
        text.add(t("⚠️ More orders match, but one assignment takes at most {limit}: assign these "
                   "first, then tick the rest.", limit=BATCH_LIMIT))  # fmt: skip
    return text.text()


def _onward(t: Translator, shop_id: int, selection: Selection) -> list[Row]:
    looked = d.ListOrders(shop=shop_id, tab="unassigned", tick=1).pack()
    rows: list[Row] = []
    if selection.size:
        words = t.plain("Assign ticked ({n})", n=selection.size)
        rows.append((Button(words, d.AssignSelected(shop=shop_id).pack()),))
    see = Button(t("☑️ See and tick"), looked)
    if selection.size:
        rows.append((see, Button(t("🗑 Untick all"), d.ClearTicked(shop=shop_id).pack())))
    else:
        rows.append((see,))
    return rows


def making_file(t: Translator) -> Screen:
    """Say that a file is being made."""
    return Screen(t("Making the file …"))


def nothing_left_out(t: Translator, shop_id: int) -> Screen:
    """Say that there is nothing for a file."""
    return Screen(t("Nothing was left out."), (menu_button(t, shop_id),))


def left_out_file(t: Translator, shop_id: int, rows: Sequence[LeftOut]) -> Screen:
    """Hand over what was left out, with the reasons, as .xlsx. No recipients.

    Many rows take a while: to be called beside the event loop.
    """
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(t.plain("Left out"))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        titles = ((t("Order number"), 24), (t("Product"), 36), (t("Reason"), 24))
        for column, (title, width) in enumerate(titles):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, bold)
        for number, one in enumerate(rows, start=1):
            values = (one.order_no, one.product, skip_words(t, one.reason))
            for column, value in enumerate(values):
                sheet.write_string(number, column, value)
    text = t.n("{n} order was left out; the file says why.",
               "{n} orders were left out; the file says why.", len(rows))  # fmt: skip
    attached = Attachment(t.plain("left_out.xlsx"), file.getvalue())
    return Screen(text, (menu_button(t, shop_id),), attachment=attached)
