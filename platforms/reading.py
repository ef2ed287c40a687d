"""What the readers of platforms' answers share: loose shapes, times."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.imports.incoming import AfterSale, OrderStatus
from core.platforms.facts import Quarantined
from platforms.failures import Garbled
from platforms.values import Values

# Platforms write null where they have nothing to say.
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
NullIsEmpty = BeforeValidator(lambda value: [] if value is None else value)
Moment = Annotated[int, BeforeValidator(lambda value: value or 0), Field(ge=0, le=2**42)]
Pieces = Annotated[int, Field(ge=1, le=1_000_000)]
Fen = Annotated[int | None, Field(ge=0, le=2**53)]


class Shape(BaseModel):
    """Something a platform says: only what we read of it, numbers and texts taken for either."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Strange(Exception):
    """A value nobody here knows, in `field` of the platform's."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def aside(said: Any, name: str, wrong: ValidationError | Strange) -> Quarantined:
    """Return an order that could not be read; its number stands in the field `name`."""
    number = said.get(name, "") if isinstance(said, Mapping) else ""
    order_no = str(number)[:64] if isinstance(number, str | int) else ""
    if isinstance(wrong, Strange):
        return Quarantined(order_no, wrong.field, "unknown_value")
    first = wrong.errors(include_url=False, include_input=False)[0]
    return Quarantined(order_no, ".".join(map(str, first["loc"])), first["type"])


def order_status(values: Values, field: str, *said: str) -> OrderStatus:
    """Return our word for the first state that has one. Raises `Strange`."""
    word = next(filter(None, (values.word("order_status", one) for one in said)), None)
    for known in get_args(OrderStatus):
        if word == known:
            return known  # type: ignore[no-any-return]  # one of the literal's own
    raise Strange(field)


def after_sale(values: Values, field: str, said: str) -> AfterSale:
    """Return our word for where an after-sale stands. Raises `Strange`."""
    word = values.word("after_sale", said)
    for known in get_args(AfterSale):
        if word == known:
            return known  # type: ignore[no-any-return]  # one of the literal's own
    raise Strange(field)


def moment(said: int) -> datetime | None:
    """Return unix seconds, or thousandths where the number can be nothing else; 0 is no time."""
    if not said:
        return None
    return datetime.fromtimestamp(said / 1000 if said > 10**11 else said, UTC)


def as_object(said: Any) -> Mapping[str, Any]:
    """Return data that must be an object. Raises `Garbled`."""
    if not isinstance(said, dict):
        raise Garbled("not an object")
    return said


def rows_in(said: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list of objects in the data, empty where the platform writes null."""
    rows = said.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise Garbled(name)
    return rows
