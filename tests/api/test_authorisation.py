"""Who may do what: every operation of the document, asked by everybody. A new one needs a row."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from api.documenting import document_of
from core.ids import key
from core.programs.keys import SCOPES
from storage.store import SqlStore
from tests.api.conftest import Shopfront
from tests.api.test_orders import order
from tests.core.firm import incoming, order_no

PARCELS = {"parcels": [{"tracking_number": "SF1234567890123"}]}


@dataclass(frozen=True)
class Row:
    """One operation: for whom, with which scope, what is sent, whether it names something owned.

    `right` is what the owner is answered in the scene below.
    """

    roles: tuple[str, ...]
    scope: str
    body: Mapping[str, Any] | None = None
    owned: bool = True
    right: int = 200


BOTH, FACTORY, MERCHANT = ("factory", "merchant"), ("factory",), ("merchant",)
TABLE = {
    ("get", "/v1/shop"): Row(BOTH, "read", owned=False),
    ("get", "/v1/partners"): Row(BOTH, "read", owned=False),
    ("get", "/v1/events"): Row(BOTH, "read", owned=False),
    ("get", "/v1/shipments"): Row(BOTH, "read", owned=False),
    ("get", "/v1/labels.pdf"): Row(FACTORY, "recipients", {"assignment_id": 1}),
    ("get", "/v1/assignments"): Row(FACTORY, "read", owned=False),
    ("get", "/v1/assignments/{assignment_id}"): Row(FACTORY, "read"),
    ("post", "/v1/assignments/{assignment_id}/recipient"): Row(FACTORY, "recipients"),
    ("post", "/v1/assignments/{assignment_id}/accept"): Row(FACTORY, "ship"),
    ("post", "/v1/assignments/{assignment_id}/decline"): Row(FACTORY, "ship", {"reason": "缺货"}),
    ("post", "/v1/assignments/{assignment_id}/hold"): Row(FACTORY, "ship", {"days": 3}),
    ("post", "/v1/assignments/{assignment_id}/resume"): Row(FACTORY, "ship", right=409),
    ("post", "/v1/assignments/{assignment_id}/agree-recall"): Row(FACTORY, "ship", right=409),
    ("post", "/v1/assignments/{assignment_id}/refuse-recall"): Row(FACTORY, "ship", right=409),
    ("post", "/v1/assignments/{assignment_id}/acknowledge"): Row(FACTORY, "ship"),
    ("post", "/v1/assignments/{assignment_id}/ship"): Row(FACTORY, "ship", PARCELS),
    ("post", "/v1/waybills"): Row(  # this house has no platform to ask
        FACTORY, "ship", {"assignment_ids": [1], "carrier": "yto"}, right=422
    ),
    ("post", "/v1/waybills/cancel"): Row(FACTORY, "ship", {"assignment_ids": [1]}),
    ("post", "/v1/shipments"): Row(
        FACTORY, "ship", {"shipments": [{"assignment_id": 1, **PARCELS}]}, owned=False
    ),
    ("post", "/v1/shipments/{shipment_id}/correct"): Row(
        FACTORY, "ship", {"tracking_number": "SF1234567890999"}
    ),
    ("get", "/v1/orders"): Row(MERCHANT, "read", owned=False),
    ("get", "/v1/orders/{order_id}"): Row(MERCHANT, "read"),
    ("post", "/v1/orders"): Row(MERCHANT, "orders", {"orders": [order(9)]}, owned=False),
    ("post", "/v1/orders/{order_id}/change"): Row(MERCHANT, "orders", {"seller_note": "易碎"}),
    ("post", "/v1/orders/{order_id}/cancel"): Row(MERCHANT, "orders"),
    ("post", "/v1/orders/{order_id}/let-go"): Row(MERCHANT, "orders", right=409),
    ("post", "/v1/assignments"): Row(
        MERCHANT, "orders", {"factory": "F", "order_ids": [1]}
    ),
    ("post", "/v1/assignments/{assignment_id}/recall"): Row(MERCHANT, "orders"),
    ("post", "/v1/assignments/{assignment_id}/judge"): Row(
        MERCHANT, "orders", {"say": "intercept"}, right=404
    ),
}  # fmt: skip
ROWS = sorted(TABLE.items())
IDS = [f"{method} {path}" for (method, path), _ in ROWS]


async def test_every_operation_has_a_row(front: Shopfront) -> None:
    document = document_of(front.app)
    there = {(method, path) for path, item in document["paths"].items() for method in item}
    assert there == set(TABLE)


@dataclass
class Scene:
    """An order at a factory, another that has left, and who asks."""

    front: Shopfront
    method: str
    path: str
    row: Row

    async def answers(self, token: str | None) -> int:
        """Return the status this caller is answered with."""
        body = dict(self.row.body) if self.row.body is not None else None
        if body and "factory" in body:
            body["factory"] = self.front.firm.numbers["factory"]
            body["order_ids"] = [3]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        given: Any = {"params": body} if self.method == "get" else {"json": body}
        answer = await self.front.client.request(self.method, self.path, headers=headers, **given)
        assert answer.status_code == 200 or answer.json()["code"]
        return answer.status_code


@pytest.fixture
async def scene(front: Shopfront, request: pytest.FixtureRequest) -> Scene:
    """Two orders at the factory, the second with a parcel; the third is nobody's."""
    firm = front.firm
    await firm.imports([incoming(n) for n in (1, 2, 3)])
    one, two = await firm.assigns(1, 2)
    shipping = firm.services.shipping
    await firm.does(shipping.numbers, firm.factory, two, [("SF1234567890124", None, None)])
    (method, path), row = request.param
    filled = path.format(assignment_id=one, order_id=1, shipment_id=1)
    return Scene(front, method, filled, row)


