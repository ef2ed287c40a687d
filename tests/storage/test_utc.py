"""Times go in aware and come out aware, and the database orders them as the clock does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, literal, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import StatementError
from sqlalchemy.schema import CreateTable
from sqlmodel import Field, SQLModel

from core.columns import UtcDateTime

SQLITE = make_url("sqlite://").get_dialect()()
POSTGRES = make_url("postgresql+asyncpg://").get_dialect()()
SHANGHAI = timezone(timedelta(hours=8))
moments = Table("moments", MetaData(), Column("at", UtcDateTime))
any_time = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, SHANGHAI, timezone(timedelta(hours=-9, minutes=-30))]),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        moments.create(connection)
        yield connection
    engine.dispose()


@given(at=any_time)
def test_the_same_instant_comes_back_in_utc(connection: Connection, at: datetime) -> None:
    with connection.begin_nested() as trial:
        connection.execute(insert(moments).values(at=at))
        stored = connection.scalar(select(moments.c.at))
        trial.rollback()
    assert stored == at
    assert stored is not None
    assert stored.tzinfo is UTC


@given(one=any_time, other=any_time)
def test_the_database_compares_as_the_clock_does(
    connection: Connection, one: datetime, other: datetime
) -> None:
    earlier = literal(one, UtcDateTime) < literal(other, UtcDateTime)
    assert bool(connection.scalar(select(earlier))) is (one < other)


def test_a_time_without_a_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        connection.execute(insert(moments).values(at=datetime(2026, 1, 2)))  # noqa: DTZ001


def test_no_time_stays_no_time(connection: Connection) -> None:
    with connection.begin_nested() as trial:
        connection.execute(insert(moments).values(at=None))
        assert connection.scalar(select(moments.c.at)) is None
        trial.rollback()


def test_each_database_gets_its_own_column() -> None:
    assert "at BIGINT" in str(CreateTable(moments).compile(dialect=SQLITE))
    on_postgres = str(CreateTable(moments).compile(dialect=POSTGRES))
    assert "at TIMESTAMP WITH TIME ZONE" in on_postgres


def test_constants_can_be_written_into_sql() -> None:
    at = datetime(1970, 1, 1, 8, 0, 1, tzinfo=SHANGHAI)
    expression = moments.c.at > at
    options = {"literal_binds": True}
    on_sqlite = expression.compile(dialect=SQLITE, compile_kwargs=options)
    on_postgres = expression.compile(dialect=POSTGRES, compile_kwargs=options)
    assert str(on_sqlite).endswith("> 1000000")
    assert str(on_postgres).endswith("> '1970-01-01 00:00:01+00:00'")


def test_an_sqlmodel_field_takes_it() -> None:
    class Parcel(SQLModel, table=True):
        id: int | None = Field(default=None, primary_key=True)
        sent_at: datetime = Field(sa_type=UtcDateTime)

    column = SQLModel.metadata.tables["parcel"].c.sent_at
    SQLModel.metadata.remove(SQLModel.metadata.tables["parcel"])
    assert isinstance(column.type, UtcDateTime)
    assert not column.nullable
