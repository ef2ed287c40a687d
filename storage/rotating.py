"""Sealing everything anew under the current key, slice by slice, while the house goes on.

Each slice is one transaction: killed at any moment, every row is readable with the ring as it is,
and the next run goes on with what is not sealed under the current key yet.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, Table, bindparam, func, literal, or_, select, tuple_, update
from sqlmodel import Session, SQLModel

from storage.rows import rows_of, run, table_of
from storage.sealed_places import SEALED, SealedColumn
from storage.sealing import Sealer, key_id

SLICE: Final = 500  # rows sealed in one transaction; a writer beside it waits no longer than that


class At(NamedTuple):
    """How far it is: the table, and the primary key of the last row looked at there."""

    table: int = 0
    after: tuple[Any, ...] = ()


def tables() -> list[tuple[type[SQLModel], list[SealedColumn]]]:
    """Return the tables with sealed columns, each with them."""
    return [(entity, list(some)) for entity, some in groupby(SEALED, lambda one: one.entity)]


def seal_anew(session: Session, sealer: Sealer, at: At) -> tuple[At | None, int]:
    """Seal a slice of rows behind `at` anew.

    Returns how far it came, None at the end, and how many rows it sealed. Raises
    `storage.sealing.SealError` for a row no key of the ring opens.
    """
    entity, columns = tables()[at.table]
    table, keys = table_of(entity), list(table_of(entity).primary_key.columns)
    rows = rows_of(session, _behind(table, columns, at.after, sealer.current_key))
    if rows:
        _put(session, table, [_anew(row, table, columns, sealer) for row in rows])
    if len(rows) == SLICE:
        return at._replace(after=tuple(getattr(rows[-1], key.name) for key in keys)), len(rows)
    following = at.table + 1
    return (At(following) if following < len(tables()) else None), len(rows)


def still_needed(session: Session, current: int) -> set[int]:
    """Return the ids of other keys than the current one that something is still sealed with."""
    found: set[int] = set()
    for entity, columns in tables():
        table = table_of(entity)
        for one in columns:
            head = func.substr(table.c[one.name], 1, 4)
            rows = run(session, select(head).where(_other(table, one, current)).distinct())
            found |= {key_id(value) for value in rows.scalars()}
    return found


def _behind(
    table: Table, columns: Sequence[SealedColumn], after: tuple[Any, ...], current: int
) -> Select[Any]:
    keys = list(table.primary_key.columns)
    query = select(table).where(or_(*(_other(table, one, current) for one in columns)))
    if after:
        query = query.where(tuple_(*keys) > tuple_(*(literal(one) for one in after)))
    return query.order_by(*keys).limit(SLICE)


def _other(table: Table, one: SealedColumn, current: int) -> Any:
    """Whether a value is there and sealed with another key than the current one."""
    column = table.c[one.name]
    return (func.length(column) > 0) & (func.substr(column, 1, 4) != current.to_bytes(4, "big"))


def _anew(
    row: Any, table: Table, columns: Sequence[SealedColumn], sealer: Sealer
) -> dict[str, Any]:
    values = {f"at_{key.name}": getattr(row, key.name) for key in table.primary_key.columns}
    for one in columns:
        sealed = getattr(row, one.name)
        if sealed:
            tenant, place, field = one.place(row)
            text = sealer.open(sealed, tenant=tenant, row=place, field=field)
            sealed = sealer.seal(text, tenant=tenant, row=place, field=field)
        values[f"new_{one.name}"] = sealed
    if "key_id" in table.c:
        values["new_key_id"] = sealer.current_key
    return values


def _put(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    names = [name.removeprefix("new_") for name in rows[0] if name.startswith("new_")]
    keys = [key == bindparam(f"at_{key.name}") for key in table.primary_key.columns]
    changing = update(table).where(*keys)
    run(session, changing.values({name: bindparam(f"new_{name}") for name in names}), rows)
