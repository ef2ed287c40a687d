"""Finding barcodes in a picture, without any protection of its own: meant for the child.

The reader scans along rows and columns, and so finds no bars that stand at 30–60°: what it does not
find at first is looked for again in the picture turned by steps (bicubic), then enlarged and
sharpened. A slip's own code is no parcel's: it alone does not end the search.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from core.shipments.scanning import NotAPicture, PictureTooLarge
from core.text.tags import read_slip_code
from platforms.barcodes.limits import Limits

KINDS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
# What carriers print. Products' codes (EAN, UPC) are left out on purpose: a parcel often shows one
# beside the waybill, and thirteen digits read as a number. So are ITF and Codabar, which have no
# check character and are found where there is nothing.
_F = zxingcpp.BarcodeFormat
FORMATS = zxingcpp.BarcodeFormats([_F.Code128, _F.Code39, _F.Code93, _F.QRCode])
TURNS = (45, 30, 60, 15, 75)
SMALL = 1_400  # a side; smaller pictures are enlarged
WHITE = 255
TWICE = 2


def texts_of(path: Path, limits: Limits, *, turned: bool = True) -> list[str]:
    """Return the texts of the picture's barcodes, Code128 first, each once.

    `turned` False looks once only, as it stands. Raises `NotAPicture`, `PictureTooLarge`.
    """
    read: Counter[str] = Counter()
    linear: set[str] = set()
    for attempt in _attempts(_opened(path, limits), turned=turned):
        for view in (attempt, _other_size(attempt)):
            for code in zxingcpp.read_barcodes(view, formats=FORMATS):
                read[code.text] += TWICE if code.format == _F.QRCode else 1
                if code.format == _F.Code128:
                    linear.add(code.text)
        if any(read[text] >= TWICE and read_slip_code(text) is None for text in read):
            break
    found = [text for text, times in read.items() if times >= TWICE]
    return sorted(found, key=lambda text: text not in linear)


def _other_size(picture: Image.Image) -> Image.Image:
    """Return the same at another size: noise that looks like a digit in one does not in both."""
    factor = 0.75 if max(picture.size) > SMALL else 1.5
    size = round(picture.width * factor), round(picture.height * factor)
    return picture.resize(size, Image.Resampling.BICUBIC)


def _opened(path: Path, limits: Limits) -> Image.Image:
    """Return the picture in grey, upright, not larger than is looked at."""
    Image.MAX_IMAGE_PIXELS = None  # its size is checked below, before a pixel is read
    try:
        with Image.open(path, formats=KINDS) as picture:
            width, height = picture.size
            if width * height > limits.pixels:
                raise PictureTooLarge(width, height)
            picture.draft("L", (limits.longest, limits.longest))  # a JPEG is read smaller at once
            grey = ImageOps.exif_transpose(picture).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        # What Pillow raises for broken files, by kind of picture.
        raise NotAPicture from error
    grey.thumbnail((limits.longest, limits.longest), Image.Resampling.BICUBIC, reducing_gap=2)
    return grey


def _attempts(picture: Image.Image, *, turned: bool) -> Iterator[Image.Image]:
    yield picture
    if not turned:
        return
    for angle in TURNS:
        yield _turn(picture, angle)
    clear = _clear(picture)
    for angle in (0, *TURNS):
        yield _turn(clear, angle)


def _turn(picture: Image.Image, angle: int) -> Image.Image:
    if not angle:
        return picture
    return picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=WHITE)


def _clear(picture: Image.Image) -> Image.Image:
    """Return it with stronger contrast, larger where it is small, sharpened."""
    strong = ImageOps.autocontrast(picture, cutoff=1)
    if max(strong.size) < SMALL:
        strong = strong.resize((strong.width * 2, strong.height * 2), Image.Resampling.BICUBIC)
    return strong.filter(ImageFilter.UnsharpMask(radius=3, percent=180, threshold=2))
