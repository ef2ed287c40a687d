"""What is in doubt about a tracking number, each doubt in its own sentence."""

from collections.abc import Callable

from bot.screens.screen import Lines
from bot.screens.words import carrier_name, stop_words
from bot.texts import Html, Translator
from core.shipments.doubting import Doubt
from core.shipments.parcels import Split, split

_Words = Callable[[Translator, str], Html]

DOUBTS: dict[Doubt, _Words] = {
    "foreign": lambda t, number: t(
        "⚠️ <code>{number}</code> is already the number of another merchant's parcel.",
        number=number,
    ),
    "used": lambda t, number: t(
        "⚠️ <code>{number}</code> is already the number of a parcel to somebody else.",
        number=number,
    ),
    "older": lambda t, number: t(
        "⚠️ <code>{number}</code> left with another parcel before this order came in.",
        number=number,
    ),
    "twice": lambda t, number: t(
        "⚠️ <code>{number}</code> is given here for different recipients.", number=number
    ),
    "drawn": lambda t, number: t(
        "⚠️ <code>{number}</code> is not the number of the e-waybill drawn for this order: the "
        "platform may refuse it.",
        number=number,
    ),
}  # fmt: skip


def stopped_text(t: Translator, reason: str) -> str:
    """Refuse a number because the order must not ship, and ask whether the parcel has gone."""
    text = Lines([t("⛔⛔ <b>Do not ship: {reason}</b>", reason=stop_words(t, reason))])
    text.add(t("Nothing was shipped. If the parcel has not left, take the label off and put it "
               "back."))  # fmt: skip
    text.add(t("If it had left already, press below: the number is kept, and the merchant decides "
               "whether to call it back."))  # fmt: skip
    return text.text()


def doubt_text(t: Translator, doubt: Doubt, number: str) -> str:
    """Say what speaks against a number, and ask whether it is meant all the same."""
    text = Lines([DOUBTS[doubt](t, number)])
    return text.add(t("Is it really meant for this order too?")).text()


def carrier_text(t: Translator, number: str, named: str | None) -> Html:
    """Ask for the carrier; of a number that does not look like the one named, say so."""
    if named is not None:
        return t("<code>{number}</code> does not look like a number of {carrier}. Which carrier is "
                 "it?", number=number, carrier=carrier_name(t, named))  # fmt: skip
    return t("Which carrier is <code>{number}</code>?", number=number)


def pieces_text(t: Translator, left: int, parcels: int, tag: str = "") -> str:
    """Ask what is in each parcel when the pieces do not say so themselves.

    `tag` where the numbers came in a paste: a line sent again must say whose they are.
    """
    text = Lines([t("{parcels} numbers for {n} pieces: how many pieces in each parcel?",
                    parcels=parcels, n=left)])  # fmt: skip
    if tag:
        text.add(t("Or send its line again with a count behind each number: "
                   "<code>{tag} SF… 2件 SF… 1件</code>", tag=tag))  # fmt: skip
        return text.text()
    text.add(t("Or reply with a count behind each number, one per line: <code>SF… 2件</code>"))
    return text.text()


def ways(t: Translator, left: int, parcels: int) -> list[tuple[Split, str]]:
    """Return the ways of splitting worth offering, each in the figures it would give."""
    uncounted = [None] * parcels
    even = split(uncounted, left, "even")
    if left < parcels:
        return [("even", t.plain("All belong to this order"))]
    offered: list[tuple[Split, str]] = [
        ("even", t.plain("Evenly: {figures}", figures=_figures(even)))
    ]
    first = split(uncounted, left, "first")
    if first != even:
        offered.append(("first", t.plain("Most in the first: {figures}", figures=_figures(first))))
    return offered


def _figures(counts: list[int]) -> str:
    shown = " + ".join(map(str, counts[:5]))
    return f"{shown} + …" if len(counts) > 5 else shown
