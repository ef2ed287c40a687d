"""The tables that grow with a merchant's orders, split by merchant on one server.

As a distributed PostgreSQL would keep them, part by part: what a statement of ours does not say
the merchant of, is looked for in every part. Copies, in a schema that is found before the real one.
"""

from typing import Any

PARTS = 8
SPLIT = ("orders", "order_line", "recipient", "assignment", "shipment")  # have a merchant_id
SCHEMA = "split"


async def split(raw: Any) -> None:
    """Copy the tables into parts with the same indexes, and have this connection find those."""
    await raw.execute(f"CREATE SCHEMA {SCHEMA}")
    for table in SPLIT:
        whole = f"{SCHEMA}.{table}"
        await raw.execute(
            f"CREATE TABLE {whole} (LIKE public.{table} INCLUDING DEFAULTS) "
            "PARTITION BY HASH (merchant_id)"
        )
        for n in range(PARTS):
            await raw.execute(
                f"CREATE TABLE {whole}_part{n} PARTITION OF {whole} "
                f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {n})"
            )
        await raw.execute(f"INSERT INTO {whole} SELECT * FROM public.{table}")
        for definition in await _indexes(raw, table):
            await raw.execute(definition)
    await raw.execute(f"SET search_path = {SCHEMA}, public")
    await raw.execute("ANALYZE")


async def _indexes(raw: Any, table: str) -> list[str]:
    """Return what makes the same indexes there; a unique one only within a part, so as usual."""
    rows = await raw.fetch(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1", table
    )
    on, there = f" ON public.{table} ", f" ON {SCHEMA}.{table} "
    return [row[0].replace("UNIQUE INDEX", "INDEX").replace(on, there) for row in rows]
