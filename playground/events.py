"""What phones are shown as it happens: messages, edits, deletions, typing, new menus."""

import json
from typing import Any

from playground.bells import Bells
from playground.database import Database

KEPT = 20_000


class Events:
    """One sequence for everybody; each event names the people who see it."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells

    @property
    def last(self) -> int:
        return self._database.current("events")

    def add(self, kind: str, people: list[int], chat_id: int, **details: Any) -> None:
        seq = self._database.next("events")
        body = {"seq": seq, "type": kind, "chat_id": chat_id, **details}
        self._database.run(
            "INSERT INTO events VALUES(?, ?, ?)",
            seq,
            json.dumps(people),
            json.dumps(body, ensure_ascii=False),
        )
        if seq % 1000 == 0:
            self._database.run("DELETE FROM events WHERE seq <= ?", seq - KEPT)
        self._bells.ring("events")

    def after(self, seq: int, person: int | None = None) -> list[dict[str, Any]]:
        """Events after `seq`, each with `people`; only those `person` sees when one is named."""
        found = []
        for row in self._database.rows("SELECT * FROM events WHERE seq > ? ORDER BY seq", seq):
            people = json.loads(row["people"])
            if person is None or person in people:
                found.append({**json.loads(row["body"]), "people": people})
        return found
