"""Words for 推送地址: what can be wrong with an address, and why nothing gets through to it."""

from collections.abc import Callable
from typing import Any

from bot.texts import Html, Translator
from core.errors import CoreError
from core.programs import webhook_errors as wrong

_STATUS = "status_"


def why_words(t: Translator, why: str) -> Html:
    """Say why a message did not get through."""
    if why.startswith(_STATUS):
        return t("it answered {status}", status=why.removeprefix(_STATUS))
    known = {
        "redirected": t("it answered with a redirect, which is not followed: give me the address "
                        "it leads to"),
        "gone": t("it answered 410: it wants no more messages"),
        "private": t("its name leads into a private network, where I may not go"),
        "unresolved": t("its name is not known (DNS)"),
        "unreachable": t("nobody answers there: no connection"),
        "tls": t("its certificate is not valid"),
        "timeout": t("it did not answer in time"),
        "unreadable": t("the address cannot be read"),
        "paused": t("you paused it"),
    }  # fmt: skip
    return known.get(why, t("the connection broke off"))


def _unfit(t: Translator, error: wrong.WebhookUrlUnfit) -> Html:
    return {
        "long": t("The address is longer than {n} characters. Send a shorter one.",
                  n=error.longest),
        "plain": t("The address must begin with https://. Send it again."),
        "userinfo": t("The address holds a user name or a password. Send it without: every message "
                      "is signed instead."),
        "fragment": t("The address must not hold a #. Send it again without."),
        "address": t("I need a public name, such as <code>https://erp.example.com/daifa</code>, "
                     "not a number or a name of your own network."),
        "unreadable": t("I cannot read this address. Send one such as <code>https://erp.example.com"
                        "/daifa</code>, without Chinese characters and spaces."),
    }[error.why]  # fmt: skip


def _too_many(t: Translator, error: wrong.TooManyWebhooks) -> Html:
    return t("A shop has at most {n} addresses. Remove one that is no longer used: /webhook.",
             n=error.most)  # fmt: skip


WEBHOOK_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    wrong.WebhookNotFound: lambda t, _: t("This address was removed. /webhook shows those there "
                                          "are."),
    wrong.TooManyWebhooks: _too_many,
    wrong.WebhookKnown: lambda t, _: t("You have this address already: /webhook."),
    wrong.WebhookOff: lambda t, _: t("This address is switched off. Switch it on first."),
    wrong.WebhookUrlUnfit: _unfit,
    wrong.SpanUnfit: lambda t, _: t("Choose one of the buttons."),
}  # fmt: skip
