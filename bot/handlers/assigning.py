"""Assigning: all or ticked → the factory → dry run → 确认分配; in one line; taking it back.

Where exactly one factory is bound, the choice of it is left out.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Says
from bot.handlers.batches_job import ASSIGN, recalled
from bot.handlers.recalling_job import RECALL
from bot.jobs import at_once_or_begin, job_of
from bot.keyboards import data as d
from bot.screens import assigning as screens
from bot.screens.recalling import ask_recall
from bot.screens.screen import CardRef, Screen
from bot.turn import Turn
from core.assignments.selecting import Selection
from core.errors import DraftNotFound
from core.ids import key
from core.orders.views import BindingRow
from core.ports import Store
from core.text.plain import half_width, visible
from core.values import Actor

router = Router(name="assigning")

_BREAK = re.compile(r"[\s,;:/|、，；。]+")
_SHOP_NUMBER = re.compile(r"[FM][0-9A-Z]{3,8}", re.IGNORECASE)  # also a mistyped one
_EVERYTHING = {"全部", "所有", "all"}
_AT_A_TIME = 50


class Line(NamedTuple):
    """What `/assign …` says: orders, and the factory's number where there is one."""

    order_nos: tuple[str, ...]
    factory: str | None


def read_line(args: str) -> Line:
    """Read orders and a factory's number, in any order, between any separators."""
    said = _BREAK.split(half_width(visible(args)))
    words = [word for word in said if word and word.lower() not in _EVERYTHING]
    places = [i for i, word in enumerate(words) if _SHOP_NUMBER.fullmatch(word)]
    exact = [i for i in places if len(words[i]) == 7]
    factory = words.pop((exact or places)[-1]) if places else None
    return Line(tuple(dict.fromkeys(words)), factory)


@router.message(Says("assign"))
async def assign(_: Message, turn: Turn) -> None:
    """`/assign`; `/assign 订单号… F…` at once; with one of the two, the other is chosen."""
    line = read_line(turn.said.args if turn.said else "")
    if line.order_nos and line.factory:
        await _direct(turn, line.order_nos, line.factory)
    elif line.order_nos:
        await _choose(turn, turn.actor(), lambda store: _these(turn, store, line.order_nos))
    elif line.factory:
        await turn.show(await turn.write(_all_to(turn, line.factory)))
    else:
        await show_assign(turn, turn.shop_id or 0)


async def show_assign(turn: Turn, shop_id: int) -> None:
    """Show what waits and how to choose: also from the menu."""
    actor, listing = turn.actor(shop_id), turn.services.listing

    def look(store: Store) -> Screen:
        shop = listing.merchant(store, actor)
        return screens.assign_menu(turn.t, key(shop), listing.counts(store, actor))

    await turn.show(await turn.read(look))


async def _direct(turn: Turn, order_nos: Sequence[str], number: str) -> None:
    actor, assigning = turn.actor(), turn.services.assigning

    def work(store: Store) -> Screen:
        read = assigning.read(store, actor, order_nos)
        done = assigning.direct(store, actor, order_nos, number)
        return screens.done_screen(turn.t, actor.shop_id, done, read)

    await turn.show(await turn.write(work))


def _these(turn: Turn, store: Store, order_nos: Sequence[str]) -> Selection:
    return turn.services.assigning.take_these(store, turn.actor(), order_nos)


def _all_to(turn: Turn, number: str) -> Callable[[Store], Screen]:
    actor, assigning = turn.actor(), turn.services.assigning

    def work(store: Store) -> Screen:
        turn.services.listing.merchant(store, actor)
        factory = assigning.factory(store, number)
        draft_id = assigning.take_all(store, actor).draft_id
        run = assigning.dry_run(store, actor, draft_id, key(factory))
        return screens.dry_run_screen(turn.t, actor.shop_id, run)

    return work


@router.callback_query(d.SelectAll.filter())
async def select_all(_: CallbackQuery, turn: Turn, callback_data: d.SelectAll) -> None:
    """全部分配."""
    actor = turn.actor(callback_data.shop)
    await _choose(turn, actor, lambda store: turn.services.assigning.take_all(store, actor))


@router.callback_query(d.AssignSelected.filter())
async def assign_selected(_: CallbackQuery, turn: Turn, callback_data: d.AssignSelected) -> None:
    """分配已选."""
    actor = turn.actor(callback_data.shop)
    await _choose(turn, actor, lambda store: turn.services.assigning.selection(store, actor))


@router.callback_query(d.AssignOrder.filter())
async def assign_order(_: CallbackQuery, turn: Turn, callback_data: d.AssignOrder) -> None:
    """分配 on an order's card."""
    actor, order_id = turn.actor(callback_data.shop), callback_data.order
    assigning = turn.services.assigning
    await _choose(turn, actor, lambda store: assigning.take_one(store, actor, order_id))


