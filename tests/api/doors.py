"""The same acts by two doors: people with phones, and programs with keys.

Each act is done when it returns: what it changes is committed and everybody has been told.
"""

from datetime import timedelta
from functools import partial
from typing import Any, Protocol, cast

from sqlmodel import col, func, select

from app.facing import start_http
from core.entities import Alert, Assignment
from core.ids import key
from core.ports import Store
from core.programs.keys import SCOPES
from core.values import Actor
from playground.phone import Phone
from playground.seen import M
from storage.store import SqlStore
from tests.cast import Row, order_no, today
from tests.conftest import Company
from tests.machinery.floor import until


class Door(Protocol):
    """What a merchant and its factories do; orders go by their place in the story."""

    async def brings(self, *rows: Row) -> None: ...
    async def assigns(self, n: int, *, other: bool = False) -> None: ...
    async def accepts(self, n: int) -> None: ...
    async def declines(self, n: int, reason: str) -> None: ...
    async def waits(self, n: int, days: int) -> None: ...
    async def resumes(self, n: int) -> None: ...
    async def notes(self, n: int, note: str) -> None: ...
    async def acknowledges(self, n: int, note: str) -> None: ...
    async def ships(self, n: int, *parcels: tuple[str, int], other: bool = False) -> None: ...
    async def corrects(self, n: int, wrong: str, right: str) -> None: ...
    async def holds(self, n: int) -> None: ...
    async def releases(self, n: int) -> None: ...
    async def refund_opens(self, n: int) -> None: ...
    async def lets_go(self, n: int) -> None: ...
    async def cancels(self, n: int) -> None: ...
    async def had_left(self, n: int, number: str) -> None: ...
    async def intercepts(self, n: int) -> None: ...
    async def recalls(self, n: int) -> None: ...
    async def agrees_to_recall(self, n: int) -> None: ...
    async def refuses_recall(self, n: int) -> None: ...