@pytest.mark.parametrize("scene", ROWS, indirect=True, ids=IDS)
async def test_only_whose_it_is_with_the_scope_for_it(scene: Scene) -> None:
    front, row = scene.front, scene.row
    firm, keys = front.firm, front.firm.services.programs.keys
    await firm.opens("other factory", "factory", 3001)
    await firm.opens("other merchant", "merchant", 3002)

    assert await scene.answers(None) == 401
    assert await scene.answers("daifa_nobodys") == 401
    for role in BOTH:
        everything = await front.key(role)
        if role not in row.roles:
            assert await scene.answers(everything) == 403
            continue
        others = [scope for scope in SCOPES[role] if scope != row.scope]  # type: ignore[index]
        assert await scene.answers(await front.key(role, *others)) == 403
        stranger = await scene.answers(await front.key(f"other {role}"))
        assert stranger == (404 if row.owned else 200)

        made = await firm.does(keys.make, firm.people[role], "停用", [row.scope])
        await firm.does(keys.revoke, firm.people[role], made.key.id)
        assert await scene.answers(made.token) == 401
        assert await scene.answers(await front.key(role, row.scope)) == row.right


# Pages that anybody may read: nothing of any shop is in them.
OPEN = {"/healthz", "/docs", "/docs/oauth2-redirect", "/docs/assets", "/v1/openapi.json"}


async def test_every_route_has_a_row_or_is_a_page_for_anybody(front: Shopfront) -> None:
    """Whatever answers at all: an operation of the table, or a page without anybody's data."""
    firm = front.firm
    await firm.imports([incoming(1, name="李时珍", street="本草路")])
    await firm.assigns(1)
    paths = {path for path in map(_path, front.app.routes) if path is not None}
    others = paths - {path for _, path in TABLE}
    assert others - OPEN <= {path for path in others if path.startswith("/docs/")}, others
    for path in sorted(others - {"/docs/assets"}):
        answer = await front.client.get(path.partition("{")[0])
        assert answer.status_code in {200, 404, 307}, path
        for secret in ("李时珍", "本草路", firm.numbers["merchant"], order_no(1)):
            assert secret not in answer.text, path


def _path(route: object) -> str | None:
    return getattr(route, "path", None)


WRONG = (
    None, "", "Bearer", "Bearer ", "Basic {token}", "{token}", "bearer  {token} x", "Bearer {cut}",
    "Bearer {token}x", "Bearer daifa_", "Bearer {upper}", "Bearer 密钥", "Bearer {token}\x00",
    "Bearer " + "x" * 7000, "Token {token}", "Bearer {token}, Bearer {token}",
)  # fmt: skip


async def test_a_key_wrong_in_any_way_opens_nothing(front: Shopfront) -> None:
    """Each is answered alike; none is an error of ours; the right one works beside them."""
    token = await front.key("factory")
    forms = {"token": token, "cut": token[:-1], "upper": token.upper()}
    said: set[str] = set()
    for wrong in WRONG:
        for path in ("/v1/shop", "/v1/assignments/1"):
            status, body = await _raw(front, path, wrong and wrong.format(**forms))
            assert status in {400, 401}, (wrong, status)
            if status == 401:
                said.add(body)
    assert len(said) == 1, said
    assert (await front.asks(token, "get", "/v1/shop")).status_code == 200


async def _raw(front: Shopfront, path: str, given: str | None) -> tuple[int, str]:
    """Ask with a header no client would send; returns what was answered."""
    host, port = front.client.base_url.host, front.client.base_url.port
    reader, writer = await asyncio.open_connection(host, port)
    header = b"" if given is None else b"Authorization: " + given.encode() + b"\r\n"
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode() + header + b"\r\n"
    )
    answer = (await reader.read()).decode("utf-8", "replace")
    writer.close()
    return int(answer.split(" ")[1]), answer.partition("\r\n\r\n")[2]


async def test_who_has_left_takes_no_key_along(front: Shopfront) -> None:
    """A key speaks for its maker: handed over and left, the shop is closed to it."""
    firm, staffing = front.firm, front.firm.services.staffing
    token = await front.key("factory")
    made = await firm.does(staffing.invite, firm.factory)

    def join(store: SqlStore) -> int:
        account = key(firm.services.accounts.meet(store, 2002, "接班人"))
        staffing.join(store, account, made.token)
        return account

    heir = await firm.database.write(join)
    assert (await front.asks(token, "get", "/v1/shop")).status_code == 200
    await firm.does(staffing.hand_over, firm.factory, heir)
    await firm.does(staffing.leave, firm.factory)
    assert (await front.asks(token, "get", "/v1/shop")).status_code == 401


@pytest.mark.parametrize("how", ["recalled", "unbound"])
async def test_what_was_taken_back_is_shown_to_nobody_in_full(front: Shopfront, how: str) -> None:
    """Every operation of the factory on it: no recipient in any answer, nothing ships it."""
    firm = front.firm
    await firm.imports([incoming(1)])
    [given] = await firm.assigns(1)
    token = await front.key("factory")
    if how == "recalled":
        await firm.does(firm.services.recalling.one, firm.merchant, given)
    else:
        binding = firm.services.bindings
        await firm.does(lambda store, who: binding.unbind(store, who, 1, back=True), firm.merchant)
    for (method, path), row in ROWS:
        if "factory" not in row.roles:
            continue
        filled = path.format(assignment_id=given, shipment_id=1)
        asked: Any = {"params": row.body} if method == "get" else {"json": row.body}
        answer = await front.asks(token, method, filled, **asked)
        for secret in ("张三丰", "13912345678", "示例路"):
            assert secret not in answer.text, (method, path)
    assert (await firm.assignment(given)).status == "recalled"
    assert not await firm.looks(lambda store: store.shipments.of_assignment(given))
