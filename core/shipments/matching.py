"""Which order a pasted line means, and which of its words are tracking numbers: a few look-ups.

An order is named by its tag, its number, or an end of its number that no other open order of the
factory has. Nothing is guessed: what could be two things is handed back, or asked about.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from core.entities.assignment import OPEN_STATUSES, OVER_STATUSES
from core.orders.views import FoundOrder
from core.ports import Store
from core.text.pasting import SHORTEST_END, PastedLine, grouped, is_certain, is_likely, parts
from core.text.replies import Word
from core.text.tags import LENGTH, read_tag
from core.text.tracking import fits, normalise

CHOICES = 8  # orders offered where one line may mean several
Words = set[str]


class Matched(NamedTuple):
    """What a line means: one order and its numbers; else several `orders`, or a `reason`.

    Reasons: `no_order`, `no_tag` (a number and nothing else), `no_number`, `two_orders`,
    `many_orders`, `unclear`, `mangled`.
    """

    line: PastedLine
    orders: Sequence[FoundOrder] = ()
    numbers: Sequence[Word] = ()
    reason: str = ""


@dataclass(slots=True)
class _Known:
    """What the words of all lines were found to be."""

    tags: dict[str, list[FoundOrder]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, list[FoundOrder]] = field(default_factory=lambda: defaultdict(list))
    ends: dict[str, list[FoundOrder]] = field(default_factory=lambda: defaultdict(list))


def match(store: Store, factory_id: int, lines: Sequence[PastedLine]) -> list[Matched]:
    """Return what each line means to this factory."""
    cuts = [parts(line) for line in lines]
    words = [{word.text for one in cut for word in one.words} for cut in cuts]
    known = _Known()
    _look_up_tags(store, factory_id, words, known)
    untagged = [some for some in words if not any(_tag(word) in known.tags for word in some)]
    _look_up_numbers(store, factory_id, words, untagged, known)
    unknown = [some for some in untagged if not any(word in known.numbers for word in some)]
    _look_up_ends(store, factory_id, unknown, known)
    return [_matched(cut, known) for cut in cuts]


def _look_up_tags(store: Store, factory_id: int, words: Sequence[Words], known: _Known) -> None:
    tags = {tag for some in words for word in some if (tag := _tag(word))}
    for found in store.assignments.by_tags(factory_id, sorted(tags)) if tags else ():
        known.tags[found.tag].append(found)


def _look_up_numbers(
    store: Store, factory_id: int, words: Sequence[Words], untagged: Sequence[Words], known: _Known
) -> None:
    """Words that look like a carrier's number are looked up only where no tag names the order."""
    wanted = {
        word
        for some in words
        for word in some
        if len(word) >= SHORTEST_END and not _tag(word) and not is_likely(word)
    }
    wanted.update(word for some in untagged for word in some if _may_be_an_order(word))
    for found in store.assignments.by_numbers(factory_id, sorted(wanted)) if wanted else ():
        known.numbers[found.order_no].append(found)


def _look_up_ends(store: Store, factory_id: int, unknown: Sequence[Words], known: _Known) -> None:
    ends = {word for some in unknown for word in some if _may_be_an_order(word)}
    found = store.assignments.by_ends(factory_id, sorted(ends)) if ends else ()
    lengths = {len(end) for end in ends}
    for one in found:
        for length in lengths:
            end = one.order_no[-length:]
            if end in ends:
                known.ends[end].append(one)


def _may_be_an_order(word: str) -> bool:
    """Return whether to look a word up: what a carrier's prefix decides is no order's number."""
    return len(word) >= SHORTEST_END and not is_certain(word)


def _tag(word: str) -> str | None:
    """Return the tag a word is; a long one costs nothing."""
    return read_tag(word) if len(word) <= LENGTH + 1 else None


def _matched(cuts: Sequence[PastedLine], known: _Known) -> Matched:
    for one in cuts:
        hits = _hits(one, known)
        if hits:
            return _named(one, hits)
    whole = cuts[0]
    if whole.fault:
        return Matched(whole, reason="mangled")
    bare = len(whole.words) == 1 and is_likely(whole.words[0].text)
    return Matched(whole, reason="no_tag" if bare else "no_order")


def _hits(line: PastedLine, known: _Known) -> dict[int, list[FoundOrder]]:
    """Return the words (by place) that name orders: tags and whole numbers, else ends."""
    hits: dict[int, list[FoundOrder]] = {}
    for place, word in enumerate(line.words):
        tag = _tag(word.text)
        found = known.tags.get(tag or "") or known.numbers.get(word.text)
        if found:
            hits[place] = found
    if hits:
        return hits
    for place, word in enumerate(line.words):
        found = [one for one in known.ends.get(word.text, ()) if one.status in OPEN_STATUSES]
        gone = [one for one in known.ends.get(word.text, ()) if one.status == "shipped"]
        over = [one for one in known.ends.get(word.text, ()) if one.status in OVER_STATUSES]
        past = gone or over
        if found or len({one.order_id for one in past}) == 1:
            hits[place] = found or past
    return hits


def _named(line: PastedLine, hits: Mapping[int, Sequence[FoundOrder]]) -> Matched:
    sets = sorted(hits.values(), key=len)
    common = {one.order_id for one in sets[0]}.intersection(
        *({one.order_id for one in found} for found in sets[1:])
    )
    if not common:
        return Matched(line, reason="two_orders")
    orders = _meant([one for one in sets[0] if one.order_id in common])
    if len(orders) > CHOICES:
        return Matched(line, reason="many_orders")
    if line.fault:
        return Matched(line, orders, reason=line.fault)
    rest = [word for place, word in enumerate(line.words) if place not in hits]
    numbers = line.numbers or _numbers(rest)
    if not numbers:
        return Matched(line, orders, reason="unclear" if rest else "no_number")
    return Matched(line, orders, _counted(line, numbers))


def _meant(found: Sequence[FoundOrder]) -> list[FoundOrder]:
    """Of everything a factory had under a name: what is open, else the last that shipped."""
    unique = list({one.assignment_id: one for one in found}.values())
    open_now = [one for one in unique if one.status in OPEN_STATUSES]
    shipped = [one for one in unique if one.status == "shipped"]
    return open_now or shipped[-1:] or unique[-1:]


def _numbers(rest: Sequence[Word]) -> Sequence[Word]:
    """Return the words that are tracking numbers, none when that cannot be told."""
    if len(rest) < 2:
        return rest
    likely = [word for word in rest if is_likely(word.text)]
    if likely:
        return likely
    joined = grouped([word.text for word in rest])
    if joined is not None:
        return [Word(joined, rest[0].carrier, rest[-1].pieces)]
    weak = [word for word in rest if fits(normalise(word.text))]
    return weak if len(weak) == 1 else ()


def _counted(line: PastedLine, numbers: Sequence[Word]) -> Sequence[Word]:
    """Give a line's only count to its only number, wherever it stands."""
    counts = [word.pieces for word in line.words if word.pieces is not None]
    if len(numbers) == 1 and len(counts) == 1 and numbers[0].pieces is None:
        only = numbers[0]
        return [Word(only.text, only.carrier, counts[0])]
    return numbers
