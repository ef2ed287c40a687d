"""What is erased is gone: from tables, free pages and the log beside the file.

The bytes that stood for a recipient are taken down before, and looked for in every file after.
"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select
from sqlmodel import col

from core.changes.edit_errors import OrderErased
from core.changes.order_news import OrderNews
from core.entities import AuditRow, Erasure, OrderQuestion, SealedNotes, SealedRecipient
from core.erasing.erasing import Erasing, PhoneUnclear
from core.ids import key
from core.values import Rules
from storage.store import SqlStore
from tests.core.firm import Firm, founded, incoming, order_no
from tests.core.truth import faults
from tests.proof import Proving

CALL = "改打 13700001111"


def _marks(store: SqlStore, numbers: Sequence[int]) -> list[bytes]:
    """Everything that stands for the people of these orders, as the file holds it."""
    orders = [key(one) for n in numbers for one in store.orders.find(1, order_no(n))]
    kept = store.session.scalars(
        select(SealedRecipient).where(col(SealedRecipient.order_id).in_(orders))
    ).all()
    notes = store.session.scalars(
        select(SealedNotes).where(col(SealedNotes.order_id).in_(orders))
    ).all()
    asked = store.session.scalars(select(OrderQuestion)).all()
    found = [part for one in kept for part in (one.name, one.phone, one.address)]
    found += [one.same_hash.encode() for one in kept]
    found += [one.buyer_note for one in notes] + [
        part for one in asked for part in (one.question, one.answer)
    ]
    return [one for one in found if one]


def _left(folder: Path, marks: Sequence[bytes]) -> int:
    """How many of these stand in a file of the folder, whatever it is.

    Eight bytes of each are looked for at every place of a file at once, then the whole of it.
    """
    files = [one for path in folder.rglob("*") if path.is_file() and (one := path.read_bytes())]
    parts = {one: int.from_bytes(one[4:12].ljust(8, b"\0"), "little") for one in marks}
    wanted, seen = np.array(sorted(set(parts.values())), np.uint64), set[int]()
    for held in files:
        for place in range(8):
            words = np.frombuffer(held, np.uint64, (len(held) - place) // 8, place)
            seen |= set(map(int, np.intersect1d(words, wanted)))
    return sum(parts[one] in seen and any(one in held for held in files) for one in marks)


def _told(folder: Path) -> set[str]:
    """Which of the words that are told of another recipient stand in the database's files."""
    held = b"".join(path.read_bytes() for path in folder.glob("daifa.sqlite3*"))
    return {one for one in ("欧**", "留给欧阳修竹") if one.encode() in held}


async def _shipped(firm: Firm, numbers: Sequence[int]) -> None:
    await firm.imports([incoming(n, name=f"王{n}", note=CALL) for n in numbers])
    given = await firm.assigns(*numbers)
    for n, one in zip(numbers, given, strict=True):
        await firm.does(firm.services.shipping.reply, firm.factory, one, f"SF{n:013d}")


async def _erases(firm: Firm, rules: Rules | None = None) -> int:
    erasing, erased = Erasing(rules or firm.services.rules), 0
    while done := await firm.database.write(erasing.due):
        erased += done
    await firm.database.settle()
    return erased


async def test_a_month_after_they_were_over_recipients_are_in_no_file(
    tmp_path: Path, proves: Proving
) -> None:
    many = proves.size(40, 2_000)
    async with founded(tmp_path) as firm:
        await firm.binds()
        mine = range(1, many + 1)
        for start in range(1, many + 1, 500):
            await _shipped(firm, [n for n in range(start, start + 500) if n in mine])
        await firm.imports([incoming(n) for n in (many + 1, many + 2)])  # still to be assigned
        changed = [OrderNews(key(await firm.order(1)), buyer_note="李四收")]
        await firm.does(firm.services.changing.change, firm.merchant, changed)
        marks = await firm.looks(lambda store: _marks(store, mine))
        assert _left(tmp_path, marks) == len(marks)  # the search finds what is there
        firm.watch.moves(days=29)
        assert await _erases(firm) == 0
        firm.watch.moves(days=2)
        assert await _erases(firm) == many
        assert _left(tmp_path, marks) == 0
        proves.saw(
            "31 days after an order was over, nothing that stood for its recipient is in any file",
            f"0 of {len(marks):,} values of {many:,} orders left", "0",
        )  # fmt: skip
        last = await firm.looks(lambda store: store.orders.recipient(many + 1))
        assert last is not None
        assert await firm.looks(faults) == []


