"""Shipping by tracking number: what is in doubt, the confirmation, asking for a right number."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.assignments import assignment_buttons
from bot.screens.changes import overlooked_words
from bot.screens.claims import is_claimed
from bot.screens.combining import combine_button
from bot.screens.doubts import carrier_text, doubt_text, pieces_text, stopped_text, ways
from bot.screens.notes import heard
from bot.screens.parcels import parcel_line, parcel_lines, parcel_row
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.screens.words import carrier_name
from bot.texts import Html, Translator
from core.entities import ShipDraft, Shipment
from core.ids import key
from core.orders.views import AssignmentCard, AssignmentRow, Page
from core.shipments.sending import Shipped
from core.shipments.shipping import NotCorrected, Question
from core.text import tracking
from core.text.carriers import CARRIERS

LIKELY = 6  # carriers offered before all of them
PARCELS = 20
TYPED = 40  # characters of what was typed that a refusal repeats
PLACEHOLDER = 64
ALL = "all"


def shipped(t: Translator, done: Shipped) -> Screen:
    """Confirm the parcels of one reply, or the corrected one."""
    head = Lines([])
    if any(one.verdict for one in done.shipments) and done.corrected is None:
        head.add(*_left_head(t, done))
    elif done.corrected is not None:
        carrier, number = done.corrected
        head.add(t("✏️ <b>Corrected</b> · <b>{tag}</b>", tag=done.tag))
        head.add(t("Was: {carrier} <code>{number}</code>",
                   carrier=carrier_name(t, carrier), number=number))  # fmt: skip
    elif done.left:
        head.add(t("📦 <b>Shipped in part</b> · <b>{tag}</b> · {n} of {total} pieces", tag=done.tag,
                   n=done.total - done.left, total=done.total))  # fmt: skip
    else:
        head.add(t("✅ <b>Shipped</b> · <b>{tag}</b>", tag=done.tag))
    if done.overlooked:
        head.add(overlooked_words(t, done.overlooked))
    counted = done.packed if done.left or len(done.shipments) > 1 else {}
    parcels = [parcel_line(t, one, counted.get(key(one), 0)) for one in done.shipments]
    return _confirmation(t, head, done, parcels)


def standing(t: Translator, card: AssignmentCard, shipment_id: int | None = None) -> Screen:
    """Show a confirmation again as it stands now: of one parcel, or of all of the order."""
    parcels = [one for one in card.shipments if shipment_id in (None, one.id)]
    given = card.assignment
    head = Lines([t("✅ <b>Shipped</b> · <b>{tag}</b>", tag=given.tag)])
    done = Shipped(given, given.tag, card.order.order_no, parcels)
    if any(one.verdict == "asked" for one in parcels) or is_claimed(parcels):
        head = Lines(_left_head(t, done))
    return _confirmation(t, head, done, parcel_lines(t, card, parcels))


def _left_head(t: Translator, done: Shipped) -> list[str]:
    head = t("⛔ <b>Kept: {tag} had left before the stop</b>", tag=done.tag)
    if is_claimed(done.shipments):
        head = t("⛔ <b>Kept: the parcel of {tag} has left</b>", tag=done.tag)
    if not any(one.verdict == "asked" for one in done.shipments):
        return [head]
    return [head, t("The merchant decides whether it is called back; I tell you at once.")]


def _confirmation(t: Translator, head: Lines, done: Shipped, parcels: Sequence[str]) -> Screen:
    given, shop_id = done.assignment, done.assignment.factory_id
    head.add(*parcels)
    head.add(t("Order: <code>{number}</code>", number=done.order_no)).gap()
    rows = tuple(parcel_row(t, shop_id, one) for one in done.shipments)
    if done.left:
        # What replies to this is the next parcel: a correction has its button.
        head.add(t.n("{n} piece is left: reply to this message with the next number. A wrong "
                     "number: press “Correct”.",
                     "{n} pieces are left: reply to this message with the next number. A wrong "
                     "number: press “Correct”.", done.left))  # fmt: skip
        return Screen(head.text(), rows, CardRef("assignment", key(given), shop_id))
    head.add(t("Wrong number? Reply to this message with the right one."))
    if len(done.shipments) == 1:
        parcel = key(done.shipments[0])
        if done.together.orders:
            rows = (*rows, (combine_button(t, shop_id, parcel, done.together),))
        return Screen(head.text(), rows, CardRef("shipment", parcel, shop_id))
    return Screen(head.text(), rows, CardRef("parcels", key(given), shop_id))


def asked_about(shop_id: int, asked: Question | ShipDraft) -> CardRef:
    """Return what a question is about: the parcel it would correct, else the order to ship."""
    if asked.shipment_id is not None:
        return CardRef("shipment", asked.shipment_id, shop_id)
    return CardRef("assignment", asked.assignment_id, shop_id)


def question(t: Translator, shop_id: int, asked: Question) -> Screen:
    """Ask what is in doubt: a number's carrier, whether it is meant at all, what is in a parcel."""
    card = asked_about(shop_id, asked)
    not_this = Button(t("Not this number"), d.DropShip(shop=shop_id, draft=asked.draft_id).pack())
    if asked.kind == "pieces":
        text = pieces_text(t, asked.left, asked.parcels)
        rows: tuple[Row, ...] = tuple(
            (Button(words, d.SplitPieces(shop=shop_id, draft=asked.draft_id, how=how).pack()),)
            for how, words in ways(t, asked.left, asked.parcels)
        )
        return Screen(text, (*rows, (not_this,)), card)
    if asked.kind == "instead":
        return _instead(t, shop_id, asked, card)
    if asked.kind == "stopped":
        left = d.LeftBefore(shop=shop_id, draft=asked.draft_id)
        row = (Button(t("📦 It has left already"), left.pack()),)
        return Screen(stopped_text(t, asked.reason), (row, (not_this,)), card)
    if asked.kind != "carrier":
        text = doubt_text(t, asked.kind, asked.number)
        insist = d.InsistNumber(shop=shop_id, draft=asked.draft_id, index=asked.index)
        return Screen(text, ((Button(t("Use it anyway"), insist.pack()), not_this),), card)
    line = carrier_text(t, asked.number, asked.named)
    likely = _carrier_buttons(t, shop_id, asked.draft_id, asked.index, asked.candidates[:LIKELY])
    every = d.ChooseCarrier(shop=shop_id, draft=asked.draft_id, index=asked.index, carrier=ALL)
    rows = (*likely, (Button(t("Another carrier …"), every.pack()), not_this))
    return Screen(line, rows, card)


