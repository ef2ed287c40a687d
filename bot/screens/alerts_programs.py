"""What a shop is told about its programs: an address that nothing gets through to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, Lines, Screen
from bot.screens.webhook_words import why_words
from bot.screens.webhooks import host_of
from bot.screens.words import when
from core.acting import acting
from core.programs.webhook_events import WebhookDisabled

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.screens.alerts import Telling
    from core import events as ev


def _disabled(about: Telling, event: WebhookDisabled) -> Screen | None:
    shop_id, t = about.actor.shop_id, about.t
    shop = acting(about.store, about.actor).shop
    one = about.store.webhooks.get(event.webhook_id)
    if one is None or one.ended_at is not None or one.disabled_at is None:
        return None  # removed, or on again already
    text = Lines([t("📮 <b>{shop}: nothing is sent to {host} any more</b>", shop=shop.name,
                    host=host_of(one))])  # fmt: skip
    text.add(t("Why: {why}.", why=why_words(t, one.why)))
    if one.ok_at is not None:
        text.add(t("Last received {time}", time=when(t, one.ok_at)))
    text.gap().add(t("Your orders are not touched: everything is here in chat. The owner presses "
                     "below in our private chat, tests the address, switches it on and sends again "
                     "what it missed."))  # fmt: skip
    to_list = Button(t("📮 Addresses"), d.ListWebhooks(shop=shop_id).pack())
    return Screen(text.text(), ((to_list,), menu_button(t, shop_id)))


PROGRAM_TELLINGS: dict[type[ev.Event], Callable[[Telling, Any], Screen | None]] = {
    WebhookDisabled: _disabled,
}
