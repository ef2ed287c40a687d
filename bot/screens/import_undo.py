"""Undoing an import: what would happen, and what happened."""

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.texts import Html, Translator
from core.imports.undoing import Undone

FILE_NAME = 60


def undo_row(t: Translator, shop_id: int, draft_id: int) -> Row:
    """Return the way to undo an import."""
    return (Button(t("↩️ Undo the import"), d.UndoImport(shop=shop_id, draft=draft_id).pack()),)


def ask_undo(t: Translator, shop_id: int, draft_id: int, outlook: Undone) -> Screen:
    """Show what would be taken out, and ask once."""
    card = CardRef("import", draft_id, shop_id)
    back = Button(
        t("Keep the import"), d.AnswerImport(shop=shop_id, draft=draft_id, answer="view").pack()
    )
    text = Lines([t("↩️ <b>Undo the import?</b> · {file}", file=cut(outlook.file_name, FILE_NAME))])
    text.gap()
    if not outlook.taken_out:
        text.add(t("Nothing can be taken out: the factory is at work on every order.")
                 if outlook.left else t("This import brought in no order."))  # fmt: skip
        text.add(*_left(t, outlook))
        return Screen(text.text(), ((back,),), card)
    n = outlook.taken_out
    text.add(t.n("{n} order is taken out.", "{n} orders are taken out.", n))
    if outlook.taken_back:
        text.add(
            t.n(
                "Of them {n} is first taken back from the factory.",
                "Of them {n} are first taken back from the factory.",
                outlook.taken_back,
            )
        )
    text.add(*_left(t, outlook)).gap()
    text.add(t("What the file changed in older orders stays."))
    sure = d.UndoImport(shop=shop_id, draft=draft_id, sure=1).pack()
    words = t.n("↩️ Take out {n} order", "↩️ Take out {n} orders", n)
    return Screen(text.text(), ((Button(words, sure),), (back,)), card)


def undoing_screen(t: Translator, done: int = 0, every: int = 0) -> Screen:
    """Say that the orders are being taken out: `done` of `every` so far."""
    if not done:
        return Screen(t("⏳ Undoing the import …"))
    return Screen(t("⏳ Undoing the import … {done}/{every}", done=done, every=every))


def stopped_screen(t: Translator, shop_id: int, draft_id: int) -> Screen:
    """Say that undoing was given up half-way, and how to finish it."""
    text = t("Undoing the import stopped half-way, by a mistake on our side. What is out is out; "
             "press to finish it.")  # fmt: skip
    again = d.UndoImport(shop=shop_id, draft=draft_id, sure=1).pack()
    return Screen(text, ((Button(t("↩️ Finish undoing"), again),), menu_button(t, shop_id)))


def undone_screen(t: Translator, shop_id: int, draft_id: int, done: Undone) -> Screen:
    """Show what was done."""
    text = Lines([t("↩️ <b>Import undone</b> · {file}", file=cut(done.file_name, FILE_NAME))])
    n = done.taken_out
    text.gap().add(
        t.n(
            "{n} order is out, with its recipient.", "{n} orders are out, with their recipients.", n
        )
    )
    if done.taken_back:
        text.add(
            t.n(
                "{n} of them was taken back; the factory is being told.",
                "{n} of them were taken back; the factory is being told.",
                done.taken_back,
            )
        )
    text.add(*_left(t, done)).gap()
    text.add(t("What the file changed in older orders stays."),
             t("Send the file again to import them afresh."))  # fmt: skip
    return Screen(text.text(), (menu_button(t, shop_id),), CardRef("import", draft_id, shop_id))


def undone_before(t: Translator, shop_id: int) -> Screen:
    """Say what became of the import, where its message is shown again."""
    text = t("↩️ This import was undone. Send the file again to import its orders afresh.")
    return Screen(text, (menu_button(t, shop_id),))


def _left(t: Translator, result: Undone) -> list[str]:
    if not result.left:
        return []
    n = sum(result.left.values())
    head = t.n("{n} order stays:", "{n} orders stay:", n)
    return [head, *(t("• {reason}: {n}", reason=_why(t, why), n=n)
                    for why, n in sorted(result.left.items()))]  # fmt: skip


def _why(t: Translator, why: str) -> Html:
    return {
        "accepted": t("accepted by the factory"),
        "looked": t("recipient looked at"),
        "shipped": t("already shipped"),
    }[why]
