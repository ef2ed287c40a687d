"""Reading printed paper back: the rectangles and texts of a PDF of ours, no renderer needed.

A page's stream is decompressed and its filled rectangles are painted with Pillow: what a barcode
reader then finds on the picture is what it would find on the paper.
"""

import base64
import re
import zlib

import zxingcpp
from PIL import Image, ImageDraw

DOTS = 8  # a millimetre, as label printers have (203 dpi)
_POINTS = 72 / 25.4
_STREAM = re.compile(
    rb"/Filter \[ /ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", re.DOTALL
)
_MOVE = re.compile(r"1 0 0 1 (\S+) (\S+) cm")
_BAR = re.compile(r"(\S+) (\S+) (\S+) (\S+) re f")


def pages(pdf: bytes) -> list[str]:
    """Return the drawing of each page, as text."""
    found = [
        zlib.decompress(base64.a85decode(body.strip().removesuffix(b"~>")))
        for body in _STREAM.findall(pdf)
    ]
    return [one.decode("latin-1") for one in found if b" Tf " in one]


def barcodes(pdf: bytes) -> list[str]:
    """Return what a reader finds on each page."""
    return [code.text for page in pages(pdf) for code in zxingcpp.read_barcodes(picture(page))]


def picture(page: str, size: tuple[float, float] = (100, 150)) -> Image.Image:
    """Paint a page's filled rectangles as a printer of labels would; `size` in millimetres."""
    picture = Image.new("L", (int(size[0] * DOTS), int(size[1] * DOTS)), 255)
    draw = ImageDraw.Draw(picture)
    places, here = [], (0.0, 0.0)
    for token in re.finditer(r"\bq\b|\bQ\b|1 0 0 1 \S+ \S+ cm|\S+ \S+ \S+ \S+ re f", page):
        text = token.group()
        if text == "q":
            places.append(here)
        elif text == "Q":
            here = places.pop()
        elif moved := _MOVE.fullmatch(text):
            here = here[0] + float(moved[1]), here[1] + float(moved[2])
        elif bar := _BAR.fullmatch(text):
            x, y, wide, tall = map(float, bar.groups())
            left, low = (here[0] + x) / _POINTS * DOTS, (here[1] + y) / _POINTS * DOTS
            right, high = left + wide / _POINTS * DOTS, low + tall / _POINTS * DOTS
            box = (round(left), picture.height - high, round(right) - 1, picture.height - low)
            draw.rectangle(box, fill=0)
    return picture
