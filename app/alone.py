"""One run for a bot on this machine, whatever folder it keeps its data in.

Two runs with one token and two folders would each take some of the updates, and each know half of
the orders. On another machine only Telegram can tell (`bot.polling`).
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.keeping import AlreadyServed
from storage.ownership import AlreadyOwned, Ownership


@contextmanager
def alone_with(token: str, api_base: str, folder: Path | None = None) -> Iterator[None]:
    """Hold the bot of this token at this Bot API. Raises `AlreadyServed`, `OSError`.

    `folder` is where the locks of this account's runs are.
    """
    folder = folder or Path(tempfile.gettempdir()) / f"daifa-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise PermissionError(1, "belongs to another account", str(folder))
    bot = hashlib.sha256(f"{api_base} {token}".encode()).hexdigest()[:16]
    lock = Ownership(folder / f"bot-{bot}.lock")
    try:
        lock.acquire()
    except AlreadyOwned as error:
        raise AlreadyServed(error.pid) from None
    try:
        yield
    finally:
        lock.release()
