"""A sandbox on a free port, its operator, and programs that act for its shops."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import sandbox
from sandbox import Config
from sandbox.cast import KUAISHOU_APP
from tests.sandbox.signed import DoudianCaller, KuaishouCaller

MERCHANT, OTHER_MERCHANT, FACTORY, OTHER_FACTORY = 4_463_001, 4_463_002, 4_463_101, 4_463_102
KS_MERCHANT, KS_OTHER, KS_FACTORY = 5_570_001, 5_570_002, 5_570_101
MASK = 90_463_001  # how the factory knows the merchant


class Operator:
    """The control side, in JSON."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self.url = url
        self.client = client

    async def raw(self, verb: str, path: str, body: Any = None) -> httpx.Response:
        return await self.client.request(verb, f"{self.url}/control/{path}", json=body)

    async def get(self, path: str) -> Any:
        answer = await self.raw("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.raw("POST", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def order(self, shop: int = MERCHANT, **facts: Any) -> Any:
        """A new order, as the control side shows it."""
        made = await self.post("orders", shop=shop, **facts)
        return await self.get(f"orders/{made['orders'][0]}")

    async def does(self, name: str, order: Any, /, **facts: Any) -> Any:
        return await self.post(f"orders/{order['id']}/{name}", **facts)

    async def fault(self, kind: str, **facts: Any) -> None:
        await self.post("faults", faults=[{"kind": kind, **facts}])

    async def pushed(self, after: int = 0) -> list[Any]:
        """Messages once nothing is due, oldest first."""
        answer = await self.get(f"pushes?after={after}&wait=10")
        assert answer["settled"]
        return list(reversed(answer["pushes"]))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(state=tmp_path / "sandbox.sqlite3")


@pytest.fixture
async def url(config: Config) -> AsyncIterator[str]:
    async with sandbox.start(config) as address:
        yield address


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=False) as client:  # loads no certificates: http only
        yield client


@pytest.fixture
def operator(url: str, client: httpx.AsyncClient) -> Operator:
    return Operator(url, client)


async def token_of(operator: Operator, shop: int) -> str:
    """An access token for a shop of either platform."""
    code = (await operator.post("authorise", shop=shop))["code"]
    if shop >= KS_MERCHANT:
        app = {"app_id": KUAISHOU_APP.key, "app_secret": KUAISHOU_APP.secret}
        address = f"{operator.url}/kuaishou/oauth2/access_token"
        answer = await operator.client.get(
            address, params={**app, "grant_type": "code", "code": code}
        )
        return str(answer.json()["access_token"])
    caller = DoudianCaller(operator.url, operator.client)
    data = await caller("token.create", grant_type="authorization_code", code=code)
    assert data["shop_id"] == shop
    return str(data["access_token"])


@pytest.fixture
async def merchant(operator: Operator) -> DoudianCaller:
    return DoudianCaller(operator.url, operator.client, await token_of(operator, MERCHANT))


@pytest.fixture
async def factory(operator: Operator) -> DoudianCaller:
    return DoudianCaller(operator.url, operator.client, await token_of(operator, FACTORY))


@pytest.fixture
async def ks_merchant(operator: Operator) -> KuaishouCaller:
    return KuaishouCaller(operator.url, operator.client, await token_of(operator, KS_MERCHANT))


@pytest.fixture
async def ks_factory(operator: Operator) -> KuaishouCaller:
    return KuaishouCaller(operator.url, operator.client, await token_of(operator, KS_FACTORY))
