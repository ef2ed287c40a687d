"""A factory's print system reads its orders, answers them and ships them."""

import asyncio

import httpx

from core.answers.fulfilling import REASON_LIMIT
from core.entities import AuditRow
from tests.api.conftest import Shopfront
from tests.core.firm import SHIP_FROM, incoming, line, order_no


async def test_a_print_system_reads_ships_and_the_merchant_sees_it(front: Shopfront) -> None:
    await front.firm.imports([incoming(1, lines=(line(1, 2),)), incoming(2)])
    one, two = await front.firm.assigns(1, 2)
    token = await front.key()
    page = (await front.asks(token, "GET", "/v1/assignments?status=assigned")).json()
    assert [each["id"] for each in page["assignments"]] == [one, two]
    assert page["assignments"][0]["recipient"]["name"] == "张**"
    assert page["next"] is None

    person = await front.asks(token, "POST", f"/v1/assignments/{one}/recipient")
    assert person.json() == {
        "recipient": {
            "name": "张三丰", "phone": "13912345678",
            "address": "浙江省 金华市 义乌市 示例路 1 号", "province": "浙江省",
            "city": "金华市", "district": "义乌市", "detail": "示例路 1 号",
        },
        "sender": {
            "name": "林小满", "phone": "13800001111", "address": SHIP_FROM.address,
            "province": "浙江省", "city": "金华市", "district": "义乌市", "detail": "稠州路 88 号",
        },
    }  # fmt: skip
    assert "looked" in [row.act for row in await history(front, 1)]

    accepted = await front.asks(token, "POST", f"/v1/assignments/{one}/accept")
    assert accepted.json()["status"] == "accepted"
    parcels = {"parcels": [{"tracking_number": "SF1234567890123", "pieces": 2}]}
    shipped = await front.asks(token, "POST", f"/v1/assignments/{one}/ship", json=parcels)
    assert shipped.status_code == 200, shipped.text
    [parcel] = shipped.json()["parcels"]
    assert (parcel["tracking_number"], parcel["pieces"]) == ("SF1234567890123", 2)
    assert (await front.firm.order(1)).status == "shipped"
    assert [row.door for row in await history(front, 1)][-1] == "api"

    right = {"tracking_number": "SF1234567890999"}
    corrected = await front.asks(token, "POST", f"/v1/shipments/{parcel['id']}/correct", json=right)
    assert corrected.json()["parcels"][0]["tracking_number"] == "SF1234567890999"


async def test_what_a_slip_or_a_person_names_is_found(front: Shopfront) -> None:
    await front.firm.imports([incoming(1), incoming(2)])
    one, two = await front.firm.assigns(1, 2)
    token, theirs = await front.key(), await front.firm.opens("other factory", "factory", 3001)
    tag = (await front.firm.assignment(one)).tag

    async def named(token: str, **params: str) -> list[int]:
        page = (await front.asks(token, "GET", "/v1/assignments", params=params)).json()
        assert page["next"] is None
        return [each["id"] for each in page["assignments"]]

    assert await named(token, tag=tag) == await named(token, tag=f" #{tag.lower()}") == [one]
    assert await named(token, order_no=order_no(2)) == [two]
    assert await named(token, tag=tag, order_no=order_no(1)) == [one]
    assert await named(token, tag=tag, order_no=order_no(2)) == []
    assert await named(token, tag="*") == await named(token, order_no="9") == []
    assert theirs
    assert await named(await front.key("other factory"), tag=tag, order_no=order_no(1)) == []


async def history(front: Shopfront, n: int) -> list[AuditRow]:
    order_id = (await front.firm.order(n)).id or 0
    return list(await front.firm.looks(lambda store: store.history(order_id)))


async def test_a_recall_that_asks_is_answered_by_the_print_system_and_told_once(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1), incoming(2)])
    given = await front.firm.assigns(1, 2)
    factory, merchant = await front.key(), await front.key("merchant")

    async def posts(token: str, one: int, act: str, **more: object) -> tuple[int, str]:
        done = await front.asks(token, "POST", f"/v1/assignments/{one}/{act}", **more)
        said = done.json()
        return done.status_code, said.get("code") or said["status"]

    for one in given:
        assert await posts(factory, one, "refuse-recall") == (409, "recall_not_asked")
        assert await posts(factory, one, "accept") == (200, "accepted")
        assert (await posts(merchant, one, "recall"))[0] == 200
    # Nothing that a program might take for done is answered as if it were.
    for act, body in (("accept", None), ("decline", {"reason": "缺货"}), ("hold", {"days": 3}),
                      ("resume", None)):  # fmt: skip
        assert await posts(factory, given[0], act, json=body) == (409, "recall_waits"), act
    assert await posts(factory, given[0], "refuse-recall") == (200, "accepted")
    assert await posts(factory, given[1], "agree-recall") == (200, "recalled")
    assert await posts(factory, given[1], "agree-recall") == (409, "assignment_ended")
    assert [(await front.firm.order(n)).status for n in (1, 2)] == ["assigned", "unassigned"]
    assert await front.firm.owed("RecallAnswered") == 2
    assert [row.door for row in await history(front, 2)][-1] == "api"


