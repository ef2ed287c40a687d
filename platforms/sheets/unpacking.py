"""Whether a zip is a workbook that may be unpacked: decided before a parser sees it.

The directory's figures are checked first, which refuses the usual bomb at once; then every part is
unpacked to nowhere while its bytes are counted, since a directory may lie. Refused with it are
archives in the archive, macros, and XML with a document type (no spreadsheet program writes one).
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from core.imports.incoming import Encrypted, NotASheet, TooManyRows, UnpacksTooLarge, Unreadable
from platforms.sheets.limits import Limits

_MOST_PARTS = 2_000
_CHUNK = 256 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row[ />]")
_FORMATTED_ROWS = 10  # rows a workbook may have for each that is taken: most are empty
_OVERLAP = 18
_FORBIDDEN = (
    b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"),
)  # fmt: skip
_XLM = "xl/macrosheets/"  # macros of before Visual Basic, still run by Excel
_OTHERS = (
    ("xl/workbook.bin", "xlsb"),
    ("word/", "docx"),
    ("ppt/", "pptx"),
    ("content.xml", "ods"),
)


def check_workbook(data: bytes, limits: Limits) -> None:
    """Refuse what is no workbook or unpacks to too much.

    Raises NotASheet, Encrypted, UnpacksTooLarge, TooManyRows, Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, EOFError):
        raise Unreadable from None
    _check_names(parts)
    _check_figures(parts, limits)
    rows = sum(_unpack(data, part, limits) for part in parts if not part.is_dir())
    if rows > limits.rows * _FORMATTED_ROWS:
        raise TooManyRows(limits.rows)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        found = (kind for start, kind in _OTHERS if any(name.startswith(start) for name in names))
        raise NotASheet(next(found, "archive"))
    if any(name.lower().endswith("vbaproject.bin") or _XLM in name.lower() for name in names):
        raise NotASheet("macros")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Encrypted
    if len(names) != len(parts):
        raise Unreadable


def _check_figures(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    steep = unpacked > limits.ratio_counts_from and unpacked > packed * limits.ratio
    largest = max(part.file_size for part in parts)
    if (
        steep
        or len(parts) > _MOST_PARTS
        or unpacked > limits.unpacked_bytes
        or largest > limits.part_bytes
    ):
        raise UnpacksTooLarge(limits.unpacked_bytes)


def _unpack(data: bytes, part: zipfile.ZipInfo, limits: Limits) -> int:
    """Unpack one part to nowhere; the number of sheet rows in it."""
    packed = _packed(data, part)
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    rows = size = 0
    before = b""
    for chunk in _chunks(packed, part.compress_type):
        size += len(chunk)
        if size > part.file_size:
            raise UnpacksTooLarge(limits.unpacked_bytes)
        seen = before + chunk
        if is_xml and any(mark in seen for mark in _FORBIDDEN):
            raise Unreadable
        rows += len(_ROW.findall(seen)) - len(_ROW.findall(before))
        before = chunk[-_OVERLAP:]
        if size == len(chunk) and chunk.startswith(b"PK\x03\x04"):
            raise NotASheet("archive")
    if size != part.file_size:
        raise Unreadable
    return rows if part.filename.startswith("xl/worksheets/") else 0


def _packed(data: bytes, part: zipfile.ZipInfo) -> memoryview:
    """The packed bytes of a part: behind its local header, whose two lengths are its own."""
    header = data[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Unreadable
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = part.header_offset + 30 + name_length + extra_length
    return memoryview(data)[start : start + part.compress_size]


def _chunks(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        for start in range(0, len(packed), _CHUNK):
            yield bytes(packed[start : start + _CHUNK])
        return
    if method != zipfile.ZIP_DEFLATED:
        raise Unreadable
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not stream.eof and (chunk := stream.decompress(rest, _CHUNK)):
            yield chunk
            rest = stream.unconsumed_tail
    except zlib.error:
        raise Unreadable from None
