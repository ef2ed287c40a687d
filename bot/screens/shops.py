"""Beginning and keeping a shop: welcome, the questions, the shop's card, switching."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button, menu_button
from bot.screens.screen import Attachment, Button, Lines, Row, Screen
from bot.screens.words import role_name
from bot.texts import Html, Translator
from core.entities import Role, Shop
from core.ids import key
from core.orders.views import ShopProfile
from core.values import ShipFrom


def welcome(t: Translator) -> Screen:
    """Greet somebody without a shop."""
    text = Lines([t("<b>Daifa</b> hands your orders to factories, in chat.")]).gap()
    text.add(t("Which are you?"))
    rows = (
        (
            Button(t("I am a merchant"), d.ChooseRole(role="merchant").pack()),
            Button(t("I am a factory"), d.ChooseRole(role="factory").pack()),
        ),
        (Button("English", d.SetLang(lang="en").pack()),)
        if t.lang != "en"
        else (Button("中文", d.SetLang(lang="zh_CN").pack()),),
    )
    return Screen(text.text(), rows)


def ask_name(t: Translator, role: Role) -> Screen:
    """Ask for the shop's name."""
    line = t("Opening a {role} shop.", role=role_name(t, role))
    text = Lines([line, t("What is the shop called? (bound shops see this name)")])
    return Screen(text.text(), (cancel_button(t),))


def ask_new_name(t: Translator) -> Screen:
    """Ask for another name."""
    return Screen(t("What shall the shop be called from now on?"), (cancel_button(t),))


def ask_ship_from(t: Translator) -> Screen:
    """Ask for contact, phone and address in one message."""
    text = Lines([t("Where do you ship from? Contact, phone and address in one message, e.g.")])
    text.add(t("<code>Wang Dali 13800001111 88 Chouzhou Road, Yiwu, Jinhua, Zhejiang</code>"))
    text.gap().add(t("Only shops bound with you see it."))
    return Screen(text.text(), (cancel_button(t),))


def confirm_ship_from(t: Translator, ship_from: ShipFrom, shop_id: int) -> Screen:
    """Show what was understood."""
    text = Lines([t("Is this right?")]).gap().add(*_ship_from_lines(t, ship_from))
    return Screen(
        text.text(),
        (
            (
                Button(t("✅ Yes"), d.KeepShipFrom(shop=shop_id).pack()),
                Button(t("✏️ Write it again"), d.AskAgain(shop=shop_id).pack()),
            ),
            cancel_button(t),
        ),
    )


def opened(t: Translator, shop: Shop) -> Screen:
    """Say that the shop is open and what to do next."""
    text = Lines([t("🎉 <b>{name}</b> is open.", name=shop.name)])
    text.add(t("Shop number: <code>{number}</code>", number=shop.number)).gap()
    if shop.role == "merchant":
        text.add(
            t("Next: bind a factory. Send /bind and its number, or open the factory's link."),
            t("Then send me the order export of your platform (.xlsx or .csv)."),
        )
    else:
        text.add(t("Next: give merchants your number or your link; their requests come here."))
    return Screen(text.text(), home_rows(t, shop))


def home(t: Translator, shop: Shop, counts: dict[str, int]) -> Screen:
    """Show the menu of a shop, with what waits."""
    text = Lines([_title(t, shop)]).gap()
    if shop.role == "merchant":
        text.add(
            t("To assign: {n}", n=counts.get("unassigned", 0)),
            t("To ship: {n}", n=counts.get("to_ship", 0)),
            t("Shipped: {n}", n=counts.get("shipped", 0)),
            t("After-sale / cancelled: {n}", n=counts.get("stopped", 0)),
        ).gap()
        text.add(t("Send me an order export (.xlsx or .csv) to bring orders in."))
    else:
        text.add(
            t("To ship: {n}", n=counts.get("to_ship", 0)),
            t("Changed: {n}", n=counts.get("changed", 0)),
            t("Shipped: {n}", n=counts.get("shipped", 0)),
        ).gap()
        text.add(t("Reply to an order's card with the tracking number to ship it."))
    return Screen(text.text(), home_rows(t, shop))


