"""`daifa` as an operator runs it: a process of its own, its settings in the environment."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    text: str


@dataclass(frozen=True)
class Operator:
    """Somebody at a terminal, with an installation in `var`."""

    var: Path
    address: str
    token: str
    more: tuple[tuple[str, str], ...] = ()

    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("DAIFA_")},
            "DAIFA_BOT_TOKEN": self.token, "DAIFA_TELEGRAM_API": self.address,
            "DAIFA_VAR": str(self.var), "DAIFA_PORT": "0", "DAIFA_METRICS_PORT": "0",
            "PYTHONPATH": str(ROOT), **dict(self.more),
        }  # fmt: skip

    def starts(self, log: IO[str], *command: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *(command or ("run",))],
            cwd=self.var.parent, env=self.environment(), stdout=log, stderr=log, text=True,
        )  # fmt: skip

    async def runs(self, *command: str, patience: float = 60.0) -> Said:
        """Run a command to its end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", *command, cwd=self.var.parent, env=self.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(patience):
            out, _ = await process.communicate()
        return Said(process.returncode or 0, out.decode())
