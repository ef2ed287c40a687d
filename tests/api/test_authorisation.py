"""Who may do what: every operation of the document, asked by everybody. A new one needs a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from api.documenting import document_of
from core.programs.keys import SCOPES
from tests.api.conftest import Shopfront
from tests.api.test_orders import order
from tests.core.firm import incoming

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
