"""What a platform sends and what lets the house in there stands in no log and in no file."""

import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from app.logging import configure
from core.entities import Order
from tests.platforms.test_syncing import came, looked_again
from tests.platforms.town import Town
from tests.torture.canaries import Canaries, files_of


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, and put back as it was."""
    root = logging.getLogger()
    kept = root.handlers, root.level, sys.excepthook, threading.excepthook
    written = io.StringIO()
    configure("json", "DEBUG", stream=written)
    yield written
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    root.handlers, root.level, sys.excepthook, threading.excepthook = kept


async def test_platform_recipients_remarks_and_tokens_stand_nowhere(
    town: Town, log: io.StringIO
) -> None:
    canaries = Canaries()
    shown = await town.operator.order()
    who = canaries.person("a remark there")
    for part in ("name", "phone", "detail"):
        canaries.secret(f"the platform's {part}", shown["recipient"][part])
    await town.links()
    link = await town.link()
    tokens = await town.database.read(lambda store: store.platforms.tokens(link))
    for name, token in zip(("access token", "refresh token"), tokens, strict=True):
        canaries.secret(f"the platform's {name}", token)
    async with town.working():
        await town.until(lambda: came(town, 1))
        await town.operator.post(f"orders/{shown['id']}/remark", text=who.whole)
        await looked_again(town)
    order: Order = (await town.orders())[shown["id"]]
    assert (await town.notes(order)).seller_note == who.whole
    ours = {at: held for at, held in files_of(town.folder).items() if "sandbox.sqlite3" not in at}
    left = {**ours, "log": log.getvalue().encode()}
    assert any(at.endswith("daifa.sqlite3-wal") for at in left)
    assert canaries.hits(left) == []
