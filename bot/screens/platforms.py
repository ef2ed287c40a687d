"""平台店铺 in chat: which are linked, how each goes, what it refused, what could not be read."""

from collections.abc import Sequence
from datetime import timedelta

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.platform_words import partner_lines, platform_why
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.words import platform_name, span, when
from bot.texts import Html, Translator
from core.entities import PlatformCall, PlatformLink
from core.ids import key
from core.platforms.linking import ASKED_FOR, NAMED, LinkView, OwnLinks
from core.platforms.opening import opened_today

_NAME = 20
LATE = timedelta(minutes=5)  # changes that are longer in coming are told as late


def link_list(t: Translator, own: OwnLinks, names: Sequence[str]) -> Screen:
    """List the shop's platform shops; `names` are the platforms it can be linked to."""
    shop_id = key(own.shop)
    text = Lines([t("🛒 <b>{shop}</b> · platforms", shop=own.shop.name)]).gap()
    if own.shop.role == "merchant":
        text.add(t("Orders, changes and refunds come in from there by themselves, and your "
                   "factories' tracking numbers go back."))  # fmt: skip
    else:
        text.add(t("Where a merchant is bound to you there as well, what it assigns here is yours "
                   "on the platform too, and your tracking numbers go back in your name. Your "
                   "merchants link their own shops."))  # fmt: skip
    text.gap().add(*(t("• {name}: {state}", name=_named(t, one), state=_state(t, one))
                     for one in own.links))  # fmt: skip
    if not names:
        text.add(t("No platform is set up on this server: tell the operator. Meanwhile send me the "
                   "platform's export."))  # fmt: skip
    elif not own.links:
        text.add(t("None is linked yet."))
    rows: list[Row] = [
        (Button(t.plain("🛒 {name}", name=_named(t, one)),
                d.ShowPlatformShop(shop=shop_id, link=key(one)).pack()),)
        for one in own.links
    ]  # fmt: skip
    rows += [
        (Button(t.plain("➕ Link {platform}", platform=platform_name(t, name)),
                d.LinkPlatform(shop=shop_id, platform=name).pack()),)
        for name in names
    ]  # fmt: skip
    rows.append(menu_button(t, shop_id))
    return Screen(text.text(), tuple(rows), CardRef("platforms", shop_id, shop_id))


def _named(t: Translator, one: PlatformLink) -> str:
    platform = platform_name(t, one.platform)
    return t.plain("{platform} · {shop}", platform=platform, shop=cut(one.outside_name, _NAME))


def _state(t: Translator, one: PlatformLink) -> Html:
    if one.paused_at is not None:
        return t("⏸ paused since {time}", time=when(t, one.paused_at))
    if one.failing_since is not None:
        return t("⚠️ out of reach since {time}: {why}", time=when(t, one.failing_since),
                 why=platform_why(t, one.why))  # fmt: skip
    if one.role == "factory":
        if one.ok_at is None:
            return t("⏳ asking who is bound to you there")
        return t("✅ connected, last asked {time}", time=when(t, one.ok_at))
    if one.ok_at is None:
        return t("⏳ looking for the first time")
    return t("✅ last looked {time}", time=when(t, one.ok_at))


