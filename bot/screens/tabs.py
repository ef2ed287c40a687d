"""Tabs of the lists of both roles: a row of buttons with counts, and the way between pages."""

from collections.abc import Mapping
from typing import Any

from bot.keyboards import cursors
from bot.keyboards.data import ListOrders
from bot.screens.screen import Button, Row
from bot.texts import Html, Translator
from core.entities import Role
from core.orders.views import Page

TABS: dict[Role, tuple[str, ...]] = {
    "merchant": ("unassigned", "to_ship", "shipped", "stopped"),
    "factory": ("to_ship", "changed", "shipped"),
}
WIDEST = 3  # tabs in one row that a phone shows whole


def tab_name(t: Translator, tab: str) -> Html:
    """Return a tab's name."""
    return {
        "unassigned": t("To assign"),
        "to_ship": t("To ship"),
        "changed": t("Changed"),
        "shipped": t("Shipped"),
        "stopped": t("After-sale / cancelled"),
    }[tab]


def tab_of(role: Role, tab: str) -> str:
    """Return the tab when the role has it, else its first: a button may be forged or of old."""
    return tab if tab in TABS[role] else TABS[role][0]


def tab_rows(
    t: Translator, shop_id: int, role: Role, current: str, counts: Mapping[str, int]
) -> tuple[Row, ...]:
    """Return the tabs with their counts, the current one marked."""
    buttons = [_tab(t, shop_id, tab, counts.get(tab, 0), tab == current) for tab in TABS[role]]
    width = WIDEST if len(buttons) <= WIDEST else 2
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


def page_row(t: Translator, shop_id: int, tab: str, page: Page[Any], *, tick: bool = False) -> Row:
    """Return the buttons to the pages before and after, as far as there are any."""
    back, on = t("⬅️ Previous"), t("Next ➡️")
    if page.cut:
        looking = t("🔎 Go on looking")
        back, on = (looking, on) if page.cut == "before" else (back, looking)
    ways = ((back, page.before), (on, page.after))
    return tuple(
        Button(
            words,
            ListOrders(shop=shop_id, tab=tab, tick=int(tick), **cursors.pack(cursor)).pack(),
        )
        for words, cursor in ways
        if cursor is not None
    )


def _tab(t: Translator, shop_id: int, tab: str, n: int, current: bool) -> Button:
    words = t.plain("{tab} {n}", tab=tab_name(t, tab), n=n)
    return Button(f"• {words} •" if current else words, ListOrders(shop=shop_id, tab=tab).pack())
