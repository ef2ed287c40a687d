"""A shop's own program that receives webhooks: it believes only what is signed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from api.v1.webhooks import WebhookMessage


class Received(NamedTuple):
    """One message: its id, what it says, how many signatures it bears."""

    id: str
    body: dict[str, Any]
    signatures: int


@dataclass
class Receiver:
    """`answers` these statuses one after the other, the last one for good.

    A refusal says `after` as its Retry-After, where there is one.
    """

    url: str
    after: str = ""
    secret: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    received: list[Received] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Return the ids of what came, in order."""
        return [one.id for one in self.received]

    async def count(self) -> int:
        """Return how many came."""
        return len(self.received)

    async def hear(self, request: web.Request) -> web.Response:
        """Verify what came as the library's own receiver does, and answer."""
        body, headers = await request.read(), dict(request.headers)
        try:
            said = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            return web.Response(status=401)
        WebhookMessage.model_validate(said)  # as the document has it
        signatures = request.headers["webhook-signature"].split(" ")
        self.received.append(Received(request.headers["webhook-id"], said, len(signatures)))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        headers = {"location": self.url} if 300 <= status < 400 else {}
        if status >= 400 and self.after:
            headers["retry-after"] = self.after
        return web.Response(status=status, body=b"x" * 5_000, headers=headers)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver("")
    app = web.Application()
    app.router.add_post("/daifa", receiver.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        receiver.url = f"http://{host}:{port}/daifa"
        yield receiver
    finally:
        await runner.cleanup()
