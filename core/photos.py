"""Photos of waybills: collected, read one by one beside, matched to orders, shipped by one tap.

A photo that replies to an order's card is about that order, and an album of such photos are its
parcels. Any other is matched by our own slip's code in the picture. Only what is certain is
shipped: one number, one order that may ship. The photos themselves are never kept.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from core.acting import acting
from core.entities import Assignment, PasteDraft
from core.errors import CoreError, DraftGone, DraftNotFound, DraftSpent
from core.fulfilling import live_assignment, refuse_stopped
from core.ids import key
from core.ports import Store
from core.scanning import scan
from core.sending import Shipped
from core.shipping import HABIT, Question, Shipping
from core.tracking import TrackingGuess, read
from core.values import Actor

Verdict = Literal[
    "waiting", "failed", "unreadable", "choose", "certain", "no_order", "unknown_slip",
    "other_order", "refused",
]  # fmt: skip
Outcome = Shipped | Question | CoreError

PHOTOS = 20  # of one draft; Telegram's albums have ten


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as it is kept: where to fetch it, and what was read."""

    file_id: str
    message_id: int
    state: Literal["waiting", "read", "failed"] = "waiting"
    why: str = ""  # of a failed one: the class of the refusal
    numbers: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()
    picked: str = ""  # the number a person chose


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands in a draft: whose card the photos reply to, whether a job is reading them."""

    about: int | None
    photos: tuple[Photo, ...]
    working: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What one photo means. `place` counts from 0; `error` says why an order is refused."""

    place: int
    verdict: Verdict
    why: str = ""
    guesses: Sequence[TrackingGuess] = ()
    tag: str = ""
    assignment_id: int = 0
    error: CoreError | None = None


@dataclass(frozen=True, slots=True)
class PhotosView:
    """What some photos mean now. `seen` changes with it: confirming names what was shown."""

    draft_id: int
    shop_id: int
    about: Assignment | None
    lines: Sequence[Line]
    open: bool
    seen: str = field(default="")

    @property
    def certain(self) -> dict[int, list[str]]:
        """Return the numbers that would ship, by assignment."""
        found: dict[int, list[str]] = {}
        for line in self.lines:
            if line.verdict == "certain":
                numbers = found.setdefault(line.assignment_id, [])
                numbers += [one.number for one in line.guesses if one.number not in numbers]
        return found

    @property
    def waiting(self) -> int:
        """Return how many photos are still to be read."""
        return sum(line.verdict == "waiting" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What became of each order's numbers, by its tag."""

    outcomes: Sequence[tuple[str, Sequence[str], Outcome]]


class Photos:
    """照片发货."""

    def __init__(self, shipping: Shipping) -> None:
        self._shipping = shipping

    def add(
        self, store: Store, actor: Actor, photo: Photo, album: str | None, about: int | None
    ) -> int | None:
        """Take a photo in; return the draft to read when nobody is reading it yet.

        Raises `AssignmentNotFound`, `AlreadyShipped`, `AssignmentEnded`, `OrderStopped` when it
        replies to an order that cannot ship.
        """
        acting(store, actor, "factory")
        if about is not None:
            refuse_stopped(store, live_assignment(store, actor, about))
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
            _Matching(store, actor, about, habit).line(place, photo)
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
        return Confirmed(
            [
                (tags[one], numbers, self._ship(store, actor, one, numbers))
                for one, numbers in view.certain.items()
            ]
        )

    def drop(self, store: Store, actor: Actor, draft_id: int) -> PhotosView:
        """Forget the photos: nothing ships. Raises `DraftSpent`."""
        self._open(store, actor, draft_id).state = "dropped"
        return self.view(store, actor, draft_id)

    def _ship(
        self, store: Store, actor: Actor, assignment_id: int, numbers: Sequence[str]
    ) -> Outcome:
        try:
            return self._shipping.reply(store, actor, assignment_id, "\n".join(numbers))
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


class _Matching:
    """Says what a photo means: which number, and of which order."""

    def __init__(
        self, store: Store, actor: Actor, about: Assignment | None, habit: Sequence[str]
    ) -> None:
        self._store, self._actor, self._about, self._habit = store, actor, about, habit

    def line(self, place: int, photo: Photo) -> Line:
        if photo.state == "waiting":
            return Line(place, "waiting")
        if photo.state == "failed":
            return Line(place, "failed", why=photo.why)
        numbers = (photo.picked,) if photo.picked else photo.numbers
        guesses = tuple(read(one, habit=self._habit) for one in numbers)
        if not guesses:
            return Line(place, "unreadable")
        return self._of_order(Line(place, "choose", guesses=guesses), photo)

    def _of_order(self, line: Line, photo: Photo) -> Line:
        tags = [self._slip(*slip) for slip in photo.slips]
        if self._about is not None:
            strange = [one for one in tags if one is None or one.id != self._about.id]
            if strange:
                return replace(line, verdict="other_order", tag=photo.slips[0][0])
            return self._settled(line, self._about)
        if not tags:
            return replace(line, verdict="no_order")
        if len(tags) > 1 or tags[0] is None:
            return replace(line, verdict="unknown_slip", tag=photo.slips[0][0])
        return self._settled(line, tags[0])

    def _settled(self, line: Line, given: Assignment) -> Line:
        found = replace(line, tag=given.tag, assignment_id=key(given))
        try:
            refuse_stopped(self._store, live_assignment(self._store, self._actor, key(given)))
        except CoreError as error:
            return replace(found, verdict="refused", error=error)
        return replace(found, verdict="certain" if len(line.guesses) == 1 else "choose")

    def _slip(self, tag: str, order_no: str) -> Assignment | None:
        """Return the order whose slip it is: an old slip's tag may be another order's by now."""
        found = self._store.assignments.find(self._actor.shop_id, tag)
        if found is None or not order_no:
            return found
        order = self._store.orders.of(found.order_id)
        return found if order.order_no == order_no else None


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
