"""A print system fetches packing slips: each a recorded look, what must not ship left out."""

from tests.api.conftest import Shopfront
from tests.core.firm import incoming


async def test_slips_come_as_a_pdf_and_each_look_is_recorded(front: Shopfront) -> None:
    firm = front.firm
    await firm.imports([incoming(n) for n in (1, 2)])
    one, two = await firm.assigns(1, 2)
    token = await front.key()
    done = await front.asks(
        token, "GET", "/v1/labels.pdf", params={"assignment_id": [one, two, one]}
    )
    assert done.status_code == 200
    assert done.headers["content-type"] == "application/pdf"
    assert done.headers["cache-control"] == "no-store"
    assert done.content.startswith(b"%PDF")
    assert done.content.count(b"/Type /Page\n") == 2
    for n in (1, 2):
        order_id = (await firm.order(n)).id or 0
        history = await firm.looks(lambda store, at=order_id: store.history(at))  # type: ignore[misc]
        assert [(row.act, row.door) for row in history][-1] == ("printed", "api")


async def test_what_is_not_the_factorys_is_not_there_and_nothing_was_looked_at(
    front: Shopfront,
) -> None:
    await front.firm.imports([incoming(1)])
    [one] = await front.firm.assigns(1)
    token, path = await front.key(), "/v1/labels.pdf"
    for named in ([one, 999], [999]):
        refused = await front.asks(token, "GET", path, params={"assignment_id": named})
        assert (refused.status_code, refused.json()["code"]) == (404, "assignment_not_found")
    assert (await front.firm.assignment(one)).looked_at is None


async def test_what_is_stopped_is_left_out_and_named(front: Shopfront) -> None:
    firm = front.firm
    await firm.imports([incoming(n) for n in (1, 2)])
    one, two = await firm.assigns(1, 2)
    erp, printer = await front.key("merchant"), await front.key()
    order_id = (await firm.order(1)).id
    await front.asks(erp, "POST", f"/v1/orders/{order_id}/cancel")
    asked = {"params": {"assignment_id": [one, two]}}
    done = await front.asks(printer, "GET", "/v1/labels.pdf", **asked)
    tag = (await firm.assignment(one)).tag
    assert done.headers["Left-Out"] == f"{tag}=cancelled"
    nothing = await front.asks(printer, "GET", f"/v1/labels.pdf?assignment_id={one}")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_print")
    assert nothing.json()["facts"] == {"left_out": [[tag, "cancelled"]]}
