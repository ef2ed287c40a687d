"""Programs of the merchant and a factory, and what happens on their platforms meanwhile.

A program that gets no answer asks the same again under the same key, until it gets one.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from tests.api.doors import as_pushed
from tests.cast import Row
from tests.sandbox.conftest import KS_MERCHANT, MERCHANT
from tests.torture.town import Plan, Town

AGAIN = 0.1  # seconds until a program asks again
LONGEST = 2.0  # seconds it waits, whatever it is told
PATIENT = 300.0  # seconds until it gives up
PLATFORMS = {"doudian": MERCHANT, "kuaishou": KS_MERCHANT}
BY_PROGRAM = 0  # the factory that has a program


async def asks(
    town: Town, who: str, method: str, path: str, once: str = "", **more: Any
) -> dict[str, Any]:
    """Ask until there is an answer; `once` names what is asked."""
    headers = {"Authorization": f"Bearer {town.tokens[who]}"}
    if once:
        headers["Idempotency-Key"] = once
    async with asyncio.timeout(PATIENT):
        while True:
            try:
                answer = await town.stage.client.request(
                    method, f"{town.house.address}{path}", headers=headers, **more
                )
            except httpx.TransportError:
                await asyncio.sleep(AGAIN)
                continue
            if answer.status_code in (429, 503):  # 503: nothing can be kept just now
                await asyncio.sleep(min(float(answer.headers["retry-after"]), LONGEST))
                continue
            assert answer.status_code == 200, (method, path, answer.status_code, answer.text)
            found: dict[str, Any] = answer.json()
            return found


async def erp_pushes(town: Town) -> None:
    """The merchant's own system pushes orders and hands them out, many or few at a time."""
    pushed = 0
    while not town.over:
        count = town.rng.choice((1, 2, 3, 7))
        numbers = [f"ERP-{pushed + one:06d}" for one in range(1, count + 1)]
        plans = town.buys("api", numbers, BY_PROGRAM)
        pushed += count
        orders = [as_pushed(Row(one)) for one in numbers]
        said = await asks(
            town, "erp", "POST", "/v1/orders", f"push-{pushed}", json={"orders": orders}
        )
        await town.did()
        ids = {one["order_no"]: one["order_id"] for one in said["results"]}
        await hands_out(town, plans, ids)
        await town.calm()


async def platforms_sell(town: Town, name: str) -> None:
    """Orders are bought on a platform and come in by themselves; remarks follow some."""
    shop = PLATFORMS[name]
    while not town.over:
        quiet = town.rng.random() < 0.2  # no message tells of it
        made = await town.operator.post(
            "orders", shop=shop, count=town.rng.randint(1, 3), quiet=quiet
        )
        plans = town.buys(name, made["orders"], BY_PROGRAM)
        ids = {one.number: await arrived(town, one.number) for one in plans}
        await hands_out(town, plans, ids)
        for plan in plans:
            if plan.what == "leave":
                plan.note = f"加急 {plan.parcel}"
                await town.operator.post(f"orders/{plan.number}/remark", text=plan.note)
        await town.calm()


async def arrived(town: Town, number: str) -> int:
    """Wait until an order has come in; returns its id."""
    async with asyncio.timeout(PATIENT):
        while True:
            found = await asks(town, "erp", "GET", f"/v1/orders?order_no={number}")
            if found["orders"]:
                await town.did()
                return int(found["orders"][0]["id"])
            await asyncio.sleep(0.25)


async def hands_out(town: Town, plans: Sequence[Plan], ids: dict[str, int]) -> None:
    """Assign them in one request; take some back, leave the others to the factory's program."""
    order_ids = [ids[one.number] for one in plans]
    body = {"order_ids": order_ids, "factory": town.numbers[BY_PROGRAM]}
    once = f"assign-{order_ids[0]}"
    said = await asks(town, "erp", "POST", "/v1/assignments", once, json=body)
    await town.did()
    given = {one["order_no"]: one["assignment_id"] for one in said["results"]}
    assert all(given.values()), said
    for plan in plans:
        one = given[plan.number]
        if plan.what == "take back":
            await asks(town, "erp", "POST", f"/v1/assignments/{one}/recall", f"recall-{one}")
            await town.did(1)
        elif plan.what == "leave":
            await town.did(1)
        else:
            town.printing.put_nowait((one, plan))


async def print_system_ships(town: Town) -> None:
    """The factory's own system accepts, declines, and ships, one by one or some together."""
    while (first := await town.printing.get()) is not None:
        some = [first]
        while not town.printing.empty() and len(some) < 4:
            one = town.printing.get_nowait()
            if one is None:
                town.printing.put_nowait(None)
                break
            some.append(one)
        for given, plan in some:
            at = f"/v1/assignments/{given}"
            if plan.what.startswith("accept"):
                await asks(town, "print", "POST", f"{at}/accept", f"accept-{given}")
                await town.did()
            if plan.what == "decline":
                body = {"reason": "缺货"}
                await asks(town, "print", "POST", f"{at}/decline", f"no-{given}", json=body)
        await ships(town, [one for one in some if one[1].what.endswith("ship")])
        for _ in some:
            await town.did(1)


async def ships(town: Town, some: Sequence[tuple[int, Plan]]) -> None:
    if len(some) > 1:
        shipments = [{"assignment_id": given, "parcels": [_parcel(plan)]} for given, plan in some]
        once, body = f"ship-from-{some[0][0]}", {"shipments": shipments}
        said = await asks(town, "print", "POST", "/v1/shipments", once, json=body)
        assert not any(one["problem"] for one in said["results"]), said
    for given, plan in some[: 1 if len(some) == 1 else 0]:
        one = {"parcels": [_parcel(plan)]}
        at = f"/v1/assignments/{given}/ship"
        await asks(town, "print", "POST", at, f"ship-{given}", json=one)


def _parcel(plan: Plan) -> dict[str, object]:
    return {"tracking_number": plan.parcel, "carrier": "yto"}


class Follower:
    """A program that follows the factory's events, however often the answer is cut off."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.seen: list[int] = []

    async def follows(self) -> None:
        """Follow until cancelled."""
        while True:
            await self.looks(wait=20)

    async def looks(self, wait: int = 0) -> bool:
        """Take the next page; returns whether there was anything on it."""
        after = self.seen[-1] if self.seen else 0
        page = await asks(
            self._town, "print", "GET", f"/v1/events?after={after}&wait={wait}&limit=100"
        )
        self.seen += [one["id"] for one in page["events"]]
        return bool(page["events"])
