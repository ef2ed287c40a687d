"""The house keeps its shape: which room may import which, and how long a module may grow."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("core", "storage", "sharing", "bot", "api", "platforms", "app", "playground", "sandbox")
# What each room may import of the others. Whatever is not listed is forbidden.
ARROWS: dict[str, set[str]] = {
    "core": set(),
    "storage": {"core"},
    "sharing": set(),
    "bot": {"core"},
    "api": {"core", "bot"},
    "platforms": {"core"},
    "playground": set(),
    "sandbox": set(),
    "app": set(ROOMS),
}
NOT_IN_CORE = {
    "asyncio", "aiogram", "telegram", "fastapi", "apscheduler", "aiosqlite", "httpx", "aiohttp",
    "uvicorn", "structlog", "socket", "threading",
}  # fmt: skip


def modules(room: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_where_its_arrows_lead(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        if name in ROOMS and name != room and name not in ARROWS[room]
    ]
    assert not wrong


def test_the_core_waits_for_nothing_and_talks_to_no_network() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("core")
        for name in imports(path)
        if name in NOT_IN_CORE
    ]
    assert not wrong


def test_screens_know_neither_telegram_library_and_handlers_no_database() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for folder, names in (
            ("bot/screens", {"telegram", "aiohttp", "sqlalchemy", "sqlmodel"}),
            ("bot/handlers", {"sqlalchemy", "sqlmodel", "sqlite3", "telegram"}),
        )
        for path in modules(folder)
        for name in imports(path)
        if name in names
    ]
    assert not wrong


def test_notes_are_read_whole_only_where_recipients_are() -> None:
    # Slips have the recipient on them; a packing list has its notes from `noted`.
    whole = {"bot/screens/printing.py", "bot/screens/packing.py"}
    whole.add("api/v1/order_models.py")  # what a merchant's own program says
    reading = {
        str(path.relative_to(ROOT))
        for room in ("bot", "api", "app")
        for path in modules(room)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("buyer_note", "seller_note")
    }
    assert reading == whole  # elsewhere: `core.orders.notes.notes_of`


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_outgrows_300_lines_and_each_says_why_it_exists(room: str) -> None:
    for path in modules(room):
        source = path.read_text("utf-8")
        assert source.count("\n") <= 300, f"{path} has outgrown its room"
        assert ast.get_docstring(ast.parse(source)), f"{path} does not say why it exists"


def test_nothing_kept_names_a_package_index() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    names = ("py" + "pi.org", "python" + "hosted", "npm" + "js.org")
    wrong = [
        name
        for name in listed
        if name and (ROOT / name).is_file() and Path(name).suffix not in (".png", ".xlsx")
        for host in names
        if host in (ROOT / name).read_text("utf-8", errors="ignore")
    ]
    assert not wrong
