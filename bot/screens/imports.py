"""Bringing orders in: progress, the preview, what was done, and every reason against a file."""

from collections import Counter
from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.diffs import diff_lines
from bot.screens.import_words import refusal_text
from bot.screens.orders import incomplete_words
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut, tail
from bot.screens.words import skip_words
from bot.texts import Html, Translator
from core.importing import ChangedOrder, ImportPreview
from core.incoming import Refused
from core.values import Skipped

NAMED = 10  # changed orders and refused rows that are named; the others are counted
DIFFS = 4  # differences shown of one order
FILE_NAME = 60


def reading_screen(t: Translator, file_name: str) -> Screen:
    """Say that the file is being read."""
    return Screen(t("⏳ Reading {file} …", file=cut(file_name, FILE_NAME)))


def applying_screen(t: Translator) -> Screen:
    """Say that the orders are being taken in."""
    return Screen(t("⏳ Taking the orders in …"))


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
    todo = preview.new + len(preview.changed)
    text = Lines([t("📄 <b>{file}</b>", file=cut(preview.file_name, FILE_NAME))])
    text.gap().add(*_sums(t, preview, done=False)).gap()
    if not todo:
        text.add(t("There is nothing new in this file."))
        rows = ((_delete_button(t, shop_id, preview),), menu_button(t, shop_id))
        return Screen(text.text(), rows, _card(shop_id, preview))
    text.add(t("Nothing is kept until you confirm."))
    confirm = Button(t.plain("✅ Import ({n})", n=todo), _answer(shop_id, preview, "confirm"))
    drop = Button(t("Discard"), _answer(shop_id, preview, "drop"))
    return Screen(text.text(), ((confirm,), (drop,)), _card(shop_id, preview))


def _imported_before(t: Translator, shop_id: int, preview: ImportPreview) -> Screen:
    text = t("✅ <b>{file}</b> was imported already, nothing happened twice.",
             file=cut(preview.file_name, FILE_NAME))  # fmt: skip
    rows = (_onward(t, shop_id), (_delete_button(t, shop_id, preview),), menu_button(t, shop_id))
    return Screen(text, rows, _card(shop_id, preview))


def imported_screen(t: Translator, shop_id: int, done: ImportPreview) -> Screen:
    """Show what was done."""
    text = Lines([t("✅ <b>Imported</b> · {file}", file=cut(done.file_name, FILE_NAME))])
    text.gap().add(*_sums(t, done, done=True))
    rows = (_onward(t, shop_id), menu_button(t, shop_id))
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


def _onward(t: Translator, shop_id: int) -> Row:
    orders = d.ListOrders(shop=shop_id, tab="unassigned").pack()
    assign = d.OpenMenu(shop=shop_id, place="assign").pack()
    return (Button(t("📤 Assign"), assign), Button(t("📋 See orders"), orders))


def _delete_button(t: Translator, shop_id: int, preview: ImportPreview) -> Button:
    return Button(t("🗑 Delete the file from the chat"), _answer(shop_id, preview, "delete"))


def _answer(shop_id: int, preview: ImportPreview, answer: str) -> str:
    return d.AnswerImport(shop=shop_id, draft=preview.draft_id, answer=answer).pack()


def _card(shop_id: int, preview: ImportPreview) -> CardRef:
    return CardRef("import", preview.draft_id, shop_id)


def _sums(t: Translator, result: ImportPreview, *, done: bool) -> list[str]:
    """Return every number with what belongs to it; a heading without anything is left out."""
    text = Lines([t("New orders: <b>{n}</b>", n=result.new)])
    if result.known:
        text.add(t("Known, unchanged: {n}", n=result.known))
    if result.skipped:
        text.add(_left_out(t, result.skipped))
    if result.changed:
        text.gap().add(t("Changed: <b>{n}</b>", n=len(result.changed)))
        changes = [_change(t, one, done=done) for one in result.changed]
        text.add(*bounded(t, changes, most=NAMED, room=1700))
    if result.refused:
        text.gap().add(t("Refused rows: <b>{n}</b>", n=len(result.refused)))
        rows = [_refused(t, one) for one in result.refused]
        text.add(*bounded(t, rows, most=NAMED, room=1000))
    if result.incomplete:
        text.gap().add(t("Recipient incomplete: <b>{n}</b>", n=result.incomplete))
        text.add(incomplete_words(t))
    return text.lines


def _left_out(t: Translator, skipped: Sequence[Skipped]) -> Html:
    reasons = Counter(one.reason for one in skipped)
    words = t.plain(", ").join(
        t.plain("{reason} {n}", reason=skip_words(t, reason), n=n) for reason, n in reasons.items()
    )
    return t("Not imported: {n} ({reasons})", n=len(skipped), reasons=words)


def _change(t: Translator, one: ChangedOrder, *, done: bool) -> str:
    lines = diff_lines(t, one.diffs)
    shown = lines[:DIFFS] + (["…"] if len(lines) > DIFFS else [])
    head = t("• <code>{number}</code>", number=tail(one.order_no))
    return "\n   ".join([head, *shown, *_consequence(t, one, done=done)])


def _consequence(t: Translator, one: ChangedOrder, *, done: bool) -> list[str]:
    """Return what the change means for those who have the order already."""
    lines: list[str] = []
    if one.shipped and any(diff["field"] == "recipient" for diff in one.diffs):
        lines.append(t("⚠️ a parcel has left with the old address: call the carrier"))
    if one.at_factory:
        lines.append(t("→ the factory is told") if done else t("→ the factory will be told"))
    return lines


def _refused(t: Translator, one: Refused) -> Html:
    if one.order_no:
        return t("• Row {row} ({number}): {reason}", row=one.row, number=tail(one.order_no),
                 reason=refusal_text(t, one))  # fmt: skip
    return t("• Row {row}: {reason}", row=one.row, reason=refusal_text(t, one))
