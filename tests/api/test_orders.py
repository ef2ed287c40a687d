"""A merchant's ERP brings orders in, hands them out, changes them and fetches the numbers."""

from typing import Any

import httpx

from tests.api.conftest import Shopfront

WHO = {"name": "张三丰", "phone": "13912345678", "address": "浙江省金华市义乌市示例路 1 号"}


def order(n: int, **more: Any) -> dict[str, Any]:
    """Return an order as an ERP sends it."""
    lines = [{"product": "陶瓷马克杯", "spec": "奶白色", "code": "MUG-01", "quantity": 2}]
    return {"order_no": f"ERP-{n:04}", "recipient": WHO, "lines": lines, **more}


async def pushes(front: Shopfront, token: str, *orders: dict[str, Any]) -> list[dict[str, Any]]:
    """Push orders; returns what became of each."""
    done = await front.asks(token, "POST", "/v1/orders", json={"orders": list(orders)})
    assert done.status_code == 200, done.text
    results: list[dict[str, Any]] = done.json()["results"]
    return results


async def assigns(front: Shopfront, token: str, *order_ids: int) -> httpx.Response:
    """Hand orders to the factory."""
    body = {"factory": front.firm.numbers["factory"], "order_ids": list(order_ids)}
    return await front.asks(token, "POST", "/v1/assignments", json=body)


async def test_an_erp_does_the_whole_day_without_a_chat(front: Shopfront) -> None:
    erp, printer = await front.key("merchant"), await front.key()
    results = await pushes(front, erp, order(1), order(2, buyer_note="电话 13800000000"))
    assert [one["result"] for one in results] == ["new", "new"]
    first, second = (one["order_id"] for one in results)
    given = (await assigns(front, erp, first, second)).json()["results"]
    assert all(one["assignment_id"] and not one["reason"] for one in given)

    seen = (await front.asks(printer, "GET", "/v1/assignments")).json()["assignments"]
    assert [one["order_no"] for one in seen] == ["ERP-0001", "ERP-0002"]
    assert seen[1]["buyer_note"] == "电话 138****0000"
    shipped = await front.asks(
        printer, "POST", f"/v1/assignments/{given[0]['assignment_id']}/ship",
        json={"parcels": [{"tracking_number": "SF1234567890123"}]},
    )  # fmt: skip
    assert shipped.status_code == 200

    mine = (await front.asks(erp, "GET", f"/v1/orders/{first}")).json()
    named = (await front.asks(erp, "GET", "/v1/orders?order_no=ERP-0001")).json()
    assert (named["orders"], named["next"]) == ([mine], None)
    assert mine["status"] == "shipped"
    assert [one["tracking_number"] for one in mine["parcels"]] == ["SF1234567890123"]
    assert mine["assignments"][0]["factory"] == front.firm.numbers["factory"]
    for token in (erp, printer):
        parcels = (await front.asks(token, "GET", "/v1/shipments")).json()["parcels"]
        assert [one["order_id"] for one in parcels] == [first]


async def test_a_new_program_sees_whose_key_it_has_and_whom_it_may_assign_to(
    front: Shopfront,
) -> None:
    erp, printer = await front.key("merchant"), await front.key()
    numbers = front.firm.numbers
    for token, role, other in ((erp, "merchant", "factory"), (printer, "factory", "merchant")):
        own = (await front.asks(token, "GET", "/v1/shop")).json()
        assert own == {"number": numbers[role], "name": role, "role": role}
        page = (await front.asks(token, "GET", "/v1/partners")).json()
        [partner] = page["partners"]
        assert (partner["number"], partner["status"]) == (numbers[other], "bound")
        assert page["next"] is None
        behind = await front.asks(token, "GET", f"/v1/partners?after={partner['id']}")
        assert behind.json()["partners"] == []
    await front.firm.opens("other factory", "factory", 3001)
    await front.firm.does(
        front.firm.services.bindings.request, front.firm.merchant, numbers["other factory"]
    )
    both = (await front.asks(erp, "GET", "/v1/partners?limit=2")).json()
    assert [(one["name"], one["status"]) for one in both["partners"]] == [
        ("factory", "bound"), ("other factory", "pending"),
    ]  # fmt: skip
    assert both["next"] == both["partners"][-1]["id"]
    [one] = await pushes(front, erp, order(1))
    asked = {"factory": numbers["other factory"], "order_ids": [one["order_id"]]}
    early = (await front.asks(erp, "POST", "/v1/assignments", json=asked)).json()
    assert early["code"] == "not_bound"
    assert "facts" not in early  # by which number the house knows another shop is nobody's business