async def test_what_waits_for_goods_is_resumed_not_accepted(front: Shopfront) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token, said = await front.key(), []
    erp, order_id = await front.key("merchant"), (await front.firm.order(1)).id
    for act, body in (("resume", None), ("hold", {"days": 3}), ("accept", None), ("resume", None),
                      ("resume", None)):  # fmt: skip
        done = await front.asks(token, "POST", f"/v1/assignments/{one}/{act}", json=body)
        said.append(done.json().get("code") or done.json()["status"])
        if done.status_code == 200:  # told only while it waits
            merchants = await front.asks(erp, "GET", f"/v1/orders/{order_id}")
            for each in (done.json(), *merchants.json()["assignments"]):
                assert bool(each["held_until"]) == (each["status"] == "held")
    assert said == ["nothing_awaited", "held", "goods_awaited", "accepted", "accepted"]
    assert await front.firm.owed("HoldOver") == 1


async def test_a_reason_as_long_as_documented_is_taken_and_a_longer_one_named(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token = await front.key()
    for reason, status in (("缺" * (REASON_LIMIT + 1), 422), ("缺" * REASON_LIMIT, 200)):
        done = await front.asks(
            token, "POST", f"/v1/assignments/{one}/decline", json={"reason": reason}
        )
        assert done.status_code == status
        if status == 422:
            assert done.json()["errors"][0]["at"] == "body.reason"


async def test_the_same_request_twice_is_done_once_also_at_the_same_moment(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token = await front.key()
    body = {"parcels": [{"tracking_number": "SF1234567890123"}]}

    async def ships() -> tuple[int, str]:
        done = await front.asks(
            token, "POST", f"/v1/assignments/{one}/ship", json=body,
            headers={"Idempotency-Key": "a"},
        )  # fmt: skip
        return done.status_code, done.text

    assert len(set(await asyncio.gather(*(ships() for _ in range(8))))) == 1
    assert (await ships())[0] == 200
    other = await front.asks(
        token, "POST", f"/v1/assignments/{one}/accept", headers={"Idempotency-Key": "a"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "answered_otherwise")
    again = await front.asks(token, "POST", f"/v1/assignments/{one}/ship", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "already_shipped")


async def test_a_refusal_under_a_key_is_given_again_though_it_would_go_now(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token = await front.key()
    body = {"parcels": [{"tracking_number": "12345678901", "carrier": "nobody"}]}
    for _ in range(2):
        done = await front.asks(
            token, "POST", f"/v1/assignments/{one}/ship", json=body,
            headers={"Idempotency-Key": "b"},
        )  # fmt: skip
        assert (done.status_code, done.json()["code"]) == (422, "carrier_unknown")
        assert done.headers["content-type"] == "application/problem+json"


async def test_a_recipient_is_never_answered_from_what_was_kept(front: Shopfront) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token, erp = await front.key(), await front.key("merchant")
    once = {"Idempotency-Key": "look"}

    async def looks(headers: dict[str, str] = once) -> httpx.Response:
        return await front.asks(token, "POST", f"/v1/assignments/{one}/recipient", headers=headers)

    before = await looks()
    assert before.headers["cache-control"] == "no-store"
    moved = {"name": "李四", "phone": "13900000000", "address": "浙江省金华市义乌市新路 9 号"}
    path = f"/v1/orders/{(await front.firm.order(1)).id}/change"
    await front.asks(erp, "POST", path, json={"recipient": moved})
    assert "新路 9 号" in (await looks()).text  # not where it was to go before
    other = await front.asks(token, "POST", f"/v1/assignments/{one}/accept", headers=once)
    assert other.json()["code"] == "answered_otherwise"
    await front.asks(erp, "POST", f"/v1/assignments/{one}/recall")
    await front.asks(token, "POST", f"/v1/assignments/{one}/agree-recall")
    ended = await looks()
    assert (ended.status_code, ended.json()["code"]) == (409, "assignment_ended")
    assert ended.json() == (await looks({})).json()


async def test_many_are_shipped_at_once_each_with_a_result_of_its_own(front: Shopfront) -> None:
    await front.firm.imports([incoming(n) for n in (1, 2)])
    one, two = await front.firm.assigns(1, 2)
    token = await front.key()
    shipments = [
        {"assignment_id": one, "parcels": [{"tracking_number": "SF1234567890123"}]},
        {"assignment_id": 999, "parcels": [{"tracking_number": "SF1234567890124"}]},
        {"assignment_id": two, "parcels": [{"tracking_number": "12345678901"}]},
    ]
    done = await front.asks(token, "POST", "/v1/shipments", json={"shipments": shipments})
    results = done.json()["results"]
    assert [each["problem"] and each["problem"]["code"] for each in results] == [
        None, "assignment_not_found", "parcel_doubtful",
    ]  # fmt: skip
    assert [(await front.firm.order(n)).status for n in (1, 2)] == ["shipped", "assigned"]


async def test_keys_open_what_they_are_for_and_nothing_else(front: Shopfront) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    reads = await front.key("factory", "read")
    refused = await front.asks(reads, "POST", f"/v1/assignments/{one}/accept")
    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "ship")
    for token in ("daifa_wrong", "x"):
        wrong = await front.asks(token, "GET", "/v1/assignments")
        assert wrong.status_code == 401
        assert wrong.headers["www-authenticate"] == "Bearer"
    merchant = await front.key("merchant")
    assert (await front.asks(merchant, "GET", f"/v1/assignments/{one}")).status_code == 403
    stranger = await front.firm.opens("other factory", "factory", 3001)
    assert stranger
    theirs = await front.key("other factory")
    hidden = await front.asks(theirs, "GET", f"/v1/assignments/{one}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "assignment_not_found")
    assert order_no(1) not in hidden.text


async def test_a_revoked_key_opens_nothing_at_once_and_a_rotated_one_for_a_day(
    front: Shopfront,
) -> None:
    keys, factory = front.firm.services.programs.keys, front.firm.factory
    first = await front.firm.does(keys.make, factory, "打单", ["read"])
    second = await front.firm.does(keys.rotate, factory, first.key.id)
    for token in (first.token, second.token):
        assert (await front.asks(token, "GET", "/v1/assignments")).status_code == 200
    front.firm.watch.moves(hours=25)
    assert (await front.asks(first.token, "GET", "/v1/assignments")).status_code == 401
    await front.firm.does(keys.revoke, factory, second.key.id)
    assert (await front.asks(second.token, "GET", "/v1/assignments")).status_code == 401


async def test_a_parcel_of_an_order_taken_back_is_kept_when_the_program_says_that_it_had_left(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1, lines=(line(1, 2),)), incoming(2)])
    one, two = await front.firm.assigns(1, 2)
    token, merchants = await front.key(), await front.key("merchant")
    for given in (one, two):
        await front.firm.does(front.firm.services.recalling.one, front.firm.merchant, given)
    items = [
        {"assignment_id": given, "parcels": [{"tracking_number": f"SF123456789012{given}"}]}
        for given in (one, two)
    ]
    refused = (await front.asks(token, "POST", "/v1/shipments", json={"shipments": items})).json()
    assert [each["problem"]["code"] for each in refused["results"]] == ["assignment_ended"] * 2
    assert refused["results"][0]["problem"]["facts"] == {"status": "recalled"}

    items = [item | {"left_before": True} for item in items]
    kept = (await front.asks(token, "POST", "/v1/shipments", json={"shipments": items})).json()
    for each in kept["results"]:
        [parcel] = each["assignment"]["parcels"]
        assert (each["assignment"]["status"], each["problem"]) == ("recalled", None)
        assert (parcel["pieces"], parcel["verdict"]) == (0, "asked")
    theirs = (await front.asks(merchants, "GET", "/v1/shipments")).json()["parcels"]
    assert [(each["pieces"], each["verdict"]) for each in theirs] == [(0, "asked")] * 2
    events = (await front.asks(merchants, "GET", "/v1/events?after=0")).json()["events"]
    assert [each["type"] for each in events].count("shipment.created") == 2

    judge = front.firm.services.under_way.judge
    await front.firm.does(judge, front.firm.merchant, one, "let_go")
    stands = (await front.asks(token, "GET", f"/v1/assignments/{one}")).json()
    assert (stands["status"], stands["parcels"][0]["pieces"]) == ("shipped", 2)
    again = await front.asks(
        token, "POST", f"/v1/assignments/{two}/ship",
        json={"parcels": [{"tracking_number": "SF1234567890777"}], "left_before": True},
    )  # fmt: skip
    assert (again.status_code, again.json()["code"]) == (409, "parcel_kept")
