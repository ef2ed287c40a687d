"""Arithmetic of times inside a statement: SQLite keeps microseconds, PostgreSQL times."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from core.columns import UtcDateTime


class seconds_later(FunctionElement[Any]):  # noqa: N801 - read as a function in a statement
    """`seconds_later(column, seconds)`: that time, so many seconds later."""

    name = "seconds_later"
    inherit_cache = True
    type = UtcDateTime()


@compiles(seconds_later)
def _sqlite_later(element: seconds_later, compiler: Any, **named: Any) -> str:
    moment, seconds = (compiler.process(one, **named) for one in element.clauses)
    return f"({moment} + {seconds} * 1000000)"


@compiles(seconds_later, "postgresql")
def _postgresql_later(element: seconds_later, compiler: Any, **named: Any) -> str:
    moment, seconds = (compiler.process(one, **named) for one in element.clauses)
    return f"({moment} + {seconds} * interval '1 second')"


class minutes_between(FunctionElement[Any]):  # noqa: N801 - read as a function in a statement
    """`minutes_between(earlier, later)`: whole minutes."""

    name = "minutes_between"
    inherit_cache = True
    type = BigInteger()


@compiles(minutes_between)
def _sqlite_between(element: minutes_between, compiler: Any, **named: Any) -> str:
    earlier, later = (compiler.process(one, **named) for one in element.clauses)
    return f"(({later} - {earlier}) / 60000000)"


@compiles(minutes_between, "postgresql")
def _postgresql_between(element: minutes_between, compiler: Any, **named: Any) -> str:
    earlier, later = (compiler.process(one, **named) for one in element.clauses)
    return f"CAST(floor(extract(epoch FROM {later} - {earlier}) / 60) AS bigint)"
