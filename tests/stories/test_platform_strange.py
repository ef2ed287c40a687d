"""What a platform sends that nobody here knows stops nothing, and an operator can see it."""

import json
import socket
from pathlib import Path

import httpx
from structlog.testing import capture_logs

from app.facing import start_http
from app.sandboxed import in_sandbox, introduce, sandboxed
from platforms.noticing import SELDOM, Noticing
from sandbox.cast import DOUDIAN_APP
from sandbox.doudian.signing import event_sign
from tests.conftest import company_in
from tests.sandbox.conftest import MERCHANT, Operator
from tests.stories.test_platforms import Market, arrived, links
from tests.waiting import Bell


async def test_what_nobody_knows_is_left_alone_and_counted_under_words_of_ours(
    tmp_path: Path, begun: tuple[Path, list[str]]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    async with (
        sandboxed(tmp_path / "sandbox.sqlite3") as address,
        httpx.AsyncClient() as client,
        company_in(tmp_path, begun, metrics_port=port, **in_sandbox(address)) as company,
    ):
        house = start_http(company.stage.settings, company.stage.running)
        await introduce(address, house)
        bell = Bell(company.stage.running.database)
        market = Market(company, Operator(address, client), bell, house)
        await market.operator.post(
            "faults", faults=[{"kind": "unknown", "method": "order.searchList"}]
        )
        order = await market.operator.order(quiet=True)
        await links(market)
        await arrived(market, order["id"])  # with a field of next year
        push = f"{house}/platforms/doudian/push"
        await _posts(client, push, [
            {"tag": "tag-of-next-year", "msg_id": "s1", "data": {"shop_id": MERCHANT}},
            {"tag": "101", "data": {}},
        ])  # fmt: skip
        with capture_logs() as logs:
            for _ in range(3):
                forged = await client.post(push, content=b"[]", headers={"event-sign": "0" * 32})
                assert forged.status_code == 401
        assert [one["kind"] for one in logs if "kind" in one] == ["signature"]
        figures = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    counted = 'daifa_platform_strange_total{kind="%s",platform="doudian"} %d.0'
    for kind, n in (("signature", 3), ("tag", 1), ("message", 1)):
        assert counted % (kind, n) in figures
    assert 'kind="field",platform="doudian"' in figures
    assert "next" not in figures


async def _posts(client: httpx.AsyncClient, address: str, messages: list[object]) -> None:
    body = json.dumps(messages).encode()
    answer = await client.post(
        address, content=body, headers={"event-sign": event_sign(DOUDIAN_APP, body)}
    )
    assert answer.status_code == 200, answer.text


def test_the_log_says_the_same_once_a_minute_and_how_often_it_was() -> None:
    clock = [0.0]
    noticing = Noticing(lambda: clock[0])
    with capture_logs() as logs:
        for _ in range(5):
            noticing.met("doudian", "tag", name="9" * 100)
        noticing.met("doudian", "field", 0)
        noticing.met("kuaishou", "tag")
        clock[0] = SELDOM
        noticing.met("doudian", "tag")
    assert [(one["platform"], one["times"]) for one in logs] == [
        ("doudian", 1), ("kuaishou", 1), ("doudian", 5),
    ]  # fmt: skip
    assert logs[0]["one_of_them"] == "9" * 64
    assert noticing.counts() == {("doudian", "tag"): 6, ("kuaishou", "tag"): 1}
