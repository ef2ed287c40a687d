"""Photos of waybills: what was read, what it would ship, and what to do where nothing was."""

from collections.abc import Sequence
from typing import Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.changes import overlooked_words
from bot.screens.claims import is_claimed
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.stops import left_words
from bot.screens.words import carrier_name, stop_words
from bot.texts import Html, Translator
from core.answers.claimed import OVER_REASONS
from core.entities import Job
from core.shipments.photo_matching import Line, PhotosView
from core.shipments.photos import Confirmed
from core.shipments.scanning import PictureError
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.text.tracking import TrackingGuess


def reading(t: Translator) -> Screen:
    """Show that the photo is being read."""
    return Screen(t("🔎 Reading the barcode …"))


def words_wanted(t: Translator, shop_id: int, assignment_id: int) -> Screen:
    """Say that a picture says nothing here, and what to do with a waybill."""
    text = t("Please write it in words: a picture is not passed on. Is it a waybill? Press below, "
             "and reply to the order with the picture: I read its number.")  # fmt: skip
    order = d.ShowAssignment(shop=shop_id, assignment=assignment_id)
    return Screen(text, ((Button(t("📋 Order"), order.pack()),),))


def rest_screen(t: Translator, view: PhotosView) -> Screen:
    """Show the photos that an answer left out, with the ways that are still open."""
    return photos_screen(t, view, t("📷 <b>Not done yet, of the same photos:</b>"))


def photos_screen(t: Translator, view: PhotosView, head: Html | None = None) -> Screen:
    """Show what the photos mean, and offer to ship what is certain."""
    text = Lines([head or _head(t, view)])
    many = head is not None or len(view.lines) > 1
    for line in view.lines:
        words = _line(t, view, line)
        text.add(t("{n}. {what}", n=line.place + 1, what=words) if many else words)
    rows: list[Row] = []
    if not view.waiting:
        if view.open:
            rows += [_choices(t, view, line) for line in view.lines if line.verdict == "choose"]
        rows += _answers(t, view)
        _ask(t, text, view)
    return Screen(text.text(), tuple(rows), card_of(view))


def _head(t: Translator, view: PhotosView) -> Html:
    if view.about is not None:
        return t("🏷 <b>{tag}</b>", tag=view.about.tag)
    n = len(view.lines)
    return t.n("📷 {n} photo", "📷 {n} photos", n)


def _ask(t: Translator, text: Lines, view: PhotosView) -> None:
    if view.open and view.certain:
        text.gap().add(t("Is it right? Compare it with the waybill, then confirm."))
    unread = ("unreadable", "failed") if view.open else ("unreadable", "failed", "choose")
    if any(one.verdict in unread for one in view.lines):
        text.gap().add(t("Not read: take it closer, straighter and in better light, or reply to "
                         "the order's card with the number."))  # fmt: skip


def _line(t: Translator, view: PhotosView, line: Line) -> Html:
    said = ", ".join(_number(t, one) for one in line.guesses)
    numbers, tag = Html(said), line.tag
    if line.verdict == "refused" and line.error is not None:
        return t("{numbers}: {tag} cannot be shipped now. See its card.", numbers=numbers, tag=tag)
    if line.verdict == "stopped":
        return t("{numbers}: ⛔ <b>{tag}: do not ship, {reason}</b>", numbers=numbers, tag=tag,
                 reason=stop_words(t, line.why))  # fmt: skip
    if line.verdict == "failed":
        return picture_words(t, line.why)
    if line.verdict == "certain" and view.about is None:
        return t("{numbers} → <b>{tag}</b>", numbers=numbers, tag=tag)
    return {
        "waiting": t("reading …"),
        "unreadable": t("No barcode was read."),
        "choose": t("Several numbers, which one is it? {numbers}", numbers=numbers),
        "certain": t("Read: {numbers}", numbers=numbers),
        "no_order": t("{numbers}: of which order? Reply to its card with this number.",
                      numbers=numbers),
        "unknown_slip": t("{numbers}: the slip {tag} beside it is no open order of yours. Reply to "
                          "the order's card with this number.", numbers=numbers, tag=tag),
        "other_order": t("{numbers}: the slip beside it is of another order ({tag}), so it is left "
                         "out.", numbers=numbers, tag=tag),
    }[line.verdict]  # fmt: skip


def _number(t: Translator, guess: TrackingGuess) -> Html:
    if guess.carrier is None:
        return t("<code>{number}</code>", number=guess.number)
    name = carrier_name(t, guess.carrier)
    return t("<code>{number}</code> ({carrier})", number=guess.number, carrier=name)


def _choices(t: Translator, view: PhotosView, line: Line) -> Row:
    mark = t.plain("{n}. ", n=line.place + 1) if len(view.lines) > 1 else ""
    return tuple(
        Button(
            f"{mark}{one.number}",
            d.PickNumber(
                shop=view.shop_id, draft=view.draft_id, photo=line.place, index=index
            ).pack(),
        )
        for index, one in enumerate(line.guesses)
    )


