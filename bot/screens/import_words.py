"""Why a row or a whole file was not taken, in words that say what to do about it."""

from collections.abc import Callable
from typing import Any

from bot.screens.notes import heard
from bot.texts import Html, Translator
from core.imports import incoming
from core.imports.incoming import Reason, Refused, SheetError

MEGABYTE = 1024 * 1024
_KINDS_OF_MANY_SHEETS = {"ods", "xlsb", "macros"}


def sheet_error_text(t: Translator, error: SheetError) -> Html:
    """Return the sentence for a file that could not be taken. Raises `KeyError` without words."""
    return SHEET_WORDS[type(error)](t, error)


def refusal_text(t: Translator, refused: Refused) -> Html:
    """Return the reason a row was refused for."""
    values = {name: heard(t, value, 40) or t("(empty)") for name, value in refused.detail.items()}
    return REASON_WORDS[refused.reason](t, values)


def _missing(t: Translator, error: incoming.MissingColumns) -> Html:
    return t("The file lacks columns: {columns}. Export again with all columns.",
             columns=t.plain(", ").join(error.columns))  # fmt: skip


def _not_a_sheet(t: Translator, error: incoming.NotASheet) -> Html:
    if error.found in _KINDS_OF_MANY_SHEETS:
        return t("This kind of workbook is not read. Open it, save it as .xlsx, and send that.")
    what = {
        "archive": t("an archive"),
        "docx": t("a Word document"),
        "html": t("a web page"),
        "image": t("a picture"),
        "ole": t("an old Office document"),
        "pdf": t("a PDF"),
        "pptx": t("a presentation"),
        "text": t("plain text"),
        "unknown": t("something I do not know"),
    }[error.found]
    return t("This is {what}, not an order export. Send the .xlsx or .csv your platform exports.",
             what=what)  # fmt: skip


def _too_large(t: Translator, error: incoming.TooLarge) -> Html:
    return t("The file is over {n} MB. Export fewer days at a time.",
             n=error.limit_bytes // MEGABYTE)  # fmt: skip


SHEET_WORDS: dict[type[SheetError], Callable[[Translator, Any], Html]] = {
    incoming.EmptyFile: lambda t, _: t("The file is empty. Export it again and send that."),
    incoming.TooLarge: _too_large,
    incoming.Encrypted: lambda t, _: t(
        "The workbook has a password. Save it without one and send that."
    ),
    incoming.OldFormat: lambda t, _: t(
        "An .xls of the old kind is not read. Open it, save it as .xlsx, and send that."
    ),
    incoming.NotASheet: _not_a_sheet,
    incoming.UnpacksTooLarge: lambda t, _: t(
        "The file unpacks to far more than an order export holds. Export fewer days at a time."
    ),
    incoming.TooManyRows: lambda t, e: t(
        "More than {limit} rows. Export fewer days at a time.", limit=e.limit
    ),
    incoming.NoHeader: lambda t, _: t(
        "No order export is recognised: among the first ten rows none has its column names "
        "(e.g. 主订单编号, 选购商品, 商品数量). Send the export as the platform made it."
    ),
    incoming.MissingColumns: _missing,
    incoming.Unreadable: lambda t, _: t(
        "The file is damaged or in an unknown encoding. Export it again and send that."
    ),
    incoming.TookTooLong: lambda t, _: t(
        "Reading took too long and was given up. Export fewer days at a time."
    ),
}

REASON_WORDS: dict[Reason, Callable[[Translator, dict[str, str]], Html]] = {
    Reason.NO_ORDER_NO: lambda t, _: t("no order number"),
    Reason.BAD_ORDER_NO: lambda t, v: t("{value} is no order number", **v),
    Reason.LOST_DIGITS: lambda t, v: t(
        "{column} {value}: the spreadsheet has rounded digits away; export again and do not save "
        "it in between", **v,
    ),
    Reason.NO_PRODUCT: lambda t, _: t("no product"),
    Reason.BAD_QUANTITY: lambda t, v: t("{value} is no number of pieces", **v),
    Reason.BAD_PRICE: lambda t, v: t("{value} is no price", **v),
    Reason.BAD_TIME: lambda t, v: t("{column}: {value} is no time", **v),
    Reason.BAD_CELL: lambda t, v: t("{column}: {value} does not belong there", **v),
    Reason.TEXT_TOO_LONG: lambda t, v: t("{column} is longer than {limit} characters", **v),
    Reason.UNKNOWN_STATUS: lambda t, v: t("unknown order status {value}", **v),
    Reason.UNKNOWN_AFTER_SALE: lambda t, v: t("unknown after-sale status {value}", **v),
    Reason.CONFLICTING_RECIPIENTS: lambda t, v: t(
        "rows {rows} of one order differ in {column}", **v
    ),
    Reason.CONFLICTING_ROWS: lambda t, v: t(
        "rows {rows} say different things about sub-order {sub_order_no}", **v
    ),
    Reason.EXAMPLE_ROW: lambda t, _: t("the template's example row; fill in your own rows"),
    Reason.SIBLING_REFUSED: lambda t, v: t(
        "another row of this order did not pass ({rows}); an order is taken whole", **v
    ),
}  # fmt: skip
