"""Making paper beside the event loop: a child process draws, its memory goes with it."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bot.printing.papers import PickPaper, Printed, SlipPaper, printed_of, request

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
PATIENCE: Final = 120.0  # seconds; two hundred slips of one page take about four


class PrinterBroken(RuntimeError):
    """Our own code failed to draw: a defect to be mended. Says where, never with what."""


async def make(papers: Sequence[SlipPaper] | PickPaper, words: Mapping[str, str]) -> Printed:
    """Draw slips or a pick list. Raises `PrinterBroken`, `TimeoutError`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.printing.child", stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
        cwd=_ROOT, env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            body, _ = await process.communicate(request(papers, words))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise PrinterBroken(body[:200].decode(errors="replace") or f"exit {process.returncode}")
    return await asyncio.to_thread(printed_of, body)
