"""/platform: the owner links a platform's shop, sees how it goes, pauses, disconnects, retries."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Says
from bot.keyboards import data as d
from bot.screens import platforms as screens
from bot.screens.screen import CardRef
from bot.turn import Turn

router = Router(name="platforms")


@router.message(Says("platform"))
async def platforms(_: Message, turn: Turn) -> None:
    """`/platform`."""
    await _show(turn, None)


@router.callback_query(d.ListPlatformShops.filter())
async def list_shops(_: CallbackQuery, turn: Turn, callback_data: d.ListPlatformShops) -> None:
    """All of the shop's."""
    await _show(turn, callback_data.shop)


async def _show(turn: Turn, shop_id: int | None) -> None:
    """List the platform shops of a shop, or of the one switched on."""
    actor, own = turn.actor(shop_id), turn.services.platforms.linking.own
    found = await turn.read(lambda store: own(store, actor))
    if turn.private:
        await turn.show(screens.link_list(turn.t, found, turn.house.sellers.names))
    else:
        await turn.show(screens.in_private(turn.t, turn.house.username), fresh=True)


@router.callback_query(d.LinkPlatform.filter())
async def link(_: CallbackQuery, turn: Turn, callback_data: d.LinkPlatform) -> None:
    """Send the owner to the platform's own page, where nobody else reads along."""
    shop_id, platform = callback_data.shop, callback_data.platform
    actor, begin = turn.actor(shop_id), turn.services.platforms.linking.begin
    if not turn.private:
        await _show(turn, shop_id)
        return
    turn.house.sellers.authorise_at(platform, "")  # raises where it is not set up
    word = await turn.write(lambda store: begin(store, actor, platform), _about(shop_id))
    address = turn.house.sellers.authorise_at(platform, word)
    await turn.show(screens.authorise(turn.t, shop_id, platform, address))


@router.callback_query(d.ShowPlatformShop.filter())
async def one_link(_: CallbackQuery, turn: Turn, callback_data: d.ShowPlatformShop) -> None:
    """One of them."""
    await _card(turn, callback_data.shop, callback_data.link)


@router.callback_query(d.LookNow.filter())
async def look_now(_: CallbackQuery, turn: Turn, callback_data: d.LookNow) -> None:
    """Look at the platform at once."""
    shop_id, link_id = callback_data.shop, callback_data.link
    actor, linking = turn.actor(shop_id), turn.services.platforms.linking
    looked = await turn.write(
        lambda store: linking.look_now(store, actor, link_id), _about(shop_id)
    )
    await turn.toast(screens.looking(turn.t, looked))
    await _card(turn, shop_id, link_id)


@router.callback_query(d.SwitchPlatformShop.filter())
async def switch(_: CallbackQuery, turn: Turn, callback_data: d.SwitchPlatformShop) -> None:
    """Go on with it, or pause."""
    shop_id, link_id = callback_data.shop, callback_data.link
    actor, linking = turn.actor(shop_id), turn.services.platforms.linking
    act = linking.resume if callback_data.on else linking.pause
    await turn.write(lambda store: act(store, actor, link_id), _about(shop_id))
    await _card(turn, shop_id, link_id)


@router.callback_query(d.EndPlatformShop.filter())
async def end(_: CallbackQuery, turn: Turn, callback_data: d.EndPlatformShop) -> None:
    """Ask, then disconnect it."""
    shop_id, link_id = callback_data.shop, callback_data.link
    actor, linking = turn.actor(shop_id), turn.services.platforms.linking
    if not callback_data.sure:
        view = await turn.read(lambda store: linking.one(store, actor, link_id))
        await turn.show(screens.ask_end(turn.t, shop_id, view.link))
        return
    await turn.write(lambda store: linking.disconnect(store, actor, link_id), _about(shop_id))
    await _show(turn, shop_id)


@router.callback_query(d.RetryTelling.filter())
async def retry(_: CallbackQuery, turn: Turn, callback_data: d.RetryTelling) -> None:
    """Tell the platform a parcel again."""
    shop_id, link_id, call = callback_data.shop, callback_data.link, callback_data.call
    actor, linking = turn.actor(shop_id), turn.services.platforms.linking
    await turn.write(lambda store: linking.retry(store, actor, link_id, call), _about(shop_id))
    await turn.toast(turn.t("I am telling it again."))
    await _card(turn, shop_id, link_id)


async def _card(turn: Turn, shop_id: int, link_id: int) -> None:
    """Show one, where nobody else reads along."""
    actor, one = turn.actor(shop_id), turn.services.platforms.linking.one
    view = await turn.read(lambda store: one(store, actor, link_id))
    if turn.private:
        await turn.show(screens.link_card(turn.t, shop_id, view))
    else:
        await turn.show(screens.in_private(turn.t, turn.house.username), fresh=True)


def _about(shop_id: int) -> CardRef:
    return CardRef("platforms", shop_id, shop_id)
