"""The same acts once more, with updates repeated in between: the same must stand in the end.

The first play keeps what people did, and which message each act was about: not by its number, for
answers to repeats take numbers too, but as the nth message that this update or alert brought.
Weather is fine and people act one after another, each when the town has come to rest.
"""

import asyncio
import random
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple

from tests.torture.simulator.first_day import begun, copied
from tests.torture.simulator.hours import VirtualLoop, run
from tests.torture.simulator.judging import judged
from tests.torture.simulator.people import PEOPLE, Act, Crowd, done
from tests.torture.simulator.standing import stands
from tests.torture.simulator.town import Town

STEP: Final = 20.0  # seconds between two acts, at least: the clock stands alike in both plays


class About(NamedTuple):
    """A message: the nth that `cause` brought to a chat; without a cause, by its number."""

    cause: str
    n: int


@dataclass
class Kept:
    """What was done in a play, and what stood in the end."""

    acts: list[tuple[Act, About]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    repeated: int = 0
    trace: list[str] = field(default_factory=list)


def differs(seed: int, acts: int = 25) -> list[str]:
    """Play a seed's acts twice, the second time with repeats; return what stands differently."""
    begun()
    plain: Kept = run(partial(_plainly, seed, acts))
    again: Kept = run(partial(_with_repeats, seed, plain))
    lost = [f"- {line}" for line in plain.lines if line not in again.lines]
    new = [f"+ {line}" for line in again.lines if line not in plain.lines]
    return [*plain.faults, *again.faults, *lost, *new]


async def _plainly(seed: int, acts: int, loop: VirtualLoop) -> Kept:
    kept, rng = Kept(), random.Random(f"again {seed}")
    async with copied(loop, seed) as town:
        crowd = Crowd(town, rng)
        for n in range(acts):
            act = crowd.draws(rng.choice(PEOPLE))
            kept.acts.append((act, _about(town, act)))
            done(town, act)
            await _rests(town, loop.time(), kept, n)
        kept.lines, kept.faults = await town.read(stands), kept.faults + await judged(town, 0.0)
    return kept


async def _with_repeats(seed: int, plain: Kept, loop: VirtualLoop) -> Kept:
    kept, rng, updates = Kept(), random.Random(f"repeats {seed}"), list[int]()
    async with copied(loop, seed) as town:
        for n, (meant, about) in enumerate(plain.acts):
            began, act = loop.time(), replace(meant, message=_number(town, meant, about))
            update = done(town, act)
            kept.trace.append(f"{n} {act} -> {update}")
            if update:
                updates.append(update)
            await town.quiet()
            for _ in range(rng.choice((0, 1, 1, 3))):
                if updates:
                    again = rng.choice(updates)
                    town.world.updates.repeat(again)
                    kept.repeated += 1
                    kept.trace.append(f"  again {again}")
                    if rng.random() < 0.5:
                        await town.quiet()
            await _rests(town, began, kept, n)
        kept.lines, kept.faults = await town.read(stands), kept.faults + await judged(town, 0.0)
    return kept


async def _rests(town: Town, began: float, kept: Kept, n: int) -> None:
    if not await town.quiet():
        kept.faults.append(f"after act {n} it does not come to rest")
    steps = int((town.loop.time() - began) // STEP) + 1
    await asyncio.sleep(began + steps * STEP - town.loop.time())


def _about(town: Town, act: Act) -> About:
    """Say which message an act is about, so that it is found in another play."""
    chat, seen = _chat(act), dict[str, int]()
    for call in town.wire.calls:
        if call.arrived and call.chat == chat:
            if call.arrived == act.message:
                return About(call.cause, seen.get(call.cause, 0))
            seen[call.cause] = seen.get(call.cause, 0) + 1
    return About("", act.message)


def _number(town: Town, act: Act, about: About) -> int:
    if not about.cause:
        return about.n
    chat = _chat(act)
    found = [
        call.arrived for call in town.wire.calls
        if call.arrived and call.chat == chat and call.cause == about.cause
    ]  # fmt: skip
    return found[about.n] if about.n < len(found) else 0


def _chat(act: Act) -> int:
    return act.chat if act.chat < 0 else act.person