def authorise(t: Translator, shop_id: int, platform: str, address: str) -> Screen:
    """Send the merchant to the platform's own page."""
    minutes = int(ASKED_FOR.total_seconds() // 60)
    text = t("Press below, sign in to {platform} there and agree. The link works once, for "
             "{minutes} minutes, for this shop. I never ask for a password in chat.",
             platform=platform_name(t, platform), minutes=minutes)  # fmt: skip
    to_page = Button(t("🔗 Authorise at {platform}", platform=platform_name(t, platform)),
                     url=address)  # fmt: skip
    return Screen(text, ((to_page,), (_back(t, shop_id),)))


def link_card(t: Translator, shop_id: int, view: LinkView) -> Screen:
    """Show one platform shop: how far it is, what is owed to it, what needs a person."""
    one = view.link
    text = Lines([t("🛒 <b>{name}</b>", name=_named(t, one)), _state(t, one)])
    if one.said and one.failing_since is not None:
        text.add(t("It says: {said}", said=cut(one.said, 120)))
    if one.failing_since is not None and one.due_at is not None and one.paused_at is None:
        text.add(t("I try again by myself at {time}.", time=when(t, one.due_at)))
    if one.role == "merchant":
        text.add(*_synced(t, view), *_opened(t, view))
    if view.owed:
        text.add(t.n("{n} parcel or assignment is still to be told.",
                     "{n} parcels or assignments are still to be told.", view.owed))  # fmt: skip
    if view.given_up:
        text.gap().add(t("❌ <b>Refused by the platform</b>: put it right, then press 🔁."))
        text.add(*(t("• {order_no}: {why}", order_no=number, why=platform_why(t, call.why))
                   for call, number in view.given_up[:NAMED]))  # fmt: skip
        text.add(*_more(t, len(view.given_up)))
    if view.aside:
        text.gap().add(t("⚠️ <b>Not readable, not taken</b>: ship these from the platform's own "
                         "page, and tell the operator what stands in brackets. 🔄 reads them "
                         "again."))  # fmt: skip
        text.add(*(t("• {order_no} ({field})", order_no=aside.order_no, field=aside.field)
                   for aside in view.aside[:NAMED]))  # fmt: skip
        text.add(*_more(t, len(view.aside)))
    text.gap().add(*partner_lines(t, view))
    return Screen(text.text(), _card_rows(t, shop_id, view))


def _synced(t: Translator, view: LinkView) -> Sequence[Html]:
    """Say up to when changes are in, and how far that is behind where it is."""
    if view.link.synced_to is None:
        return ()
    until, behind = when(t, view.link.synced_to), view.now - view.link.synced_to
    if behind < LATE:
        return (t("Everything until {time} is in.", time=until),)
    return (t("⏳ {span} behind: changes until {time} are in.", span=span(t, behind), time=until),)


def _opened(t: Translator, view: LinkView) -> Sequence[Html]:
    """Say how many recipients the platform has opened today, and whether it opens no more."""
    today, spent = opened_today(view.link, view.now)
    if spent:
        return (t("👁 The platform opens no more recipients of this shop today ({n} were). Tomorrow "
                  "it does.", n=today),)  # fmt: skip
    return (t("👁 Recipients opened by the platform today: {n}", n=today),) if today else ()


def _more(t: Translator, n: int) -> Sequence[Html]:
    return (t("… and more: they show once these are done."),) if n > NAMED else ()


def _again(t: Translator, call: PlatformCall, number: str) -> str:
    if call.kind in ("assign", "unassign"):
        return t.plain("🔁 Try {order_no} there again", order_no=number)
    return t.plain("🔁 Tell {order_no} again", order_no=number)


def _card_rows(t: Translator, shop_id: int, view: LinkView) -> tuple[Row, ...]:
    link = key(view.link)
    paused = view.link.paused_at is not None
    syncs = view.link.role == "merchant"
    if syncs:
        switch = t("▶️ Resume syncing") if paused else t("⏸ Pause syncing")
    else:
        switch = t("▶️ Go on with it") if paused else t("⏸ Leave it alone")
    again = d.LinkPlatform(shop=shop_id, platform=view.link.platform).pack()
    rows: list[Row] = [
        (Button(_again(t, call, number),
                d.RetryTelling(shop=shop_id, link=link, call=key(call)).pack()),)
        for call, number in view.given_up[:NAMED]
    ]  # fmt: skip
    if not paused:
        look = t("🔄 Look now") if syncs else t("🔄 Ask now")
        rows.append((Button(look, d.LookNow(shop=shop_id, link=link).pack()),))
    rows.append((
        Button(switch, d.SwitchPlatformShop(shop=shop_id, link=link, on=int(paused)).pack()),
        Button(t("🔗 Authorise again"), again),
    ))  # fmt: skip
    end = Button(t("🗑 Disconnect"), d.EndPlatformShop(shop=shop_id, link=link).pack())
    rows.append((end, _back(t, shop_id)))
    return tuple(rows)


def looking(t: Translator, link: PlatformLink) -> Html:
    """Say what comes of looking now."""
    if link.role == "factory":
        return t("I am asking: look again in a moment.")
    return t("I am looking: what is new comes in within moments.")


def ask_end(t: Translator, shop_id: int, link: PlatformLink) -> Screen:
    """Ask before it is disconnected."""
    if link.role == "merchant":
        text = t("Disconnect {name}? Nothing comes in from there any more, numbers no longer go "
                 "back, and recipients the platform conceals can no longer be opened here. Orders "
                 "that are in stay.", name=_named(t, link))  # fmt: skip
    else:
        text = t("Disconnect {name}? Your merchants' orders are no longer assigned to you there, "
                 "and your tracking numbers go back in the merchants' names. Orders you have here "
                 "stay.", name=_named(t, link))  # fmt: skip
    sure = Button(t("🗑 Disconnect"), d.EndPlatformShop(shop=shop_id, link=key(link), sure=1).pack())
    keep = Button(t("Keep it"), d.ShowPlatformShop(shop=shop_id, link=key(link)).pack())
    return Screen(text, ((sure, keep),))


def in_private(t: Translator, username: str) -> Screen:
    """Say where platforms are linked."""
    to_me = Button(t("Open our private chat"), url=f"https://t.me/{username}")
    return Screen(t("Platforms are linked in our private chat: send /platform there."), ((to_me,),))


def _back(t: Translator, shop_id: int) -> Button:
    return Button(t("« Platforms"), d.ListPlatformShops(shop=shop_id).pack())
