"""What no program should send, and more of it than anybody should: each a clean answer."""

import asyncio
import contextlib
import json
import resource
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.limits import BODY_LIMIT, UNREAD_LIMIT
from api.rates import Rates
from tests.api.conftest import Shopfront, listening
from tests.core.firm import incoming

POLLS = 1_000
SHIPS = b'{"parcels": [{"tracking_number": "SF1234567890123", %s}]}'
CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"parcels": [', 400, "body_unreadable"),
        (b"[" * 200_000, 400, "body_unreadable"),
        (b"\xff\xfe\x00", 400, "body_unreadable"),
        (b"", 422, "request_invalid"),
        (b"null", 422, "request_invalid"),
        (b'{"parcels": "SF1234567890123"}', 422, "request_invalid"),
        (b'{"parcels": [{"tracking_number": "SF12", "piece": 2}]}', 422, "request_invalid"),
        (b'{"parcels": [{"tracking_number": "\\ud800\\ud800\\ud800"}]}', 422, "request_invalid"),
        (b'{"parcels": [{"tracking_number": "SF12", "pieces": 1e400}]}', 422, "request_invalid"),
        (SHIPS % b'"pieces": "2"', 422, "request_invalid"),
        (SHIPS % b'"pieces": true', 422, "request_invalid"),
        (SHIPS % b'"sure": "no"', 422, "request_invalid"),
        (SHIPS % b'"sure": 0', 422, "request_invalid"),
    ],
)  # fmt: skip
async def test_a_body_nobody_can_read_is_refused_and_ships_nothing(
    front: Shopfront, body: bytes, status: int, code: str
) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token = await front.key()
    headers = {"Content-Type": "application/json"}
    path = f"/v1/assignments/{one}/ship"
    answer = await front.asks(token, "POST", path, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await front.firm.order(1)).status == "assigned"


async def test_what_a_newcomer_gets_wrong_is_said_and_not_passed_over(front: Shopfront) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token, path = await front.key(), f"/v1/assignments/{one}/ship"
    misspelt = await front.asks(token, "GET", "/v1/assignments?state=shipped&limit=5")
    assert (misspelt.status_code, misspelt.json()["errors"]) == (
        422, [{"at": "query.state", "what": "There is no such parameter"}],
    )  # fmt: skip
    body = b'{"parcels": [{"tracking_number": "SF1234567890123"}]}'
    form = {"Content-Type": "application/x-www-form-urlencoded"}  # as `curl -d` sends it
    unread = await front.asks(token, "POST", path, content=body, headers=form)
    [wrong] = unread.json()["errors"]
    assert wrong == {"at": "body", "what": "Send JSON, and say so: Content-Type: application/json"}
    slash = await front.asks(token, "GET", "/v1/assignments/")
    assert (slash.status_code, slash.json()["code"]) == (404, "not_found")
    method = await front.asks(token, "PUT", path, content=body)
    assert (method.status_code, method.headers["Allow"]) == (405, "POST")
    odd = await front.asks(
        token, "POST", path, json={"parcels": [{"tracking_number": "好的好的好的"}]}
    )
    assert odd.json()["title"] == "The number has characters no carrier uses, such as 好的."


async def test_a_body_without_end_is_cut_off_while_it_streams(front: Shopfront) -> None:
    _, writer = await begins(front, await front.key(), "POST /v1/shipments", CHUNKED)
    sent = 0
    with contextlib.suppress(ConnectionError):  # it is closed while we still write
        while sent < 100 * BODY_LIMIT:
            writer.write(f"{64_000:x}\r\n".encode() + b" " * 64_000 + b"\r\n")
            await writer.drain()
            sent += 64_000
    assert BODY_LIMIT <= sent < 2 * UNREAD_LIMIT
    writer.close()
    too_long = await front.asks(
        await front.key(), "POST", "/v1/shipments", content=b" " * (BODY_LIMIT + 1)
    )
    assert (too_long.status_code, too_long.json()["code"]) == (413, "body_too_long")


async def test_a_body_that_says_it_is_huge_is_not_even_begun(front: Shopfront) -> None:
    huge = f"Content-Length: {10**12}"
    reader, writer = await begins(front, await front.key(), "POST /v1/shipments", huge)
    assert b"413" in await reader.readline()
    assert b'"code":"body_too_long"' in (await reader.read()).replace(b": ", b":")
    writer.close()


async def test_who_asks_too_often_is_told_when_to_come_back(front: Shopfront) -> None:
    token, other = await front.key(), await front.key("merchant")
    few = [await front.asks(token, "GET", "/v1/shipments") for _ in range(2)]
    assert few[1].headers["RateLimit-Reset"] == "1"  # in a part of a second: not before
    app = create_app(front.firm.database.read, place=front.place, rates=Rates(3))  # type: ignore[arg-type]
    async with listening(app, front.watch) as address:

        async def asks(token: str) -> httpx.Response:
            return await front.asks(token, "GET", f"{address}/v1/shipments")

        answers = [await asks(token) for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert [one.headers["RateLimit-Limit"] for one in answers] == ["3"] * 4
        left = [int(one.headers["RateLimit-Remaining"]) for one in answers]
        assert left == sorted(left, reverse=True)
        assert answers[3].json()["code"] == "too_many_requests"
        assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
        assert (await asks(other)).status_code == 200


async def test_a_thousand_wait_and_all_hear_the_same_event(front: Shopfront) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8 * POLLS)), hard))
    tokens = [await front.key() for _ in range(4)]
    await front.firm.imports([incoming(1)])
    waiting = [asyncio.create_task(waits(front, tokens[n % 4])) for n in range(POLLS)]
    async with asyncio.timeout(60):
        while front.watch.waiting < POLLS:  # noqa: ASYNC110 - nobody rings when all have come
            await asyncio.sleep(0.05)
    [one] = await front.firm.assigns(1)
    heard = await asyncio.gather(*waiting)
    assert {status for status, _ in heard} == {200}
    assert {page["events"][0]["assignment_id"] for _, page in heard} == {one}
    assert front.watch.waiting == 0


async def begins(
    front: Shopfront, token: str, asked: str, header: str = "Connection: close"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin a request on a connection of its own, as far as the end of its headers."""
    where = front.client.base_url
    reader, writer = await asyncio.open_connection(where.host, where.port)
    writer.write(
        f"{asked} HTTP/1.1\r\nHost: {where.host}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\n{header}\r\n\r\n".encode()
    )
    return reader, writer


async def waits(front: Shopfront, token: str) -> tuple[int, dict[str, Any]]:
    """Wait for an event; a pool of a thousand connections would be slow in itself."""
    reader, writer = await begins(front, token, "GET /v1/events?after=0&wait=30")
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)
