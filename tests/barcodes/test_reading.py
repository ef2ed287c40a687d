"""Barcodes in photos: read at any angle, never guessed, and pictures that mean harm are refused."""

import asyncio
import struct
import time
import zlib
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageFilter

from bench.waybills import Photo, photo, taken
from bot.printing.papers import SlipPaper
from bot.printing.slips import slips_pdf
from core.shipments.scanning import NotAPicture, PictureTookTooLong, PictureTooLarge, scan
from core.text.tracking import LONGEST
from platforms.barcodes.limits import MEGABYTE, Limits
from platforms.barcodes.looking import texts_of
from platforms.barcodes.reading import read_barcodes
from tests.conversations.paper import pages, picture

NUMBER = "SF1234567890123"
MOST_SECONDS, MOST_GROWTH = 5.0, 50 * MEGABYTE


def at(folder: Path, **how: object) -> Path:
    return taken(Photo(NUMBER, **how), folder / "photo.jpg")  # type: ignore[arg-type]


async def test_a_waybill_is_read_whichever_way_it_lies(tmp_path: Path) -> None:
    for angle in (0, 45, 90, 180):
        path = await asyncio.to_thread(at, tmp_path, angle=angle)
        assert await read_barcodes(path) == (NUMBER,)


def test_between_thirty_and_sixty_degrees_only_the_turned_picture_is_read(tmp_path: Path) -> None:
    for angle in (30, 40, 50, 60):
        path = at(tmp_path, angle=angle)
        assert texts_of(path, Limits(), turned=False) == []
        assert texts_of(path, Limits()) == [NUMBER]


@pytest.mark.parametrize(
    "how", [{"bar": 1.5, "angle": 20}, {"light": (120, 150)}, {"noise": 25.0}, {"blur": 1.5}]
)
def test_small_dim_noisy_and_soft_photos_are_read(tmp_path: Path, how: dict[str, object]) -> None:
    assert texts_of(at(tmp_path, **how), Limits()) == [NUMBER]


def test_noise_never_becomes_another_number(tmp_path: Path) -> None:
    for seed in range(6):
        number = f"SF{1234567890123 + seed * 7919}"
        path = taken(Photo(number, angle=seed * 7, noise=20), tmp_path / "photo.jpg", seed)
        assert texts_of(path, Limits()) in ([], [number])


async def test_every_number_on_a_label_is_returned_each_once(tmp_path: Path) -> None:
    path = await asyncio.to_thread(at, tmp_path, more=("YT9876543210123", NUMBER))
    assert set(await read_barcodes(path)) == {NUMBER, "YT9876543210123"}


def test_our_own_slip_is_read_from_its_photo(tmp_path: Path) -> None:
    code = "K7Q2-6940000000000100001"
    printed = slips_pdf([SlipPaper("K7Q2", code, [], [], "")], {"more": "", "cut": ""})
    shown = picture(pages(printed.pdf)[0]).rotate(38, Image.Resampling.BICUBIC, expand=True,
                                                 fillcolor=150)  # fmt: skip
    shown.filter(ImageFilter.GaussianBlur(0.7)).save(tmp_path / "slip.jpg")
    assert texts_of(tmp_path / "slip.jpg", Limits()) == [code]


async def test_a_photo_without_a_code_has_none(tmp_path: Path) -> None:
    Image.new("L", (900, 600), 200).save(tmp_path / "table.png")
    assert await read_barcodes(tmp_path / "table.png") == ()


async def refused(path: Path, kind: type[Exception], limits: Limits | None = None) -> None:
    """The refusal comes soon, and this process does not grow."""
    me = psutil.Process()
    before = largest = me.memory_info().rss
    started = time.monotonic()
    task = asyncio.ensure_future(read_barcodes(path, limits=limits))
    while not task.done():
        await asyncio.wait([task], timeout=0.005)
        largest = max(largest, me.memory_info().rss)
    assert isinstance(task.exception(), kind)
    assert time.monotonic() - started < MOST_SECONDS
    assert largest - before < MOST_GROWTH


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A picture that claims this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", head), chunk(b"IDAT", data or zlib.compress(b"\0")), chunk(b"IEND", b"")]
    )


async def test_thirty_thousand_by_thirty_thousand_is_refused_from_its_header(
    tmp_path: Path,
) -> None:
    bomb = zlib.compress(b"\0" * 90_001 * 1_000, 9)
    (tmp_path / "bomb.png").write_bytes(png(30_000, 30_000, bomb))
    await refused(tmp_path / "bomb.png", PictureTooLarge)


async def test_a_jpeg_that_claims_more_is_refused_as_well(tmp_path: Path) -> None:
    await asyncio.to_thread(at, tmp_path)
    data = bytearray((tmp_path / "photo.jpg").read_bytes())
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", 65_000, 65_000)
    (tmp_path / "photo.jpg").write_bytes(data)
    await refused(tmp_path / "photo.jpg", PictureTooLarge)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"<svg/>", png(900, 900), b"\xff\xd8\xff\xe0" + b"x" * 900]
)
async def test_broken_files_and_those_that_are_no_pictures_are_refused(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "file").write_bytes(data)
    await refused(tmp_path / "file", NotAPicture)


async def test_reading_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    noisy = photo(Photo(NUMBER, angle=37, bar=6, blur=9, noise=30))
    noisy.save(tmp_path / "noisy.png")
    await refused(tmp_path / "noisy.png", PictureTookTooLong, Limits(cpu_seconds=1))
    await refused(tmp_path / "noisy.png", PictureTookTooLong, Limits(wall_seconds=0.2))


async def test_more_memory_than_allowed_is_a_picture_too_large(tmp_path: Path) -> None:
    Image.new("RGB", (7_000, 7_000)).save(tmp_path / "large.png")
    await refused(tmp_path / "large.png", PictureTooLarge, Limits(memory_bytes=256 * MEGABYTE))


def test_what_the_codes_mean() -> None:
    found = scan(
        ["6940000000000100001", "K7Q2-6940000000000100001", "http://t.example/1", "A" * LONGEST,
         "JD0001234567890", "123456"]
    )  # fmt: skip
    assert found.slips == (("K7Q2", "6940000000000100001"),)
    assert found.numbers == ("JD0001234567890", "123456")
    assert found.sure is None
    assert scan(["JD0001234567890"]).sure == "JD0001234567890"
    assert scan([]).numbers == ()
