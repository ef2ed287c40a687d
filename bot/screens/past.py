"""历史 of an order: one line per act, and what a change changed."""

from collections.abc import Callable

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.diffs import diff_lines
from bot.screens.screen import Button, CardRef, Lines, Screen
from bot.screens.short import bounded, cut
from bot.screens.words import carrier_name, decline_words, extra_name, when
from bot.texts import Html, Translator
from core.ids import key
from core.past import SHOWN, Act, OrderPast

NAME = 24
ROOM = 3400  # characters of a message's 4096

Words = Callable[[Translator, Act], Html]


def past_screen(t: Translator, past: OrderPast) -> Screen:
    """Show what happened to an order, the newest first."""
    order, shop_id = past.order, past.order.merchant_id
    text = Lines([t("📜 <b>History</b> · <code>{number}</code>", number=order.order_no)]).gap()
    text.add(*bounded(t, [_lines(t, one) for one in past.acts], most=SHOWN, room=ROOM))
    if past.more:
        text.add(t("Older entries are not shown."))
    back = Button(t("⬅️ Order"), d.ShowOrder(shop=shop_id, order=key(order)).pack())
    card = CardRef("order", key(order), shop_id)
    return Screen(text.text(), ((back,), menu_button(t, shop_id)), card)


def _lines(t: Translator, one: Act) -> str:
    who = cut(one.who, NAME) if one.who else t("automatically")
    act = WORDS.get(one.act, _other)(t, one)
    first = t("{time} · {who}: {act}", time=when(t, one.at), who=who, act=act)
    return "\n".join([first, *(f"   {line}" for line in diff_lines(t, one.diffs))])


def _other(t: Translator, _: Act) -> Html:
    return t("something else was done")


def _assigned(t: Translator, one: Act) -> Html:
    return t("assigned to {factory}", factory=cut(one.factory_name, NAME))


def _extra(t: Translator, one: Act) -> Html:
    return t("{kind} assigned to {factory}", kind=extra_name(t, one.detail["kind"]),
             factory=cut(one.factory_name, NAME))  # fmt: skip


def _declined(t: Translator, one: Act) -> Html:
    reason = one.detail.get("reason", "")
    return t("declined: {reason}", reason=cut(decline_words(t, reason), 60))


def _shipped(t: Translator, one: Act) -> Html:
    parcels = [f"{carrier_name(t, carrier)} {number}" for carrier, number in one.detail["parcels"]]
    return t("shipped: {parcels}", parcels=cut(t.plain(", ").join(parcels), 120))


def _corrected(t: Translator, one: Act) -> Html:
    return t("number put right: {old} → {new}", old=one.detail["before"][1],
             new=one.detail["after"][1])  # fmt: skip


WORDS: dict[str, Words] = {
    "imported": lambda t, _: t("imported"),
    "import_undone": lambda t, _: t("import undone"),
    "assigned": _assigned,
    "extra_assigned": _extra,
    "recalled": lambda t, _: t("taken back"),
    "accepted": lambda t, _: t("accepted"),
    "declined": _declined,
    "looked": lambda t, _: t("looked at the recipient"),
    "shipped": _shipped,
    "corrected": _corrected,
    "changed": lambda t, _: t("order changed"),
    "acknowledged": lambda t, _: t("has seen the change"),
}
