"""No spreadsheets: a shop is linked in chat, its orders come in, its parcels go back.

Over the playground and the sandbox, as `make run` puts them side by side.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from app.facing import start_http
from app.sandboxed import in_sandbox, introduce, sandboxed
from tests.cast import Stage
from tests.conftest import Company, company_in
from tests.sandbox.conftest import KS_MERCHANT, MERCHANT, Operator
from tests.waiting import Bell


class Seller(NamedTuple):
    """A platform's name as people read it, and the merchant's shop there."""

    name: str
    label: str
    shop: int


DOUDIAN = Seller("doudian", "抖店", MERCHANT)
KUAISHOU = Seller("kuaishou", "快手", KS_MERCHANT)


class Market(NamedTuple):
    """A company whose merchant has a shop on each platform, and who rules those platforms."""

    company: Company
    operator: Operator
    bell: Bell
    house: str  # where the house listens

    @property
    def stage(self) -> Stage:
        return self.company.stage


@pytest.fixture
async def market(tmp_path: Path, begun: tuple[Path, list[str]]) -> AsyncIterator[Market]:
    async with (
        sandboxed(tmp_path / "sandbox.sqlite3") as address,
        httpx.AsyncClient() as client,
        company_in(tmp_path, begun, **in_sandbox(address)) as company,
    ):
        running = company.stage.running
        house = start_http(company.stage.settings, running)
        await introduce(address, house)
        yield Market(company, Operator(address, client), Bell(running.database), house)


async def links(market: Market, seller: Seller = DOUDIAN) -> None:
    """The merchant links the shop: presses, signs in on the platform's page, comes back."""
    merchant = market.company.merchant
    await merchant.sends("/platform")
    await merchant.taps(f"连接{seller.label}")
    address = (await merchant.taps(f"去{seller.label}授权")).url
    assert address is not None
    async with httpx.AsyncClient(follow_redirects=False) as browser:
        page = await browser.get(address)
        assert "授权应用访问店铺" in page.text
        agreed = await browser.post(address, data={"shop": str(seller.shop)})
        # Where they come back to is the house's address in the settings: here on a free port.
        back = await browser.get(f"{market.house}{path_of(agreed.headers['location'])}")
    assert back.status_code == 200, back.text
    assert "已连接" in back.text
    await merchant.sees(f"已连接{seller.label}：小满优选", anywhere=True)


@pytest.mark.parametrize("seller", [DOUDIAN, KUAISHOU], ids=lambda one: one.name)
async def test_an_order_comes_from_the_platform_and_its_number_goes_back(
    market: Market, seller: Seller
) -> None:
    merchant, factory = market.company.merchant, market.company.factory
    await links(market, seller)
    lines = [{"name": "示例保温杯", "code": "BWB", "count": 2}]
    order = await market.operator.order(seller.shop, lines=lines)
    await arrived(market, order["id"])
    await merchant.sends(f"/assign {order['id']} {market.company.factory_number}")
    card = await factory.sees("新订单", anywhere=True)
    await factory.taps("收件信息", card)
    shown = order["recipient"]
    seen = await factory.sees(shown["name"])
    assert shown["phone"] in seen.text
    assert f"{' '.join(shown['areas'])} {shown['detail']}" in seen.text
    await factory.replies(card, "YT8800000000001")
    await factory.sees("已发货", anywhere=True)
    await told(market, order["id"], ["YT8800000000001"])
    await merchant.sends(order["id"])
    assert "✅ 已回传" in merchant.last.text


async def test_kuaishous_messages_are_answered_as_it_wants_and_no_others(market: Market) -> None:
    said = await market.operator.post("pushes/heartbeat")
    assert (said["status"], said["said"], said["taken"]) == (200, '{"result":1}', True)
    settings = await market.operator.get("settings")
    address = settings["kuaishou"]["push"]["address"]
    async with httpx.AsyncClient() as anybody:
        for body in (b"", b"QUJD", b'{"test":true}'):
            answer = await anybody.post(address, content=body)
            assert (answer.status_code, "result" in answer.text) == (401, False)


def path_of(address: str) -> str:
    return httpx.URL(address).raw_path.decode()


async def arrived(market: Market, order_no: str) -> None:
    """The order has come in: a message of the platform says so, and it is fetched."""

    async def there() -> bool:
        found = await market.stage.read(lambda store: store.orders.find(1, order_no))
        return bool(found)

    await market.bell.until(there)


async def told(market: Market, order_no: str, numbers: list[str]) -> None:
    """The platform shows the order with these numbers, and we know that it does."""

    async def acknowledged() -> bool:
        [order] = await market.stage.read(lambda store: store.orders.find(1, order_no))
        calls = await market.stage.read(lambda store: store.platforms.calls_of(order.id or 0))
        return [one.state for one in calls if one.kind == "ship"] == ["done"] * len(numbers)

    await market.bell.until(acknowledged)
    shown: dict[str, Any] = await market.operator.get(f"orders/{order_no}")
    assert [one["number"] for one in shown["parcels"]] == numbers