class ByChat:
    """People with phones."""

    def __init__(self, company: Company) -> None:
        self._at, self._cards = company, dict[int, M]()

    async def brings(self, *rows: Row) -> None:
        await self._at.stage.imports(self._at.merchant, rows)

    async def assigns(self, n: int, *, other: bool = False) -> None:
        number = self._at.other_number if other else self._at.factory_number
        await self._at.merchant.sends(f"/assign {order_no(n)} {number}")
        await self._told()
        self._cards[n] = await self._factory(other=other).sees(order_no(n), anywhere=True)

    async def accepts(self, n: int) -> None:
        await self._factory_taps(n, "接单")

    async def declines(self, n: int, reason: str) -> None:
        await self._factory_taps(n, "拒单", "其他原因")
        await self._at.factory.sends(reason)
        await self._told()

    async def waits(self, n: int, days: int) -> None:
        await self._factory_taps(n, "缺货等待", f"{days} 天后")

    async def resumes(self, n: int) -> None:
        await self._factory_taps(n, "已到货，继续")

    async def notes(self, n: int, note: str) -> None:
        await self._edits(n, "商家备注")
        await self._at.merchant.sends(note)
        await self._told()

    async def acknowledges(self, n: int, note: str) -> None:
        told = await self._at.factory.sees(note, anywhere=True)
        await self._at.factory.taps("已知晓", told)
        await self._told()

    async def ships(self, n: int, *parcels: tuple[str, int], other: bool = False) -> None:
        lines = "\n".join(f"{number} {pieces}件" for number, pieces in parcels)
        self._cards[n] = await self._replies(n, lines, "单号填错了", other=other)

    async def corrects(self, n: int, wrong: str, right: str) -> None:
        await self._replies(n, right, right)

    async def holds(self, n: int) -> None:
        await self._edits(n, "暂停发货")

    async def releases(self, n: int) -> None:
        await self._edits(n, "恢复发货")

    async def refund_opens(self, n: int) -> None:
        await self._edits(n, "退款", "买家申请退款")

    async def lets_go(self, n: int) -> None:
        await self._merchant_taps(n, "拒绝退款并发货", "确认，照常发货")

    async def cancels(self, n: int) -> None:
        await self._edits(n, "取消订单", "确定取消订单")

    async def had_left(self, n: int, number: str) -> None:
        refused = await self._replies(n, number, "请勿发货")
        await self._at.factory.taps("包裹已经寄出", refused)
        await self._told()

    async def intercepts(self, n: int) -> None:
        alarm = await self._at.merchant.sees("这单停发前包裹就已寄出", anywhere=True)
        await self._at.merchant.taps("拦截", alarm)
        await self._told()

    async def recalls(self, n: int) -> None:
        await self._merchant_taps(n, "撤回")

    async def agrees_to_recall(self, n: int) -> None:
        await self._answers_recall("同意撤回")

    async def refuses_recall(self, n: int) -> None:
        await self._answers_recall("已打包")

    async def _answers_recall(self, label: str) -> None:
        asked = await self._at.factory.sees("商家申请撤回", anywhere=True)
        await self._at.factory.taps(label, asked)
        await self._told()

    async def _edits(self, n: int, *labels: str) -> None:
        await self._merchant_taps(n, "修改", *labels)

    async def _merchant_taps(self, n: int, *labels: str) -> None:
        merchant = self._at.merchant
        await merchant.sends(f"/orders {order_no(n)}")
        for label in labels:  # nobody has news for her meanwhile: everybody has been told
            await merchant.taps(label, merchant.last)
        await self._told()

    async def _factory_taps(self, n: int, *labels: str) -> None:
        for label in labels:
            await self._at.factory.taps(label, self._cards[n])
        await self._told()

    async def _replies(self, n: int, text: str, answer: str, *, other: bool = False) -> M:
        await self._factory(other=other).replies(self._cards[n], text)
        answered = await self._factory(other=other).sees(answer)
        await self._told()
        return answered

    def _factory(self, *, other: bool) -> Phone:
        return self._at.other_factory if other else self._at.factory

    async def _told(self) -> None:
        await until(lambda: self._at.stage.read(owed), lambda n: not n)


