"""The whole way from a file's bytes to its orders, without any protection of its own.

Meant for the child process (`platforms.sheets.child`); others call `platforms.sheets.reading`.
"""

from pathlib import PurePath

from core.imports.incoming import EmptyFile, MissingColumns, NoHeader, NotASheet, Sheet, SheetError
from platforms.sheets.alias_table import BUILT_IN, AliasTable
from platforms.sheets.inspecting import inspect
from platforms.sheets.limits import Limits
from platforms.sheets.mapping import map_rows
from platforms.sheets.rows import read_tables

_WORKBOOK_NAMES = {".xlsx", ".xlsm", ".xls"}


def parse(data: bytes, filename: str, limits: Limits, table: AliasTable = BUILT_IN) -> Sheet:
    """Read the first sheet of a file that is an order export. Raises a leaf of SheetError."""
    kind = inspect(data, limits)
    faults: list[SheetError] = []
    for rows in read_tables(data, kind, limits, table):
        try:
            return map_rows(rows, max_rows=limits.rows, table=table)
        except (EmptyFile, NoHeader, MissingColumns) as fault:
            faults.append(fault)
    if kind == "text" and PurePath(filename).suffix.lower() in _WORKBOOK_NAMES:
        faults = [NotASheet("text") if isinstance(each, NoHeader) else each for each in faults]
    raise _most_telling(faults)


def _most_telling(faults: list[SheetError]) -> SheetError:
    """Of several sheets' faults: columns missing, then no header, then nothing at all."""
    for kind in (MissingColumns, NotASheet, NoHeader):
        for fault in faults:
            if isinstance(fault, kind):
                return fault
    return EmptyFile()