def home_rows(t: Translator, shop: Shop) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of the menu."""
    shop_id = key(shop)

    def place(text: str, name: str) -> Button:
        return Button(text, d.OpenMenu(shop=shop_id, place=name).pack())

    orders = place(t("📋 Orders"), "orders")
    late = Button(t("⏰ Late"), d.ListLate(shop=shop_id).pack())
    settings = Button(t("⚙️ Settings"), d.ShowSettings(shop=shop_id).pack())
    figures = (place(t("📊 Figures"), "stats"), place(t("⬇️ Export"), "export"), settings)
    last = (place(t("🏠 My shop"), "shop"), place(t("❓ Help"), "help"))
    if shop.role == "merchant":
        rules = Button(t("🤖 Auto-assign"), d.ShowRules(shop=shop_id).pack())
        return (
            (orders, place(t("📤 Assign"), "assign"), late),
            (rules, place(t("🏭 Factories"), "partners")),
            figures,
            last,
        )
    return (
        (orders, late),
        (place(t("🤝 Merchants"), "partners"), place(t("🔗 My link"), "link")),
        figures,
        last,
    )


def shop_card(t: Translator, profile: ShopProfile, many: bool) -> Screen:
    """Show a shop to its own people."""
    shop = profile.shop
    text = Lines([_title(t, shop)])
    text.add(t("Shop number: <code>{number}</code>", number=shop.number)).gap()
    if profile.ship_from is not None:
        text.add(t("<b>Ship-from</b>"), *_ship_from_lines(t, profile.ship_from))
    if shop.alert_chat_id is not None:
        text.gap().add(t("🔔 Alerts go to your group."))
    return Screen(text.text(), tuple(_shop_rows(t, profile, many)))


def _shop_rows(t: Translator, profile: ShopProfile, many: bool) -> Iterator[Row]:
    """Yield what the one who looks may do: what concerns the shop itself is its owner's."""
    shop, shop_id = profile.shop, key(profile.shop)
    if profile.mine:
        yield (
            Button(t("✏️ Name"), d.EditShop(shop=shop_id, what="name").pack()),
            Button(t("✏️ Ship-from"), d.EditShop(shop=shop_id, what="ship_from").pack()),
        )
    people = Button(t("👥 People"), d.ListStaff(shop=shop_id).pack())
    if shop.role == "factory":
        yield (Button(t("🔗 My link"), d.ShowLink(shop=shop_id).pack()), people)
        yield (Button(t("⚙️ Settings"), d.ShowSettings(shop=shop_id).pack()),)
    else:
        yield (people, Button(t("⚙️ Settings"), d.ShowSettings(shop=shop_id).pack()))
    if profile.mine and shop.alert_chat_id is not None:
        yield (Button(t("🔕 Alerts in private again"), d.AlertsHome(shop=shop_id).pack()),)
    switch = d.OpenMenu(shop=shop_id, place="switch").pack()
    yield (Button(t("🔁 Switch") if many else t("➕ Another shop"), switch),)
    if profile.mine:
        yield (Button(t("🔒 Close shop"), d.CloseShop(shop=shop_id).pack()),)
    yield menu_button(t, shop_id)


def switch_list(t: Translator, shops: Sequence[Shop], current: int | None) -> Screen:
    """Show my shops, to switch one on, or to open another."""
    rows = [
        (
            Button(
                ("✅ " if shop.id == current else "") + f"{role_name(t, shop.role)} · {shop.name}",
                d.SwitchShop(shop=key(shop)).pack(),
            ),
        )
        for shop in shops
    ]
    opening = (
        Button(t("➕ Merchant shop"), d.ChooseRole(role="merchant").pack()),
        Button(t("➕ Factory shop"), d.ChooseRole(role="factory").pack()),
    )
    return Screen(t("Your shops. Commands act for the one marked ✅."), (*rows, opening))


def link(t: Translator, shop: Shop, username: str, picture: bytes | None) -> Screen:
    """Show the factory's binding link with its QR picture."""
    address = link_address(shop, username)
    text = Lines([t("Binding link of <b>{name}</b>", name=shop.name), address])
    text.add(t("Shop number: <code>{number}</code>", number=shop.number)).gap()
    text.add(t("Merchants open it, or scan the picture, and ask to be bound with you."))
    shared = f"https://t.me/share/url?url={quote(address, safe='')}"
    rows = (
        (Button(t("📋 Copy link"), copy=address), Button(t("↗️ Share"), url=shared)),
        (Button(t("♻️ New link"), d.ReplaceLink(shop=key(shop)).pack()),),
        menu_button(t, key(shop)),
    )
    file = Attachment(f"{shop.number}.png", picture, picture=True) if picture else None
    return Screen(text.text(), rows, attachment=file)


def replace_link(t: Translator, shop: Shop) -> Screen:
    """Warn before the old link dies."""
    return Screen(
        t("The present link and QR picture stop working at once. Make a new one?"),
        (
            (Button(t("Make a new link"), d.ReplaceLink(shop=key(shop), sure=1).pack()),),
            menu_button(t, key(shop)),
        ),
    )


def link_address(shop: Shop, username: str) -> str:
    """Return the deep link of a factory."""
    return f"https://t.me/{username}?start=b_{shop.link_token}"


def languages(t: Translator) -> Screen:
    """Ask for the language."""
    return Screen(
        t("Which language?"),
        (
            (
                Button("中文", d.SetLang(lang="zh_CN").pack()),
                Button("English", d.SetLang(lang="en").pack()),
            ),
        ),
    )


def _title(t: Translator, shop: Shop) -> Html:
    return t("<b>{name}</b> · {role}", name=shop.name, role=role_name(t, shop.role))


def _ship_from_lines(t: Translator, ship_from: ShipFrom) -> list[str]:
    return [
        t("Contact: {contact}", contact=ship_from.contact),
        t("Phone: {phone}", phone=ship_from.phone),
        t("Address: {address}", address=ship_from.address),
    ]
