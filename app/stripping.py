"""Keeping secrets and consumers' personal data out of the logs, whoever writes them.

Three nets, because none alone is enough: values under telling names are dropped, texts are searched
for what can be recognised, and objects of unknown kinds are named, never printed.
A name in running text cannot be recognised: so nobody puts one into an event's text.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

HIDDEN = "***"
_DEEPEST = 6

# Any word of a key: `recipient_phone` and `bot-token` are caught by one of theirs.
_TELLING = frozenset(
    """
    name names fullname firstname lastname username nickname contact buyer
    recipient recipients receiver consignee phone phones mobile tel telephone
    address addresses street town house detail idcard
    text texts caption note notes remark remarks message body payload content
    token tokens secret secrets password passwd credential credentials
    authorization cookie apikey keyring proxy
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
_COUNTED = frozenset({"id", "ids", "count", "size"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")

_MOBILE = r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
_EXTENSION = r"(?:\s?(?:-|#|,|，|转|轉|ext\.?)\s?\d{1,6})?(?!\d)"
_REGION = r"[一-鿿]{2,7}(?:省|市|自治区)\s?[一-鿿]{1,10}(?:市|区|县|州|旗|盟)"
_PATTERNS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # A bot token, also in a URL (https://core.telegram.org/bots/api#authorizing-your-bot).
        (r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}", HIDDEN),
        (r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}", rf"\1 {HIDDEN}"),
        (r"(://)[^/\s@]+@", rf"\1{HIDDEN}@"),
        # What SQLAlchemy and pydantic quote in their errors.
        (r"(?s)\[parameters: .*?\](?=\n|$)", f"[parameters: {HIDDEN}]"),
        (r"input_value=.*?, input_type=", f"input_value={HIDDEN}, input_type="),
        # Chinese mobiles, a virtual number's extension with them, then landlines. No digit may
        # stand on either side, or order and tracking numbers would be eaten.
        (_MOBILE + _EXTENSION, HIDDEN),
        (r"(?<![\d-])0\d{2,3}-\d{7,8}(?:-\d{1,6})?(?!\d)", HIDDEN),
        # A province or city, a district, and all that follows them.
        (_REGION + r"""[^\n,，;；'"}\])]*""", HIDDEN),
    )
)


class Stripper:
    """A structlog processor that goes over the whole event just before it is written.

    `secrets` are exact values to remove wherever they appear.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        longest_first = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        exact = "|".join(re.escape(secret) for secret in longest_first)
        self._secrets = re.compile(exact) if exact else None

    def __call__(self, logger: Any, method: str, event: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - the shape structlog calls
        return {key: self._value(key, value, 0) for key, value in event.items()}

    def text(self, text: str) -> str:
        """The text without what can be recognised in it."""
        if self._secrets is not None:
            text = self._secrets.sub(HIDDEN, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def _value(self, key: str, value: Any, depth: int) -> Any:
        if value is not None and _is_telling(key, value):
            return HIDDEN
        return self._any(value, depth + 1)

    def _any(self, value: Any, depth: int) -> Any:
        """Plain data, safe to write as JSON."""
        if isinstance(value, Mapping | list | tuple | set | frozenset):
            return self._many(value, depth) if depth <= _DEEPEST else "…"
        if isinstance(value, Enum):
            value = value.value
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            stripped = self.text(repr(value))
            return value if HIDDEN not in stripped else stripped
        return self.text(_as_text(value))

    def _many(self, values: Mapping[Any, Any] | Iterable[Any], depth: int) -> Any:
        if isinstance(values, Mapping):
            return {
                self.text(str(key)): self._value(str(key), value, depth)
                for key, value in values.items()
            }
        return [self._any(value, depth + 1) for value in values]


def _as_text(value: object) -> str:
    """What an object may say of itself: an entity's `repr` would show its every field."""
    if isinstance(value, str):
        return value
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    if isinstance(value, date | time | timedelta | UUID | PurePath):
        return str(value)
    return f"<{type(value).__name__}>"


def _is_telling(key: str, value: object) -> bool:
    words = [word.lower() for word in _WORD.findall(key)]
    if isinstance(value, bool) or (isinstance(value, int) and words and words[-1] in _COUNTED):
        return False
    return not _TELLING.isdisjoint(words)
