"""Bringing orders in: progress, the preview, what was done, and every reason against a file."""

from collections import Counter
from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.diffs import alarms, changes_nothing, diff_lines, grows
from bot.screens.import_refused import refused_rows_row
from bot.screens.import_rows import refused_line
from bot.screens.import_template import template_row
from bot.screens.import_undo import undo_row
from bot.screens.import_words import sheet_error_text
from bot.screens.rule_trials import given_lines
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut, listed, tail
from bot.screens.words import incomplete_words, skip_words
from bot.texts import Html, Translator
from core.imports.changed_orders import ChangedOrder
from core.imports.importing import ImportPreview
from core.imports.incoming import SheetError
from core.values import Skipped

NAMED = 10  # changed orders and refused rows that are named; the others are counted
DIFFS = 4  # differences shown of one order
FILE_NAME = 60
AFTER_SALE = ("售后状态", "退款状态", "售后")  # as platforms name it in `columns_missing`


def reading_screen(t: Translator, file_name: str) -> Screen:
    """Say that the file is being read."""
    return Screen(t("⏳ Reading {file} …", file=cut(file_name, FILE_NAME)))


def checking_screen(t: Translator, rows: int) -> Screen:
    """Say how many rows were read, while they are compared with what is there."""
    return Screen(
        t.n("⏳ {n} row read, being checked …", "⏳ {n} rows read, being checked …", rows)
    )


def applying_screen(t: Translator, done: int = 0, every: int = 0) -> Screen:
    """Say how many of the orders have been taken in."""
    if not every:
        return Screen(t("⏳ Taking the orders in …"))
    return Screen(t("⏳ Taking the orders in … {done} of {every}", done=done, every=every))


def not_taken(t: Translator, shop_id: int, error: SheetError) -> Screen:
    """Say why the whole file was not taken; one without an export has the template."""
    rows = (template_row(t, shop_id), menu_button(t, shop_id))
    return Screen(sheet_error_text(t, error), rows)


def file_gone(t: Translator, file_name: str) -> Screen:
    """Say that Telegram no longer hands the file out."""
    return Screen(t("{file} can no longer be fetched. Please send it again.",
                    file=cut(file_name, FILE_NAME)))  # fmt: skip


def not_here(t: Translator, username: str) -> Screen:
    """Send people with a file out of the group: it holds people's addresses."""
    text = t("Files hold people's addresses: please send it to me in our private chat.")
    return Screen(text, ((Button(t("Open the private chat"), url=f"https://t.me/{username}"),),))


def import_screen(t: Translator, shop_id: int, preview: ImportPreview) -> Screen:
    """Show what confirming would do, or that it was done before."""
    if preview.state == "confirmed":
        return _imported_before(t, shop_id, preview)
    if preview.state == "frozen":
        return _coming_in(t, shop_id, preview)
    todo = preview.new + len(preview.changed)
    text = Lines([t("📄 <b>{file}</b>", file=cut(preview.file_name, FILE_NAME))])
    text.gap().add(*_sums(t, preview, done=False)).gap()
    if not todo:
        text.add(t("There is nothing new in this file."))
        rows = (*_left_out_row(t, shop_id, preview), *refused_rows_row(t, shop_id, preview),
                (_delete_button(t, shop_id, preview),),
                menu_button(t, shop_id))  # fmt: skip
        return Screen(text.text(), rows, _card(shop_id, preview))
    text.add(t("Nothing is kept until you confirm."))
    sure = d.AnswerImport(
        shop=shop_id, draft=preview.draft_id, answer="confirm", seen=preview.digest
    )
    more = (*_left_out_row(t, shop_id, preview), *refused_rows_row(t, shop_id, preview))
    confirm = Button(t.n("✅ Import {n} order", "✅ Import {n} orders", todo), sure.pack())
    drop = Button(t("Discard"), _answer(shop_id, preview, "drop"))
    rows = ((confirm,), *more, (drop,))
    return Screen(text.text(), rows, _card(shop_id, preview))


def _coming_in(t: Translator, shop_id: int, preview: ImportPreview) -> Screen:
    """Say that it is being applied, and how to go on should that have been given up."""
    n = preview.new + len(preview.changed)
    file = cut(preview.file_name, FILE_NAME)
    text = Lines([t.n("⏳ <b>{file}</b> is being imported: {n} order still to come.",
                      "⏳ <b>{file}</b> is being imported: {n} orders still to come.",
                      n, file=file)])  # fmt: skip
    text.add(t("You are told when all is in. If it has stopped on the way, go on here: what is in "
               "is not taken in twice."))  # fmt: skip
    go_on = d.AnswerImport(
        shop=shop_id, draft=preview.draft_id, answer="confirm", seen=preview.digest
    )
    button = Button(t("▶️ Go on importing"), go_on.pack())
    return Screen(text.text(), ((button,), menu_button(t, shop_id)), _card(shop_id, preview))