async def _choose(turn: Turn, actor: Actor, select: Callable[[Store], Selection]) -> None:
    """Select, then ask for the factory; of one factory only, show the dry run at once."""

    def work(store: Store) -> Screen:
        return choose_another(turn, store, actor, select(store))

    # What is assigned is chosen: an open question for more numbers is closed by it.
    await turn.show(await turn.write(work, hush=True))


def choose_another(turn: Turn, store: Store, actor: Actor, chosen: Selection) -> Screen:
    """Ask for the factory, those last that gave some of these back; of one only, dry-run at once.

    Where all but one have given them back, the one that is left is meant.
    """
    rows = _bound(turn, store, actor, 0)
    gave_back = store.assignments.gave_back(chosen.draft_id)
    left = [row for row in rows if row.shop_id not in gave_back]
    if len(left) == 1 and len(rows) <= screens.PAGE:
        run = turn.services.assigning.dry_run(store, actor, chosen.draft_id, left[0].shop_id)
        return screens.dry_run_screen(turn.t, actor.shop_id, run)
    return screens.choose_factory(turn.t, actor.shop_id, chosen, rows, 0, gave_back)


def _bound(turn: Turn, store: Store, actor: Actor, after: int) -> list[BindingRow]:
    """Return a page of bound factories and one more; pending ones are passed over."""
    bound: list[BindingRow] = []
    while len(bound) <= screens.PAGE:
        _, rows = turn.services.bindings.page(store, actor, after, _AT_A_TIME, "merchant")
        bound += [row for row in rows if row.status == "bound"]
        if len(rows) < _AT_A_TIME:
            break
        after = rows[-1].id
    return bound[: screens.PAGE + 1]


@router.callback_query(d.AssignTo.filter())
async def assign_to(_: CallbackQuery, turn: Turn, callback_data: d.AssignTo) -> None:
    """A factory was chosen: dry run. Without one: choose (换一家厂家, next page)."""
    pressed, actor = callback_data, turn.actor(callback_data.shop)
    assigning = turn.services.assigning

    def choose(store: Store) -> Screen:
        rows = _bound(turn, store, actor, pressed.after)
        chosen = _chosen(store, actor, pressed.draft)
        gave_back = store.assignments.gave_back(pressed.draft)
        return screens.choose_factory(turn.t, actor.shop_id, chosen, rows, pressed.after, gave_back)

    def dry_run(store: Store) -> Screen:
        run = assigning.dry_run(store, actor, pressed.draft, pressed.factory)
        return screens.dry_run_screen(turn.t, actor.shop_id, run)

    await turn.show(await (turn.write(dry_run) if pressed.factory else turn.read(choose)))


def _chosen(store: Store, actor: Actor, draft_id: int) -> Selection:
    """Return the draft of a button, when it is one of the shop's."""
    draft = store.drafts.get(draft_id)
    if draft is None or draft.shop_id != actor.shop_id:
        raise DraftNotFound
    return Selection(draft_id, store.drafts.size(draft_id))


@router.callback_query(d.ConfirmAssign.filter())
async def confirm(_: CallbackQuery, turn: Turn, callback_data: d.ConfirmAssign) -> None:
    """确认分配: exactly what was shown, once; very many beside."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    assigning, card = turn.services.assigning, CardRef("batch", draft_id, actor.shop_id)
    done = await at_once_or_begin(
        turn,
        lambda store: assigning.size(store, actor, draft_id),
        lambda store: assigning.confirm(store, actor, draft_id),
        make=job_of(turn, ASSIGN, actor, turn.pressed or 0, {"draft_id": draft_id}),
        progress=lambda n: screens.working_screen(turn.t, n),
        about=card,
    )
    if done is None:
        return
    await turn.show(screens.done_screen(turn.t, actor.shop_id, done))
    if done.again:
        await turn.toast(turn.t("Assigned already, nothing happened twice."))


@router.callback_query(d.RecallBatch.filter())
async def recall(_: CallbackQuery, turn: Turn, callback_data: d.RecallBatch) -> None:
    """撤回 of a whole 确认分配, after asking once."""
    actor, draft_id = turn.actor(callback_data.shop), callback_data.draft
    if not callback_data.sure:
        await turn.read(lambda store: turn.services.listing.merchant(store, actor))
        await turn.show(ask_recall(turn.t, actor.shop_id, draft_id))
        return
    services = turn.services

    def work(store: Store) -> Screen:
        done = services.recalling.batch(store, actor, draft_id)
        return recalled(turn.t, services, store, actor, draft_id, done)

    screen = await at_once_or_begin(
        turn,
        lambda store: services.recalling.size(store, actor, draft_id),
        work,
        make=job_of(turn, RECALL, actor, turn.pressed or 0, {"draft_id": draft_id}),
        progress=lambda n: screens.working_screen(turn.t, n),
    )
    if screen is not None:
        await turn.show(screen)
