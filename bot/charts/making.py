"""Making a picture: a child process draws it, its memory goes with it.

Called in a thread, when the message is sent (`bot.attached`). A shop's people get the same picture.
"""

import os
import subprocess
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.charts.plans import Plan, written

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
PATIENCE: Final = 60.0  # seconds; a picture takes about one
_AT_ONCE = threading.BoundedSemaphore(2)
_PNG = b"\x89PNG\r\n\x1a\n"


class PictureBroken(RuntimeError):
    """No picture was drawn: a defect to be mended, or a machine without room. Says where."""


def draw(plan: Plan) -> bytes:
    """Return the plan as a PNG, 1080 pixels wide. Raises `PictureBroken`."""
    return _drawn(written(plan))


@lru_cache(maxsize=16)
def _drawn(asked: str) -> bytes:
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bot.charts.child"], input=asked.encode(), timeout=PATIENCE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, cwd=_ROOT,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PictureBroken(type(error).__name__) from None
    if done.returncode or not done.stdout.startswith(_PNG):
        raise PictureBroken(done.stdout[:200].decode(errors="replace") or f"exit {done.returncode}")
    return done.stdout
