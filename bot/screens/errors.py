"""Words for every refusal of the core: what it is, and what to do next.

A literal table, one entry per leaf class of `CoreError`; a test demands that none is missing.
"""

from collections.abc import Callable
from typing import Any

from bot.screens.answer_words import ANSWER_WORDS
from bot.screens.assigning import none_of_these, nothing_to_assign
from bot.screens.edit_words import EDIT_WORDS
from bot.screens.extras import unreadable
from bot.screens.import_words import sheet_error_text
from bot.screens.key_words import KEY_WORDS
from bot.screens.notes import heard
from bot.screens.pasting import too_many_lines
from bot.screens.platform_words import PLATFORM_WORDS
from bot.screens.printing import nothing_to_print
from bot.screens.scanning import picture_error_text
from bot.screens.shipping import not_corrected_text, tracking_error_text
from bot.screens.staff_words import STAFF_WORDS
from bot.screens.stops import verdict_words
from bot.screens.ticket_words import TICKET_WORDS
from bot.screens.webhook_words import WEBHOOK_WORDS
from bot.screens.words import assignment_state, incomplete_words, stop_words
from bot.texts import Html, Translator
from core import errors
from core.answers import stopping, under_way
from core.assignments import extras, rule_errors, selecting, splitting
from core.clock import asked_back, clock_settings, digests, due, quiet
from core.imports import incoming
from core.orders import filtering, reconciling, resolving
from core.people import numbers
from core.shipments import entering, parcels, scanning, ship_many, shipping
from core.text import contact, hours, periods, tracking

Words = Callable[[Translator, Any], Html]


def error_text(t: Translator, error: errors.CoreError) -> Html:
    """Return the sentence for a refusal. Raises `KeyError` for a class without words."""
    for family, words in FAMILIES.items():
        if isinstance(error, family):
            return words(t, error)
    return WORDS[type(error)](t, error)


def _not_recallable(t: Translator, error: errors.NotRecallable) -> Html:
    return {
        "accepted": t("The factory has accepted it, so it is asked for: press “Ask for it back” on "
                      "the order's card."),
        "looked": t("The factory has looked at the recipient, so it is asked for: press “Ask for "
                    "it back” on the order's card."),
        "shipped": t("It has shipped, so it cannot be taken back."),
        "ended": t("It is no longer with the factory. Open /orders to see where it stands."),
    }[error.reason]  # fmt: skip


def _stopped(t: Translator, error: errors.OrderStopped) -> Html:
    return t("⛔ Do not ship: {reason}. If the parcel has left already, tell the merchant at once.",
             reason=stop_words(t, error.reason))  # fmt: skip


def _moved_on(t: Translator, error: errors.BindingMovedOn) -> Html:
    return {
        "pending": t("The request still waits for the factory."),
        "bound": t("You are bound already."),
        "refused": t("The request was refused already."),
        "withdrawn": t("The merchant has withdrawn the request."),
        "expired": t("The request has expired. The merchant can ask again with /bind."),
        "unbound": t("This binding has ended already."),
    }[error.status]


def _wrong_role(t: Translator, error: errors.WrongRole) -> Html:
    if error.needed == "merchant":
        return t("That is for merchants; you are acting for a factory shop. /switch to a merchant "
                 "shop, or open one there.")  # fmt: skip
    return t("That is for factories; you are acting for a merchant shop. /switch to a factory "
             "shop, or open one there.")  # fmt: skip


def _contact_parts(t: Translator, error: contact.ContactIncomplete) -> Html:
    names = {"phone": t("phone"), "contact": t("contact"), "address": t("address")}
    missing = t.plain(", ").join(str(names[part]) for part in error.missing)
    return t("Still missing: {parts}. Send contact, phone and address again in one message.",
             parts=missing)  # fmt: skip


