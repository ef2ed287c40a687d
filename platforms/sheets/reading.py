"""Reading a file that a person sent: `parse_file`, safe against what may be in it.

Parsing happens in a child process limited in memory and time (`platforms.sheets.child`), which gets
no settings and no keys. Only its bounded answer comes back.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from core.incoming import (
    EmptyFile,
    Sheet,
    SheetError,
    TookTooLong,
    TooLarge,
    UnpacksTooLarge,
)
from platforms.sheets.alias_table import MoreNames
from platforms.sheets.limits import Limits

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_CHUNK = 64 * 1024
_SHEET: TypeAdapter[Sheet] = TypeAdapter(Sheet)
_ERRORS = {kind.__name__: kind for kind in SheetError.__subclasses__()}
_OUT_OF_MEMORY = {signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS}


class ReaderBroken(RuntimeError):
    """Our own code failed on a file: a defect to be mended, not the sender's fault."""


async def parse_file(
    source: Path | bytes,
    filename: str,
    *,
    limits: Limits | None = None,
    more_names: MoreNames | None = None,
) -> Sheet:
    """Read an order export (.xlsx, .csv, tab-separated text) from its path or its bytes.

    `more_names` are column names the operator knows besides ours. Rows that cannot be taken are
    in `Sheet.refused`. Raises a leaf of `core.incoming.SheetError` when the file as a whole
    cannot, ReaderBroken on a defect of ours, OSError when a path cannot be read.
    """
    limits = limits or Limits()
    request = _request(source, filename, limits, more_names or {})
    size = len(source) if isinstance(source, bytes) else await asyncio.to_thread(_size, source)
    if size == 0:
        raise EmptyFile
    if size > limits.file_bytes:
        raise TooLarge(limits.file_bytes)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            answer, exit_code = await _ask(source, request)
    except TimeoutError:
        raise TookTooLong from None
    return await asyncio.to_thread(_understand, answer, exit_code, limits)


def _size(path: Path) -> int:
    return path.stat().st_size


async def _ask(source: Path | bytes, request: dict[str, Any]) -> tuple[bytes, int]:
    """One request to a fresh child; it is gone when this returns or is cancelled."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "platforms.sheets.child",
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )  # fmt: skip
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its exit says why
            await _send(process, source, request)
        answer = await _receive(process, request["limits"]["result_bytes"])
        return answer, await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _send(process: Process, source: Path | bytes, request: dict[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101  asked for above
    process.stdin.write(json.dumps(request).encode() + b"\n")
    data = memoryview(source if isinstance(source, bytes) else b"")
    for start in range(0, len(data), _CHUNK):
        process.stdin.write(data[start : start + _CHUNK])
        await process.stdin.drain()
    process.stdin.close()


def _request(
    source: Path | bytes, filename: str, limits: Limits, more_names: MoreNames
) -> dict[str, Any]:
    path = None if isinstance(source, bytes) else str(source.absolute())
    return {
        "filename": filename, "path": path, "limits": asdict(limits), "more_names": more_names,
    }  # fmt: skip


async def _receive(process: Process, most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101  asked for above
    answer = bytearray()
    while chunk := await process.stdout.read(_CHUNK):
        answer += chunk
        if len(answer) > most:
            raise UnpacksTooLarge(most)
    return bytes(answer)


def _understand(answer: bytes, exit_code: int, limits: Limits) -> Sheet:
    kind, body = answer[:1], answer[1:]
    if exit_code == -signal.SIGXCPU:
        raise TookTooLong
    if -exit_code in _OUT_OF_MEMORY:
        raise UnpacksTooLarge(limits.memory_bytes)
    if exit_code == 0 and kind == b"S":
        return _SHEET.validate_json(body)
    if exit_code == 0 and kind == b"E":
        error = json.loads(body)
        values = {
            name: tuple(v) if isinstance(v, list) else v for name, v in error["values"].items()
        }
        raise _ERRORS[error["error"]](**values)
    raise ReaderBroken(body.decode(errors="replace") if kind == b"X" else f"exit code {exit_code}")
