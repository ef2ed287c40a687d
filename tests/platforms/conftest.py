"""The house's side of a platform, against the sandbox over real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core.platforms.facts import Grant
from platforms.calling import open_client
from platforms.doudian.calls import Doudian
from platforms.doudian.opening import DoudianSettings, open_doudian, read_doudian_values
from platforms.doudian.signing import App
from sandbox.cast import DOUDIAN_APP
from tests.platforms.town import Town, founded
from tests.sandbox.conftest import MERCHANT, Operator, client, config, operator, url

__all__ = ["client", "config", "operator", "url"]


class Seller(NamedTuple):
    """A shop on Doudian that has let us in, and the platform as the house calls it."""

    doudian: Doudian
    grant: Grant
    operator: Operator

    @property
    def token(self) -> str:
        return self.grant.access_token


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


@pytest.fixture
async def town(tmp_path: Path, doudian: Doudian, operator: Operator) -> AsyncIterator[Town]:
    async with founded(tmp_path, doudian, operator) as made:
        yield made
