"""Packing slips: 100 × 150 mm, one order each, on as many pages as its lines need.

Every page has the tag and the barcode, so that a page that fell off still says where it belongs.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from reportlab.graphics.barcode.code128 import Code128Auto
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bot.printing.lettering import Letters, draw, width, wrap
from bot.printing.papers import Block, Printed, Routing, SlipPaper

PAGE: tuple[float, float] = (100 * mm, 150 * mm)
MARGIN: float = 5 * mm
ROOM = PAGE[0] - 2 * MARGIN
BAR_HEIGHT: float = 13 * mm
# The widest bars that fit, between these: thinner ones smear on thermal paper.
NARROWEST: float = 0.25 * mm
WIDEST: float = 0.5 * mm
QUIET = 10  # narrow bars of white on each side (ISO/IEC 15417)
FOOT = 9 * mm
ROUTING = 20 * mm  # what sorting reads, above the barcode
SORT_CODE = 32.0  # points
PAGES = 9  # of one order; what is left out then is said on the last

SIZES = {
    "name": 14.0,
    "sealed": 11.0,
    "address": 12.0,
    "sender": 8.0,
    "note": 9.0,
    "product": 10.5,
    "detail": 8.5,
}
BOLD = {"name", "product", "sealed"}
LEADING = 1.32
GAP = 3.0  # points between blocks of different kinds


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    style: str
    product: int  # how many products were begun before this line, itself included
    gap: float


@dataclass(slots=True)
class _Sheet:
    lines: list[_Line] = field(default_factory=list)
    left: int = 0  # products that begin on later pages


def slips_pdf(papers: Sequence[SlipPaper], words: Mapping[str, str]) -> Printed:
    """Draw the slips. `words`: `more` with `{n}` products, `cut` with `{n}` lines left out."""
    file, letters, pages = io.BytesIO(), Letters(), 0
    canvas = Canvas(file, pagesize=PAGE, pageCompression=1)
    for number, paper in enumerate(papers):
        sheets = _sheets(letters, paper, number)
        for place, sheet in enumerate(sheets[:PAGES], start=1):
            total = min(len(sheets), PAGES)
            _head(canvas, letters, paper, number)
            _body(canvas, sheet, _body_top(paper))
            note = words["more"].format(n=sheet.left) if sheet.left else ""
            if place == PAGES < len(sheets):
                note = words["cut"].format(n=sum(len(one.lines) for one in sheets[PAGES:]))
            _foot(canvas, letters.clean(paper.total, number), note, f"{place}/{total}")
            canvas.showPage()
            pages += 1
    canvas.save()
    return Printed(file.getvalue(), pages, letters.missing)


def bar_width(code: str) -> float:
    """Return how wide the narrowest bar of this code is printed, in points; too narrow is 0."""
    modules: float = Code128Auto(code, barWidth=1, quiet=False).width + 2 * QUIET
    wide = min(WIDEST, PAGE[0] / modules)
    return wide if wide >= NARROWEST else 0


def _sheets(letters: Letters, paper: SlipPaper, number: int) -> list[_Sheet]:
    """Share the lines out among pages; a product keeps its details beside it where they fit."""
    lines = _lines(letters, paper.blocks, number)
    room = _body_top(paper) - FOOT - MARGIN
    sheets, left = [_Sheet()], room
    for place, line in enumerate(lines):
        gap = line.gap if sheets[-1].lines else 0
        tall, whole = _tall(line) + gap, _begun(lines, place)
        if tall > left or left < whole + gap <= room:
            sheets.append(_Sheet())
            left, tall = room, _tall(line)
        sheets[-1].lines.append(line)
        left -= tall
    products = lines[-1].product if lines else 0
    for sheet in sheets[:-1]:
        sheet.left = products - sheet.lines[-1].product
    return sheets


def _begun(lines: Sequence[_Line], place: int) -> float:
    """Return how tall the product is that begins with this line, its details included; else 0."""
    first = lines[place].product
    if lines[place].style != "product" or (place and lines[place - 1].product == first):
        return 0
    own = takewhile(lambda one: one.product == first, lines[place:])
    return sum(_tall(one) for one in own if one.style in ("product", "detail"))


def _tall(line: _Line) -> float:
    return SIZES[line.style] * LEADING


def _lines(letters: Letters, blocks: Sequence[Block], number: int) -> list[_Line]:
    lines: list[_Line] = []
    products, before = 0, ""
    for block in blocks:
        products += block.style == "product"
        text, bold = letters.clean(block.text, number), block.style in BOLD
        apart = block.style not in ("address", "detail") and block.style != before
        wrapped = wrap(text, SIZES[block.style], ROOM, bold=bold)
        lines += [
            _Line(one, block.style, products, GAP * 2 if apart and not place else 0)
            for place, one in enumerate(wrapped)
        ]
        before = block.style
    return lines


def _bars_top(paper: SlipPaper) -> float:
    """Return where the barcode begins: below the tag, and below what sorting reads."""
    return PAGE[1] - MARGIN - 31 - (ROUTING if paper.routing else 0)


def _body_top(paper: SlipPaper) -> float:
    return _bars_top(paper) - BAR_HEIGHT - (16 if paper.routing else 13)


def _head(canvas: Canvas, letters: Letters, paper: SlipPaper, number: int) -> None:
    """Draw the tag, what stands beside it, and the barcode."""
    top = PAGE[1] - MARGIN
    draw(canvas, (MARGIN, top - 25), paper.tag, 30, bold=True)
    room = ROOM - width(paper.tag, 30, bold=True) - 8
    for place, text in enumerate(paper.corner[:3]):
        [shown, *_] = wrap(letters.clean(text, number), 8.5, room) or [""]
        draw(canvas, (PAGE[0] - MARGIN, top - 7 - place * 10), shown, 8.5, right=True)
    if paper.routing is not None:
        _routing(canvas, letters, paper.routing, number)
    bars_top, narrow = _bars_top(paper), bar_width(paper.code)
    if narrow:
        bars = Code128Auto(paper.code, barWidth=narrow, barHeight=BAR_HEIGHT, quiet=False)
        bars.drawOn(canvas, (PAGE[0] - bars.width) / 2, bars_top - BAR_HEIGHT)
    text, usual = letters.clean(paper.code, number), 11.0 if paper.routing else 8.5
    size = min(usual, usual * ROOM / max(width(text, usual), 1))
    draw(canvas, ((PAGE[0] - width(text, size)) / 2, _body_top(paper) + 4), text, size)
    canvas.setLineWidth(0.6)
    line = _body_top(paper) + 1
    canvas.line(MARGIN, line, PAGE[0] - MARGIN, line)


def _routing(canvas: Canvas, letters: Letters, routing: Routing, number: int) -> None:
    """Draw what sorting reads: the sort code across the page, carrier and places around it."""
    top = PAGE[1] - MARGIN - 31
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, top, PAGE[0] - MARGIN, top)
    room = ROOM / 2
    for text, y, right in ((routing.carrier, top - 13, False), (routing.places, top - 13, True)):
        shown = letters.clean(text, number)
        size = min(12.0, 12.0 * room / max(width(shown, 12.0, bold=True), 1))
        at = (PAGE[0] - MARGIN if right else MARGIN, y)
        draw(canvas, at, shown, size, bold=True, right=right)
    code = letters.clean(routing.sort_code, number)
    size = min(SORT_CODE, SORT_CODE * ROOM / max(width(code, SORT_CODE, bold=True), 1))
    draw(canvas, ((PAGE[0] - width(code, size, bold=True)) / 2, top - 45), code, size, bold=True)


def _body(canvas: Canvas, sheet: _Sheet, top: float) -> None:
    y = top
    for place, line in enumerate(sheet.lines):
        if line.gap and place:
            y -= line.gap
            canvas.setLineWidth(0.3)
            canvas.line(MARGIN, y + line.gap / 2 - 1.5, PAGE[0] - MARGIN, y + line.gap / 2 - 1.5)
        size = SIZES[line.style]
        y -= size * LEADING
        draw(canvas, (MARGIN, y + size * 0.28), line.text, size, bold=line.style in BOLD)


def _foot(canvas: Canvas, total: str, note: str, place: str) -> None:
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, MARGIN + FOOT - 10, PAGE[0] - MARGIN, MARGIN + FOOT - 10)
    draw(canvas, (MARGIN, MARGIN), f"{total}  {note}".strip(), 9, bold=True)
    draw(canvas, (PAGE[0] - MARGIN, MARGIN), place, 9, right=True)
