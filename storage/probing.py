"""How the house stands, told by a visit that really writes: an open file alone proves little."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from core.entities import Alert, ClockLook
from core.values import Probe
from storage.nouns.alerts import MAY_GO

COUNTED: Final = 10_000  # owed alerts; more are told as so many
_PROBED: Final = "probe"
_STEP = text("SELECT version_num FROM alembic_version")


def probe(session: Session, now: datetime) -> Probe:
    """Write, and return what was found: the schema's step, alerts that are due."""
    session.merge(ClockLook(name=_PROBED, at=now))
    session.flush()
    due = (col(Alert.state) == "owed", col(Alert.due_at) <= now, MAY_GO)
    oldest = session.scalar(select(func.min(col(Alert.due_at))).where(*due))
    owed = session.scalar(
        select(func.count()).select_from(
            select(col(Alert.id)).where(*due).limit(COUNTED).subquery()
        )
    )
    return Probe(session.scalar(_STEP) or "", oldest, owed or 0)
