"""A tiny store of named counters: enough of a business to try the database with."""

from datetime import UTC, datetime

from sqlalchemy import insert, update
from sqlmodel import Field, Session, SQLModel, col

from core.columns import UtcDateTime

DDL = """
CREATE TABLE shelf (name VARCHAR PRIMARY KEY, amount INTEGER NOT NULL CHECK (amount >= 0),
                    counted_at BIGINT NOT NULL);
CREATE TABLE parcel (id INTEGER PRIMARY KEY, shelf VARCHAR NOT NULL REFERENCES shelf (name));
"""


SERVER_DDL = DDL.replace("counted_at BIGINT", "counted_at TIMESTAMPTZ").replace(
    "id INTEGER PRIMARY KEY", "id SERIAL PRIMARY KEY"
)


class Base(SQLModel):
    """A registry of its own: these tables must not be taken for the product's."""

    metadata = type(SQLModel.metadata)()


class Shelf(Base, table=True):
    name: str = Field(primary_key=True)
    amount: int = 0
    counted_at: datetime = Field(sa_type=UtcDateTime)


class Shelves:
    """The store a visit is given."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def put(self, name: str, amount: int) -> Shelf:
        shelf = Shelf(name=name, amount=amount, counted_at=datetime(2026, 1, 2, tzinfo=UTC))
        self.session.add(shelf)
        return shelf

    def get(self, name: str) -> Shelf:
        return self.session.get_one(Shelf, name)

    def amount(self, name: str) -> int:
        return self.get(name).amount

    def move(self, source: str, target: str, amount: int) -> None:
        for name, change in ((target, amount), (source, -amount)):
            self.session.execute(
                update(Shelf)
                .where(col(Shelf.name) == name)
                .values(amount=col(Shelf.amount) + change)
            )


def add_one(store: Shelves) -> None:
    """Read, decide in Python, write: the shape of every use case."""
    shelf = store.get("boxes")
    shelf.amount = shelf.amount + 1


def insert_shelf(store: Shelves) -> None:
    """Put boxes on a shelf past the objects."""
    values = {"name": "boxes", "amount": 5, "counted_at": datetime(2026, 1, 2, tzinfo=UTC)}
    store.session.execute(insert(Shelf).values(**values))
