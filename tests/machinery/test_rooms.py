"""Who is not asked would not have claimed: for whatever an update can be about."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import CallbackQuery, Chat, Message, User

from bot.commands import COMMANDS, Said
from bot.dispatcher import routing
from bot.handlers import everywhere
from bot.keyboards import data
from bot.rooms import Rooms, topics_of
from bot.screens.screen import CardRef
from bot.turn import Turn
from tests.test_buttons import DECISIONS, largest

WHO = User(id=1, is_bot=False, first_name="林")
WHERE = Chat(id=1, type="private")
MESSAGE = Message(message_id=1, date=datetime(2026, 1, 1, tzinfo=UTC), chat=WHERE, text="1")


def turn(**about: Any) -> Turn:
    about.setdefault("message", MESSAGE)
    nobody: Any = None
    return Turn(nobody, nobody, 1, 1, 1, "zh_CN", 1, private=True, **about)


def pressing(packed: str) -> Turn:
    press = CallbackQuery(id="1", from_user=WHO, chat_instance="1", data=packed, message=MESSAGE)
    return turn(callback=press, message=None)


def rooms() -> Rooms:
    [found] = routing().sub_routers
    return cast("Rooms", found)


def all_of(update_type: str) -> list[HandlerObject]:
    return [one for room in rooms().chain_tail for one in room.observers[update_type].handlers]


def steps() -> list[str]:
    topics = {topic for one in all_of("message") for f in one.filters or ()
              for topic in getattr(f.callback, "topics", ())}  # fmt: skip
    return sorted(which for kind, which in topics if kind != "says")


def messages() -> Iterator[Turn]:
    yield turn()
    for said in (None, *(Said(one.name, "") for one in COMMANDS), Said("forged", "")):
        for step in (None, "forged", *steps()):
            yield turn(said=said, step=step)
            yield turn(said=said, replied=CardRef(step or "order", 1, 1), step="alias")


async def missed(update_type: str, event: Any, one: Turn) -> list[HandlerObject]:
    """Return who was not asked and would have claimed the update."""
    asked = rooms().concerned(update_type, one).handlers
    everybody = all_of(update_type)
    assert asked == [handler for handler in everybody if handler in asked], "out of order"
    left = [handler for handler in everybody if handler not in asked]
    return [handler for handler in left if (await handler.check(event, turn=one))[0]]


@pytest.mark.parametrize("kind", DECISIONS, ids=lambda kind: kind.__name__)
async def test_a_press_asks_all_who_might_claim_it_and_hardly_any_other(kind: Any) -> None:
    one = pressing(largest(kind).pack())
    assert await missed("callback_query", one.callback, one) == []
    asked = rooms().concerned("callback_query", one).handlers
    assert asked[-1].callback is everywhere.unknown_button
    assert 1 < len(asked) < 4


@pytest.mark.parametrize("packed", ["", ":", "none", "none:1", "ac", f"{'z' * 40}:1"])
async def test_a_press_nobody_knows_reaches_the_fallback(packed: str) -> None:
    one = pressing(packed)
    assert await missed("callback_query", one.callback, one) == []
    assert rooms().concerned("callback_query", one).handlers[-1].callback is (
        everywhere.unknown_button
    )


async def test_a_message_asks_all_who_might_claim_it() -> None:
    tried = 0
    for one in messages():
        assert await missed("message", one.message, one) == [], list(topics_of(one))
        tried += 1
    assert tried > 1_000


async def test_an_error_without_a_turn_reaches_every_word_for_errors() -> None:
    assert rooms().concerned("error", None).handlers == all_of("error")
    press = data.Cancel(shop=1)
    assert rooms().concerned("error", pressing(press.pack())).handlers == all_of("error")