def _instead(t: Translator, shop_id: int, asked: Question, card: CardRef) -> Screen:
    """Ask what a number is to do where a reason for declining was expected."""
    text = t("<code>{number}</code> is a tracking number, not a reason. <b>Nothing was declined or "
             "shipped.</b> Ship with it?", number=asked.number)  # fmt: skip
    take = d.TakeNumber(shop=shop_id, draft=asked.draft_id)
    decline = d.Decline(shop=shop_id, assignment=asked.assignment_id, why="other")
    drop = d.DropShip(shop=shop_id, draft=asked.draft_id)
    rows = (
        (Button(t("📦 Ship with it"), take.pack()),),
        (Button(t("❌ Decline, with a reason"), decline.pack()),),
        (Button(t("Not this number"), drop.pack()),),
    )
    return Screen(text, rows, card)


def every_carrier(t: Translator, pressed: d.ChooseCarrier, about: CardRef) -> Screen:
    """Offer all carriers for the number that was asked about."""
    rows = _carrier_buttons(t, pressed.shop, pressed.draft, pressed.index, tuple(CARRIERS))
    drop = d.DropShip(shop=pressed.shop, draft=pressed.draft)
    text = t("Which carrier takes the parcel?")
    if pressed.index:
        text = t("Which carrier takes parcel {n}?", n=pressed.index + 1)
    return Screen(text, (*rows, (Button(t("Not this number"), drop.pack()),)), about)


def _carrier_buttons(
    t: Translator, shop_id: int, draft_id: int, index: int, carriers: Sequence[str]
) -> tuple[Row, ...]:
    buttons = [
        Button(
            carrier_name(t, code),
            d.ChooseCarrier(shop=shop_id, draft=draft_id, index=index, carrier=code).pack(),
        )
        for code in carriers
    ]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def dropped(t: Translator, card: Screen) -> Screen:
    """Say that nothing was shipped, above the order's card."""
    return card.under(t("Nothing was kept. Reply to this message with the right number."))


def kept(t: Translator, parcel: Screen) -> Screen:
    """Say that nothing was corrected, above the parcel as it stands."""
    return parcel.under(t("The number stays as it was."))


