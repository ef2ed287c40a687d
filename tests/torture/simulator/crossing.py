"""Chats that act on different orders: in whatever order their acts cross, the same must stand.

Three chats (a merchant's, two factories') have each a list of things to do, one after another,
drawn from the seed, each list about orders of its own. It is played with one chat after the other,
and again with all of them at once, at drawn moments.
"""

import asyncio
import random
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from playground.messages import Message
from tests.cast import Row, order_no
from tests.torture.simulator.first_day import begun, copied
from tests.torture.simulator.hours import VirtualLoop, run
from tests.torture.simulator.judging import judged
from tests.torture.simulator.people import buttons, sheet
from tests.torture.simulator.standing import stands
from tests.torture.simulator.town import BOT, FACTORY, MERCHANT, OTHER, Town

PATIENCE: Final = 600  # looks for a message, a tenth of a second each


class Step(NamedTuple):
    """Press the button with this label, or reply with this text, at what a chat shows of an order.

    With neither label nor order: say the text.
    """

    order: str
    label: str = ""
    text: str = ""


class Chat(NamedTuple):
    """Who acts where, and what they do in turn."""

    person: int
    chat: int
    steps: tuple[Step, ...]


def crosses(seed: int) -> list[str]:
    """Play a seed's chats one after the other, and at once; return what stands differently."""
    begun()
    one_by_one: list[str] = run(partial(_plays, seed, False))
    at_once: list[str] = run(partial(_plays, seed, True))
    lost = [f"- {line}" for line in one_by_one if line not in at_once]
    return [*lost, *(f"+ {line}" for line in at_once if line not in one_by_one)]


async def _plays(seed: int, at_once: bool, loop: VirtualLoop) -> list[str]:
    rng = random.Random(f"crossing {seed} {at_once}")
    async with copied(loop, seed) as town:
        await _begins(town)
        chats = _chats(town, random.Random(f"chats {seed}"))
        if at_once:
            await asyncio.gather(*(_does(town, chat, rng) for chat in chats))
        else:
            for chat in chats:
                await _does(town, chat, rng)
        await town.quiet()
        return [*await judged(town, 0.0), *await town.read(stands)]


async def _begins(town: Town) -> None:
    """Nine orders: three of each factory, three nobody has yet."""
    rows = [Row(order_no(n), hours=40 + n) for n in range(1, 10)]
    town.uploads(MERCHANT, "订单.csv", sheet(rows))
    await town.quiet()
    await _press(town, MERCHANT, BOT, "", "确认导入")
    await town.quiet()
    for first, factory in ((1, FACTORY), (4, OTHER)):
        for n in range(first, first + 3):
            town.says(MERCHANT, f"/assign {order_no(n)} {town.numbers[factory]}")
            await town.quiet()


def _chats(town: Town, rng: random.Random) -> Sequence[Chat]:
    group = town.old_group().group
    lists = {0: (1, 2, 3), 1: (4, 5, 6)}
    factories = [
        Chat(person, chat, tuple(step for n in lists[which] for step in _answers(n, rng)))
        for which, (person, chat) in enumerate(((FACTORY, group), (OTHER, BOT)))
    ]
    to = town.numbers[rng.choice((FACTORY, OTHER))]
    steps: list[Step] = []
    for n in (7, 8, 9):
        steps.append(Step("", text=f"/assign {order_no(n)} {to}"))
        if rng.random() < 0.5:
            steps += [Step("", text=f"/find {order_no(n)}"), Step(order_no(n), label="撤回")]
    return [*factories, Chat(MERCHANT, BOT, tuple(steps))]


def _answers(n: int, rng: random.Random) -> Sequence[Step]:
    """What a factory does with an order of its own."""
    mine, number = order_no(n), f"SF{n:013d}"
    return rng.choice((
        (Step(mine, label="接单"), Step(mine, text=number)),
        (Step(mine, text=number), Step(mine, text=f"SF{n + 100:013d}")),
        (Step(mine, text=number),),
        (Step(mine, label="接单"), Step(mine, label="缺货等待"), Step("", label="明天")),
        (Step(mine, label="拒单"), Step("", label="价格")),
        (Step("", text=f"/find {mine}"),),
    ))  # fmt: skip


async def _does(town: Town, chat: Chat, rng: random.Random) -> None:
    for step in chat.steps:
        await asyncio.sleep(rng.uniform(0, 4))
        if step.label:
            update = await _press(town, chat.person, chat.chat, step.order, step.label)
        elif step.order:
            card = await _card(town, chat.person, chat.chat, step.order, "")
            update = town.says(chat.person, step.text, card.id, chat.chat)
        else:
            update = town.says(chat.person, step.text, chat=chat.chat)
        while not town.world.updates.acknowledged(update):  # noqa: ASYNC110 - time is not real
            await asyncio.sleep(0.1)


async def _press(town: Town, person: int, chat: int, order: str, label: str) -> int:
    message = await _card(town, person, chat, order, label)
    data = next(data for text, data in buttons(message) if label in text)
    return town.presses(person, message, data)


async def _card(town: Town, person: int, chat: int, order: str, label: str) -> Message:
    """Return the newest message about the order, with that button, as soon as there is one."""
    for _ in range(PATIENCE):
        for message in reversed(town.messages(person, chat, 60)):
            if order in message.body.get("text", "") and (
                not label or any(label in text for text, _ in buttons(message))
            ):
                return message
        await asyncio.sleep(0.1)
    raise AssertionError(f"{person} sees nothing of {order} with {label or 'a card'}")
