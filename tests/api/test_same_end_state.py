"""The same story by chat and by programs ends in the same state of the database.

Left out is only what tells the doors apart: which door, which message, what a file was read as, and
the moments. Who acted is the same: a key speaks for the person who made it.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import inspect
from sqlmodel import SQLModel, col, select

from core.entities import (
    Alert,
    Assignment,
    AssignmentPiece,
    AuditRow,
    Binding,
    ChangeNotice,
    Counter,
    Order,
    OrderChange,
    OrderLine,
    SealedRecipient,
    Shipment,
    ShipmentPiece,
)
from core.ports import Store
from storage.store import SqlStore
from tests.api.doors import ByChat, ByProgram, Door
from tests.cast import Row, order_no
from tests.conftest import Company, company_in
from tests.core.truth import faults

TABLES: tuple[type[SQLModel], ...] = (
    Order, OrderLine, SealedRecipient, OrderChange, Assignment, AssignmentPiece, Shipment,
    ShipmentPiece, ChangeNotice, Binding, Counter,
)  # fmt: skip
# Drawn by lot, sealed anew each time, or of the door.
LEFT_OUT = frozenset({"tag", "token", "same_hash", "import_id", "draft_id", "door", "source"})
SF, YT, JT = "SF1234567890123", "YT1234567890123", "JT1234567890123"


async def story(door: Door) -> None:
    """Live through everything that can happen to an order."""
    eight = range(1, 9)
    people = {n: f"1391234567{n}" for n in eight}
    # Three days: no reminder comes in between.
    await door.brings(*(Row(order_no(n), pieces=3, phone=people[n], hours=72) for n in eight))
    for n in eight:
        await door.assigns(n)
    await door.accepts(1)
    await door.ships(1, (SF, 1), (YT, 2))

    await door.waits(2, 3)
    await door.notes(2, "易碎轻放")
    await door.acknowledges(2, "易碎轻放")
    await door.resumes(2)
    await door.ships(2, (JT, 3))
    await door.corrects(2, JT, f"{JT[:-1]}9")

    await door.declines(3, "没有这个颜色")
    await door.assigns(3, other=True)
    await door.ships(3, (f"{SF[:-1]}4", 3), other=True)

    await door.refund_opens(4)
    await door.lets_go(4)
    await door.ships(4, (f"{SF[:-1]}5", 3))

    await door.accepts(5)
    await door.cancels(5)
    await door.had_left(5, f"{SF[:-1]}6")
    await door.intercepts(5)

    await door.recalls(6)
    await door.assigns(6)
    await door.holds(6)
    await door.releases(6)

    await door.accepts(7)
    await door.recalls(7)
    await door.agrees_to_recall(7)

    await door.accepts(8)
    await door.recalls(8)
    await door.refuses_recall(8)


async def test_the_same_story_by_chat_and_by_programs_ends_in_the_same_state(
    tmp_path: Path, begun: tuple[Path, list[str]]
) -> None:
    ends: list[dict[str, Any]] = []
    for name in ("chat", "program"):
        async with company_in(tmp_path / name, begun) as company:
            await company.stage.binds(company.merchant, company.other_factory, company.other_number)
            await story(await behind(name, company))
            ends.append(await company.stage.read(state))
    chat, program = ends
    assert len(chat) > 200  # it was a long story
    assert {at: (chat.get(at), program.get(at)) for at in chat | program
            if chat.get(at) != program.get(at)} == {}  # fmt: skip


async def behind(name: str, company: Company) -> Door:
    """Return a door of this company."""
    return ByChat(company) if name == "chat" else await ByProgram.at(company)


def state(store: Store) -> dict[str, Any]:
    """Return every field of every row that is not left out, and what was told to whom."""
    session = cast("SqlStore", store).session
    assert faults(cast("SqlStore", store)) == []
    found: dict[str, Any] = {}
    for table in TABLES:
        for row in session.scalars(select(table)):
            where = f"{table.__name__} {inspect(row).identity}"
            found |= {f"{where} {field}": value for field, value in plain(row)}
    history = select(AuditRow).where(col(AuditRow.order_id).is_not(None)).order_by(col(AuditRow.id))
    for n, row in enumerate(session.scalars(history)):
        found |= {f"AuditRow {n} {field}": value for field, value in plain(row) if field != "id"}
    by_acts = select(Alert.event, Alert.shop_id).where(col(Alert.event) != "DayTold")
    told = Tally(session.execute(by_acts).tuples())
    return found | {f"told {event} {shop}": n for (event, shop), n in told.items()}


def plain(row: SQLModel) -> Iterator[tuple[str, Any]]:
    """Return a row's fields; of a moment only whether it has come."""
    for name, value in row.model_dump(exclude=set(LEFT_OUT)).items():
        if name == "as_of" and value is not None:
            # A hand overrules a source, and says so; a program is a source (decision 15).
            yield name, {group for group in value if not group.endswith(" overruled")}
        elif name == "detail":
            yield name, {field: fact for field, fact in value.items() if field != "draft"}
        elif not isinstance(value, bytes):
            yield name, "then" if isinstance(value, datetime) else value
