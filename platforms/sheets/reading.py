"""Reading a file that a person sent: `parse_file`, safe against what may be in it.

Parsing happens in a child process limited in memory and time (`platforms.sheets.child`), which gets
no settings and no keys. Only its bounded answer comes back.
"""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter

from core.imports.incoming import (
    EmptyFile,
    Sheet,
    SheetError,
    TookTooLong,
    TooLarge,
    UnpacksTooLarge,
)
from platforms.children import OUT_OF_MEMORY, OUT_OF_TIME, AnswerTooLong, ReaderBroken, ask
from platforms.sheets.alias_table import MoreNames
from platforms.sheets.limits import Limits

_SHEET: TypeAdapter[Sheet] = TypeAdapter(Sheet)
_ERRORS = {kind.__name__: kind for kind in SheetError.__subclasses__()}


async def parse_file(
    source: Path | bytes,
    filename: str,
    *,
    limits: Limits | None = None,
    more_names: MoreNames | None = None,
) -> Sheet:
    """Read an order export (.xlsx, .csv, tab-separated text) from its path or its bytes.

    `more_names` are column names the operator knows besides ours. Rows that cannot be taken are
    in `Sheet.refused`. Raises a leaf of `core.imports.incoming.SheetError` when the file as a whole
    cannot, ReaderBroken on a defect of ours, OSError when a path cannot be read.
    """
    answer = await ask_child(source, filename, limits or Limits(), more_names=more_names or {})
    return await asyncio.to_thread(_SHEET.validate_json, answer)


async def ask_child(
    source: Path | bytes, filename: str, limits: Limits, *,
    what: str = "orders", more_names: MoreNames | None = None,
) -> bytes:  # fmt: skip
    """Have a file read by a fresh child process, as `what` (`orders`, `numbers`); returns JSON.

    Raises as `parse_file`.
    """
    request = _request(source, filename, limits, more_names or {}, what)
    data = source if isinstance(source, bytes) else b""
    size = len(source) if isinstance(source, bytes) else await asyncio.to_thread(_size, source)
    if size == 0:
        raise EmptyFile
    if size > limits.file_bytes:
        raise TooLarge(limits.file_bytes)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            answer, exit_code = await ask(
                "platforms.sheets.child", request, data, most=limits.result_bytes
            )
    except TimeoutError:
        raise TookTooLong from None
    except AnswerTooLong:
        raise UnpacksTooLarge(limits.result_bytes) from None
    return _understand(answer, exit_code, limits)


def _size(path: Path) -> int:
    return path.stat().st_size


def _request(
    source: Path | bytes, filename: str, limits: Limits, more_names: MoreNames, what: str
) -> bytes:
    path = None if isinstance(source, bytes) else str(source.absolute())
    request = {
        "what": what, "filename": filename, "path": path, "limits": asdict(limits),
        "more_names": more_names,
    }  # fmt: skip
    return json.dumps(request).encode()


def _understand(answer: bytes, exit_code: int, limits: Limits) -> bytes:
    kind, body = answer[:1], answer[1:]
    if -exit_code == OUT_OF_TIME:
        raise TookTooLong
    if -exit_code in OUT_OF_MEMORY:
        raise UnpacksTooLarge(limits.memory_bytes)
    if exit_code == 0 and kind == b"S":
        return body
    if exit_code == 0 and kind == b"E":
        error = json.loads(body)
        values = {
            name: tuple(v) if isinstance(v, list) else v for name, v in error["values"].items()
        }
        raise _ERRORS[error["error"]](**values)
    raise ReaderBroken(body.decode(errors="replace") if kind == b"X" else f"exit code {exit_code}")