def _imported_before(t: Translator, shop_id: int, preview: ImportPreview) -> Screen:
    text = t("✅ <b>{file}</b> was imported already, nothing happened twice.",
             file=cut(preview.file_name, FILE_NAME))  # fmt: skip
    rows = (_onward(t, shop_id, preview), *_left_out_row(t, shop_id, preview),
            *refused_rows_row(t, shop_id, preview), *_undo(t, shop_id, preview),
            (_delete_button(t, shop_id, preview),), menu_button(t, shop_id))  # fmt: skip
    return Screen(text, rows, _card(shop_id, preview))


def imported_screen(t: Translator, shop_id: int, done: ImportPreview) -> Screen:
    """Show what was done."""
    text = Lines([t("✅ <b>Imported</b> · {file}", file=cut(done.file_name, FILE_NAME))])
    text.gap().add(*_sums(t, done, done=True))
    text.gap().add(*given_lines(t, done.given))
    rows = (_onward(t, shop_id, done), *_left_out_row(t, shop_id, done),
            *refused_rows_row(t, shop_id, done), *_undo(t, shop_id, done),
            menu_button(t, shop_id))  # fmt: skip
    return Screen(text.text(), rows, _card(shop_id, done))


def offer_deletion(t: Translator, shop_id: int, done: ImportPreview) -> Screen:
    """Offer to delete the file: a message of its own, so that it stays until it is answered."""
    text = t("🗑 {file} is still in this chat, with people's addresses in it: better delete it.",
             file=cut(done.file_name, FILE_NAME))  # fmt: skip
    return Screen(text, ((_delete_button(t, shop_id, done),),))


def failed_screen(t: Translator, shop_id: int, draft_id: int | None) -> Screen:
    """Say that the work was given up, and how to go on: the kept preview, or the file again."""
    text = t("Something went wrong with that on our side. Nothing is lost: please try again.")
    if draft_id is None:
        return Screen(text, (menu_button(t, shop_id),))
    again = d.AnswerImport(shop=shop_id, draft=draft_id, answer="view").pack()
    return Screen(text, ((Button(t("Back to the preview"), again),), menu_button(t, shop_id)))


def dropped_screen(t: Translator, shop_id: int) -> Screen:
    """Say that nothing was kept."""
    return Screen(t("Discarded: nothing was imported."), (menu_button(t, shop_id),))


def expired_screen(t: Translator, shop_id: int) -> Screen:
    """Say that the preview is of no use any more."""
    text = t("This preview has ended, nothing more is done with it. Please send the file again.")
    return Screen(text, (menu_button(t, shop_id),))


def deleted_screen(t: Translator, shop_id: int, *, gone: bool) -> Screen:
    """Say whether the file has left the chat."""
    if gone:
        return Screen(t("🗑 The file is deleted from the chat."), (menu_button(t, shop_id),))
    text = t("Telegram does not let me delete the file any more (only for 48 hours). Please delete "
             "it yourself: press and hold the file, then Delete.")  # fmt: skip
    return Screen(text, (menu_button(t, shop_id),))


def _onward(t: Translator, shop_id: int, done: ImportPreview) -> Row:
    """Return the way on: to assign what came in, unless rules have assigned all of it."""
    completed = [one for one in done.changed if any(diff.get("first") for diff in one.diffs)]
    if done.given and sum(one.orders for one in done.given) >= done.new + len(completed):
        given = d.ListOrders(shop=shop_id, tab="to_ship").pack()
        return (Button(t("📋 See orders"), given),)
    orders = d.ListOrders(shop=shop_id, tab="unassigned").pack()
    assign = d.OpenMenu(shop=shop_id, place="assign").pack()
    return (Button(t("📤 Assign"), assign), Button(t("📋 See orders"), orders))


def _delete_button(t: Translator, shop_id: int, preview: ImportPreview) -> Button:
    return Button(t("🗑 Delete the file from the chat"), _answer(shop_id, preview, "delete"))


