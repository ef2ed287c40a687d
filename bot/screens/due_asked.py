"""申请撤回 that a factory does not answer, as both sides see it."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import cut, listed, tail
from bot.texts import Translator
from core.clock.groups import Group
from core.ports.clock import DueRow

NAMED = 8  # tags or ends of numbers in a line
CARDS = 6  # cards a nudge offers to open
NAME = 12


def answers(t: Translator, shop_id: int, group: Group) -> list[Row]:
    """Return what the merchant can do about a factory that does not answer."""
    place = {"shop": shop_id, "binding": group.binding_id}
    name = cut(group.name, NAME)
    return [
        (Button(t.plain("📣 Nudge {name}: recall", name=name), d.NudgeAsked(**place).pack()),),
        (Button(t.plain("▶️ Ask {name} no more", name=name), d.UnaskSilent(**place).pack()),),
    ]


def nudge_done(t: Translator, shop_id: int, group: Group) -> Screen:
    """Say that the factory was asked again."""
    n = len(group.rows)
    line = t.n("📣 {name} has been asked again for {n} order. If it does not answer, you hear "
               "from me.",
               "📣 {name} has been asked again for {n} orders. If it does not answer, you hear "
               "from me.", n, name=group.name)  # fmt: skip
    return Screen(line, (menu_button(t, shop_id),))


def ask_unask(t: Translator, shop_id: int, group: Group) -> Screen:
    """Ask before nothing is asked of the factory any more."""
    n = len(group.rows)
    text = Lines([
        t.n("Ask {name} for {n} order back no more? It goes on with it.",
            "Ask {name} for {n} orders back no more? It goes on with them.", n, name=group.name),
        listed(t, [tail(row.order_no) for row in group.rows], NAMED),
    ])  # fmt: skip
    pressed = d.UnaskSilent(shop=shop_id, binding=group.binding_id, sure=1)
    sure = Button(t.plain("▶️ Ask no more ({n})", n=n), pressed.pack())
    return Screen(text.text(), ((sure,), menu_button(t, shop_id)))


def unasked(t: Translator, shop_id: int, group: Group) -> Screen:
    """Say that the factory goes on."""
    n = len(group.rows)
    line = t.n("▶️ {name} goes on with {n} order and is being told.",
               "▶️ {name} goes on with {n} orders and is being told.", n,
               name=group.name)  # fmt: skip
    return Screen(line, (menu_button(t, shop_id),))


def asked_again(t: Translator, shop_id: int, merchant: str, rows: Sequence[DueRow]) -> Screen:
    """Tell the factory that the merchant still waits for its answer."""
    n = len(rows)
    text = Lines([
        t.n("📣 <b>{name} still asks for {n} order back</b>",
            "📣 <b>{name} still asks for {n} orders back</b>", n, name=merchant),
        listed(t, [row.tag for row in rows], NAMED),
        t("Give it back, or say that it is packed: then they know."),
    ])  # fmt: skip
    cards = [
        Button(f"🏷 {row.tag}", d.ShowAssignment(shop=shop_id, assignment=row.id).pack())
        for row in rows[:CARDS]
    ]
    opening = tuple(tuple(cards[i : i + 3]) for i in range(0, len(cards), 3))
    to_ship = Button(t("📋 To ship"), d.ListOrders(shop=shop_id, tab="to_ship").pack())
    return Screen(text.text(), (*opening, (to_ship,), menu_button(t, shop_id)))
