"""Children in which strangers' files are read: limited in memory and time, gone afterwards.

A child gets one request and no settings, no keys; only its bounded answer comes back. Its own side
is `platforms.held`.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_CHUNK = 64 * 1024
OUT_OF_MEMORY = frozenset({signal.SIGABRT, signal.SIGKILL, signal.SIGSEGV, signal.SIGBUS})
OUT_OF_TIME = signal.SIGXCPU


class ReaderBroken(RuntimeError):
    """Our own code failed on a file: a defect to be mended, not the sender's fault."""


class AnswerTooLong(Exception):
    """The child says more than is taken."""


async def ask(module: str, request: bytes, data: bytes = b"", *, most: int) -> tuple[bytes, int]:
    """One request to a fresh child running `module`: its answer and its exit code.

    `request` is a line, `data` follows it. The child is gone when this returns or is cancelled.
    Raises `AnswerTooLong` when it answers with more than `most` bytes.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )  # fmt: skip
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its exit says why
            await _send(process, request, data)
        answer = await _receive(process, most)
        return answer, await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _send(process: Process, request: bytes, data: bytes) -> None:
    assert process.stdin is not None  # noqa: S101  asked for above
    process.stdin.write(request + b"\n")
    rest = memoryview(data)
    for start in range(0, len(rest), _CHUNK):
        process.stdin.write(rest[start : start + _CHUNK])
        await process.stdin.drain()
    process.stdin.close()


async def _receive(process: Process, most: int) -> bytes:
    assert process.stdout is not None  # noqa: S101  asked for above
    answer = bytearray()
    while chunk := await process.stdout.read(_CHUNK):
        answer += chunk
        if len(answer) > most:
            raise AnswerTooLong
    return bytes(answer)