async def test_the_same_push_again_is_known_and_what_differs_is_told(front: Shopfront) -> None:
    erp, printer = await front.key("merchant"), await front.key()
    [one] = await pushes(front, erp, order(1))
    await assigns(front, erp, one["order_id"])
    assert [each["result"] for each in await pushes(front, erp, order(1))] == ["known"]
    moved = {**WHO, "address": "浙江省金华市义乌市新华路 9 号"}
    [changed] = await pushes(front, erp, order(1, recipient=moved))
    assert changed["result"] == "changed"
    [seen] = (await front.asks(printer, "GET", "/v1/assignments")).json()["assignments"]
    assert seen["changed"]
    done = await front.asks(printer, "POST", f"/v1/assignments/{seen['id']}/acknowledge")
    assert not done.json()["changed"]
    [skipped] = await pushes(front, erp, order(2, after_sale="refunded"))
    assert (skipped["result"], skipped["reason"]) == ("skipped", "refunded")


async def test_older_news_never_undoes_newer(front: Shopfront) -> None:
    erp = await front.key("merchant")
    [one] = await pushes(front, erp, order(1, as_of="2026-11-22T09:00:00Z"))
    path = f"/v1/orders/{one['order_id']}/change"
    new = {"seller_note": "易碎", "as_of": "2026-11-22T12:00:00+08:00"}  # before the push
    late = await front.asks(erp, "POST", path, json=new)
    assert (late.status_code, late.json()["seller_note"]) == (200, "")
    now = await front.asks(erp, "POST", path, json={"seller_note": "易碎"})
    assert now.json()["seller_note"] == "易碎"


async def test_held_cancelled_and_recalled_orders_do_not_ship(front: Shopfront) -> None:
    erp, printer = await front.key("merchant"), await front.key()
    pushed = await pushes(front, erp, *(order(n) for n in (1, 2, 3)))
    one, two, three = (each["order_id"] for each in pushed)
    given = (await assigns(front, erp, one, two, three)).json()["results"]
    first, second, third = (each["assignment_id"] for each in given)
    held = await front.asks(erp, "POST", f"/v1/orders/{one}/change", json={"on_hold": True})
    assert held.json()["stopped"] == "on_hold"
    parcels = {"parcels": [{"tracking_number": "SF1234567890123"}]}
    refused = await front.asks(printer, "POST", f"/v1/assignments/{first}/ship", json=parcels)
    assert (refused.status_code, refused.json()["code"]) == (409, "order_stopped")
    await front.asks(erp, "POST", f"/v1/orders/{two}/cancel")
    gone = await front.asks(erp, "GET", f"/v1/orders/{two}")
    assert (gone.json()["status"], gone.json()["stopped"]) == ("closed", "cancelled")
    back = await front.asks(erp, "POST", f"/v1/assignments/{third}/recall")
    assert back.json()["status"] == "unassigned"
    for given_id, why in ((first, "on_hold"), (second, "cancelled"), (third, "recalled")):
        seen = await front.asks(printer, "GET", f"/v1/assignments/{given_id}")
        assert seen.json()["stopped"] == why
    again = await assigns(front, erp, two, three)
    results = again.json()["results"]
    assert [each["reason"] for each in results] == ["cancelled", ""]
    assert [bool(each["assignment_id"]) for each in results] == [False, True]


async def test_what_is_another_merchants_is_not_there(front: Shopfront) -> None:
    erp = await front.key("merchant")
    [one] = await pushes(front, erp, order(1))
    await front.firm.opens("other merchant", "merchant", 4001)
    theirs = await front.key("other merchant")
    path = f"/v1/orders/{one['order_id']}"
    for method, at in (("GET", path), ("POST", f"{path}/cancel"), ("POST", f"{path}/let-go")):
        hidden = await front.asks(theirs, method, at)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "order_not_found")
    refused = await assigns(front, theirs, one["order_id"])
    assert refused.status_code == 404
    assert (await front.asks(theirs, "GET", "/v1/orders")).json()["orders"] == []


async def test_bad_orders_are_refused_whole_with_where_the_fault_is(front: Shopfront) -> None:
    erp = await front.key("merchant")
    for bad, where in (
        ({"lines": []}, "body.orders.0.lines"),
        ({"order_no": "a b"}, "body.orders.0.order_no"),
        ({"quanity": 1}, "body.orders.0.quanity"),
        ({"ship_by": "2026-11-24T16:00:00"}, "body.orders.0.ship_by"),
        ({"ship_by": "0001-01-01T00:00:00Z"}, "body.orders.0.ship_by"),
        ({"recipient": {**WHO, "name": "\u200b"}}, "body.orders.0.recipient.name"),
    ):
        done = await front.asks(
            erp, "POST", "/v1/orders", json={"orders": [order(1, **bad), order(2)]}
        )
        assert done.status_code == 422, done.text
        assert [one["at"] for one in done.json()["errors"]] == [where]
    twice = await front.asks(erp, "POST", "/v1/orders", json={"orders": [order(1), order(1)]})
    assert (twice.status_code, twice.json()["code"]) == (422, "order_twice")
    assert (await front.asks(erp, "GET", "/v1/orders")).json()["orders"] == []
