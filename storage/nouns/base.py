"""What the modules of all nouns share: the visit they answer in."""

from typing import Protocol

from sqlmodel import Session

from core.ports import Store
from storage.counters import Counters
from storage.sealing import Sealer


class Visit(Store, Protocol):
    """The store as its own nouns see it: with the session, the sealer and the counters."""

    session: Session
    sealer: Sealer
    counters: Counters


class Noun:
    """One noun's part of a store; shares the visit's session and clock."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.session = visit.session
        self.sealer = visit.sealer
        self.counters = visit.counters
        self.now = visit.now
