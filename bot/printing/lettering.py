"""Letters of two fonts on one line: which has a character, how wide it is, where lines break.

Latin is Bitstream Vera, which reportlab brings; for Chinese see the README in `fonts/`.
Both are embedded as subsets, so that the paper prints on machines without a Chinese font.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from core.text.plain import visible

CHINESE, LATIN, LATIN_BOLD = "daifa-cjk", "daifa-latin", "daifa-latin-bold"
# The geta mark: what printers of Chinese and Japanese set where a type is missing.
GETA = "〓"
_FONTS = Path(__file__).parent / "fonts"
_WORD = 24  # letters of a word that is kept whole at a line's end
_STROKE = 0.035  # of the size: the Chinese font has one weight, bold is drawn with an outline


@cache
def _fonts() -> dict[str, TTFont]:
    """Register the fonts once in this process."""
    files = {
        CHINESE: str(_FONTS / "DroidSansFallback-CJK.ttf"), LATIN: "Vera.ttf",
        LATIN_BOLD: "VeraBd.ttf",
    }  # fmt: skip
    fonts = {name: TTFont(name, file) for name, file in files.items()}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    return fonts


@cache
def _home(char: str) -> str | None:
    """Return the font that has the character."""
    return next((one for one in (LATIN, CHINESE) if ord(char) in _glyphs(one)), None)


def _glyphs(font: str) -> dict[int, int]:
    found: dict[int, int] = _fonts()[font].face.charToGlyph
    return found


@cache
def _width(font: str, char: str) -> float:
    """Return the width of a character at size 1."""
    return float(pdfmetrics.stringWidth(char, font, 1))


@dataclass(slots=True)
class Letters:
    """One document's letters: remembers which characters no font has."""

    missing: dict[int, str] = field(default_factory=dict)

    def clean(self, text: str, paper: int) -> str:
        """Return the text in characters we have; one we lack becomes 〓 and is remembered."""
        kept: list[str] = []
        for char in " ".join(visible(text).split()):
            if _home(char):
                kept.append(char)
            elif not _selects(char):
                kept.append(self._instead(char, paper))
        return "".join(kept)

    def plain(self, text: str) -> str:
        """Return the text without the emoji we lack, which only adorn it; then as `clean`."""
        kept = "".join(char for char in text if _home(char) or not _adorns(char))
        return self.clean(kept, 0) or ("–" if text else "")

    def _instead(self, char: str, paper: int) -> str:
        """Return a compatible spelling (℃ is °C), else the mark of a missing type."""
        plain = unicodedata.normalize("NFKC", char)
        if plain != char and all(map(_home, plain)):
            return plain
        found = self.missing.get(paper, "")
        if char not in found:
            self.missing[paper] = found + char
        return GETA


def _adorns(char: str) -> bool:
    """Return whether it is an emoji or a part of one: a joiner, a colour, a flag's letter."""
    if unicodedata.normalize("NFKC", char) != char:  # it has a plain spelling: ℃ is °C
        return False
    return unicodedata.category(char) in ("So", "Sk", "Cf", "Cn") or char == "\u20e3"


def _selects(char: str) -> bool:
    """Return whether it only selects a variant of the character before it."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a cleaned text in points."""
    return size * sum(_width(_font(char, bold=bold), char) for char in text)


def _font(char: str, *, bold: bool) -> str:
    home = _home(char) or CHINESE
    return LATIN_BOLD if bold and home == LATIN else home


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a cleaned text; Latin words and numbers stay whole where they can."""
    lines: list[str] = []
    line, filled = "", 0.0
    for char in text:
        wide = size * _width(_font(char, bold=bold), char)
        if filled + wide > room and line:
            keep = _break(line, char)
            lines.append(line[:keep].rstrip())
            line = line[keep:].lstrip()
            filled = width(line, size, bold=bold)
        line, filled = line + char, filled + wide
    return [*lines, line] if line.strip() else lines


def _break(line: str, char: str) -> int:
    """Return how much of a full line stays on it before `char`."""
    if not _of_a_word(char):
        return len(line)
    start = len(line)
    while start and _of_a_word(line[start - 1]):
        start -= 1
    return start if start and len(line) - start <= _WORD else len(line)


def _of_a_word(char: str) -> bool:
    return char.isascii() and not char.isspace()


def draw(canvas: Canvas, at: tuple[float, float], text: str, size: float, *, bold: bool = False,
         right: bool = False) -> None:  # fmt: skip
    """Draw a cleaned text; `right`: ending at `at` instead of beginning there."""
    x, y = at
    if right:
        x -= width(text, size, bold=bold)
    written = canvas.beginText(x, y)
    canvas.setLineWidth(size * _STROKE)
    for font, chars in groupby(text, key=lambda char: _font(char, bold=bold)):
        written.setFont(font, size)
        written.setTextRenderMode(2 if bold and font == CHINESE else 0)
        written.textOut("".join(chars))
    written.setTextRenderMode(0)
    canvas.drawText(written)
