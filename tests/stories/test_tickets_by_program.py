"""A factory's print system draws e-waybills, prints their labels, gives back what is not needed."""

from typing import Any

import httpx

from core.ids import key
from core.programs.keys import SCOPES
from core.values import Actor
from tests.conversations.paper import barcodes
from tests.stories.test_platforms import Market, links, market
from tests.stories.test_tickets import gives, links_factory, number_there, secrets

__all__ = ["market"]

FACTORY_SHOP = 2


class Program:
    """A print system with a key of the factory."""

    def __init__(self, market: Market, token: str, client: httpx.AsyncClient) -> None:
        self._market, self._token, self._client = market, token, client

    async def asks(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", **more.pop("headers", {})}
        return await self._client.request(
            method, f"{self._market.house}/v1/{path}", headers=headers, **more
        )

    async def results(self, path: str, **body: Any) -> list[Any]:
        answer = await self.asks("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        found: list[Any] = answer.json()["results"]
        return found


async def key_of(market: Market) -> str:
    """The factory's owner makes a key for a program."""
    running = market.stage.running
    made = running.house.services.programs.keys.make

    def work(store: Any) -> str:
        shop = store.shops.of(FACTORY_SHOP)
        return made(store, Actor(key(shop), key(shop)), "打单", SCOPES["factory"]).token

    return await running.database.write(work)


async def test_a_print_system_needs_no_address(market: Market) -> None:
    await links(market)
    await links_factory(market)
    orders = await gives(market, 2)
    async with httpx.AsyncClient() as client:
        program = Program(market, await key_of(market), client)
        listed = (await program.asks("GET", "assignments")).json()["assignments"]
        one, two = ids = [each["id"] for each in listed]
        refused = await program.asks("GET", "labels.pdf", params={"assignment_id": ids})
        assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_print")
        assert {why for _, why in refused.json()["facts"]["left_out"]} == {"no_ticket"}
        wrong = await program.asks(
            "POST", "waybills", json={"assignment_ids": ids, "carrier": "nobody"}
        )
        assert (wrong.status_code, wrong.json()["code"]) == (422, "carrier_unknown")
        once = {"headers": {"Idempotency-Key": "draw-1"}}
        body = {"assignment_ids": ids, "carrier": "yto"}
        first = await program.asks("POST", "waybills", json=body, **once)
        again = await program.asks("POST", "waybills", json=body, **once)
        assert first.json() == again.json()
        numbers = [each["tracking_number"] for each in first.json()["results"]]
        assert all(each.startswith("YT88") for each in numbers)
        labels = await program.asks("GET", "labels.pdf", params={"assignment_id": ids})
        assert sorted(barcodes(labels.content)) == sorted(numbers)
        assert not [each for each in secrets(orders) if each.encode() in labels.content]
        [given_back] = await program.results("waybills/cancel", assignment_ids=[two])
        assert given_back["tracking_number"] == numbers[1]
        parcels = [{"tracking_number": numbers[0], "carrier": "yto"}]
        shipped = await program.asks("POST", f"assignments/{one}/ship", json={"parcels": parcels})
        assert shipped.status_code == 200, shipped.text
        assert await number_there(market, orders[0]) == numbers[0]
        [used] = await program.results("waybills/cancel", assignment_ids=[one])
        assert used["why"] == "used"
