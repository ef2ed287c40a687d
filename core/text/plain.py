"""What people type and paste, made plain: one width, nothing invisible.

Phones and spreadsheets bring full-width digits, zero-width spaces and direction marks along. Every
parser of the project starts from the same plain text, so that one number has one spelling.
"""

import re
import unicodedata

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_JOINER = "\u200d"
_EMOJI_ENDS = {"So", "Sk", "Mn"}
_BLANKS = re.compile(r"[^\S\n]+")


def half_width(text: str) -> str:
    """Full-width ASCII and the ideographic space become their half-width forms; nothing else."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def visible(text: str) -> str:
    """Drop what cannot be seen: control, zero-width, byte-order and direction characters.

    Line breaks stay, tabs become spaces, lone surrogates go, and the joiner inside an emoji stays.
    """
    if text.isprintable():  # nothing of those categories, and no line break
        return text
    kept: list[str] = []
    for char in text.replace("\r\n", "\n").replace("\r", "\n"):
        if char in {"\n", "\t"}:
            kept.append("\n" if char == "\n" else " ")
        elif unicodedata.category(char) not in {"Cc", "Cf", "Cs"} or _joins_emoji(char, kept):
            kept.append(char)
    return "".join(kept)


def one_line(text: str) -> str:
    """The visible text on one line, runs of blanks as one space, nothing at either end."""
    return " ".join(visible(text).split())


def lines_of(text: str) -> list[str]:
    """The visible text line by line, each trimmed, empty ones left out."""
    lines = (_BLANKS.sub(" ", line).strip() for line in visible(text).split("\n"))
    return [line for line in lines if line]


def _joins_emoji(char: str, before: list[str]) -> bool:
    return char == _JOINER and bool(before) and unicodedata.category(before[-1]) in _EMOJI_ENDS
