"""The cast: people with phones in a real playground, and the real bot answering over real HTTP.

`async with playing(folder) as stage:` starts both. `stage.phone(person)` is somebody's phone;
`stage.opens_shop(…)`, `stage.binds(…)`, `stage.imports(…)` are the beginnings most stories share,
made by the people themselves in chat.
"""

import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import xlsxwriter

from app.parts import serving, start_polling
from app.running import Running
from app.settings import Settings
from bot.courier import Pace
from core.ports import Store
from playground.config import Config
from playground.people import CHEN_XIN, DEFAULT_BOT, LIN_XIAOMAN, WANG_DALI, ZHAO_MIN, Person
from playground.phone import Phone
from playground.server import running as playground_running
from storage.keyring import Keyring
from tests.fresh import fresh_database

T = TypeVar("T")

CHINA = timedelta(hours=8)
AT_ONCE = Pace(chat_pause=0, edit_pause=0)
SHIP_FROM = "{name} 13800001111 浙江省金华市义乌市稠州路 88 号"
_COLUMNS = """
主订单编号 子订单编号 选购商品 商品规格 商品数量 商家编码 收件人 收件人手机号 省 市 区 街道
详细地址 买家留言 商家备注 支付完成时间 承诺发货时间 订单状态 售后状态
"""
COLUMNS = tuple(_COLUMNS.split())


@dataclass
class Clock:
    """The wall clock of a test: real time, until it is moved."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Row:
    """One row of a Doudian export; `order(…)` makes whole ones."""

    order_no: str
    product: str = "陶瓷马克杯"
    spec: str = "奶白色"
    pieces: int | str = 1
    code: str = "MUG-01"
    name: str = "张三丰"
    phone: str = "13912345678"
    address: str = "稠江街道示例路 1 号"
    buyer_note: str = "-"
    seller_note: str = "-"
    status: str = "待发货"
    after_sale: str = "-"
    hours: float = 24
    sub: str = ""

    def cells(self, now: datetime) -> list[str]:
        ship_by = (now + timedelta(hours=self.hours) + CHINA).strftime("%Y-%m-%d %H:%M:%S")
        paid = (now + timedelta(hours=self.hours - 48) + CHINA).strftime("%Y-%m-%d %H:%M:%S")
        return [
            self.order_no, self.sub or f"{self.order_no}1", self.product, self.spec,
            str(self.pieces), self.code, self.name, self.phone, "浙江省", "金华市", "义乌市", "-",
            self.address, self.buyer_note, self.seller_note, paid, ship_by, self.status,
            self.after_sale,
        ]  # fmt: skip


_begun = datetime.now(UTC)


def today() -> datetime:
    """Return when the stage was set: all rows of a test are written against one instant.

    So the same row is the same order, and hours count from the test, not from the whole run.
    """
    return _begun.replace(microsecond=0)


def order_no(number: int) -> str:
    """Return a 19-digit order number, as Doudian's are."""
    return f"69400000000001{number:05d}"


def export(rows: Sequence[Row]) -> bytes:
    """Return the rows as the .xlsx a merchant downloads."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, cells in enumerate([list(COLUMNS), *(row.cells(today()) for row in rows)]):
        for place, cell in enumerate(cells):
            sheet.write_string(line, place, cell)
    book.close()
    return file.getvalue()


@dataclass
class Stage:
    """A playground with a bot in it."""

    address: str
    client: httpx.AsyncClient
    running: Running
    clock: Clock
    settings: Settings
    _phones: dict[int, Phone] = field(default_factory=dict)

    def phone(self, person: Person) -> Phone:
        """Return a person's phone, the same one each time."""
        if person.id not in self._phones:
            self._phones[person.id] = Phone(self.address, person.id, self.client)
        return self._phones[person.id]

    async def read(self, work: Callable[[Store], T]) -> T:
        """Look into the database as the bot does."""
        return await self.running.house.database.read(work)

    async def opens_shop(self, phone: Phone, role: str, name: str) -> str:
        """Open a shop in chat; returns its public number."""
        await phone.sends("/start")
        if not any("我是" in label for label in phone.last.labels):
            await phone.sends("/switch")
            await phone.taps("开商家店铺" if role == "商家" else "开厂家店铺")
        else:
            await phone.taps(f"我是{role}")
        await phone.sends(name)
        await phone.sends(SHIP_FROM.format(name="林小满"))
        await phone.taps("正确")
        return phone.last.text.split("店铺编号：")[1][:7]

    async def binds(self, merchant: Phone, factory: Phone, number: str) -> None:
        """Bind a factory in chat."""
        await merchant.sends(f"/bind {number}")
        await factory.sees("有商家申请绑定", anywhere=True)
        await factory.taps("确认绑定")
        await merchant.sees("已绑定")

    async def imports(self, merchant: Phone, rows: Sequence[Row], name: str = "订单.xlsx") -> None:
        """Send an export and confirm it."""
        await merchant.uploads(name, export(rows))
        await merchant.sees("以上为预览")
        await merchant.taps("确认导入")
        await merchant.sees("已导入")


@asynccontextmanager
async def playing(folder: Path, **changes: object) -> AsyncIterator[Stage]:
    """Start a playground and the bot; `changes` are settings."""
    global _begun  # noqa: PLW0603 - rows are made far from the stage they are for
    _begun = datetime.now(UTC)
    clock = Clock()
    settings = Settings(_env_file=None, var=folder / "var", port=0, metrics_port=0)
    settings = settings.model_copy(
        update={
            "database_path": settings.var / "daifa.sqlite3",
            "keys_path": settings.var / "keys.json",
            **changes,
        }
    )
    if settings.database_url is None and not settings.database_path.exists():
        fresh_database(settings.database_path)
    if not settings.keys_path.exists():
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
        Keyring.load_or_create(settings.keys_path)
    async with AsyncExitStack() as stack:
        config = Config(data=folder / "telegram")
        address = await stack.enter_async_context(playground_running(config))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        bot = await stack.enter_async_context(
            serving(
                settings,
                DEFAULT_BOT.token,
                address,
                clock=clock,
                pace=Pace(chat_pause=0, edit_pause=0),
            )
        )
        start_polling(bot, timeout=5)
        yield Stage(address, client, bot, clock, settings)


__all__ = [
    "CHEN_XIN", "LIN_XIAOMAN", "WANG_DALI", "ZHAO_MIN", "Clock", "Row", "Stage", "export",
    "order_no", "playing", "replace",
]  # fmt: skip
