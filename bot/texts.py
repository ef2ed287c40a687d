"""Words in two languages: English message ids, zh_CN first and default, en second.

The .po files are the one source; they are compiled in memory at the first use of a language.
"""

import gettext
import html
import io
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGS: Final = ("zh_CN", "en")
DEFAULT_LANG: Final = "zh_CN"
LOCALES = Path(__file__).parent / "locales"


class Html(str):
    """Text that is already Telegram HTML: not escaped again."""

    __slots__ = ()


class Translator:
    """Speaks one language: `t("Shop {name}", name=…)`; values are escaped, the message is HTML."""

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGS else DEFAULT_LANG
        self._words = _load(self.lang)

    def __call__(self, message: str, **values: object) -> Html:
        """Translate `message` and put the escaped values in."""
        return _fill(self._words.gettext(message), values)

    def plain(self, message: str, **values: object) -> str:
        """Translate for a button, a toast or a file name: nothing there reads HTML."""
        return self._words.gettext(message).format(**values)

    def n(self, one: str, many: str, n: int, **values: object) -> Html:
        """Translate by number; the number itself is `{n}`."""
        return _fill(self._words.ngettext(one, many, n), {"n": n, **values})


def escape(value: object) -> Html:
    """Make any value safe inside Telegram HTML: the one place where that happens."""
    return value if isinstance(value, Html) else Html(html.escape(str(value), quote=False))


def _fill(message: str, values: dict[str, object]) -> Html:
    return Html(message.format(**{name: escape(value) for name, value in values.items()}))


@cache
def _load(lang: str) -> gettext.NullTranslations:
    source = LOCALES / lang / "LC_MESSAGES" / "bot.po"
    if not source.exists():
        return gettext.NullTranslations()
    from babel.messages import mofile, pofile

    with source.open("rb") as file:
        catalog: Any = pofile.read_po(file, locale=lang)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def translator(lang: str | None) -> Translator:
    """Return the translator of a language; unknown or None speaks the default."""
    return Translator(lang or DEFAULT_LANG)
