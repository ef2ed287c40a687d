"""How the house stands: ready or not and why; figures for Prometheus with nobody in them."""

import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from app.facing import start_http
from app.failures import CannotStart
from tests.conftest import Company
from tests.core.firm import order_no


@pytest.fixture
async def outside(company: Company) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the house's port."""
    stage = company.stage
    async with httpx.AsyncClient(base_url=start_http(stage.settings, stage.running)) as client:
        yield client


async def test_a_house_at_work_is_ready_and_says_how_it_stands(
    company: Company, outside: httpx.AsyncClient
) -> None:
    await company.merchant.sends("/help")
    answer = await outside.get("/readyz")
    found = answer.json()
    assert (answer.status_code, found["ready"]) == (200, True)
    assert found["database"]["current"]
    assert found["database"]["write_seconds"] < 5
    assert found["alerts"] == {"due": 0, "oldest_age_seconds": 0.0}
    assert 0 <= found["updates"]["last_age_seconds"] < 60


async def test_alerts_that_do_not_leave_and_another_schema_are_no_readiness(
    company: Company, outside: httpx.AsyncClient
) -> None:
    database = company.stage.running.database
    courier = next(one for one in company.stage.running.tasks if one.get_name() == "courier")
    courier.cancel()
    await company.merchant.sends("/factories")
    await company.merchant.taps("大力")
    await company.merchant.taps("解绑")
    await company.merchant.taps("解绑")
    company.stage.clock.ahead += timedelta(minutes=10)
    late = await outside.get("/readyz")
    assert late.status_code == 503
    assert late.json()["alerts"]["due"] >= 1
    assert late.json()["alerts"]["oldest_age_seconds"] > 300

    await database.write(
        lambda store: store.session.execute(text("UPDATE alembic_version SET version_num='0000'"))
    )
    other = await outside.get("/readyz")
    assert (other.status_code, other.json()["database"]["current"]) == (503, False)


async def test_figures_count_requests_by_route_and_name_nobody(company: Company) -> None:
    stage = company.stage
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = stage.settings.model_copy(update={"metrics_port": port})
    async with httpx.AsyncClient(base_url=start_http(settings, stage.running)) as client:
        await client.get("/v1/assignments/7", headers={"Authorization": "Bearer daifa_secret"})
        await client.get(f"/v1/{order_no(1)}")
        await client.request("STRANGE", "/healthz")
        figures = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    route = 'method="GET",route="/v1/assignments/{assignment_id}",status="401"'
    assert f"daifa_http_requests_total{{{route}}} 1.0" in figures
    assert 'method="GET",route="other",status="404"' in figures
    assert 'method="other"' in figures
    assert "daifa_alerts_due" in figures
    for secret in ("daifa_secret", order_no(1), "STRANGE"):
        assert secret not in figures
    with pytest.raises(CannotStart, match="DAIFA_METRICS_PORT"):
        start_http(settings, stage.running)
