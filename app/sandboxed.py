"""A sandbox of the selling platforms beside the playground, introduced to the house."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

import sandbox
from sandbox.cast import DOUDIAN_APP, KUAISHOU_APP


def in_sandbox(address: str) -> dict[str, object]:
    """Return settings by which the house takes the sandbox at that address for the platforms."""
    return {
        "doudian_app_key": DOUDIAN_APP.key, "doudian_secret": SecretStr(DOUDIAN_APP.secret),
        "doudian_service_id": DOUDIAN_APP.service, "doudian_url": f"{address}/doudian",
        "doudian_authorise_url": f"{address}/doudian/authorize",
        "kuaishou_app_key": KUAISHOU_APP.key, "kuaishou_secret": SecretStr(KUAISHOU_APP.secret),
        "kuaishou_sign_secret": SecretStr(KUAISHOU_APP.sign_secret),
        "kuaishou_message_key": SecretStr(KUAISHOU_APP.message_key),
        "kuaishou_url": f"{address}/kuaishou",
        "kuaishou_authorise_url": f"{address}/kuaishou/oauth/authorize",
    }  # fmt: skip


@asynccontextmanager
async def sandboxed(state: Path, port: int = 0) -> AsyncIterator[str]:
    """Run a sandbox that keeps everything in the file `state`; gives its address."""
    async with sandbox.start(sandbox.Config(state=state), port) as address:
        yield address


async def introduce(address: str, house: str) -> None:
    """Tell the sandbox where the house listens: for messages, and for merchants who come back."""
    changes = {}
    for platform in ("doudian", "kuaishou"):
        at = f"{house}/platforms/{platform}"
        changes[platform] = {"push": {"address": f"{at}/push"}, "redirect": f"{at}/authorised"}
    await asyncio.to_thread(_post, f"{address}/control/settings", changes)


def _post(url: str, body: object) -> None:
    request = urllib.request.Request(  # noqa: S310 - an address of our own on loopback
        url, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        answer.read()