def _answers(t: Translator, view: PhotosView) -> list[Row]:
    ref = {"shop": view.shop_id, "draft": view.draft_id}
    orders, stopped = len(view.certain) if view.open else 0, len(view.stopped)
    left: list[Row] = []
    if stopped:
        sent = d.AnswerPhotos(**ref, answer="left", seen=view.seen).pack()
        over = sum(one.why in OVER_REASONS for one in view.lines)
        left.append((Button(left_words(t, stopped, over), sent),))
    if not orders:
        return [*left, menu_button(t, view.shop_id)]
    words = t("✅ Ship") if view.about else t.n("✅ Ship {n} order", "✅ Ship {n} orders", orders)
    return [
        *left,
        (
            Button(words, d.AnswerPhotos(**ref, answer="confirm", seen=view.seen).pack()),
            Button(t("Do not ship"), d.AnswerPhotos(**ref, answer="drop").pack()),
        ),
    ]


def card_of(view: PhotosView) -> CardRef:
    """Return what the message is: for photos of one order its card, so that a number may answer."""
    if view.about is not None and view.about.id is not None:
        return CardRef("assignment", view.about.id, view.shop_id)
    return CardRef("photos", view.draft_id, view.shop_id)


def dropped(t: Translator, view: PhotosView) -> Screen:
    """Say that nothing was shipped."""
    text = t(
        "Nothing was shipped. Reply to an order's card with its number, or send another photo."
    )
    return Screen(text, (menu_button(t, view.shop_id),), card_of(view))


def confirmed(t: Translator, shop_id: int, draft_id: int, done: Confirmed) -> Screen:
    """Say what became of each order."""
    shipped = [(tag, one) for tag, _, one in done.outcomes if isinstance(one, Shipped)]
    n = len(shipped)
    text = Lines([t.n("✅ {n} order shipped", "✅ {n} orders shipped", n)]) if n else Lines()
    for tag, numbers, outcome in done.outcomes:
        text.add(_outcome(t, tag, ", ".join(numbers), outcome))
    for kind in dict.fromkeys(one.overlooked for _, one in shipped if one.overlooked):
        tags = " ".join(tag for tag, one in shipped if one.overlooked == kind)
        text.add(t("{what} <b>{tags}</b>", what=overlooked_words(t, kind), tags=tags))
    ref = CardRef("photos", draft_id, shop_id)
    return Screen(text.text(), (menu_button(t, shop_id),), ref)


def _outcome(t: Translator, tag: str, numbers: str, outcome: Any) -> Html:
    if isinstance(outcome, Shipped) and is_claimed(outcome.shipments):
        return t("• <b>{tag}</b> <code>{numbers}</code>: kept, the merchant is asked", tag=tag,
                 numbers=numbers)  # fmt: skip
    if isinstance(outcome, Shipped) and any(one.verdict for one in outcome.shipments):
        return t("• <b>{tag}</b> <code>{numbers}</code>: left before the stop, the merchant is "
                 "asked", tag=tag, numbers=numbers)  # fmt: skip
    if isinstance(outcome, Shipped):
        return t("• <b>{tag}</b> <code>{numbers}</code>", tag=tag, numbers=numbers)
    if isinstance(outcome, Question):
        return t("• <b>{tag}</b> <code>{numbers}</code>: please answer below", tag=tag,
                 numbers=numbers)  # fmt: skip
    return t("• <b>{tag}</b> <code>{numbers}</code>: not shipped, see its card", tag=tag,
             numbers=numbers)  # fmt: skip


def picture_words(t: Translator, why: str) -> Html:
    """Return why a picture could not be read, by the refusal's class."""
    return {
        "NotAPicture": t("This is no picture I can read. Send it as a photo (JPEG or PNG)."),
        "PictureTooLarge": t("The picture is too large. Send it as a photo, not as a file."),
        "PictureTookTooLong": t("Reading this picture took too long. Take it closer, so that the "
                                "barcode fills it."),
        "PictureGone": t("Telegram no longer has the picture. Please send it again."),
    }[why]  # fmt: skip


def picture_error_text(t: Translator, error: PictureError) -> Html:
    """Return the sentence for a refused picture."""
    return picture_words(t, type(error).__name__)


def gave_up(t: Translator, job: Job) -> Screen:
    """Say that reading failed on our side."""
    text = t("Reading the photo failed on our side. Send it again, or type the number in reply to "
             "the order's card.")  # fmt: skip
    return Screen(text, (menu_button(t, job.shop_id),))


def questions(done: Confirmed) -> Sequence[Question]:
    """Return what is still to be answered."""
    return [one for _, _, one in done.outcomes if isinstance(one, Question)]
