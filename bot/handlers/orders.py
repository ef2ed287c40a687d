"""Seeing orders: tabs and pages of both roles, an order's card, ticking on the page."""

from collections.abc import Callable
from typing import cast

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.commands import TAB_WORDS
from bot.filters import Says
from bot.handlers.finding import show_found
from bot.keyboards import cursors
from bot.keyboards import data as d
from bot.screens import orders as screens
from bot.screens.assignments import assignment_list, seen_words
from bot.screens.order_list import order_list
from bot.screens.screen import Screen
from bot.screens.tabs import TABS, tab_of
from bot.turn import Turn
from core.acting import acting
from core.entities import MerchantTab
from core.orders.narrowing import Narrowed
from core.orders.views import Cursor, OrderRow, Page
from core.ports import Store
from core.values import Actor

router = Router(name="orders")


@router.message(Says("orders"))
async def orders(_: Message, turn: Turn) -> None:
    """`/orders`, `/orders 待发货`, `/orders 6912…`, and a factory's `/orders 99S7`."""
    args = turn.said.args if turn.said else ""
    tab = TAB_WORDS.get(args, args)
    if not args or any(tab in tabs for tabs in TABS.values()):
        await show_orders(turn, turn.shop_id or 0, tab)
        return
    await show_found(turn, turn.actor(), args)


async def show_orders(turn: Turn, shop_id: int, tab: str = "") -> None:
    """Show a tab of the shop (its first when `tab` is none of its own): also from the menu."""
    await turn.show(await turn.read(list_screen(turn, shop_id, tab, None)))


@router.callback_query(d.ListOrders.filter())
async def list_page(_: CallbackQuery, turn: Turn, callback_data: d.ListOrders) -> None:
    """A page of a tab, for either role."""
    pressed = callback_data
    here = cursors.unpack(pressed.at, pressed.row, pressed.back)
    look = list_screen(turn, pressed.shop, pressed.tab, here, tick=bool(pressed.tick))
    await turn.show(await turn.read(look))


@router.callback_query(d.AcknowledgeAll.filter())
async def seen_all(_: CallbackQuery, turn: Turn, callback_data: d.AcknowledgeAll) -> None:
    """全部已知晓, then what is still unseen."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    look = list_screen(turn, pressed.shop, "changed", None)
    until = cursors.unpack_moment(pressed.at)

    def see(store: Store) -> Screen:
        n = turn.services.acknowledging.all(store, actor, pressed.binding, until)
        return look(store).under(seen_words(turn.t, n))

    await turn.show(await turn.write(see))


@router.callback_query(d.Tick.filter())
async def tick(_: CallbackQuery, turn: Turn, callback_data: d.Tick) -> None:
    """Take an order into the selection or out of it; the page stays."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    here = cursors.unpack(pressed.at, pressed.row, pressed.back)
    look = list_screen(turn, pressed.shop, "unassigned", here, tick=True)

    def toggle(store: Store) -> Screen:
        turn.services.assigning.tick(store, actor, pressed.order)
        return look(store)

    await turn.show(await turn.write(toggle))


@router.callback_query(d.ShowOrder.filter())
async def show_order(_: CallbackQuery, turn: Turn, callback_data: d.ShowOrder) -> None:
    """An order's card."""
    actor = turn.actor(callback_data.shop)

    def look(store: Store) -> Screen:
        card = turn.services.listing.order(store, actor, callback_data.order)
        return screens.order_card(turn.t, card, store.now)

    await turn.show(await turn.read(look))


@router.callback_query(d.Recall.filter())
async def recall(_: CallbackQuery, turn: Turn, callback_data: d.Recall) -> None:
    """撤回 from the card; what the factory has begun is asked for."""
    actor, services = turn.actor(callback_data.shop), turn.services

    def take_back(store: Store) -> Screen:
        assignment = services.recall_asking.one(store, actor, callback_data.assignment)
        store.flush()
        card = services.listing.order(store, actor, assignment.order_id)
        asked = assignment.status == "recall_asked"
        line = screens.asked_back(turn.t) if asked else screens.taken_back(turn.t, assignment)
        return screens.order_card(turn.t, card, store.now).under(line)

    await turn.show(await turn.write(take_back))


def list_screen(
    turn: Turn, shop_id: int, tab: str, here: Cursor | None, *, tick: bool = False
) -> Callable[[Store], Screen]:
    """Return what looks up a page of the shop's tab; its role decides which list that is."""
    actor, listing = turn.actor(shop_id), turn.services.listing

    def look(store: Store) -> Screen:
        shop = acting(store, actor).shop
        counts, named = listing.counts(store, actor), tab_of(shop.role, tab)
        if shop.role == "factory":
            pages = listing.assignments(store, actor, named, here)
            if here is not None and not pages.rows:
                pages = listing.assignments(store, actor, named)
            return assignment_list(turn.t, actor.shop_id, named, pages, counts, store.now)
        narrowed = turn.services.filtering.view(store, actor, cast("MerchantTab", named))
        place, page = _page(turn, store, actor, named, here=here, narrowed=narrowed)
        ticked, selected = None, 0
        if named == "unassigned":
            ticked, selected = _selection(store, actor, page)
        return order_list(
            turn.t, actor.shop_id, named, page, counts, now=store.now,
            ticked=ticked if tick else None, selected=selected, here=place, narrowed=narrowed,
        )  # fmt: skip

    return look


def _page(
    turn: Turn, store: Store, actor: Actor, tab: str, *, here: Cursor | None, narrowed: Narrowed
) -> tuple[Cursor | None, Page[OrderRow]]:
    """Return the page and where it begins; the first where the rows have moved on meanwhile."""
    merchants, filtering = cast("MerchantTab", tab), turn.services.filtering
    page = filtering.page(store, actor, merchants, here)
    if here is None or page.rows or narrowed.narrowing:
        return here, page
    return None, filtering.page(store, actor, merchants)


def _selection(store: Store, actor: Actor, page: Page[OrderRow]) -> tuple[set[int], int]:
    """Return which orders of the page this person has ticked, and how many they are in all."""
    draft = store.drafts.current(actor.shop_id, actor.account_id)
    if draft is None or draft.id is None:
        return set(), 0
    picked = store.drafts.picked(draft.id, [row.id for row in page.rows])
    return picked, store.drafts.size(draft.id)
