"""Pushing updates to a bot's webhook, as Telegram does.

In order within a chat, chats side by side up to `max_connections`; whatever is not answered with
2xx within a minute is sent again, later and later; a method in the answer is called.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from playground.people import BotAccount
from playground.world import World

LONGEST_PAUSE = 60.0
Answer = Callable[[BotAccount, dict[str, Any]], Awaitable[None]]


class Webhook:
    """The pusher of one bot; idle while the bot has no webhook."""

    def __init__(self, world: World, bot: BotAccount, answer: Answer) -> None:
        self._world = world
        self._bot = bot
        self._answer = answer
        self._bell = f"updates/{bot.id}"
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until the playground closes."""
        timeout = self._world.config.webhook_timeout
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        async with httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False) as client:
            try:
                while not self._world.bells.closed:
                    self._start(client)
                    await self._world.bells.wait(self._bell, 3600)
            finally:
                for task in self._busy.values():
                    task.cancel()
                await asyncio.gather(*self._busy.values(), return_exceptions=True)

    def _hook(self) -> dict[str, Any] | None:
        hook: dict[str, Any] | None = self._world.rooms.settings(self._bot).get("webhook")
        return hook

    def _start(self, client: httpx.AsyncClient) -> None:
        hook = self._hook()
        if hook is None:
            return
        for row in self._world.updates.pending(self._bot, 0, 1000, self._world.now()):
            if len(self._busy) >= hook["max_connections"]:
                return
            if row["room"] not in self._busy:
                self._busy[row["room"]] = asyncio.create_task(
                    self._push(client, row["id"], row["room"], row["body"])
                )

    async def _push(self, client: httpx.AsyncClient, number: int, room: str, body: str) -> None:
        pause = self._world.config.webhook_retry
        try:
            while (hook := self._hook()) and not self._world.bells.closed:
                error, answer = await _post(client, hook, body)
                if error is None:
                    with self._world.transaction():
                        self._world.updates.acknowledge(number)
                    if answer is not None:
                        await self._answer(self._bot, answer)
                    return
                self._remember(hook, error)
                await self._world.bells.wait(f"closing/{self._bot.id}", pause)
                pause = min(LONGEST_PAUSE, pause * 2)
        finally:
            del self._busy[room]
            self._world.bells.ring(self._bell)

    def _remember(self, hook: dict[str, Any], error: str) -> None:
        settings = self._world.rooms.settings(self._bot)
        if settings.get("webhook", {}).get("url") != hook["url"]:
            return
        settings["webhook"]["last_error"] = {
            "last_error_date": int(self._world.now()),
            "last_error_message": error,
        }
        with self._world.transaction():
            self._world.rooms.keep_settings(self._bot, settings)


async def _post(
    client: httpx.AsyncClient, hook: dict[str, Any], body: str
) -> tuple[str | None, dict[str, Any] | None]:
    """The error, if any, and the method call in the answer, if any."""
    headers = {"Content-Type": "application/json"}
    if hook["secret"]:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook["secret"]
    try:
        response = await client.post(hook["url"], content=body.encode(), headers=headers)
    except httpx.TimeoutException:
        return "Read timeout expired", None
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}", None
    if not response.is_success:
        reason = f"{response.status_code} {response.reason_phrase}"
        return f"Wrong response from the webhook: {reason}", None
    try:
        answer = json.loads(response.content) if response.content else None
    except ValueError:
        return None, None
    return None, answer if isinstance(answer, dict) and "method" in answer else None
