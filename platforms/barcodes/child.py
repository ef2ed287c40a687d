"""The process in which strangers' pictures are decoded: limited, and gone afterwards.

Standard input: one line of JSON (path, limits). Standard output: `S` and the texts as JSON, `E` and
an error's class and values, or `X` and where our own code failed.
"""

import json
import sys
import traceback
from pathlib import Path

from core.shipments.scanning import PictureError, PictureTooLarge
from platforms.barcodes.limits import Limits
from platforms.barcodes.looking import texts_of
from platforms.held import hold_to


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**request["limits"])
    hold_to(limits.memory_bytes, limits.cpu_seconds)
    sys.stdout.buffer.write(_answer(Path(request["path"]), limits))


def _answer(path: Path, limits: Limits) -> bytes:
    try:
        return b"S" + json.dumps(texts_of(path, limits)).encode()
    except PictureError as error:
        return b"E" + _error(error)
    except MemoryError:
        return b"E" + _error(PictureTooLarge(0, 0))
    except Exception as error:  # noqa: BLE001 - where it failed, never what with
        last = traceback.extract_tb(error.__traceback__)[-1]
        return b"X" + f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}".encode()


def _error(error: PictureError) -> bytes:
    return json.dumps({"error": type(error).__name__, "values": vars(error)}).encode()


if __name__ == "__main__":
    main()
