"""The methods of the Bot API that the playground has: each checks, acts and returns a result."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playground.params import Upload
from playground.people import BotAccount
from playground.world import World


@dataclass(frozen=True)
class Call:
    """One call with parameters already checked against the field tables."""

    world: World
    bot: BotAccount
    method: str
    params: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)


Handler = Callable[[Call], Any]
HANDLERS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Put a function in the place of that method."""

    def put(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return put
