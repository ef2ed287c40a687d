"""Binding: the request's card on both sides, lists of bound shops, unbinding."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button, menu_button
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.words import role_name, when
from bot.texts import Html, Translator
from core.entities import Shop
from core.ids import key
from core.orders.views import BindingRow, BindingView

PAGE = 8


def binding_card(t: Translator, view: BindingView) -> Screen:
    """Show one binding to one side, with what that side can do about it."""
    binding, mine = view.binding, view.mine
    text = Lines([_headline(t, view)]).gap()
    text.add(
        t("{role}: <b>{name}</b>", role=role_name(t, view.other.role), name=view.other_name),
        t("Number: <code>{number}</code>", number=view.other.number),
        t("Own name: {name}", name=view.other.name) if view.alias else "",
    )
    if binding.status == "pending":
        text.add(t("Expires: {time}", time=when(t, binding.expires_at)))
    if binding.status == "bound":
        if view.other_ship_from is not None:
            sender = view.other_ship_from
            text.add(
                t("Ship-from: {contact} {phone}", contact=sender.contact, phone=sender.phone),
                t("{address}", address=sender.address),
            )
        text.gap().add(t("Open orders: {n}", n=view.opened))
    card = CardRef("binding", key(binding), key(mine))
    return Screen(text.text(), tuple(_card_rows(t, view)), card)


def _headline(t: Translator, view: BindingView) -> Html:
    asked_me = view.mine.role == "factory"
    if view.binding.status == "pending":
        if asked_me:
            return t("🤝 <b>A merchant asks to be bound with {shop}</b>", shop=view.mine.name)
        return t("⏳ <b>Asked to be bound, waiting for the factory</b>")
    return {
        "bound": t("✅ <b>Bound</b>"),
        "refused": t("❌ <b>The request was refused</b>"),
        "withdrawn": t("↩️ <b>The request was withdrawn</b>"),
        "expired": t("⌛ <b>The request expired</b>"),
        "unbound": t("🔓 <b>No longer bound</b>"),
    }[view.binding.status]


def _card_rows(t: Translator, view: BindingView) -> list[Row]:
    shop_id, binding_id = key(view.mine), key(view.binding)

    def answer(text: str, what: str) -> Button:
        return Button(text, d.AnswerBinding(shop=shop_id, binding=binding_id, answer=what).pack())

    if view.binding.status == "pending":
        if view.mine.role == "factory":
            return [(answer(t("✅ Confirm binding"), "confirm"), answer(t("Refuse"), "refuse"))]
        return [(answer(t("Withdraw"), "withdraw"),)]
    if view.binding.status != "bound":
        return [menu_button(t, shop_id)]
    return [
        (
            Button(t("✏️ Alias"), d.SetAlias(shop=shop_id, binding=binding_id).pack()),
            Button(t("🔓 Unbind"), d.Unbind(shop=shop_id, binding=binding_id).pack()),
        ),
        (Button(t("⬅️ List"), d.ListBindings(shop=shop_id).pack()),),
    ]


def binding_list(t: Translator, shop: Shop, rows: Sequence[BindingRow], after: int) -> Screen:
    """List bound and pending shops of the other role; `rows` may hold one more than a page."""
    shop_id, shown = key(shop), rows[:PAGE]
    merchant = shop.role == "merchant"
    if not rows and not after:
        return empty_list(t, shop)
    text = Lines([t("<b>My factories</b>") if merchant else t("<b>My merchants</b>")])
    buttons: list[Row] = []
    for row in shown:
        label = row.alias or row.name
        state = t.plain("{n} open", n=row.open_count)
        if row.status == "pending":
            state = t.plain("waiting")
        pressed = d.ShowBinding(shop=shop_id, binding=row.id).pack()
        buttons.append((Button(f"{label} · {state}", pressed),))
    if len(rows) > PAGE:
        following = d.ListBindings(shop=shop_id, after=shown[-1].id).pack()
        buttons.append((Button(t("Next page ➡️"), following),))
    if after:
        buttons.append((Button(t("⏮ First page"), d.ListBindings(shop=shop_id).pack()),))
    return Screen(text.text(), (*buttons, menu_button(t, shop_id)))


def empty_list(t: Translator, shop: Shop) -> Screen:
    """Say how the first binding comes about."""
    if shop.role == "merchant":
        line = t("No factory yet. Send /bind and the factory's number, or open the factory's link.")
    else:
        line = t("No merchant yet. Give merchants your number <code>{number}</code> or your /link.",
                 number=shop.number)  # fmt: skip
    return Screen(line, (menu_button(t, key(shop)),))


def ask_number(t: Translator) -> Screen:
    """Ask for a factory's number."""
    text = t("Which factory? Send its number, e.g. <code>F7K2Q9X</code>. The factory sees it "
             "under /shop.")  # fmt: skip
    return Screen(text, (cancel_button(t),))


def ask_alias(t: Translator, view: BindingView) -> Screen:
    """Ask for an alias."""
    text = Lines([t("What do you call <b>{name}</b>? Only you see it.", name=view.other.name)])
    text.add(t("Send - to use its own name."))
    return Screen(text.text(), (cancel_button(t),))


def choose_shop(t: Translator, shops: Sequence[Shop]) -> Screen:
    """Ask which of several merchant shops asks for the binding."""
    rows = tuple((Button(shop.name, d.BindAs(shop=key(shop)).pack()),) for shop in shops)
    return Screen(t("Which of your shops shall be bound?"), (*rows, cancel_button(t)))


def open_merchant_first(t: Translator, factory: Shop, welcome: Screen) -> Screen:
    """Tell a newcomer, or a factory, that binding needs a merchant shop first."""
    line = t("This link binds you with factory <code>{number}</code>. Open your merchant shop "
             "first; the request is then sent by itself.", number=factory.number)  # fmt: skip
    return welcome.under(line)


def unbind_preview(t: Translator, view: BindingView) -> Screen:
    """Show what is open before anything ends."""
    shop_id, binding_id = key(view.mine), key(view.binding)
    text = Lines([t("🔓 <b>Unbind {name}?</b>", name=view.other_name)]).gap()
    rows: list[Row] = []

    def choice(words: str, how: str) -> Row:
        return (Button(words, d.Unbind(shop=shop_id, binding=binding_id, how=how).pack()),)

    if view.unshipped:
        text.add(t("Unshipped orders: {n}", n=view.unshipped))
        text.add(t("Of these accepted, or the recipient looked at: {n}", n=view.begun)
                 if view.begun else "")  # fmt: skip
        text.add(t("Partly shipped, they finish in any case: {n}", n=view.part_shipped)
                 if view.part_shipped else "")  # fmt: skip
        text.gap().add(t("What shall become of the unshipped ones?"))
        rows.append(choice(t("Take them back and unbind"), "back"))
        rows.append(choice(t("Let them finish and unbind"), "finish"))
    else:
        text.add(t("No unshipped orders between you."))
        rows.append(choice(t("Unbind"), "finish"))
    back = d.ShowBinding(shop=shop_id, binding=binding_id).pack()
    return Screen(text.text(), (*rows, (Button(t("⬅️ Back"), back),)))


def problem(t: Translator, shop_id: int, text: str) -> Screen:
    """Show why something could not be done, with the way on."""
    return Screen(text, (menu_button(t, shop_id),))
