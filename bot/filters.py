"""Filters on the turn. Asynchronous ones: aiogram runs others in a thread, at a cost per update."""

from aiogram.filters import Filter
from aiogram.types import TelegramObject

from bot.turn import Turn

SHIPS = frozenset({"assignment", "shipment", "parcels"})  # cards that a number replies to

Topic = tuple[str, str]  # what an update can be about: `says`, `asked`, `replies`; and which


class Topical(Filter):
    """Lets an update through only if it is about one of `topics`: `bot.rooms` finds it by them."""

    topics: frozenset[Topic]


class Says(Topical):
    """The message is this command, in Latin or in Chinese."""

    def __init__(self, *names: str) -> None:
        self._names = frozenset(names)
        self.topics = frozenset(("says", name) for name in names)

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Compare with the command read once for the turn."""
        return turn.said is not None and turn.said.name in self._names


class SaysAnything(Filter):
    """The message is some command, known or not."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Compare with the command read once for the turn."""
        return turn.said is not None


class Asked(Topical):
    """The person is being asked this, and the message is no command nor a reply to an order's card.

    Whatever is asked meanwhile: what replies to an order or its parcels is their number.
    """

    def __init__(self, step: str) -> None:
        self._step = step
        self.topics = frozenset({("asked", step)})

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Compare with the open question."""
        if turn.replied is not None and turn.replied.kind in SHIPS:
            return False
        return turn.step == self._step and turn.private and turn.said is None


class Answers(Asked):
    """The person is being asked this and sent words: a file or a picture is no answer to it."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:
        """Compare with the open question."""
        return bool(turn.text.strip()) and await super().__call__(event, turn)


class RepliesTo(Topical):
    """The message replies to a card of this kind."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.topics = frozenset({("replies", kind)})

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Compare with what the replied message was remembered to show."""
        return turn.replied is not None and turn.replied.kind == self._kind


class HasFile(Filter):
    """The message carries a document."""

    async def __call__(self, event: TelegramObject, turn: Turn) -> bool:  # noqa: ARG002
        """Look for it."""
        return turn.message is not None and turn.message.document is not None