def _left_out_row(t: Translator, shop_id: int, preview: ImportPreview) -> tuple[Row, ...]:
    """Return the way to everything an import leaves out, where it leaves something out."""
    if not preview.refused and not preview.skipped:
        return ()
    pressed = d.ShowLeftOut(shop=shop_id, draft=preview.draft_id).pack()
    words = t("All rows not taken") if preview.refused else t("All orders not imported")
    return ((Button(words, pressed),),)


def _undo(t: Translator, shop_id: int, preview: ImportPreview) -> tuple[Row, ...]:
    return (undo_row(t, shop_id, preview.draft_id),) if preview.undoable else ()


def _answer(shop_id: int, preview: ImportPreview, answer: str) -> str:
    return d.AnswerImport(shop=shop_id, draft=preview.draft_id, answer=answer).pack()


def _card(shop_id: int, preview: ImportPreview) -> CardRef:
    return CardRef("import", preview.draft_id, shop_id)


def _sums(t: Translator, result: ImportPreview, *, done: bool) -> list[str]:
    """Return every number with what belongs to it; a heading without anything is left out."""
    text = Lines(_missing_columns(t, result.columns_missing)).gap()
    text.add(t("New orders: <b>{n}</b>", n=result.new))
    if result.known:
        text.add(t("Known, unchanged: {n}", n=result.known))
    if result.skipped:
        text.add(_left_out(t, result.skipped))
    if result.changed:
        text.gap().add(t("Changed: <b>{n}</b>", n=len(result.changed)))
        urgent = sorted(result.changed, key=lambda one: not alarms(t, one))
        changes = [_change(t, one, done=done) for one in urgent]
        text.add(*bounded(t, changes, most=NAMED, room=1700))
    if result.refused:
        text.gap().add(t("Rows not taken: <b>{n}</b>", n=len(result.refused)))
        rows = [refused_line(t, one) for one in result.refused]
        text.add(*bounded(t, rows, most=NAMED, room=1000))
    if result.incomplete:
        text.gap().add(t("Recipient incomplete: <b>{n}</b>", n=result.incomplete))
        text.add(incomplete_words(t))
    if result.readdressed:
        text.gap().add(*_readdressed(t, result.readdressed))
    return text.lines


def _readdressed(t: Translator, order_nos: Sequence[str]) -> list[str]:
    """Warn of notes that name a recipient, and where it is taken over."""
    n = len(order_nos)
    return [
        t.n("📍 A note of {n} order names a recipient or another address:",
            "📍 Notes of {n} orders name a recipient or another address:", n),
        listed(t, [tail(one) for one in order_nos], NAMED),
        t("Nothing is sent there by itself. Open the order (/find and the end of its number) and "
          "change its recipient before it ships."),
    ]  # fmt: skip


def _missing_columns(t: Translator, columns: Sequence[str]) -> list[str]:
    if not columns:
        return []
    names = t.plain(", ").join(columns)
    lines: list[str] = [t("⚠️ The file lacks these columns: {columns}", columns=names)]
    refunds = next((name for name in columns if name in AFTER_SALE), None)
    if refunds is None:
        return [*lines, t("Better export again with all columns.")]
    return [*lines, t("Without {column} refunds are not seen: better export again.",
                      column=refunds)]  # fmt: skip


def _left_out(t: Translator, skipped: Sequence[Skipped]) -> Html:
    reasons = Counter(one.reason for one in skipped)
    words = t.plain(", ").join(
        t.plain("{reason} {n}", reason=skip_words(t, reason), n=n) for reason, n in reasons.items()
    )
    return t("Not imported: {n} ({reasons})", n=len(skipped), reasons=words)


def _change(t: Translator, one: ChangedOrder, *, done: bool) -> str:
    shown = bounded(t, diff_lines(t, one.diffs), most=DIFFS, room=600)
    head = t("• <code>{number}</code>", number=tail(one.order_no))
    return "\n   ".join([head, *shown, *_consequence(t, one, done=done)])


def _consequence(t: Translator, one: ChangedOrder, *, done: bool) -> list[str]:
    """Return what the change means for those who have the order already."""
    lines = alarms(t, one)
    if one.waiting:
        lines.append(t("⏳ Some of its pieces are at no factory: assign them under “Unassigned”."))
        if all(grows(diff) for diff in one.diffs):
            return lines  # what several factories share grows by is nobody's
    if one.at_factory and not all(changes_nothing(diff) for diff in one.diffs):
        lines.append(t("→ the factory is told") if done else t("→ the factory will be told"))
    return lines
