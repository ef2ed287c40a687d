"""Many tracking numbers at once: a paste, a packing list sent back, answers to what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.acting import acting
from core.entities import PasteDraft
from core.errors import DraftGone, DraftNotFound, DraftSpent, Invalid
from core.ids import key
from core.orders.views import FoundOrder
from core.ports import Store
from core.shipments.matching import CHOICES, Matched, match
from core.shipments.parcels import SPLITS, split
from core.shipments.pasted import (
    Answer,
    Answered,
    Choice,
    Entry,
    Pasted,
    PastedNumber,
    from_text,
    to_text,
)
from core.shipments.settling import settle
from core.shipments.shipping import HABIT
from core.text.carriers import CARRIERS
from core.text.pasting import LINES, PastedLine
from core.text.replies import Word
from core.text.tracking import TrackingError, read
from core.values import Actor


@dataclass(eq=False)
class TooManyLines(Invalid):
    """More lines than one paste takes: nothing was done."""

    lines: int
    limit: int


class Entering:
    """回传 of many orders in one go."""

    def paste(
        self, store: Store, actor: Actor, lines: Sequence[PastedLine], *,
        origin: str, source: Literal["paste", "sheet"] = "paste", blank: int = 0, within: int = 0,
    ) -> Pasted:  # fmt: skip
        """Ship what is certain, keep what is asked, hand back the rest; at most `LINES` lines.

        `origin` names the message: the same one again gives what its paste has come to. A number
        alone is asked about where the message answers a batch (`within`: its draft). Raises
        `TooManyLines`, nothing done.
        """
        acting(store, actor, "factory")
        if len(lines) > LINES:
            raise TooManyLines(len(lines), LINES)
        known = store.drafts.paste_of(actor.shop_id, actor.account_id, origin)
        if known is not None:
            return self.show(store, actor, key(known))
        matched = match(store, actor.shop_id, lines)
        offered = self._offered(store, actor, within) if within else []
        habit = store.shipments.habit(actor.shop_id, HABIT)
        entries = [_entry(one, habit, offered) for one in matched]
        orders = {one.assignment_id: one for each in matched for one in each.orders}
        settle(store, actor, entries, orders)
        draft = store.drafts.add_paste(
            PasteDraft(
                shop_id=actor.shop_id, account_id=actor.account_id, source=source, album=origin,
                sealed=b"", created_at=store.now,
            ),
            to_text(entries, blank),
        )  # fmt: skip
        return self._kept(store, draft, entries, blank)

    def names_others(
        self, store: Store, actor: Actor, lines: Sequence[PastedLine], own: int
    ) -> bool:
        """Return whether some line names another order than assignment `own`: then it is a paste.

        So a reply to a card that speaks of other orders does not ship this one.
        """
        acting(store, actor, "factory")
        matched = match(store, actor.shop_id, lines[:LINES])
        return any(order.assignment_id != own for one in matched for order in one.orders)

    def answer(
        self, store: Store, actor: Actor, draft_id: int, place: int, said: Answered
    ) -> Pasted:
        """Settle what is asked of line `place`, and ship what then is sure.

        Raises `DraftGone`,
        `DraftNotFound`, `DraftSpent` when that is not asked any more.
        """
        draft = self._draft(store, actor, draft_id)
        entries, blank = from_text(store.drafts.paste_text(draft))
        if draft.state != "open" or place >= len(entries) or not entries[place].ask:
            raise DraftSpent
        pasted = Pasted(draft_id, entries, blank)
        for entry in pasted.alike(place) if said.alike else [entries[place]]:
            if said.answer == "split":
                _split(store, actor, entries, entry, said.choice)
            else:
                _take(entry, said.answer, said.choice)
        settle(store, actor, entries)
        store.drafts.put_paste(draft, to_text(entries, blank))
        return self._kept(store, draft, entries, blank)

    def left_before(self, store: Store, actor: Actor, draft_id: int) -> Pasted:
        """Keep the parcels of all lines whose order is stopped: they had left before.

        What is in doubt about them is asked, as of any. Raises `DraftGone`, `DraftNotFound`,
        `DraftSpent` when no line is refused for that any more.
        """
        draft = self._draft(store, actor, draft_id)
        entries, blank = from_text(store.drafts.paste_text(draft))
        refused = Pasted(draft_id, entries, blank).stopped
        if not refused:
            raise DraftSpent
        for one in refused:
            one.had_left()
        settle(store, actor, entries)
        store.drafts.put_paste(draft, to_text(entries, blank))
        draft.state = "open"
        return self._kept(store, draft, entries, blank)

    def show(self, store: Store, actor: Actor, draft_id: int) -> Pasted:
        """Return a paste as it stands. Raises `DraftNotFound`, `DraftGone`."""
        draft = self._draft(store, actor, draft_id)
        entries, blank = from_text(store.drafts.paste_text(draft))
        return self._pasted(store, draft, entries, blank)

    def find(self, store: Store, actor: Actor, origin: str) -> Pasted:
        """Return what the paste of a message has come to. Raises `DraftNotFound`, `DraftGone`."""
        draft = store.drafts.paste_of(actor.shop_id, actor.account_id, origin)
        if draft is None:
            raise DraftNotFound
        return self.show(store, actor, key(draft))

    def _kept(
        self, store: Store, draft: PasteDraft, entries: Sequence[Entry], blank: int
    ) -> Pasted:
        if not any(one.ask for one in entries):
            draft.state, draft.confirmed_at = "confirmed", store.now
        return self._pasted(store, draft, entries, blank)

    def _pasted(
        self, store: Store, draft: PasteDraft, entries: Sequence[Entry], blank: int
    ) -> Pasted:
        asked = next((one for one in entries if one.ask), None)
        left = 0
        if asked is not None and asked.ask == "pieces":
            orders = store.assignments.by_ids(draft.shop_id, [asked.order])
            left = sum(sum(one.values()) for one in store.shipments.left_of(orders).values())
        return Pasted(key(draft), entries, blank, left)

    def _draft(self, store: Store, actor: Actor, draft_id: int) -> PasteDraft:
        acting(store, actor, "factory")
        draft = store.drafts.paste(draft_id)
        if draft is None or draft.shop_id != actor.shop_id or draft.source == "photo":
            raise DraftNotFound
        if draft.state == "dropped" or not draft.sealed:
            raise DraftGone
        return draft

    def _offered(self, store: Store, actor: Actor, draft_id: int) -> list[Choice]:
        """Return the orders of a batch that a number alone may be for, nearest deadline first."""
        given = [
            one
            for one in store.assignments.of_draft(draft_id)
            if one.factory_id == actor.shop_id and one.ended_at is None
        ]
        given.sort(key=lambda one: (one.sort_at, key(one)))
        ids = [key(one) for one in given[:CHOICES]]
        found = {one.assignment_id: one for one in store.assignments.by_ids(actor.shop_id, ids)}
        return [_choice(found[one]) for one in ids if one in found]


def _entry(one: Matched, habit: Sequence[str], offered: Sequence[Choice]) -> Entry:
    entry = Entry(one.line.text)
    words = one.numbers
    if one.reason in ("no_order", "no_tag") and offered and len(one.line.words) == 1:
        entry.choices, words = list(offered), one.line.words
    elif one.reason:
        entry.refuse(one.reason)
        if len(one.orders) == 1:
            entry.tag, entry.order_no = one.orders[0].tag, one.orders[0].order_no
        return entry
    try:
        entry.numbers = [_number(word, habit) for word in words]
    except TrackingError as error:
        entry.refuse(type(error).__name__, error.text)
        return entry
    if len(one.orders) == 1:
        _mean(entry, _choice(one.orders[0]))
    elif one.orders:
        entry.choices = [_choice(order) for order in one.orders]
    return entry


def _number(word: Word, habit: Sequence[str]) -> PastedNumber:
    guess = read(word.text, habit=habit, carrier=word.carrier)
    candidates = [one.carrier for one in guess.candidates]
    return PastedNumber(guess.number, guess.carrier, candidates, guess.misfit, word.pieces)


def _choice(order: FoundOrder) -> Choice:
    return Choice(order.assignment_id, order.tag, order.order_no)


def _mean(entry: Entry, choice: Choice) -> None:
    entry.order, entry.tag, entry.order_no = choice.assignment_id, choice.tag, choice.order_no


def _take(entry: Entry, answer: Answer, choice: str) -> None:
    """Keep an answer, if it answers what is asked. Raises `DraftSpent`."""
    if answer == "pass":
        entry.state, entry.ask = "passed", ""
    elif answer == "order" and entry.ask == "order":
        chosen = next((one for one in entry.choices if str(one.assignment_id) == choice), None)
        if chosen is None:
            raise DraftSpent
        _mean(entry, chosen)
    elif answer == "carrier" and entry.ask == "carrier" and choice in CARRIERS:
        unknown = next(one for one in entry.numbers if one.carrier is None)
        unknown.carrier = choice
    elif answer == "fix" and entry.ask == "fix":
        entry.fix = True
    elif answer == "sure" and entry.ask in ("foreign", "used", "older", "twice"):
        entry.sure = True
    else:
        raise DraftSpent


def _split(store: Store, actor: Actor, entries: Sequence[Entry], asked: Entry, how: str) -> None:
    """Put the pieces of the line's order into its parcels. Raises `DraftSpent`."""
    if asked.ask != "pieces" or how not in SPLITS:
        raise DraftSpent
    numbers = [
        given
        for one in entries
        if one.order == asked.order and one.state == "waiting"
        for given in one.numbers
    ]
    orders = store.assignments.by_ids(actor.shop_id, [asked.order])
    left = sum(sum(one.values()) for one in store.shipments.left_of(orders).values())
    counts = split([one.pieces for one in numbers], left, how)
    for given, count in zip(numbers, counts, strict=True):
        given.pieces = count
