"""All rooms under one roof: an update is brought to the handlers it may concern, not past all.

aiogram asks handler after handler: some two hundred for a press that only one can claim, each by
unpacking the button anew. Here every handler is filed once under what its filter needs (a button's
prefix, a command, what is asked, the kind of card replied to); what needs none of these is asked
always. The order is the tree's, so the same handler claims the update.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import TelegramObject

from bot.filters import Topic, Topical
from bot.turn import Turn

_SEPARATOR: Final = ":"  # of a button's prefix and values, as aiogram packs them


class Rooms(Router):
    """A router over these rooms. They have filters and middlewares on handlers only."""

    def __init__(self, *rooms: Router) -> None:
        super().__init__(name="rooms")
        self.include_routers(*rooms)
        self._shelves: dict[str, _Shelf] = {}

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:
        """Ask the handlers this may concern, in the order of the rooms."""
        concerned = self.concerned(update_type, kwargs.get("turn"))
        return await concerned.trigger(event, **kwargs)

    def concerned(self, update_type: str, turn: Turn | None) -> TelegramEventObserver:
        """Return the handlers that may claim an update; without a turn, those of no topic."""
        shelf = self._shelves.get(update_type)
        if shelf is None:
            shelf = self._shelves[update_type] = _Shelf(self, update_type)
        return shelf.concerned(turn)


class _Filed(NamedTuple):
    """A handler, and the topics of which an update must have one; none: it is always asked."""

    handler: HandlerObject
    topics: frozenset[Topic]


class _Shelf:
    """The handlers of one kind of update, by what they are about."""

    def __init__(self, rooms: Rooms, update_type: str) -> None:
        self._rooms = rooms
        self._update_type = update_type
        self._filed = [
            _Filed(one, _needed(one))
            for room in rooms.chain_tail
            for one in _handlers(room, update_type)
        ]
        # For each combination met of topics there are: some hundreds at the most.
        self._concerned: dict[frozenset[Topic], TelegramEventObserver] = {}

    @cached_property
    def _topics(self) -> frozenset[Topic]:
        return frozenset(topic for one in self._filed for topic in one.topics)

    def concerned(self, turn: Turn | None) -> TelegramEventObserver:
        about = self._topics.intersection(topics_of(turn) if turn else ())
        found = self._concerned.get(about)
        if found is None:
            found = TelegramEventObserver(self._rooms, self._update_type)
            found.handlers = [
                one.handler for one in self._filed if not one.topics or one.topics & about
            ]
            self._concerned[about] = found
        return found


def topics_of(turn: Turn) -> Iterator[Topic]:
    """Yield what an update is about, as filters ask for it."""
    if turn.callback is not None and turn.callback.data:
        yield "press", turn.callback.data.partition(_SEPARATOR)[0]
    if turn.said is not None:
        yield "says", turn.said.name
    if turn.step is not None:
        yield "asked", turn.step
    if turn.replied is not None:
        yield "replies", turn.replied.kind


def _handlers(room: Router, update_type: str) -> list[HandlerObject]:
    observer = room.observers[update_type]
    if observer.outer_middleware or observer.middleware:
        raise TypeError(f"{room} has a middleware of its own, which would be passed by")
    return observer.handlers


def _needed(handler: HandlerObject) -> frozenset[Topic]:
    for one in handler.filters or ():
        if isinstance(one.callback, Topical):
            return one.callback.topics
        if isinstance(one.callback, CallbackQueryFilter):
            return frozenset({("press", one.callback.callback_data.__prefix__)})
    return frozenset()
