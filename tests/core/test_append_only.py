"""The audit is never changed and never deleted: the database itself refuses."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.store import SqlStore
from tests.core.firm import Firm, incoming


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET act = 'nothing'",
        "DELETE FROM audit",
        "UPDATE audit SET door = 'tick' WHERE id = 1",
    ],
)
async def test_no_statement_changes_what_has_happened(firm: Firm, statement: str) -> None:
    await firm.imports([incoming(1)])
    before = await firm.looks(kept)

    def forge(store: SqlStore) -> None:
        store.session.execute(text(statement))

    with pytest.raises(DBAPIError, match="append-only"):
        await firm.database.write(forge)
    assert await firm.looks(kept) == before
    assert len(before) > 3


def kept(store: SqlStore) -> list[object]:
    return list(store.session.execute(text("SELECT * FROM audit ORDER BY id")).all())