def ask_number(t: Translator, card: AssignmentCard) -> Screen:
    """Open a reply field for an order's tracking number."""
    tag, given = card.assignment.tag, card.assignment
    text = t("Reply to this message with the tracking number of <b>{tag}</b>. Several parcels: "
             "several numbers.", tag=tag)  # fmt: skip
    hint = cut(t.plain("Tracking number of {tag}", tag=tag), PLACEHOLDER)
    return Screen(text, card=CardRef("assignment", key(given), given.factory_id), ask=hint)


def ask_correction(t: Translator, parcel: Shipment) -> Screen:
    """Open a reply field for the number that replaces a parcel's."""
    text = t("Reply to this message with the number that replaces {carrier} "
             "<code>{number}</code>.", carrier=carrier_name(t, parcel.carrier),
             number=parcel.tracking_number)  # fmt: skip
    hint = cut(t.plain("Instead of {number}", number=parcel.tracking_number), PLACEHOLDER)
    return Screen(text, card=CardRef("shipment", key(parcel), parcel.factory_id), ask=hint)


def choose_parcel(t: Translator, card: AssignmentCard) -> Screen:
    """Ask which of several parcels has the wrong number."""
    given, shop_id = card.assignment, card.assignment.factory_id
    text = Lines([t("<b>{tag}</b> has {n} parcels. Which one's number is wrong?",
                    tag=given.tag, n=len(card.shipments))])  # fmt: skip
    text.add(*bounded(t, parcel_lines(t, card), most=PARCELS, room=3000))
    rows = tuple(
        (
            Button(
                t.plain("✏️ {number}", number=one.tracking_number),
                d.Correct(shop=shop_id, shipment=key(one)).pack(),
            ),
        )
        for one in card.shipments[:PARCELS]
    )
    return Screen(text.text(), rows, CardRef("parcels", key(given), shop_id))


def text_only(t: Translator) -> Screen:
    """Say that numbers are read from text."""
    return Screen(t("I read tracking numbers from text only. Please type or paste the number."))


def stray_number(t: Translator, shop_id: int, page: Page[AssignmentRow], now: datetime) -> Screen:
    """Say what to do with a number that replies to nothing, with the orders it may be for."""
    text = Lines([t("That looks like a tracking number, but of which order?")])
    card = CardRef("assignments", 0, shop_id)
    if not page.rows:
        text.add(t("There is nothing to ship now."))
        return Screen(text.text(), (menu_button(t, shop_id),), card)
    text.add(t("Open the order below, then reply to its card with the number."))
    more = d.ListOrders(shop=shop_id, tab="to_ship")
    rows = assignment_buttons(t, shop_id, page, now)
    return Screen(text.text(), (*rows, (Button(t("All orders to ship"), more.pack()),)), card)


_TrackingWords = Callable[[Translator, str], Html]

TRACKING_WORDS: dict[type[tracking.TrackingError], _TrackingWords] = {
    tracking.TrackingTooShort: lambda t, text: t(
        "“{text}” is too short for a tracking number (at least {n} characters).",
        text=text, n=tracking.SHORTEST,
    ),
    tracking.TrackingTooLong: lambda t, text: t(
        "“{text}” is too long for a tracking number (at most {n} characters). Several numbers: "
        "one per line.", text=text, n=tracking.LONGEST,
    ),
    tracking.TrackingOddCharacters: lambda t, text: t(
        "“{text}” is no tracking number: only letters and digits are.", text=text
    ),
    tracking.TrackingNoDigits: lambda t, text: t(
        "“{text}” is no tracking number: it has no digits.", text=text
    ),
    tracking.TrackingIsPhone: lambda t, text: t(
        "{text} is a phone number, not a tracking number.", text=text
    ),
    tracking.TrackingWrongCheckDigit: lambda t, text: t(
        "“{text}” is mistyped somewhere: its check digit does not fit. Compare it with the label.",
        text=text,
    ),
}  # fmt: skip


def tracking_error_text(t: Translator, error: tracking.TrackingError) -> Html:
    """Say why a text is no tracking number, and that nothing was shipped."""
    return t("{why} {then}", why=_why(t, error),
             then=t("Nothing was shipped; please send the number again."))  # fmt: skip


def not_corrected_text(t: Translator, error: NotCorrected) -> Html:
    """Say why a text corrects nothing, and that the number stays."""
    return t("{why} {then}", why=_why(t, error.reason),
             then=t("The number stays as it was; please send it again."))  # fmt: skip


def _why(t: Translator, error: tracking.TrackingError) -> Html:
    return TRACKING_WORDS[type(error)](t, heard(t, error.text, TYPED))
