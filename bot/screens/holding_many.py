"""缺货等待 of many at once: until when, and what came of it."""

from datetime import date

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words
from bot.screens.answers import back_button, left_lines, place_of
from bot.screens.holding import SPANS, span
from bot.screens.screen import Button, CardRef, Lines, Screen
from bot.texts import Html, Translator
from core.answers.fulfilling import Answered
from core.answers.holding import DAYS_LIMIT


def held_words(t: Translator, done: Answered, until: date) -> Html:
    """Say what waits until when, and what was left and why."""
    text, day = Lines(), until.strftime("%m-%d")
    if done.done:
        text.add(
            t.n("⏳ <b>Waiting for goods until {day}: {n} order.</b> The merchant is told.",
                "⏳ <b>Waiting for goods until {day}: {n} orders.</b> The merchants are told.",
                done.done, day=day)
        )  # fmt: skip
    elif done.already:
        text.add(t("All of them wait until {day} already.", day=day))
    else:
        text.add(t("Nothing waits: none of these can."))
    return Html(text.add(*left_lines(t, done)).text())


def resumed_words(t: Translator, done: Answered) -> Html:
    """Say what is gone on with, and what was left and why."""
    text = Lines()
    if done.done:
        text.add(
            t.n("✅ <b>Goods are here: {n} order goes on.</b> The merchant is told.",
                "✅ <b>Goods are here: {n} orders go on.</b> The merchants are told.", done.done)
        )  # fmt: skip
    else:
        text.add(t("None of these waits for goods any more."))
    return Html(text.add(*left_lines(t, done)).text())


def resume_words(t: Translator, n: int) -> str:
    """Return the button that goes on with so many."""
    return t.plain("✅ Goods are here ({n})", n=n)


def ask_days(t: Translator, shop_id: int, of: str, ref: int, n: int) -> Screen:
    """Ask until when so many orders wait."""
    place = {"shop": shop_id, "of": of, "ref": ref}
    text = Lines([
        t.n("⏳ <b>{n}</b> order: when will you have the goods?",
            "⏳ <b>{n}</b> orders: when will you have the goods?", n)
    ])  # fmt: skip
    text.add(t("The merchant is told, and may wait or take them back. On that day I remind you "
               "both."))  # fmt: skip
    spans = [Button(span(t, one), d.HoldMany(**place, days=one).pack()) for one in SPANS]
    other = Button(t("Another day …"), d.HoldManyTyped(**place).pack())
    back = back_button(shop_id, of, ref, t("⬅️ Back"))
    rows = (tuple(spans[:2]), tuple(spans[2:]), (other,), (back,))
    return Screen(text.text(), rows, place_of(of, ref, shop_id))


def ask_day(t: Translator, shop_id: int, of: str, ref: int, *, private: bool) -> Screen:
    """Ask for the day in words, and why."""
    text = t("When will these orders have their goods? Send a day within {limit} days, and why if "
             "you like: <code>12-05 mould broken</code>, <code>3 days</code>.",
             limit=DAYS_LIMIT)  # fmt: skip
    place = CardRef(f"hold_{of}", ref, shop_id)
    hint = t.plain("Goods for these orders come on …")
    return ask_in_words(t, text, place, hint, private=private)
