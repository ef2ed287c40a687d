"""A factory's file of numbers: that it is read, and why it could not be."""

from bot.keyboards.parts import menu_button
from bot.screens.import_words import sheet_error_text
from bot.screens.screen import Lines, Screen
from bot.screens.short import cut
from bot.texts import Html, Translator
from core.entities import Job
from core.imports.incoming import Encrypted, OldFormat, SheetError

FILE_NAME = 60


def reading(t: Translator, file_name: str) -> Screen:
    """Say that the file is being read."""
    return Screen(t("⏳ Reading the numbers of {file} …", file=cut(file_name, FILE_NAME)))


def not_read(t: Translator, shop_id: int, error: SheetError) -> Screen:
    """Say that a file gives no numbers, and what one looks like that does."""
    text = Lines([])
    if isinstance(error, (Encrypted, OldFormat)):
        text.add(sheet_error_text(t, error))
    return Screen(text.add(t("Nothing was shipped.")).add(_how(t)).text(),
                  (menu_button(t, shop_id),))  # fmt: skip


def nothing_filled(t: Translator, shop_id: int, blank: int) -> Screen:
    """Say that no row has a number."""
    text = Lines([t("No row of the file has a tracking number: nothing was shipped.")])
    if blank:
        text.add(t.n("Row without a number, passed over: {n}",
                     "Rows without a number, passed over: {n}", blank))  # fmt: skip
    return Screen(text.add(_how(t)).text(), (menu_button(t, shop_id),))


def gave_up(t: Translator, job: Job) -> Screen:
    """Say that reading failed on our side: what had shipped is not shipped again."""
    text = t("The file could not be worked through. Please send it again: what has shipped already "
             "is not shipped twice.")  # fmt: skip
    return Screen(text, (menu_button(t, job.shop_id),))


def _how(t: Translator) -> Html:
    return t("Send the packing list back with its number column filled in, or an .xlsx, .csv or "
             ".txt with an order and its number on each line.")  # fmt: skip
