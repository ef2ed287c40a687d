"""Photos of waybills: collected, read one by one beside, matched to orders, shipped by one tap.

A photo that replies to an order's card is about that order, and an album of such photos are its
parcels. Any other is matched by our own slip's code in the picture. Only what is certain is
shipped: one number, one order that may ship. The photos themselves are never kept.
"""

import json
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.acting import acting
from core.answers.claimed import ParcelKept
from core.answers.under_way import stopped_under_way
from core.entities import PasteDraft
from core.errors import AlreadyShipped, CoreError, DraftGone, DraftNotFound, DraftSpent
from core.ids import key
from core.ports import Store
from core.shipments.pasted import Entry, PastedNumber
from core.shipments.photo_matching import Matching, Photo, PhotosView
from core.shipments.scanning import scan
from core.shipments.sending import Shipped
from core.shipments.settling import settle
from core.shipments.shipping import HABIT, Question, Shipping
from core.values import Actor

Outcome = Shipped | Question | CoreError
Act = Callable[[Store, Actor, int, str], Shipped | Question]

PHOTOS = 20  # of one draft; Telegram's albums have ten


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands in a draft: whose card the photos reply to, whether a job is reading them."""

    about: int | None
    photos: tuple[Photo, ...]
    working: bool = True


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of each order's numbers, by its tag; `rest` are the photos not answered by it."""

    outcomes: Sequence[tuple[str, Sequence[str], Outcome]]
    rest: PhotosView


class Photos:
    """照片发货."""

    def __init__(self, shipping: Shipping) -> None:
        self._shipping = shipping

    def add(
        self, store: Store, actor: Actor, photo: Photo, album: str | None, about: int | None
    ) -> int | None:
        """Take a photo in; return the draft to read when nobody is reading it yet.

        One of a stopped order is read too: its parcel may have left before. Raises
        `AssignmentNotFound`, `AlreadyShipped`, `AssignmentEnded` when it replies to an order that
        cannot ship.
        """
        acting(store, actor, "factory")
        if about is not None:
            stopped_under_way(store, actor, about)
        draft = album and store.photos.of_album(actor.shop_id, actor.account_id, album)
        if not draft:
            draft = PasteDraft(
                shop_id=actor.shop_id, account_id=actor.account_id, source="photo", album=album,
                sealed=b"", created_at=store.now,
            )  # fmt: skip
            return key(store.photos.add(draft, _text(Kept(about, (photo,)))))
        kept = _kept(store, draft)
        photos = (*kept.photos, photo)[:PHOTOS]
        idle = not kept.working
        store.photos.put_text(draft, _text(Kept(kept.about or about, photos)))
        return key(draft) if idle else None

    def next(self, store: Store, actor: Actor, draft_id: int) -> Photo | None:
        """Return the next photo to read; None ends the reading, until another comes."""
        draft = self._mine(store, actor, draft_id)
        kept = _kept(store, draft)
        waiting = next((one for one in kept.photos if one.state == "waiting"), None)
        if waiting is None:
            store.photos.put_text(draft, _text(replace(kept, working=False)))
        return waiting

    def put(
        self, store: Store, actor: Actor, draft_id: int, message_id: int,
        texts: Sequence[str] | CoreError,
    ) -> None:  # fmt: skip
        """Keep what was read from a photo, or why it could not be."""
        draft = self._mine(store, actor, draft_id)
        kept = _kept(store, draft)

        def read_now(one: Photo) -> Photo:
            if one.message_id != message_id:
                return one
            if isinstance(texts, CoreError):
                return replace(one, state="failed", why=type(texts).__name__)
            found = scan(texts)
            return replace(one, state="read", numbers=found.numbers, slips=found.slips)

        photos = tuple(read_now(one) for one in kept.photos)
        store.photos.put_text(draft, _text(replace(kept, photos=photos)))

    def view(self, store: Store, actor: Actor, draft_id: int) -> PhotosView:
        """Return what the photos mean now. Raises `DraftNotFound`, `DraftGone`."""
        draft = self._mine(store, actor, draft_id)
        kept = _kept(store, draft)
        habit = store.shipments.habit(actor.shop_id, HABIT)
        about = store.assignments.get(kept.about) if kept.about else None
        lines = [
            Matching(store, actor, about, habit).line(place, photo)
            for place, photo in enumerate(kept.photos)
        ]
        # What a press may rely on: each photo's verdict and numbers.
        told = json.dumps([[x.verdict, x.assignment_id, [g.number for g in x.guesses]]
                           for x in lines])  # fmt: skip
        return PhotosView(
            draft_id, draft.shop_id, about, lines, draft.state == "open",
            f"{zlib.crc32(told.encode()):x}",
        )  # fmt: skip

    def pick(self, store: Store, actor: Actor, draft_id: int, place: int, index: int) -> PhotosView:
        """Say which of a photo's numbers is meant. Raises `DraftSpent`."""
        draft = self._open(store, actor, draft_id)
        kept = _kept(store, draft)
        photos = list(kept.photos)
        if place < len(photos) and index < len(photos[place].numbers):
            photos[place] = replace(photos[place], picked=photos[place].numbers[index])
            store.photos.put_text(draft, _text(replace(kept, photos=tuple(photos))))
        return self.view(store, actor, draft_id)

    def confirm(
        self, store: Store, actor: Actor, draft_id: int, seen: str
    ) -> Confirmed | PhotosView:
        """Ship what is certain, as `seen` showed it; something else now is given back to be seen.

        One order's trouble keeps no other from shipping. Raises `DraftSpent`.
        """
        draft = self._open(store, actor, draft_id)
        view = self.view(store, actor, draft_id)
        if view.seen != seen or not view.certain:
            return view
        draft.state, draft.confirmed_at = "confirmed", store.now
        tags = {line.assignment_id: line.tag for line in view.lines}
        together = _ship_together(store, actor, view) if len(view.certain) > 1 else {}
        outcomes = [
            (tags[one], numbers,
             together.get(one) or self._try(self._shipping.reply, store, actor, one, numbers))
            for one, numbers in view.certain.items()
        ]  # fmt: skip
        return Confirmed(outcomes, self._rest(store, actor, draft_id, view.certain))

    def left_before(
        self, store: Store, actor: Actor, draft_id: int, seen: str
    ) -> Confirmed | PhotosView:
        """Keep the parcels whose orders are stopped, as `seen` showed them: they had left before.

        The others wait on for 确认发货. Raises `DraftGone`.
        """
        view = self.view(store, actor, draft_id)
        if view.seen != seen or not view.stopped:
            return view
        tags = {line.assignment_id: line.tag for line in view.lines}
        outcomes = [
            (tags[one], numbers, self._try(self._shipping.had_left, store, actor, one, numbers))
            for one, numbers in view.stopped.items()
        ]
        return Confirmed(outcomes, self._rest(store, actor, draft_id, view.stopped))

    def _rest(
        self, store: Store, actor: Actor, draft_id: int, answered: Collection[int]
    ) -> PhotosView:
        """Return the photos that say nothing of what was just answered, or was before."""
        view = self.view(store, actor, draft_id)
        lines = [
            one
            for one in view.lines
            if one.assignment_id not in answered
            and not isinstance(one.error, AlreadyShipped | ParcelKept)
        ]
        return replace(view, lines=lines)

    def drop(self, store: Store, actor: Actor, draft_id: int) -> PhotosView:
        """Forget the photos: nothing ships. Raises `DraftSpent`."""
        self._open(store, actor, draft_id).state = "dropped"
        return self.view(store, actor, draft_id)

    def _try(
        self, act: Act, store: Store, actor: Actor, assignment_id: int, numbers: Sequence[str]
    ) -> Outcome:
        try:
            return act(store, actor, assignment_id, "\n".join(numbers))
        except CoreError as error:
            return error

    def _mine(self, store: Store, actor: Actor, draft_id: int) -> PasteDraft:
        acting(store, actor, "factory")
        draft = store.photos.get(draft_id)
        if draft is None or draft.shop_id != actor.shop_id:
            raise DraftNotFound
        if not draft.sealed:
            raise DraftGone
        return draft

    def _open(self, store: Store, actor: Actor, draft_id: int) -> PasteDraft:
        draft = self._mine(store, actor, draft_id)
        if draft.state == "dropped":
            raise DraftGone
        if draft.state != "open":
            raise DraftSpent
        return draft