async def test_an_erased_order_says_so_and_no_file_brings_its_recipient_back(
    tmp_path: Path,
) -> None:
    async with founded(tmp_path) as firm:
        await firm.binds()
        await _shipped(firm, [1])
        firm.watch.moves(days=31)
        await _erases(firm)
        order = await firm.order(1)
        await firm.imports([incoming(1, name="赵六", street="新街", note=CALL)])
        assert await firm.looks(lambda store: store.orders.masked(key(order))) is None
        assert not any(await firm.notes(1))
        card = await firm.sees(firm.services.listing.order, firm.merchant, key(order))
        assert (card.recipient, card.order.erased_at) == (None, firm.watch.now)
        with pytest.raises(OrderErased):
            await firm.sees(firm.services.editing.view, firm.merchant, key(order))
        with pytest.raises(OrderErased):
            await firm.does(firm.services.extras.begin, firm.merchant, key(order), "resend")
        rows = await firm.looks(lambda store: store.history(key(order)))
        assert [(one.act, one.detail) for one in rows][-1:] == [("erased", {"why": "age"})]


async def test_the_history_of_an_erased_order_tells_that_and_not_what_changed(
    tmp_path: Path,
) -> None:
    async with founded(tmp_path) as firm:
        await firm.binds()
        await firm.imports([incoming(1)])
        await firm.imports([incoming(1, name="欧阳修竹", note="留给欧阳修竹")])
        [given] = await firm.assigns(1)
        await firm.does(firm.services.shipping.reply, firm.factory, given, "SF1234567890123")
        assert _told(tmp_path) == {"欧**", "留给欧阳修竹"}
        firm.watch.moves(days=31)
        await _erases(firm)
        assert _told(tmp_path) == set()
        order = await firm.order(1)
        [change] = await firm.looks(
            lambda store: store.orders.changes_since(key(order), order.created_at)
        )
        assert {one["field"] for one in change.diffs} == {"recipient", "buyer_note"}


async def test_who_parts_leaves_behind_only_what_is_in_work(tmp_path: Path) -> None:
    async with founded(tmp_path) as firm:
        binding = await firm.binds()
        await _shipped(firm, [1, 2])
        await firm.imports([incoming(3)])
        await firm.assigns(3)
        marks = await firm.looks(lambda store: _marks(store, [1, 2]))
        unbind = firm.services.bindings.unbind
        await firm.database.write(lambda s: unbind(s, firm.merchant, binding, back=False))
        assert await _erases(firm) == 2
        assert _left(tmp_path, marks) == 0
        third = await firm.order(3)
        assert await firm.looks(lambda store: store.orders.recipient(key(third))) is not None
        assert await firm.looks(lambda s: s.session.scalars(select(Erasure)).all()) == []


async def test_on_request_what_is_over_goes_at_once_and_what_is_in_work_is_named(
    tmp_path: Path,
) -> None:
    async with founded(tmp_path) as firm:
        await firm.binds()
        await _shipped(firm, [1])
        await firm.imports([incoming(2), incoming(3, phone="13912340678")])
        erasing = Erasing(firm.services.rules)
        with pytest.raises(PhoneUnclear):
            await firm.looks(lambda store: erasing.called(store, "张三", 0))
        end, found = await firm.looks(lambda s: erasing.called(s, "+86 139 1234 5678", 0))
        assert (end, [one.over for one in found]) == (0, [True, False])
        assert await firm.database.write(lambda store: erasing.ask(store, found)) == 1
        assert await firm.looks(lambda store: erasing.find(store, order_no(1))) == []
        [acted] = await firm.looks(
            lambda s: s.session.scalars(select(AuditRow).where(col(AuditRow.act) == "erased")).all()
        )
        assert acted.detail == {"why": "asked"}


async def test_a_question_left_open_for_a_month_is_forgotten(tmp_path: Path) -> None:
    async with founded(tmp_path) as firm:
        me = firm.merchant.account_id
        await firm.database.write(lambda store: store.accounts.ask(me, "edit_recipient", {"a": 1}))
        before = firm.watch.now + timedelta(seconds=1)
        await firm.database.write(lambda store: store.erasing.hush(before))
        assert await firm.looks(lambda store: store.accounts.talk(me)) is None
