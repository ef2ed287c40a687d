"""A print system ships a whole list: at once, told once, and finished when it was interrupted."""

from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import pytest
from sqlmodel import select

from api.app import create_app
from api.place import Place
from core.changes.order_news import OrderNews
from core.entities import Shipment
from core.shipments.shipping import PARCELS_LIMIT
from storage.store import SqlStore
from tests.api.conftest import Shopfront
from tests.core.firm import incoming, line

T = TypeVar("T")


def parcels_of(one: int, count: int = 1) -> dict[str, Any]:
    """Return an item of so many parcels, each number its own."""
    numbers = [f"SF{one:07d}{n:06d}" for n in range(count)]
    return {"assignment_id": one, "parcels": [{"tracking_number": each} for each in numbers]}


async def shipped(front: Shopfront) -> list[str]:
    """Return every number on a parcel."""
    every = select(Shipment.tracking_number)
    return sorted(await front.firm.looks(lambda store: store.session.exec(every).all()))


async def test_a_list_ships_at_once_its_merchant_is_told_once_and_again_is_no_more(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(n) for n in range(1, 13)])
    given = await front.firm.assigns(*range(1, 13))
    token, body = await front.key(), {"shipments": [parcels_of(one) for one in given]}
    for _ in range(2):
        results = (await front.asks(token, "POST", "/v1/shipments", json=body)).json()["results"]
        assert [one["assignment_id"] for one in results] == given
        assert {(one["assignment"]["status"], one["problem"]) for one in results} == {
            ("shipped", None)
        }
    assert len(await shipped(front)) == len(given)
    assert await front.firm.owed("OrdersShipped") == 1
    assert await front.firm.owed("OrderShipped") == 0


async def test_whatever_is_wrong_with_one_is_said_as_if_it_were_alone(front: Shopfront) -> None:
    firm = front.firm
    await firm.imports([incoming(n, lines=(line(n, 3),)) for n in range(1, 8)])
    given = await firm.assigns(*range(1, 8))
    held, gone, done = given[:3]
    order = await firm.order(1)
    await firm.does(
        firm.services.changing.change, firm.merchant, [OrderNews(order.id or 0, held=True)]
    )
    await firm.does(firm.services.recalling.one, firm.merchant, gone)
    token = await front.key()
    await front.asks(
        token, "POST", f"/v1/assignments/{done}/ship", json={"parcels": parcels_of(done)["parcels"]}
    )

    def item(one: int, *parcels: dict[str, Any]) -> dict[str, Any]:
        return {"assignment_id": one, "parcels": list(parcels)}

    sound = {"tracking_number": "SF1234567890123"}
    wrong = [
        (item(held, sound), "order_stopped"),
        (item(held, {"tracking_number": "好的好的好的"}), "order_stopped"),
        (item(gone, sound), "assignment_ended"),
        (item(done, sound), "already_shipped"),
        (item(given[3], {**sound, "pieces": 9}), "pieces_beyond_left"),
        (item(given[4], *parcels_of(given[4], 2)["parcels"]), "parcel_doubtful"),
        (item(given[5], {"tracking_number": "12345678901"}), "parcel_doubtful"),
        (item(given[6], {"tracking_number": "好的好的好的"}), "tracking_odd_characters"),
        (item(999, sound), "assignment_not_found"),
    ]  # fmt: skip
    for body, code in wrong:  # alone, it and among others: the same words
        alone = await front.asks(
            token, "POST", f"/v1/assignments/{body['assignment_id']}/ship",
            json={"parcels": body["parcels"]},
        )  # fmt: skip
        many = await front.asks(token, "POST", "/v1/shipments", json={"shipments": [body]})
        [result] = many.json()["results"]
        assert (alone.json()["code"], result["problem"]) == (
            code,
            {"errors": None, "facts": None} | alone.json(),
        )
    assert len(await shipped(front)) == 1


async def test_one_in_doubt_holds_back_its_own_order_and_no_other(front: Shopfront) -> None:
    await front.firm.imports([incoming(n, lines=(line(n, 2),)) for n in (1, 2)])
    one, two = await front.firm.assigns(1, 2)
    token = await front.key()
    numbers = ("SF1234567890123", "12345678901")  # the second might be anybody's
    body = {
        "shipments": [
            *({"assignment_id": one, "parcels": [{"tracking_number": each}]} for each in numbers),
            parcels_of(two),
        ]
    }
    results = (await front.asks(token, "POST", "/v1/shipments", json=body)).json()["results"]
    assert [each["problem"] and each["problem"]["facts"]["number"] for each in results] == [
        numbers[1], numbers[1], None,
    ]  # fmt: skip
    assert [each["assignment"]["status"] for each in results] == ["assigned", "assigned", "shipped"]


