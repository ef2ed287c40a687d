"""Made-up people and secrets sent in by every way are found nowhere but where they are shown.

The house is a process of its own that logs everything it can. What it leaves behind is searched:
its log, its files with their free pages and logs, temporary files, metrics, what programs were
refused with, arguments and environments of its children, what it says when it is killed.
"""

import asyncio
import base64
import io
import os
import re
import shutil
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from playground.config import Config
from playground.people import DEFAULT_BOT
from playground.phone import Phone
from playground.server import running as playground_running
from tests.cast import CHEN_XIN, LIN_XIAOMAN, WANG_DALI, Row, export, order_no
from tests.conversations.test_keys import TOKEN
from tests.proof import Proving
from tests.torture.canaries import Canaries, Person, files_of, processes_of
from tests.torture.commands import Operator

PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Watched:
    """A house in a process of its own, and all it may leave behind."""

    folder: Path
    api: httpx.AsyncClient
    metrics: str
    merchant: Phone
    factory: Phone
    newcomer: Phone
    factory_number: str
    pid: int = 0
    thorough: bool = False
    canaries: Canaries = field(default_factory=Canaries)
    refused: list[bytes] = field(default_factory=list)
    seen: dict[str, bytes] = field(default_factory=dict)

    async def asks(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask as a program does; what it is refused with is kept."""
        answer = await self.api.request(method, path, **given)
        if answer.status_code >= 400:
            self.refused.append(answer.content)
        return answer

    async def breaks(self, table: str) -> None:
        """Take a table away, or bring it back: what touches it then fails in the middle."""
        await asyncio.to_thread(self._swap, table)

    def _swap(self, table: str) -> None:
        with closing(sqlite3.connect(self.folder / "var" / "daifa.sqlite3", timeout=20)) as raw:
            names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
            away = f"{table}_away"
            old, new = (away, table) if away in names else (table, away)
            raw.execute("PRAGMA legacy_alter_table = ON")
            raw.execute(f"ALTER TABLE {old} RENAME TO {new}")

    def left_behind(self) -> dict[str, bytes]:
        places = files_of(self.folder / "var", self.folder / "tmp", self.folder / "log")
        return {**places, **self.seen, "refusals": b"\n".join(self.refused)}


@asynccontextmanager
async def watched(
    folder: Path, begun: tuple[Path, list[str]], log_format: str
) -> AsyncIterator[Watched]:
    """Start `daifa run` where everything it leaves behind can be seen."""
    first_day, numbers = begun
    await asyncio.to_thread(shutil.copytree, first_day, folder, dirs_exist_ok=True)
    for name in ("tmp", "log"):
        (folder / name).mkdir()
    port, metrics = free_port(), free_port()
    async with (
        playground_running(Config(data=folder / "telegram")) as address,
        httpx.AsyncClient(timeout=60) as client,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as api,
    ):
        more = {
            "DAIFA_LOG_LEVEL": "DEBUG", "DAIFA_LOG_FORMAT": log_format, "DAIFA_PORT": str(port),
            "DAIFA_METRICS_PORT": str(metrics), "TMPDIR": str(folder / "tmp"),
            "PYTHONFAULTHANDLER": "1", "PYTHONASYNCIODEBUG": "0",
        }  # fmt: skip
        phones = [Phone(address, one.id, client) for one in (LIN_XIAOMAN, WANG_DALI, CHEN_XIN)]
        for phone in phones:
            await phone.catches_up()
        where = f"http://127.0.0.1:{metrics}/metrics"
        house = Watched(folder, api, where, phones[0], phones[1], phones[2], numbers[1])
        house.canaries.secret("the bot's token", DEFAULT_BOT.token.split(":")[1])
        with (folder / "log" / "daifa.log").open("w") as log:
            operator = Operator(folder / "var", address, DEFAULT_BOT.token, tuple(more.items()))
            process = operator.starts(log)
            try:
                house.pid = process.pid
                await house.merchant.sends("/help", wait=PATIENCE)
                yield house
            finally:
                process.send_signal(signal.SIGABRT)  # a crash says what it can
                await asyncio.to_thread(process.wait, PATIENCE)


async def by_file(house: Watched) -> None:
    """Orders in a file, rows nobody can read, and files that are none."""
    c = house.canaries
    one, note, remark, bad = map(c.person, ("a file", "a buyer's note", "a remark", "a bad row"))
    rows = [
        Row(order_no(1), name=one.name, phone=one.phone, address=one.street,
            buyer_note=f"请转交 {note.whole}", seller_note=f"联系{remark.name} {remark.phone}"),
        *(_row(n, c.person(f"order {n}")) for n in range(2, 7)),
        Row(order_no(9), pieces="很多", name=bad.name, phone=bad.phone, address=bad.street),
    ]  # fmt: skip
    await house.merchant.uploads("订单.xlsx", export(rows))
    house.seen |= processes_of(house.pid)
    await house.merchant.sees("以上为预览")
    await house.merchant.taps("确认导入")
    await house.merchant.sees("已导入")
    odd = c.person("a file that is none")
    await house.merchant.uploads("名单.xlsx", odd.whole.encode())
    await house.merchant.uploads(
        "名单.csv", f"姓名,电话\n{odd.name},{odd.phone}\n".encode("gb18030")
    )
    said = c.person("a photo's words")
    await house.factory.uploads("单.jpg", picture(), "photo", caption=said.whole)


def picture() -> bytes:
    """Return a photo with nothing on it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(file, "JPEG")
    return file.getvalue()


def _row(n: int, who: Person) -> Row:
    return Row(order_no(n), name=who.name, phone=who.phone, address=who.street)


async def by_words(house: Watched) -> None:
    """Typed where it was asked for, where something else was, and where nothing was."""
    c, merchant, factory = house.canaries, house.merchant, house.factory
    for phone, way in ((merchant, "merchant"), (factory, "factory"), (house.newcomer, "newcomer")):
        await phone.sends(c.person(f"typed by the {way}").whole)
    await house.newcomer.sends("/start")
    await house.newcomer.taps("我是商家")
    await house.newcomer.sends("新店")
    await house.newcomer.sends(f"{c.person('a bad sender').name} 123")
    await merchant.sends(f"/bind {c.person('a number to bind').phone}")
    await _edits(house, "📍 收件")
    await merchant.sends(c.person("a new recipient").whole)
    await merchant.taps("确认修改")
    await _edits(house, "买家留言")
    await merchant.sends(f"改寄 {c.person('a new note').whole}")
    await merchant.sends(f"/assign {order_no(1)} {house.factory_number}")
    card = await factory.sees(order_no(1), anywhere=True)
    await factory.replies(card, f"SF1234567890123 {c.person('beside a number').whole}")


async def _edits(house: Watched, part: str) -> None:
    await house.merchant.sends(f"/orders {order_no(1)}")
    await house.merchant.taps("✏️")
    await house.merchant.taps(part)


async def by_answers(house: Watched) -> None:
    """Reasons, questions and answers, and everything a recipient is shown by."""
    c, merchant, factory = house.canaries, house.merchant, house.factory
    for n in (2, 3, 4):
        await merchant.sends(f"/assign {order_no(n)} {house.factory_number}")
        await factory.sees(order_no(n), anywhere=True)
    card = await factory.sees(order_no(2), anywhere=True)
    await factory.taps("拒单", card)
    await factory.taps("其他原因")
    who = c.person("a reason")
    del c.texts["a reason: name"]  # a name in a sentence is not told from other words
    await factory.sends(f"客户 {who.phone} 要求寄到 {who.address}")
    card = await factory.sees(order_no(3), anywhere=True)
    await factory.taps("收件信息", card)
    await factory.taps("🖨 面单", card)
    await factory.sees("1 张面单已发到你的私聊")
    await factory.taps("问商家", card)
    await factory.sends(f"是寄给 {c.person('a question').whole} 吗？")
    await merchant.taps("回复", await merchant.sees("提问", anywhere=True))
    await merchant.sends(f"不是，寄给 {c.person('an answer').whole}")


async def by_programs(house: Watched) -> None:
    """Pushed by a program, wrongly too, with keys in the wrong places."""
    c = house.canaries
    await house.merchant.sends("/apikey")
    await house.merchant.taps("新建密钥")
    await house.merchant.taps("下一步")
    await house.merchant.sends("ERP")
    shown = await house.merchant.sees("只显示这一次", anywhere=True)
    token = c.secret("a program's key", TOKEN.findall(shown.text)[0])
    allowed = {"Authorization": f"Bearer {token}"}
    who, noted = c.person("a push"), c.person("a pushed note")
    lines = [{"product": "杯", "quantity": 1}]
    order = {
        "order_no": "ERP-1", "lines": lines, "buyer_note": noted.whole,
        "recipient": {"name": who.name, "phone": who.phone, "address": who.address},
    }  # fmt: skip
    pushed = await house.asks(
        "POST", "/v1/orders", json={"orders": [order]},
        headers={**allowed, "Idempotency-Key": "first"},
    )  # fmt: skip
    assert pushed.status_code == 200, pushed.text
    bad = c.person("a bad body")
    for body in (
        {"orders": [{**order, "recipient": {"name": [bad.name], "phone": {"p": bad.phone}}}]},
        {"orders": [{**order, "quantity": bad.whole, bad.name: bad.phone}]},
        {bad.whole: bad.street},
    ):
        await house.asks("POST", "/v1/orders", json=body, headers=allowed)
    await house.asks("POST", "/v1/orders", content=f'{{"orders": "{bad.whole}', headers=allowed)
    away = c.person("an address of the web")
    await house.asks("GET", "/v1/orders", params={"order_no": away.phone, "x": away.name})
    await house.asks("GET", f"/v1/{away.name}/{away.phone}", headers=allowed)
    wrong = c.secret("a key in the wrong place", "daifa_" + "K3yInTheWr0ngPlace" * 2 + "7654321")
    for headers in ({"X-Api-Key": wrong}, {"Authorization": wrong},
                    {"Authorization": f"Basic {wrong}"}, {"Cookie": f"key={wrong}"}):  # fmt: skip
        await house.asks("GET", "/v1/orders", headers=headers)
    await house.asks("GET", "/v1/orders", params={"api_key": wrong})
    hook = c.secret("Telegram's word", "W3bhookW0rdThatIsWrong")
    await house.asks(
        "POST", "/telegram/webhook", json={"message": {"text": bad.whole}},
        headers={"X-Telegram-Bot-Api-Secret-Token": hook},
    )  # fmt: skip


async def by_failing(house: Watched) -> None:
    """Whatever is in the middle of its work fails: a table is gone, then it is back."""
    c, merchant, factory = house.canaries, house.merchant, house.factory
    card = await factory.sees(order_no(4), anywhere=True)
    who = c.person("a failing handler")

    async def looks() -> None:
        await factory.taps("收件信息", card)

    async def types() -> None:
        await merchant.sends(f"/orders {who.whole}")

    async def pushes() -> None:
        order = {
            "order_no": "ERP-2", "lines": [{"product": "杯", "quantity": 1}],
            "buyer_note": who.whole,
            "recipient": {"name": who.name, "phone": who.phone, "address": who.address},
        }  # fmt: skip
        key = c.texts["a program's key"]
        headers = {"Authorization": f"Bearer {key}"}
        await house.asks("POST", "/v1/orders", json={"orders": [order]}, headers=headers)

    async def sends_file() -> None:
        await merchant.uploads("又.xlsx", export([_row(11, who)]))

    quickly = (("order_note", pushes), ("audit", pushes), ("look", looks))
    slowly = (("recipient", looks), ("recipient", pushes), ("orders", types),
              ("import_draft", sends_file))  # fmt: skip
    for table, act in (*quickly, *(slowly if house.thorough else ())):
        await house.breaks(table)
        await act()
        await asyncio.sleep(0.1)
        await house.breaks(table)


WAYS = (by_file, by_words, by_answers, by_programs, by_failing)


@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_nothing_of_anybody_is_left_where_it_is_not_shown(
    tmp_path: Path, begun: tuple[Path, list[str]], proves: Proving, log_format: str
) -> None:
    if log_format == "console" and not proves.full:
        pytest.skip("the other form of the same lines: at full size")
    async with watched(tmp_path, begun, log_format) as house:
        house.thorough = proves.full
        for way in WAYS:
            await way(house)
        house.seen["metrics"] = (await house.api.get(house.metrics)).content
        house.seen |= processes_of(house.pid)
    log = (tmp_path / "log" / "daifa.log").read_text()
    assert "Traceback" in log, "nothing failed in the middle"
    assert "Fatal Python error: Aborted" in log, "the crash said nothing"
    left = house.left_behind()
    assert any(place.endswith("-wal") for place in left)
    assert house.canaries.hits(left) == []
    size = sum(map(len, left.values()))
    proves.saw(
        f"made-up people and secrets, sent in by every way, stand nowhere ({log_format} log)",
        f"0 of {len(house.canaries.texts)} in {len(left)} places, {size / 2**20:.0f} MiB", "0",
    )  # fmt: skip


@pytest.mark.parametrize("written", [
    "欧阳晴岚", "\\u6b27\\u9633\\u6674\\u5c9a", "139 5557-0001", "139.5557.0001",
    base64.b64encode("给欧阳晴岚".encode()).decode(), "a 欧阳晴岚".encode().hex(),
])  # fmt: skip
def test_the_search_finds_what_is_planted(tmp_path: Path, written: str) -> None:
    canaries = Canaries({"name": "欧阳晴岚", "phone": "13955570001"})
    (tmp_path / "var").mkdir()
    with closing(sqlite3.connect(tmp_path / "var" / "daifa.sqlite3")) as raw:
        raw.execute("CREATE TABLE kept (word)")
        raw.execute("INSERT INTO kept VALUES (?)", (f"..{written}..",))
        raw.commit()
    assert len(canaries.hits(files_of(tmp_path / "var"))) >= 1
    assert not re.search("欧阳", "".join(canaries.hits({"nothing": os.urandom(9_999)})))