# Families of refusals whose words stand with the screens they belong to.
FAMILIES: dict[type[errors.CoreError], Words] = {
    tracking.TrackingError: tracking_error_text,
    shipping.NotCorrected: not_corrected_text,
    incoming.SheetError: sheet_error_text,
    scanning.PictureError: picture_error_text,
    errors.NothingToAssign: lambda t, e: nothing_to_assign(t, e.skipped),
    resolving.NoneOfThese: lambda t, e: none_of_these(t, e.read),
}
WORDS: dict[type[errors.CoreError], Words] = {
    errors.ShopNotFound: lambda t, _: t(
        "There is no such shop for you. If it is yours, ask its owner to invite you with /staff. "
        "/start opens the menu."
    ),
    errors.NumberUnknown: lambda t, e: t(
        "No shop has the number {number}. Check it with the factory.", number=e.number
    ),
    errors.LinkUnknown: lambda t, _: t(
        "This link no longer works. Ask the factory for its new link, or for its number."
    ),
    errors.InviteUnknown: lambda t, _: t(
        "This invitation was used or never existed. Ask the operator for a new one."
    ),
    errors.BindingNotFound: lambda t, _: t("There is no such binding. See your list again."),
    filtering.CodeUnknown: lambda t, _: t(
        "No order has a product of that code. Codes count whole, as on the platform: choose one of "
        "the buttons, or send another."
    ),
    filtering.ProvinceUnknown: lambda t, _: t(
        "That is no province. Choose one of the buttons, or send one such as Zhejiang in Chinese."
    ),
    clock_settings.SettingUnknown: lambda t, _: t(
        "This cannot be set here, or no longer. Open /settings again."
    ),
    asked_back.NothingUnanswered: lambda t, _: t(
        "The factory has been asked again a moment ago, or has answered all of it meanwhile. I "
        "tell you if it does not."
    ),
    due.NotSilent: lambda t, _: t(
        "The factory has been told a moment ago, or has begun with all of it meanwhile. I tell you "
        "if nothing happens."
    ),
    quiet.QuietUnclear: lambda t, e: t(
        "I could not read two times in “{text}”. Write from when to when, e.g. 22:00-8:00.",
        text=heard(t, e.text, 40),
    ),
    periods.PeriodUnclear: lambda t, e: t(
        "“{text}” is not clear as days. Send it like 3.1-3.5, 2026-03-01 to 2026-03-05, or "
        "yesterday.", text=heard(t, e.text, 40),
    ),
    periods.PeriodTooLong: lambda t, e: t(
        "Too many days: at most {limit}. Please send a shorter span.", limit=e.limit
    ),
    reconciling.TooMuchToExport: lambda t, e: t(
        "More than {limit} parcels: too many for one file. Choose fewer days, or one shop only.",
        limit=e.limit,
    ),
    selecting.SelectionFull: lambda t, e: t(
        "At most {limit} orders go at once, and this would be more. Assign the chosen ones first, "
        "then go on choosing.", limit=e.limit,
    ),
    selecting.NoNumbers: lambda t, _: t(
        "There is no order number in that text. Paste numbers, or their last 4 or more characters."
    ),
    errors.OrderNotFound: lambda t, _: t("There is no such order. See /orders."),
    errors.AssignmentNotFound: lambda t, _: t("There is no such order for you. See /orders."),
    errors.ShipmentNotFound: lambda t, _: t("There is no such parcel for you. See /orders."),
    errors.DraftNotFound: lambda t, _: t("This is not yours, or is gone. Please begin again."),
    errors.RegistrationClosed: lambda t, _: t(
        "Shops are opened by invitation here. Ask the operator for an invitation link."
    ),
    errors.IllegalMove: lambda t, e: t(
        "That is not possible any more: it is {state} now.", state=_state(t, e)
    ),
    errors.AlreadyPending: lambda t, _: t(
        "You have asked already; the factory has not answered yet. See /factories."
    ),
    errors.AlreadyBound: lambda t, _: t("You are bound with this factory already. See /factories."),
    errors.BindingMovedOn: _moved_on,
    errors.NotBound: lambda t, _: t(
        "You are not bound with this factory. Bind it first with /bind and its number."
    ),
    errors.DraftSpent: lambda t, _: t("Done before: nothing happens twice."),
    errors.PreviewOutdated: lambda t, _: t(
        "Another import has come in since this preview. Look at the new one and confirm again."
    ),
    errors.UndoneAlready: lambda t, _: t(
        "This import was undone already: its orders are out. Send the file to import them again."
    ),
    errors.UndoTooLate: lambda t, e: t(
        "An import can be undone for {n} minutes only. What should not ship can be taken back or "
        "closed order by order: see /orders.", n=e.minutes,
    ),
    errors.DraftGone: lambda t, _: t("This has expired. Please begin again."),
    errors.NotRecallable: _not_recallable,
    rule_errors.RuleNotFound: lambda t, _: t("There is no such rule any more. See /rules."),
    rule_errors.RuleExists: lambda t, _: t(
        "There is such a rule already. Change it in /rules, or choose another word."
    ),
    rule_errors.RuleWordMissing: lambda t, _: t(
        "Please send a product code, a keyword or a province as text."
    ),
    rule_errors.ProvincesUnclear: lambda t, e: t(
        "I read provinces only, and “{text}” says more. Send one, or several: 浙江、江苏.",
        text=heard(t, e.text, 40),
    ),
    rule_errors.TooManyRules: lambda t, e: t(
        "At most {limit} rules. Delete one in /rules first.", limit=e.limit
    ),
    splitting.NothingToSplit: lambda t, _: t(
        "There is nothing to split: fewer than two pieces are free. Pieces at a factory that has "
        "accepted or looked at the recipient stay there; ask it to decline, then split."
    ),
    splitting.SplitOutdated: lambda t, _: t(
        "The order has moved on since you chose. Open its card and split again."
    ),
    splitting.FactoryHasThem: lambda t, _: t(
        "That factory has these pieces already. Choose another one."
    ),
    errors.OrderStopped: _stopped,
    errors.AlreadyShipped: lambda t, e: t(
        "Shipped already with {numbers}. To correct it, reply to the confirmation with the right "
        "number.", numbers=", ".join(e.numbers),
    ),
    errors.AssignmentEnded: lambda t, e: t(
        "Not with you any more: {state}. Do not ship it. If the parcel has left already, reply to "
        "the order's card with its number.", state=assignment_state(t, e.status),
    ),
    errors.NumberUsed: lambda t, e: t(
        "{number} belongs to another parcel of this order already.", number=e.number
    ),
    errors.QuotaSpent: lambda t, e: t(
        "Your shop has looked at {quota} recipients today, the limit. It begins anew at midnight; "
        "those seen before stay open.", quota=e.quota,
    ),
    errors.NothingToPrint: lambda t, e: nothing_to_print(t, e.left_out),
    errors.RecipientGone: lambda t, _: t(
        "The recipient is not there any more. Ask the merchant to import the order again."
    ),
    errors.NameMissing: lambda t, _: t("Please send a text with at least one visible character."),
    errors.TextTooLong: lambda t, e: t(
        "Too long: at most {limit} characters. Please send a shorter one.", limit=e.limit
    ),
    errors.WrongRole: _wrong_role,
    errors.NotAFactory: lambda t, e: t(
        "{number} is a merchant's number. Orders go to factories: ask for a number beginning "
        "with F.", number=e.number,
    ),
    errors.OwnShop: lambda t, _: t(
        "That is your own shop. Send the number of the factory that ships for you."
    ),
    hours.HourUnclear: lambda t, e: t(
        "“{text}” is not clear as an hour. Send it like 8, 8:00 or 20, or press a button; /cancel "
        "leaves it as it is.", text=heard(t, e.text, 40),
    ),
    digests.NotAnHour: lambda t, e: t("{hour} is no hour: choose one from 0 to 23.", hour=e.hour),
    errors.NothingChosen: lambda t, _: t("Nothing is ticked yet. Tick orders first."),
    errors.TooMany: lambda t, e: t("Too many at once: at most {limit}.", limit=e.limit),
    errors.CarrierUnknown: lambda t, _: t("That carrier is not known. Choose one of the buttons."),
    entering.TooManyLines: lambda t, e: Html(too_many_lines(t, e.lines, e.limit)),
    parcels.PiecesBeyondLeft: lambda t, e: t(
        "{counted} pieces are more than the {left} left to ship. Nothing was shipped: send the "
        "numbers again with the right counts.", counted=e.counted, left=e.left,
    ),
    ship_many.NothingTogether: lambda t, _: t(
        "No other order of this recipient waits to be shipped any more."
    ),
    errors.OneNumberOnly: lambda t, _: t("A correction takes exactly one number."),
    errors.SameNumber: lambda t, e: t("{number} stands there already.", number=e.number),
    extras.ExtraUnreadable: unreadable,
    extras.LineNamesRecipient: lambda t, _: t(
        "A phone or an address does not belong in a product's name: lists show it to everybody. "
        "Send the product without it, and write it into the order's note, which the factory reads "
        "with the recipient."
    ),
    extras.RecipientIncomplete: lambda t, _: incomplete_words(t),
    numbers.NotANumber: lambda t, _: t(
        "That is no shop number. It looks like F7K2Q9X: F and six letters or digits."
    ),
    numbers.WrongCheckCharacter: lambda t, e: t(
        "{number} is mistyped somewhere: its check character does not fit. Compare it with the "
        "factory's.", number=e.text,
    ),
    contact.ContactTooLong: lambda t, e: t(
        "Too long: at most {limit} characters. Please send a shorter one.", limit=e.limit
    ),
    contact.PhoneLooksWrong: lambda t, e: t(
        "{value} is no phone number. Send contact, phone and address again.", value=e.value
    ),
    contact.MissingPhone: _contact_parts,
    contact.MissingName: _contact_parts,
    contact.MissingAddress: _contact_parts,
    stopping.NothingToLetGo: lambda t, e: t(
        "The refund is not what stops it: {reason}.", reason=stop_words(t, e.reason)
    ) if e.reason else t("Nothing stops this order any more: it ships."),
    under_way.VerdictGiven: lambda t, e: t(
        "Settled already: {verdict}.", verdict=verdict_words(t, e.say)
    ),
    under_way.VerdictUnknown: lambda t, _: t("Choose one of the buttons."),
    **STAFF_WORDS,
    **EDIT_WORDS,
    **KEY_WORDS,
    **PLATFORM_WORDS,
    **TICKET_WORDS,
    **WEBHOOK_WORDS,
    **ANSWER_WORDS,
}  # fmt: skip


def _state(t: Translator, error: errors.IllegalMove) -> Html:
    return assignment_state(t, error.before) if error.noun == "assignment" else Html(error.before)
