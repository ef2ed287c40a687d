"""The merchant's list of orders: tabs, the filter, one button per order, ticking."""

from collections.abc import Mapping
from datetime import datetime

from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.filtering import filter_line
from bot.screens.holding import list_mark
from bot.screens.screen import Button, Lines, Row, Screen
from bot.screens.short import cut, row_line, tail
from bot.screens.tabs import page_row, tab_name, tab_rows
from bot.screens.words import decline_words, span, stop_words
from bot.texts import Html, Translator
from core.assignments.selecting import BATCH_LIMIT
from core.orders.narrowing import Matching, Narrowed, Narrowing
from core.orders.standing import stop_reason
from core.orders.views import Cursor, OrderRow, Page

REASON = 6  # characters of why a factory declined
NO_FILTER = Narrowed(Narrowing())


def order_list(
    t: Translator, shop_id: int, tab: str, page: Page[OrderRow], counts: Mapping[str, int],
    *, now: datetime, ticked: set[int] | None = None, selected: int = 0,
    here: Cursor | None = None, narrowed: Narrowed = NO_FILTER,
) -> Screen:  # fmt: skip
    """Show a page of a tab. With `ticked` the buttons tick; `here` is where the page begins.

    `selected` is how many orders this person has ticked, here and on other pages.
    """
    n = counts.get(tab, 0)
    text = Lines([_title(t, tab, n, narrowed)])
    text.add(filter_line(t, narrowed, tab))
    rows: list[Row] = [*tab_rows(t, shop_id, "merchant", tab, counts)]
    if not page.rows:
        text.gap().add(_nothing(t, tab, page, here, narrowed))
    elif ticked is not None:
        text.add(t("Tap orders to tick them, on as many pages as you like."))
    if page.cut and page.rows:
        text.add(t("Not all orders were looked at yet: go on looking for more."))
    if any(not row.complete for row in page.rows) and tab == "unassigned":
        text.add(t("⚠️ recipient incomplete: cannot be assigned yet"))
    rows += [_order(t, shop_id, row, now=now, ticked=ticked, here=here) for row in page.rows]
    rows.append(page_row(t, shop_id, tab, page, tick=ticked is not None))
    if not page.rows and here is not None and not page.cut:
        first = d.ListOrders(shop=shop_id, tab=tab, tick=int(ticked is not None)).pack()
        rows.append((Button(t("⏮ First page"), first),))
    if tab == "unassigned" and (n or selected):
        ticking = (ticked is not None, selected)
        rows += _assigning_rows(t, shop_id, n, here=here, ticking=ticking, narrowed=narrowed)
    rows.append(_finding_row(t, shop_id, tab, narrowed))
    return Screen(text.text(), (*filter(None, rows), menu_button(t, shop_id)))


def _title(t: Translator, tab: str, n: int, narrowed: Narrowed) -> str:
    """Return the tab and how many stand in it: beside a filter's, it is the number of all."""
    name = tab_name(t, tab)
    if narrowed.matching is not None:
        return t("<b>{tab}</b> · {some} of {n} match", tab=name, n=n,
                 some=_count(narrowed.matching))  # fmt: skip
    if narrowed.narrowing:
        return t("<b>{tab}</b> · {n} in all", tab=name, n=n)
    return t("<b>{tab}</b> · {n}", tab=name, n=n)


def _order(
    t: Translator, shop_id: int, row: OrderRow, *, now: datetime, ticked: set[int] | None,
    here: Cursor | None,
) -> Row:  # fmt: skip
    words = row_words(t, row, now)
    pressed: d.Tick | d.ShowOrder = d.ShowOrder(shop=shop_id, order=row.id)
    if ticked is not None:
        words = f"{'☑' if row.id in ticked else '☐'} {words}"
        pressed = d.Tick(shop=shop_id, order=row.id, **_place(here))
    return (Button(words, pressed.pack()),)


def _place(here: Cursor | None) -> dict[str, str | int]:
    return cursors.pack(here) if here else {}


