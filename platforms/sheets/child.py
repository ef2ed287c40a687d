"""The process in which files of strangers are parsed: small, limited, and gone afterwards.

Standard input: one line of JSON (what is read, file name, path or null, limits, more column names),
then the file unless a path was given. Standard output: `S` and what was read as JSON, `E` and an
error's class and values, or `X` and where our own code failed. It imports as little as it can: it
starts with every file.
"""

import gc
import json
import sys
import traceback
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from core.imports.incoming import SheetError, UnpacksTooLarge, Unreadable
from platforms.held import hold_to
from platforms.sheets.alias_table import BUILT_IN
from platforms.sheets.filled import read_filled
from platforms.sheets.limits import Limits
from platforms.sheets.parsing import parse


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**request["limits"])
    gc.disable()  # a short life: looking for garbage among millions of cells takes a fifth of it
    hold_to(limits.memory_bytes, limits.cpu_seconds)
    answer = _answer(request, limits)
    sys.stdout.buffer.write(answer)


def _answer(request: dict[str, Any], limits: Limits) -> bytes:
    path = request["path"]
    try:
        data = Path(path).read_bytes() if path else sys.stdin.buffer.read()
        answer = b"S" + _json(_read(request, data, limits))
        if len(answer) > limits.result_bytes:
            raise UnpacksTooLarge(limits.result_bytes)
    except SheetError as error:
        return b"E" + _json({"error": type(error).__name__, "values": vars(error)})
    except MemoryError:
        too_large = {"limit_bytes": limits.memory_bytes}
        return b"E" + _json({"error": UnpacksTooLarge.__name__, "values": too_large})
    except BaseException as error:  # noqa: BLE001  a panic inside calamine is no Exception
        if type(error).__name__ == "PanicException":
            return b"E" + _json({"error": Unreadable.__name__, "values": {}})
        # Where it failed and never what with: values in messages may be a consumer's.
        last = traceback.extract_tb(error.__traceback__)[-1]
        return b"X" + f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}".encode()
    return answer


def _read(request: dict[str, Any], data: bytes, limits: Limits) -> object:
    if request["what"] == "numbers":
        return read_filled(data, limits)
    table = BUILT_IN.with_more(request["more_names"])
    return parse(data, request["filename"], limits, table)


def _json(value: object) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}


if __name__ == "__main__":
    main()
