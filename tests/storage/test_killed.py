"""Killed at any moment: what was told to be committed is there, and nothing is half there.

Each test starts a real child process that works on the file, and kills it with SIGKILL.
"""

import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from storage.database import Database
from tests.storage.shelves import Shelves

TOTAL = 1_000_000

# Moves one thing at a time between two shelves and prints each count it was told is committed.
CHILD = """
    import asyncio, sys
    from pathlib import Path
    from storage.database import Database
    from tests.storage.shelves import Shelves

    def move_one(store):
        store.move("tapes", "boxes", 1)
        return store.amount("boxes")

    def move_half(store):
        store.move("tapes", "boxes", 1)
        print("halfway", flush=True)
        sys.stdin.readline()

    async def main():
        async with Database.open(Path(sys.argv[1]), Shelves) as database:
            if sys.argv[2] == "halfway":
                await database.write(move_one)
                await database.write(move_half)
            while True:
                print(await database.write(move_one), flush=True)

    asyncio.run(main())
"""


def start(path: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(path), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def shelves_after(path: Path) -> tuple[int, int]:
    def both(store: Shelves) -> tuple[int, int]:
        return store.amount("boxes"), store.amount("tapes")

    async with Database.open(path, Shelves) as database:
        return await database.read(both)


@pytest.fixture
async def stocked(path: Path) -> Path:
    async with Database.open(path, Shelves) as database:
        await database.write(lambda store: [store.put("boxes", 0), store.put("tapes", TOTAL)])
    return path


async def test_killed_between_two_statements_the_first_never_happened(stocked: Path) -> None:
    with start(stocked, "halfway") as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "halfway\n"
        child.kill()
    assert await shelves_after(stocked) == (1, TOTAL - 1)


async def test_killed_anywhere_nothing_told_is_lost_and_nothing_is_halved(stocked: Path) -> None:
    chance = random.Random(20260102)
    for _ in range(4):
        with start(stocked, "on") as child:
            assert child.stdout is not None
            told = [int(child.stdout.readline()) for _ in range(chance.randint(1, 60))]
            child.kill()
            told += [int(line) for line in child.stdout.readlines() if line.endswith("\n")]
        boxes, tapes = await shelves_after(stocked)
        assert boxes + tapes == TOTAL
        assert told[-1] <= boxes <= told[-1] + 1
