"""Every row of a file that was not taken, and every order that was left out, page by page."""

from bot.keyboards import data as d
from bot.screens.import_words import refusal_text
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut, tail
from bot.screens.words import skip_words
from bot.texts import Html, Translator
from core.imports.importing import ImportPreview
from core.imports.incoming import Refused
from core.values import Skipped

PAGE = 20
NUMBER = 24  # characters of an order's number; no platform's is longer


def left_out_screen(t: Translator, shop_id: int, result: ImportPreview, after: int) -> Screen:
    """Show a page of rows, then of orders, each with its reason; past the end, the last page."""
    entries: list[Refused | Skipped] = [*result.refused, *result.skipped]
    last = max(len(entries) - 1, 0) // PAGE * PAGE
    start = min(after // PAGE * PAGE, last)
    text = Lines()
    for place, one in enumerate(entries[start : start + PAGE], start):
        if place in (start, len(result.refused)):
            text.gap().add(_heading(t, one, result))
        text.add(refused_line(t, one, whole=True) if isinstance(one, Refused) else _skipped(t, one))
    if not entries:
        text.add(t("Nothing is left out."))
    elif last:
        text.gap().add(t("{first}–{last} of {n}", first=start + 1,
                         last=min(start + PAGE, len(entries)), n=len(entries)))  # fmt: skip
    draft_id = result.draft_id
    rows = (*_turning(t, shop_id, draft_id, start, last), _back(t, shop_id, result))
    return Screen(text.text(), rows, CardRef("import", draft_id, shop_id))


def refused_line(t: Translator, one: Refused, *, whole: bool = False) -> Html:
    """Return a row and its reason; the order's number by its end, or `whole`."""
    reason = refusal_text(t, one)
    if not one.order_no:
        return t("• Row {row}: {reason}", row=one.row, reason=reason)
    number = cut(one.order_no, NUMBER) if whole else tail(one.order_no)
    return t("• Row {row} ({number}): {reason}", row=one.row, number=number, reason=reason)


def _skipped(t: Translator, one: Skipped) -> Html:
    return t("• {number}: {reason}", number=cut(one.order_no, NUMBER),
             reason=skip_words(t, one.reason))  # fmt: skip


def _heading(t: Translator, first: Refused | Skipped, result: ImportPreview) -> Html:
    if isinstance(first, Refused):
        return t("Rows not taken: <b>{n}</b>", n=len(result.refused))
    return t("Orders not imported: <b>{n}</b>", n=len(result.skipped))


def _turning(t: Translator, shop_id: int, draft_id: int, start: int, last: int) -> tuple[Row, ...]:
    def to(words: str, after: int) -> Button:
        return Button(words, d.ShowLeftOut(shop=shop_id, draft=draft_id, after=after).pack())

    before = (to(t("⬅️ Previous page"), start - PAGE),) if start else ()
    following = (to(t("Next page ➡️"), start + PAGE),) if start < last else ()
    return ((*before, *following),) if last else ()


def _back(t: Translator, shop_id: int, result: ImportPreview) -> Row:
    view = d.AnswerImport(shop=shop_id, draft=result.draft_id, answer="view").pack()
    words = t("Back to the import") if result.state == "confirmed" else t("Back to the preview")
    return (Button(words, view),)
