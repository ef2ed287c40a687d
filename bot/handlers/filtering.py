"""Narrowing the merchant's lists, part by part, by buttons or typed."""

from collections.abc import Callable
from typing import cast

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Asked, RepliesTo
from bot.handlers.orders import list_screen
from bot.keyboards import data as d
from bot.screens import filtering as screens
from bot.screens.screen import Screen
from bot.screens.tabs import TABS, tab_of
from bot.turn import Turn
from core.entities import MerchantTab
from core.orders.filtering import Filtering
from core.ports import Store
from core.text.regions import PROVINCES
from core.values import Actor

router = Router(name="filtering")


@router.callback_query(d.ShowFilter.filter())
async def show(_: CallbackQuery, turn: Turn, callback_data: d.ShowFilter) -> None:
    """筛选: every part of it; a question still open about one is closed."""
    actor, tab = turn.actor(callback_data.shop), _tab(callback_data.tab)
    filtering = turn.services.filtering

    def look(store: Store) -> Screen:
        return screens.filter_screen(turn.t, actor.shop_id, tab, filtering.view(store, actor, tab))

    await turn.show(await turn.write(look, hush=True))


@router.callback_query(d.EditFilter.filter())
async def edit(_: CallbackQuery, turn: Turn, callback_data: d.EditFilter) -> None:
    """Choose one part; in private it may be typed as well."""
    actor, tab, what = turn.actor(callback_data.shop), _tab(callback_data.tab), callback_data.what
    look = _choices(turn, actor, tab, what, callback_data.after)
    screen = await turn.read(look)
    if turn.private and what in ("code", "province", "paid"):
        await turn.ask(screens.ASK, screen, shop=actor.shop_id, tab=tab, what=what)
    else:
        await turn.show(screen)


def _choices(
    turn: Turn, actor: Actor, tab: MerchantTab, what: str, after: int
) -> Callable[[Store], Screen]:
    filtering, t, shop_id = turn.services.filtering, turn.t, actor.shop_id

    def look(store: Store) -> Screen:
        if what == "factory":
            rows = filtering.partners(store, actor, after)
            return screens.choose_factory(t, shop_id, tab, rows)
        if what == "code":
            codes = filtering.codes(store, actor, tab)
            return screens.choose_code(t, shop_id, tab, codes, private=turn.private)
        if what == "province":
            seen = filtering.provinces(store, actor, tab)
            return screens.choose_province(t, shop_id, tab, seen, private=turn.private)
        if what == "paid":
            filtering.narrowing(store, actor)
            return screens.choose_paid(t, shop_id, tab, private=turn.private)
        return screens.filter_screen(t, shop_id, tab, filtering.view(store, actor, tab))

    return look


@router.callback_query(d.SetFilter.filter())
async def choose(_: CallbackQuery, turn: Turn, callback_data: d.SetFilter) -> None:
    """A part was chosen: the list as it is then; of 今天截止 the filter itself."""
    pressed, filtering = callback_data, turn.services.filtering
    actor, tab, ref = turn.actor(pressed.shop), _tab(pressed.tab), pressed.ref
    acts: dict[str, Callable[[Store], None]] = {
        "factory": lambda store: filtering.by_factory(store, actor, ref or None),
        "code": lambda store: filtering.by_line(store, actor, ref or None),
        "province": lambda store: filtering.by_province(store, actor, _at(PROVINCES, ref)),
        "paid": lambda store: filtering.by_paid(store, actor, _at(screens.PAID, ref)),
        "due": lambda store: filtering.by_due(store, actor, due_today=bool(ref)),
    }
    await _narrow(turn, actor, tab, acts.get(pressed.what, lambda _: None))


@router.message(Asked(screens.ASK))
async def take_text(_: Message, turn: Turn) -> None:
    """A part was typed, in private; what cannot be understood is asked again."""
    actor, what = turn.actor(turn.data["shop"]), turn.data["what"]
    act = _typed(turn.services.filtering, actor, what, turn.text)
    await _narrow(turn, actor, _tab(turn.data["tab"]), act)


async def take_reply(_: Message, turn: Turn) -> None:
    """A part was typed as a reply in a group."""
    assert turn.replied is not None  # noqa: S101 - the filter lets nothing else through
    what = turn.replied.kind.removeprefix(f"{screens.ASK}_")
    actor, tab = turn.actor(turn.replied.shop_id), TABS["merchant"][turn.replied.ref_id]
    await _narrow(turn, actor, _tab(tab), _typed(turn.services.filtering, actor, what, turn.text))


for _part in screens.PARTS:
    router.message.register(take_reply, RepliesTo(f"{screens.ASK}_{_part}"))


def _typed(filtering: Filtering, actor: Actor, what: str, text: str) -> Callable[[Store], None]:
    act = {"code": filtering.by_code, "province": filtering.by_province}.get(
        what, filtering.by_paid
    )
    return lambda store: act(store, actor, text)


@router.callback_query(d.ClearFilter.filter())
async def clear(_: CallbackQuery, turn: Turn, callback_data: d.ClearFilter) -> None:
    """清除筛选."""
    actor, filtering = turn.actor(callback_data.shop), turn.services.filtering
    tab = _tab(callback_data.tab)
    await _narrow(turn, actor, tab, lambda store: filtering.clear(store, actor))


async def _narrow(turn: Turn, actor: Actor, tab: MerchantTab, act: Callable[[Store], None]) -> None:
    """Change the filter and show the list as it is then; no question stays open."""
    look = list_screen(turn, actor.shop_id, tab, None)

    def work(store: Store) -> Screen:
        turn.services.listing.merchant(store, actor)
        act(store)
        return look(store)

    await turn.show(await turn.write(work, hush=True))


def _tab(tab: str) -> MerchantTab:
    return cast("MerchantTab", tab_of("merchant", tab))


def _at(known: tuple[str, ...], place: int) -> str:
    """Return what stands at a button's place, counted from one; nothing for 0 or a forged one."""
    return known[place - 1] if 1 <= place <= len(known) else ""
