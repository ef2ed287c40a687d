"""Photos as the business sees them: collected by album, read once each, matched, shipped once."""

import pytest

from core.errors import DraftNotFound, DraftSpent
from core.ports import Store
from core.shipments.photo_matching import Photo, PhotosView
from core.shipments.photos import Confirmed
from core.shipments.scanning import NotAPicture
from core.shipments.sending import Shipped
from core.shipments.shipping import Question
from core.text.tags import slip_code
from core.values import Actor
from tests.core.firm import Firm, incoming, order_no
from tests.core.truth import faults

NUMBER, OTHER = "SF1234567890123", "SF9876543210987"


async def given(firm: Firm, *numbers: int) -> list[int]:
    await firm.imports([incoming(n, name=f"王{n}") for n in numbers])
    return await firm.assigns(*numbers)


async def adds(
    firm: Firm, message_id: int, album: str | None = "7", about: int | None = None
) -> int | None:
    photo = Photo(f"file{message_id}", message_id)
    return await firm.does(firm.services.photos.add, firm.factory, photo, album, about)


async def reads(firm: Firm, draft: int, *texts: str) -> int:
    """Read the next photo as the worker does; returns its message."""
    photos = firm.services.photos
    photo = await firm.does(photos.next, firm.factory, draft)
    assert photo is not None
    await firm.does(photos.put, firm.factory, draft, photo.message_id, texts)
    return photo.message_id


async def view(firm: Firm, draft: int, who: Actor | None = None) -> PhotosView:
    return await firm.sees(firm.services.photos.view, who or firm.factory, draft)


async def slip(firm: Firm, assignment_id: int, number: int) -> str:
    return slip_code((await firm.assignment(assignment_id)).tag, order_no(number))


async def test_photos_of_an_album_meet_in_one_draft_that_one_job_reads(firm: Firm) -> None:
    draft = await adds(firm, 1)
    assert draft is not None
    assert await adds(firm, 2) is None  # somebody reads already
    assert await reads(firm, draft, NUMBER) == 1
    assert await reads(firm, draft, OTHER) == 2
    assert await firm.does(firm.services.photos.next, firm.factory, draft) is None
    assert await adds(firm, 3) == draft  # the reading had ended: it begins again
    assert (await view(firm, draft)).waiting == 1
    assert await adds(firm, 4, album="8") not in (None, draft)
    assert await adds(firm, 5, album=None) not in (None, draft)


async def test_reading_repeated_after_a_crash_goes_on_with_what_was_not_read(firm: Firm) -> None:
    draft = await adds(firm, 1)
    assert draft is not None
    await adds(firm, 2)
    photo = await firm.does(firm.services.photos.next, firm.factory, draft)
    assert photo is not None
    assert await reads(firm, draft, NUMBER) == photo.message_id == 1
    assert await reads(firm, draft, OTHER) == 2


async def test_only_what_is_certain_ships_and_only_as_it_was_shown(firm: Firm) -> None:
    first, second, third = await given(firm, 1, 2, 3)
    draft = await adds(firm, 1)
    assert draft is not None
    for message in (2, 3, 4, 5):
        await adds(firm, message)
    await reads(firm, draft, NUMBER, await slip(firm, first, 1))
    await reads(firm, draft, OTHER, await slip(firm, second, 9))  # the tag of another number
    await reads(firm, draft, "YT1234567890123")
    await reads(firm, draft)
    await reads(firm, draft, "JT0001234567890", "SF1111111111111", await slip(firm, third, 3))
    shown = await view(firm, draft)
    assert [one.verdict for one in shown.lines] == [
        "certain", "unknown_slip", "no_order", "unreadable", "choose",
    ]  # fmt: skip
    photos = firm.services.photos
    changed = await firm.does(photos.pick, firm.factory, draft, 4, 1)
    assert isinstance(await firm.does(photos.confirm, firm.factory, draft, shown.seen), PhotosView)
    done = await firm.does(photos.confirm, firm.factory, draft, changed.seen)
    assert isinstance(done, Confirmed)
    assert [list(numbers) for _, numbers, _ in done.outcomes] == [[NUMBER], ["SF1111111111111"]]
    assert all(isinstance(one, Shipped) for _, _, one in done.outcomes)
    with pytest.raises(DraftSpent):
        await firm.does(photos.confirm, firm.factory, draft, changed.seen)
    statuses = [(await firm.assignment(one)).status for one in (first, second, third)]
    assert statuses == ["shipped", "assigned", "shipped"]


async def test_of_an_album_the_merchant_hears_once_as_of_a_paste(firm: Firm) -> None:
    assignments = await given(firm, *range(1, 9))
    draft = await adds(firm, 1)
    assert draft is not None
    for message in range(2, 9):
        await adds(firm, message)
    for number, assignment_id in enumerate(assignments, 1):
        await reads(firm, draft, f"SF123456789012{number}", await slip(firm, assignment_id, number))
    shown = await view(firm, draft)
    done = await firm.does(firm.services.photos.confirm, firm.factory, draft, shown.seen)
    assert isinstance(done, Confirmed)
    shipped = [one for _, _, one in done.outcomes if isinstance(one, Shipped)]
    assert [one.shipments[0].tracking_number[-1] for one in shipped] == list("12345678")
    assert {one.assignment.status for one in shipped} == {"shipped"}
    assert (await firm.owed("OrdersShipped"), await firm.owed("OrderShipped")) == (1, 0)
    assert await firm.looks(faults) == []


async def test_the_same_number_in_photos_of_two_recipients_is_asked_about(firm: Firm) -> None:
    first, second = await given(firm, 1, 2)
    draft = await adds(firm, 1)
    assert draft is not None
    await adds(firm, 2)
    await reads(firm, draft, NUMBER, await slip(firm, first, 1))
    await reads(firm, draft, NUMBER, await slip(firm, second, 2))
    shown = await view(firm, draft)
    done = await firm.does(firm.services.photos.confirm, firm.factory, draft, shown.seen)
    assert isinstance(done, Confirmed)
    assert [type(one) for _, _, one in done.outcomes] == [Shipped, Question]
    assert (await firm.assignment(second)).status == "assigned"


async def test_a_photo_of_nobody_and_a_stopped_order(firm: Firm) -> None:
    [first] = await given(firm, 1)
    draft = await adds(firm, 1, about=first)
    assert draft is not None
    await firm.does(firm.services.photos.put, firm.factory, draft, 1, NotAPicture())
    shown = await view(firm, draft)
    assert [(one.verdict, one.why) for one in shown.lines] == [("failed", "NotAPicture")]
    await firm.imports([incoming(1, name="王1", after_sale="open")])
    await adds(firm, 2, about=first)
    await firm.does(firm.services.photos.put, firm.factory, draft, 2, ["SF1234567890123"])
    _, line = (await view(firm, draft)).lines
    assert (line.verdict, line.why) == ("stopped", "refund_open")
    other = await firm.opens("other", "factory", 3001)
    with pytest.raises(DraftNotFound):
        await view(firm, draft, other)


async def test_what_was_read_is_forgotten_after_a_day(firm: Firm) -> None:
    draft = await adds(firm, 1)
    assert draft is not None
    firm.watch.moves(hours=25)

    def drop(store: Store) -> bytes:
        store.drafts.drop_older(store.now)
        kept = store.photos.get(draft)
        return kept.sealed if kept else b"gone"

    assert await firm.database.write(drop) == b""
