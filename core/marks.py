"""A mark of what a screen showed: its buttons act on that, and on nothing written later."""

import json
import zlib
from collections.abc import Mapping
from typing import Any


def mark_of(data: Mapping[str, Any]) -> int:
    """Return a number for what was asked and answered: it fits a button, and changes with it."""
    return zlib.crc32(json.dumps(data, sort_keys=True).encode())