def _assigning_rows(
    t: Translator, shop_id: int, n: int, *, here: Cursor | None, ticking: tuple[bool, int],
    narrowed: Narrowed,
) -> list[Row]:  # fmt: skip
    """Return the ways on from 待分配: everything at once, or ticking (on, and so many so far)."""
    on, selected = ticking
    words = t.plain("Assign all ({n})", n=n)
    if n > BATCH_LIMIT:
        words = t.plain("Assign the first {n}", n=BATCH_LIMIT)
    everything = Button(words, d.SelectAll(shop=shop_id).pack())
    if narrowed.matching is not None:
        words = t.plain("Tick all that match ({n})", n=_count(narrowed.matching))
        everything = Button(words, d.TickMatching(shop=shop_id).pack())
    place = d.ListOrders(shop=shop_id, tab="unassigned", tick=int(not on), **_place(here))
    paste = Button(t("📋 Paste numbers"), d.FindPasted(shop=shop_id).pack())
    rows: list[Row] = []
    if on or selected:
        words = t.plain("Assign ticked ({n})", n=selected)
        rows.append((Button(words, d.AssignSelected(shop=shop_id).pack()),))
    if selected:
        words = t("🗑 Untick all")
        rows.append((paste, Button(words, d.ClearTicked(shop=shop_id).pack())))
    else:
        rows.append((paste,))
    rows.append((Button(t("Stop ticking") if on else t("☑️ Tick"), place.pack()), everything))
    return rows


def _count(matching: Matching) -> str:
    return f"{matching.n}+" if matching.more else str(matching.n)


def _finding_row(t: Translator, shop_id: int, tab: str, narrowed: Narrowed) -> Row:
    narrow = Button(t("🧮 Filter"), d.ShowFilter(shop=shop_id, tab=tab).pack())
    find = Button(t("🔍 Find"), d.AskFind(shop=shop_id).pack())
    if not narrowed.narrowing:
        late = Button(t("⏰ Late"), d.ListLate(shop=shop_id).pack())
        return (narrow, find, late) if tab == "to_ship" else (narrow, find)
    clear = Button(t("✖️ Clear filter"), d.ClearFilter(shop=shop_id, tab=tab).pack())
    return (narrow, clear, find)


def _nothing(
    t: Translator, tab: str, page: Page[OrderRow], here: Cursor | None, narrowed: Narrowed
) -> Html:
    if not narrowed.narrowing:
        return _empty(t, tab)
    if page.cut:
        return t("None of the orders looked at so far matches. Go on looking: there are more.")
    if here is not None:
        return t("No more orders match.")
    if tab == "unassigned" and narrowed.narrowing.factory_id is not None:
        return t("No order matches the filter: what waits here has no factory yet.")
    return t("No order matches the filter.")


def _empty(t: Translator, tab: str) -> Html:
    return {
        "unassigned": t("Nothing to assign. Send me an order export (.xlsx or .csv)."),
        "to_ship": t("No factory owes you a parcel. /assign hands orders out."),
        "shipped": t("Nothing has shipped yet. The numbers appear here as factories send them."),
        "stopped": t("No order is cancelled or in after-sale."),
    }[tab]


def row_words(t: Translator, row: OrderRow, now: datetime) -> str:
    """Return an order in one line: end of its number, product, pieces, and what presses."""
    mark = _mark(t, row, now)
    end = f"×{row.pieces} · {mark}" if mark else f"×{row.pieces}"
    return row_line(tail(row.order_no), row.product, end)


def _mark(t: Translator, row: OrderRow, now: datetime) -> str:
    stopped = stop_reason(row)
    if stopped is not None:
        return stop_words(t, stopped)
    if row.status == "shipped":
        return ""
    if row.status == "unassigned" and not row.complete:
        return "⚠️"
    answered = _answered(t, row)
    if answered or row.ship_by is None:
        return answered
    left = row.ship_by - now
    if left.total_seconds() < 0:
        return t.plain("⏰ {span} late", span=span(t, -left))
    return t.plain("{span} left", span=span(t, left))


def _answered(t: Translator, row: OrderRow) -> str:
    """Return what its factory has answered last, where that asks for an act."""
    if row.declined:
        return t.plain("❌ {reason}", reason=cut(decline_words(t, row.declined), REASON))
    return list_mark(t, row.held_until, asked=row.recall_asked)
