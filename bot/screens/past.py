"""历史 of an order: a sentence per act, and what a change changed."""

from bot.keyboards import data as d
from bot.keyboards.parts import ask_in_words, menu_button
from bot.screens.diffs import diff_lines
from bot.screens.notes import heard
from bot.screens.past_words import WORDS
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import bounded, cut
from bot.screens.words import when
from bot.texts import Html, Translator
from core.entities import Role
from core.orders.finding import Found
from core.orders.past import Act, OrderPast

ASK_WHY = "why"
NAME = 24
ROOM = 3400  # characters of a message's 4096
ONE_ROOM = 1200  # of one act with everything that it changed


def past_screen(t: Translator, past: OrderPast) -> Screen:
    """Show what happened to an order, the newest first; as many acts as a message holds."""
    text = Lines([t("📜 <b>History</b> · <code>{number}</code>", number=past.order_no)])
    text.gap()
    room, last = ROOM, None
    for one in past.acts:
        lines = _lines(t, one)
        room -= len(lines) + 1
        if room < 0:
            break
        text.add(lines)
        last = one
    if not past.acts:
        text.add(t("Nothing is written here yet."))
    left = past.more or (last is not None and last is not past.acts[-1])
    rows = (_pages(t, past, last if left else None), _back(t, past), menu_button(t, past.shop_id))
    card = CardRef(past.of, past.ref_id, past.shop_id)
    return Screen(text.text(), tuple(row for row in rows if row), card)


def _pages(t: Translator, past: OrderPast, last: Act | None) -> Row:
    row: list[Button] = []
    if past.later:
        row.append(Button(t("⏮ Newest"), _page(past, 0)))
    if last is not None:
        row.append(Button(t("Older ➡️"), _page(past, last.id)))
    return tuple(row)


def _page(past: OrderPast, before: int) -> str:
    if past.of == "order":
        return d.ShowHistory(shop=past.shop_id, order=past.ref_id, before=before).pack()
    return d.ShowTrail(shop=past.shop_id, assignment=past.ref_id, before=before).pack()


def _back(t: Translator, past: OrderPast) -> Row:
    shop = past.shop_id
    if past.of == "order":
        return (Button(t("⬅️ Order"), d.ShowOrder(shop=shop, order=past.ref_id).pack()),)
    card = d.ShowAssignment(shop=shop, assignment=past.ref_id)
    return (Button(t("⬅️ Order"), card.pack()),)


def _lines(t: Translator, one: Act) -> str:
    act = WORDS[one.act](t, one) if one.act in WORDS else t("something else was done")
    if one.about:
        act = t("{act} ({factory})", act=act, factory=cut(one.about, NAME))
    first = t("{time} · {who}: {act}", time=when(t, one.at), who=_who(t, one), act=act)
    diffs = [f"   {line}" for line in diff_lines(t, one.diffs)]
    return "\n".join([first, *bounded(t, diffs, most=20, room=ONE_ROOM)])


def _who(t: Translator, one: Act) -> Html:
    """Name who did it, and the door they came by, unless that was the chat."""
    if not one.who:
        return t("automatically")
    who = cut(one.who, NAME)
    return {
        "file": t("{who} (by file)", who=who),
        "api": t("{who} (by the merchant's system)", who=who)
        if one.by_merchant
        else t("{who} (by print system)", who=who),
        "platform": t("{who} (by the platform)", who=who),
        "tick": t("{who} (automatically)", who=who),
    }.get(one.door, t("{who}", who=who))


def ask_why(t: Translator, shop_id: int, role: Role, *, private: bool) -> Screen:
    """Ask whose history: of anybody in a group, by a reply."""
    text = Lines([t("📜 <b>Which order's history?</b>")])
    if role == "factory":
        text.add(t("Send its tag or its order number."))
    else:
        text.add(t("Send its number or the end of it, a tag or a tracking number."))
    card = CardRef(ASK_WHY, shop_id, shop_id)
    return ask_in_words(t, text.text(), card, t.plain("Order number, tag …"), private=private)


def several(t: Translator, shop_id: int, found: Found) -> Screen:
    """Offer the orders whose history may be meant."""
    text = t("📜 “{text}” may be one of these: whose history?", text=heard(t, found.text, 64))
    rows = [
        (
            Button(
                f"{hit.order.order_no} · {cut(hit.order.product, 16)}",
                d.ShowHistory(shop=shop_id, order=hit.order.id).pack(),
            ),
        )
        for hit in found.hits
    ]
    return Screen(text, (*rows, menu_button(t, shop_id)))
