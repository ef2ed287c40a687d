"""Two clocks that differ by much: ours follows the platform's, and the refused call is repeated."""

import json
import time
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from platforms.doudian.gateway import Gateway as Doudian
from platforms.doudian.opening import read_doudian_values
from platforms.doudian.signing import App
from platforms.failures import Refused
from platforms.kuaishou.gateway import Gateway as Kuaishou
from platforms.kuaishou.opening import read_kuaishou_values
from tests.platforms.conftest import KUAISHOU

AHEAD = 1_800.0


class Strict:
    """A platform half an hour ahead of us that takes no call signed ten minutes off its time."""

    def __init__(self, *, tells_time: bool = True) -> None:
        self.asked = 0
        self.tells_time = tells_time

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        fields = parse_qs(request.content.decode()) | parse_qs(request.url.query.decode())
        signed = float(fields["timestamp"][0])
        signed = signed / 1000 if signed > 10**11 else signed
        late = abs(time.time() + AHEAD - signed) > 600
        kuaishou: dict[str, Any] = {"result": 902 if late else 1, "data": {}}
        said = kuaishou | {"code": 40003 if late else 10000}
        date = {"date": formatdate(time.time() + AHEAD, usegmt=True)} if self.tells_time else {}
        return httpx.Response(200, content=json.dumps(said), headers=date)


@pytest.mark.parametrize("name", ["doudian", "kuaishou"])
async def test_a_call_refused_for_its_time_is_made_once_more_by_the_platforms_clock(
    name: str,
) -> None:
    for platform, times in ((Strict(), 2), (Strict(tells_time=False), 1)):
        async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as http:
            gateway: Doudian | Kuaishou = Kuaishou(KUAISHOU, read_kuaishou_values(), http)
            if name == "doudian":
                gateway = Doudian(App("1", "secret"), read_doudian_values(), http)
            try:
                assert await gateway.call("some/call", {}, "token") == {}
            except Refused:
                assert not platform.tells_time
            assert platform.asked == times
            if platform.tells_time:
                await gateway.call("some/call", {}, "token")
                assert platform.asked == times + 1
