"""Accepting and declining many at once: the reasons to choose from, and what came of it."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words
from bot.screens.screen import Button, CardRef, Lines, Screen
from bot.screens.short import cut, listed
from bot.screens.words import assignment_state, decline_words, stop_words
from bot.texts import Html, Translator
from core.answers.fulfilling import DECLINE_REASONS, REASON_LIMIT, Answered

NAMED = 5  # tags named for each reason
COLLEAGUES = 3  # named, those with the most orders
STOPS = ("cancelled", "refund_open", "refunded", "shipped_elsewhere", "on_hold")


def accepted_words(t: Translator, done: Answered) -> Html:
    """Say what was accepted, and what was left and why."""
    text = Lines()
    if done.done:
        text.add(
            t.n("✅ <b>Accepted: {n} order.</b>", "✅ <b>Accepted: {n} orders.</b>", done.done)
        )
    elif done.already:
        text.add(t("All of them are accepted already."))
    else:
        text.add(t("Nothing was accepted."))
    return Html(text.add(*left_lines(t, done)).text())


def declined_words(t: Translator, done: Answered) -> Html:
    """Say what was declined, and what was left and why."""
    text = Lines()
    if done.done:
        text.add(
            t.n("❌ <b>Declined: {n} order.</b> It is back with the merchant.",
                "❌ <b>Declined: {n} orders.</b> They are back with the merchant.", done.done)
        )  # fmt: skip
    else:
        text.add(t("Nothing was declined."))
    return Html(text.add(*left_lines(t, done)).text())


def left_lines(t: Translator, done: Answered) -> list[str]:
    """Return which were left, by why."""
    return [
        t("• left: {reason} ({n}): {tags}", reason=_why(t, why), n=len(tags),
          tags=listed(t, tags, NAMED))
        for why, tags in done.skipped.items()
    ]  # fmt: skip


def _why(t: Translator, why: str) -> Html:
    return stop_words(t, why) if why in STOPS else assignment_state(t, why)


def reasons_screen(  # noqa: PLR0917 - everything the question is made of
    t: Translator, shop_id: int, of: str, ref: int, n: int,
    colleagues: Sequence[tuple[str, int]] = (),
) -> Screen:  # fmt: skip
    """Ask why so many orders are declined; warn where colleagues have accepted some."""
    place = {"shop": shop_id, "of": of, "ref": ref}
    text = Lines([
        t.n("Decline <b>{n}</b> order? It goes back to the merchant.",
            "Decline <b>{n}</b> orders? They go back to the merchant.", n)
    ])  # fmt: skip
    for name, accepted in colleagues[:COLLEAGUES]:
        text.add(
            t.n("⚠️ {name} has accepted {n} of them.", "⚠️ {name} has accepted {n} of them.",
                accepted, name=cut(name, 24))
        )  # fmt: skip
    text.add(t("Why?"))
    whys = [
        Button(decline_words(t, why), d.DeclineMany(**place, why=why).pack())
        for why in DECLINE_REASONS
    ]
    other = Button(t("Other reason"), d.DeclineMany(**place, why="other").pack())
    rows = (
        tuple(whys[:2]),
        tuple(whys[2:]),
        (other,),
        (back_button(shop_id, of, ref, t("⬅️ Do not decline")),),
    )
    return Screen(text.text(), rows, place_of(of, ref, shop_id))


def back_button(shop_id: int, of: str, ref: int, words: str) -> Button:
    """Return the way back to the digest, or to the ticks."""
    back: d.ShowBatch | d.ListGiven = d.ShowBatch(shop=shop_id, draft=ref)
    if of == "ticked":
        back = d.ListGiven(shop=shop_id, draft=ref, tick=1)
    return Button(words, back.pack())


def place_of(of: str, ref: int, shop_id: int) -> CardRef:
    """Return what a message shows that many orders are answered on."""
    return CardRef("given", ref, shop_id) if of == "batch" else CardRef("assignments", 0, shop_id)


def ask_words(t: Translator, shop_id: int, of: str, ref: int, *, private: bool) -> Screen:
    """Ask for the reason of many in words."""
    text = t("Why can these orders not be shipped? Write it in at most {limit} characters; the "
             "merchant reads it.", limit=REASON_LIMIT)  # fmt: skip
    place = CardRef(f"decline_{of}", ref, shop_id)
    hint = t.plain("Reason for declining these orders")
    return ask_in_words(t, text, place, hint, private=private)


def working_screen(t: Translator, n: int, done: int = 0) -> Screen:
    """Say that so many are being worked on, and how many are done."""
    if done:
        return Screen(t("⏳ Working … {done} of {every}", done=done, every=n))
    return Screen(t.n("⏳ Working on {n} order …", "⏳ Working on {n} orders …", n))


def gave_up_screen(t: Translator, shop_id: int, of: str, ref: int) -> Screen:
    """Say that it did not work to the end; back to where it was pressed."""
    text = t("That did not work to the end. What is done stays, and the merchants know of it: "
             "press the button again for the rest.")  # fmt: skip
    return Screen(
        text, ((back_button(shop_id, of, ref, t("⬅️ Back")),),), place_of(of, ref, shop_id)
    )
