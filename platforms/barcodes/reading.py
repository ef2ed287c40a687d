"""Reading a photo that a person sent: `read_barcodes`, safe against what may be in it."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from core.shipments.scanning import NotAPicture, PictureError, PictureTookTooLong, PictureTooLarge
from platforms.barcodes.limits import Limits
from platforms.children import OUT_OF_MEMORY, OUT_OF_TIME, AnswerTooLong, ReaderBroken, ask

_ERRORS = {kind.__name__: kind for kind in PictureError.__subclasses__()}


async def read_barcodes(path: Path, *, limits: Limits | None = None) -> tuple[str, ...]:
    """Return the texts of the barcodes in a picture, Code128 first; none is no error.

    Raises a leaf of `core.shipments.scanning.PictureError`, ReaderBroken on a defect of ours.
    """
    limits = limits or Limits()
    request = _request(path, limits)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            answer, exit_code = await ask(
                "platforms.barcodes.child", request, most=limits.result_bytes
            )
    except TimeoutError:
        raise PictureTookTooLong from None
    except AnswerTooLong:
        raise NotAPicture from None
    return _understand(answer, exit_code)


def _request(path: Path, limits: Limits) -> bytes:
    return json.dumps({"path": str(path.absolute()), "limits": asdict(limits)}).encode()


def _understand(answer: bytes, exit_code: int) -> tuple[str, ...]:
    kind, body = answer[:1], answer[1:]
    if -exit_code == OUT_OF_TIME:
        raise PictureTookTooLong
    if -exit_code in OUT_OF_MEMORY:
        raise PictureTooLarge(0, 0)
    if exit_code == 0 and kind == b"S":
        return tuple(json.loads(body))
    if exit_code == 0 and kind == b"E":
        error = json.loads(body)
        raise _ERRORS[error["error"]](**error["values"])
    raise ReaderBroken(body.decode(errors="replace") if kind == b"X" else f"exit code {exit_code}")
