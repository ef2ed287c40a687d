"""What a merchant is told of its platforms: linked, silent, a parcel or an assignment refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.platform_words import platform_why
from bot.screens.screen import Button, Lines, Screen
from bot.screens.words import carrier_name, platform_name, when
from bot.texts import Html
from core.acting import acting
from core.entities import PlatformCall
from core.ids import key
from core.platforms import platform_events as told

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.screens.alerts import Telling
    from core import events as ev

NAMED = 5  # orders that are named


def _linked(about: Telling, event: told.PlatformLinked) -> Screen | None:
    shop_id, t = about.actor.shop_id, about.t
    shop = acting(about.store, about.actor).shop
    link = about.store.platforms.link(event.link_id)
    if link is None:
        return None  # disconnected again already
    text = Lines([t("🛒 <b>{shop} is linked to {platform}: {name}</b>", shop=shop.name,
                    platform=platform_name(t, link.platform), name=link.outside_name)])  # fmt: skip
    if link.role == "merchant":
        text.add(t("Orders of the last three days that are not shipped come in now, new ones as "
                   "they are paid; your rules assign them."))  # fmt: skip
    else:
        text.add(t("What merchants bound to you there assign here from now on is yours on the "
                   "platform too, and your tracking numbers go back in your name."))  # fmt: skip
    return Screen(text.text(), ((_card(about, event.link_id),), menu_button(t, shop_id)))


def _failing(about: Telling, event: told.PlatformFailing) -> Screen | None:
    shop_id, t = acting(about.store, about.actor).shop_id, about.t
    link = about.store.platforms.link(event.link_id)
    if link is None or link.failing_since is None:
        return None  # disconnected, or well again
    platform, since = platform_name(t, link.platform), when(t, link.failing_since)
    if link.role == "merchant":
        head = t("⚠️ <b>Nothing comes in from {platform} since {time}</b>",
                 platform=platform, time=since)  # fmt: skip
        what = t("Changes and refunds there do not reach your factories meanwhile: look at the "
                 "platform before they ship, or send me its export.")  # fmt: skip
    else:
        head = t("⚠️ <b>{platform} has not answered your shop since {time}</b>",
                 platform=platform, time=since)  # fmt: skip
        what = t("Your orders here go on as they are. Your numbers go back in the merchants' names "
                 "meanwhile.")  # fmt: skip
    text = Lines([head, t("Why: {why}.", why=platform_why(t, link.why))])
    text.gap().add(what)
    return Screen(text.text(), ((_card(about, event.link_id),), menu_button(t, shop_id)))


def _refused(about: Telling, event: told.TellingGivenUp) -> Screen | None:
    shop_id, t, store = acting(about.store, about.actor).shop_id, about.t, about.store
    call = store.platforms.call(event.call_id)
    if call is None or call.state != "given_up":
        return None  # tried again already
    order, parcel = store.orders.of(call.order_id), store.platforms.parcel(call)
    platform = platform_name(t, order.platform)
    text = Lines([t("❌ <b>{platform} does not take the tracking number of {order_no}</b>",
                    platform=platform, order_no=order.order_no)])  # fmt: skip
    text.add(t("{carrier} {number}", carrier=carrier_name(t, parcel.carrier),
               number=parcel.tracking_number))  # fmt: skip
    text.add(t("Why: {why}.", why=platform_why(t, call.why)))
    text.gap().add(t("The parcel stands here all the same. Put it right, then press 🔁; or enter "
                     "the number on the platform yourself."))  # fmt: skip
    again = d.RetryTelling(shop=shop_id, link=call.link_id, call=event.call_id).pack()
    rows = ((Button(t("🔁 Tell it again"), again),), (_card(about, call.link_id),))
    return Screen(text.text(), (*rows, menu_button(t, shop_id)))


def _not_given(about: Telling, event: told.NotGivenThere) -> Screen | None:
    shop_id, t, store = acting(about.store, about.actor).shop_id, about.t, about.store
    calls = [store.platforms.call(one) for one in event.calls]
    open_ = [one for one in calls if one is not None and one.state == "given_up"]
    link = store.platforms.link(event.link_id)
    if not open_ or link is None:
        return None  # tried again, or taken back, already
    platform, n = platform_name(t, link.platform), len(open_)
    text = Lines([t.n("❌ <b>{platform} does not follow with {n} order</b>",
                      "❌ <b>{platform} does not follow with {n} orders</b>", n,
                      platform=platform)])  # fmt: skip
    text.add(*(_not_given_line(about, one) for one in open_[:NAMED]))
    left = n - NAMED
    text.add(t.n("… and {n} more", "… and {n} more", left) if left > 0 else "")
    text.gap().add(t("Here they stand as you assigned them, and tracking numbers go back in your "
                     "name. Put it right on the platform, then press 🔁."))  # fmt: skip
    rows = []
    if n == 1:
        again = d.RetryTelling(shop=shop_id, link=event.link_id, call=key(open_[0])).pack()
        rows.append((Button(t("🔁 Try it there again"), again),))
    rows.append((_card(about, event.link_id),))
    return Screen(text.text(), (*rows, menu_button(t, shop_id)))


def _not_given_line(about: Telling, call: PlatformCall) -> Html:
    number = about.store.orders.of(call.order_id).order_no
    why = platform_why(about.t, call.why)
    if call.kind == "unassign":
        return about.t("• {order_no}, to be taken back: {why}", order_no=number, why=why)
    return about.t("• {order_no}: {why}", order_no=number, why=why)


def _card(about: Telling, link_id: int) -> Button:
    return Button(
        about.t("🛒 See the platform"),
        d.ShowPlatformShop(shop=about.actor.shop_id, link=link_id).pack(),
    )


PLATFORM_TELLINGS: dict[type[ev.Event], Callable[[Telling, Any], Screen | None]] = {
    told.PlatformLinked: _linked,
    told.PlatformFailing: _failing,
    told.TellingGivenUp: _refused,
    told.NotGivenThere: _not_given,
}
