"""Taking a whole 确认分配 back: asked once, what came back, what the factory is asked for."""

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, Lines, Row, Screen
from bot.texts import Html, Translator
from core.assignments.recalling import Recalled


def ask_recall(t: Translator, shop_id: int, draft_id: int) -> Screen:
    """Ask once before a whole assignment is taken back."""
    text = t("Take these orders back? Those the factory has accepted, looked at or shipped stay "
             "with it.")  # fmt: skip
    sure = d.RecallBatch(shop=shop_id, draft=draft_id, sure=1).pack()
    leave = d.ListOrders(shop=shop_id, tab="to_ship").pack()
    return Screen(text, ((Button(t("↩️ Yes, take back"), sure),), (Button(t("No"), leave),)))


def recalling_screen(t: Translator, done: int, every: int) -> Screen:
    """Say how many of so many are taken back."""
    return Screen(t("⏳ Taking back … {done}/{every}", done=done, every=every))


def recalled_screen(
    t: Translator, shop_id: int, done: Recalled, *, draft_id: int, askable: int, asked: int
) -> Screen:
    """Show what came back, and what stays with the factory and why; it may be asked for those.

    `asked`: so many it is asked for already, and has not answered.
    """
    text, left = Lines(), done.left
    if done.orders:
        text.add(
            t.n("↩️ {n} order taken back: it waits to be assigned again.",
                "↩️ {n} orders taken back: they wait to be assigned again.", done.orders)
        )  # fmt: skip
    elif left:
        text.add(t("Nothing could be taken back: all is accepted, looked at or shipped."))
    else:
        text.add(t("Nothing to take back: none of these orders is with the factory any more."))
    if left:
        total = sum(left.values())
        text.add(t.n("{n} stays with the factory:", "{n} stay with the factory:", total))
        text.add(*(t("• {reason}: {n}", reason=_begun(t, why), n=n) for why, n in left.items()))
    rest = d.ListOrders(shop=shop_id, tab="unassigned").pack()
    ask: list[Row] = []
    if askable:
        words = t.plain("↩️ Ask the factory for them ({n})", n=askable)
        ask.append((Button(words, d.AskBatchBack(shop=shop_id, draft=draft_id).pack()),))
    rows = (
        *ask,
        *_unask(t, shop_id, draft_id, asked),
        (Button(t("Still to assign"), rest),),
        menu_button(t, shop_id),
    )
    return Screen(text.text(), rows)


def _unask(t: Translator, shop_id: int, draft_id: int, asked: int) -> list[Row]:
    if not asked:
        return []
    words = t.plain("Ask for none of them any more ({n})", n=asked)
    return [(Button(words, d.UnaskBatch(shop=shop_id, draft=draft_id).pack()),)]


def asked_screen(t: Translator, shop_id: int, draft_id: int, n: int, asked: int) -> Screen:
    """Say how many orders the factory is asked for now; `asked` wait for its answer in all."""
    text = (
        t.n("↩️ Asked for {n} order. I tell you what the factory answers.",
            "↩️ Asked for {n} orders. I tell you what the factory answers.", n)
        if n
        else t("Nothing to ask for: the factory was asked before, or has shipped.")
    )  # fmt: skip
    return Screen(text, (*_unask(t, shop_id, draft_id, asked), *_onward(t, shop_id)))


def unasked_screen(t: Translator, shop_id: int, n: int) -> Screen:
    """Say how many orders the factory is not asked for any more."""
    text = (
        t.n("▶️ {n} order is not asked for any more: the factory goes on with it.",
            "▶️ {n} orders are not asked for any more: the factory goes on with them.", n)
        if n
        else t("Nothing is asked for any more: the factory has answered.")
    )  # fmt: skip
    return Screen(text, _onward(t, shop_id))


def _onward(t: Translator, shop_id: int) -> tuple[Row, ...]:
    to_ship = d.ListOrders(shop=shop_id, tab="to_ship").pack()
    return ((Button(t("📋 To ship"), to_ship),), menu_button(t, shop_id))


def recall_under_way(t: Translator, shop_id: int) -> Screen:
    """Say that somebody else's press is at it."""
    text = t("⏳ This batch is being taken back already; what came back is said where that was "
             "pressed.")  # fmt: skip
    return Screen(text, (menu_button(t, shop_id),))


def recall_stopped(t: Translator, shop_id: int, draft_id: int) -> Screen:
    """Say that taking back was given up half-way, and how to finish it."""
    text = t("Taking back stopped half-way, by a mistake on our side. What came back stays back; "
             "press to go on.")  # fmt: skip
    again = d.RecallBatch(shop=shop_id, draft=draft_id, sure=1).pack()
    return Screen(text, ((Button(t("↩️ Go on"), again),), menu_button(t, shop_id)))


def _begun(t: Translator, why: str) -> Html:
    return {
        "accepted": t("accepted by the factory"),
        "looked": t("recipient looked at"),
        "shipped": t("already shipped"),
    }[why]
