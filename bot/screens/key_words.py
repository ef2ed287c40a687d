"""Words for what can go wrong with 接口密钥, the keys of a shop's programs."""

from collections.abc import Callable
from typing import Any

from bot.texts import Html, Translator
from core.errors import CoreError
from core.programs import errors as wrong


def _too_many(t: Translator, error: wrong.TooManyKeys) -> Html:
    return t("A shop has at most {n} keys. End one that is no longer used: /apikey.", n=error.most)


def _name_unfit(t: Translator, error: wrong.KeyNameUnfit) -> Html:
    return t("A name has 1 to {n} characters. Send another one.", n=error.longest)


KEY_WORDS: dict[type[CoreError], Callable[[Translator, Any], Html]] = {
    wrong.KeyNotFound: lambda t, _: t("This key has ended. /apikey shows those there are."),
    wrong.RotatedMeanwhile: lambda t, _: t(
        "It has a new one already, a moment ago: the newest above is the one that counts."
    ),
    wrong.TooManyKeys: _too_many,
    wrong.KeyNameUnfit: _name_unfit,
    wrong.ScopesUnfit: lambda t, _: t("Tick at least one thing the key may do."),
}
