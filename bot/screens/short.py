"""Long things made to fit: cut texts, ends of numbers, lists that say how many more there are.

A message holds 4096 characters and a button about thirty that anyone can see.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from bot.texts import Html, Translator, escape
from core.text.plain import one_line

TAIL = 6
# What a button over the whole width shows of its words, in Latin letters: about 20 Chinese ones.
BUTTON, LEAST = 39, 11


def cut(text: str, limit: int) -> str:
    """Return the text on one line, at most `limit` characters, the last an ellipsis if cut."""
    plain = one_line(text)
    return plain if len(plain) <= limit else f"{plain[: limit - 1].rstrip()}…"


def row_line(start: str, product: str, end: str) -> str:
    """Return a button's words in one line: of the product as much as leaves room for the rest.

    What stands at the end, how much time is left, decides what is pressed: it is never cut off.
    """
    room = max(LEAST, BUTTON - _wide(start) - _wide(end) - 2)
    plain = one_line(product)
    if _wide(plain) > room:
        while _wide(plain) >= room:
            plain = plain[:-1]
        plain = f"{plain.rstrip()}…"
    return f"{start} {plain} {end}"


def _wide(text: str) -> int:
    """Return how wide a text is in Latin letters: Chinese ones and emoji are twice as wide."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def tail(order_no: str) -> str:
    """Return the end of an order's number: what people compare it by."""
    return order_no if len(order_no) <= TAIL + 2 else f"…{order_no[-TAIL:]}"


def bounded(t: Translator, lines: Sequence[str], *, most: int, room: int) -> list[str]:
    """Return the first lines, at most `most` of them and `room` characters, and how many more."""
    kept: list[str] = []
    for line in lines[:most]:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    return [*kept, t.n("… and {n} more", "… and {n} more", left)] if left else kept


def listed(t: Translator, texts: Iterable[str], most: int) -> Html:
    """Return short texts in a row, and how many more there are."""
    every = list(texts)
    shown = t.plain(", ").join(every[:most])
    if len(every) > most:
        return t("{texts} and {n} more", texts=shown, n=len(every) - most)
    return escape(shown)
