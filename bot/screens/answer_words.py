"""Words for what the core refuses when the two sides of an order answer each other."""

from collections.abc import Callable
from typing import Any

from bot.screens.claims import claimed_words
from bot.screens.notes import heard
from bot.screens.words import assignment_state
from bot.texts import Html, Translator
from core.answers import answer_errors as errors
from core.answers import claimed
from core.errors import CoreError


def _too_late(t: Translator, error: errors.QuestionTooLate) -> Html:
    state = assignment_state(t, error.status)
    if error.mine:
        return t("This order is no longer with you ({state}): there is nothing left to ask about "
                 "it. See /orders.", state=state)  # fmt: skip
    return t("It is no longer with that factory ({state}), so there is nobody to ask. See /orders.",
             state=state)  # fmt: skip


ANSWER_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    errors.DayUnclear: lambda t, e: t(
        "“{text}” does not begin with a day. Send it like 12-05, tomorrow or 3 days; the reason "
        "may follow.", text=heard(t, e.text, 40),
    ),
    errors.DayNotAhead: lambda t, _: t(
        "That day is not ahead. Send one from tomorrow on; what is here today, just ship."
    ),
    errors.DayTooFar: lambda t, e: t(
        "That is more than {limit} days ahead. Send a nearer day, or decline the order.",
        limit=e.limit,
    ),
    errors.ReasonIsNumber: lambda t, e: t(
        "“{text}” is a tracking number, not a reason: nothing was done. To ship, reply with it to "
        "the order's card; here, write why.", text=heard(t, e.text, 40),
    ),
    errors.QuestionNotFound: lambda t, _: t("There is no such question for you. See /orders."),
    errors.QuestionTooLate: _too_late,
    errors.AnsweredAlready: lambda t, _: t(
        "Somebody of your shop has answered this already. See the order's card."
    ),
    claimed.ParcelKept: lambda t, e: t(
        "{numbers} is kept already: {verdict}. If a number is wrong, correct it on the order's "
        "card.", numbers=", ".join(e.numbers), verdict=claimed_words(t, e.say),
    ),
    claimed.AssignedAnew: lambda t, e: t(
        "This order is yours again, as {tag}: reply to that card with its number.", tag=e.tag
    ),
    claimed.SentTwice: lambda t, e: t.n(
        "Somebody else has it by now: let go on, the customer gets {n} piece too many. Look at the "
        "order again, then decide.",
        "Somebody else has it by now: let go on, the customer gets {n} pieces too many. Look at "
        "the order again, then decide.", e.pieces,
    ),
    errors.OwnQuestion: lambda t, _: t(
        "That is your own shop's question: the other side answers it. To add something, press "
        "“Ask” on the order's card."
    ),
}  # fmt: skip
