"""Sending what is owed to the registered addresses, again and later where it is not taken.

Doudian sends arrays, Kuaishou one message at a time. What the receiver answered, and how fast,
is kept with each message. Order and repetition are as badly kept as the settings say.
"""

import asyncio
import json
import time
import zlib
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.cast import Platform
from sandbox.doudian import messages as doudian
from sandbox.doudian.signing import event_sign
from sandbox.errors import ControlError
from sandbox.kuaishou import messages as kuaishou
from sandbox.world import World

TOGETHER: dict[Platform, int] = {"doudian": 20, "kuaishou": 1}
_KEPT_ANSWER = 300
_TEXT = {"Content-Type": "text/plain;charset=utf-8"}


@dataclass(frozen=True)
class Answer:
    """`status` 0: no answer."""

    status: int
    text: str
    ms: float
    taken: bool


class Pusher:
    """The sender of one platform's messages; idle while no address is registered."""

    def __init__(self, world: World, platform: Platform) -> None:
        self._world = world
        self._platform = platform

    async def run(self) -> None:
        """Until the sandbox closes."""
        while not self._world.bells.closed and not self._address():
            await self._world.bells.wait("pushes", 3600.0)
        if self._address():
            await self._serve()

    def _address(self) -> str:
        return self._world.kept.of(self._platform).push.address

    async def _serve(self) -> None:
        limits = httpx.Limits(max_connections=10)
        timeout = self._world.config.push_timeout
        async with httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False) as client:
            while not self._world.bells.closed:
                if not await self._round(client):
                    await self._world.bells.wait("pushes", self._until_next())

    async def _round(self, client: httpx.AsyncClient) -> bool:
        """Send what is due now; false when there was nothing."""
        push = self._world.kept.of(self._platform).push
        if not push.address or push.mode == "off":
            return False
        rows = [dict(row) for row in due(self._world, self._platform)]
        if not rows:
            return False
        if push.shuffle:
            rows.sort(key=lambda row: zlib.crc32(row["id"].encode()))
        size = TOGETHER[self._platform]
        for start in range(0, len(rows), size):
            if self._world.bells.closed:
                return True
            await self._send(client, rows[start : start + size])
        return True

    async def _send(self, client: httpx.AsyncClient, rows: list[dict[str, Any]]) -> None:
        push = self._world.kept.of(self._platform).push
        answers = [
            await post(self._world, self._platform, client, rows) for _ in range(1 + push.repeat)
        ]
        with self._world.transaction():
            for row in rows:
                note(self._world, self._platform, row["n"], answers)
        self._world.bells.ring("pushed")

    def _until_next(self) -> float:
        row = self._world.database.row(
            "SELECT min(due) FROM pushes WHERE platform = ? AND state = 'due'", self._platform
        )
        push = self._world.kept.of(self._platform).push
        if row is None or row[0] is None or not push.address or push.mode == "off":
            return 3600.0
        return min(3600.0, max(0.02, float(row[0]) - self._world.now()))


def due(world: World, platform: Platform) -> list[Any]:
    return world.database.rows(
        "SELECT * FROM pushes WHERE platform = ? AND state = 'due' AND due <= ? "
        "ORDER BY due, n LIMIT 200",
        platform,
        world.now(),
    )


async def post(
    world: World, platform: Platform, client: httpx.AsyncClient, rows: list[dict[str, Any]]
) -> Answer:
    """One request to the receiver, signed or encrypted as the platform's are."""
    if platform == "doudian":
        content = doudian.body(world, rows)
        headers = {
            "Content-Type": "application/json",
            "event-sign": event_sign(world.config.app("doudian"), content),
        }
    else:
        content = kuaishou.body(world, rows)
        headers = _TEXT
    return await post_raw(world, platform, client, content, headers)


async def heartbeat(world: World) -> dict[str, Any]:
    """Kuaishou's test message, now; what the receiver answered."""
    content = kuaishou.encrypted(world.config.app("kuaishou"), {"test": True})
    async with httpx.AsyncClient(timeout=world.config.push_timeout, trust_env=False) as client:
        answer = await post_raw(world, "kuaishou", client, content, _TEXT)
    return {"status": answer.status, "said": answer.text, "taken": answer.taken}


async def post_raw(
    world: World,
    platform: Platform,
    client: httpx.AsyncClient,
    content: bytes,
    headers: dict[str, str],
) -> Answer:
    begun = time.perf_counter()
    try:
        response = await client.post(
            world.kept.of(platform).push.address, content=content, headers=headers
        )
    except httpx.HTTPError as error:
        ms = (time.perf_counter() - begun) * 1000
        return Answer(0, type(error).__name__, round(ms, 2), taken=False)
    ms = (time.perf_counter() - begun) * 1000
    taken = response.status_code == 200 and _says_yes(platform, response.content)
    return Answer(response.status_code, response.text[:_KEPT_ANSWER], round(ms, 2), taken)


def _says_yes(platform: Platform, content: bytes) -> bool:
    try:
        said = json.loads(content)
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    if platform == "doudian":
        return said == {"code": 0, "msg": "success"}
    return said.get("result") == 1


def note(world: World, platform: Platform, n: int, answers: list[Answer]) -> None:
    """What came of sending a message: taken, to be sent again later, or given up."""
    row = world.database.row("SELECT * FROM pushes WHERE n = ?", n)
    assert row is not None  # noqa: S101  messages are never removed while they are sent
    log = json.loads(row["log"])
    log += [
        {"at": world.now(), "status": one.status, "said": one.text, "ms": one.ms} for one in answers
    ]
    retries = world.config.retries[platform]
    taken = any(one.taken for one in answers)
    tries = row["tries"] + 1
    state = "taken" if taken else "due" if tries <= len(retries) else "given_up"
    pause = retries[tries - 1] if state == "due" else 0.0
    world.database.run(
        "UPDATE pushes SET state = ?, tries = ?, due = ?, log = ? WHERE n = ?",
        state,
        tries,
        world.now() + pause,
        json.dumps(log[-20:], ensure_ascii=False),
        n,
    )


def again(world: World, ns: list[int] | None, platform: Platform | None) -> int:
    """Let messages go out now: those named, whatever became of them, or all that wait."""
    if ns is not None:
        changed = sum(
            world.database.run(
                "UPDATE pushes SET state = 'due', due = ?, tries = 0 WHERE n = ?", world.now(), n
            )
            for n in ns
        )
        if changed < len(ns):
            raise ControlError("there is no such message", 404)
    else:
        changed = world.database.run(
            "UPDATE pushes SET state = 'due', due = ?1 WHERE state IN ('held', 'due') "
            "AND ?2 IN ('', platform)",
            world.now(),
            platform or "",
        )
    world.bells.ring("pushes")
    return changed


async def settled(world: World, seconds: float) -> bool:
    """Wait until nothing is due now; false when it did not come to that in time."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        waiting = any(
            due(world, platform)
            for platform in TOGETHER
            if world.kept.of(platform).push.address and world.kept.of(platform).push.mode != "off"
        )
        if not waiting or loop.time() >= until:
            return not waiting
        await world.bells.wait("pushed", until - loop.time())
