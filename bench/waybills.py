"""Made-up photos of waybills, seeded: what the barcode reader is measured and tested with.

A label is drawn with its barcode and text, turned, shrunk, blurred and given noise, as a hand with
a telephone would.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

PAPER, TABLE = 250, 150  # shades of grey


@dataclass(frozen=True, slots=True)
class Photo:
    """How one photo is taken. `bar` is the width of the narrowest bar in pixels."""

    number: str = "SF1234567890123"
    angle: float = 0
    bar: float = 3
    blur: float = 0
    noise: float = 0
    light: tuple[int, int] = (20, 245)  # the shades of black and white
    more: Sequence[str] = ()  # other codes on the same label


def photo(how: Photo, seed: int = 1) -> Image.Image:
    """Return the photo, in grey."""
    rng = np.random.default_rng(seed)
    label = _label([how.number, *how.more])
    scale = how.bar / 4
    label = label.resize(
        (max(1, round(label.width * scale)), max(1, round(label.height * scale))),
        Image.Resampling.BICUBIC,
    )
    label = label.rotate(how.angle, Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE)
    picture = Image.new("L", (label.width + 80, label.height + 80), TABLE)
    picture.paste(label, (40, 40))
    if how.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(how.blur))
    dark, bright = how.light
    shades = np.asarray(picture, dtype=float) / 255 * (bright - dark) + dark
    if how.noise:
        shades += rng.normal(0, how.noise, shades.shape)
    return Image.fromarray(np.clip(shades, 0, 255).astype(np.uint8))


def taken(how: Photo, path: Path, seed: int = 1) -> Path:
    """Write the photo as a JPEG, as telephones do."""
    photo(how, seed).convert("RGB").save(path, "JPEG", quality=85)
    return path


def _label(numbers: Sequence[str]) -> Image.Image:
    """Draw a label, its narrowest bar 4 pixels wide."""
    bars = [_bars(one) for one in numbers]
    width = max(one.width for one in bars) + 160
    label = Image.new("L", (width, 200 + 300 * len(bars)), PAPER)
    draw = ImageDraw.Draw(label)
    for place, (code, number) in enumerate(zip(bars, numbers, strict=True)):
        top = 100 + 300 * place
        label.paste(code, (80, top))
        draw.text((90, top + 190), number, fill=0, font_size=40)
    draw.rectangle((20, 20, width - 20, label.height - 20), outline=0, width=4)
    return label


def _bars(text: str) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    drawn = np.array(zxingcpp.write_barcode_to_image(made, scale=4), dtype=np.uint8)
    picture = Image.fromarray(drawn.reshape(drawn.shape[0], drawn.shape[1]))
    return picture.resize((picture.width, 180), Image.Resampling.NEAREST)
