"""Whoever means ill, with a key and without: each gets a clean answer, and nobody else waits."""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.health import readiness
from api.limits import Limits
from api.rates import Rates
from core.programs.targets import is_public
from tests.api.conftest import Shopfront, listening
from tests.core.firm import incoming

PATHS = ("/v1/orders", "/v1/orders/1/change", "/v1/assignments", "/v1/shipments",
         "/v1/assignments/1/ship", "/v1/assignments/1/decline")  # fmt: skip
BODIES = [
    b'{"\\ud800": 1}', b'{"orders": [{"order_no": "\\ud800"}]}', b"[" * 100_000, b'{"a":' * 50_000,
    b'{"days": ' + b"9" * 5_000 + b"}", b'{"days": 1e999}', b'{"days": NaN}', b'{"days": -0}',
    b'{"reason": "\\ud800\\ud800"}', b'{"reason": "\\u0000"}',
    b'{"parcels": [{"tracking_number": "SF1234567890123", "carrier": "\\ud800x"}]}',
    b'{"parcels": [{"tracking_number": "\\ud800234567", "carrier": "sf"}]}',
    b'{"shipments": [{"assignment_id": 1, "parcels": [{"tracking_number": "a\\udfffbcdef"}]}]}',
    b'{"factory": "\\ud8001234567", "order_ids": [1]}', b"\xff\xfe", b'"', b"null", b"1",
    b'{"buyer_note": "\\ud83d"}', b'{"x": "' + b"x" * 100_000 + b'"}',
]  # fmt: skip


async def test_no_body_whatever_is_an_error_of_the_server(front: Shopfront) -> None:
    await front.firm.imports([incoming(1)])
    await front.firm.assigns(1)
    tokens = [await front.key("merchant"), await front.key()]
    for path in PATHS:
        for token in tokens:
            for body in BODIES:
                for kind in ("application/json", "text/plain", "application/json; charset=utf-16"):
                    done = await front.asks(
                        token, "POST", path, content=body, headers={"content-type": kind}
                    )
                    assert 400 <= done.status_code < 500, (path, body[:60], kind, done.text[:200])
                    assert done.json()["code"], (path, body[:60])
                    assert len(done.content) < 20_000, (path, body[:60])


async def test_a_body_that_comes_byte_by_byte_is_waited_for_no_longer_than_it_may_take(
    front: Shopfront,
) -> None:
    hurried = Limits(front.app, Rates(), body_seconds=0.2)
    async with listening(hurried, front.watch) as address:
        url = httpx.URL(address)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        head = "POST /v1/shipments HTTP/1.1", "Host: x", "Content-Length: 100", "", "{"
        writer.write("\r\n".join(head).encode())
        assert b" 408 " in await reader.readline()
        assert b"body_too_slow" in await reader.read()
        writer.close()


async def test_who_leaves_while_sending_is_no_error_of_ours(
    front: Shopfront, caplog: pytest.LogCaptureFixture
) -> None:
    url = front.client.base_url
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"POST /v1/shipments HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await front.asks(await front.key(), "GET", "/v1/shipments")).status_code == 200
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_made_up_keys_buy_nobody_more_requests(front: Shopfront) -> None:
    token = await front.key()
    app = create_app(front.firm.database.close, place=front.place, rates=Rates(5))
    async with listening(app, front.watch) as address:

        async def asks(token: str, path: str) -> int:
            return (await front.asks(token, "GET", f"{address}/v1/{path}")).status_code

        assert await asks(token, "shipments") == 200  # it is let in: from now on it pays itself
        tried = [await asks(f"daifa_{n}", "shipments?limit=no") for n in range(3)]
        tried += [await asks(f"daifa_{n}", "shipments") for n in range(3)]
        assert tried == [422, 422, 422, 401, 401, 429]
        assert await asks(token, "shipments") == 200
        assert await asks(await front.key("merchant"), "shipments") == 429  # till they give up


async def test_however_many_ask_whether_the_house_is_ready_it_looks_once_at_a_time() -> None:
    looks, begun, go_on = 0, asyncio.Event(), asyncio.Event()

    async def look() -> dict[str, bool]:
        nonlocal looks
        looks += 1
        begun.set()
        await go_on.wait()
        return {"ready": True}

    app = FastAPI()
    app.include_router(readiness(look))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://house"
    ) as client:
        asking = [asyncio.create_task(client.get("/readyz")) for _ in range(50)]
        await begun.wait()
        go_on.set()
        assert {one.status_code for one in await asyncio.gather(*asking)} == {200}
        assert looks == 1
        assert (await client.get("/readyz")).status_code == 200
    assert looks == 2


@pytest.mark.parametrize(
    "address",
    ["::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::",
     "2001::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "3fff::1", "5f00::1", "100::1",
     "ff02::1", "::", "0.0.0.0", "100.64.0.1", "169.254.169.254", "192.0.0.8", "192.88.99.1",
     "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
)  # fmt: skip
def test_no_address_of_a_network_of_ones_own_is_called_public(address: str) -> None:
    assert not is_public(address)
