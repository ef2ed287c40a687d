"""接口密钥 in chat: the list, what a new key may do, the token that is shown once, one key."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button, menu_button
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.words import when
from bot.texts import Html, Translator
from core.entities import ApiKey, Role
from core.ids import key
from core.programs.keys import LONGEST_NAME, OVERLAP, SCOPES, NewKey, OwnKeys, Scope, rotation


def key_list(t: Translator, own: OwnKeys, address: str) -> Screen:
    """List the shop's keys; `address` is where programs find the house."""
    shop_id = key(own.shop)
    text = Lines([t("🔑 <b>{shop}</b> · keys for programs", shop=own.shop.name)]).gap()
    text.add(_purpose(t, own.shop.role)).gap()
    text.add(*(_line(t, one) for one in own.keys))
    if not own.keys:
        text.add(t("No key yet."))
    text.gap().add(t("Address: <code>{address}</code> · how to: {address}/docs", address=address))
    rows: list[Row] = [
        (
            Button(
                t.plain("🔑 {name} …{tail}", name=one.name, tail=one.tail),
                d.ShowKey(shop=shop_id, key=key(one)).pack(),
            ),
        )
        for one in own.keys
    ]
    every = (1 << len(SCOPES[own.shop.role])) - 1
    new = d.ChooseScopes(shop=shop_id, scopes=every).pack()
    rows += [(Button(t("➕ New key"), new),), menu_button(t, shop_id)]
    return Screen(text.text(), tuple(rows), CardRef("keys", shop_id, shop_id))


def _purpose(t: Translator, role: Role) -> Html:
    if role == "factory":
        return t("With a key your print system fetches the orders, ships them and returns the "
                 "numbers by itself.")  # fmt: skip
    return t("With a key your ERP brings orders in, assigns them and fetches the tracking numbers "
             "by itself.")  # fmt: skip


def _line(t: Translator, one: ApiKey) -> Html:
    return t("• {name} …{tail}: {state}", name=one.name, tail=one.tail, state=_state(t, one))


def _state(t: Translator, one: ApiKey) -> Html:
    used = t("never used")
    if one.last_used_at is not None:
        used = t("last used {time}", time=when(t, one.last_used_at))
    if one.ends_at is None:
        return used
    return t("{used}, ends {time}", used=used, time=when(t, one.ends_at))


def scope_words(t: Translator, scope: Scope) -> Html:
    """Say what a scope allows."""
    return {
        "read": t("Read orders, recipients masked"),
        "ship": t("Accept, decline, ship"),
        "recipients": t("Recipients in full, labels"),
        "orders": t("Bring in, change, assign"),
    }[scope]


def choose_scopes(t: Translator, shop_id: int, role: Role, bits: int) -> Screen:
    """Ask what a new key may do, a button for each scope, the chosen ones ticked."""
    text = t("<b>What may the new key do?</b>\nTick no more than the program needs.")
    rows: list[Row] = []
    for place, scope in enumerate(SCOPES[role]):
        ticked = bits >> place & 1
        words = t.plain("{mark} {what}", mark="☑️" if ticked else "⬜️", what=scope_words(t, scope))
        pressed = d.ChooseScopes(shop=shop_id, scopes=bits ^ (1 << place)).pack()
        rows.append((Button(words, pressed),))
    if bits:
        rows.append((Button(t("Next: name it"), d.NameKey(shop=shop_id, scopes=bits).pack()),))
    return Screen(text, (*rows, (_back(t, shop_id),)))


def ask_name(t: Translator) -> Screen:
    """Ask for the new key's name."""
    text = t("What is the key for? Send a name of up to {n} characters, e.g. <code>print system"
             "</code>.", n=LONGEST_NAME)  # fmt: skip
    return Screen(text, (cancel_button(t),))


def placeholder(t: Translator, *, protect: bool) -> Screen:
    """Hold the place of a token until the message is sure to vanish."""
    # Should the work stop right here, this stays: it must say what to do.
    text = t("⏳ Making the key … If nothing appears, look at /apikey: press the key there and "
             "“Rotate” to see one.")  # fmt: skip
    return Screen(text, protect=protect)


def token_screen(t: Translator, made: NewKey, gone: datetime, *, protect: bool) -> Screen:
    """Show a token, this once."""
    text = Lines([t("🔑 <b>{name}</b>", name=made.key.name), Html(f"<code>{made.token}</code>")])
    text.gap().add(
        t("Shown this once: it vanishes at {time}. Put it into the program now, and send it to "
          "nobody: whoever has it acts in your name.", time=when(t, gone))
    )  # fmt: skip
    rows = ((Button(t("📋 Copy the key"), copy=made.token),),)
    return Screen(text.text(), rows, protect=protect)


def key_card(t: Translator, shop_id: int, one: ApiKey) -> Screen:
    """Show one key, with what can be done with it."""
    key_id, may = key(one), [scope_words(t, scope) for scope in scopes_of(one)]
    text = Lines([t("🔑 <b>{name}</b> …{tail}", name=one.name, tail=one.tail)])
    text.add(
        t("May: {what}", what=Html(t.plain("; ").join(may))),
        t("Made {time}", time=when(t, one.created_at)),
        _state(t, one),
    )
    rows = (
        (
            Button(t("🔄 Rotate"), d.RotateKey(shop=shop_id, key=key_id).pack()),
            Button(t("⛔ End it"), d.RevokeKey(shop=shop_id, key=key_id).pack()),
        ),
        (_back(t, shop_id),),
    )
    return Screen(text.text(), rows)


def scopes_of(one: ApiKey) -> Sequence[Scope]:
    """Return what a key may do."""
    said = one.scopes.split()
    return [scope for scopes in SCOPES.values() for scope in scopes if scope in said][: len(said)]


def ask_rotate(t: Translator, shop_id: int, one: ApiKey) -> Screen:
    """Ask once, with what becomes of the old one."""
    if one.ends_at is None:
        text = t("Make a new key in place of {name} …{tail}? The old one goes on for {n} hours, "
                 "so that you can change it in the program meanwhile.",
                 name=one.name, tail=one.tail, n=OVERLAP // timedelta(hours=1))  # fmt: skip
    else:
        text = t("{name} …{tail} was rotated before. Rotated again, it ends at once.",
                 name=one.name, tail=one.tail)  # fmt: skip
    sure = d.RotateKey(shop=shop_id, key=key(one), sure=rotation(one)).pack()
    return Screen(text, ((Button(t("Yes, rotate"), sure), _back(t, shop_id)),))


def ask_revoke(t: Translator, shop_id: int, one: ApiKey) -> Screen:
    """Ask once."""
    text = t("End {name} …{tail}? Programs that use it are refused at once.",
             name=one.name, tail=one.tail)  # fmt: skip
    sure = d.RevokeKey(shop=shop_id, key=key(one), sure=1).pack()
    return Screen(text, ((Button(t("Yes, end it"), sure), _back(t, shop_id)),))


def in_private(t: Translator, username: str) -> Screen:
    """Say that keys are shown in private: in a group anybody could read them."""
    text = t("Whoever reads a key can act in your name, so I make them in our private chat only. "
             "Send /apikey there.")  # fmt: skip
    return Screen(text, ((Button(t("Open our private chat"), url=f"https://t.me/{username}"),),))


def _back(t: Translator, shop_id: int) -> Button:
    return Button(t("🔑 Keys"), d.ListKeys(shop=shop_id).pack())
