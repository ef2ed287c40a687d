"""A number in a button."""

from typing import Annotated

from pydantic import Field

# A forged one the database could not hold makes it none of our buttons.
Number = Annotated[int, Field(ge=0, lt=2**63)]
