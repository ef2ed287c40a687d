"""员工: inviting, joining, removing, handing over, leaving; and closing the shop."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Says
from bot.keyboards import data as d
from bot.menu import forget_commands, show_commands
from bot.qr import qr_picture
from bot.screens import staff as screens
from bot.screens.present import home_screen
from bot.turn import Turn

router = Router(name="staff")


@router.message(Says("staff"))
async def staff(_: Message, turn: Turn) -> None:
    """`/staff`."""
    await show_staff(turn, None)


@router.callback_query(d.ListStaff.filter())
async def list_page(_: CallbackQuery, turn: Turn, callback_data: d.ListStaff) -> None:
    """A page of the list."""
    await show_staff(turn, callback_data.shop, callback_data.after)


async def show_staff(turn: Turn, shop_id: int | None, after: int = 0) -> None:
    """List the people of a shop, or of the one switched on."""
    actor, staffing = turn.actor(shop_id), turn.services.staffing
    people = await turn.read(lambda store: staffing.people(store, actor, after, screens.PAGE + 1))
    await turn.show(screens.staff_list(turn.t, people, after))


@router.callback_query(d.InviteStaff.filter())
async def invite(_: CallbackQuery, turn: Turn, callback_data: d.InviteStaff) -> None:
    """A new invitation, in private: in a group anybody could open it."""
    actor, house = turn.actor(callback_data.shop), turn.house
    if not turn.private:
        await turn.read(lambda store: turn.services.shops.owned(store, actor))
        await turn.show(screens.in_private(turn.t, house.username), fresh=True)
        return
    made = await turn.write(lambda store: turn.services.staffing.invite(store, actor))
    address = screens.invite_address(house.username, made.token)
    picture = await qr_picture(address)
    await turn.show(screens.invitation(turn.t, made, address, picture), fresh=True)


async def join(turn: Turn, token: str) -> None:
    """An invitation was opened: the person is staff, and acts for that shop."""
    shop = await turn.write(
        lambda store: turn.services.staffing.join(store, turn.account_id, token)
    )
    await turn.show(screens.joined(turn.t, shop, await home_screen(turn, shop.id)))
    await show_commands(turn, shop.role)


@router.callback_query(d.ShowMember.filter())
async def show_member(_: CallbackQuery, turn: Turn, callback_data: d.ShowMember) -> None:
    """One of the staff."""
    actor, one = turn.actor(callback_data.shop), turn.services.staffing.one
    found = await turn.read(lambda store: one(store, actor, callback_data.account))
    await turn.show(screens.member(turn.t, *found))


@router.callback_query(d.RemoveMember.filter())
async def remove(_: CallbackQuery, turn: Turn, callback_data: d.RemoveMember) -> None:
    """Ask, then take them out."""
    actor, staffing = turn.actor(callback_data.shop), turn.services.staffing
    account_id = callback_data.account
    if not callback_data.sure:
        found = await turn.read(lambda store: staffing.one(store, actor, account_id))
        await turn.show(screens.ask_remove(turn.t, *found))
        return
    parted = await turn.write(lambda store: staffing.remove(store, actor, account_id))
    await show_staff(turn, callback_data.shop)
    await turn.toast(turn.t.plain("{name} was removed.", name=parted.name))
    await forget_commands(turn.bot, [parted])


@router.callback_query(d.HandOver.filter())
async def hand_over(_: CallbackQuery, turn: Turn, callback_data: d.HandOver) -> None:
    """Ask, then make them the owner."""
    actor, staffing = turn.actor(callback_data.shop), turn.services.staffing
    account_id = callback_data.account
    if not callback_data.sure:
        found = await turn.read(lambda store: staffing.one(store, actor, account_id))
        await turn.show(screens.ask_hand_over(turn.t, *found))
        return
    heir = await turn.write(lambda store: staffing.hand_over(store, actor, account_id))
    await show_staff(turn, callback_data.shop)
    await turn.toast(turn.t.plain("{name} is the owner now.", name=heir.name))


@router.callback_query(d.LeaveShop.filter())
async def leave(_: CallbackQuery, turn: Turn, callback_data: d.LeaveShop) -> None:
    """Ask, then leave."""
    actor, staffing = turn.actor(callback_data.shop), turn.services.staffing
    if not callback_data.sure:
        shop = await turn.read(lambda store: turn.services.shops.profile(store, actor).shop)
        await turn.show(screens.ask_leave(turn.t, shop))
        return
    parted = await turn.write(lambda store: staffing.leave(store, actor))
    await turn.show(screens.left(turn.t, parted.shop, await home_screen(turn)))
    await forget_commands(turn.bot, [parted])


@router.callback_query(d.CloseShop.filter())
async def close(_: CallbackQuery, turn: Turn, callback_data: d.CloseShop) -> None:
    """Show what is open, then close."""
    actor, closings = turn.actor(callback_data.shop), turn.services.closings
    if not callback_data.sure:
        found = await turn.read(lambda store: closings.preview(store, actor))
        await turn.show(screens.ask_close(turn.t, found))
        return
    parted = await turn.write(lambda store: closings.close(store, actor))
    await turn.show(screens.closed(turn.t, parted[0].shop, await home_screen(turn)))
    await forget_commands(turn.bot, parted)
