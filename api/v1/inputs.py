"""What programs may send: strict shapes, texts as the house keeps them, moments with a zone."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
)

from core.programs.paging import MOST
from core.text.plain import lines_of, one_line

LARGEST: Final = 2**53  # what JSON's readers agree on
_YEARS: Final = range(2000, 2101)


class Given(BaseModel):
    """What a program sends. Unknown fields are refused: a misspelt one would be lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _needed(text: str) -> str:
    plain = one_line(text)
    if not plain:
        raise ValueError("nothing visible stands there")
    return plain


def _note(text: str) -> str:
    return "\n".join(lines_of(text))


def _number(given: object) -> object:
    if isinstance(given, (str, bool)):
        raise ValueError("Input should be a number")
    return given


def _moment(given: datetime) -> datetime:
    if given.year not in _YEARS:
        raise ValueError("a year from 2000 to 2100")
    return given.astimezone(UTC)


Id = Annotated[int, Field(ge=1, le=LARGEST)]
Line = Annotated[str, AfterValidator(one_line)]
NeededLine = Annotated[str, Field(min_length=1), AfterValidator(_needed)]
Note = Annotated[str, AfterValidator(_note)]
# In a body a number is a number and a truth a truth: whoever sends `true` pieces means neither.
NUMBER: Final = BeforeValidator(_number)
YesNo = Annotated[bool, Strict()]
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
PathId = Annotated[int, Path(ge=1, le=LARGEST)]
After = Annotated[int, Query(ge=0, le=LARGEST, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]
ChangedAfter = Annotated[
    int | None,
    Query(
        ge=0, le=LARGEST, description="`next` of the events: only what something happened to since."
    ),
]


def known_only(request: Request) -> None:
    """Refuse what is asked for by a name that is not documented: a misspelt filter would be lost.

    Raises `RequestValidationError`.
    """
    unknown = request.query_params.keys() - _named(request.scope["route"].dependant)
    if unknown:
        raise RequestValidationError(
            [
                {"loc": ("query", name), "msg": "There is no such parameter", "type": "unknown"}
                for name in sorted(unknown)
            ]
        )


def _named(dependant: Dependant) -> set[str]:
    own = {one.alias for one in dependant.query_params}
    return own.union(*map(_named, dependant.dependencies))
