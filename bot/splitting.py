"""Cutting Telegram HTML into messages short enough, without cutting a tag or an entity.

Limits count what is seen, after entities (https://core.telegram.org/bots/api#sendmessage). What is
seen is counted in UTF-16 units here, never fewer than Telegram counts.
"""

import re
from typing import Final

TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024

_TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[a-z][a-z-]*)[^>]*>|&(?:#\w+|\w+);|.", re.DOTALL)


def seen(text: str) -> int:
    """Return how long the HTML is once shown."""
    if "<" not in text and "&" not in text:
        return _units(text)
    return sum(_width(token) for token in _TOKEN.finditer(text))


def split(text: str, first: int = TEXT_LIMIT, rest: int = TEXT_LIMIT) -> list[str]:
    """Return the text as parts that fit: the first within `first`, the others within `rest`.

    Cuts at the last line end that fits, else anywhere between characters; a tag that is open at a
    cut is closed there and opened again in the next part.
    """
    parts: list[str] = []
    limit = first
    while _units(text) > limit and seen(text) > limit:  # the first is the cheap bound
        cut, skip, opened = _cut(text, limit)
        closing = "".join(f"</{_name(tag)}>" for tag in reversed(opened))
        parts.append(text[:cut] + closing)
        text = "".join(opened) + text[skip:]
        limit = rest
    return [*parts, text]


def _cut(text: str, limit: int) -> tuple[int, int, list[str]]:
    """Return where the part ends, where the next begins, and the tags open in between."""
    length = 0
    opened: list[str] = []
    best: tuple[int, int, list[str]] | None = None
    for token in _TOKEN.finditer(text):
        length += _width(token)
        if length > limit:
            return best or (token.start(), token.start(), opened)
        if token["close"]:
            opened.pop()
        elif token["tag"]:
            opened.append(token[0])
        elif token[0] == "\n" and length > 1:
            best = (token.start(), token.end(), list(opened))
    raise ValueError("the text fits; there is nothing to cut")


def _width(token: re.Match[str]) -> int:
    if token["tag"]:
        return 0
    return _units(token[0]) if len(token[0]) == 1 else 1


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _name(tag: str) -> str:
    return tag.strip("<>").split()[0]
