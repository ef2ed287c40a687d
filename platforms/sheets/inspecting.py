"""What a file is, by its first bytes and never by its name alone, before anything parses it."""

from typing import Literal

from core.imports.incoming import EmptyFile, Encrypted, NotASheet, OldFormat, TooLarge
from platforms.sheets.limits import Limits
from platforms.sheets.unpacking import check_workbook

Kind = Literal["xlsx", "text"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"RIFF", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"PK\x07\x08", "archive"),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta", b"<div", b"<script")
_ENCODING_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_SNIFFED = 2_048


def inspect(data: bytes, limits: Limits | None = None) -> Kind:
    """Tell a workbook (`xlsx`) from delimited text (`text`) and refuse the rest.

    A spreadsheet under a wrong extension is still read as what it is. Raises EmptyFile, TooLarge,
    Encrypted, OldFormat, NotASheet, UnpacksTooLarge, Unreadable. A hostile archive's own directory
    can cost memory: call this where memory is limited.
    """
    limits = limits or Limits()
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyFile
    if len(data) > limits.file_bytes:
        raise TooLarge(limits.file_bytes)
    if data.startswith(_OLE):
        _refuse_ole(data)
    if data.startswith(_ZIP):
        check_workbook(data, limits)
        return "xlsx"
    _refuse_others(data)
    return "text"


def _refuse_ole(data: bytes) -> None:
    """Compound files: a workbook with a password, an old .xls, or another program's document."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Encrypted
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise OldFormat
    raise NotASheet("ole")


def _refuse_others(data: bytes) -> None:
    for magic, found in _MAGIC:
        if data.startswith(magic) and not _could_be_text(magic, data):
            raise NotASheet(found)
    head = data[:_SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(_MARKUP):
        raise NotASheet("html")
    if b"\0" in data[:_SNIFFED] and not data.startswith(_ENCODING_MARKS[:2]) and not wide(data):
        raise NotASheet("unknown")


def _could_be_text(magic: bytes, data: bytes) -> bool:
    """`BM` and `RIFF` are also how a text may begin: a picture has zero bytes soon after."""
    return magic in {b"BM", b"RIFF"} and b"\0" not in data[:_SNIFFED]


def wide(data: bytes) -> str | None:
    """The UTF-16 byte order of a text without a mark, by where its zero bytes are, or None."""
    head = data[:_SNIFFED]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 10 and even * 8 < odd:
        return "utf-16-le"
    if even > len(head) // 10 and odd * 8 < even:
        return "utf-16-be"
    return None
