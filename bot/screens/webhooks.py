"""推送地址 in chat: the list, the secret that is shown once, one address and how it goes there."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.keyboards import data as d
from bot.keyboards.parts import cancel_button, menu_button
from bot.screens.screen import Button, CardRef, Lines, Row, Screen
from bot.screens.short import cut
from bot.screens.webhook_words import why_words
from bot.screens.words import when
from bot.texts import Html, Translator
from core.entities import Webhook
from core.ids import key
from core.programs.webhooks import (
    COUNTED,
    MOST_WEBHOOKS,
    OVERLAP,
    SPANS,
    NewSecret,
    OwnWebhooks,
    Posted,
    WebhookView,
    rotation,
)

_HOST = 30  # characters of a button


def webhook_list(t: Translator, own: OwnWebhooks, address: str) -> Screen:
    """List the shop's webhooks; `address` is where programs find the house."""
    shop_id = key(own.shop)
    text = Lines([t("📮 <b>{shop}</b> · addresses told what happens", shop=own.shop.name)]).gap()
    text.add(t("Whatever happens to an order is posted there at once, signed. The message names "
               "the order only: your program fetches it with its key (/apikey)."))  # fmt: skip
    text.gap()
    text.add(
        *(t("• {host}: {state}", host=host_of(one), state=_state(t, one)) for one in own.webhooks)
    )
    if not own.webhooks:
        text.add(t("No address yet."))
    text.gap().add(t("How to: {address}/docs", address=address))
    rows: list[Row] = [
        (
            Button(
                t.plain("📮 {host}", host=host_of(one)),
                d.ShowWebhook(shop=shop_id, hook=key(one)).pack(),
            ),
        )
        for one in own.webhooks
    ]
    if len(own.webhooks) < MOST_WEBHOOKS:
        rows.append((Button(t("➕ New address"), d.AddWebhook(shop=shop_id).pack()),))
    rows.append(menu_button(t, shop_id))
    return Screen(text.text(), tuple(rows), CardRef("webhooks", shop_id, shop_id))


def host_of(one: Webhook) -> str:
    """Return what tells an address from others at a glance; its path may hold a secret."""
    return cut(urlsplit(one.url).netloc, _HOST)


def _state(t: Translator, one: Webhook) -> Html:
    if one.disabled_at is not None:
        return t("⏸ off since {time}: {why}", time=when(t, one.disabled_at),
                 why=why_words(t, one.why))  # fmt: skip
    if one.failing_since is not None:
        return t("⚠️ failing since {time}: {why}", time=when(t, one.failing_since),
                 why=why_words(t, one.why))  # fmt: skip
    if one.ok_at is not None:
        return t("✅ last received {time}", time=when(t, one.ok_at))
    return t("nothing sent yet")


def ask_url(t: Translator) -> Screen:
    """Ask for the new one's address."""
    text = t("Where does your program listen? Send the address, e.g. <code>https://erp.example.com/"
             "daifa</code>.")  # fmt: skip
    return Screen(text, (cancel_button(t),))


def placeholder(t: Translator, *, protect: bool) -> Screen:
    """Hold the place of a secret until the message is sure to vanish."""
    # Should the work stop right here, this stays: it must say what to do.
    text = t("⏳ Making the secret … If nothing appears, look at /webhook: press the address there "
             "and “New secret” to see one.")  # fmt: skip
    return Screen(text, protect=protect)


def secret_screen(t: Translator, made: NewSecret, gone: datetime, *, protect: bool) -> Screen:
    """Show the secret a webhook signs with, this once."""
    text = Lines([t("📮 <b>{host}</b> · signing secret", host=host_of(made.webhook))])
    text.add(Html(f"<code>{made.secret}</code>")).gap()
    text.add(
        t("Shown this once: it vanishes at {time}. Put it into your program now: with it (Standard "
          "Webhooks) it knows that a message is from me.", time=when(t, gone))
    )  # fmt: skip
    rows = ((Button(t("📋 Copy the secret"), copy=made.secret),),)
    return Screen(text.text(), rows, protect=protect)