async def test_a_carrier_that_was_named_is_kept_once_the_program_is_sure(front: Shopfront) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token, said = await front.key(), []
    for sure in (False, True):
        parcel = {"tracking_number": "SF1234567890123", "carrier": "yto", "sure": sure}
        path = f"/v1/assignments/{one}/ship"
        said.append(await front.asks(token, "POST", path, json={"parcels": [parcel]}))
    assert said[0].json()["facts"]["candidates"] == ["yto", "sf"]
    assert said[1].json()["parcels"][0]["carrier"] == "yto"


async def test_a_correction_takes_the_carrier_it_names_and_nothing_it_would_lose(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token = await front.key()
    parcel = {"tracking_number": "SF1234567890123"}
    path = f"/v1/assignments/{one}/ship"
    shipped = await front.asks(token, "POST", path, json={"parcels": [parcel]})
    path = f"/v1/shipments/{shipped.json()['parcels'][0]['id']}/correct"

    async def corrects(**right: object) -> httpx.Response:
        return await front.asks(token, "POST", path, json=right)

    doubtful = await corrects(tracking_number="SF1234567890999", carrier="圆通")
    assert doubtful.json()["facts"] == {
        "about": "carrier", "number": "SF1234567890999", "candidates": ["yto", "sf"],
    }  # fmt: skip
    assert (await corrects(tracking_number="SF1234567890999", pieces=1)).status_code == 422
    unfit = await corrects(tracking_number="!!!!!!!!")
    assert unfit.json()["code"] == "tracking_odd_characters"  # as in shipping
    same = await corrects(**parcel)
    assert (same.status_code, same.json()["code"]) == (422, "same_number")
    right = await corrects(**parcel, carrier="圆通", sure=True)  # the number was right
    assert [(each["carrier"], each["tracking_number"]) for each in right.json()["parcels"]] == [
        ("yto", "SF1234567890123")
    ]


class Died(BaseException):
    """The process was killed."""


class Dying:
    """A house that is killed before its `left`th write."""

    def __init__(self, front: Shopfront, left: int) -> None:
        self._database, self._left = front.firm.database, left

    async def read(self, work: Callable[[SqlStore], T]) -> T:
        return await self._database.read(work)

    async def write(self, work: Callable[[SqlStore], T]) -> T:
        self._left -= 1
        if not self._left:
            raise Died
        return await self._database.write(work)


async def test_a_list_cut_off_between_slices_is_finished_by_the_same_request(
    front: Shopfront,
) -> None:
    orders = range(1, 27)
    await front.firm.imports([incoming(n, lines=(line(n, PARCELS_LIMIT),)) for n in orders])
    given = await front.firm.assigns(*orders)
    token = await front.key()
    body = {"shipments": [parcels_of(one, PARCELS_LIMIT) for one in given]}
    once = {"Idempotency-Key": "list 1"}
    asked: dict[str, Any] = {"headers": once, "json": body}
    place = Place(Dying(front, left=2), front.firm.services, front.watch)
    app = create_app(front.firm.database.close, place=place)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://house"
    ) as client:
        bearer = {"Authorization": f"Bearer {token}", **once}
        with pytest.raises(Died):
            await client.post("/v1/shipments", json=body, headers=bearer)
    assert 0 < len(await shipped(front)) < len(given) * PARCELS_LIMIT

    other = {**asked, "json": {"shipments": body["shipments"][:1]}}
    refused = await front.asks(token, "POST", "/v1/shipments", **other)
    assert (refused.status_code, refused.json()["code"]) == (409, "answered_otherwise")
    first, again = [await front.asks(token, "POST", "/v1/shipments", **asked) for _ in "12"]
    assert first.text == again.text
    assert [one["problem"] for one in first.json()["results"]] == [None] * len(given)
    assert len(set(await shipped(front))) == len(await shipped(front)) == 26 * PARCELS_LIMIT
    assert await front.firm.owed("OrdersShipped") == 1
    assert await front.firm.owed("OrderShipped") == 1
