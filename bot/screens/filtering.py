"""The filter of the merchant's lists: what it is in one line, and choosing each part of it."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.tabs import TABS
from bot.screens.words import period_name
from bot.texts import Html, Translator
from core.orders.filtering import PARTNERS
from core.orders.lookups import CodeSeen
from core.orders.narrowing import OPEN_TABS, Narrowed
from core.orders.views import BindingRow
from core.text.periods import NAMED
from core.text.regions import PROVINCES

ASK = "filter"  # the open question, and with the part behind it the card it is asked on
PARTS = ("factory", "code", "province", "paid")
PAID = tuple(NAMED)
OFFERED = ("today", "yesterday", "week")


def filter_line(t: Translator, narrowed: Narrowed, tab: str) -> str:
    """Return the filter in one line, as far as it narrows this tab; nothing without one."""
    parts = [
        t.plain("paid {days}", days=value) if what == "paid" else value
        for what, value in _parts(t, narrowed)
        if value
    ]
    if narrowed.narrowing.due_today and tab in OPEN_TABS:
        parts.append(t("due today"))
    if not parts:
        return ""
    return t("🧮 {parts}", parts=" · ".join(parts))


def _parts(t: Translator, narrowed: Narrowed) -> list[tuple[str, str]]:
    kept = narrowed.narrowing
    return [
        ("factory", cut(narrowed.factory_name, 20)),
        ("code", cut(kept.code, 24)),
        ("province", kept.province),
        ("paid", period_name(t, kept.paid) if kept.paid else ""),
    ]


def filter_screen(t: Translator, shop_id: int, tab: str, narrowed: Narrowed) -> Screen:
    """Show each part of the filter; a button changes it."""
    text = Lines([t("🧮 <b>Filter</b>"), t("Narrows your lists until you clear it.")])
    names = {
        "factory": t.plain("🏭 Factory"),
        "code": t.plain("🏷 Product code"),
        "province": t.plain("📍 Province"),
        "paid": t.plain("💰 Paid"),
    }
    rows: list[Row] = []
    for what, value in _parts(t, narrowed):
        words = f"{names[what]}：{value}" if value else names[what]
        rows.append((Button(words, d.EditFilter(shop=shop_id, tab=tab, what=what).pack()),))
    due = narrowed.narrowing.due_today
    words = t.plain("Must ship today (late ones too)")
    turned = d.SetFilter(shop=shop_id, tab=tab, what="due", ref=int(not due)).pack()
    rows.append((Button(f"{'☑' if due else '☐'} {words}", turned),))
    orders = Button(t("📋 See the orders"), d.ListOrders(shop=shop_id, tab=tab).pack())
    if narrowed.narrowing:
        clear = Button(t("✖️ Clear filter"), d.ClearFilter(shop=shop_id, tab=tab).pack())
        rows.append((clear, orders))
    else:
        rows.append((orders,))
    return Screen(text.text(), (*rows, menu_button(t, shop_id)))


def choose_factory(t: Translator, shop_id: int, tab: str, rows: Sequence[BindingRow]) -> Screen:
    """Offer the factories that are or were bound; `rows` may hold one more than a page."""
    buttons: list[Row] = []
    for row in rows[:PARTNERS]:
        words = cut(row.alias or row.name, 24)
        if row.status != "bound":
            words = t.plain("{name} (ended)", name=words)
        buttons.append((_set(shop_id, tab, "factory", row.shop_id, words),))
    if len(rows) > PARTNERS:
        more = d.EditFilter(shop=shop_id, tab=tab, what="factory", after=rows[PARTNERS - 1].id)
        buttons.append((Button(t("Next page ➡️"), more.pack()),))
    text = t("Orders of which factory?") if rows else t("No factory is bound yet: see /bind.")
    return Screen(text, (*buttons, *_ends(t, shop_id, tab, "factory")))


def choose_code(
    t: Translator, shop_id: int, tab: str, codes: Sequence[CodeSeen], *, private: bool
) -> Screen:
    """Offer the codes that occur, and take another."""
    text = Lines([t("Orders with which product code?")])
    text.add(t("Send the whole code, or choose one.") if private else _by_reply(t))
    buttons = [_set(shop_id, tab, "code", one.line_id, cut(one.code, 24)) for one in codes]
    return _asking(t, shop_id, tab, "code", text=text, buttons=buttons, width=2)


def choose_province(
    t: Translator, shop_id: int, tab: str, provinces: Sequence[str], *, private: bool
) -> Screen:
    """Offer the provinces that occur, and take another."""
    text = Lines([t("Orders to which province?")])
    text.add(t("Send its name, or choose one.") if private else _by_reply(t))
    buttons = [_set(shop_id, tab, "province", PROVINCES.index(one) + 1, one) for one in provinces]
    return _asking(t, shop_id, tab, "province", text=text, buttons=buttons, width=4)


def choose_paid(t: Translator, shop_id: int, tab: str, *, private: bool) -> Screen:
    """Offer the usual days, and take others."""
    text = Lines([t("Orders paid when?")])
    example = t("Choose, or send days such as 3.1-3.5 (China time).")
    text.add(example if private else _by_reply(t))
    buttons = [
        _set(shop_id, tab, "paid", PAID.index(one) + 1, period_name(t, one)) for one in OFFERED
    ]
    return _asking(t, shop_id, tab, "paid", text=text, buttons=buttons, width=3)


def _by_reply(t: Translator) -> Html:
    return t("Choose one, or send another as a reply to this message.")


def _asking(
    t: Translator,
    shop_id: int,
    tab: str,
    what: str,
    *,
    text: Lines,
    buttons: list[Button],
    width: int,
) -> Screen:
    rows = [tuple(buttons[i : i + width]) for i in range(0, len(buttons), width)]
    place = TABS["merchant"].index(tab)
    card = CardRef(f"{ASK}_{what}", place, shop_id)  # what a reply in a group answers
    return Screen(text.text(), (*rows, *_ends(t, shop_id, tab, what)), card)


def _set(shop_id: int, tab: str, what: str, ref: int, words: str) -> Button:
    return Button(words, d.SetFilter(shop=shop_id, tab=tab, what=what, ref=ref).pack())


def _ends(t: Translator, shop_id: int, tab: str, what: str) -> tuple[Row, ...]:
    back = Button(t("⬅️ Filter"), d.ShowFilter(shop=shop_id, tab=tab).pack())
    return ((_set(shop_id, tab, what, 0, t.plain("Any")), back),)
