"""The pick list: A4, a table of products with how many of each to fetch. No recipients."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bot.printing.lettering import Letters, draw, wrap
from bot.printing.papers import PickPaper, Printed

MARGIN: float = 14 * mm
SIZE, LEADING = 10.0, 13.0
BOX = 9.0  # to tick by hand
# Product and spec, code, pieces, orders, tags: shares of the width.
SHARES = (0.36, 0.15, 0.08, 0.08, 0.33)
NUMBERS = (2, 3)  # columns set to the right
BOLD = 2


def pick_pdf(paper: PickPaper) -> Printed:
    """Draw the list."""
    file = io.BytesIO()
    sheet = _Drawing(Canvas(file, pagesize=A4, pageCompression=1))
    sheet.begin(paper)
    for row in paper.rows:
        sheet.row(paper, row)
    sheet.end()
    return Printed(file.getvalue(), sheet.pages, sheet.letters.missing)


class _Drawing:
    """Where on which page the table stands."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas, self.letters, self.pages, self.y = canvas, Letters(), 0, 0.0
        room = A4[0] - 2 * MARGIN - BOX - 6
        self.widths = [share * room for share in SHARES]
        self.lefts = [
            MARGIN + BOX + 6 + sum(self.widths[:place]) for place in range(len(self.widths))
        ]

    def begin(self, paper: PickPaper) -> None:
        """Begin a page: the first with the title, each with the table's head."""
        self.pages += 1
        self.y = A4[1] - MARGIN
        if self.pages == 1:
            self.y -= 16
            draw(self.canvas, (MARGIN, self.y), self.letters.clean(paper.title, 0), 16, bold=True)
            for text in paper.about:
                for line in wrap(self.letters.clean(text, 0), SIZE, A4[0] - 2 * MARGIN):
                    self.y -= LEADING
                    draw(self.canvas, (MARGIN, self.y - 3), line, SIZE)
            self.y -= 10
        cells = [[self.letters.clean(one, 0)] for one in paper.head]
        self._cells(cells, bold=True)
        self._rule()

    def row(self, paper: PickPaper, row: Sequence[str]) -> None:
        """Draw a row, on the next page where this one is full; a tall one is shared out."""
        cells = [
            [line for part in text.split("\n") for line in self._wrapped(part, place)]
            for place, text in enumerate(row)
        ]
        tall = max(map(len, cells), default=0)
        if tall * LEADING > self._left() and self._left() < 8 * LEADING:
            self._next(paper)
        self.canvas.setLineWidth(0.7)
        self.canvas.rect(MARGIN, self.y - LEADING + 1, BOX, BOX)
        while True:
            fits = max(1, int(self._left() / LEADING))
            self._cells([lines[:fits] for lines in cells])
            cells = [lines[fits:] for lines in cells]
            if not any(cells):
                break
            self._next(paper)
        self._rule()

    def _wrapped(self, text: str, place: int) -> list[str]:
        room = self.widths[place] - 8
        return wrap(self.letters.clean(text, 0), SIZE, room, bold=place == BOLD)

    def end(self) -> None:
        """Finish the file."""
        self._foot()
        self.canvas.save()

    def _next(self, paper: PickPaper) -> None:
        self._foot()
        self.canvas.showPage()
        self.begin(paper)

    def _foot(self) -> None:
        at = (A4[0] - MARGIN, MARGIN - 14)
        draw(self.canvas, at, str(self.pages), SIZE, right=True)

    def _left(self) -> float:
        return self.y - MARGIN

    def _cells(self, cells: Sequence[Sequence[str]], *, bold: bool = False) -> None:
        for place, lines in enumerate(cells):
            right = place in NUMBERS
            x = self.lefts[place] + (self.widths[place] - 8 if right else 0)
            for number, line in enumerate(lines, start=1):
                draw(
                    self.canvas, (x, self.y - number * LEADING + 3), line, SIZE,
                    bold=bold or place == BOLD, right=right,
                )  # fmt: skip
        self.y -= LEADING * max(map(len, cells), default=0)

    def _rule(self) -> None:
        self.canvas.setLineWidth(0.3)
        self.canvas.line(MARGIN, self.y - 2, A4[0] - MARGIN, self.y - 2)
        self.y -= 5