class ByProgram:
    """A merchant's ERP and two factories' print systems."""

    def __init__(self, company: Company, address: str, tokens: dict[str, str]) -> None:
        self._at, self._address, self._tokens = company, address, tokens

    @classmethod
    async def at(cls, company: Company) -> "ByProgram":
        """Open the house's door for programs, and make them keys."""
        stage = company.stage
        keys = stage.running.house.services.programs.keys
        numbers = {
            "erp": company.merchant_number, "factory": company.factory_number,
            "other": company.other_number,
        }  # fmt: skip

        def make(store: Store) -> dict[str, str]:
            tokens = {}
            for name, number in numbers.items():
                shop = store.shops.by_number(number)
                assert shop
                owner = store.shops.owner(key(shop))
                assert owner
                actor = Actor(owner.account_id, key(shop))
                tokens[name] = keys.make(store, actor, "程序", SCOPES[shop.role]).token
            return tokens

        tokens = await stage.running.house.database.write(make)
        address = start_http(stage.settings.model_copy(update={"port": 0}), stage.running)
        return cls(company, address, tokens)

    async def brings(self, *rows: Row) -> None:
        orders = [as_pushed(row) for row in rows]
        await self._asks("erp", "/v1/orders", platform="doudian", orders=orders)

    async def assigns(self, n: int, *, other: bool = False) -> None:
        number = self._at.other_number if other else self._at.factory_number
        await self._asks("erp", "/v1/assignments", factory=number, order_ids=[n])

    async def accepts(self, n: int) -> None:
        await self._answers(n, "accept")

    async def declines(self, n: int, reason: str) -> None:
        await self._answers(n, "decline", reason=reason)

    async def waits(self, n: int, days: int) -> None:
        await self._answers(n, "hold", days=days)

    async def resumes(self, n: int) -> None:
        await self._answers(n, "resume")

    async def notes(self, n: int, note: str) -> None:
        await self._changes(n, seller_note=note)

    async def acknowledges(self, n: int, note: str) -> None:
        await self._answers(n, "acknowledge")

    async def ships(self, n: int, *parcels: tuple[str, int], other: bool = False) -> None:
        given = [{"tracking_number": number, "pieces": pieces} for number, pieces in parcels]
        await self._answers(n, "ship", parcels=given, by="other" if other else "factory")

    async def corrects(self, n: int, wrong: str, right: str) -> None:
        found = await self._at.stage.client.get(
            f"{self._address}/v1/shipments", headers=self._key("factory")
        )
        [one] = [each for each in found.json()["parcels"] if each["tracking_number"] == wrong]
        await self._asks("factory", f"/v1/shipments/{one['id']}/correct", tracking_number=right)

    async def holds(self, n: int) -> None:
        await self._changes(n, on_hold=True)

    async def releases(self, n: int) -> None:
        await self._changes(n, on_hold=False)

    async def refund_opens(self, n: int) -> None:
        await self._changes(n, after_sale="open")

    async def lets_go(self, n: int) -> None:
        await self._asks("erp", f"/v1/orders/{n}/let-go")

    async def cancels(self, n: int) -> None:
        await self._asks("erp", f"/v1/orders/{n}/cancel")

    async def had_left(self, n: int, number: str) -> None:
        await self._answers(n, "ship", parcels=[{"tracking_number": number}], left_before=True)

    async def intercepts(self, n: int) -> None:
        await self._of(n, "erp", "judge", say="intercept")

    async def recalls(self, n: int) -> None:
        await self._of(n, "erp", "recall")

    async def agrees_to_recall(self, n: int) -> None:
        await self._answers(n, "agree-recall")

    async def refuses_recall(self, n: int) -> None:
        await self._answers(n, "refuse-recall")

    async def _changes(self, n: int, **body: Any) -> None:
        await self._asks("erp", f"/v1/orders/{n}/change", **body)

    async def _answers(self, n: int, act: str, *, by: str = "factory", **body: Any) -> None:
        await self._of(n, by, act, **body)

    async def _of(self, n: int, who: str, act: str, **body: Any) -> None:
        """Do something about the newest assignment of an order."""
        newest = await self._at.stage.read(partial(newest_of, order_id=n))
        await self._asks(who, f"/v1/assignments/{newest}/{act}", **body)

    async def _asks(self, who: str, path: str, **body: Any) -> None:
        done = await self._at.stage.client.post(
            f"{self._address}{path}", headers=self._key(who), json=body or None
        )
        assert done.status_code == 200, (path, done.text)
        await until(lambda: self._at.stage.read(owed), lambda n: not n)

    def _key(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"}


def newest_of(store: Store, order_id: int) -> int:
    """Return the last assignment of an order."""
    newest = select(func.max(Assignment.id)).where(Assignment.order_id == order_id)
    return cast("SqlStore", store).session.scalar(newest) or 0


def owed(store: Store) -> int:
    """Return how many alerts are still to be sent."""
    waiting = select(func.count()).where(col(Alert.state) == "owed")
    return cast("SqlStore", store).session.scalar(waiting) or 0


def as_pushed(row: Row) -> dict[str, Any]:
    """Return a row of an export as an ERP would push it."""
    ship_by = today() + timedelta(hours=row.hours)
    return {
        "order_no": row.order_no,
        "recipient": {
            "name": row.name, "phone": row.phone, "province": "浙江省", "city": "金华市",
            "district": "义乌市", "address": row.address,
        },
        "lines": [
            {"number": row.sub or f"{row.order_no}1", "product": row.product, "spec": row.spec,
             "code": row.code, "quantity": row.pieces}
        ],
        "paid_at": (ship_by - timedelta(hours=48)).isoformat(),
        "ship_by": ship_by.isoformat(),
    }  # fmt: skip
