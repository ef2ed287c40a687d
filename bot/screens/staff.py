"""A shop's people: the list, an invitation, one of the staff; leaving, and closing the shop."""

from urllib.parse import quote

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Attachment, Button, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.words import when
from bot.texts import Html, Translator
from core.entities import Shop
from core.ids import key
from core.people.closing import Closing
from core.people.staff_views import MemberRow, Staff
from core.people.staffing import Invitation

PAGE = 8
NAME = 40  # characters of a person's name on a screen: Telegram allows 128


def staff_list(t: Translator, staff: Staff, after: int) -> Screen:
    """List the shop's people; `staff.rows` may hold one more than a page."""
    shop_id, shown = key(staff.shop), staff.rows[:PAGE]
    text = Lines([t("👥 <b>{shop}</b> · people", shop=staff.shop.name)]).gap()
    if staff.owner is not None and not after:
        text.add(_line(t, staff.owner))
    text.add(*(_line(t, one) for one in shown))
    if not staff.rows and not after:
        text.gap().add(t("No staff yet. Whoever joins does all of the day's work with you."))
    rows: list[Row] = []
    if staff.mine:
        rows += [(_person(one, shop_id),) for one in shown]
    if len(staff.rows) > PAGE:
        following = d.ListStaff(shop=shop_id, after=shown[-1].account_id).pack()
        rows.append((Button(t("Next page ➡️"), following),))
    if after:
        rows.append((Button(t("⏮ First page"), d.ListStaff(shop=shop_id).pack()),))
    if staff.mine:
        rows.append((Button(t("➕ Invite staff"), d.InviteStaff(shop=shop_id).pack()),))
    else:
        rows.append((Button(t("🚪 Leave this shop"), d.LeaveShop(shop=shop_id).pack()),))
    return Screen(text.text(), (*rows, menu_button(t, shop_id)))


def _person(one: MemberRow, shop_id: int) -> Button:
    pressed = d.ShowMember(shop=shop_id, account=one.account_id).pack()
    return Button(cut(one.name, NAME), pressed)


def _line(t: Translator, one: MemberRow) -> Html:
    name, since = cut(one.name, NAME), when(t, one.joined_at)
    if one.rank == "owner":
        return t("👑 {name} · owner · since {time}", name=name, time=since)
    return t("• {name} · staff · since {time}", name=name, time=since)


def invitation(t: Translator, made: Invitation, address: str, picture: bytes) -> Screen:
    """Show a new invitation with its QR picture."""
    shop_id = key(made.shop)
    text = Lines([t("Staff invitation to <b>{shop}</b>", shop=made.shop.name), Html(address)])
    text.gap().add(
        t("For one person, until {time}. Whoever opens it is staff at once, so send it to the "
          "right one. For another person, make another.", time=when(t, made.expires_at))
    )  # fmt: skip
    shared = f"https://t.me/share/url?url={quote(address, safe='')}"
    rows = (
        (Button(t("📋 Copy link"), copy=address), Button(t("↗️ Share"), url=shared)),
        (Button(t("➕ Another invitation"), d.InviteStaff(shop=shop_id).pack()),),
        (Button(t("👥 People"), d.ListStaff(shop=shop_id).pack()),),
    )
    file = Attachment(f"{made.shop.number}-staff.png", picture, picture=True)
    return Screen(text.text(), rows, attachment=file)


def invite_address(username: str, token: str) -> str:
    """Return the deep link of an invitation."""
    return f"https://t.me/{username}?start=s_{token}"


def in_private(t: Translator, username: str) -> Screen:
    """Say that invitations are made in private: in a group anybody could open them."""
    text = t("Whoever opens an invitation joins, so I make them in our private chat only. Send "
             "/staff there.")  # fmt: skip
    return Screen(text, ((Button(t("Open our private chat"), url=f"https://t.me/{username}"),),))


def joined(t: Translator, shop: Shop, menu: Screen) -> Screen:
    """Welcome a new member over the shop's menu."""
    return menu.under(t("🎉 You are staff of <b>{shop}</b> now.", shop=shop.name))


