"""Start and idle memory of the whole bot, over a process that only imports the same libraries.

The bot runs as its operator runs it, on a database made before, against a playground in a process
of its own; it has started when it begins to ask for updates.
"""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil

from bench.figures import Row
from playground.people import DEFAULT_BOT
from storage.keyring import Keyring
from storage.migrate import upgrade

ROOMS = ("core", "storage", "bot", "api", "app", "platforms", "playground", "sandbox", "bench")
RUN = "import sys; sys.argv = ['daifa', 'run']; from app.cli import main; main()"
FLOOR = """
import contextlib, importlib, sys
for name in sys.argv[1].split():
    with contextlib.suppress(ImportError):  # tried and done without, by the bot too
        importlib.import_module(name)
print("imported", flush=True)
sys.stdin.read()
"""
PATIENCE = 60.0  # seconds for a process to do what it should
POLLS = "serving by polling"  # the bot's log line when it begins to ask for updates
IDLE = 3.0  # seconds until a process that has started is idle
MEGA = 1_000_000
_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s*(\S+)$", re.MULTILINE)


def measure(folder: Path, rounds: int, idle: float = IDLE) -> list[Row]:
    """Return the rows of start and memory."""
    with _playground(folder) as address:
        settings = _environment(folder, address)
        _make_database(folder)
        libraries = _libraries(settings)
        bots, floors = [], []
        for _ in range(rounds):
            bots.append(_bot(settings, idle))
            floors.append(_floor(settings, libraries, idle))
    modules = f"{rounds} ×; {len(libraries)} modules of others"
    start, begun = (median(one[0] for one in found) for found in (bots, floors))
    held, least = (median(one[1] for one in found) for found in (bots, floors))
    return [
        Row("process", "start, from exec to polling", start * 1000, begun * 1000,
            1.3, "ms", modules),
        Row("process", "memory when idle (RSS)", held / MEGA, least / MEGA, 1.2, "MB", modules),
    ]  # fmt: skip


def _make_database(folder: Path) -> None:
    """Make what a first start makes; measured are the later ones."""
    upgrade(folder / "var" / "daifa.sqlite3")
    Keyring.load_or_create(folder / "var" / "keys.json")


def _environment(folder: Path, address: str) -> dict[str, str]:
    """Return a clean environment with the bot's settings in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAIFA_")}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parent.parent), "PTB_TIMEDELTA": "true",
        "DAIFA_BOT_TOKEN": DEFAULT_BOT.token, "DAIFA_TELEGRAM_API": address,
        "DAIFA_VAR": str(folder / "var"), "DAIFA_PORT": "0", "DAIFA_METRICS_PORT": "0",
    }  # fmt: skip


@contextlib.contextmanager
def _playground(folder: Path) -> Iterator[str]:
    command = [
        sys.executable, "-m", "playground", "--port", "0", "--data", str(folder / "telegram"),
    ]  # fmt: skip
    with _process(command, dict(os.environ)) as child:
        line = _line(child, "http://")
        yield "http://" + line.split("http://", 1)[1].split()[0].rstrip("/")


@contextlib.contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        command, env=environment, text=True, cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()


def _line(child: subprocess.Popen[str], words: str) -> str:
    """Return what the process says up to the line with these words in it."""
    said = ""
    assert child.stdout is not None
    for line in child.stdout:
        said += line
        if words in line:
            return said
    raise RuntimeError(f"the process ended without {words!r}:\n{said}")


def _bot(settings: dict[str, str], idle: float) -> tuple[float, float]:
    """Return the seconds it took to start, and the bytes it holds when idle."""
    return held([sys.executable, "-c", RUN], settings, POLLS, idle)


def _floor(settings: dict[str, str], libraries: list[str], idle: float) -> tuple[float, float]:
    """Return the same of a process that only imports."""
    command = [sys.executable, "-c", FLOOR, " ".join(libraries)]
    return held(command, settings, "imported", idle)


def held(
    command: list[str], settings: dict[str, str], ready: str, idle: float
) -> tuple[float, float]:
    """Return the seconds until the process says `ready`, and the bytes it holds when idle."""
    begun = time.perf_counter()
    with _process(command, settings) as child:
        _line(child, ready)
        took = time.perf_counter() - begun
        time.sleep(idle)
        return took, psutil.Process(child.pid).memory_info().rss


def _libraries(settings: dict[str, str]) -> list[str]:
    """Return which modules of others the running bot has imported, in its order."""
    with _process([sys.executable, "-X", "importtime", "-c", RUN], settings) as child:
        said = _line(child, POLLS)
        time.sleep(IDLE)
    return of_others(said)


def of_others(said: str) -> list[str]:
    """Return the modules of others that `-X importtime` tells of, in their order."""
    names = dict.fromkeys(_IMPORTED.findall(said))
    return [one for one in names if one.split(".")[0] not in (*sys.stdlib_module_names, *ROOMS)]
