"""本群接收: a shop's alerts go to this group or topic, or to private chats again."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Says
from bot.keyboards import data as d
from bot.screens import here as screens
from bot.turn import Turn
from core.entities import Shop
from core.errors import ShopNotFound
from core.ids import key
from core.people.staff_errors import NotAGroup, OwnerOnly
from core.ports import Store

router = Router(name="here")

OFF = frozenset({"off", "取消", "关闭"})


@router.message(Says("here"))
async def here(_: Message, turn: Turn) -> None:
    """`/here`, and `/here off`."""
    mine = await turn.read(lambda store: _owned(turn, store))
    if turn.said is not None and turn.said.args.lower() in OFF:
        await _off(turn, mine)
    elif turn.private:
        raise NotAGroup
    elif len(mine) == 1:
        await _gather(turn, key(mine[0]))
    else:
        await turn.show(screens.which_here(turn.t, mine))


@router.callback_query(d.AlertsHere.filter())
async def chosen(_: CallbackQuery, turn: Turn, callback_data: d.AlertsHere) -> None:
    """Which of several was chosen."""
    await _gather(turn, callback_data.shop)


@router.callback_query(d.AlertsHome.filter())
async def home(_: CallbackQuery, turn: Turn, callback_data: d.AlertsHome) -> None:
    """Private chats again, from a button."""
    await _bring_home(turn, callback_data.shop)


async def _off(turn: Turn, mine: Sequence[Shop]) -> None:
    """End it for the shop whose alerts come here; in private, wherever they go."""
    there = [
        shop
        for shop in mine
        if shop.alert_chat_id is not None and (turn.private or shop.alert_chat_id == turn.chat_id)
    ]
    if not there:
        await turn.show(screens.none_here(turn.t))
    elif len(there) == 1:
        await _bring_home(turn, key(there[0]))
    else:
        await turn.show(screens.which_home(turn.t, there))


async def _gather(turn: Turn, shop_id: int) -> None:
    actor, gathering = turn.actor(shop_id), turn.services.gathering
    place = turn.chat_id, turn.thread_id
    shop = await turn.write(lambda store: gathering.here(store, actor, *place))
    await turn.show(screens.gathered(turn.t, shop))


async def _bring_home(turn: Turn, shop_id: int) -> None:
    actor, gathering = turn.actor(shop_id), turn.services.gathering
    shop = await turn.write(lambda store: gathering.home(store, actor))
    await turn.show(screens.came_home(turn.t, shop))


def _owned(turn: Turn, store: Store) -> Sequence[Shop]:
    """Return the shops this person decides about; says so when there is none."""
    mine = turn.services.gathering.owned(store, turn.account_id)
    if not mine:
        raise OwnerOnly if turn.services.accounts.shops(store, turn.account_id) else ShopNotFound
    return mine