def member(t: Translator, shop: Shop, one: MemberRow) -> Screen:
    """Show one of the staff to the owner."""
    shop_id, account_id = key(shop), one.account_id
    remove = d.RemoveMember(shop=shop_id, account=account_id).pack()
    hand_over = d.HandOver(shop=shop_id, account=account_id).pack()
    rows = (
        (Button(t("Remove"), remove), Button(t("👑 Make owner"), hand_over)),
        (_back(t, shop_id),),
    )
    return Screen(_line(t, one), rows)


def ask_remove(t: Translator, shop: Shop, one: MemberRow) -> Screen:
    """Ask once."""
    shop_id = key(shop)
    text = t("Remove {name} from <b>{shop}</b>? Their buttons stop working at once, and they are "
             "told.", name=cut(one.name, NAME), shop=shop.name)  # fmt: skip
    sure = d.RemoveMember(shop=shop_id, account=one.account_id, sure=1).pack()
    return Screen(text, ((Button(t("Yes, remove"), sure), _back(t, shop_id)),))


def ask_hand_over(t: Translator, shop: Shop, one: MemberRow) -> Screen:
    """Ask once."""
    shop_id = key(shop)
    text = t("Make {name} the owner of <b>{shop}</b>? You become staff; only {name} could undo "
             "it.", name=cut(one.name, NAME), shop=shop.name)  # fmt: skip
    sure = d.HandOver(shop=shop_id, account=one.account_id, sure=1).pack()
    return Screen(text, ((Button(t("Yes, hand over"), sure), _back(t, shop_id)),))


def ask_leave(t: Translator, shop: Shop) -> Screen:
    """Ask once."""
    text = t("Leave <b>{shop}</b>? You see nothing of it any more; only an invitation brings you "
             "back.", shop=shop.name)  # fmt: skip
    sure = d.LeaveShop(shop=key(shop), sure=1).pack()
    return Screen(text, ((Button(t("Yes, leave"), sure), _back(t, key(shop))),))


def left(t: Translator, shop: Shop, menu: Screen) -> Screen:
    """Say that it is done, over what is theirs still."""
    return menu.under(t("You have left <b>{shop}</b>.", shop=shop.name))


def ask_close(t: Translator, closing: Closing) -> Screen:
    """Show what is open; with orders under way there is no button to close."""
    shop, shop_id = closing.shop, key(closing.shop)
    text = Lines([t("🔒 <b>Close {shop} for good?</b>", shop=shop.name)]).gap()
    if closing.open_orders:
        text.add(orders_open(t, shop.role, closing.open_orders))
        return Screen(text.text(), (menu_button(t, shop_id),))
    unassigned, bound, staff = closing.unassigned, closing.bound, closing.staff
    if unassigned:
        text.add(t.n("{n} unassigned order stays where it is: nobody ships it.",
                     "{n} unassigned orders stay where they are: nobody ships them.",
                     unassigned))  # fmt: skip
    if bound:
        text.add(t.n("{n} binding or request ends; the other side is told.",
                     "{n} bindings or requests end; the other sides are told.", bound))  # fmt: skip
    if staff:
        text.add(t.n("{n} of the staff loses access, and is told.",
                     "{n} of the staff lose access, and are told.", staff))  # fmt: skip
    text.add(t("Its number and its link stop working. This cannot be undone."))
    sure = d.CloseShop(shop=shop_id, sure=1).pack()
    return Screen(text.text(), ((Button(t("Close it for good"), sure),), menu_button(t, shop_id)))


def orders_open(t: Translator, role: str, n: int) -> Html:
    """Say which orders keep a shop from being closed, and what to do about them."""
    if role == "merchant":
        return t.n("{n} order is still with a factory. Take it back or wait until it has shipped, "
                   "then close.",
                   "{n} orders are still with factories. Take them back or wait until they have "
                   "shipped, then close.", n)  # fmt: skip
    return t.n("{n} order is still to be shipped. Ship or decline it, then close.",
               "{n} orders are still to be shipped. Ship or decline them, then close.",
               n)  # fmt: skip


def closed(t: Translator, shop: Shop, menu: Screen) -> Screen:
    """Say that it is done, over what is theirs still."""
    return menu.under(t("🔒 <b>{shop}</b> is closed.", shop=shop.name))


def _back(t: Translator, shop_id: int) -> Button:
    return Button(t("⬅️ Back"), d.ListStaff(shop=shop_id).pack())
