"""接口密钥: the owner makes, rotates, ends them in private; a token is shown once and vanishes."""

from collections.abc import Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Answers, Says
from bot.keyboards import data as d
from bot.revealing import reveal
from bot.screens import keys as screens
from bot.screens.screen import CardRef
from bot.turn import Turn
from core.ports import Store
from core.programs.keys import SCOPES, NewKey
from core.values import Actor

router = Router(name="keys")
ASK_NAME = "key_name"


@router.message(Says("apikey"))
async def keys(_: Message, turn: Turn) -> None:
    """`/apikey`."""
    await _show(turn, None)


@router.callback_query(d.ListKeys.filter())
async def list_keys(_: CallbackQuery, turn: Turn, callback_data: d.ListKeys) -> None:
    """All of the shop's."""
    await _show(turn, callback_data.shop)


async def _show(turn: Turn, shop_id: int | None, *, fresh: bool = False) -> None:
    """List the keys of a shop, or of the one switched on."""
    actor, own = turn.actor(shop_id), turn.services.programs.keys.own
    found = await turn.read(lambda store: own(store, actor))
    if turn.private:
        await turn.show(screens.key_list(turn.t, found, turn.house.address), fresh=fresh)
    else:
        await turn.show(screens.in_private(turn.t, turn.house.username), fresh=True)


@router.callback_query(d.ChooseScopes.filter())
async def choose(_: CallbackQuery, turn: Turn, callback_data: d.ChooseScopes) -> None:
    """What a new key may do."""
    actor, own = turn.actor(callback_data.shop), turn.services.programs.keys.own
    shop = (await turn.read(lambda store: own(store, actor))).shop
    await turn.show(
        screens.choose_scopes(turn.t, callback_data.shop, shop.role, callback_data.scopes)
    )


@router.callback_query(d.NameKey.filter())
async def name(_: CallbackQuery, turn: Turn, callback_data: d.NameKey) -> None:
    """Ask for its name."""
    shop_id, bits = callback_data.shop, callback_data.scopes
    await turn.ask(ASK_NAME, screens.ask_name(turn.t), shop=shop_id, scopes=bits)


@router.message(Answers(ASK_NAME))
async def make(_: Message, turn: Turn) -> None:
    """Make it, and show its token."""
    shop_id, bits, called = turn.data["shop"], turn.data["scopes"], turn.text
    making = turn.services.programs.keys

    def work(store: Store, actor: Actor) -> NewKey:
        role = making.own(store, actor).shop.role
        chosen = [one for place, one in enumerate(SCOPES[role]) if bits >> place & 1]
        return making.make(store, actor, called, chosen)

    await _reveal(turn, shop_id, work, hush=True)


@router.callback_query(d.ShowKey.filter())
async def one_key(_: CallbackQuery, turn: Turn, callback_data: d.ShowKey) -> None:
    """One of them."""
    shop_id, one = callback_data.shop, turn.services.programs.keys.one
    actor = turn.actor(shop_id)
    found = await turn.read(lambda store: one(store, actor, callback_data.key))
    await turn.show(screens.key_card(turn.t, shop_id, found))


@router.callback_query(d.RotateKey.filter())
async def rotate(_: CallbackQuery, turn: Turn, callback_data: d.RotateKey) -> None:
    """Ask, then make the one that takes over, and show its token."""
    shop_id, key_id, keys = callback_data.shop, callback_data.key, turn.services.programs.keys
    actor = turn.actor(shop_id)
    if not callback_data.sure or not turn.private:
        found = await turn.read(lambda store: keys.one(store, actor, key_id))
    if not callback_data.sure:
        await turn.show(screens.ask_rotate(turn.t, shop_id, found))
        return
    seen = callback_data.sure
    await _reveal(turn, shop_id, lambda store, actor: keys.rotate(store, actor, key_id, seen))


@router.callback_query(d.RevokeKey.filter())
async def revoke(_: CallbackQuery, turn: Turn, callback_data: d.RevokeKey) -> None:
    """Ask, then end it."""
    shop_id, key_id, keys = callback_data.shop, callback_data.key, turn.services.programs.keys
    actor = turn.actor(shop_id)
    if not callback_data.sure:
        found = await turn.read(lambda store: keys.one(store, actor, key_id))
        await turn.show(screens.ask_revoke(turn.t, shop_id, found))
        return
    ended = await turn.write(
        lambda store: keys.revoke(store, actor, key_id), CardRef("keys", shop_id, shop_id)
    )
    await _show(turn, shop_id)
    await turn.toast(turn.t.plain("{name} has ended.", name=ended.name))


async def _reveal(
    turn: Turn, shop_id: int, work: Callable[[Store, Actor], NewKey], *, hush: bool = False
) -> None:
    """Make a key and show its token, where nobody else reads along; then the list."""
    if turn.private:
        actor, protect = turn.actor(shop_id), turn.house.protect_recipients
        await reveal(
            turn,
            CardRef("keys", shop_id, shop_id),
            screens.placeholder(turn.t, protect=protect),
            lambda store: work(store, actor),
            lambda made, gone: screens.token_screen(turn.t, made, gone, protect=protect),
            hush=hush,
        )
    await _show(turn, shop_id, fresh=turn.callback is None)
