"""Where a shop's alerts go: a group and what works in it, or private chats."""

from collections.abc import Sequence

from bot.keyboards import data as d
from bot.keyboards.parts import menu_button
from bot.screens.screen import Button, Lines, Screen
from bot.texts import Translator
from core.entities import Shop
from core.ids import key


def gathered(t: Translator, shop: Shop) -> Screen:
    """Say that alerts come here, and what works in a group."""
    text = Lines([t("🔔 <b>Alerts of {shop} come here from now on</b>", shop=shop.name)]).gap()
    if shop.role == "factory":
        text.add(t("• Reply to an order's message with its tracking number: shipped."))
    text.add(
        t("• In a group I hear only replies to me, my buttons, and commands like /orders. "
          "Anything else you write stays among you."),
        t("• Only the shop's people can act; invite them with /staff."),
        t("• Recipients are shown in each person's private chat only."),
    )  # fmt: skip
    return Screen(text.gap().add(t("Back to private chats: /here off")).text())


def which_here(t: Translator, shops: Sequence[Shop]) -> Screen:
    """Ask which of several shops sends its alerts here."""
    rows = tuple((Button(shop.name, d.AlertsHere(shop=key(shop)).pack()),) for shop in shops)
    return Screen(t("Alerts of which shop shall come here?"), rows)


def which_home(t: Translator, shops: Sequence[Shop]) -> Screen:
    """Ask which of several shops sends its alerts home."""
    rows = tuple((Button(shop.name, d.AlertsHome(shop=key(shop)).pack()),) for shop in shops)
    return Screen(t("Alerts of which shop shall come in private again?"), rows)


def none_here(t: Translator) -> Screen:
    """Say that there is nothing to bring home."""
    return Screen(t("No alerts of your shops come here. Nothing was changed."))


def came_home(t: Translator, shop: Shop) -> Screen:
    """Say that alerts come in private again."""
    text = t("🔔 Alerts of <b>{shop}</b> come to each of its people in private again.",
             shop=shop.name)  # fmt: skip
    return Screen(text, (menu_button(t, key(shop)),))


def nobody(t: Translator, *, channel: bool) -> Screen:
    """Say why a message that comes from no person does nothing."""
    if channel:
        return Screen(t("That was written as a channel, so I cannot tell who you are. Write as "
                        "yourself and try again."))  # fmt: skip
    return Screen(t("That was written by an anonymous admin, so I cannot tell who you are. Switch "
                    "“Remain anonymous” off in your admin rights and try again."))  # fmt: skip
