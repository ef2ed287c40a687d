"""What no house can beat: a process that only imports what others wrote."""

import asyncio
import subprocess
import sys
from functools import cache

from bench.processes import FLOOR, held, of_others
from tests.torture.house import ROOT, House

HOUSE = "import app.cli, app.serve"


async def imports_alone(house: House) -> float:
    """Return the seconds from exec until every module of others that the house needs is in."""
    command = [sys.executable, "-c", FLOOR, await asyncio.to_thread(_libraries)]
    took, _ = await asyncio.to_thread(held, command, house.environment, "imported", 0.0)
    return took


@cache
def _libraries() -> str:
    """Name the modules of others, in the order the house imports them."""
    command = [sys.executable, "-X", "importtime", "-c", HOUSE]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return " ".join(of_others(said.stderr))
