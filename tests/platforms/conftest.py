"""The house's side of a platform, against the sandbox over real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.platforms.facts import Grant, PlatformOrder
from platforms.calling import open_client
from platforms.doudian.calls import Doudian
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App
from platforms.kuaishou import signing as kuaishou_signing
from platforms.kuaishou.calls import Kuaishou
from platforms.kuaishou.opening import KuaishouSettings, open_kuaishou, read_kuaishou_values
from platforms.port import Platform
from sandbox.cast import DOUDIAN_APP, KUAISHOU_APP
from tests.platforms.town import Town, founded
from tests.sandbox.conftest import (
    KS_MERCHANT,
    KS_OTHER,
    MERCHANT,
    OTHER_MERCHANT,
    Operator,
    client,
    config,
    operator,
    url,
)

__all__ = ["client", "config", "operator", "url"]


class Seller(NamedTuple):
    """A shop on Doudian that has let us in, and the platform as the house calls it."""

    doudian: Doudian
    grant: Grant
    operator: Operator

    @property
    def token(self) -> str:
        return self.grant.access_token


class Letting(NamedTuple):
    """A shop on any platform that has let us in: what is the same on all is tried with each."""

    platform: Platform
    grant: Grant
    operator: Operator
    shop: int
    other: int  # another merchant's

    @property
    def token(self) -> str:
        return self.grant.access_token

    def number(self, order: Any) -> str:
        """How the platform is asked for an order."""
        return str(order["id"] if self.platform.name == "doudian" else order["units"][0]["id"])

    async def whole(self, order: Any) -> PlatformOrder:
        """The order as the platform has it now."""
        found = await self.platform.one(self.token, self.number(order))
        assert isinstance(found, PlatformOrder), found
        return found


@pytest.fixture
async def doudian(url: str) -> AsyncIterator[Doudian]:
    settings = DoudianSettings(
        App(DOUDIAN_APP.key, DOUDIAN_APP.secret), "1", f"{url}/doudian", f"{url}/doudian/authorize"
    )
    async with open_client() as http:
        yield open_doudian(settings, read_doudian_values(), http)


@pytest.fixture
async def seller(doudian: Doudian, operator: Operator) -> Seller:
    code = (await operator.post("authorise", shop=MERCHANT))["code"]
    return Seller(doudian, await doudian.granted(code), operator)


KUAISHOU = kuaishou_signing.App(
    KUAISHOU_APP.key, KUAISHOU_APP.secret, KUAISHOU_APP.sign_secret, KUAISHOU_APP.message_key
)


@pytest.fixture
async def kuaishou(url: str) -> AsyncIterator[Kuaishou]:
    at = f"{url}/kuaishou"
    async with open_client() as http:
        yield open_kuaishou(
            KuaishouSettings(KUAISHOU, at, f"{at}/oauth/authorize"), read_kuaishou_values(), http
        )


@pytest.fixture
async def ks_seller(kuaishou: Kuaishou, operator: Operator) -> Letting:
    return await letting(kuaishou, operator, KS_MERCHANT, KS_OTHER)


@pytest.fixture(params=["doudian", "kuaishou"])
async def each(
    request: pytest.FixtureRequest, doudian: Doudian, kuaishou: Kuaishou, operator: Operator
) -> Letting:
    if request.param == "doudian":
        return await letting(doudian, operator, MERCHANT, OTHER_MERCHANT)
    return await letting(kuaishou, operator, KS_MERCHANT, KS_OTHER)


async def letting(platform: Platform, operator: Operator, shop: int, other: int) -> Letting:
    code = (await operator.post("authorise", shop=shop))["code"]
    return Letting(platform, await platform.granted(code), operator, shop, other)


@pytest.fixture
async def town(tmp_path: Path, doudian: Doudian, operator: Operator) -> AsyncIterator[Town]:
    async with founded(tmp_path, doudian, operator) as made:
        yield made


@pytest.fixture
async def ks_town(tmp_path: Path, kuaishou: Kuaishou, operator: Operator) -> AsyncIterator[Town]:
    async with founded(tmp_path, kuaishou, operator) as made:
        yield made
