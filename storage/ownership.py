"""One owner at a time for what must not run twice: polling, the courier, the ticks, migrations.

On SQLite everything shares one machine, so a lock on a file is enough: the kernel releases it when
its holder ends, however it ends. The file itself stays; only the lock counts.
"""

import errno
import fcntl
import json
import os
import secrets
import time
from pathlib import Path
from types import TracebackType

_ASK_AGAIN = 0.05  # seconds


class AlreadyOwned(Exception):
    """Somebody else holds it, and still did when the waiting time was over.

    `pid` and `run_id` are None in the instant before the new owner wrote them down.
    """

    def __init__(self, path: Path, pid: int | None, run_id: str | None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        super().__init__(f"{path.name} is held by {who}; stop it first, or let it work")
        self.path = path
        self.pid = pid
        self.run_id = run_id


class Ownership:
    """The right to one piece of work, named by a lock file.

    Also a context manager: `with Ownership(path) as run_id`. Another `Ownership` of the same file
    is another owner, in the same process too. A forked child shares the lock until it ends: start
    children with `spawn` or `subprocess`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, timeout: float = 0.0) -> str:
        """Become the owner and return a fresh run id, waiting at most `timeout` seconds.

        Blocks: call it through `asyncio.to_thread` when waiting. Raises `AlreadyOwned`.
        """
        if self._descriptor is not None:
            raise RuntimeError(f"{self._path} is already acquired here")
        deadline = time.monotonic() + timeout
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            while not _lock(descriptor):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AlreadyOwned(self._path, *_read(descriptor))
                time.sleep(min(left, _ASK_AGAIN))
            run_id = secrets.token_hex(8)
            _write(descriptor, run_id)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return run_id

    def release(self) -> None:
        """Stop owning it. Does nothing if it is not owned."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)  # closing releases the lock
            self._descriptor = None

    def __enter__(self) -> str:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EAGAIN, errno.EACCES}:
            return False
        raise
    return True


def _write(descriptor: int, run_id: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "run_id": run_id}).encode(), 0)


def _read(descriptor: int) -> tuple[int | None, str | None]:
    try:
        owner = json.loads(os.pread(descriptor, 4096, 0))
        return int(owner["pid"]), str(owner["run_id"])
    except (ValueError, KeyError, TypeError):
        return None, None
