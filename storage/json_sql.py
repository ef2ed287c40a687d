"""A JSON object made inside a statement: each database has its own name for that."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class json_object(FunctionElement[Any]):  # noqa: N801 - read as a function in a statement
    """`json_object("name", value, …)` over the columns of a row."""

    name = "json_object"
    inherit_cache = True
    type = JSON()


@compiles(json_object)
def _sqlite(element: json_object, compiler: Any, **named: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **named)})"


@compiles(json_object, "postgresql")
def _postgresql(element: json_object, compiler: Any, **named: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **named)})"
