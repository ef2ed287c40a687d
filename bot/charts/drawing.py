"""How a picture looks: 1080 pixels wide, letters to be read on a phone held at arm's length.

Latin is matplotlib's DejaVu Sans, Chinese the font of our printed slips. An emoji neither has is
left out; any other such character is shown as the mark of a missing type, as on paper.
"""

import io
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from bot.charts.plans import Columns, Plan, Rates
from bot.printing.lettering import Letters

WIDTH: Final = 1080
DPI: Final = 100
INK, PALE, GRID = "#1f2933", "#616e7c", "#e4e7eb"
GOOD, FAIR, POOR = "#2a9d8f", "#e9a23b", "#d64545"
_MARGIN = 48
_HEAD, _FIGURES, _FOOT = 150, 130, 46
_TITLE, _COLUMNS, _ROW = 66, 330, 80
_LABEL_EVERY = 8  # day labels on one axis, about
_NAME = 40  # half-width characters of a name above its bar
_BAR, _SHARE = 18, 740
_LARGE, _APART, _DIGIT = 44, 16, 0.66  # a bold digit or comma is about so wide of its size
_FONT = Path(__file__).parents[1] / "printing" / "fonts" / "DroidSansFallback-CJK.ttf"


def png(plan: Plan) -> bytes:
    """Draw the plan. The picture is as high as it needs to be."""
    _prepare()
    height = _height(plan)
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
    page = _Page(figure, height)
    page.head(plan)
    for columns in plan.columns:
        page.columns(columns)
    for rates in plan.rates:
        page.rates(rates)
    if plan.empty:
        page.empty(plan.empty)
    if plan.foot:
        page.text(_MARGIN, height - _FOOT + 10, plan.foot, 19, PALE)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _prepare() -> None:
    font_manager.fontManager.addfont(_FONT)
    chinese = font_manager.FontProperties(fname=_FONT).get_name()
    mpl.rcParams["font.family"] = ["DejaVu Sans", chinese]
    mpl.rcParams["text.parse_math"] = False  # a shop may be called A$B$C
    mpl.rcParams["axes.unicode_minus"] = False


def _height(plan: Plan) -> int:
    height = _HEAD + (_FIGURES if plan.figures else 0) + (160 if plan.empty else 0)
    height += sum(_TITLE + _COLUMNS for _ in plan.columns)
    height += sum(_TITLE + _ROW * len(one.rows) + 20 for one in plan.rates)
    return height + _FOOT


class _Page:
    """Fills the picture from the top; places are pixels from the upper left."""

    def __init__(self, figure: Figure, height: int) -> None:
        self._figure = figure
        self._height = height
        self._letters = Letters()
        self._y = 0

    def text(
        self, x: float, y: float, text: str, size: float, colour: str = INK, **how: Any
    ) -> None:
        """Write a line whose top is at `y`; sizes are pixels."""
        self._figure.text(
            x / WIDTH, 1 - y / self._height, self._letters.plain(text), size=size * 72 / DPI,
            color=colour, va="top", **how,
        )  # fmt: skip

    def head(self, plan: Plan) -> None:
        """Write the heading and the large figures."""
        self.text(_MARGIN, 36, _cut(plan.title, 44), 40, weight="bold")
        self.text(_MARGIN, 96, plan.about, 25, PALE)
        self._y = _HEAD
        if plan.figures:
            room = (WIDTH - 2 * _MARGIN) / len(plan.figures)
            for place, (what, much) in enumerate(plan.figures):
                x = _MARGIN + place * room
                size = min(_LARGE, (room - _APART) / (_DIGIT * len(much)))
                self.text(x, self._y, much, size, weight="bold")
                self.text(x, self._y + 60, what, 23, PALE)
            self._y += _FIGURES

    def _axes(self, height: int, left: int, below: int) -> Axes:
        """Return the drawing room of a panel of that height, and go on below it."""
        top, self._y = self._y, self._y + height
        drawn = height - below
        return self._figure.add_axes(
            (left / WIDTH, 1 - (top + drawn) / self._height,
             (WIDTH - left - _MARGIN) / WIDTH, drawn / self._height)
        )  # fmt: skip

    def _title(self, title: str) -> None:
        self.text(_MARGIN, self._y + 10, title, 28, weight="bold")
        self._y += _TITLE

    def columns(self, panel: Columns) -> None:
        """Draw a column for each day."""
        self._title(panel.title)
        axes = self._axes(_COLUMNS, _MARGIN + 52, 70)
        places = range(len(panel.labels))
        base = [0.0] * len(panel.labels)
        for layer in panel.layers:
            values = [one or 0.0 for one in layer.values]
            axes.bar(places, values, 0.72, bottom=base, color=layer.colour, label=layer.name)
            base = [one + two for one, two in zip(base, values, strict=True)]
        _plain(axes)
        axes.grid(axis="y", color=GRID)
        axes.set_ylim(0, max([*base, 1]) * 1.12)
        axes.set_xlim(-0.6, len(panel.labels) - 0.4)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, min_n_ticks=1))
        step = max(1, -(-len(panel.labels) // _LABEL_EVERY))
        shown = list(places)[::-1][::step]
        axes.set_xticks(shown, [panel.labels[one] for one in shown])
        axes.tick_params(labelsize=21 * 72 / DPI, colors=PALE, length=0)
        if len(panel.layers) > 1:
            axes.legend(
                loc="lower right", bbox_to_anchor=(1, 1.0), ncols=len(panel.layers),
                frameon=False, fontsize=21 * 72 / DPI, borderaxespad=0.3,
                handlelength=1, handleheight=1,
            )  # fmt: skip

    def rates(self, panel: Rates) -> None:
        """Draw a bar for each name, with its share and remark in words."""
        self._title(panel.title)
        for row in panel.rows:
            self.text(_MARGIN, self._y, _cut(row.name, _NAME), 24)
            share = "–" if row.share is None else f"{row.share}%"
            self.text(_SHARE, self._y, share, 24, weight="bold", ha="right")
            self.text(WIDTH - _MARGIN, self._y, row.note, 22, PALE, ha="right")
            self._bar(self._y + 38, 100, GRID)
            self._bar(self._y + 38, row.share or 0, _colour(row.share))
            self._y += _ROW
        self._y += 20

    def _bar(self, y: float, share: int, colour: str) -> None:
        whole = (WIDTH - 2 * _MARGIN) / WIDTH
        self._figure.add_artist(
            Rectangle(
                (_MARGIN / WIDTH, 1 - (y + _BAR) / self._height), whole * share / 100,
                _BAR / self._height, transform=self._figure.transFigure, color=colour, linewidth=0,
            )
        )  # fmt: skip

    def empty(self, words: str) -> None:
        """Say that there is nothing to draw."""
        self.text(WIDTH / 2, self._y + 50, words, 30, PALE, ha="center")
        self._y += 160


def _plain(axes: Axes) -> None:
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)


def _colour(share: int | None) -> str:
    if share is None:
        return GRID
    return GOOD if share >= 95 else FAIR if share >= 80 else POOR


def _cut(text: str, room: int) -> str:
    """Return as much of a text as fits, a Chinese character as wide as two Latin ones."""
    kept, used = "", 0.0
    for char in text:
        used += 1.25 if char.isascii() else 2
        if used > room:
            return f"{kept.rstrip()}…"
        kept += char
    return kept
