"""A backup is put back: what chats show of the time that is lost does nothing to other orders."""

import asyncio
from pathlib import Path

from app.backing import back_up
from app.restored import put_back
from playground.phone import Phone
from playground.seen import M
from tests.cast import LIN_XIAOMAN, WANG_DALI, Row, Stage, order_no, playing
from tests.conftest import company_in


async def test_a_card_of_a_time_that_is_lost_acts_on_no_other_order(
    tmp_path: Path, begun: tuple[Path, list[str]]
) -> None:
    """The order assigned after the backup is gone, and the next one is given its number."""
    async with company_in(tmp_path, begun) as company:
        settings, number = company.stage.settings, company.factory_number
        backup = back_up(settings)
        await given(company.stage, order_no(1), number)
    put_back(settings, backup.path, force=True)
    await asyncio.sleep(1)  # as long as a house takes to start: Telegram tells whole seconds
    async with playing(tmp_path) as stage:
        factory = stage.phone(WANG_DALI)
        lost = await factory.sees(order_no(1), anywhere=True)
        card = await given(stage, order_no(2), number)
        assert "系统已从备份恢复" in (await factory.taps("接单", lost)).text
        await factory.replies(lost, "SF1234567890123")
        assert "系统已从备份恢复" in factory.last.text
        assert "SF1234567890123" not in await says(factory, card)
        await factory.taps("接单", card)
        await factory.replies(card, "YT1234567890123")
        await stage.phone(LIN_XIAOMAN).sees("YT1234567890123", anywhere=True)


async def given(stage: Stage, number: str, factory: str) -> M:
    """Bring an order in and assign it; returns the card the factory gets."""
    merchant = stage.phone(LIN_XIAOMAN)
    await stage.imports(merchant, [Row(number)])
    await merchant.sends(f"/assign {number} {factory}")
    return await stage.phone(WANG_DALI).sees(number, anywhere=True)


async def says(phone: Phone, message: M) -> str:
    """Return what a message says now."""
    return next(one.text for one in await phone.chat() if one.message_id == message.message_id)
