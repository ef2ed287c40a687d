"""Words for e-waybills: why there is none, and what to do about it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bot.screens.platform_words import platform_why
from bot.screens.printing import left_out_words
from bot.screens.screen import Lines
from bot.screens.short import listed
from bot.texts import Html, Translator
from core.errors import CoreError
from core.tickets import ticket_errors as wrong

NAMED = 12  # tags named in a line
# What stops an order here; anything else is a platform's.
HERE = frozenset({
    "shipped", "ended", "refund_open", "refunded", "on_hold", "cancelled", "shipped_elsewhere",
    "undone",
})  # fmt: skip


def ticket_why(t: Translator, why: str) -> Html:
    """Say why an order has no e-waybill."""
    own = {
        "plain": t("the recipient is not encrypted: just print it"),
        "outside": t("not in the platform's dropship programme: open the recipient instead"),
        "giving": t("still being assigned on the platform: try again in a minute"),
        "not_given": t("the platform did not assign it to you: ask the merchant"),
        "no_link": t("your shop there is not linked: its owner sends /platform"),
        "no_stock": t("no e-waybills of this carrier are left: buy some on the platform"),
        "state_forbids": t("the platform gives none any more: it was taken back or shipped there"),
        "unsure": t("no answer yet: I keep asking, look again in a minute"),
        "not_asked": t("not asked for: the platform did not answer before"),
        "drawn": t("has its e-waybill already"),
        "used": t("has left with it already"),
        "no_ticket": t("has no e-waybill"),
        "suspended": t("its merchant is suspended for now"),
    }
    if why in own:
        return own[why]
    return left_out_words(t, why) if why in HERE else platform_why(t, why)


def why_lines(t: Translator, left_out: Sequence[tuple[str, str]]) -> list[str]:
    """Return a line per reason, (tag, reason): how many, and their tags."""
    counted = Counter(why for _, why in left_out)
    return [
        t("• {why}: {n} ({tags})", why=ticket_why(t, why), n=n,
          tags=listed(t, [tag for tag, one in left_out if one == why], NAMED))
        for why, n in counted.most_common()
    ]  # fmt: skip


def _nothing(t: Translator, error: wrong.NothingToDraw) -> Html:
    if not error.left_out:
        return t("No order here needs an e-waybill now.")
    text = Lines([t("None of these can have an e-waybill now.")])
    return Html(text.add(*why_lines(t, error.left_out)).text())


def _sender(t: Translator, error: wrong.SenderIncomplete) -> Html:
    if "ship_from" in error.missing:
        return t("The carrier wants to know where the parcel leaves from, and your shop has no "
                 "ship-from address yet. Set it: /shop.")  # fmt: skip
    parts = {
        "contact": t.plain("the contact's name"), "phone": t.plain("the phone"),
        "province": t.plain("the province"), "city": t.plain("the city"),
        "district": t.plain("the district"), "detail": t.plain("street and number"),
    }  # fmt: skip
    missing = t.plain(", ").join(parts[one] for one in error.missing)
    return t("For e-waybills your ship-from address must say: {missing}. Put it right: /shop.",
             missing=missing)  # fmt: skip


TICKET_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    wrong.NothingToDraw: _nothing,
    wrong.SenderIncomplete: _sender,
    wrong.NothingToSend: lambda t, _: t(
        "Nothing that was printed waits to leave. Draw e-waybills and print them first."
    ),
}
