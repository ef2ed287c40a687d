"""What a shop's people are told about themselves: who came, who went, where alerts go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, Lines, Screen
from bot.screens.short import cut
from bot.screens.staff import NAME
from bot.texts import escape
from core import events as ev
from core.acting import acting
from core.errors import ShopNotFound
from core.ids import key
from core.people.suspending import PartnerWaits, ShopWaits

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.screens.alerts import Telling
    from core.entities import Shop


def _name(about: Telling, account_id: int) -> str:
    return cut(about.store.accounts.of(account_id).name, NAME)


def _mine(about: Telling) -> Shop:
    """Return the shop to somebody who is in it still. Raises `ShopNotFound`."""
    return acting(about.store, about.actor).shop


def _people(about: Telling, text: str) -> Screen:
    to_list = Button(about.t("👥 People"), d.ListStaff(shop=about.actor.shop_id).pack())
    return Screen(text, ((to_list,),))


def _joined(about: Telling, event: ev.MemberJoined) -> Screen:
    shop = _mine(about)
    return _people(about, about.t("👋 {name} has joined <b>{shop}</b> as staff.",
                                  name=_name(about, event.account_id), shop=shop.name))  # fmt: skip


def _left(about: Telling, event: ev.MemberLeft) -> Screen:
    shop = _mine(about)
    return _people(about, about.t("🚪 {name} has left <b>{shop}</b>.",
                                  name=_name(about, event.account_id), shop=shop.name))  # fmt: skip


def _removed(about: Telling, _: ev.MemberRemoved) -> Screen:
    shop = about.store.shops.of(about.actor.shop_id)
    text = about.t("You were removed from <b>{shop}</b> by its owner. Its orders and buttons are "
                   "no longer yours. /start opens the menu.", shop=shop.name)  # fmt: skip
    return Screen(text)


def _given(about: Telling, event: ev.OwnershipGiven) -> Screen:
    shop = _mine(about)
    text = about.t("👑 {name} has made you the owner of <b>{shop}</b>: its people, its link, its "
                   "name and where its alerts go are yours to decide.",
                   name=_name(about, event.by_account), shop=shop.name)  # fmt: skip
    return _people(about, text)


def _closed(about: Telling, _: ev.ShopClosed) -> Screen:
    shop = about.store.shops.of(about.actor.shop_id)
    text = about.t("🔒 <b>{shop}</b> was closed by its owner. /start opens the menu.",
                   shop=shop.name)  # fmt: skip
    return Screen(text)


def _moved(about: Telling, event: ev.AlertsMoved) -> Screen:
    shop, t, name = _mine(about), about.t, _name(about, event.by_account)
    if event.home:
        line = t("🔔 {name} brought the alerts of <b>{shop}</b> back: they come to you in private "
                 "again.", name=name, shop=shop.name)  # fmt: skip
    else:
        line = t("🔔 {name} sends the alerts of <b>{shop}</b> to your group from now on. If you "
                 "are not in it, ask to be added.", name=name, shop=shop.name)  # fmt: skip
    return Screen(line, (menu_button(t, about.actor.shop_id),))


def _lost(about: Telling, event: ev.GroupLost) -> Screen:
    shop, t = _mine(about), about.t
    text = Lines([t("📵 <b>Your group gets no alerts of {shop} any more</b>", shop=shop.name)])
    if event.topic:
        text.add(t("Its topic was closed or deleted."))
    else:
        text.add(t("I was removed from it, or may not write there."))
    text.gap().add(t("They come to each member in private again, also what the group missed. To "
                     "use a group again, send /here there."))  # fmt: skip
    return Screen(text.text(), (menu_button(t, about.actor.shop_id),))


def _waits(about: Telling, event: ShopWaits) -> Screen | None:
    shop, t = about.store.shops.of_member(about.actor.shop_id, about.actor.account_id), about.t
    if shop is None:
        raise ShopNotFound  # left since; who is in it hears of it, suspended or not
    if event.over != (shop.suspended_at is None):
        return None  # otherwise again by now
    if event.over:
        line = t("▶️ <b>{shop}</b> goes on: everything is as it was, and what waited comes now.",
                 shop=shop.name)  # fmt: skip
        return Screen(line, (menu_button(t, about.actor.shop_id),))
    text = Lines([t("⏸ <b>{shop} is suspended</b>", shop=shop.name)])
    text.add(t("Until it goes on, no order comes or goes, no recipient is shown, and keys, "
               "addresses and platforms wait. Nothing is lost."))  # fmt: skip
    text.add(escape(shop.suspended_why) if shop.suspended_why else t("Ask whoever runs this bot."))
    return Screen(text.text())


def _partner_waits(about: Telling, event: PartnerWaits) -> Screen | None:
    mine, t = _mine(about), about.t
    other = about.store.shops.of(event.shop_id)
    if event.over != (other.suspended_at is None):
        return None
    pair = (key(mine), event.shop_id)
    found = about.store.bindings.ever(*(pair if mine.role == "merchant" else pair[::-1]))
    alias = found and (found.merchant_alias if mine.role == "merchant" else found.factory_alias)
    name, menu = alias or other.name, (menu_button(t, about.actor.shop_id),)
    if event.over:
        return Screen(t("▶️ <b>{name}</b> goes on, with everything as it was.", name=name), menu)
    text = Lines([t("⏸ <b>{name} is suspended</b>", name=name)])
    if mine.role == "merchant":
        text.add(t("Until it goes on, nothing can be given to it and it does nothing with what it "
                   "has. What must leave now, take back and give to others."))  # fmt: skip
    else:
        text.add(t("Until it goes on, recipients of its orders are not shown. What has left "
                   "already can be entered as ever."))  # fmt: skip
    return Screen(text.text(), menu)


PEOPLE_TELLINGS: dict[type[ev.Event], Callable[[Telling, Any], Screen | None]] = {
    ev.MemberJoined: _joined,
    ev.MemberLeft: _left,
    ev.MemberRemoved: _removed,
    ev.OwnershipGiven: _given,
    ev.ShopClosed: _closed,
    ev.AlertsMoved: _moved,
    ev.GroupLost: _lost,
    ShopWaits: _waits,
    PartnerWaits: _partner_waits,
}