def _ship_together(store: Store, actor: Actor, view: PhotosView) -> dict[int, Shipped]:
    """Ship the orders nothing speaks against in one go; the merchant hears of them together."""
    guesses = {one.number: one for line in view.lines for one in line.guesses}
    entries = []
    for assignment_id, numbers in view.certain.items():
        found = [guesses[number] for number in numbers]
        entries.append(
            Entry(
                " ".join(numbers), order=assignment_id,
                numbers=[PastedNumber(one.number, one.carrier, [], one.misfit) for one in found],
            )
        )  # fmt: skip
    settle(store, actor, entries)
    gone = [store.assignments.of(one.order) for one in entries if one.state == "shipped"]
    missed = {one.order: one.overlooked for one in entries}
    return {
        key(one): Shipped(
            one, one.tag, store.orders.of(one.order_id).order_no,
            store.shipments.of_assignment(key(one)), overlooked=missed[key(one)],
        )
        for one in gone
    }  # fmt: skip


def _kept(store: Store, draft: PasteDraft) -> Kept:
    value: dict[str, Any] = json.loads(store.photos.text(draft))
    photos = tuple(
        Photo(**{**one, "numbers": tuple(one["numbers"]),
                 "slips": tuple((tag, order_no) for tag, order_no in one["slips"])})
        for one in value["photos"]
    )  # fmt: skip
    return Kept(value["about"], photos, value["working"])


def _text(kept: Kept) -> str:
    return json.dumps(asdict(kept))
