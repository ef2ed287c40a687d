"""The peers: the same echo on the two bare libraries, and the tap as one would write it on stock.

Stock is what the libraries' own pages show: bare aiogram, an `AsyncSession` of SQLModel on stock
aiosqlite, one await per statement, objects throughout. It does what 确认分配 of one order must
write, and none of what ours checks besides; its floor is the tap's own.
"""

import asyncio
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes
from telegram.request import BaseRequest, RequestData

from bench.figures import Row
from bench.house import BOT_ID, MERCHANT, Prepared, prepare
from bench.races import Race, Sizes, calm_the_collector, run_race
from bench.statements import bare
from bench.taps import ASSIGNED, bare_echo, check, confirming, recorded
from bench.telegram import TOKEN, instant_bot, press
from bot.keyboards.data import ConfirmAssign
from core.entities import (
    Account,
    Alert,
    AssignDraft,
    AssignDraftItem,
    Assignment,
    AssignmentPiece,
    AuditRow,
    Binding,
    Counter,
    HandledUpdate,
    Member,
    Order,
    OrderLine,
)
from core.ids import key
from core.text.tags import ALPHABET


async def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Return the rows of the peers."""
    calm_the_collector()
    made = await prepare(folder, sizes.all)
    echoes, stock = await _echoes(sizes), await _stock(made, sizes)
    return [
        *echoes.rows("bare python-telegram-bot echo, over bare aiogram's", None, sizes.words,
                     "peers"),
        *stock.rows("确认分配 tap on stock async SQLModel", None, sizes.words, "peers"),
    ]  # fmt: skip


async def _echoes(sizes: Sizes) -> Race:
    bot, echo = instant_bot(), bare_echo()
    application = (
        Application.builder().token(TOKEN).request(_Instant()).get_updates_request(_Instant())
        .updater(None).build()
    )  # fmt: skip
    application.add_handler(CallbackQueryHandler(_answer))
    async with application:

        async def theirs(n: int) -> None:
            raw = press(n, MERCHANT, n, "echo")
            await application.process_update(Update.de_json(raw, application.bot))

        async def aiograms(n: int) -> None:
            await echo.feed_raw_update(bot, press(n, MERCHANT, n, "echo"))

        return await run_race(theirs, aiograms, sizes)


async def _answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer()


class _Instant(BaseRequest):
    """Answers each call at once, as `bench.telegram.Instant` does."""

    @property
    def read_timeout(self) -> float | None:
        """There is nothing to wait for."""
        return None

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Say yes; to getMe, who the bot is."""
        if url.endswith("/getMe"):
            return 200, b'{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"b"}}'
        return 200, b'{"ok":true,"result":true}'


async def _stock(made: Prepared, sizes: Sizes) -> Race:
    bot, echo, raws = instant_bot(), bare_echo(), confirming(made)
    tapes = await recorded(made, bot, raws)
    engine = create_async_engine(f"sqlite+aiosqlite:///{made.copy('ours.sqlite3')}")
    router = Router()

    @router.callback_query(ConfirmAssign.filter())
    async def confirm(callback: CallbackQuery, callback_data: ConfirmAssign) -> None:
        async with AsyncSession(engine) as session:
            update, person = int(callback.id), callback.from_user.id
            await assign(session, update, person, callback_data.shop, callback_data.draft)
        await callback.answer()

    stock = Dispatcher(disable_fsm=True)
    stock.include_router(router)
    with closing(bare(made.copy("floor.sqlite3"))) as raw:

        async def theirs(n: int) -> None:
            await stock.feed_raw_update(bot, raws[n])

        async def floor(n: int) -> None:
            await echo.feed_raw_update(bot, raws[n])
            tapes[n].run(raw)

        race = await run_race(theirs, floor, sizes)
    await engine.dispose()
    await asyncio.to_thread(check, made, ASSIGNED, len(raws))
    return race


async def assign(session: AsyncSession, update: int, person: int, shop: int, draft_id: int) -> None:
    """Assign the draft's order, one await after another, for who pressed."""
    now = datetime.now(UTC)
    account = (await session.exec(select(Account).where(Account.telegram_id == person))).one()
    session.add(HandledUpdate(bot_id=BOT_ID, update_id=update, handled_at=now))
    (
        await session.exec(
            select(Member).where(Member.shop_id == shop, Member.account_id == account.id)
        )
    ).one()
    draft = await session.get_one(AssignDraft, draft_id)
    binding = (
        await session.exec(
            select(Binding).where(
                Binding.merchant_id == shop, Binding.factory_id == draft.factory_id
            )
        )
    ).one()
    order = (
        await session.exec(
            select(Order)
            .join(AssignDraftItem, col(AssignDraftItem.order_id) == col(Order.id))
            .where(AssignDraftItem.draft_id == draft.id)
        )
    ).one()
    lines = (await session.exec(select(OrderLine).where(OrderLine.order_id == order.id))).all()
    assignment = Assignment(
        order_id=key(order), merchant_id=shop, factory_id=binding.factory_id,
        binding_id=key(binding), draft_id=draft.id, status="assigned", tab="to_ship",
        sort_at=order.sort_at, tag=_tag_of(key(order)), assigned_by=key(account), assigned_at=now,
    )  # fmt: skip
    session.add(assignment)
    await session.flush()
    for line in lines:
        session.add(
            AssignmentPiece(
                assignment_id=key(assignment), line_id=key(line), quantity=line.quantity
            )
        )
    draft.state, draft.confirmed_at, draft.given = "confirmed", now, 1
    order.status, order.tab, order.factory_id = "assigned", "to_ship", binding.factory_id
    await _tell(session, binding, assignment, now)
    await session.commit()


def _tag_of(number: int) -> str:
    """Return four characters of the tags' alphabet, another for each number."""
    letters = [ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(4)]
    return "".join(letters)


async def _tell(
    session: AsyncSession, binding: Binding, assignment: Assignment, now: datetime
) -> None:
    """Count it, put it on record, owe the factory its alert."""
    binding.open_count += 1
    for shop, tab, moved in (
        (binding.merchant_id, "unassigned", -1), (binding.merchant_id, "to_ship", 1),
        (binding.factory_id, "to_ship", 1),
    ):  # fmt: skip
        counter = await session.get(Counter, (shop, tab)) or Counter(shop_id=shop, name=tab)
        counter.n += moved
        session.add(counter)
    session.add(
        AuditRow(
            at=now, account_id=assignment.assigned_by, shop_id=binding.merchant_id,
            order_id=assignment.order_id, door="chat", act="assigned",
            detail={"assignment": assignment.id, "factory": binding.factory_id},
        )
    )  # fmt: skip
    told = await session.exec(
        select(Account)
        .join(Member, col(Member.account_id) == col(Account.id))
        .where(Member.shop_id == binding.factory_id)
    )
    for one in told.all():
        session.add(
            Alert(
                chat_id=one.telegram_id, account_id=key(one), shop_id=binding.factory_id,
                event="OrderAssigned", payload={"assignment_id": assignment.id}, due_at=now,
                created_at=now,
            )
        )  # fmt: skip
