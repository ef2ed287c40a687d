"""The bot as a process of its own, so that it can be killed like one.

`start_command` is the operator's `daifa run`. `KillableBot` is the same bot, forked from a process
that has imported everything already: it lives again within a moment, so twenty kills fit a test.
"""

import asyncio
import multiprocessing
import os
import subprocess
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO

from app.running import serving, start_polling
from app.settings import Settings
from bot.courier import Pace

ROOT = Path(__file__).parents[2]
# Telegram's 1 message per second and chat would be most of the test's time.
PACE = Pace(chat_pause=0.02)


def settings_in(folder: Path, address: str) -> Settings:
    """Return the settings of a bot whose Telegram is the playground at `address`."""
    return Settings(_env_file=None, var=folder, telegram_api=address, port=0, metrics_port=0)


def start_command(folder: Path, address: str, token: str, log: IO[str]) -> subprocess.Popen[str]:
    """Start `daifa run` as an operator does, with its settings in the environment."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DAIFA_")},
        "DAIFA_BOT_TOKEN": token, "DAIFA_TELEGRAM_API": address, "DAIFA_VAR": str(folder),
        "DAIFA_PORT": "0", "DAIFA_METRICS_PORT": "0",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "run"],
        cwd=folder, env=environment, stdout=log, stderr=log, text=True,
    )  # fmt: skip


class KillableBot:
    """One bot, any number of lives."""

    def __init__(self, folder: Path, address: str, token: str) -> None:
        self._arguments = (folder, address, token)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "pytest"])
        self._life: BaseProcess | None = None

    def start(self) -> None:
        """Live again."""
        self._life = self._context.Process(target=_live, args=self._arguments, daemon=True)
        self._life.start()

    async def is_killed(self) -> None:
        """Die by SIGKILL, in the middle of whatever it is doing."""
        assert self._life is not None
        assert self._life.is_alive(), "the bot ended by itself: see bot.log"
        self._life.kill()
        await asyncio.to_thread(self._life.join)
        self._life.close()
        self._life = None


def _live(folder: Path, address: str, token: str) -> None:
    with (folder / "bot.log").open("a") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
        asyncio.run(_serve(settings_in(folder, address), token))


async def _serve(settings: Settings, token: str) -> None:
    async with serving(settings, token, settings.telegram_api, pace=PACE) as running:
        start_polling(running, timeout=5)
        await running.wait(asyncio.Event())
