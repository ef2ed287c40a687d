"""What happens is followed by a cursor that loses nothing, or heard at once by who waits."""

import asyncio
import socket

from api.listening import listening_socket
from tests.api.conftest import Shopfront
from tests.core.firm import incoming
from tests.machinery.floor import until


async def test_what_happens_is_heard_by_who_waits(front: Shopfront) -> None:
    token = await front.key()
    start = (await front.asks(token, "GET", "/v1/events")).json()["next"]
    path = f"/v1/events?after={start}&wait=5"
    waiting = asyncio.create_task(front.asks(token, "GET", path))
    await asyncio.sleep(0)
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    heard = (await waiting).json()
    assert [(each["type"], each["assignment_id"]) for each in heard["events"]] == [
        ("assignment.created", one)
    ]
    await front.asks(token, "POST", f"/v1/assignments/{one}/accept")
    more = (await front.asks(token, "GET", f"/v1/events?after={heard['next']}")).json()
    assert [(each["type"], each["door"]) for each in more["events"]] == [
        ("assignment.accepted", "api")
    ]
    changed = await front.asks(token, "GET", f"/v1/assignments?changed_after={heard['next']}")
    assert [each["id"] for each in changed.json()["assignments"]] == [one]


async def test_a_cursor_from_elsewhere_or_long_ago_is_refused_and_says_where_to_go_on(
    front: Shopfront,
) -> None:
    token = await front.key()
    await front.firm.imports([incoming(n) for n in (1, 2, 3)])
    given = await front.firm.assigns(1, 2, 3)
    every = (await front.asks(token, "GET", "/v1/events?after=0")).json()["events"]
    assert sorted(each["assignment_id"] for each in every) == sorted(given)
    first, second, last = (each["id"] for each in every)
    asks = ("/v1/events?after=", "/v1/assignments?changed_after=")
    for path in asks:
        elsewhere = await front.asks(token, "GET", f"{path}{last + 1_000}")
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "cursor_unknown")

    front.firm.watch.moves(hours=24 * 31)
    forget = front.firm.services.programs.feed.forget
    assert [await front.firm.database.write(forget) for _ in range(2)] == [2, 0]
    for known in (0, second):
        left = await front.asks(token, "GET", f"/v1/events?after={known}")
        assert [each["id"] for each in left.json()["events"]] == [last]
    for path in asks:
        gone = await front.asks(token, "GET", f"{path}{first}")
        assert (gone.status_code, gone.json()["code"]) == (409, "cursor_forgotten")
        assert gone.json()["facts"]["oldest"] == second


async def test_the_house_that_closes_lets_go_who_waits(front: Shopfront) -> None:
    token = await front.key()
    waiting = asyncio.create_task(front.asks(token, "GET", "/v1/events?wait=30"))
    await until(lambda: asyncio.sleep(0, front.watch.waiting), bool)
    front.watch.close()
    assert (await waiting).json()["events"] == []


async def test_answers_leave_without_waiting_for_an_acknowledgement() -> None:
    taken: list[bool] = []

    def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sock = writer.get_extra_info("socket")
        taken.append(bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    door = listening_socket("127.0.0.1", 0)
    async with await asyncio.start_server(accepted, sock=door):
        reader, writer = await asyncio.open_connection(*door.getsockname())
        await reader.read()
        writer.close()
    assert taken == [True]
