"""The rows of a file that were not taken, as a file to mend and send again."""

import html
import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePath

from bot.keyboards import data as d
from bot.screens.import_words import refusal_text
from bot.screens.screen import Attachment, Button, Lines, Row, Screen
from bot.screens.short import cut
from bot.texts import LANGS, Translator, translator
from core.imports.importing import ImportPreview, RefusedRows
from core.imports.incoming import Refused

FILE_NAME = 40
WHY, WHERE = 44, 10  # widths of our own columns, in characters


def refused_rows_row(t: Translator, shop_id: int, preview: ImportPreview) -> tuple[Row, ...]:
    """Return the way to the file, where rows were not taken."""
    if not preview.refused:
        return ()
    words = t.plain("📥 Rows not taken, as a file ({n})", n=len(preview.refused))
    pressed = d.GetRefused(shop=shop_id, draft=preview.draft_id).pack()
    return ((Button(words, pressed),),)


def making_file(t: Translator) -> Screen:
    """Hold the file's place."""
    return Screen(t("⏳ Making the file …"))


def no_private_chat(t: Translator, username: str) -> Screen:
    """Say that the file goes to the private chat, which was never opened."""
    text = t("The file holds people's addresses, so it goes to our private chat: open it, then "
             "press the button again.")  # fmt: skip
    return Screen(text, ((Button(t("Open the private chat"), url=f"https://t.me/{username}"),),))


def refused_file(t: Translator, rows: RefusedRows, content: bytes, vanishes: timedelta) -> Screen:
    """Hand the file over."""
    n, left = len(rows.rows), sum(not one.cells for one in rows.rows)
    text = Lines([t.n("📥 {n} row was not taken: the first column says why.",
                      "📥 {n} rows were not taken: the first column says why.", n)])  # fmt: skip
    text.add(t("Mend it and send this file back, or mend your own file by the row numbers."))
    if left:
        text.add(
            t.n(
                "The cells of {n} row did not fit in: mend that in your own file.",
                "The cells of {n} rows did not fit in: mend those in your own file.",
                left,
            )
        )
    minutes = max(1, round(vanishes.total_seconds() / 60))
    text.gap().add(t("It vanishes after {n} min.", n=minutes))
    stem = cut(PurePath(rows.file_name).stem, FILE_NAME)
    name = t.plain("Not taken {file}.xlsx", file=stem)
    return Screen(text.text(), attachment=Attachment(name, content))


def refused_workbook(t: Translator, rows: RefusedRows) -> bytes:
    """Return the rows as they were written, the reason and the row's number in front.

    Every cell is a string. Our own columns of an earlier round are left out. Many rows take some
    seconds: to be called beside the event loop.
    """
    from xlsxwriter import Workbook

    file, ours = io.BytesIO(), {name for lang in LANGS for name in _titles(translator(lang))}
    kept = [place for place, title in enumerate(rows.titles) if title not in ours]
    with Workbook(file, {"constant_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        mark = book.add_format({"num_format": "@", "bg_color": "#FDE9D9"})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, WHY, mark)
        sheet.set_column(1, 1, WHERE, text)
        sheet.set_column(2, max(2, len(kept) + 1), 16, text)
        titles = [*_titles(t), *(rows.titles[place] for place in kept)]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        for number, one in enumerate(rows.rows, start=1):
            formats = [mark] + [text] * (len(kept) + 1)
            for column, (value, look) in enumerate(
                zip(_values(t, one, kept), formats, strict=True)
            ):
                if value:
                    sheet.write_string(number, column, value, look)
    return file.getvalue()


def _titles(t: Translator) -> tuple[str, str]:
    return t.plain("Why it was not taken"), t.plain("Row in your file")


def _values(t: Translator, one: Refused, kept: Sequence[int]) -> list[str]:
    cells = [one.cells[place] if place < len(one.cells) else "" for place in kept]
    return [html.unescape(refusal_text(t, one)), str(one.row), *cells]
