"""Reading a factory's file of tracking numbers, in the child process as any stranger's file."""

from pathlib import Path

from pydantic import TypeAdapter

from core.shipments.filled import FilledList
from platforms.sheets.limits import Limits
from platforms.sheets.reading import ask_child

_FILLED: TypeAdapter[FilledList] = TypeAdapter(FilledList)


async def read_numbers(
    source: Path | bytes, filename: str, *, limits: Limits | None = None
) -> FilledList:
    """Read a packing list sent back, or a list of lines (.xlsx, .csv, .txt).

    Raises as `platforms.sheets.reading.parse_file`.
    """
    return _FILLED.validate_json(
        await ask_child(source, filename, limits or Limits(), what="numbers")
    )