def webhook_card(t: Translator, shop_id: int, view: WebhookView, *, test: bool) -> Screen:
    """Show one webhook and how it goes there; `test`: it can be tried from here."""
    one = view.webhook
    text = Lines([t("📮 <code>{url}</code>", url=one.url), _state(t, one)])
    if one.ok_at is not None and (one.failing_since or one.disabled_at):
        text.add(t("Last received {time}", time=when(t, one.ok_at)))
    if one.failing_since is not None and one.disabled_at is None:
        text.add(t("I try again with growing pauses, for three days."))
    if view.owed:
        n = f"{view.owed}+" if view.owed == COUNTED else str(view.owed)
        text.add(t("Waiting to be sent: {n}", n=n))
    if one.given_up:
        text.add(t("Given up after three days, while others got through: {n}", n=one.given_up))
    if one.disabled_at is not None:
        text.add(t("Nothing is sent meanwhile. After you switch it on, “Send again” brings what it "
                   "missed."))  # fmt: skip
    return Screen(text.text(), _card_rows(t, shop_id, one, test=test))


def _card_rows(t: Translator, shop_id: int, one: Webhook, *, test: bool) -> tuple[Row, ...]:
    hook = key(one)
    off = one.disabled_at is not None
    switch = t("▶️ Switch on") if off else t("⏸ Pause sending")
    trying = [Button(t("🧪 Test"), d.TryWebhook(shop=shop_id, hook=hook).pack())] if test else []
    if not off:
        again = d.ReplayWebhook(shop=shop_id, hook=hook).pack()
        trying.append(Button(t("🔁 Send again"), again))
    return (
        tuple(trying),
        (
            Button(t("🔄 New secret"), d.RotateWebhook(shop=shop_id, hook=hook).pack()),
            Button(switch, d.SwitchWebhook(shop=shop_id, hook=hook, on=int(off)).pack()),
        ),
        (
            Button(t("🗑 Remove"), d.RemoveWebhook(shop=shop_id, hook=hook).pack()),
            _back(t, shop_id),
        ),
    )


def tested(t: Translator, posted: Posted) -> Html:
    """Say how a test went."""
    if not posted.why:
        return t("🧪 <b>It works</b>: answered {status} after {n} ms.", status=posted.status or "",
                 n=posted.milliseconds)  # fmt: skip
    return t("🧪 <b>It does not work</b>: {why} ({n} ms).", why=why_words(t, posted.why),
             n=posted.milliseconds)  # fmt: skip


def ask_replay(t: Translator, shop_id: int, one: Webhook) -> Screen:
    """Ask how far back to send again."""
    text = t("Send what happened once more to {host}: from when? Messages keep their ids, so your "
             "program can tell what it had already.", host=host_of(one))  # fmt: skip
    words = {1: t("The last hour"), 24: t("The last day"), 72: t("The last 3 days")}
    rows = tuple(
        (
            Button(
                words[hours],
                d.ReplayWebhook(shop=shop_id, hook=key(one), hours=hours).pack(),
            ),
        )
        for hours in SPANS
    )
    return Screen(text, (*rows, (_to_card(t, shop_id, one),)))


def sent_again(t: Translator, n: int) -> str:
    """Say how many events go out once more."""
    if n >= COUNTED:
        return t.plain("{n} events or more are sent again.", n=n)
    return t.n("{n} event is sent again.", "{n} events are sent again.", n)


def ask_rotate(t: Translator, shop_id: int, one: Webhook) -> Screen:
    """Ask once, with what becomes of the old secret."""
    text = t("Sign messages to {host} with a new secret? The old one signs too for {n} hours, so "
             "that you can change it in your program meanwhile.", host=host_of(one),
             n=OVERLAP // timedelta(hours=1))  # fmt: skip
    sure = d.RotateWebhook(shop=shop_id, hook=key(one), sure=rotation(one)).pack()
    return Screen(text, ((Button(t("Yes, a new secret"), sure), _to_card(t, shop_id, one)),))


def ask_remove(t: Translator, shop_id: int, one: Webhook) -> Screen:
    """Ask once."""
    text = t("Remove {host}? Nothing is sent there any more, also what still waits.",
             host=host_of(one))  # fmt: skip
    sure = d.RemoveWebhook(shop=shop_id, hook=key(one), sure=1).pack()
    return Screen(text, ((Button(t("Yes, delete it"), sure), _to_card(t, shop_id, one)),))


def in_private(t: Translator, username: str) -> Screen:
    """Say that addresses and secrets are shown in private."""
    text = t("An address and its secret are for you alone, so I show them in our private chat "
             "only. Send /webhook there.")  # fmt: skip
    return Screen(text, ((Button(t("Open our private chat"), url=f"https://t.me/{username}"),),))


def _to_card(t: Translator, shop_id: int, one: Webhook) -> Button:
    return Button(t("Back"), d.ShowWebhook(shop=shop_id, hook=key(one)).pack())


def _back(t: Translator, shop_id: int) -> Button:
    return Button(t("📮 Addresses"), d.ListWebhooks(shop=shop_id).pack())
