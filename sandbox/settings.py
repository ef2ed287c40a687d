"""What is set while a sandbox runs and outlives it: where messages go, in which shapes, how badly.

Doudian's messages come with the tag as text or number, the id under either name, the data as text
or object; its answers in two shapes; failed cancellations as a list or with reasons.
"""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.cast import Platform
from sandbox.database import Database
from sandbox.errors import ControlError, first_of


class Pushing(BaseModel):
    """`held` messages wait to be sent by hand; the next `lose` are never sent.

    `repeat`: how many times more each is sent; `delay`: seconds it is late; `shuffle`: what is due
    together goes out in another order.
    """

    model_config = ConfigDict(extra="forbid")
    address: str = Field(default="", pattern=r"^(https?://\S+)?$")
    mode: Literal["on", "held", "off"] = "on"
    repeat: int = Field(default=0, ge=0, le=10)
    lose: int = Field(default=0, ge=0)
    delay: float = Field(default=0.0, ge=0)
    shuffle: bool = False
    tag: Literal["text", "number"] = "text"
    msg_id: Literal["msg_id", "msgId"] = "msg_id"
    data: Literal["text", "object"] = "text"


class Gateway(BaseModel):
    """`redirect`: where a shop goes back to that authorised, unless the link names another address.

    `unassigned_tag`: 502 or 503, the wire page cannot say which.
    """

    model_config = ConfigDict(extra="forbid")
    push: Pushing = Field(default_factory=Pushing)
    redirect: str = Field(default="", pattern=r"^(https?://\S+)?$")
    answers: Literal["new", "old"] = "new"
    failed: Literal["list", "map"] = "list"
    unassigned_tag: Literal["502", "503"] = "502"


class Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")
    doudian: Gateway = Field(default_factory=Gateway)
    kuaishou: Gateway = Field(default_factory=Gateway)
    clock_ahead: float = 0.0

    def of(self, platform: Platform) -> Gateway:
        return self.doudian if platform == "doudian" else self.kuaishou


class Settings:
    """Kept in the database, read from memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.kept = Kept()
        self.reread()

    def reread(self) -> None:
        row = self._database.row("SELECT value FROM settings WHERE name = 'kept'")
        self.kept = Kept.model_validate_json(row[0]) if row else Kept()

    def change(self, changes: dict[str, Any]) -> None:
        """Merge, e.g. `{"doudian": {"push": {"mode": "held"}}}`. Raises `ControlError`."""
        try:
            kept = Kept.model_validate(_merged(self.kept.model_dump(), changes))
        except ValidationError as error:
            raise ControlError(first_of(error)) from None
        self.keep(kept)

    def keep(self, kept: Kept) -> None:
        self.kept = kept
        self._database.run(
            "INSERT OR REPLACE INTO settings VALUES('kept', ?)", json.dumps(kept.model_dump())
        )


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = dict(old)
    for name, value in new.items():
        before = old.get(name)
        both[name] = (
            _merged(before, value)
            if isinstance(before, dict) and isinstance(value, dict)
            else value
        )
    return both
